//! What the gate must know about a person, in one sealed row: people writes it in the batch that
//! changes the contact, so both always agree.

use kernel::{ContactId, Date, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Ctx, SubjectKeys, params};

use crate::vocabulary::RecipientType;
use crate::{Error, Result};

const COLUMN: &str = "gate_subject.sealed";

store::sql! {
    UPSERT_FACTS = "INSERT INTO gate_subject (workspace, subject, sealed, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, subject) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at";
    pub(crate) FACTS = "SELECT sealed FROM gate_subject WHERE workspace = $1 AND subject = $2";
    pub(crate) SUBJECTS_AFTER = "SELECT subject FROM gate_subject WHERE workspace = $1 AND subject > $2
        ORDER BY subject LIMIT $3";
    ERASE_FACTS = "DELETE FROM gate_subject WHERE workspace = $1 AND subject = $2";
}

/// The facts of one person that decisions rest on. Absent means unknown, and unknown is strictest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectFacts {
    /// Country of residence, else of the phone number, else as declared (ISO 3166, two letters).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The state within the United States (two letters), for its own hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub us_state: Option<String>,
    /// Who is behind the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient_type: Option<RecipientType>,
    /// Plausible time zones (IANA); quiet hours hold in all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub time_zones: Vec<String>,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Put aside by a member; not written to.
    #[serde(skip_serializing_if = "is_false")]
    pub archived: bool,
    /// Processing is restricted (GDPR Art. 18).
    #[serde(skip_serializing_if = "is_false")]
    pub restricted: bool,
    /// Since when: what the person asked for later may be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted_since: Option<Timestamp>,
    /// Special categories of data (GDPR Art. 9) are involved.
    #[serde(skip_serializing_if = "is_false")]
    pub special_category: bool,
    /// What the phone number may be used for; empty means unstated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phone_purposes: Vec<String>,
    /// What screening against the national opt-out list said: `clear`, `listed`; absent when nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_screen: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Writes a person's facts in the caller's batch.
///
/// # Errors
/// [`store::Error::KeyDestroyed`] when the person has been erased.
pub fn write(batch: &mut Batch, ctx: &Ctx, keys: &SubjectKeys, subject: ContactId, facts: &SubjectFacts) -> Result<()> {
    let plain = serde_json::to_vec(facts).map_err(|_| Error::Corrupt("facts"))?;
    let sealed = keys.data()?.seal(&ctx.aad(subject, COLUMN), &plain, ctx.rng.as_ref());
    batch.push(UPSERT_FACTS, params![ctx.workspace, subject, sealed, ctx.now()]);
    Ok(())
}

pub(crate) fn open(
    workspace: kernel::WorkspaceId,
    subject: ContactId,
    keys: &SubjectKeys,
    sealed: &[u8],
) -> Result<SubjectFacts> {
    let aad = store::Aad { workspace, subject, column: COLUMN };
    serde_json::from_slice(&keys.data()?.open(&aad, sealed)?).map_err(|_| Error::Corrupt("facts"))
}

/// A person's facts; `None` when there are none.
///
/// # Errors
/// When the store fails or the person has been erased.
pub async fn read(ctx: &Ctx, subject: ContactId) -> Result<Option<SubjectFacts>> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(FACTS, params![ctx.workspace, subject]).await?;
    let Some((sealed,)) = row else { return Ok(None) };
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    open(ctx.workspace, subject, &keys, &sealed).map(Some)
}

/// The countries of many people, in their order; `None` when unknown or when the person was erased.
///
/// # Errors
/// When the store fails.
pub async fn countries(ctx: &Ctx, subjects: &[ContactId]) -> Result<Vec<Option<String>>> {
    let sets = subjects.iter().map(|subject| params![ctx.workspace, *subject]).collect();
    let rows: Vec<Vec<(Vec<u8>,)>> = ctx.db.many(FACTS, sets).await?;
    let keys = ctx.vault.subjects(ctx.workspace, subjects).await?;
    let known = rows.into_iter().zip(subjects).zip(&keys).map(|((rows, subject), keys)| {
        let (sealed,) = rows.into_iter().next()?;
        open(ctx.workspace, *subject, keys, &sealed).ok()?.country
    });
    Ok(known.collect())
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    keys: &'a SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let row: Option<(Vec<u8>,)> = ctx.db.opt(FACTS, params![ctx.workspace, subject]).await?;
        let Some((sealed,)) = row else { return Ok(Vec::new()) };
        let facts = open(ctx.workspace, subject, keys, &sealed).map_err(|error| error.problem())?;
        Ok(vec![serde_json::to_value(facts).unwrap_or_default()])
    })
}

store::personal!(store::PersonalTable {
    table: "gate_subject",
    class: "marketing.contact",
    subject: "subject",
    columns: &["sealed"],
    erase: &[ERASE_FACTS],
    kept: None,
    collect: Some(collect),
});
