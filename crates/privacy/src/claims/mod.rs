//! What processing rests on: one statement of evidence becomes a ledger event and a row of the
//! current state. The rows are a projection: [`rebuild`] makes them anew from the ledger, and a
//! test compares both.
//!
//! The rule of the projection: events apply in ledger order; a statement replaces the row of its
//! purpose, channel, topic and basis unless that row speaks of a later instant; a withdrawal marks
//! every row in its reach that is not later than itself. So a file imported today with a consent
//! of last year never overrides last month's withdrawal.

mod merge;
mod projection;
pub(crate) mod queries;
mod record;
mod statement;

pub use merge::merge;
pub use projection::{from_ledger, rebuild};
pub use record::{Evidence, Stated, record};
pub use statement::{Claim, DoubleOptIn, Statement, missing_evidence, state};

pub(crate) use projection::{Reach, withdraw_rows};
pub(crate) use statement::{ClaimRow, NO_TOPIC, SEALED_COLUMN};

use kernel::{ContactId, Timestamp};
use store::{Ctx, params};

use crate::Result;

/// Everything a person's processing rests on at present, whatever its state.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn list(ctx: &Ctx, subject: ContactId) -> Result<Vec<Claim>> {
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let rows: Vec<ClaimRow> = ctx.db.all(queries::CLAIMS_OF, params![ctx.workspace, subject]).await?;
    rows.into_iter().map(|row| row.open(ctx, subject, &keys)).collect()
}

/// States the expiry of claims whose time has run out, at most `limit` of them; answers how many.
/// The gate does not wait for this: it denies from the instant of expiry on.
///
/// # Errors
/// When the store fails.
pub async fn expire_due(ctx: &Ctx, now: Timestamp, limit: u32) -> Result<u64> {
    let rows: Vec<(ContactId, String, String, kernel::TopicId, String, Timestamp)> =
        ctx.db.all(queries::CLAIMS_DUE, params![ctx.workspace, now, limit]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let keys = ctx.keys().await?;
    let subjects: Vec<ContactId> = rows.iter().map(|row| row.0).collect();
    let subject_keys = ctx.vault.subjects(ctx.workspace, &subjects).await?;
    let mut batch = ctx.batch();
    let mut stated = 0;
    for ((subject, purpose, channel, topic, basis, expired), subject_keys) in rows.into_iter().zip(&subject_keys) {
        if subject_keys.evidence().is_err() || subject_keys.data().is_err() {
            continue;
        }
        let corrupt = || crate::Error::Corrupt("claim");
        let statement = Statement {
            subject,
            purpose: purpose.parse().map_err(|_| corrupt())?,
            channel: channel.parse().map_err(|_| corrupt())?,
            topic: (topic != NO_TOPIC).then_some(topic),
            basis: basis.parse().map_err(|_| corrupt())?,
            state: crate::vocabulary::ConsentState::Expired,
            at: expired,
            expires_at: None,
            detail: serde_json::json!({"why": "its time ran out"}),
        };
        state(&mut batch, ctx, &keys, subject_keys, statement)?;
        stated += 1;
    }
    ctx.db.apply(batch).await?;
    Ok(stated)
}

/// A claim without its sealed terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// For what.
    pub purpose: crate::vocabulary::Purpose,
    /// On which basis.
    pub basis: crate::vocabulary::BasisKind,
    /// In which state it is.
    pub state: crate::vocabulary::ConsentState,
    /// Since when.
    pub at: Timestamp,
    /// The first instant at which it no longer holds.
    pub expires_at: Option<Timestamp>,
    /// Whether it ever held: a row that only says "requested" or "refused" never did.
    pub was_given: bool,
}

/// What processing of each person rests or rested on, in their order, without opening anything.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn standing(ctx: &Ctx, subjects: &[ContactId]) -> Result<Vec<Vec<Standing>>> {
    let sets = subjects.iter().map(|subject| params![ctx.workspace, *subject]).collect();
    let rows: Vec<Vec<ClaimRow>> = ctx.db.many(queries::CLAIMS_UNORDERED, sets).await?;
    let corrupt = || crate::Error::Corrupt("claim");
    let read = |row: ClaimRow| -> Result<Standing> {
        let state: crate::vocabulary::ConsentState = row.state.parse().map_err(|_| corrupt())?;
        Ok(Standing {
            purpose: row.purpose.parse().map_err(|_| corrupt())?,
            basis: row.basis.parse().map_err(|_| corrupt())?,
            state,
            at: row.at,
            expires_at: row.expires_at,
            was_given: !matches!(
                state,
                crate::vocabulary::ConsentState::Requested | crate::vocabulary::ConsentState::Refused
            ),
        })
    };
    rows.into_iter().map(|rows| rows.into_iter().map(read).collect()).collect()
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    keys: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<ClaimRow> = ctx.db.all(queries::CLAIMS_OF, params![ctx.workspace, subject]).await?;
        rows.into_iter()
            .map(|row| {
                let claim = row.open(ctx, subject, keys).map_err(|error| error.problem())?;
                Ok(serde_json::to_value(claim).unwrap_or_default())
            })
            .collect()
    })
}

store::personal!(store::PersonalTable {
    table: "claim",
    class: "marketing.contact",
    subject: "subject",
    columns: &["sealed"],
    erase: &[queries::ERASE_CLAIMS],
    kept: None,
    collect: Some(collect),
});
