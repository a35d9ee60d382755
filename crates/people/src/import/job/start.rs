use std::collections::BTreeMap;

use kernel::{AssessmentId, Code, ImportId, Problem, ProvenanceId, RawId, Timestamp, TopicId};
use privacy::provenance::{self, Method, Page, Provenance};
use privacy::vocabulary::Purpose;
use privacy::{assessments, gate, retention};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, NewJob, params};

use super::queries;
use super::report::Report;
use super::run::QUEUE;
use super::stage::{self, LIFE, Parts, Staged};
use crate::fields::{self, FieldKind};
use crate::import::basis::{Claim, Need};
use crate::import::header::Column;
use crate::import::{Basis, Columns, Encoding, Header, Origin, Rows, Target, Warning};
use crate::{Error, Result, topics};

/// What an import is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The topic people join; [`TO_BE_MADE`] in a dry run when there is none yet.
    pub topic: TopicId,
    /// Basis, source, day of collection.
    pub origin: Origin,
    /// Columns to keep as custom fields.
    pub attributes: Vec<String>,
    /// Whether the list was bought.
    pub purchased: bool,
    /// Whether the consent covers counting opens and clicks, too.
    pub tracking: bool,
    /// Read and report, write nothing.
    pub dry_run: bool,
}

/// What the seller of a list answered for. Whoever writes to bought addresses answers for how they were
/// collected, so the seller is asked first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purchase {
    /// Who sold it.
    pub vendor: String,
    /// The contract or invoice.
    pub contract: String,
    /// How the seller collected the addresses, and what people were told.
    pub collection: String,
}

impl Purchase {
    fn check(&self) -> Result<(), Problem> {
        let parts = [("vendor", &self.vendor), ("contract", &self.contract), ("collection", &self.collection)];
        let missing: Vec<&str> =
            parts.iter().filter(|(_, text)| text.trim().is_empty()).map(|(name, _)| *name).collect();
        if let Some((name, _)) = parts.iter().find(|(_, text)| text.chars().count() > 1000) {
            return Err(Problem::field(*name, "at most 1000 characters"));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let detail = format!("a purchased list needs evidence of its seller: {}", missing.join(", "));
        let mut problem = Problem::new(Code::EvidenceMissing, detail);
        problem.fields = missing
            .into_iter()
            .map(|field| kernel::FieldProblem { field: field.to_owned(), detail: "is required".to_owned() })
            .collect();
        Err(problem)
    }
}

/// What a run needs to know, sealed in the import's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) origin: Origin,
    pub(super) attributes: Vec<String>,
    /// What columns mean by their place.
    #[serde(default)]
    pub(super) targets: BTreeMap<usize, Target>,
    /// Key and type of the field behind each attribute column, in the order of the file.
    pub(super) fields: Vec<(String, FieldKind)>,
    pub(super) encoding: Encoding,
    pub(super) provenance: ProvenanceId,
    pub(super) topic: TopicId,
    pub(super) purpose: String,
    pub(super) purchased: bool,
    #[serde(default)]
    pub(super) tracking: bool,
    pub(super) dry_run: bool,
    /// The assessments that rows may cite.
    #[serde(default)]
    pub(super) assessments: Vec<AssessmentId>,
    /// Prospects collected before this instant are over their term (class `marketing.lead`).
    #[serde(default)]
    pub(super) over_before: Timestamp,
}

impl Plan {
    /// What the file's columns mean.
    pub(super) fn columns(&self) -> Columns {
        Columns { keep: self.attributes.clone(), targets: self.targets.clone() }
    }

    /// A claim, unless it cites an assessment that does not carry it.
    pub(super) fn carried(&self, claim: Claim) -> Result<Claim, Need> {
        let live = |cited: &String| cited.trim().parse().is_ok_and(|id: AssessmentId| self.assessments.contains(&id));
        if claim.assessment.as_ref().is_none_or(live) { Ok(claim) } else { Err(Need::LiveAssessment) }
    }
}

/// The assessments that new claims for this purpose may rest on. One that the caller names for the
/// whole file must be among them.
async fn live_assessments(ctx: &Ctx, origin: &Origin, purpose: &str) -> Result<Vec<AssessmentId>> {
    gate::require_basis(ctx, origin.basis.kind()).await?;
    if origin.basis != Basis::LegitimateInterest {
        return Ok(Vec::new());
    }
    let purpose = Purpose::new(purpose).map_err(|_| Error::Corrupt("topic"))?;
    if let Some(cited) = origin.assessment.as_ref().filter(|text| !text.trim().is_empty()) {
        assessments::require_live(ctx, cited, &purpose).await?;
    }
    let now = ctx.now();
    let carries = |one: &assessments::Assessment| one.is_live(now) && one.text.purpose == purpose;
    Ok(assessments::list(ctx).await?.into_iter().filter(carries).map(|one| one.id).collect())
}

