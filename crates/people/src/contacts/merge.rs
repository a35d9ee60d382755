use kernel::{ContactId, Problem};
use privacy::{claims, facts};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::{load, queries, rules, write};
use crate::{Result, events, tags, topics};

/// Makes one person of two. Identities, tags, topics and events move to `kept`; values that
/// `kept` lacks are taken over with their sources; evidence is stated again in the ledger as
/// merged; a topic that either of them left stays left, and every block stays.
///
/// # Errors
/// When both are the same, or one of them is not there.
pub async fn merge(ctx: &Ctx, kept: ContactId, duplicate: ContactId) -> Result<()> {
    if kept == duplicate {
        return Err(Problem::field("duplicate", "a contact cannot be merged with itself").into());
    }
    let (mut stays, keys_of_kept) = load::one(ctx, kept).await?;
    let (goes, _) = load::one(ctx, duplicate).await?;
    rules::unite(&mut stays.profile, &goes.profile);
    let keys = ctx.keys().await?;
    let mut batch = ctx.batch();
    let sealed = write::seal(ctx, kept, &keys_of_kept, &stays.profile)?;
    batch.guard(queries::UPDATE_CONTACT, params![ctx.workspace, kept, sealed, ctx.now(), stays.version]);
    for (move_to, erase) in [
        (queries::MOVE_IDENTITIES, None),
        (tags::MOVE_TAGS, Some(tags::ERASE_TAGS)),
        (topics::MOVE_MEMBERSHIPS, Some(topics::ERASE_MEMBERSHIPS)),
        (events::MOVE_EVENTS, None),
        (queries::MOVE_MERGES, None),
    ] {
        batch.push(move_to, params![ctx.workspace, duplicate, kept]);
        if let Some(erase) = erase {
            batch.push(erase, params![ctx.workspace, duplicate]);
        }
    }
    claims::merge(&mut batch, ctx, (&keys, &keys_of_kept), kept, duplicate).await?;
    let known = facts::read(ctx, kept).await?.unwrap_or_default();
    let other = facts::read(ctx, duplicate).await?.unwrap_or_default();
    let mut united = write::facts_of(&stays.profile, known);
    united.restricted |= other.restricted;
    united.special_category |= other.special_category;
    united.birth_date = united.birth_date.or(other.birth_date);
    facts::write(&mut batch, ctx, &keys_of_kept, kept, &united)?;
    batch.guard(queries::DELETE_CONTACT, params![ctx.workspace, duplicate]);
    batch.push(queries::INSERT_MERGE, params![ctx.workspace, duplicate, kept, ctx.now()]);
    batch.feed(Feed { kind: "contact.merged", entity: kept.into(), data: json!({"from": duplicate}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Somebody who was a subject of their own until now (a visitor with whom somebody chatted, say) is this contact:
/// what rests under the subject's keys is answered and erased with the contact from now on.
pub fn adopt(batch: &mut store::Batch, ctx: &Ctx, subject: ContactId, contact: ContactId) {
    batch.push(queries::ADOPT, params![ctx.workspace, subject, contact, ctx.now()]);
}

/// Takes back what [`adopt`] said.
pub fn disown(batch: &mut store::Batch, ctx: &Ctx, subject: ContactId) {
    batch.push(queries::DISOWN, params![ctx.workspace, subject]);
}

/// The contact that a merged duplicate went into.
pub async fn merged_into(ctx: &Ctx, contact: ContactId) -> Result<Option<ContactId>> {
    let row: Option<(ContactId,)> = ctx.db.get(queries::MERGED_INTO, params![ctx.workspace, contact]).await?;
    Ok(row.map(|row| row.0))
}

/// The duplicates that went into a contact. Erasing the contact erases what is left under their
/// ids, too (messages sent to them, evidence).
pub async fn aliases(ctx: &Ctx, contact: ContactId) -> Result<Vec<ContactId>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(queries::ALIASES, params![ctx.workspace, contact]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Erases a person with everything that is left of duplicates merged into them, and gives the
/// certificate.
///
/// # Errors
/// As [`privacy::erasure::erase`]; what was begun is finished at the next start.
pub async fn erase(ctx: &Ctx, gate: &privacy::gate::Gate, contact: ContactId) -> Result<privacy::erasure::Certificate> {
    for alias in aliases(ctx, contact).await? {
        privacy::erasure::erase(ctx, gate, alias).await?;
    }
    Ok(privacy::erasure::erase(ctx, gate, contact).await?)
}
