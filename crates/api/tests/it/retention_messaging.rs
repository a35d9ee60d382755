//! Canaries in the tables of messages and money.

use kernel::{BalanceEntryId, DeliveryId, EventId, LookupId, Timestamp, VerificationId};
use privacy::retention::Period;
use store::params;

use crate::retention::Years;

store::sql! {
    PUT_MESSAGE = "INSERT INTO sms_message (workspace, id, contact, purpose, topic, address, country, network, originator, encoding, parts,
            price, trial, state, reason, rule, pack, basis, claim, route, attempts, due_at, expires_at, lease_until, created_at, sealed)
        VALUES ($1, $2, $3, 'service', NULL, $3, 'SA', '', 'Barid', 'GSM_7BIT', 1, 0, $4, 3, NULL, 'r', 'p', 'contract', NULL, NULL, 1, $5,
            $5, 0, $5, $6)";
    PUT_PART = "INSERT INTO sms_part (workspace, message, number, route, remote, state, code, at) VALUES ($1, $2, 1, $2, $3, 'sent', '', $4)";
    PUT_ATTEMPT = "INSERT INTO sms_attempt (workspace, message, id, at, route, outcome) VALUES ($1, $2, $2, $3, NULL, $4)";
    PUT_INBOUND = "INSERT INTO sms_inbound (workspace, id, contact, route, number, keyword, intent, missing, created_at, sealed)
        VALUES ($1, $2, $3, $3, '966', '', 'not_optout', 0, $4, $5)";
    PUT_INBOUND_PART = "INSERT INTO sms_inbound_part (workspace, address, number, reference, total, part, at, done, sealed)
        VALUES ($1, $2, '966', 1, 2, 1, $3, $4, $5)";
    PUT_RECEIPT = "INSERT INTO sms_receipt (workspace, id, route, remote, fate, code, at) VALUES ($1, $2, $2, $3, 'delivered', '', $4)";
    PUT_CHAT_PERSON = "INSERT INTO chat_person (workspace, channel, address, subject, wrote_at, created_at, seen_at, sealed)
        VALUES ($1, $2, $3, $2, $4, $4, $4, $5)";
    PUT_CHAT_MESSAGE = "INSERT INTO chat_message (workspace, id, channel, subject, address, purpose, state, remote, rule, pack, basis, attempts,
            due_at, lease_until, created_at, sealed, file) VALUES ($1, $2, $2, $2, $3, 'service', 'sent', $4, 'r', 'p', 'contract', 1, $5, 0, $5, $6, $7)";
    PUT_CHAT_INBOUND = "INSERT INTO chat_inbound (workspace, id, channel, subject, remote, keyword, at, sealed)
        VALUES ($1, $2, $2, $2, $3, '', $4, $5)";
    PUT_CHAT_FATE = "INSERT INTO chat_fate (workspace, id, channel, remote, fate, code, at) VALUES ($1, $2, $2, $3, 'read', '', $4)";
    PUT_COUNT = "INSERT INTO sms_count (workspace, day, what, parts) VALUES ($1, $2, $3, 1)";
    PUT_LINK = "INSERT INTO short_link (code, workspace, source, message, contact, number, kind, counted, language, created_at, expires_at, target,
            sealed) VALUES ($1, $2, $3, $3, $3, 0, 'page', $4, 'en', $5, $5, $6, $7)";
    PUT_CLICK = "INSERT INTO short_click (workspace, source, id, message, number, class, at) VALUES ($1, $2, $3, $4, 0, 0, $5)";
    PUT_VERIFICATION = "INSERT INTO verification (workspace, id, service, contact, address, block, country, origin, caller, channel, trial,
            state, code, attempts, max_attempts, sends, terms, log, created_at, sent_at, expires_at, sealed)
        VALUES ($1, $2, $2, $3, $4, $5, 'SA', $6, 'system', 'sms', $7, 1, $8, 1, 3, 1, '{}', '[]', $9, $9, $9, $8)";
    PUT_SUBMISSION = "INSERT INTO smpp_submission (workspace, id, account, message, assembly, receipt, told, at) VALUES ($1, $2, $2, $2, $3, $4, '', $5)";
    PUT_LOOKUP = "INSERT INTO lookup (workspace, id, number, state, price, at) VALUES ($1, $2, $3, 'active', 0, $4)";
    PUT_RECHARGE = "INSERT INTO recharge (workspace, id, kind, state, amount, currency, made_by, session, attempts, created_at)
        VALUES ($1, $2, 'page', 'paid', 1, 'EUR', 'system', $3, 0, $4)";
    PUT_ENTRY = "INSERT INTO balance_entry (workspace, id, at, kind, amount) VALUES ($1, $2, $3, $4, -1)";
}

