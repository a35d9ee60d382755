//! Verifications whose code nobody used in time.

use kernel::{ContactId, Timestamp, VerificationId};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, params};

use super::begin::{event, told};
use super::model::VerificationState;
use super::queries as sql;

/// The queue whose one job of a workspace ends verifications.
pub const QUEUE: &str = "verify.expire";

/// Ends verifications whose time is over.
#[derive(Debug, Clone, Copy)]
pub struct ExpireVerifications;

async fn expire(ctx: &Ctx) -> store::Result<Option<Timestamp>> {
    let (pending, now) = (VerificationState::Pending, ctx.now());
    loop {
        let over: Vec<(VerificationId, Option<ContactId>)> =
            ctx.db.all(sql::OVERDUE, params![ctx.workspace, pending, now]).await?;
        let full = over.len() == 500;
        for (id, contact) in over {
            let state = VerificationState::Expired;
            let mut batch = ctx.batch();
            batch.guard(sql::END, params![ctx.workspace, id, state, Option::<&str>::None, now, pending]);
            told(&mut batch, id, (event(state), json!({ "contact": contact })));
            match ctx.db.apply(batch).await {
                // Somebody ended it at the same moment.
                Ok(_) | Err(store::Error::Guard(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if !full {
            let (next,): (Option<Timestamp>,) = ctx.db.one(sql::NEXT_END, params![ctx.workspace, pending]).await?;
            return Ok(next);
        }
    }
}

impl Handler for ExpireVerifications {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let next = expire(&ctx).await.map_err(|error| error.to_string())?;
            Ok(next.map_or(Outcome::Done, Outcome::Again))
        })
    }
}
