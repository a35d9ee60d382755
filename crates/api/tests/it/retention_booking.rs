//! Canaries in the tables of appointments and of what was paid for them.

use kernel::{PaymentId, Timestamp};
use privacy::retention::Period;
use store::params;

use crate::retention::Years;

store::sql! {
    PUT_BOOKING = "INSERT INTO booking (workspace, id, session, event_type, contact, state, live, sequence, start_at, end_at, timezone, civil,
            attendee_timezone, language, source, sealed, no_show, created_at, updated_at)
        VALUES ($1, $2, $3, $3, $4, 'confirmed', 0, 0, $5, $5, 'Asia/Riyadh', '2026-11-21T12:00', 'Asia/Riyadh', 'ar', 'page', $6, 0, $5, $5)";
    PUT_SESSION_HOST = "INSERT INTO booking_session_host (workspace, session, host, event_type, start_at, end_at, day, assigned_at)
        VALUES ($1, $2, $3, $2, $4, $4, $5, $4)";
    PUT_HOLD = "INSERT INTO booking_hold (workspace, id, session, event_type, start_at, client, expires_at) VALUES ($1, $2, $2, $2, $3, $4, $3)";
    PUT_ABSENCE = "INSERT INTO booking_absence (workspace, id, host, from_at, to_at, created_at) VALUES ($1, $2, $3, $4, $4, $4)";
    PUT_MAIL = "INSERT INTO booking_mail (workspace, booking, source, at) VALUES ($1, $2, $3, $4)";
    PUT_IMPORT = "INSERT INTO booking_import (workspace, origin, entity, at) VALUES ($1, $2, $2, $3)";
    PUT_PAYMENT = "INSERT INTO payment (workspace, id, provider, reference, amount, currency, state, session, charge, settled_at)
        VALUES ($1, $2, 'stripe', $3, 100, 'SAR', 'paid', $4, $5, $6)";
}

/// One canary in each table.
pub async fn rows(years: &mut Years) {
    let (ws, now) = (years.ctx.workspace, years.ctx.now());
    let due = |period: &str| -> Timestamp { period.parse::<Period>().unwrap().after(now) };
    let (id, person, sealed) = (years.random(), years.random(), years.random());
    years.put(PUT_BOOKING, params![ws, id, id, person, now, &sealed[..]]).await;
    years.watch("booking.sealed", sealed, due("P365D"));
    years.watch("booking.contact", person, due("P365D"));
    let (session, host) = (years.random(), years.random());
    years.put(PUT_SESSION_HOST, params![ws, session, host, now, now.day()]).await;
    years.watch("booking_session_host.host", host, due("P365D"));
    let (client, ends) = (years.random(), now.plus_seconds(900));
    years.put(PUT_HOLD, params![ws, years.random(), ends, &client[..]]).await;
    years.watch("booking_hold.client", client, ends);
    let mail = years.random();
    years.put(PUT_MAIL, params![ws, id, mail, now]).await;
    years.watch("booking_mail.source", mail, due("P6M"));
    let origin = years.random();
    years.put(PUT_IMPORT, params![ws, origin, now]).await;
    years.watch("booking_import.origin", origin, due("P365D"));
    let away = years.random();
    years.put(PUT_ABSENCE, params![ws, years.random(), away, now]).await;
    years.watch("booking_absence.host", away, due("P365D"));
    let (id, session, charge): (PaymentId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_PAYMENT, params![ws, id, years.random(), &session[..], &charge[..], now]).await;
    years.watch("payment.session", session, due("P10Y"));
    years.watch("payment.charge", charge, due("P10Y"));
}
