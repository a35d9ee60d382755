//! The jobs of recharging.

use std::sync::Arc;

use kernel::{PaymentId, PaymentMethodId};
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, Batch, BoxFuture, Core, Ctx, NewJob};

use super::automatic::{self, Looked};
use super::{Kind, State, Tills, book, drive, method};
use crate::{Error, Result};

/// `{"what": "look"}`, `{"what": "drive", "payment": id}` or `{"what": "method", "method": id}`.
pub const QUEUE: &str = "billing.recharge";
/// Mail to those who answer for money: `{"notice": kind, "payment": id}`.
pub const NOTICE_QUEUE: &str = "billing.notice";

/// Seconds between looks at a charge that is under way.
const SOON: i64 = 30;
/// Seconds between looks at what waits for a person.
const LATER: i64 = 600;
/// The longest pause after a provider could not be reached, in seconds.
const LONGEST: i64 = 6 * 3600;

pub(crate) fn look_soon(batch: &mut Batch) {
    batch.job(NewJob::now(QUEUE, json!({ "what": "look" })).key("look"));
}

pub(crate) fn drive(id: PaymentId) -> NewJob {
    NewJob::now(QUEUE, json!({ "what": "drive", "payment": id })).key(id.to_string())
}

pub(crate) fn method(id: PaymentMethodId) -> NewJob {
    NewJob::now(QUEUE, json!({ "what": "method", "method": id })).key(id.to_string())
}

pub(crate) fn notice(kind: &'static str, id: PaymentId) -> NewJob {
    NewJob::now(NOTICE_QUEUE, json!({ "notice": kind, "payment": id })).key(format!("{kind}/{id}"))
}

/// Recharges balances, and follows what was ordered.
pub struct RechargeJob(Arc<dyn Tills>);

impl RechargeJob {
    /// The handler of [`QUEUE`].
    pub fn new(tills: Arc<dyn Tills>) -> Self {
        Self(tills)
    }
}

impl Handler for RechargeJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let text = |name: &str| job.payload.get(name).and_then(Json::as_str);
            let payment = text("payment").and_then(|id| id.parse::<PaymentId>().ok());
            let of = text("method").and_then(|id| id.parse::<PaymentMethodId>().ok());
            let done = match (text("what"), payment, of) {
                (Some("look"), _, _) => self.look(&ctx).await,
                (Some("drive"), Some(id), _) => self.drive(&ctx, id).await,
                (Some("method"), _, Some(id)) => self.method(&ctx, id).await,
                _ => return Ok(Outcome::Done),
            };
            match done {
                Err(Error::NotFound(_)) => Ok(Outcome::Done),
                other => other.map_err(|error| error.problem().code.as_str().to_owned()),
            }
        })
    }
}

/// A pause that doubles, in seconds.
fn pause(attempts: u32) -> i64 {
    (SOON << attempts.min(10)).min(LONGEST)
}

fn again(ctx: &Ctx, seconds: i64) -> Outcome {
    Outcome::Again(ctx.now().plus_seconds(seconds))
}

impl RechargeJob {
    async fn look(&self, ctx: &Ctx) -> Result<Outcome> {
        Ok(match automatic::look(ctx).await? {
            Looked::Nothing | Looked::Begun(_) => Outcome::Done,
            Looked::Later(at) => Outcome::Again(at),
        })
    }

    async fn drive(&self, ctx: &Ctx, id: PaymentId) -> Result<Outcome> {
        let recharge = match drive::look(ctx, self.0.as_ref(), id).await {
            Ok(recharge) => recharge,
            // Nothing of it is lost: the provider, or the account, will be there again.
            Err(Error::Provider(_) | Error::State(_)) => {
                book::tried(ctx, id).await?;
                let recharge = book::get(ctx, id).await?;
                return Ok(if recharge.state.is_open() { again(ctx, pause(recharge.attempts)) } else { Outcome::Done });
            }
            Err(error) => return Err(error),
        };
        Ok(match (recharge.kind, recharge.state) {
            (Kind::Auto, State::Charging) => again(ctx, SOON),
            (_, State::Waiting | State::NeedsAction) => {
                let later = ctx.now().plus_seconds(LATER);
                let by = recharge.act_by.filter(|by| *by > ctx.now());
                Outcome::Again(by.map_or(later, |by| by.min(later)))
            }
            _ => Outcome::Done,
        })
    }

    async fn method(&self, ctx: &Ctx, id: PaymentMethodId) -> Result<Outcome> {
        match method::look(ctx, self.0.as_ref(), id).await {
            Ok(false) => Ok(Outcome::Done),
            Ok(true) => {
                let leaving = method::get(ctx).await?.leaving.into_iter().find(|leaving| leaving.id == id);
                Ok(match leaving {
                    Some(leaving) if leaving.attempts == 0 => again(ctx, 0),
                    Some(leaving) => again(ctx, pause(leaving.attempts)),
                    None => again(ctx, LATER),
                })
            }
            Err(Error::Provider(_) | Error::State(_)) => Ok(again(ctx, LATER)),
            Err(error) => Err(error),
        }
    }
}
