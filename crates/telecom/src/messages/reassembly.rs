//! Parts of incoming messages, kept sealed until all are there.

use kernel::Timestamp;
use store::{Blind, Ctx, params};

use super::queries as sql;
use crate::Result;
use crate::smpp::{Message, esm, tag};
use crate::sms::{Concatenation, PATIENCE, UserDataHeader};

/// Where parts are sealed.
const SEALED: &str = "sms_inbound_part.sealed";

/// The place of a message among its parts, and how many octets of its content are a header.
pub(crate) fn place(message: &Message) -> (Option<Concatenation>, usize) {
    if message.esm_class & esm::HEADER != 0 {
        let octets = message.octets();
        if let Ok((header, rest)) = UserDataHeader::parse(octets) {
            return (header.concatenation, octets.len() - rest.len());
        }
        return (None, 0);
    }
    let number = |tag| message.tlvs.number(tag);
    let (reference, total, part) = (number(tag::SAR_REFERENCE), number(tag::SAR_TOTAL), number(tag::SAR_NUMBER));
    let (Some(reference), Some(total), Some(part)) = (reference, total, part) else { return (None, 0) };
    let (Ok(total), Ok(number)) = (u8::try_from(total), u8::try_from(part)) else { return (None, 0) };
    let part = Concatenation { reference: reference as u16, long: true, total, number };
    (part.is_sound().then_some(part), 0)
}

/// What became of a part.
pub(crate) enum Whole {
    /// The text of all parts in order.
    Complete(String),
    /// Others are missing, or it was there already.
    Waiting,
}

store::row! {
    struct Kept {
        part: u32,
        at: Timestamp,
        done: bool,
        sealed: Vec<u8>,
    }
}

/// Which message a part belongs to: from whom, to which number, its place.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    pub(crate) from: Blind,
    pub(crate) number: &'a str,
    pub(crate) part: Concatenation,
}

impl Key<'_> {
    fn reference(&self) -> i64 {
        // References of eight and of sixteen bits are apart.
        i64::from(self.part.reference) + if self.part.long { 1 << 16 } else { 0 }
    }
}

/// Keeps a part; the whole text when it was the last that was missing.
///
/// # Errors
/// The store's.
pub(crate) async fn add(ctx: &Ctx, key: Key<'_>, text: &str) -> Result<Whole> {
    let (keys, now) = (ctx.keys().await?, ctx.now());
    let (workspace, from, number) = (ctx.workspace, key.from, key.number.to_owned());
    let (reference, total, part) = (key.reference(), i64::from(key.part.total), i64::from(key.part.number));
    let text = text.to_owned();
    let done = ctx.db.tx(move |tx| {
        let about = || params![workspace, from, number.as_str(), reference, total];
        let kept: Vec<Kept> = tx.all(sql::KEPT_PARTS, about())?;
        let old = kept.first().is_some_and(|first| now >= first.at.plus_seconds(PATIENCE));
        let same = kept.iter().find(|known| i64::from(known.part) == part);
        let again = same.map(|known| keys.open(SEALED, &known.sealed)).transpose()?;
        let another = again.as_ref().is_some_and(|known| known != text.as_bytes());
        if old || another || kept.first().is_some_and(|first| first.done) && again.is_none() {
            // The same reference used again for another message.
            tx.exec(sql::FORGET_PARTS, about())?;
        } else if again.is_some() {
            // Brought twice. When it completed the message and nobody could take that, it does so again.
            return whole(&keys, &kept, total);
        }
        let sealed = keys.seal(SEALED, text.as_bytes());
        tx.exec(sql::KEEP_PART, params![workspace, from, number.as_str(), reference, total, part, now, false, sealed])?;
        let kept: Vec<Kept> = tx.all(sql::KEPT_PARTS, about())?;
        whole(&keys, &kept, total)
    });
    Ok(done.await?.map_or(Whole::Waiting, Whole::Complete))
}

fn whole(keys: &store::WorkspaceKeys, kept: &[Kept], total: i64) -> store::Result<Option<String>> {
    if (kept.len() as i64) < total || kept.iter().any(|part| part.done) {
        return Ok(None);
    }
    let mut text = String::new();
    for part in kept {
        text.push_str(&String::from_utf8_lossy(&keys.open(SEALED, &part.sealed)?));
    }
    Ok(Some(text))
}

/// Notes, in the batch that keeps the whole, that its parts are used up; the batch fails with
/// [`store::Error::Guard`] when somebody else kept it meanwhile. Parts stay a day, so that one that is brought
/// twice is recognised.
pub(crate) fn taken(batch: &mut store::Batch, ctx: &Ctx, key: Key<'_>) {
    let (reference, total) = (key.reference(), i64::from(key.part.total));
    let about = params![ctx.workspace, key.from, key.number, reference, total, true];
    let mut first = about.clone();
    first.extend(params![false]);
    batch.guard(sql::TAKE_PARTS, first);
    batch.push(sql::PARTS_TAKEN, about);
}
