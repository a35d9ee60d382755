//! What a message says: `{"id", "type", "at", "workspace", "data": {ids…}}`.

use kernel::{
    BookingId, CallId, CampaignId, ContactId, DeliveryId, DomainId, EndpointId, EventId, EventTypeId, ImportId, RawId,
    RequestId, Timestamp, VerificationId, WorkspaceId,
};
use serde_json::{Map, Value as Json, json};
use store::WorkspaceKeys;

/// Every kind of event that an endpoint can ask for.
pub const KINDS: &[&str] = &[
    "balance.changed",
    "balance.low",
    "balance.recharge_failed",
    "balance.recharge_needs_action",
    "balance.recharged",
    "booking.attended",
    "booking.calendar_suggestion",
    "booking.cancelled",
    "booking.confirmed",
    "booking.declined",
    "booking.erased",
    "booking.no_show",
    "booking.paid",
    "booking.payment_failed",
    "booking.payment_mismatched",
    "booking.pending",
    "booking.refund_failed",
    "booking.refunded",
    "booking.reminded",
    "booking.rescheduled",
    "call.accepted",
    "call.answered",
    "call.busy",
    "call.cancelled",
    "call.denied",
    "call.ended",
    "call.failed",
    "call.in_doubt",
    "call.no_answer",
    "call.received",
    "call.recorded",
    "call.ringing",
    "campaign.cancelled",
    "campaign.paused",
    "campaign.resumed",
    "campaign.scheduled",
    "campaign.sent",
    "campaign.started",
    "chat_message.accepted",
    "chat_message.cancelled",
    "chat_message.delivered",
    "chat_message.denied",
    "chat_message.expired",
    "chat_message.failed",
    "chat_message.in_doubt",
    "chat_message.read",
    "chat_message.sent",
    "consent.withdrawn",
    "contact.archived",
    "contact.created",
    "contact.erased",
    "contact.merged",
    "contact.restored",
    "contact.restricted",
    "contact.subscribed",
    "contact.subscription_requested",
    "contact.suppressed",
    "contact.unsubscribed",
    "contact.updated",
    "contacts.imported",
    "domain.unverified",
    "domain.verified",
    "event_type.created",
    "event_type.updated",
    "import.cancelled",
    "import.failed",
    "import.finished",
    "message.bounced",
    "message.clicked",
    "message.complained",
    "message.failed",
    "message.opened",
    "message.received",
    "message.replied",
    "message.sent",
    "message.unsubscribed",
    "request.closed",
    "request.due",
    "request.extended",
    "request.verified",
    "sms.accepted",
    "sms.cancelled",
    "sms.clicked",
    "sms.delivered",
    "sms.denied",
    "sms.expired",
    "sms.failed",
    "sms.in_doubt",
    "sms.sent",
    "sms.unsubscribed",
    "verification.cancelled",
    "verification.created",
    "verification.expired",
    "verification.failed",
    "verification.sent",
    "verification.verified",
];

/// The public name of a feed entry, or `None` when it concerns nobody outside. Most names are the
/// feed's own; a few entries say in their data what they are called outside.
pub(super) fn public_kind(kind: &str, data: &Json) -> Option<&'static str> {
    let name = match kind {
        "topic.joined" => "contact.subscribed",
        "topic.left" => "contact.unsubscribed",
        "topic.requested" => "contact.subscription_requested",
        "import.ended" => match data["state"].as_str()? {
            "failed" => "import.failed",
            "cancelled" => "import.cancelled",
            _ => "import.finished",
        },
        "domain.checked" if data["verified"] == true => "domain.verified",
        "domain.checked" => "domain.unverified",
        own => own,
    };
    KINDS.binary_search(&name).ok().map(|place| KINDS[place])
}

/// The event of a test; sent to one endpoint on request, never subscribed to.
pub(super) const TEST: &str = "webhook.test";

/// The longest text that is passed on from the feed.
const LONGEST: usize = 64;

/// The event's id. Derived, so that every endpoint, attempt and replay names the same event alike
/// and a receiver can drop what it has seen.
pub(super) fn event_id(keys: &WorkspaceKeys, seq: i64) -> EventId {
    EventId(keys.mac("webhook event", &seq.to_be_bytes()))
}

