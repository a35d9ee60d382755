use kernel::{AssessmentId, Code, ImportId, Problem, ProvenanceId, RawId, TopicId};
use privacy::assessments;
use privacy::provenance::{self, Method, Provenance};
use privacy::vocabulary::Purpose;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, NewJob, params};

use super::queries;
use super::report::Report;
use super::run::QUEUE;
use super::stage::{self, LIFE, Parts, Staged};
use crate::fields::{self, FieldKind};
use crate::import::basis::{Claim, Need};
use crate::import::{Basis, Encoding, Header, Meaning, Origin, Rows};
use crate::{Error, Result, topics};

/// What an import is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The topic people join.
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

/// What a run needs to know, sealed in the import's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) origin: Origin,
    pub(super) attributes: Vec<String>,
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
}

impl Plan {
    /// A claim, unless it cites an assessment that does not carry it.
    pub(super) fn carried(&self, claim: Claim) -> Result<Claim, Need> {
        let live = |cited: &String| cited.trim().parse().is_ok_and(|id: AssessmentId| self.assessments.contains(&id));
        if claim.assessment.as_ref().is_none_or(live) { Ok(claim) } else { Err(Need::LiveAssessment) }
    }
}

/// The assessments that new claims for this purpose may rest on. One that the caller names for the
/// whole file must be among them.
async fn live_assessments(ctx: &Ctx, origin: &Origin, purpose: &str) -> Result<Vec<AssessmentId>> {
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

pub(super) const SEALED: &str = "import.sealed";

/// Starts the import of a staged file. Everything that concerns the file as a whole is checked
/// here: header, known columns, what the basis needs.
///
/// # Errors
/// Then nothing is imported and the staged file is gone.
pub async fn start(ctx: &Ctx, staged: Staged, settings: Settings) -> Result<ImportId> {
    let started = check_and_enqueue(ctx, staged, settings).await;
    if started.is_err() {
        stage::discard(ctx, staged.id.into()).await?;
    }
    started
}

async fn check_and_enqueue(ctx: &Ctx, staged: Staged, settings: Settings) -> Result<ImportId> {
    let topic = topics::get(ctx, settings.topic).await?;
    if topic.archived_at.is_some() {
        return Err(Problem::new(Code::Conflict, "this topic is out of use").into());
    }
    let header = read_header(ctx, staged, &settings.attributes).await?;
    let today = ctx.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    settings.origin.check(&header, today)?;
    if settings.tracking && !matches!(settings.origin.basis, Basis::Consent | Basis::ConsentDoi) {
        let detail =
            "counting opens and clicks needs consent; import under consent or consent_doi, or without tracking";
        return Err(Problem::field("tracking", detail).into());
    }
    let assessments = live_assessments(ctx, &settings.origin, &topic.purpose).await?;
    let fields = attribute_fields(ctx, &header, &topic.purpose, settings.dry_run).await?;

    let keys = ctx.keys().await?;
    let mut batch = ctx.batch();
    let source = Provenance {
        method: if settings.purchased { Method::Purchased } else { Method::Import },
        source: settings.origin.source.clone(),
        collected_on: Some(settings.origin.collected_on),
        parent: None,
        detail: json!({"import": staged.id, "basis": settings.origin.basis}),
    };
    // A dry run imagines values without a source, and leaves none behind.
    let provenance =
        if settings.dry_run { ProvenanceId([0; 16]) } else { provenance::record(&mut batch, ctx, &keys, source)? };
    let plan = Plan {
        provenance,
        origin: settings.origin,
        attributes: settings.attributes,
        fields,
        encoding: staged.encoding,
        topic: topic.id,
        purpose: topic.purpose,
        purchased: settings.purchased,
        tracking: settings.tracking,
        dry_run: settings.dry_run,
        assessments,
    };
    let report = Report {
        encoding: staged.encoding.name().to_owned(),
        mapped: header.mapped(),
        dropped: header.dropped(),
        dry_run: plan.dry_run,
        ..Report::default()
    };
    let rejects: RawId = ctx.id();
    ctx.vault.create_file(ctx.workspace, rejects, ctx.now().plus_seconds(LIFE)).await?;
    let plain = serde_json::to_vec(&plan).map_err(|_| Error::Corrupt("import"))?;
    let text = serde_json::to_string(&report).map_err(|_| Error::Corrupt("import"))?;
    let sealed = keys.seal(SEALED, &plain);
    batch.push(
        queries::INSERT_IMPORT,
        params![ctx.workspace, staged.id, topic.id, 0, 0, sealed, text, rejects, ctx.now()],
    );
    batch.feed(Feed { kind: "import.started", entity: staged.id.into(), data: json!({"bytes": staged.bytes}) });
    batch.job(NewJob::now(QUEUE, json!({"import": staged.id})).key(staged.id.to_string()));
    ctx.db.apply(batch).await?;
    Ok(staged.id)
}

async fn read_header(ctx: &Ctx, staged: Staged, attributes: &[String]) -> Result<Header> {
    let parts = Parts::open(ctx, staged.id.into()).await?;
    let (attributes, now) = (attributes.to_vec(), ctx.now());
    let read = move || Rows::open(parts, staged.encoding, &attributes, now).map(|rows| rows.header().clone());
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
    let columns = header.names.iter().zip(&header.meaning);
    for (name, _) in columns.filter(|(_, meaning)| matches!(meaning, Meaning::Attribute(_))) {
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
