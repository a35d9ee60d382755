//! What becomes of deliveries: claimed, ended, returned to the queue, in doubt.

use kernel::{DeliveryId, RawId, Timestamp};
use privacy::gate::{Denial, Grant, record_sent};
use store::{Batch, Ctx, Result, params};

use super::model::{Claimed, DeliveryState, Run};
use super::queries as sql;
use crate::channel::Sent;

/// Seconds a worker may hold a claimed delivery; longer than every time-out of a hand-over together.
const LEASE: i64 = 900;
/// How long a message is tried before it is given up.
const GIVE_UP: i64 = 72 * 3600;

/// How one attempt ended, as the worker knows it.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The channel answered.
    Channel {
        /// What it said.
        sent: Sent,
        /// Why the gate had let the message go.
        grant: Grant,
    },
    /// The gate said no at the last moment, or not yet.
    Denied(Denial),
    /// The message could not be made for this person; final.
    Unrenderable(&'static str),
}

/// Takes up to `limit` due deliveries of a run. From here on a crash leaves them in doubt.
///
/// # Errors
/// When the store fails.
pub(crate) async fn claim(ctx: &Ctx, source: RawId, limit: usize) -> Result<Vec<Claimed>> {
    let (workspace, now) = (ctx.workspace, ctx.now());
    let values =
        params![workspace, source, now, limit, now.plus_seconds(LEASE), DeliveryState::Sending, DeliveryState::Queued];
    ctx.db.tx(move |tx| tx.all(sql::CLAIM, values.clone())).await
}

/// Writes how attempts ended, all in one commit.
///
/// # Errors
/// When the store fails; the deliveries then stay claimed and end in doubt.
pub(crate) async fn record(ctx: &Ctx, run: &Run, ended: Vec<(Claimed, Ended)>) -> Result<()> {
    let mut batch = ctx.batch();
    let now = ctx.now();
    for (claimed, outcome) in ended {
        match outcome {
            Ended::Channel { sent: Sent::Accepted { status }, grant } => {
                accepted(&mut batch, ctx, run, &claimed, &status, grant, now);
            }
            Ended::Channel { sent, .. } => not_accepted(&mut batch, ctx, run, &claimed, sent, now),
            Ended::Denied(denial) => match denial.until {
                Some(until) => back_to_queue(&mut batch, ctx, claimed.id, &denial.reason, None, until),
                None => end(&mut batch, ctx, claimed.id, DeliveryState::Denied, &denial.reason, None, now),
            },
            Ended::Unrenderable(reason) => {
                end(&mut batch, ctx, claimed.id, DeliveryState::Failed, reason, None, now);
            }
        }
    }
    ctx.db.apply(batch).await.map(|_| ())
}

fn accepted(batch: &mut Batch, ctx: &Ctx, run: &Run, claimed: &Claimed, status: &str, grant: Grant, now: Timestamp) {
    record_sent(batch, ctx, claimed.contact, &grant, now);
    let basis = grant.basis.map_or("", |basis| basis.as_str());
    batch.push(
        sql::SENT,
        params![
            ctx.workspace,
            claimed.id,
            DeliveryState::Sent,
            status,
            now,
            grant.rule,
            grant.pack,
            basis,
            grant.event,
            DeliveryState::Sending
        ],
    );
    crate::events::sent(batch, ctx, (claimed.contact, run.source, claimed.id), now);
}

fn not_accepted(batch: &mut Batch, ctx: &Ctx, run: &Run, claimed: &Claimed, sent: Sent, now: Timestamp) {
    let too_old = now.0 - claimed.created_at.0 > GIVE_UP * Timestamp::SECOND;
    match sent {
        Sent::Refused { permanent, class, suppress, status } => {
            if permanent || too_old {
                end(batch, ctx, claimed.id, DeliveryState::Failed, class, Some(&status), now);
                crate::events::failed(batch, (claimed.contact, run.source, claimed.id), class);
                if suppress {
                    crate::incoming::ask_to_suppress(batch, claimed.contact, claimed.address, class);
                }
            } else {
                let at = next_attempt(now, claimed.attempts);
                back_to_queue(batch, ctx, claimed.id, class, Some(&status), at);
            }
        }
        Sent::NotStarted { reason, permanent } => {
            if permanent || too_old {
                end(batch, ctx, claimed.id, DeliveryState::Failed, reason, None, now);
            } else {
                back_to_queue(batch, ctx, claimed.id, reason, None, next_attempt(now, claimed.attempts));
            }
        }
        Sent::InDoubt { reason } => end(batch, ctx, claimed.id, DeliveryState::InDoubt, reason, None, now),
        // Asked again at once: the gate then says why, or gives a fresh permit.
        Sent::PermitLost => back_to_queue(batch, ctx, claimed.id, "permit_lost", None, now),
        Sent::Accepted { .. } => {}
    }
}

/// 30 s after the first failure, then doubling up to 4 h.
fn next_attempt(now: Timestamp, attempts: u32) -> Timestamp {
    now.plus_seconds((30i64 << attempts.saturating_sub(1).min(10)).min(4 * 3600))
}

fn end(
    batch: &mut Batch,
    ctx: &Ctx,
    id: DeliveryId,
    state: DeliveryState,
    reason: &str,
    status: Option<&str>,
    now: Timestamp,
) {
    batch.push(sql::END, params![ctx.workspace, id, state, reason, status, now, DeliveryState::Sending]);
}

fn back_to_queue(batch: &mut Batch, ctx: &Ctx, id: DeliveryId, reason: &str, status: Option<&str>, at: Timestamp) {
    batch.push(
        sql::RETURN_TO_QUEUE,
        params![ctx.workspace, id, DeliveryState::Queued, reason, status, at, DeliveryState::Sending],
    );
}

/// Marks deliveries whose worker died as in doubt: those whose lease ran out, or, when every other
/// process is known to be dead, those claimed before this one started.
///
/// # Errors
/// When the store fails.
pub(crate) async fn recover(ctx: &Ctx, source: RawId, alone_since: Option<Timestamp>) -> Result<u64> {
    let (workspace, now) = (ctx.workspace, ctx.now());
    let until = alone_since.map_or(now, |started| started.plus_seconds(LEASE));
    let values = params![workspace, source, DeliveryState::InDoubt, now, DeliveryState::Sending, until];
    ctx.db.tx(move |tx| tx.exec(sql::RECOVER, values.clone())).await
}

#[cfg(test)]
mod tests {
    use super::next_attempt;
    use kernel::Timestamp;

    #[test]
    fn attempts_spread_out() {
        let wait = |attempts| (next_attempt(Timestamp(0), attempts).0 / Timestamp::SECOND, attempts).0;
        assert_eq!([wait(1), wait(2), wait(3)], [30, 60, 120]);
        assert_eq!(wait(60), 4 * 3600);
    }
}
