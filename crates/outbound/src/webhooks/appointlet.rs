//! What a message says as Appointlet would: `{"id", "type": "Activity", "created_at", "action", "message", "metadata",
//! "entity"}`. Appointments only; as everywhere, ids and instants leave the house, names and addresses do not.

use kernel::BookingId;
use serde_json::json;

use super::payload::Told;

/// Appointlet's word for what happened; `first` tells a booking that was just made from one that was approved.
fn verb(kind: &str, first: bool) -> Option<&'static str> {
    Some(match kind {
        "booking.confirmed" | "booking.pending" if first => "scheduled",
        "booking.confirmed" => "approved",
        "booking.cancelled" => "cancelled",
        "booking.declined" => "declined",
        "booking.rescheduled" => "rescheduled",
        "booking.reminded" => "reminded",
        _ => return None,
    })
}

/// Whether Appointlet tells of it at all.
pub(super) fn speaks_of(kind: &str) -> bool {
    verb(kind, true).is_some()
}

/// The body of a message.
pub(super) fn body(told: &Told<'_>) -> Vec<u8> {
    let of = |name: &str| told.data.get(name).cloned().unwrap_or_default();
    let first = told.data["new"] == true;
    let verb = verb(told.kind, first).unwrap_or("scheduled");
    // A seat of a group's session is an attendee's matter; so is a reminder.
    let whose = if told.data["group"] == true || verb == "reminded" { "Attendee" } else { "Meeting" };
    let action = format!("{whose} {verb}");
    let stands = !matches!(verb, "cancelled" | "declined") && told.kind != "booking.pending";
    json!({
        "id": told.id,
        "type": "Activity",
        "created_at": told.at,
        "action": action,
        "message": action,
        "metadata": { "workspace": told.workspace, "event_type": of("event_type"), "sequence": of("sequence") },
        "entity": {
            "id": BookingId(told.entity),
            "type": whose,
            "name": null,
            "location": null,
            "location_type": null,
            "start": of("start"),
            "end": of("end"),
            "approved": stands,
            "confirmed": stands,
            "cancelled": verb == "cancelled",
        },
    })
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use kernel::{EventId, Timestamp, WorkspaceId};
    use serde_json::Value as Json;

    use super::*;

    fn told(kind: &str, data: &Json) -> Json {
        let told = Told {
            id: EventId([1; 16]),
            kind,
            at: Timestamp(0),
            workspace: WorkspaceId([2; 16]),
            entity: [3; 16],
            data,
        };
        serde_json::from_slice(&body(&told)).unwrap()
    }

    #[test]
    fn every_action_has_its_name() {
        let plain = json!({ "sequence": 0, "start": "2026-12-01T09:00:00Z", "end": "2026-12-01T09:30:00Z" });
        let fresh = json!({ "new": true, "group": true, "name": "Lina" });
        for (kind, data, action, approved) in [
            ("booking.confirmed", &plain, "Meeting approved", true),
            ("booking.confirmed", &fresh, "Attendee scheduled", true),
            ("booking.pending", &json!({ "new": true }), "Meeting scheduled", false),
            ("booking.rescheduled", &plain, "Meeting rescheduled", true),
            ("booking.cancelled", &plain, "Meeting cancelled", false),
            ("booking.declined", &plain, "Meeting declined", false),
            ("booking.reminded", &plain, "Attendee reminded", true),
        ] {
            let body = told(kind, data);
            assert_eq!(
                (body["action"].as_str(), &body["entity"]["approved"]),
                (Some(action), &json!(approved)),
                "{kind}"
            );
            assert_eq!(body["type"], "Activity");
            assert_eq!(body["entity"]["start"], data["start"]);
            assert!(!body.to_string().contains("Lina"), "nobody is named");
        }
        assert!(!speaks_of("contact.created") && speaks_of("booking.pending"));
    }
}
