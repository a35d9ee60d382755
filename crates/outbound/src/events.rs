//! What happened to a message, as the people's timeline, segments and the change feed see it.

use kernel::{CampaignId, ContactId, DeliveryId, RawId, Timestamp};
use people::events::EventRow;
use people::segments::conditions::{EventClass, EventKind};
use serde_json::json;
use store::{Batch, Ctx, Feed};

/// Contact, source (campaign) and delivery: what every event of a message names.
pub(crate) type About = (ContactId, RawId, DeliveryId);

pub(crate) fn push(batch: &mut Batch, ctx: &Ctx, kind: EventKind, class: EventClass, about: About, at: Timestamp) {
    let (contact, source, delivery) = about;
    let row = EventRow { contact, kind, class, campaign: Some(CampaignId(source)), message: Some(delivery), at };
    people::events::push(batch, ctx, &row);
}

/// The feed entry of something that happened to a message.
pub(crate) fn feed(batch: &mut Batch, kind: &'static str, about: About, class: &str) {
    let (contact, source, delivery) = about;
    batch.feed(Feed {
        kind,
        entity: delivery.into(),
        data: json!({ "contact": contact, "campaign": CampaignId(source), "class": class }),
    });
}

pub(crate) fn sent(batch: &mut Batch, ctx: &Ctx, about: About, at: Timestamp) {
    push(batch, ctx, EventKind::Sent, EventClass::Human, about, at);
    feed(batch, "message.sent", about, "");
}

pub(crate) fn failed(batch: &mut Batch, about: About, class: &str) {
    feed(batch, "message.failed", about, class);
}
