//! What a member agrees to for the workspace that is no message: that a payment method is kept, that money is taken
//! from it. The agreement is the member's own act, so it stands in the ledger under their pseudonym, sealed under their
//! evidence key, with the words that they were shown. Whoever acts upon it cites its event, and asks [`standing`] first:
//! the ledger alone decides, whatever flags a table bears.

use kernel::{ContactId, EventId, Timestamp};
use serde_json::Value as Json;
use store::{Batch, Ctx};

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

/// States in the caller's batch that the member agrees ([`ConsentState::Given`]), takes it back
/// ([`ConsentState::Withdrawn`]), or that it has ended otherwise. Answers the event to cite. Each statement replaces
/// those before it about the same purpose.
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
    let mut subject_keys = ctx.vault.subject(ctx.workspace, member).await?;
    if subject_keys.evidence().is_err() && state.is_valid() {
        subject_keys = ctx.vault.create_subjects(ctx.workspace, &[member]).await?.pop().unwrap_or_default();
    }
    let entry = Entry {
        purpose: Some(purpose.as_str()),
        basis: Some(BasisKind::ExpressConsent.as_str()),
        state: Some(state.as_str()),
        ..Entry::new(Kind::Agreement, member, ctx.now(), detail)
    };
    entry.push(batch, ctx, ctx.keys().await?.as_ref(), &subject_keys)
}

/// The agreement that `event` states, when the ledger says that it stands: it is there, it is the member's, about this
/// purpose, given, readable, and nothing came after it that ends it: no other statement about the purpose, no withdrawal in
/// reach, no erasure.
///
/// # Errors
/// When the store fails, or the ledger does not verify.
pub async fn standing(
    ctx: &Ctx,
    (member, purpose): (ContactId, &Purpose),
    event: EventId,
) -> Result<Option<Agreement>> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, member).await?);
    let mut found = None;
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
                let ours = text("id") == Some(event.to_string().as_str());
                let at = text("at").and_then(|at| at.parse().ok());
                found = match (ours && given.is_some_and(ConsentState::is_valid), at, opened.payload) {
                    (true, Some(at), Some(detail)) => Some(Agreement { event, at, detail }),
                    _ => None,
                };
            }
            Kind::Withdrawal if same || text("purpose").is_none() => found = None,
            Kind::Erasure => found = None,
            _ => {}
        }
    }
    Ok(found)
}
