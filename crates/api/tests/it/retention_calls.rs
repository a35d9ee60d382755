//! Canaries in the tables of calls.

use kernel::{CallId, EventId, RecordingId, Timestamp};
use privacy::retention::Period;
use store::params;

use crate::retention::Years;

store::sql! {
    PUT_CALL = "INSERT INTO voice_call (workspace, id, contact, direction, purpose, topic, address, country, number, flow, trunk, ring, longest,
            price, trial, state, reason, rule, pack, basis, claim, due_at, expires_at, claimed_at, lease_until, created_at, seconds, cost, sealed)
        VALUES ($1, $2, $3, 'outbound', 'service', NULL, $3, 'SA', '', NULL, NULL, 30, 60, 0, $4, 4, NULL, 'r', 'p', 'contract', NULL, $5,
            $5, 0, 0, $5, 1, 0, $6)";
    PUT_EVENT = "INSERT INTO call_event (workspace, call, id, leg, at, kind, detail) VALUES ($1, $2, $3, 0, $4, 'step', $5)";
    PUT_RECORDING = "INSERT INTO call_recording (workspace, id, call, contact, seconds, ended, created_at, sealed)
        VALUES ($1, $2, $3, $4, 1, 'full', $5, $6)";
}

/// One canary in each table.
pub async fn rows(years: &mut Years) {
    let (ws, now) = (years.ctx.workspace, years.ctx.now());
    let due = |period: &str, at: Timestamp| -> Timestamp { period.parse::<Period>().unwrap().after(at) };
    let (id, address, sealed): (CallId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_CALL, params![ws, id, address, false, now, &sealed[..]]).await;
    years.watch("voice_call.address", address, due("P6M", now));
    years.watch("voice_call.sealed", sealed, due("P6M", now));
    let (event, detail): (EventId, _) =
        (years.ctx.id(), format!("canary {}", data_encoding::HEXLOWER.encode(&years.random())));
    years.put(PUT_EVENT, params![ws, id, event, now, detail.as_str()]).await;
    years.watch("call_event.detail", detail, due("P6M", now));
    let (recording, contact, sealed): (RecordingId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_RECORDING, params![ws, recording, id, contact, now, &sealed[..]]).await;
    years.watch("call_recording.sealed", sealed, due("P30D", now));
}
