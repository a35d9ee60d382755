use std::collections::BTreeMap;

use kernel::{AuthorityRequestId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, Ctx, Feed, PersonalTable, params};

use super::subjects;
use crate::announcements::{self, Audience, Letter};
use crate::disclosures::{self, Disclosure, RecipientKind};
use crate::{Error, Result, controller, entry};

const DETAIL: &str = "authority_request.detail";
/// How many requests one look takes in.
const MOST: u32 = 10_000;

store::sql! {
    INSERT_REQUEST = "INSERT INTO authority_request
        (workspace, id, state, received_at, government_body, jurisdiction, compulsory, period_from, period_to, barred_until,
         exported_at, subjects_told_at, closed_at, detail, version, updated_at)
        VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, NULL, NULL, NULL, $10, 1, $11)";
    UPDATE_REQUEST = "UPDATE authority_request SET received_at = $3, government_body = $4, jurisdiction = $5, compulsory = $6,
        period_from = $7, period_to = $8, barred_until = $9, detail = $10, version = version + 1, updated_at = $11
        WHERE workspace = $1 AND id = $2 AND version = $12 AND state = 'open'";
    EXPORTED = "UPDATE authority_request SET exported_at = $3, version = version + 1, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND version = $4";
    TOLD = "UPDATE authority_request SET subjects_told_at = $3 WHERE workspace = $1 AND id = $2 AND subjects_told_at IS NULL";
    CLOSE = "UPDATE authority_request SET state = $3, closed_at = $4, version = version + 1, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND state = 'open'";
    REQUEST = "SELECT id, state, received_at, government_body, jurisdiction, compulsory, period_from, period_to, barred_until,
        exported_at, subjects_told_at, closed_at, detail, version, updated_at FROM authority_request
        WHERE workspace = $1 AND id = $2";
    REQUESTS = "SELECT id, state, received_at, government_body, jurisdiction, compulsory, period_from, period_to, barred_until,
        exported_at, subjects_told_at, closed_at, detail, version, updated_at FROM authority_request
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// What an authority asks for, as somebody here read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// The authority.
    pub body: String,
    /// Its file number.
    pub reference: String,
    /// The instrument: court order, warrant, statute.
    pub instrument: String,
    /// The country whose law it is (two letters).
    pub country: String,
    /// Whether it really comes from a government body.
    pub government_body: bool,
    /// Whether that body has jurisdiction over the workspace.
    pub jurisdiction: bool,
    /// Whether the instrument compels.
    pub compulsory: bool,
    /// The categories of records it names: tables or classes of the register of personal tables.
    pub categories: Vec<String>,
    /// From this instant on.
    pub period_from: Option<Timestamp>,
    /// Before this instant.
    pub period_to: Option<Timestamp>,
    /// When it arrived; now when absent.
    pub received_at: Option<Timestamp>,
    /// The people concerned may not be told before this instant.
    pub barred_until: Option<Timestamp>,
    /// How each check was made, and anything else.
    pub note: String,
}

/// The part of an intake that rests sealed.
#[derive(Serialize, Deserialize)]
struct Detail {
    body: String,
    reference: String,
    instrument: String,
    country: String,
    categories: Vec<String>,
    note: String,
    #[serde(default)]
    outcome: String,
}

store::row! {
    struct Row {
        id: AuthorityRequestId,
        state: String,
        received_at: Timestamp,
        government_body: bool,
        jurisdiction: bool,
        compulsory: bool,
        period_from: Option<Timestamp>,
        period_to: Option<Timestamp>,
        barred_until: Option<Timestamp>,
        exported_at: Option<Timestamp>,
        subjects_told_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        detail: Vec<u8>,
        version: i64,
        updated_at: Timestamp,
    }
}

/// One of the four checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `government_body`, `jurisdiction`, `compulsory` or `specific`.
    pub check: &'static str,
    /// Whether it holds.
    pub holds: bool,
}

/// A request as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// Its id.
    pub id: AuthorityRequestId,
    /// `open`, `answered` or `refused`.
    pub state: String,
    /// What is asked for.
    #[serde(flatten)]
    pub intake: Intake,
    /// The four checks.
    pub checks: [Check; 4],
    /// Whether all four hold, so that an export is possible.
    pub exportable: bool,
    /// How many people are concerned.
    pub people: u64,
    /// When records were handed out last.
    pub exported_at: Option<Timestamp>,
    /// When the people concerned were told.
    pub subjects_told_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// Changed last.
    pub updated_at: Timestamp,
}

