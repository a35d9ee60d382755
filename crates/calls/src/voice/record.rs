//! What becomes of calls, written down.

use billing::{Micros, balance};
use kernel::{CallId, ContactId, EventId, RecordingId, Timestamp, TrunkId};
use privacy::gate::{Grant, record_engagement, record_sent};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use super::model::CallState;
use super::queries as sql;
use crate::Result;
use crate::rtp::{self, RATE};
use crate::sip::{Ended, Fate};

/// A call whose life is written down.
#[derive(Clone)]
pub(super) struct Book {
    pub(super) ctx: Ctx,
    pub(super) call: CallId,
    pub(super) contact: Option<ContactId>,
    pub(super) direction: &'static str,
    /// The price of a started minute; nothing for calls that come in.
    pub(super) unit: Micros,
}

/// How a call ended, for people.
pub(super) struct End {
    pub(super) state: CallState,
    pub(super) reason: Option<&'static str>,
    pub(super) status: Option<u16>,
}

impl End {
    /// What an end means for a call that was answered or not.
    pub(super) fn of(ended: Ended, answered: bool) -> Self {
        let (state, reason) = match (answered, ended.fate) {
            (true, Fate::HungUp) => (CallState::Ended, Some("hung_up")),
            (true, Fate::TheyHungUp) => (CallState::Ended, Some("they_hung_up")),
            (true, Fate::Unreachable) => (CallState::Ended, Some("connection_lost")),
            (true, _) => (CallState::Ended, None),
            (false, Fate::Busy) => (CallState::Busy, None),
            (false, Fate::NoAnswer) => (CallState::NoAnswer, None),
            (false, Fate::HungUp | Fate::Cancelled | Fate::TheyHungUp) => (CallState::Cancelled, Some("cancelled")),
            (false, Fate::Refused) => (CallState::Failed, Some("refused")),
            (false, Fate::Unreachable) => (CallState::Failed, Some("unreachable")),
            (false, Fate::NoMedia) => (CallState::Failed, Some("no_common_sound")),
        };
        Self { state, reason, status: ended.status }
    }
}

impl Book {
    fn feed(&self, batch: &mut Batch, kind: &'static str, reason: Option<&str>) {
        let data = json!({ "contact": self.contact, "direction": self.direction, "reason": reason });
        batch.feed(Feed { kind, entity: self.call.into(), data });
    }

    fn step(&self, batch: &mut Batch, leg: u32, kind: &str, detail: Option<&str>) {
        let id: EventId = self.ctx.id();
        batch.push(
            sql::INSERT_EVENT,
            params![self.ctx.workspace, self.call, id, leg, self.ctx.now(), kind, detail.map(str::to_owned)],
        );
    }

    /// One step of the timeline; a failure is logged and does not end the call.
    pub(super) async fn note(&self, leg: u32, kind: &str, detail: Option<&str>) {
        let mut batch = self.ctx.batch();
        self.step(&mut batch, leg, kind, detail);
        self.apply(batch).await;
    }

    async fn apply(&self, batch: Batch) {
        if let Err(error) = self.ctx.db.apply(batch).await {
            tracing::warn!(%error, call = %self.call, "a step of a call was not written down");
        }
    }

    /// It is being dialled: the person counts as called.
    pub(super) async fn dialled(&self, trunk: TrunkId, grant: &Grant) -> Result<()> {
        let basis = grant.basis.map_or("", |basis| basis.as_str());
        let mut batch = self.ctx.batch();
        let about =
            params![self.ctx.workspace, self.call, trunk, grant.rule.as_str(), grant.pack.as_str(), basis, grant.event];
        batch.push(sql::DIALLED, about);
        if let Some(contact) = self.contact {
            record_sent(&mut batch, &self.ctx, contact, grant, self.ctx.now());
        }
        self.step(&mut batch, 0, "dialled", None);
        self.ctx.db.apply(batch).await?;
        Ok(())
    }

    pub(super) async fn ringing(&self) {
        let mut batch = self.ctx.batch();
        batch.push(sql::RINGING, params![self.ctx.workspace, self.call, CallState::Ringing, CallState::Starting]);
        self.step(&mut batch, 0, "ringing", None);
        self.feed(&mut batch, "call.ringing", None);
        self.apply(batch).await;
    }

    pub(super) async fn answered(&self, at: Timestamp) {
        let mut batch = self.ctx.batch();
        batch.push(sql::ANSWERED, params![self.ctx.workspace, self.call, CallState::Ongoing, at]);
        self.step(&mut batch, 0, "answered", None);
        self.feed(&mut batch, "call.answered", None);
        if let Some(contact) = self.contact.filter(|_| self.direction == "inbound") {
            record_engagement(&mut batch, &self.ctx, contact, at);
        }
        self.apply(batch).await;
    }

    /// It is over. What was set aside for it is charged by started minutes, the rest given back.
    pub(super) async fn ended(&self, end: End, answered: Option<Timestamp>) {
        let now = self.ctx.now();
        let micros = answered.map_or(0, |at| (now.0 - at.0).max(0));
        let seconds = micros.div_euclid(Timestamp::SECOND) + i64::from(micros % Timestamp::SECOND > 0);
        let minutes = if answered.is_some() { (seconds.max(1) as u64).div_ceil(60) } else { 0 };
        let cost = self.unit.times(minutes);
        let mut batch = self.ctx.batch();
        let reason = end.reason.map(str::to_owned);
        let status = end.status.map(i64::from);
        let about = params![self.ctx.workspace, self.call, end.state, reason, status, now, seconds, cost];
        batch.push(sql::END, about);
        balance::settle(&mut batch, &self.ctx, self.call.into(), cost);
        self.step(&mut batch, 0, end.state.as_str(), end.reason);
        self.feed(&mut batch, event(end.state), end.reason);
        self.apply(batch).await;
    }

    /// Keeps a recording, sealed under the person's key (or the workspace's, when nobody knows who it was).
    pub(super) async fn recorded(&self, sound: &[u8], ended: rtp::Ended) {
        let seconds = sound.len() as u64 / u64::from(RATE);
        if seconds == 0 {
            return;
        }
        let id: RecordingId = self.ctx.id();
        let Ok(sealed) = super::view::seal_sound(&self.ctx, self.contact, sound).await else { return };
        let why = match ended {
            rtp::Ended::Full => "full",
            rtp::Ended::Silence => "silence",
            rtp::Ended::Stopped => "stopped",
        };
        let mut batch = self.ctx.batch();
        let about = params![self.ctx.workspace, id, self.call, self.contact, seconds, why, self.ctx.now(), sealed];
        batch.push(sql::INSERT_RECORDING, about);
        self.step(&mut batch, 0, "recorded", Some(why));
        let data = json!({ "contact": self.contact, "recording": id });
        batch.feed(Feed { kind: "call.recorded", entity: self.call.into(), data });
        self.apply(batch).await;
    }
}

/// The event that tells a state.
pub(super) const fn event(state: CallState) -> &'static str {
    match state {
        CallState::Queued | CallState::Starting => "call.accepted",
        CallState::Ringing => "call.ringing",
        CallState::Ongoing => "call.answered",
        CallState::Ended => "call.ended",
        CallState::Busy => "call.busy",
        CallState::NoAnswer => "call.no_answer",
        CallState::Failed => "call.failed",
        CallState::Denied => "call.denied",
        CallState::Cancelled => "call.cancelled",
        CallState::InDoubt => "call.in_doubt",
    }
}