/// The object that an event is about, under its name and with its prefix.
fn object(kind: &str, entity: RawId) -> Option<(&'static str, String)> {
    if kind == "message.received" {
        return Some(("received", EventId(entity).to_string()));
    }
    Some(match kind.split('.').next()? {
        "balance" => ("balance", WorkspaceId(entity).to_string()),
        "booking" => ("booking", BookingId(entity).to_string()),
        "event_type" => ("event_type", EventTypeId(entity).to_string()),
        "contact" | "consent" => ("contact", ContactId(entity).to_string()),
        "call" => ("call", CallId(entity).to_string()),
        "campaign" => ("campaign", CampaignId(entity).to_string()),
        "message" | "sms" | "chat_message" => ("message", DeliveryId(entity).to_string()),
        "import" | "contacts" => ("import", ImportId(entity).to_string()),
        "request" => ("request", RequestId(entity).to_string()),
        "domain" => ("domain", DomainId(entity).to_string()),
        "verification" => ("verification", VerificationId(entity).to_string()),
        "webhook" => ("webhook", EndpointId(entity).to_string()),
        _ => return None,
    })
}

/// Whether a text can only be an id, an instant or a code: no spaces, no `@`, nothing but the
/// characters those are made of.
fn is_plain(text: &str) -> bool {
    let code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-');
    text.len() <= LONGEST && (text.bytes().all(code) || text.parse::<Timestamp>().is_ok())
}

/// Drops everything that is not an id, a counter, a flag, an instant or a code. The feed promises
/// to hold nothing else; what leaves the house is checked again.
fn plain(value: &Json) -> Option<Json> {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => Some(value.clone()),
        Json::String(text) => is_plain(text).then(|| value.clone()),
        Json::Array(items) => Some(items.iter().filter_map(plain).collect()),
        Json::Object(_) => None,
    }
}

/// The event to be told.
pub(super) struct Told<'a> {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub kind: &'a str,
    /// When.
    pub at: Timestamp,
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// To what.
    pub entity: RawId,
    /// What the feed says besides.
    pub data: &'a Json,
}

/// The body of a message.
pub(super) fn body(told: &Told<'_>) -> Vec<u8> {
    let mut data = Map::new();
    if let Some((name, id)) = object(told.kind, told.entity) {
        data.insert(name.to_owned(), Json::String(id));
    }
    for (name, value) in told.data.as_object().into_iter().flatten() {
        if let (false, Some(value)) = (data.contains_key(name), plain(value)) {
            data.insert(name.clone(), value);
        }
    }
    json!({ "id": told.id, "type": told.kind, "at": told.at, "workspace": told.workspace, "data": data })
        .to_string()
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_counters_instants_and_codes_leave() {
        let data = json!({
            "topic": "top_00000000000000000000000001", "count": 3, "at": "2026-11-21T09:00:00Z", "reason": "hard_bounce",
            "email": "lina@example.com", "name": "Lina", "nested": {"a": 1}, "list": ["tag_x", "Not a code"],
        });
        let told = Told {
            id: EventId([1; 16]),
            kind: "contact.updated",
            at: Timestamp(0),
            workspace: WorkspaceId([2; 16]),
            entity: [3; 16],
            data: &data,
        };
        let body: Json = serde_json::from_slice(&body(&told)).unwrap();
        assert_eq!(body["type"], "contact.updated");
        assert_eq!(
            body["data"],
            json!({
                "contact": ContactId([3; 16]), "topic": "top_00000000000000000000000001", "count": 3,
                "at": "2026-11-21T09:00:00Z", "reason": "hard_bounce", "list": ["tag_x"],
            })
        );
    }

    #[test]
    fn every_kind_names_its_object() {
        for kind in KINDS {
            assert!(object(kind, [0; 16]).is_some(), "{kind}");
        }
        assert!(KINDS.is_sorted());
    }

    #[test]
    fn feed_entries_have_their_public_names() {
        let none = json!({});
        for (kind, data, name) in [
            ("contact.created", &none, Some("contact.created")),
            ("topic.joined", &none, Some("contact.subscribed")),
            ("topic.left", &none, Some("contact.unsubscribed")),
            ("import.ended", &json!({ "state": "done" }), Some("import.finished")),
            ("import.ended", &json!({ "state": "failed" }), Some("import.failed")),
            ("domain.checked", &json!({ "verified": true }), Some("domain.verified")),
            ("domain.checked", &json!({ "verified": false }), Some("domain.unverified")),
            ("segment.updated", &none, None),
            ("webhook.test", &none, None),
        ] {
            assert_eq!(public_kind(kind, data), name, "{kind}");
        }
    }
}
