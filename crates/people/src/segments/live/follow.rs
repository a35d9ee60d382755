use std::collections::BTreeSet;

use kernel::{ContactId, RawId, TagId, Timestamp};
use serde_json::Value as Json;
use store::Ctx;
use store::feed::{self, FeedRow};

use super::catalog::{Catalog, tag_key};
use super::{Ready, Slot, rows};
use crate::Result;
use crate::segments::conditions::LabelKey;

/// How many feed entries are taken in at a time.
const ENTRIES: u32 = 1_000;
/// How many contacts are read again at a time.
const CONTACTS: usize = 2_000;
/// Ids carry the time they were made at. An event's id is made shortly before its commit, so looking
/// back this far from the feed entry of the same commit finds it.
const MARGIN_SECONDS: i64 = 600;

/// What the feed says has to be read again.
#[derive(Default)]
struct Stale {
    contacts: BTreeSet<ContactId>,
    /// Contacts to whom something happened that changes no value of theirs.
    active: BTreeSet<ContactId>,
    /// Contacts whose events came from somebody else, too.
    merged: BTreeSet<ContactId>,
}

impl Stale {
    fn of(entries: &[FeedRow]) -> Self {
        let mut stale = Self::default();
        for entry in entries {
            if ["contact.", "topic.", "consent."].iter().any(|prefix| entry.kind.starts_with(prefix)) {
                stale.contacts.insert(ContactId(entry.entity));
            }
            // A campaign tells of every message: reading all of its people anew would cost more than sending.
            let named = if entry.kind.starts_with("message.") { &mut stale.active } else { &mut stale.contacts };
            for key in ["contact", "contacts", "from"] {
                match entry.data.get(key) {
                    Some(Json::Array(list)) => named.extend(list.iter().filter_map(contact)),
                    Some(json) => named.extend(contact(json)),
                    None => {}
                }
            }
            if entry.kind == "contact.merged" {
                stale.merged.insert(ContactId(entry.entity));
            }
        }
        stale
    }
}

/// The tag that stays and the one that went into it.
fn merged_tag(entry: &FeedRow) -> Option<(LabelKey, LabelKey)> {
    let from: TagId = entry.data.get("from").filter(|_| entry.kind == "tag.merged")?.as_str()?.parse().ok()?;
    Some((tag_key(TagId(entry.entity)), tag_key(from)))
}

fn contact(json: &Json) -> Option<ContactId> {
    json.as_str()?.parse().ok()
}

/// The least id that was made at `at`.
fn floor(at: Timestamp) -> RawId {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&at.as_millis().max(0).to_be_bytes()[2..]);
    id
}

/// Takes in what was committed since the index last looked. `false` when entries are missing (they
/// were trimmed meanwhile), so that the index must be rebuilt. The caller holds the slot's turn.
pub(super) async fn catch_up(ctx: &Ctx, slot: &Slot) -> Result<bool> {
    let Some(mut position) = slot.position() else { return Ok(false) };
    loop {
        let entries = feed::read_after(&ctx.db, ctx.workspace, position, ENTRIES).await?;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return Ok(feed::head(&ctx.db, ctx.workspace).await? <= position);
        };
        if first.seq != position + 1 {
            return Ok(false);
        }
        let (whole, seq) = (entries.len() < ENTRIES as usize, last.seq);
        take_in(ctx, slot, &entries, seq).await?;
        position = seq;
        if whole {
            return Ok(true);
        }
    }
}

async fn take_in(ctx: &Ctx, slot: &Slot, entries: &[FeedRow], seq: i64) -> Result<()> {
    let stale = Stale::of(entries);
    let ids: Vec<_> = stale.contacts.iter().copied().collect();
    let earliest = entries.iter().map(|entry| entry.at).min().unwrap_or_default();
    let recent = floor(earliest.plus_seconds(-MARGIN_SECONDS));
    // One entry of an import names many contacts: memory holds a few at a time.
    for ids in ids.chunks(CONTACTS) {
        read_again(ctx, slot, ids, &stale.merged, recent).await?;
    }
    let active: Vec<_> = stale.active.difference(&stale.contacts).copied().collect();
    for ids in active.chunks(CONTACTS) {
        read_events(ctx, slot, ids, recent).await?;
    }
    let catalog = Catalog::load(ctx).await?;
    slot.write(|ready| {
        // Whoever was read again above has the right tags already, and nothing of the one that went.
        for (into, from) in entries.iter().filter_map(merged_tag) {
            ready.index.merge_tag(&into, &from);
        }
        ready.catalog = catalog;
        ready.position = seq;
    })
}

/// Reads contacts again: all of their values, and the events that were added since `recent`.
async fn read_again(
    ctx: &Ctx,
    slot: &Slot,
    ids: &[ContactId],
    merged: &BTreeSet<ContactId>,
    recent: RawId,
) -> Result<()> {
    let floors: Vec<_> = slot.read(|ready| {
        let is_old = |id: &ContactId| ready.index.contains(*id) && !merged.contains(id);
        ids.iter().map(|id| (*id, if is_old(id) { recent } else { [0; 16] })).collect()
    })?;
    let docs = rows::contacts(ctx, ids).await?;
    let events = rows::events_since(ctx, &floors).await?;
    slot.write(|ready| {
        for id in ids {
            match docs.get(id) {
                Some(doc) => ready.index.upsert(*id, doc),
                None => {
                    ready.index.remove(*id);
                }
            }
        }
        for stored in &events {
            ready.index.event_once(stored.contact, &stored.event);
        }
    })
}

/// Reads the events that were added since `recent`. Somebody whom the index does not know has none that count.
async fn read_events(ctx: &Ctx, slot: &Slot, ids: &[ContactId], recent: RawId) -> Result<()> {
    let floors: Vec<_> =
        slot.read(|ready| ids.iter().filter(|id| ready.index.contains(**id)).map(|id| (*id, recent)).collect())?;
    let events = rows::events_since(ctx, &floors).await?;
    slot.write(|ready| {
        for stored in &events {
            ready.index.event_once(stored.contact, &stored.event);
        }
    })
}

/// Reads a whole workspace. `progress` hears how many contacts are in.
pub(super) async fn build(ctx: &Ctx, expected: usize, progress: impl Fn(u64)) -> Result<Ready> {
    // The position comes first: what is committed while we read is taken in again afterwards.
    let position = feed::head(&ctx.db, ctx.workspace).await?;
    let catalog = Catalog::load(ctx).await?;
    let mut index = crate::segments::Index::with_capacity(expected);
    let mut after = ContactId([0; 16]);
    while let Some((docs, last)) = rows::contacts_after(ctx, after).await? {
        for (id, doc) in &docs {
            index.upsert(*id, doc);
        }
        after = last;
        progress(index.len() as u64);
    }
    let mut place = (ContactId([0; 16]), Timestamp(i64::MIN), [0; 16]);
    loop {
        let events = rows::events_after(ctx, place).await?;
        let Some(last) = events.last() else { break };
        place = (last.contact, last.event.at, last.id);
        for stored in &events {
            index.event(stored.contact, &stored.event);
        }
    }
    index.shrink_to_fit();
    Ok(Ready { index, position, catalog })
}