/// The topic of a dry run that is to be made when the file is really imported.
pub const TO_BE_MADE: TopicId = TopicId([0; 16]);
/// How long prospects are kept.
const LEAD: &str = "marketing.lead";
/// Why a prospect does not come in.
pub(super) const OVER: &str = "collected too long ago: prospects are kept for the period of marketing.lead from the \
    day of collection, so they would be erased at once; collect them anew";

pub(super) const SEALED: &str = "import.sealed";

/// Starts the import of a staged file. Everything that concerns the file as a whole is checked
/// here: header, known columns, what the basis needs.
///
/// # Errors
/// Then nothing is imported and the staged file is gone.
pub async fn start(ctx: &Ctx, staged: Staged, settings: Settings) -> Result<ImportId> {
    start_with(ctx, staged, settings, None).await
}

/// [`start`] of a list that may have been bought, with what the seller answered for.
///
/// # Errors
/// As [`start`]; `evidence_missing` when the list is purchased and the evidence has gaps, naming each.
pub async fn start_with(ctx: &Ctx, staged: Staged, settings: Settings, purchase: Option<Purchase>) -> Result<ImportId> {
    start_mapped(ctx, staged, (settings, BTreeMap::new()), purchase).await
}

/// [`start_with`] of a file whose columns somebody assigned, by their place from 0.
///
/// # Errors
/// As [`start_with`]; a problem with `map` for columns and fields that are not there.
pub async fn start_mapped(
    ctx: &Ctx,
    staged: Staged,
    (settings, targets): (Settings, BTreeMap<usize, Target>),
    purchase: Option<Purchase>,
) -> Result<ImportId> {
    let started = check_and_enqueue(ctx, staged, (settings, targets), purchase).await;
    if started.is_err() {
        stage::discard(ctx, staged.id.into()).await?;
    }
    started
}

async fn check_and_enqueue(
    ctx: &Ctx,
    staged: Staged,
    (mut settings, targets): (Settings, BTreeMap<usize, Target>),
    purchase: Option<Purchase>,
) -> Result<ImportId> {
    let columns = Columns { keep: settings.attributes.clone(), targets };
    let purchase = purchase.unwrap_or_default();
    if settings.purchased {
        purchase.check()?;
    }
    let purpose = purpose_of(ctx, &settings).await?;
    let header = read_header(ctx, staged, columns.clone()).await?;
    let today = ctx.now().date();
    settings.origin.check(&header, today)?;
    settings.origin.page = page_of(&settings.origin, today)?;
    let over_before = retention::settings(ctx).await?.period_of(LEAD).before(ctx.now());
    if settings.origin.basis == Basis::LegitimateInterest
        && !header.has(Column::SourceDate)
        && is_over(settings.origin.collected_at(), over_before)
    {
        return Err(Problem::field("collected_on", OVER).into());
    }
    if settings.tracking && !matches!(settings.origin.basis, Basis::Consent | Basis::ConsentDoi) {
        let detail =
            "counting opens and clicks needs consent; import under consent or consent_doi, or without tracking";
        return Err(Problem::field("tracking", detail).into());
    }
    let assessments = live_assessments(ctx, &settings.origin, &purpose).await?;
    let fields = attribute_fields(ctx, &header, &purpose, settings.dry_run).await?;

    let keys = ctx.keys().await?;
    let mut batch = ctx.batch();
    // A dry run imagines values without a source, and leaves none behind.
    let provenance = if settings.dry_run {
        ProvenanceId([0; 16])
    } else {
        provenance::record(&mut batch, ctx, &keys, source_of(staged.id, &settings, &purchase))?
    };
    let plan = Plan {
        provenance,
        origin: settings.origin,
        attributes: columns.keep,
        targets: columns.targets,
        fields,
        encoding: staged.encoding,
        topic: settings.topic,
        purpose,
        purchased: settings.purchased,
        tracking: settings.tracking,
        dry_run: settings.dry_run,
        assessments,
        over_before,
    };
    let mut report = Report {
        encoding: staged.encoding.name().to_owned(),
        bytes: staged.bytes,
        lines: staged.lines,
        mapped: header.mapped(),
        dropped: header.dropped(),
        dry_run: plan.dry_run,
        ..Report::default()
    };
    if header.has(Column::Phone) && header.has(Column::Email) && !crate::unused::phone_has_purpose(ctx).await? {
        let reason = "nobody of this workspace may be called or texted: keep a number only where you will use it";
        report.warn(vec![Warning { line: 1, column: "phone".to_owned(), reason: reason.to_owned() }]);
    }
    let rejects: RawId = ctx.id();
    ctx.vault.create_file(ctx.workspace, rejects, ctx.now().plus_seconds(LIFE)).await?;
    let plain = serde_json::to_vec(&plan).map_err(|_| Error::Corrupt("import"))?;
    let text = serde_json::to_string(&report).map_err(|_| Error::Corrupt("import"))?;
    let sealed = keys.seal(SEALED, &plain);
    batch.push(
        queries::INSERT_IMPORT,
        params![ctx.workspace, staged.id, settings.topic, 0, 0, sealed, text, rejects, ctx.now()],
    );
    batch.feed(Feed { kind: "import.started", entity: staged.id.into(), data: json!({"bytes": staged.bytes}) });
    batch.job(NewJob::now(QUEUE, json!({"import": staged.id})).key(staged.id.to_string()));
    ctx.db.apply(batch).await?;
    Ok(staged.id)
}

