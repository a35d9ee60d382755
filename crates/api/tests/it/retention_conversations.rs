//! Canaries in the tables of conversations.

use privacy::retention::Period;
use store::params;

use crate::retention::Years;

store::sql! {
    PUT_VISITOR = "INSERT INTO visitor (workspace, id, widget, contact, outside, sealed, tracking, visits, banned_until, created_at, seen_at, version)
        VALUES ($1, $2, NULL, NULL, NULL, $3, $5, 1, NULL, $4, $4, 1)";
    PUT_CONVERSATION = "INSERT INTO conversation (workspace, id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at)
        VALUES ($1, $2, $3, NULL, NULL, 'web_chat', NULL, NULL, NULL, NULL, 'closed', 'unassigned', $2, 1, 1, NULL, NULL, NULL, NULL, NULL, $4, 1, $5, $5)";
    PUT_THREAD = "INSERT INTO conversation_thread (workspace, id, conversation, subject, n, grp, agent, first_seq, started_at, ended_at, ended_by, first_response_at, score, sealed)
        VALUES ($1, $2, $2, $3, 1, NULL, NULL, 1, $5, $5, 'agent', NULL, 1, $4)";
    PUT_CHAT_EVENT = "INSERT INTO conversation_event (workspace, conversation, seq, subject, thread, n, at, kind, visibility, author_kind, author, client, deleted, sealed)
        VALUES ($1, $2, 1, $3, $2, 1, $5, 'message', 'all', 'visitor', NULL, NULL, $6, $4)";
    PUT_CHAT_SEEN = "INSERT INTO conversation_seen (workspace, conversation, who, is_agent, seq, at) VALUES ($1, $2, $3, $5, 1, $4)";
    PUT_CHAT_FILE = "INSERT INTO conversation_file (workspace, id, conversation, subject, by_agent, used, state, size, created_at, sealed, content)
        VALUES ($1, $2, $3, $4, $6, $7, 'clean', 1, $5, $8, $9)";
    PUT_SHARE = "INSERT INTO conversation_share (workspace, conversation, key_id, recipient, subject, n, sealed, at)
        VALUES ($1, $2, $2, $2, $3, 1, $4, $5)";
    PUT_LINE = "INSERT INTO conversation_line (workspace, line, conversation, subject, at) VALUES ($1, $2, $3, $4, $5)";
    PUT_CARRIED = "INSERT INTO conversation_delivery (workspace, conversation, seq, subject, message, state, reason, parts, price, at)
        VALUES ($1, $2, 1, $3, $4, 'sent', NULL, 1, 1, $5)";
    PUT_LETTER = "INSERT INTO correspondence (workspace, source, about, at) VALUES ($1, $2, $3, $4)";
}

/// One canary in each table.
pub async fn rows(years: &mut Years) {
    let (ws, now) = (years.ctx.workspace, years.ctx.now());
    let six = "P6M".parse::<Period>().unwrap().after(now);
    let (visitor, subject, id) = (years.random(), years.random(), years.random());
    let sealed: [[u8; 16]; 8] = std::array::from_fn(|_| years.random());
    years.put(PUT_VISITOR, params![ws, visitor, &sealed[0][..], now, false]).await;
    years.put(PUT_CONVERSATION, params![ws, id, subject, &sealed[1][..], now]).await;
    years.put(PUT_THREAD, params![ws, id, subject, &sealed[2][..], now]).await;
    years.put(PUT_CHAT_EVENT, params![ws, id, subject, &sealed[3][..], now, false]).await;
    let reader = years.random();
    years.put(PUT_CHAT_SEEN, params![ws, id, reader, now, false]).await;
    let values = params![ws, years.random(), id, subject, now, false, true, &sealed[4][..], &sealed[5][..]];
    years.put(PUT_CHAT_FILE, values).await;
    years.put(PUT_LETTER, params![ws, sealed[6], id, now]).await;
    years.put(PUT_SHARE, params![ws, id, subject, &sealed[7][..], now]).await;
    let (line, message) = (years.random(), years.random());
    years.put(PUT_LINE, params![ws, line, id, subject, now]).await;
    years.watch("conversation_line.line", line, six);
    years.put(PUT_CARRIED, params![ws, id, subject, message, now]).await;
    years.watch("conversation_delivery.message", message, six);
    let names = [
        "visitor.sealed",
        "conversation.sealed",
        "conversation_thread.sealed",
        "conversation_event.sealed",
        "conversation_file.sealed",
        "conversation_file.content",
        "correspondence.source",
        "conversation_share.sealed",
    ];
    for (name, sealed) in names.into_iter().zip(sealed) {
        years.watch(name, sealed, six);
    }
    years.watch("conversation_seen.who", reader, six);
}
