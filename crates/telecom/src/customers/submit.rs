//! What customers submit becomes messages like any other: gate, price, parts, routes.

use kernel::{DeliveryId, EventId, Phone, Timestamp};
use privacy::vocabulary::Purpose;
use store::{Blind, Ctx, params};

use super::account::{Account, Settings};
use super::{outbox, queries as sql};
use crate::Error;
use crate::messages::reassembly::{self, Key, Whole};
use crate::messages::{MessageState, NewMessage, Sms, accept, cancel, find};
use crate::smpp::coding::{Decoded, decode};
use crate::smpp::{About, Address, Fate, Message, QueryResp, Status, time};
use crate::sms::Originator;

/// A submission's id as customers read it: 32 hexadecimal digits.
pub(super) fn written(id: EventId) -> String {
    data_encoding::HEXLOWER.encode(&id.0)
}

fn read(text: &str) -> Option<EventId> {
    let octets = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?;
    octets.try_into().ok().map(EventId)
}

/// What a refusal is called on the wire.
fn status(error: &Error) -> Status {
    match error {
        Error::Field { field: "to", .. } | Error::Country(_) => Status::INVALID_DESTINATION,
        Error::Field { field: "text", .. } => Status::INVALID_MESSAGE_LENGTH,
        Error::Field { field: "send_at", .. } => Status::INVALID_SCHEDULE,
        Error::Field { field: "validity", .. } => Status::INVALID_EXPIRY,
        Error::Sender(_) => Status::INVALID_SOURCE,
        Error::Capped(_) => Status::THROTTLED,
        Error::Store(store::Error::Unavailable(_) | store::Error::Full) => Status::QUEUE_FULL,
        Error::Store(_) => Status::SYSTEM_ERROR,
        _ => Status::SUBMIT_FAILED,
    }
}

fn number(address: &Address) -> Option<Phone> {
    let digits = address.text.trim().trim_start_matches('+').trim_start_matches("00");
    Phone::parse(&format!("+{digits}"), None).ok()
}

/// Who it is from; `None` lets the workspace's senders decide.
fn sender(address: &Address, settings: &Settings) -> Result<Option<Originator>, Status> {
    let text = address.text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let full = if address.kind.ton == 1 && !text.starts_with('+') { format!("+{text}") } else { text.to_owned() };
    let originator: Originator = full.parse().map_err(|_| Status::INVALID_SOURCE)?;
    if settings.may_use(&originator) { Ok(Some(originator)) } else { Err(Status::INVALID_SOURCE) }
}

/// When it is due, and for how many seconds from then on it may be delivered.
fn times(message: &Message, now: Timestamp) -> Result<(Option<Timestamp>, Option<u32>), Status> {
    let at = time::read(&message.schedule, now).map_err(|_| Status::INVALID_SCHEDULE)?;
    let until = time::read(&message.validity, now).map_err(|_| Status::INVALID_EXPIRY)?;
    let span = until.map(|until| (until.0 - at.unwrap_or(now).max(now).0) / Timestamp::SECOND);
    match span {
        Some(seconds) if seconds <= 0 => Err(Status::INVALID_EXPIRY),
        Some(seconds) => Ok((at, u32::try_from(seconds.clamp(60, 172_800)).ok())),
        None => Ok((at, None)),
    }
}

struct Submitted {
    id: EventId,
    message: Option<DeliveryId>,
    assembly: Option<Blind>,
    receipt: bool,
}

async fn keep(ctx: &Ctx, account: &Account, one: &Submitted) -> Result<(), Status> {
    let mut batch = ctx.batch();
    let row = params![ctx.workspace, one.id, account.id, one.message, one.assembly, one.receipt, ctx.now()];
    batch.push(sql::SUBMITTED, row);
    ctx.db.apply(batch).await.map(|_| ()).map_err(|error| status(&error.into()))
}