/// The purpose of the topic people join. A dry run may name a topic that is not there yet
/// ([`TO_BE_MADE`]); new topics are for marketing.
async fn purpose_of(ctx: &Ctx, settings: &Settings) -> Result<String> {
    if settings.dry_run && settings.topic == TO_BE_MADE {
        return Ok(Purpose::MARKETING.as_str().to_owned());
    }
    let topic = topics::get(ctx, settings.topic).await?;
    if topic.archived_at.is_some() {
        return Err(Problem::new(Code::Conflict, "this topic is out of use").into());
    }
    Ok(topic.purpose)
}

/// The page of the whole file, in the names of the flags that say it.
fn page_of(origin: &Origin, today: kernel::Date) -> Result<Page> {
    let mut page = origin.page.clone();
    if page.url.is_some() {
        page.read_on = page.read_on.or(Some(origin.collected_on));
    }
    page.checked(today).map_err(|error| match error {
        privacy::Error::Invalid { field, detail } => {
            let flag = match field {
                "url" => "source_url",
                "sha256" => "source_hash",
                _ => "source_date",
            };
            Problem::field(flag, detail).into()
        }
        other => other.into(),
    })
}

fn source_of(import: ImportId, settings: &Settings, purchase: &Purchase) -> Provenance {
    let mut detail = json!({"import": import, "basis": settings.origin.basis});
    if settings.purchased {
        detail["vendor"] = purchase.vendor.trim().into();
        detail["contract"] = purchase.contract.trim().into();
        detail["collection"] = purchase.collection.trim().into();
    }
    settings.origin.page.describe(&mut detail);
    Provenance {
        method: if settings.purchased { Method::Purchased } else { Method::Import },
        source: settings.origin.source.clone(),
        collected_on: Some(settings.origin.page.read_on.unwrap_or(settings.origin.collected_on)),
        parent: None,
        detail,
    }
}

/// Whether a prospect collected then is over the term: retention would forget them within the hour.
pub(super) fn is_over(collected: Timestamp, over_before: Timestamp) -> bool {
    collected <= over_before
}

async fn read_header(ctx: &Ctx, staged: Staged, columns: Columns) -> Result<Header> {
    let parts = Parts::open(ctx, staged.id.into()).await?;
    let now = ctx.now();
    let read = move || Rows::open_as(parts, staged.encoding, &columns, now).map(|rows| rows.header().clone());
    let header = tokio::task::spawn_blocking(read).await.map_err(|_| Error::Interrupted)?;
    Ok(header.map_err(Problem::from)?)
}

/// The fields behind the attribute columns; columns without one become text fields.
async fn attribute_fields(
    ctx: &Ctx,
    header: &Header,
    purpose: &str,
    dry_run: bool,
) -> Result<Vec<(String, FieldKind)>> {
    let known = fields::list(ctx).await?;
    let mut out = Vec::with_capacity(header.attributes.len());
    for name in &header.labels {
        let key = crate::import::attribute_key(name);
        let kind = match known.get(&key) {
            Some(field) => field.kind,
            None if dry_run => FieldKind::Text,
            None => fields::define(ctx, name, FieldKind::Text, purpose).await?.kind,
        };
        out.push((key, kind));
    }
    Ok(out)
}
