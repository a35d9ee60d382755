//! The jobs of the queue `booking.payment`.

use billing::payment::{self, PaymentState, Refusal};
use kernel::{BookingId, PaymentId, Timestamp};
use serde_json::Value as Json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use super::{Payments, QUEUE, follow, waiting};
use crate::reservations::{self, paid};
use crate::{Error, Result};

/// Seconds between two attempts to reach a provider about a term that is over.
const SOON: i64 = 60;
/// Seconds between two attempts to send money back.
const LATER: i64 = 600;
/// Seconds for which an unpaid time is kept when the provider cannot be asked.
const GRACE: i64 = 1800;

/// Does what is to be done about payments outside requests.
pub struct PaymentJob(Payments);

impl PaymentJob {
    /// The handler of [`QUEUE`].
    pub fn new(payments: Payments) -> Self {
        Self(payments)
    }
}

impl Handler for PaymentJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let text = |name: &str| job.payload.get(name).and_then(Json::as_str);
            let booking = text("booking").and_then(|id| id.parse::<BookingId>().ok());
            let payment = text("payment").and_then(|id| id.parse::<PaymentId>().ok());
            let done = match (text("what"), booking, payment) {
                (Some("lapse"), Some(id), _) => self.0.lapse(&ctx, id).await,
                (Some("close"), Some(id), _) => self.0.close(&ctx, id).await,
                (Some("refund"), _, Some(id)) => self.0.refund(&ctx, id).await,
                _ => return Ok(Outcome::Done),
            };
            done.map_err(|error| error.problem().code.as_str().to_owned())
        })
    }
}

/// Whether another attempt may go better.
fn passes(error: &billing::Error) -> bool {
    matches!(error, billing::Error::Provider(Refusal::Unreachable | Refusal::Unreadable))
}

fn again(ctx: &Ctx, seconds: i64) -> Outcome {
    Outcome::Again(ctx.now().plus_seconds(seconds))
}

impl Payments {
    /// The term of an unpaid booking is over: its time is free, unless the provider says that the money is there.
    async fn lapse(&self, ctx: &Ctx, id: BookingId) -> Result<Outcome> {
        let Some(until) = paid::due(ctx, id).await? else { return Ok(Outcome::Done) };
        if ctx.now() < until {
            return Ok(Outcome::Again(until));
        }
        let late = ctx.now() >= until.plus_seconds(GRACE);
        for known in waiting(ctx, id).await? {
            let looked = match self.provider(ctx).await {
                Ok(provider) => payment::check(ctx, &provider, known).await,
                Err(Error::Conflict(_)) => break,
                Err(error) => return Err(error),
            };
            match looked {
                Ok(payment) if matches!(payment.state, PaymentState::Paid | PaymentState::Mismatched) => {
                    follow(ctx, known).await?;
                    return Ok(Outcome::Done);
                }
                Err(error) if passes(&error) && !late => return Ok(again(ctx, SOON)),
                Err(billing::Error::Store(error)) => return Err(error.into()),
                Err(error) => tracing::warn!(booking = %id, %error, "an unpaid time is given free without an answer"),
                Ok(_) => {}
            }
        }
        paid::lapse(ctx, &reservations::get(ctx, id).await?).await?;
        Ok(Outcome::Done)
    }

    /// Nobody is to pay for a booking that ended.
    async fn close(&self, ctx: &Ctx, id: BookingId) -> Result<Outcome> {
        for known in waiting(ctx, id).await? {
            let provider = match self.provider(ctx).await {
                Ok(provider) => provider,
                Err(Error::Conflict(_)) => return Ok(Outcome::Done),
                Err(error) => return Err(error),
            };
            match payment::close(ctx, &provider, known).await {
                Ok(payment) => follow(ctx, payment.id).await?,
                Err(error) => return Err(super::told(error)),
            }
        }
        Ok(Outcome::Done)
    }

    /// Sends a payment back. A refusal is told to the members: nobody's money is forgotten.
    async fn refund(&self, ctx: &Ctx, id: PaymentId) -> Result<Outcome> {
        let provider = match self.provider(ctx).await {
            Ok(provider) => provider,
            Err(Error::Conflict(_)) => return refused(ctx, id).await,
            Err(error) => return Err(error),
        };
        match payment::refund(ctx, &provider, id).await {
            Ok(_) => {
                follow(ctx, id).await?;
                Ok(Outcome::Done)
            }
            Err(error) if passes(&error) => Ok(again(ctx, LATER)),
            Err(billing::Error::Store(error)) => Err(error.into()),
            Err(error) => {
                tracing::warn!(payment = %id, %error, "a payment did not go back");
                refused(ctx, id).await
            }
        }
    }
}

async fn refused(ctx: &Ctx, id: PaymentId) -> Result<Outcome> {
    let payment = payment::get(ctx, id).await.map_err(super::told)?;
    paid::stuck(ctx, BookingId(payment.reference), id).await?;
    Ok(Outcome::Done)
}

/// When a booking's term is looked at.
pub(crate) fn lapse(booking: BookingId, at: Timestamp) -> store::NewJob {
    let payload = serde_json::json!({ "booking": booking, "what": "lapse" });
    store::NewJob::now(QUEUE, payload).key(format!("{booking}/lapse")).at(at)
}

/// Closes the pages of a booking that ended.
pub(crate) fn close(booking: BookingId) -> store::NewJob {
    let payload = serde_json::json!({ "booking": booking, "what": "close" });
    store::NewJob::now(QUEUE, payload).key(format!("{booking}/close"))
}

/// Sends a payment back.
pub(crate) fn refund(payment: PaymentId) -> store::NewJob {
    let payload = serde_json::json!({ "payment": payment, "what": "refund" });
    store::NewJob::now(QUEUE, payload).key(format!("{payment}/refund"))
}