impl Intake {
    fn checked(mut self, now: Timestamp) -> Result<Self> {
        self.body = entry::needed_line("body", &self.body)?;
        self.reference = entry::line("reference", &self.reference)?;
        self.instrument = entry::line("instrument", &self.instrument)?;
        self.country = entry::line("country", &self.country)?;
        self.note = entry::text("note", &self.note)?;
        self.categories = entry::lines("categories", &self.categories, 60)?;
        for category in &self.categories {
            if !is_category(category) {
                return Err(entry::wrong("categories", "name tables or classes of the register of personal tables"));
            }
        }
        if let (Some(from), Some(to)) = (self.period_from, self.period_to)
            && from >= to
        {
            return Err(entry::wrong("period_to", "the period ends before it begins"));
        }
        if self.received_at.is_some_and(|at| at > now) {
            return Err(entry::wrong("received_at", "it cannot have arrived in the future"));
        }
        self.received_at = self.received_at.or(Some(now));
        Ok(self)
    }

    /// The four checks.
    pub fn checks(&self) -> [Check; 4] {
        let specific = !self.categories.is_empty() && self.period_from.is_some() && self.period_to.is_some();
        [
            Check { check: "government_body", holds: self.government_body },
            Check { check: "jurisdiction", holds: self.jurisdiction },
            Check { check: "compulsory", holds: self.compulsory && !self.instrument.is_empty() },
            Check { check: "specific", holds: specific },
        ]
    }

    fn sealed(&self, keys: &store::WorkspaceKeys, outcome: &str) -> Result<Vec<u8>> {
        let detail = Detail {
            body: self.body.clone(),
            reference: self.reference.clone(),
            instrument: self.instrument.clone(),
            country: self.country.clone(),
            categories: self.categories.clone(),
            note: self.note.clone(),
            outcome: outcome.to_owned(),
        };
        entry::seal(keys, DETAIL, &detail)
    }
}

/// Whether a word names a table or a class of personal records.
fn is_category(word: &str) -> bool {
    PersonalTable::all().any(|table| table.table == word || table.class == word)
}

async fn open(ctx: &Ctx, row: Row) -> Result<Request> {
    let detail: Detail = entry::open(ctx.keys().await?.as_ref(), DETAIL, &row.detail)?;
    let intake = Intake {
        body: detail.body,
        reference: detail.reference,
        instrument: detail.instrument,
        country: detail.country,
        government_body: row.government_body,
        jurisdiction: row.jurisdiction,
        compulsory: row.compulsory,
        categories: detail.categories,
        period_from: row.period_from,
        period_to: row.period_to,
        received_at: Some(row.received_at),
        barred_until: row.barred_until,
        note: detail.note,
    };
    let checks = intake.checks();
    Ok(Request {
        id: row.id,
        state: row.state,
        exportable: row.closed_at.is_none() && checks.iter().all(|check| check.holds),
        people: subjects::count(ctx, row.id).await?,
        intake,
        checks,
        exported_at: row.exported_at,
        subjects_told_at: row.subjects_told_at,
        closed_at: row.closed_at,
        version: row.version,
        updated_at: row.updated_at,
    })
}

fn note(batch: &mut Batch, ctx: &Ctx, id: AuthorityRequestId, what: &'static str) {
    batch.feed(Feed { kind: what, entity: id.into(), data: json!({}) });
    accounts::audit::record(batch, ctx, what, &[&id]);
}

/// Takes a request down.
///
/// # Errors
/// The field at fault.
pub async fn create(ctx: &Ctx, intake: Intake) -> Result<Request> {
    let intake = intake.checked(ctx.now())?;
    let id: AuthorityRequestId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        INSERT_REQUEST,
        params![
            ctx.workspace,
            id,
            intake.received_at,
            intake.government_body,
            intake.jurisdiction,
            intake.compulsory,
            intake.period_from,
            intake.period_to,
            intake.barred_until,
            intake.sealed(ctx.keys().await?.as_ref(), "")?,
            ctx.now()
        ],
    );
    note(&mut batch, ctx, id, "authority_request.received");
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes what was taken down, all of it anew.
///
/// # Errors
/// The field at fault; 409 once it is closed or somebody else changed it.
pub async fn update(ctx: &Ctx, id: AuthorityRequestId, version: i64, intake: Intake) -> Result<Request> {
    get(ctx, id).await?;
    let intake = intake.checked(ctx.now())?;
    let mut batch = ctx.batch();
    batch.guard(
        UPDATE_REQUEST,
        params![
            ctx.workspace,
            id,
            intake.received_at,
            intake.government_body,
            intake.jurisdiction,
            intake.compulsory,
            intake.period_from,
            intake.period_to,
            intake.barred_until,
            intake.sealed(ctx.keys().await?.as_ref(), "")?,
            ctx.now(),
            version
        ],
    );
    note(&mut batch, ctx, id, "authority_request.updated");
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Closes a request: answered when something was handed out, refused otherwise.
///
/// # Errors
/// 409 when it is closed already.
pub async fn close(ctx: &Ctx, id: AuthorityRequestId) -> Result<Request> {
    let request = get(ctx, id).await?;
    let state = if request.exported_at.is_some() { "answered" } else { "refused" };
    let mut batch = ctx.batch();
    batch.guard(CLOSE, params![ctx.workspace, id, state, ctx.now()]);
    note(&mut batch, ctx, id, "authority_request.closed");
    ctx.db.apply(batch).await.map_err(|error| match error {
        store::Error::Guard(_) => entry::conflict("this request is closed already"),
        other => other.into(),
    })?;
    get(ctx, id).await
}

/// One request.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: AuthorityRequestId) -> Result<Request> {
    let row: Option<Row> = ctx.db.opt(REQUEST, params![ctx.workspace, id]).await?;
    open(ctx, row.ok_or(Error::NotFound("authority request"))?).await
}

