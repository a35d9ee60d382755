//! What became of messages, written down: many in one commit.

use billing::{Micros, balance};
use kernel::{ContactId, DeliveryId, EventId, RawId, RouteId, Timestamp};
use outbound::texts::{Happened, campaign, happened};
use privacy::gate::{Grant, record_sent};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use super::hand_over::{Handed, PartSent, Tried};
use super::model::{Claimed, MessageState};
use super::queries as sql;
use super::send::{Ended, LEASE};
use crate::Result;

/// How long after its validity a receipt is still waited for, in seconds.
const GRACE: i64 = 3600;

/// Writes how attempts ended, all in one commit.
///
/// # Errors
/// The store's; the messages then stay claimed and end in doubt.
pub(super) async fn record(ctx: &Ctx, ended: Vec<(Claimed, Ended)>) -> Result<()> {
    let mut recording = Recording { batch: ctx.batch(), ctx, now: ctx.now() };
    for (claimed, outcome) in ended {
        recording.take(&claimed, outcome);
    }
    ctx.db.apply(recording.batch).await?;
    Ok(())
}

struct Recording<'a> {
    batch: Batch,
    ctx: &'a Ctx,
    now: Timestamp,
}

impl Recording<'_> {
    fn take(&mut self, claimed: &Claimed, outcome: Ended) {
        match outcome {
            Ended::Handed { handed, tried, grant } => {
                self.tried(claimed.id, tried);
                self.handed(claimed, handed, grant);
            }
            Ended::Denied(denial) => match denial.until {
                Some(until) => self.back(claimed, &denial.reason, (until, 1)),
                None => self.end(claimed, (MessageState::Denied, &denial.reason, None), Micros(0)),
            },
            Ended::Paused => self.held(claimed),
            Ended::Cancelled => self.end(claimed, (MessageState::Cancelled, "cancelled", None), Micros(0)),
            Ended::Expired => self.end(claimed, (MessageState::Expired, "validity_ended", None), Micros(0)),
            Ended::Erased => self.end(claimed, (MessageState::Cancelled, "erased", None), Micros(0)),
        }
    }

    fn tried(&mut self, message: DeliveryId, tried: Tried) {
        for (route, outcome) in tried {
            let id: EventId = self.ctx.id();
            let about = params![self.ctx.workspace, message, id, self.now, route, outcome];
            self.batch.push(sql::INSERT_ATTEMPT, about);
        }
    }

    fn handed(&mut self, claimed: &Claimed, handed: Handed, grant: Grant) {
        match handed {
            Handed::Begun { parts, .. } if claimed.trial => {
                debug_assert!(parts.is_empty(), "a trial has no parts on a wire");
                let (state, reason) = (MessageState::Delivered, "trial");
                self.end(claimed, (state, reason, None), Micros(0));
            }
            Handed::Begun { route, parts } => self.begun(claimed, (route, &parts), grant),
            Handed::PermitLost => self.back(claimed, "permit_lost", (self.now, 1)),
            Handed::NotTaken { reason, busy: true, .. } => {
                // Soon again, spread so that somebody is always waiting and never everybody.
                let due = self.now.plus_seconds(1 + i64::from(claimed.id.0[15] % 5));
                self.back(claimed, &reason, (due, 1));
            }
            Handed::NotTaken { reason, permanent: true, .. } => {
                self.end(claimed, (MessageState::Failed, &reason, None), Micros(0));
            }
            Handed::NotTaken { reason, .. } => {
                let wait = (10i64 << claimed.attempts.saturating_sub(1).min(8)).min(1800);
                self.back(claimed, &reason, (self.now.plus_seconds(wait).min(claimed.expires_at), 0));
            }
        }
    }

    /// Some part left. The person counts as written to, and what left is paid for.
    fn begun(&mut self, claimed: &Claimed, (route, parts): (RouteId, &[PartSent]), grant: Grant) {
        record_sent(&mut self.batch, self.ctx, claimed.contact, &grant, self.now);
        if let Some(source) = claimed.source {
            let about = (claimed.contact, source, claimed.id);
            happened(&mut self.batch, self.ctx, Happened::Sent, about, self.now);
        }
        for part in parts {
            self.batch.push(
                sql::INSERT_PART,
                params![
                    self.ctx.workspace,
                    claimed.id,
                    i64::from(part.number),
                    route,
                    part.remote.as_str(),
                    part.state,
                    part.code.as_str(),
                    self.now
                ],
            );
        }
        let count = |state: &str| parts.iter().filter(|part| part.state == state).count();
        let (sent, doubt, refused) = (count("sent"), count("in_doubt"), count("refused"));
        let unit = claimed.price.0 / i64::from(claimed.parts.max(1));
        let charge = Micros(unit).times((sent + doubt) as u64);
        if doubt > 0 {
            self.end(claimed, (MessageState::InDoubt, "response_lost", Some(route)), charge);
        } else if refused > 0 {
            let reason = parts.iter().find(|part| part.state == "refused").map_or("refused", |part| &part.code);
            self.end(claimed, (MessageState::Failed, reason, Some(route)), charge);
        } else {
            self.sent(claimed, (route, charge), grant);
            balance::settle(&mut self.batch, self.ctx, claimed.id.into(), charge);
        }
    }

    fn sent(&mut self, claimed: &Claimed, (route, charge): (RouteId, Micros), grant: Grant) {
        let basis = grant.basis.map_or("", |basis| basis.as_str());
        self.batch.push(
            sql::SENT,
            params![
                self.ctx.workspace,
                claimed.id,
                MessageState::Sent,
                route,
                self.now,
                claimed.expires_at.plus_seconds(GRACE),
                grant.rule,
                grant.pack,
                basis,
                grant.event,
                MessageState::Sending,
                charge
            ],
        );
        self.told("sms.sent", claimed, "");
    }

    fn end(
        &mut self,
        claimed: &Claimed,
        (state, reason, route): (MessageState, &str, Option<RouteId>),
        charge: Micros,
    ) {
        let about =
            params![self.ctx.workspace, claimed.id, state, reason, route, self.now, MessageState::Sending, charge];
        self.batch.push(sql::END, about);
        balance::settle(&mut self.batch, self.ctx, claimed.id.into(), charge);
        self.told(event(state), claimed, reason);
    }

    fn told(&mut self, kind: &'static str, claimed: &Claimed, reason: &str) {
        feed(&mut self.batch, kind, (claimed.id, claimed.contact, claimed.source), reason);
    }

    /// Its campaign was paused while it was being claimed; it was no attempt.
    fn held(&mut self, claimed: &Claimed) {
        let (held, sending) = (MessageState::Held, MessageState::Sending);
        self.batch.push(sql::BACK, params![self.ctx.workspace, claimed.id, held, "paused", self.now, 1, sending]);
    }

    /// Back into the queue; `forgiven` attempts do not count.
    fn back(&mut self, claimed: &Claimed, reason: &str, (due, forgiven): (Timestamp, i64)) {
        let (queued, sending) = (MessageState::Queued, MessageState::Sending);
        let about = params![self.ctx.workspace, claimed.id, queued, reason, due, forgiven, sending];
        self.batch.push(sql::BACK, about);
    }
}