/// Takes a message; its id is durable when this returns. A part of a longer one waits for the others.
pub(super) async fn submit(sms: &Sms, ctx: &Ctx, account: &Account, message: Message) -> Result<String, Status> {
    let settings = &account.settings;
    let to = number(&message.destination).ok_or(Status::INVALID_DESTINATION)?;
    let from = sender(&message.source, settings)?;
    let (at, validity) = times(&message, ctx.now())?;
    let (place, header) = reassembly::place(&message);
    let octets = message.octets().get(header..).unwrap_or_default();
    let Decoded::Text(text) = decode(message.data_coding, octets, (settings.alphabet, header)) else {
        return Err(Status::SUBMIT_FAILED);
    };
    // Bits 0 and 1: whatever is asked for beyond failure alone gets the one receipt of the end.
    let receipt = message.registered_delivery & 0x03 != 0;
    let id: EventId = ctx.id();
    let purpose = Purpose::new(&settings.purpose).map_err(|_| Status::SUBMIT_FAILED)?;
    let new = NewMessage {
        from,
        purpose,
        basis: settings.basis().map_err(|error| status(&error))?,
        at,
        validity,
        flash: matches!(message.data_coding, 0x10 | 0x18 | 0xf0),
        reference: Some(written(id)),
        trial: settings.test,
        ..NewMessage::new(to, text)
    };
    let Some(part) = place.filter(|part| part.total > 1) else {
        let message = accepted(sms, ctx, new).await?;
        keep(ctx, account, &Submitted { id, message: Some(message), assembly: None, receipt }).await?;
        outbox::catch_up(ctx, message).await.map_err(|error| status(&error))?;
        return Ok(written(id));
    };
    let keys = ctx.keys().await.map_err(|_| Status::SYSTEM_ERROR)?;
    let whose = format!("{}|{}|{}", account.id, message.source.text, new.to.as_str());
    let place = format!("smpp:{}", account.id);
    let key = Key { from: keys.mac("smpp.submit", whose.as_bytes()), number: &place, part };
    let assembly = [&key.from[..], &part.reference.to_be_bytes()[..], &[part.total]].concat();
    let assembly = keys.mac("smpp.assembly", &assembly);
    keep(ctx, account, &Submitted { id, message: None, assembly: Some(assembly), receipt }).await?;
    let whole = reassembly::add(ctx, key, &new.text).await.map_err(|error| status(&error))?;
    if let Whole::Complete(text) = whole {
        let message = accepted(sms, ctx, NewMessage { text, ..new }).await?;
        let mut batch = ctx.batch();
        reassembly::taken(&mut batch, ctx, key);
        batch.push(sql::ASSEMBLED, params![ctx.workspace, assembly, message]);
        ctx.db.apply(batch).await.map_err(|error| status(&error.into()))?;
        outbox::catch_up(ctx, message).await.map_err(|error| status(&error))?;
    }
    Ok(written(id))
}

async fn accepted(sms: &Sms, ctx: &Ctx, new: NewMessage) -> Result<DeliveryId, Status> {
    let view = accept(sms, ctx, new).await.map_err(|error| {
        tracing::debug!(workspace = %ctx.workspace, problem = error.problem().code.as_str(), "a submission was refused");
        status(&error)
    })?;
    // What the gate denies is kept with its reason; the customer hears at once.
    if view.state == MessageState::Denied { Err(Status::SUBMIT_FAILED) } else { Ok(view.id) }
}

/// The fate that a state is on the wire.
pub(super) const fn fate(state: MessageState) -> Fate {
    match state {
        MessageState::Queued | MessageState::Held | MessageState::Sending | MessageState::Sent => Fate::Enroute,
        MessageState::Delivered => Fate::Delivered,
        MessageState::Failed => Fate::Undeliverable,
        MessageState::Denied => Fate::Rejected,
        MessageState::Cancelled => Fate::Deleted,
        MessageState::InDoubt => Fate::Unknown,
        MessageState::Expired => Fate::Expired,
    }
}

/// The message of a customer's own submission.
async fn own(ctx: &Ctx, account: &Account, about: &About) -> Option<Option<DeliveryId>> {
    type Row = (kernel::SmppAccountId, Option<DeliveryId>, bool);
    let id = read(&about.message_id)?;
    let row: Option<Row> = ctx.db.get(sql::SUBMISSION, params![ctx.workspace, id]).await.ok()?;
    row.filter(|row| row.0 == account.id).map(|row| row.1)
}

pub(super) async fn query(ctx: &Ctx, account: &Account, about: About) -> Result<QueryResp, Status> {
    let known = own(ctx, account, &about).await.ok_or(Status::INVALID_MESSAGE_ID)?;
    let enroute =
        QueryResp { message_id: about.message_id.clone(), state: Fate::Enroute.state(), ..QueryResp::default() };
    let Some(message) = known else { return Ok(enroute) };
    let (view, _) = find(ctx, message).await.map_err(|_| Status::QUERY_FAILED)?;
    let final_date = view.finished_at.map(time::absolute).unwrap_or_default();
    Ok(QueryResp { final_date, state: fate(view.state).state(), ..enroute })
}

pub(super) async fn take_back(ctx: &Ctx, account: &Account, about: About) -> Result<(), Status> {
    let known = own(ctx, account, &about).await.ok_or(Status::INVALID_MESSAGE_ID)?;
    let message = known.ok_or(Status::CANCEL_FAILED)?;
    cancel(ctx, message).await.map(|_| ()).map_err(|_| Status::CANCEL_FAILED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_as_written() {
        let id = EventId([0xab; 16]);
        assert_eq!(read(&written(id)), Some(id));
        assert_eq!(read(&written(id).to_uppercase()), Some(id));
        for wrong in ["", "ab", "zz", &"a".repeat(64)] {
            assert_eq!(read(wrong), None);
        }
    }

    #[test]
    fn times_as_customers_write_them() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let message = |schedule: &str, validity: &str| Message {
            schedule: schedule.into(),
            validity: validity.into(),
            ..Message::default()
        };
        assert_eq!(times(&message("", ""), now), Ok((None, None)));
        assert_eq!(times(&message("", "000000010000000R"), now), Ok((None, Some(3600))));
        let later = now.plus_seconds(7200);
        assert_eq!(times(&message("000000020000000R", "000000030000000R"), now), Ok((Some(later), Some(3600))));
        assert_eq!(times(&message("x", ""), now), Err(Status::INVALID_SCHEDULE));
        assert_eq!(times(&message("", "261122090000000+"), now), Err(Status::INVALID_EXPIRY));
    }
}
