//! A message about to be kept, everything but the gate's answer, and its way into the table.

use billing::Micros;
use kernel::{ContactId, DeliveryId, RawId, Timestamp, TopicId};
use privacy::gate::{Denial, Grant, Queued};
use privacy::vocabulary::Purpose;
use serde_json::json;
use store::{Batch, Ctx, Feed, Value, params};

use super::links::ShortLink;
use super::model::MessageState;
use super::queries as sql;

/// Everything about a message but the gate's answer.
pub(super) struct Waiting {
    pub(super) id: DeliveryId,
    pub(super) contact: ContactId,
    pub(super) purpose: Purpose,
    pub(super) topic: Option<TopicId>,
    pub(super) address: store::Blind,
    pub(super) country: String,
    pub(super) network: String,
    pub(super) originator: String,
    pub(super) encoding: &'static str,
    pub(super) parts: usize,
    pub(super) price: Micros,
    pub(super) trial: bool,
    pub(super) due: Timestamp,
    /// For how many seconds from then on it may be delivered.
    pub(super) validity: u32,
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) source: Option<RawId>,
    /// What its short links lead to.
    pub(super) links: Vec<ShortLink>,
}

/// What is to become of it.
pub(super) enum Answer {
    /// The gate lets it in.
    Queued(Grant),
    /// The gate does not.
    Denied(Denial),
}

/// The one place where the gate's leave to queue is used up.
pub(super) fn admit(answer: Result<Queued, Denial>) -> Answer {
    match answer {
        Ok(queued) => Answer::Queued(queued.into_grant()),
        Err(denial) => Answer::Denied(denial),
    }
}

impl Answer {
    /// A refusal of the channel's own, before the gate is asked.
    pub(super) fn refused(reason: &str) -> Self {
        Self::Denied(Denial {
            reason: reason.to_owned(),
            rule: "default".to_owned(),
            pack: privacy::rules::RulePack::current().version().to_owned(),
            until: None,
        })
    }
}

/// Puts the message into a batch, with its short links and the event; when it is due, if it waits. A denied one
/// keeps neither words nor links.
pub(super) fn insert(batch: &mut Batch, ctx: &Ctx, waiting: &Waiting, answer: Answer) -> Option<Timestamp> {
    let now = ctx.now();
    let (state, reason, rule, pack, basis, claim, due, finished) = match answer {
        Answer::Queued(grant) => {
            let due = grant.until.unwrap_or(now).max(waiting.due);
            let basis = grant.basis.map_or("", |basis| basis.as_str());
            (MessageState::Queued, None, grant.rule, grant.pack, basis, grant.event, due, None)
        }
        Answer::Denied(denial) => {
            (MessageState::Denied, Some(denial.reason), denial.rule, denial.pack, "", None, now, Some(now))
        }
    };
    let denied = state == MessageState::Denied;
    let sealed = if denied { Value::Null } else { Value::from(waiting.sealed.clone()) };
    // What the gate defers, until a window opens, keeps its whole validity.
    let expires = due.max(waiting.due).plus_seconds(waiting.validity.into());
    let told = reason.clone().unwrap_or_default();
    batch.push(
        sql::INSERT,
        params![
            ctx.workspace,
            waiting.id,
            waiting.contact,
            waiting.purpose.as_str(),
            waiting.topic,
            waiting.address,
            waiting.country.as_str(),
            waiting.network.as_str(),
            waiting.originator.as_str(),
            waiting.encoding,
            waiting.parts,
            waiting.price,
            waiting.trial,
            state,
            reason,
            rule,
            pack,
            basis,
            claim,
            due,
            expires,
            now,
            finished,
            sealed,
            waiting.source
        ],
    );
    let kind = if denied { "sms.denied" } else { "sms.accepted" };
    let mut data = json!({ "contact": waiting.contact });
    if let Some(source) = waiting.source {
        data["campaign"] = json!(outbound::texts::campaign(source));
    }
    if denied {
        data["reason"] = json!(told);
    }
    batch.feed(Feed { kind, entity: waiting.id.into(), data });
    if denied {
        return None;
    }
    for link in &waiting.links {
        link.push(batch, ctx);
    }
    Some(due)
}
