//! What becomes of deliveries: claimed, ended, returned to the queue, in doubt.

use kernel::{DeliveryId, RawId, Timestamp};
use privacy::gate::{Denial, Grant, record_sent};
use store::{Batch, Ctx, Result, params};

use super::model::{Claimed, DeliveryState, Run};
use super::queries as sql;
use crate::channel::Sent;
use crate::receivers::{Counting, Fate, Receivers};

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
    /// The series that the message belongs to has ended for this person; final.
    Halted,
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
    ctx.db.returning(sql::CLAIM, values).await
}

/// Writes how attempts ended, all in one commit.
///
/// # Errors
/// When the store fails; the deliveries then stay claimed and end in doubt.
pub(crate) async fn record(ctx: &Ctx, run: &Run, ended: Vec<(Claimed, Ended)>) -> Result<()> {
    let receivers = Receivers::new(&*ctx.keys().await?);
    let (batch, counting) = (ctx.batch(), Counting::default());
    let mut recording = Recording { batch, ctx, run, now: ctx.now(), receivers, counting };
    for (claimed, outcome) in ended {
        recording.take(&claimed, outcome);
    }
    recording.counting.push(&mut recording.batch, ctx, recording.now);
    ctx.db.apply(recording.batch).await.map(|_| ())
}

/// The batch in which a group of attempts is written down.
struct Recording<'a> {
    batch: Batch,
    ctx: &'a Ctx,
    run: &'a Run,
    now: Timestamp,
    receivers: Receivers,
    counting: Counting,
}

impl Recording<'_> {
    fn take(&mut self, claimed: &Claimed, outcome: Ended) {
        match outcome {
            Ended::Channel { sent: Sent::Accepted { status }, grant } => self.accepted(claimed, &status, grant),
            Ended::Channel { sent, .. } => self.not_accepted(claimed, sent),
            Ended::Denied(denial) => match denial.until {
                Some(until) => self.back_to_queue(claimed.id, &denial.reason, None, until),
                None => self.end(claimed.id, DeliveryState::Denied, &denial.reason, None),
            },
            Ended::Halted => self.end(claimed.id, DeliveryState::Cancelled, "series_ended", None),
            Ended::Unrenderable(reason) => self.end(claimed.id, DeliveryState::Failed, reason, None),
        }
    }

    fn about(&self, claimed: &Claimed) -> crate::events::About {
        (claimed.contact, self.run.source, claimed.id)
    }

    fn accepted(&mut self, claimed: &Claimed, status: &str, grant: Grant) {
        record_sent(&mut self.batch, self.ctx, claimed.contact, &grant, self.now);
        if self.run.settings.carries_notice() {
            privacy::art14::told(&mut self.batch, self.ctx, claimed.contact, self.now);
        }
        let basis = grant.basis.map_or("", |basis| basis.as_str());
        self.batch.push(
            sql::SENT,
            params![
                self.ctx.workspace,
                claimed.id,
                DeliveryState::Sent,
                status,
                self.now,
                grant.rule,
                grant.pack,
                basis,
                grant.event,
                DeliveryState::Sending
            ],
        );
        self.counting.add(&self.receivers, &claimed.domain, Fate::Sent);
        let about = self.about(claimed);
        crate::events::sent(&mut self.batch, self.ctx, about, self.now);
    }

    fn not_accepted(&mut self, claimed: &Claimed, sent: Sent) {
        let too_old = self.now.0 - claimed.created_at.0 > GIVE_UP * Timestamp::SECOND;
        let again = next_attempt(self.now, claimed.attempts);
        match sent {
            Sent::Refused { permanent, class, suppress, status } if permanent || too_old => {
                self.end(claimed.id, DeliveryState::Failed, class, Some(&status));
                self.counting.add(&self.receivers, &claimed.domain, Fate::of_class(class));
                let about = self.about(claimed);
                crate::events::failed(&mut self.batch, about, class);
                if suppress || crate::soft_limit::is_soft(class) {
                    crate::incoming::look_at_address(&mut self.batch, claimed.contact, claimed.address, class);
                }
            }
            Sent::Refused { class, status, .. } => self.back_to_queue(claimed.id, class, Some(&status), again),
            Sent::NotStarted { reason, permanent } if permanent || too_old => {
                self.end(claimed.id, DeliveryState::Failed, reason, None);
            }
            Sent::NotStarted { reason, .. } => self.back_to_queue(claimed.id, reason, None, again),
            Sent::InDoubt { reason } => self.end(claimed.id, DeliveryState::InDoubt, reason, None),
            Sent::Busy if too_old => self.end(claimed.id, DeliveryState::Failed, "busy", None),
            Sent::Busy => self.back_in_line(claimed),
            // Asked again at once: the gate then says why, or gives a fresh permit.
            Sent::PermitLost => self.back_to_queue(claimed.id, "permit_lost", None, self.now),
            Sent::Accepted { .. } => {}
        }
    }

    fn end(&mut self, id: DeliveryId, state: DeliveryState, reason: &str, status: Option<&str>) {
        let about = params![self.ctx.workspace, id, state, reason, status, self.now, DeliveryState::Sending];
        self.batch.push(sql::END, about);
    }

    /// Soon again, spread so that a paced destination always has somebody waiting and never everybody.
    fn back_in_line(&mut self, claimed: &Claimed) {
        let due = self.now.plus_seconds(1 + i64::from(claimed.id.0[15] % 5));
        let (sending, queued) = (DeliveryState::Sending, DeliveryState::Queued);
        self.batch.push(sql::BACK_IN_LINE, params![self.ctx.workspace, claimed.id, queued, "busy", due, sending]);
    }

    fn back_to_queue(&mut self, id: DeliveryId, reason: &str, status: Option<&str>, at: Timestamp) {
        let queued = DeliveryState::Queued;
        let about = params![self.ctx.workspace, id, queued, reason, status, at, DeliveryState::Sending];
        self.batch.push(sql::RETURN_TO_QUEUE, about);
    }
}

/// 30 s after the first failure, then doubling up to 4 h.
fn next_attempt(now: Timestamp, attempts: u32) -> Timestamp {
    now.plus_seconds((30i64 << attempts.saturating_sub(1).min(10)).min(4 * 3600))
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
