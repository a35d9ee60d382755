//! The register of documents: processing agreements, standard clauses, certificates, test reports, each
//! with its last day and a reminder before it. Barid keeps what they are and where they lie, not the files.

use kernel::{Date, DocumentId, ProcessorId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, params};

use crate::announcements::{self, Audience, Letter};
use crate::vocabulary::vocabulary;
use crate::{Error, Result, entry};

/// The most documents of one workspace.
const MOST: u32 = 5_000;

vocabulary! {
    /// What a document is.
    Kind as "kind of document" {
        /// A data processing agreement (Art. 28(3)).
        Dpa = "dpa",
        /// Standard contractual clauses (Art. 46(2)(c)).
        Scc = "scc",
        /// A transfer impact assessment.
        TransferAssessment = "transfer_assessment",
        /// A certificate of ISO/IEC 27001 or its kin.
        Iso = "iso_certificate",
        /// A SOC 2 or SSAE report.
        Soc = "soc_report",
        /// A penetration test.
        PenTest = "pen_test",
        /// A data protection impact assessment (Art. 35).
        Dpia = "dpia",
        /// A confidentiality undertaking of a subcontractor or member of staff.
        Confidentiality = "confidentiality",
        /// Anything else.
        Other = "other",
    }
}

store::sql! {
    INSERT = "INSERT INTO register_document
        (workspace, id, kind, title, processor, valid_from, expires_on, remind_days, place, note, reminded, retired_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, NULL, $11, $11)";
    UPDATE = "UPDATE register_document SET kind = $3, title = $4, processor = $5, valid_from = $6, expires_on = $7,
        remind_days = $8, place = $9, note = $10, reminded = 0, updated_at = $11 WHERE workspace = $1 AND id = $2";
    RETIRE = "UPDATE register_document SET retired_at = $3, updated_at = $3 WHERE workspace = $1 AND id = $2 AND retired_at IS NULL";
    REMINDED = "UPDATE register_document SET reminded = $3 WHERE workspace = $1 AND id = $2 AND reminded < $3";
    LIST = "SELECT id, kind, title, processor, valid_from, expires_on, remind_days, place, note, reminded, retired_at, created_at, updated_at
        FROM register_document WHERE workspace = $1 ORDER BY id LIMIT $2";
    ONE = "SELECT id, kind, title, processor, valid_from, expires_on, remind_days, place, note, reminded, retired_at, created_at, updated_at
        FROM register_document WHERE workspace = $1 AND id = $2";
}

/// What is known of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Whose it is, when it concerns a recipient of the register.
    #[serde(default)]
    pub processor: Option<ProcessorId>,
    /// Its first day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Its last day.
    #[serde(default)]
    pub expires_on: Option<Date>,
    /// So many days before the last one people are reminded; 30 when absent.
    #[serde(default)]
    pub remind_days: Option<u32>,
    /// Where the document lies.
    #[serde(default)]
    pub place: String,
    /// More about it.
    #[serde(default)]
    pub note: String,
}

/// A document of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What is known of it.
    #[serde(flatten)]
    pub draft: Draft,
    /// `valid`, `expiring`, `expired` or `retired`.
    pub state: &'static str,
    /// Out of use since.
    pub retired_at: Option<Timestamp>,
    /// Since when it is in the register.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
    #[serde(skip)]
    reminded: i64,
}

