//! What customers are told: receipts of their messages, and what people wrote to their numbers. The change feed says
//! what happened; from there each thing goes into a queue that survives a crash, and leaves it when the customer's own
//! system has taken it.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use kernel::{ContactId, DeliveryId, EventId, SmppAccountId, Timestamp};
use store::{Batch, Ctx, params};

use super::account::{self, Account};
use super::queries as sql;
use super::submit::{fate, written};
use crate::Result;
use crate::messages::content::{Content, INCOMING};
use crate::messages::{MessageState, find};
use crate::smpp::server::{Sessions, Undelivered};
use crate::smpp::{Address, Message, Receipt, Tlvs, coding, esm, tag, time};
use crate::sms::{Concatenation, Encoding, Originator, Reference, Segments, TonNpi, segment_as};

/// Feed entries read at a time.
const CHUNK: u32 = 500;
/// Deliveries taken up at a time.
const CLAIM: usize = 50;
/// Deliveries under way to one customer at the same time.
const AT_ONCE: usize = 16;
/// Seconds for which a delivery is nobody else's.
const LEASE: i64 = 60;
/// After so many attempts a delivery is given up: three days.
const ATTEMPTS: u32 = 60;

/// The state that a feed entry tells, when it is one that ends a message.
fn ended(kind: &str) -> Option<MessageState> {
    Some(match kind {
        "sms.delivered" => MessageState::Delivered,
        "sms.failed" => MessageState::Failed,
        "sms.denied" => MessageState::Denied,
        "sms.cancelled" => MessageState::Cancelled,
        "sms.expired" => MessageState::Expired,
        "sms.in_doubt" => MessageState::InDoubt,
        _ => return None,
    })
}

/// Puts the receipts of a message that ended into the queue, each once for a state.
///
/// # Errors
/// The store's.
pub(super) async fn receipts(batch: &mut Batch, ctx: &Ctx, message: DeliveryId, state: MessageState) -> Result<usize> {
    let of: Vec<(EventId,)> = ctx.db.all(sql::OF_MESSAGE, params![ctx.workspace, message, true]).await?;
    for (submission,) in &of {
        let id: EventId = ctx.id();
        batch.push(sql::ENQUEUE_RECEIPT, params![ctx.workspace, *submission, id, state.as_str(), ctx.now()]);
        batch.push(sql::TOLD, params![ctx.workspace, *submission, state.as_str()]);
    }
    Ok(of.len())
}

/// Looks whether a message ended before its submissions were known: then the feed told of it too early.
///
/// # Errors
/// The store's.
pub(super) async fn catch_up(ctx: &Ctx, message: DeliveryId) -> Result<()> {
    let (view, _) = find(ctx, message).await?;
    if view.finished_at.is_none() {
        return Ok(());
    }
    let mut batch = ctx.batch();
    receipts(&mut batch, ctx, message, view.state).await?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Brings the workspace's queue up to the end of its feed; answers how much there was to tell.
///
/// # Errors
/// The store's.
pub(super) async fn follow(ctx: &Ctx, accounts: &[Account]) -> Result<usize> {
    let Some((mut seq,)) = ctx.db.get::<(i64,)>(sql::CURSOR, params![ctx.workspace]).await? else { return Ok(0) };
    let numbers: HashMap<&str, SmppAccountId> = accounts
        .iter()
        .flat_map(|account| account.settings.numbers.iter().map(|number| (number.as_str(), account.id)))
        .collect();
    let mut told = 0;
    loop {
        let rows = store::feed::read_after(&ctx.db, ctx.workspace, seq, CHUNK).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(told) };
        let mut batch = ctx.batch();
        batch.guard(sql::MOVE_CURSOR, params![ctx.workspace, last, seq]);
        for row in &rows {
            if let Some(state) = ended(&row.kind) {
                told += receipts(&mut batch, ctx, DeliveryId(row.entity), state).await?;
            } else if row.kind == "message.received" && !numbers.is_empty() {
                let id = EventId(row.entity);
                let number: Option<Received> = ctx.db.get(sql::RECEIVED, params![ctx.workspace, id]).await?;
                if let Some(account) = number.and_then(|row| numbers.get(row.1.as_str()).copied()) {
                    let (row, none) = (ctx.id::<EventId>(), Option::<EventId>::None);
                    let about = params![ctx.workspace, row, account, none, id, "received", ctx.now()];
                    batch.push(sql::ENQUEUE, about);
                    told += 1;
                }
            }
        }
        match ctx.db.apply(batch).await {
            // Another node was there first: its queue is everybody's.
            Err(store::Error::Guard(_)) => return Ok(told),
            other => other?,
        };
        seq = last;
    }
}

type Received = (ContactId, String, Timestamp, Option<Vec<u8>>);

store::row! {
    struct Claimed {
        id: EventId,
        submission: Option<EventId>,
        received: Option<EventId>,
        state: String,
        attempts: u32,
    }
}