/// Requests, newest first, older than `before` when given.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, before: Option<AuthorityRequestId>, limit: u32) -> Result<Vec<Request>> {
    let before = before.unwrap_or(AuthorityRequestId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(REQUESTS, params![ctx.workspace, before, limit]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(open(ctx, row).await?);
    }
    Ok(out)
}

/// Notes in the caller's batch that records were handed out.
pub(super) fn exported(batch: &mut Batch, ctx: &Ctx, request: &Request) {
    batch.guard(EXPORTED, params![ctx.workspace, request.id, ctx.now(), request.version]);
    note(batch, ctx, request.id, "authority_request.exported");
}

/// Tells the people concerned, once, as soon as nothing bars it any more.
///
/// # Errors
/// When the store fails.
pub async fn tick(ctx: &Ctx) -> Result<usize> {
    let mut told = 0;
    for request in list(ctx, None, MOST).await? {
        let due = request.exported_at.is_some() && request.subjects_told_at.is_none();
        if due && request.people > 0 && request.intake.barred_until.is_none_or(|until| until <= ctx.now()) {
            told += usize::from(tell(ctx, &request).await?);
        }
    }
    Ok(told)
}

/// Enqueues the letter to the people whose records were handed out, and records the disclosure.
pub(super) async fn tell(ctx: &Ctx, request: &Request) -> Result<bool> {
    let organisation = controller::get(ctx).await?.controller.name;
    let day = request.exported_at.unwrap_or_else(|| ctx.now()).date().to_string();
    let values = [("organisation", organisation.as_str()), ("body", &request.intake.body), ("day", &day)];
    let letter = Letter::written("authority_request", &values)?;
    let mut batch = ctx.batch();
    batch.guard(TOLD, params![ctx.workspace, request.id, ctx.now()]);
    let to = ("authority_request", Audience::Listed);
    let announcement = announcements::announce(&mut batch, ctx, to, request.id.into(), &letter).await?;
    let (body, reference) = (request.intake.body.chars().take(200).collect::<String>(), request.id.to_string());
    let categories: Vec<&str> = request.intake.categories.iter().map(String::as_str).take(50).collect();
    for subject in subjects::concerned(ctx, request.id).await? {
        announcements::add_recipient(&mut batch, ctx, announcement, subject);
        // While the law barred it, not even the person's own answer may name the authority.
        let disclosure = Disclosure {
            subject: Some(subject),
            recipient: &body,
            kind: RecipientKind::Authority,
            categories: &categories,
            purpose: "a compulsory request of a public authority",
            notify: None,
            reference: Some(&reference),
        };
        match disclosures::record(&mut batch, ctx, disclosure).await {
            // Evidence of somebody whose evidence was shredded cannot be kept any more.
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(true),
        Err(store::Error::Guard(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What happened in one year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Transparency {
    /// Requests that arrived.
    pub received: u64,
    /// Requests that were answered, at least in part.
    pub answered: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests of which people may not be told yet.
    pub barred: u64,
    /// People whose records were handed out.
    pub people: u64,
}

/// Counts per calendar year (UTC) in which a request arrived, for everybody to see. Names nobody.
///
/// # Errors
/// When the store fails.
pub async fn transparency(ctx: &Ctx) -> Result<BTreeMap<i16, Transparency>> {
    let mut out: BTreeMap<i16, Transparency> = BTreeMap::new();
    for request in list(ctx, None, MOST).await? {
        let year = request.intake.received_at.map_or(0, |at| at.date().year());
        let count = out.entry(year).or_default();
        count.received += 1;
        count.refused += u64::from(request.state == "refused");
        count.barred += u64::from(request.intake.barred_until.is_some_and(|until| until > ctx.now()));
        if request.exported_at.is_some() {
            count.answered += 1;
            count.people += request.people;
        }
    }
    Ok(out)
}