/// One canary in each table.
pub async fn rows(years: &mut Years) {
    let (ws, now) = (years.ctx.workspace, years.ctx.now());
    let due = |period: &str, at: Timestamp| -> Timestamp { period.parse::<Period>().unwrap().after(at) };
    let (six, day) = (due("P6M", now), due("P1D", now));
    let words = |random: [u8; 16]| format!("canary {}", data_encoding::HEXLOWER.encode(&random));
    let (id, address, sealed): (DeliveryId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_MESSAGE, params![ws, id, address, false, now, &sealed[..]]).await;
    years.watch("sms_message.address", address, six);
    years.watch("sms_message.sealed", sealed, six);
    let (remote, outcome) = (words(years.random()), words(years.random()));
    years.put(PUT_PART, params![ws, id, remote.as_str(), now]).await;
    years.watch("sms_part.remote", remote, six);
    years.put(PUT_ATTEMPT, params![ws, id, now, outcome.as_str()]).await;
    years.watch("sms_attempt.outcome", outcome, six);
    let (id, contact, sealed): (EventId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_INBOUND, params![ws, id, contact, now, &sealed[..]]).await;
    years.watch("sms_inbound.sealed", sealed, six);
    let (from, sealed) = (years.random(), years.random());
    years.put(PUT_INBOUND_PART, params![ws, from, now, false, &sealed[..]]).await;
    years.watch("sms_inbound_part.sealed", sealed, day);
    let (id, remote): (EventId, _) = (years.ctx.id(), words(years.random()));
    years.put(PUT_RECEIPT, params![ws, id, remote.as_str(), now]).await;
    years.watch("sms_receipt.remote", remote, day);
    let (code, target, contact, sealed) =
        (words(years.random()), words(years.random()), years.random(), years.random());
    years.put(PUT_LINK, params![code.as_str(), ws, contact, true, now, target.as_str(), &sealed[..]]).await;
    years.watch("short_link.target", target, six);
    years.watch("short_link.sealed", sealed, six);
    let (id, source, message): (EventId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_CLICK, params![ws, source, id, message, now]).await;
    years.watch("short_click.message", message, six);
    chat_apps(years, (six, day)).await;
    let what = words(years.random());
    years.put(PUT_COUNT, params![ws, now.day(), what.as_str()]).await;
    let midnight = Timestamp(i64::from(now.day()) * Timestamp::DAY);
    years.watch("sms_count.what", what, due("P1D", midnight));
    let (id, contact): (VerificationId, _) = (years.ctx.id(), years.random());
    let (address, block, origin, sealed) = (years.random(), years.random(), years.random(), years.random());
    let row = params![ws, id, contact, address, block, origin, false, &sealed[..], now];
    years.put(PUT_VERIFICATION, row).await;
    years.watch("verification.address", address, six);
    years.watch("verification.block", block, six);
    years.watch("verification.origin", origin, six);
    years.watch("verification.sealed", sealed, six);
    let (id, assembly): (EventId, _) = (years.ctx.id(), years.random());
    years.put(PUT_SUBMISSION, params![ws, id, assembly, false, now]).await;
    years.watch("smpp_submission.assembly", assembly, six);
    let (id, number): (LookupId, _) = (years.ctx.id(), years.random());
    years.put(PUT_LOOKUP, params![ws, id, number, now]).await;
    years.watch("lookup.number", number, day);
    let (id, kind): (BalanceEntryId, _) = (years.ctx.id(), words(years.random()));
    years.put(PUT_ENTRY, params![ws, id, now, kind.as_str()]).await;
    years.watch("balance_entry.kind", kind, due("P10Y", now));
    let (id, session): (kernel::PaymentId, _) = (years.ctx.id(), years.random());
    years.put(PUT_RECHARGE, params![ws, id, &session[..], now]).await;
    years.watch("recharge.session", session, due("P10Y", now));
}

async fn chat_apps(years: &mut Years, (six, day): (Timestamp, Timestamp)) {
    let (ws, now) = (years.ctx.workspace, years.ctx.now());
    let (channel, address, sealed) = (years.random(), years.random(), years.random());
    years.put(PUT_CHAT_PERSON, params![ws, channel, address, now, &sealed[..]]).await;
    years.watch("chat_person.address", address, six);
    years.watch("chat_person.sealed", sealed, six);
    let id: DeliveryId = years.ctx.id();
    let all: [[u8; 16]; 4] = std::array::from_fn(|_| years.random());
    years.put(PUT_CHAT_MESSAGE, params![ws, id, all[0], all[1], now, &all[2][..], &all[3][..]]).await;
    let names = ["chat_message.address", "chat_message.remote", "chat_message.sealed", "chat_message.file"];
    for (name, value) in names.into_iter().zip(all) {
        years.watch(name, value, six);
    }
    let (id, remote, sealed): (EventId, _, _) = (years.ctx.id(), years.random(), years.random());
    years.put(PUT_CHAT_INBOUND, params![ws, id, remote, now, &sealed[..]]).await;
    years.watch("chat_inbound.remote", remote, six);
    years.watch("chat_inbound.sealed", sealed, six);
    let (id, remote): (EventId, _) = (years.ctx.id(), years.random());
    years.put(PUT_CHAT_FATE, params![ws, id, remote, now]).await;
    years.watch("chat_fate.remote", remote, day);
}
