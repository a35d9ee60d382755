//! The duty to tell people whose data did not come from themselves (GDPR Art. 14(3)): within one
//! month of obtaining them, and at the latest with the first message. A message that carries the
//! three slots of the lawful notice fulfils it.

use jiff::tz::TimeZone;
use kernel::{ContactId, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;
use store::{Batch, Ctx, params};

use crate::Result;
use crate::provenance::Method;

store::sql! {
    OWE = "INSERT INTO art14 (workspace, subject, method, since, due_at, told_at) VALUES ($1, $2, $3, $4, $5, NULL)
        ON CONFLICT (workspace, subject) DO NOTHING";
    TOLD = "UPDATE art14 SET told_at = $3 WHERE workspace = $1 AND subject = $2 AND told_at IS NULL";
    TOLD_BY_TOUCH = "UPDATE gate_touch SET told_at = $3 WHERE workspace = $1 AND subject = $2 AND told_at IS NULL";
    DUTY = "SELECT subject, method, since, due_at, told_at FROM art14 WHERE workspace = $1 AND subject = $2";
    OWED = "SELECT subject, method, since, due_at, told_at FROM art14
        WHERE workspace = $1 AND told_at IS NULL AND (due_at, subject) > ($2, $3) ORDER BY due_at, subject LIMIT $4";
    COUNT_OWED = "SELECT CAST(count(*) AS BIGINT) FROM art14 WHERE workspace = $1 AND told_at IS NULL AND due_at < $2";
    ERASE_DUTY = "DELETE FROM art14 WHERE workspace = $1 AND subject = $2";
}

store::row! {
    struct Row {
        subject: ContactId,
        method: String,
        since: Timestamp,
        due_at: Timestamp,
        told_at: Option<Timestamp>,
    }
}

/// What is owed to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The person.
    pub contact: ContactId,
    /// How the data were obtained.
    pub method: String,
    /// Since when they are held.
    pub since: Timestamp,
    /// The last instant: one calendar month later.
    pub due_at: Timestamp,
    /// When they were told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
}

impl From<Row> for Duty {
    fn from(row: Row) -> Self {
        Self { contact: row.subject, method: row.method, since: row.since, due_at: row.due_at, told_at: row.told_at }
    }
}

/// Whether data obtained like this came from somebody else than the person.
pub const fn concerns(method: Method) -> bool {
    matches!(
        method,
        Method::Purchased
            | Method::PublicSource
            | Method::InferredPattern
            | Method::VerifiedByTool
            | Method::Enrichment
    )
}

/// One calendar month later, in UTC: the same day number, or the month's last day when it has none.
pub fn due(since: Timestamp) -> Timestamp {
    let local = TimeZone::UTC.to_datetime(since.to_jiff());
    let end = local.checked_add(jiff::Span::new().months(1)).and_then(|end| end.to_zoned(TimeZone::UTC));
    end.map_or(since, |end| end.timestamp().into())
}

/// Notes in the caller's batch that a person's data were obtained elsewhere; the first time counts.
pub fn owe(batch: &mut Batch, ctx: &Ctx, subject: ContactId, method: Method, since: Timestamp) {
    batch.push(OWE, params![ctx.workspace, subject, method.as_str(), since, due(since)]);
}

/// Notes in the caller's batch that a message with the notice went out.
pub fn told(batch: &mut Batch, ctx: &Ctx, subject: ContactId, at: Timestamp) {
    batch.push(TOLD, params![ctx.workspace, subject, at]);
    batch.push(TOLD_BY_TOUCH, params![ctx.workspace, subject, at]);
}

/// What is owed to a person, or was; `None` when everything came from them.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, subject: ContactId) -> Result<Option<Duty>> {
    let row: Option<Row> = ctx.db.opt(DUTY, params![ctx.workspace, subject]).await?;
    Ok(row.map(Duty::from))
}

/// People who were not told yet, the most urgent first, after a page's last one.
///
/// # Errors
/// When the store fails.
pub async fn owed(ctx: &Ctx, after: Option<(Timestamp, ContactId)>, limit: u32) -> Result<Vec<Duty>> {
    let (due, subject) = after.unwrap_or((Timestamp(i64::MIN), ContactId([0; 16])));
    let rows: Vec<Row> = ctx.db.all(OWED, params![ctx.workspace, due, subject, limit]).await?;
    Ok(rows.into_iter().map(Duty::from).collect())
}

/// How many people were not told although the time is over.
///
/// # Errors
/// When the store fails.
pub async fn overdue(ctx: &Ctx) -> Result<u64> {
    Ok(ctx.db.one::<(u64,)>(COUNT_OWED, params![ctx.workspace, ctx.now()]).await?.0)
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let row: Option<Row> = ctx.db.opt(DUTY, params![ctx.workspace, subject]).await?;
        Ok(row.map(|row| serde_json::to_value(Duty::from(row)).unwrap_or_default()).into_iter().collect())
    })
}

store::personal!(store::PersonalTable {
    table: "art14",
    class: "marketing.contact",
    subject: "subject",
    columns: &[],
    erase: &[ERASE_DUTY],
    kept: None,
    collect: Some(collect),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_on_its_last_day_when_it_is_shorter() {
        let due = |text: &str| due(text.parse().unwrap()).to_string();
        assert_eq!(due("2026-01-31T10:00:00Z"), "2026-02-28T10:00:00Z");
        assert_eq!(due("2028-01-31T10:00:00Z"), "2028-02-29T10:00:00Z");
        assert_eq!(due("2026-12-15T00:00:00Z"), "2027-01-15T00:00:00Z");
    }
}