/// The event that tells a state.
pub(super) const fn event(state: MessageState) -> &'static str {
    match state {
        MessageState::Queued | MessageState::Sending | MessageState::Held => "sms.accepted",
        MessageState::Sent => "sms.sent",
        MessageState::Delivered => "sms.delivered",
        MessageState::Failed => "sms.failed",
        MessageState::Denied => "sms.denied",
        MessageState::Cancelled => "sms.cancelled",
        MessageState::InDoubt => "sms.in_doubt",
        MessageState::Expired => "sms.expired",
    }
}

pub(super) fn feed(
    batch: &mut Batch,
    kind: &'static str,
    (message, contact, source): (DeliveryId, ContactId, Option<RawId>),
    reason: &str,
) {
    let mut data = json!({ "contact": contact, "reason": reason });
    if let Some(source) = source {
        data["campaign"] = json!(campaign(source));
    }
    batch.feed(Feed { kind, entity: message.into(), data });
}

/// Marks messages whose worker died as in doubt, and settles them: they may have arrived, so they are paid.
///
/// # Errors
/// The store's.
pub(super) async fn recover(ctx: &Ctx, alone_since: Option<Timestamp>) -> Result<u64> {
    let (now, states) = (ctx.now(), (MessageState::InDoubt, MessageState::Sending));
    let until = alone_since.map_or(now, |started| started.plus_seconds(LEASE));
    let call = ctx.clone();
    let done = ctx.db.tx(move |tx| {
        let about = params![call.workspace, states.0, now, states.1, until];
        let doubtful: Vec<(DeliveryId, Micros)> = tx.all(sql::RECOVER, about)?;
        let mut batch = call.batch();
        for (id, price) in &doubtful {
            balance::settle(&mut batch, &call, (*id).into(), *price);
            batch.feed(Feed { kind: "sms.in_doubt", entity: (*id).into(), data: json!({ "reason": "process_died" }) });
        }
        tx.apply(batch)?;
        Ok(doubtful.len() as u64)
    });
    Ok(done.await?)
}

/// Ends sent messages of which no receipt ever came: delivered when some part is and none failed (there are
/// operators that tell of one part only), otherwise expired.
///
/// # Errors
/// The store's.
pub(super) async fn end_overdue(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    let overdue: Vec<(DeliveryId,)> = ctx.db.all(sql::OVERDUE, params![ctx.workspace, MessageState::Sent, now]).await?;
    for (id,) in overdue {
        let call = ctx.clone();
        ctx.db
            .tx(move |tx| {
                let parts: Vec<(String, String)> = tx.all(sql::PART_STATES, params![call.workspace, id])?;
                let delivered = parts.iter().any(|(state, _)| state == "delivered");
                let (state, reason) = if delivered {
                    (MessageState::Delivered, "receipts_incomplete")
                } else {
                    (MessageState::Expired, "no_receipt")
                };
                let about = params![call.workspace, id, state, reason, now, MessageState::Sent];
                let mut batch = call.batch();
                if let Some((contact, source)) = tx.opt::<(ContactId, Option<RawId>)>(sql::EXPIRE, about)? {
                    feed(&mut batch, event(state), (id, contact, source), reason);
                }
                tx.apply(batch).map(|_| ())
            })
            .await?;
    }
    Ok(())
}
