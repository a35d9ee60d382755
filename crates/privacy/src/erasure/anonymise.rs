use kernel::ContactId;
use store::{Ctx, Metric};

use super::{Certificate, erase};
use crate::Result;
use crate::gate::Gate;

/// Forgets a person and keeps what happened as figures: messages, opens and events move to a random
/// stand-in that has no key, no address and no exact instants, then the person is erased as always. The
/// stand-in's id is told to nobody and stands nowhere beside the person's.
///
/// # Errors
/// As [`erase`]; twice is harmless.
pub async fn anonymise(ctx: &Ctx, gate: &Gate, subject: ContactId) -> Result<Certificate> {
    if let Some(done) = super::certificate(ctx, subject).await? {
        return Ok(done);
    }
    let mut stand_in = ContactId([0; 16]);
    // Not an id that tells when it was made: the instant would point back.
    ctx.rng.fill(&mut stand_in.0);
    for metric in Metric::all() {
        (metric.detach)(ctx, subject, stand_in).await?;
    }
    erase(ctx, gate, subject).await
}
