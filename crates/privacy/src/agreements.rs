//! What a member agrees to for the workspace that is no message: that a payment method is kept, that money is taken
//! from it. The agreement is the member's own act, so it stands in the ledger under their pseudonym, sealed under their
//! evidence key, with the words that they were shown. Whoever acts upon it cites its event, and asks [`standing`] first:
//! the ledger alone decides, whatever flags a table bears. What a member took back stands in the safety log, too, so that
//! a backup from before cannot bring it back.

use kernel::{ContactId, EventId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, SafetyEntry, SafetyKind};

use crate::ledger::{self, Entry, Kind};
use crate::vocabulary::{BasisKind, ConsentState, Purpose};
use crate::{Error, Result};

/// An agreement that stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The ledger event that states it.
    pub event: EventId,
    /// Since when.
    pub at: Timestamp,
    /// What was agreed to, with the words that were shown.
    pub detail: Json,
}

/// Where a statement's detail names the thing that it is about, when there may be several of a purpose.
pub const OF: &str = "of";

/// The scope, before the purpose, under which the safety log remembers what was taken back.
const TAKEN_BACK: &str = "agreement/";

/// States in the caller's batch that the member agrees ([`ConsentState::Given`]), or that it has ended otherwise than by
/// [`withdraw`]. Answers the event to cite. Each statement replaces those before it about the same purpose and, where the
/// detail names one under [`OF`], the same thing.
///
/// # Errors
/// When keys cannot be had; [`store::Error::KeyDestroyed`] when the member was erased.
pub async fn state(
    batch: &mut Batch,
    ctx: &Ctx,
    (member, purpose): (ContactId, &Purpose),
    state: ConsentState,
    detail: &Json,
) -> Result<EventId> {
    state_at(batch, ctx, (member, purpose), (state, ctx.now()), detail).await
}

async fn state_at(
    batch: &mut Batch,
    ctx: &Ctx,
    (member, purpose): (ContactId, &Purpose),
    (state, at): (ConsentState, Timestamp),
    detail: &Json,
) -> Result<EventId> {
    let mut subject_keys = ctx.vault.subject(ctx.workspace, member).await?;
    if subject_keys.evidence().is_err() && state.is_valid() {
        subject_keys = ctx.vault.create_subjects(ctx.workspace, &[member]).await?.pop().unwrap_or_default();
    }
    let entry = Entry {
        purpose: Some(purpose.as_str()),
        basis: Some(BasisKind::ExpressConsent.as_str()),
        state: Some(state.as_str()),
        ..Entry::new(Kind::Agreement, member, at, detail)
    };
    entry.push(batch, ctx, ctx.keys().await?.as_ref(), &subject_keys)
}

/// Takes agreements back: safety log first, then the ledger's events in one commit with the caller's own statements. Of a
/// member who was erased nothing more is written down: the erasure itself ended it.
///
/// # Errors
/// When the store fails; nothing may be acknowledged then.
pub async fn withdraw(ctx: &Ctx, mut batch: Batch, taken_back: &[(ContactId, Purpose)], detail: &Json) -> Result<()> {
    let at = ctx.now();
    let entry = |(member, purpose): &(ContactId, Purpose)| SafetyEntry {
        id: ctx.id(),
        kind: SafetyKind::Withdrawal,
        subject: Some(*member),
        hash: None,
        scope: format!("{TAKEN_BACK}{}", purpose.as_str()),
        reason: ConsentState::Withdrawn.as_str().to_owned(),
        at,
        done: false,
    };
    let entries: Vec<SafetyEntry> = taken_back.iter().map(entry).collect();
    ctx.vault.safety(ctx.workspace, &entries).await?;
    for (member, purpose) in taken_back {
        match state_at(&mut batch, ctx, (*member, purpose), (ConsentState::Withdrawn, at), detail).await {
            Ok(_) | Err(Error::Store(store::Error::KeyDestroyed)) => {}
            Err(error) => return Err(error),
        }
    }
    ctx.db.apply(batch).await?;
    let ids: Vec<EventId> = entries.iter().map(|entry| entry.id).collect();
    Ok(ctx.vault.complete_safety(ctx.workspace, &ids).await?)
}

/// The purpose and the member of an entry of the safety log that is about an agreement.
pub(crate) fn taken_back(entry: &SafetyEntry) -> Option<(ContactId, Purpose)> {
    let purpose = entry.scope.strip_prefix(TAKEN_BACK)?;
    entry.subject.zip(Purpose::new(purpose).ok())
}

/// Takes an agreement back again in data that hold it as it was before. What the member agreed to later stays. Answers
/// whether anything had to be done.
pub(crate) async fn take_back_again(
    ctx: &Ctx,
    (member, purpose): (ContactId, &Purpose),
    at: Timestamp,
) -> Result<bool> {
    let mut batch = ctx.batch();
    let mut any = false;
    for agreement in all(ctx, (member, purpose)).await?.into_iter().filter(|agreement| agreement.at <= at) {
        let detail = json!({ "replayed": true, OF: agreement.detail[OF] });
        state_at(&mut batch, ctx, (member, purpose), (ConsentState::Withdrawn, at), &detail).await?;
        any = true;
    }
    if any {
        ctx.db.apply(batch).await?;
    }
    Ok(any)
}

/// The agreement that `event` states, when the ledger says that it stands: it is there, it is the member's, about this
/// purpose, given, readable, and nothing came after it that ends it: no other statement about the purpose and the same
/// thing, no withdrawal in reach, no erasure.
///
/// # Errors
/// When the store fails, or the ledger does not verify.
pub async fn standing(
    ctx: &Ctx,
    (member, purpose): (ContactId, &Purpose),
    event: EventId,
) -> Result<Option<Agreement>> {
    Ok(all(ctx, (member, purpose)).await?.into_iter().find(|agreement| agreement.event == event))
}

/// Whether a statement is about the thing that an agreement is about; one that names nothing is about everything.
fn is_about(statement: &Json, agreement: &Json) -> bool {
    let (one, other) = (&statement[OF], &agreement[OF]);
    one.is_null() || other.is_null() || one == other
}

/// What the member agrees to now about a purpose, the oldest first.
async fn all(ctx: &Ctx, (member, purpose): (ContactId, &Purpose)) -> Result<Vec<Agreement>> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, member).await?);
    let mut found: Vec<Agreement> = Vec::new();
    for opened in ledger::open(ctx, &keys, member, &subject_keys).await? {
        let text = |name: &str| opened.header.get(name).and_then(Json::as_str);
        let kind: Kind = opened
            .header
            .get("kind")
            .and_then(|kind| serde_json::from_value(kind.clone()).ok())
            .ok_or(Error::Corrupt("ledger header"))?;
        let same = text("purpose") == Some(purpose.as_str());
        match kind {
            Kind::Agreement if same => {
                let given = text("state").and_then(|state| state.parse::<ConsentState>().ok());
                let event = text("id").and_then(|id| id.parse().ok());
                let at = text("at").and_then(|at| at.parse().ok());
                let detail = opened.payload.unwrap_or_default();
                found.retain(|agreement| !is_about(&detail, &agreement.detail));
                if let (true, Some(event), Some(at), true) =
                    (given.is_some_and(ConsentState::is_valid), event, at, !detail.is_null())
                {
                    found.push(Agreement { event, at, detail });
                }
            }
            Kind::Withdrawal if same || text("purpose").is_none() => found.clear(),
            Kind::Erasure => found.clear(),
            _ => {}
        }
    }
    Ok(found)
}