/// Hands what is due to a customer's sessions; answers how much was taken.
///
/// # Errors
/// The store's.
pub(super) async fn deliver(ctx: &Ctx, account: &Account, sessions: &Sessions) -> Result<usize> {
    let mut taken = 0;
    loop {
        let now = ctx.now();
        let about = params![ctx.workspace, account.id, now, now.plus_seconds(LEASE), CLAIM];
        let claimed: Vec<Claimed> = ctx.db.returning(sql::CLAIM, about).await?;
        let full = claimed.len() == CLAIM;
        let mut stopped = claimed.is_empty();
        let handed = stream::iter(claimed).map(|one| async move {
            let outcome = hand_over(ctx, account, (&one, sessions)).await;
            (one, outcome)
        });
        let handed: Vec<_> = handed.buffered(AT_ONCE).collect().await;
        let mut batch = ctx.batch();
        for (one, outcome) in handed {
            let outcome = outcome?;
            match outcome {
                Ok(()) => {
                    batch.push(sql::DELIVERED, params![ctx.workspace, one.id]);
                    taken += 1;
                }
                Err(_) if one.attempts >= ATTEMPTS => {
                    tracing::warn!(account = %account.id, "what a customer never took was given up");
                    batch.push(sql::DELIVERED, params![ctx.workspace, one.id]);
                }
                Err(why) => {
                    stopped |= why == Undelivered::NotBound;
                    let wait = (5i64 << one.attempts.min(9)).min(3600);
                    batch.push(sql::LATER, params![ctx.workspace, one.id, ctx.now().plus_seconds(wait)]);
                }
            }
        }
        ctx.db.apply(batch).await?;
        if stopped || !full {
            return Ok(taken);
        }
    }
}

async fn hand_over(
    ctx: &Ctx,
    account: &Account,
    (one, sessions): (&Claimed, &Sessions),
) -> Result<Result<(), Undelivered>> {
    let messages = match (one.submission, one.received) {
        (Some(submission), _) => receipt(ctx, submission, &one.state).await?,
        (None, Some(received)) => words(ctx, account, received).await?,
        _ => Vec::new(),
    };
    for message in messages {
        if let Err(why) = sessions.deliver(&account.system_id, message).await {
            return Ok(Err(why));
        }
    }
    Ok(Ok(()))
}

/// The receipt of a submission; nothing when its message is gone.
async fn receipt(ctx: &Ctx, submission: EventId, state: &str) -> Result<Vec<Message>> {
    type Row = (SmppAccountId, Option<DeliveryId>, bool);
    let row: Option<Row> = ctx.db.get(sql::SUBMISSION, params![ctx.workspace, submission]).await?;
    let Some((_, Some(id), true)) = row else { return Ok(Vec::new()) };
    let Ok((view, words)) = find(ctx, id).await else { return Ok(Vec::new()) };
    let Some(state) = MessageState::named(state) else { return Ok(Vec::new()) };
    let to = words.map(|(number, ..)| number.trim_start_matches('+').to_owned()).unwrap_or_default();
    let from: Option<Originator> = view.originator.parse().ok();
    let (id, fate) = (written(submission), fate(state));
    let code: Option<String> = view.reason.filter(|code| !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()));
    let said = Receipt { message_id: id.clone(), fate, error: code };
    let done = view.finished_at.unwrap_or(ctx.now());
    let text = said.text(&time::receipt_date(view.created_at), &time::receipt_date(done));
    Ok(vec![Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: to },
        destination: Address {
            kind: from.as_ref().map(Originator::ton_npi).unwrap_or_default(),
            text: from.as_ref().map(|from| from.address().to_owned()).unwrap_or_default(),
        },
        esm_class: esm::RECEIPT,
        short_message: text.into_bytes(),
        tlvs: Tlvs::default()
            .with(tag::RECEIPTED_MESSAGE_ID, [id.as_bytes(), b"\0"].concat())
            .with(tag::MESSAGE_STATE, [fate.state()]),
        ..Message::default()
    }])
}

/// What somebody wrote, in as many parts as it takes; nothing when it is no longer kept.
async fn words(ctx: &Ctx, account: &Account, received: EventId) -> Result<Vec<Message>> {
    let row: Option<Received> = ctx.db.get(sql::RECEIVED, params![ctx.workspace, received]).await?;
    let Some((contact, number, _, Some(sealed))) = row else { return Ok(Vec::new()) };
    let subject = ctx.vault.subject(ctx.workspace, contact).await?;
    let Ok(content) = Content::open(ctx, (contact, INCOMING), &subject, &sealed) else { return Ok(Vec::new()) };
    let alphabet = account.settings.alphabet;
    let own = Encoding::of(&content.text);
    let encoding = if coding::survives(&content.text, alphabet) { own } else { Encoding::Ucs2 };
    let Ok(Segments { parts, .. }) = segment_as(encoding, &content.text, Reference::Short) else {
        return Ok(Vec::new());
    };
    let total = u8::try_from(parts.len()).unwrap_or(u8::MAX);
    let reference = u16::from(received.0[15]);
    let plain = Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: content.number.trim_start_matches('+').to_owned() },
        destination: Address { kind: smpp_kind(&number), text: number },
        data_coding: coding::data_coding(encoding, false),
        ..Message::default()
    };
    let mut out = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate().take(usize::from(total)) {
        let mut message = plain.clone();
        let mut header = Vec::new();
        if total > 1 {
            let number = u8::try_from(place + 1).unwrap_or(u8::MAX);
            header = Concatenation { reference, long: false, total, number }.octets();
            message.esm_class |= esm::HEADER;
        }
        let octets = coding::encode(encoding, part.text, (alphabet, header.len()));
        message.short_message = [header, octets].concat();
        out.push(message);
    }
    Ok(out)
}

fn smpp_kind(number: &str) -> TonNpi {
    if number.len() <= 6 { TonNpi::SHORT } else { TonNpi::INTERNATIONAL }
}

/// Accounts of a workspace with a session on this node.
pub(super) async fn bound(ctx: &Ctx, sessions: &Sessions) -> Result<(Vec<Account>, Vec<Account>)> {
    let all = account::list(ctx).await?;
    let here = all.iter().filter(|account| sessions.count(&account.system_id) > 0).cloned().collect();
    Ok((all, here))
}