store::row! {
    struct Row {
        id: DocumentId,
        kind: String,
        title: String,
        processor: Option<ProcessorId>,
        valid_from: Option<String>,
        expires_on: Option<String>,
        remind_days: u32,
        place: String,
        note: String,
        reminded: i64,
        retired_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// How far a document is: 0 in order, 1 to be renewed, 2 past its last day.
fn stage(expires_on: Option<Date>, remind_days: u32, today: Date) -> i64 {
    let Some(last) = expires_on else { return 0 };
    if today > last {
        return 2;
    }
    let left = today.until(last).map_or(i32::MAX, |span| span.get_days());
    i64::from(left <= i32::try_from(remind_days).unwrap_or(i32::MAX))
}

impl Row {
    fn open(self, now: Timestamp) -> Result<Document> {
        let corrupt = || Error::Corrupt("document");
        let day = |text: Option<String>| text.map(|text| text.parse::<Date>().map_err(|_| corrupt())).transpose();
        let draft = Draft {
            kind: self.kind.parse().map_err(|_| corrupt())?,
            title: self.title,
            processor: self.processor,
            valid_from: day(self.valid_from)?,
            expires_on: day(self.expires_on)?,
            remind_days: Some(self.remind_days),
            place: self.place,
            note: self.note,
        };
        let state = match (self.retired_at, stage(draft.expires_on, self.remind_days, now.date())) {
            (Some(_), _) => "retired",
            (_, 0) => "valid",
            (_, 1) => "expiring",
            _ => "expired",
        };
        Ok(Document {
            id: self.id,
            draft,
            state,
            retired_at: self.retired_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
            reminded: self.reminded,
        })
    }
}

async fn values(ctx: &Ctx, id: DocumentId, draft: Draft) -> Result<Vec<store::Value>> {
    if let Some(processor) = draft.processor {
        crate::processors::get(ctx, processor).await?;
    }
    if let (Some(from), Some(to)) = (draft.valid_from, draft.expires_on)
        && to < from
    {
        return Err(entry::wrong("expires_on", "the last day is before the first"));
    }
    let remind = draft.remind_days.unwrap_or(30);
    if remind > 3_650 {
        return Err(entry::wrong("remind_days", "at most 3650 days"));
    }
    Ok(params![
        ctx.workspace,
        id,
        draft.kind.as_str(),
        entry::needed_line("title", &draft.title)?,
        draft.processor,
        draft.valid_from.map(|day| day.to_string()),
        draft.expires_on.map(|day| day.to_string()),
        remind,
        entry::line("place", &draft.place)?,
        entry::text("note", &draft.note)?,
        ctx.now()
    ])
}

/// Adds a document.
///
/// # Errors
/// The field at fault; [`Error::NotFound`] for an unknown recipient.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Document> {
    let id: DocumentId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT, values(ctx, id, draft).await?);
    accounts::audit::record(&mut batch, ctx, "document.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a document, all of it anew; a renewed one is reminded of again.
///
/// # Errors
/// As [`create`].
pub async fn update(ctx: &Ctx, id: DocumentId, draft: Draft) -> Result<Document> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE, values(ctx, id, draft).await?);
    accounts::audit::record(&mut batch, ctx, "document.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes a document out of use; the entry stays.
///
/// # Errors
/// [`Error::NotFound`]; a conflict when it is out of use.
pub async fn retire(ctx: &Ctx, id: DocumentId) -> Result<()> {
    if get(ctx, id).await?.retired_at.is_some() {
        return Err(entry::conflict("this document is out of use already"));
    }
    let mut batch = ctx.batch();
    batch.guard(RETIRE, params![ctx.workspace, id, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "document.retired", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One document.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: DocumentId) -> Result<Document> {
    let row: Option<Row> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("document"))?.open(ctx.now())
}

/// Every document, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Document>> {
    let rows: Vec<Row> = ctx.db.all(LIST, params![ctx.workspace, MOST]).await?;
    rows.into_iter().map(|row| row.open(ctx.now())).collect()
}

/// Reminds of documents that are about to expire, and once more when they have; answers how many.
///
/// # Errors
/// When the store fails.
pub async fn remind(ctx: &Ctx) -> Result<usize> {
    let mut count = 0;
    for document in list(ctx).await? {
        let due = match document.state {
            "expiring" => 1,
            "expired" => 2,
            _ => continue,
        };
        if document.reminded >= due {
            continue;
        }
        let day = document.draft.expires_on.map(|day| day.to_string()).unwrap_or_default();
        let kind = if due == 1 { "document_expiring" } else { "document_expired" };
        let letter = Letter::written(kind, &[("title", &document.draft.title), ("day", &day)])?;
        let mut batch = ctx.batch();
        batch.guard(REMINDED, params![ctx.workspace, document.id, due]);
        let stage = json!({ "state": document.state });
        batch.feed(Feed { kind: "document.due", entity: document.id.into(), data: stage });
        announcements::announce(&mut batch, ctx, (kind, Audience::Officers), document.id.into(), &letter).await?;
        match ctx.db.apply(batch).await {
            Ok(_) => count += 1,
            // Another node was faster.
            Err(store::Error::Guard(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::stage;

    #[test]
    fn the_last_day_is_still_valid() {
        let day = |text: &str| text.parse().unwrap();
        let last = Some(day("2026-12-31"));
        assert_eq!(stage(last, 30, day("2026-11-30")), 0);
        assert_eq!(stage(last, 30, day("2026-12-01")), 1);
        assert_eq!(stage(last, 30, day("2026-12-31")), 1);
        assert_eq!(stage(last, 30, day("2027-01-01")), 2);
        assert_eq!(stage(None, 30, day("2027-01-01")), 0);
    }
}
