//! What a message to people who did not ask must state before it may leave: who is targeted and by
//! which criteria, which registered activity the offer belongs to, which assessment weighs it, and
//! why each single person is written to.

use content::FieldCatalog;
use content::reason::Reason;
use kernel::{ActivityId, AssessmentId, Code, FieldProblem, Problem, RawId, SegmentId};
use people::segments::conditions::Where;
use privacy::vocabulary::Purpose;
use privacy::{assessments, business_activities};
use serde::{Deserialize, Serialize};
use store::{Batch, Ctx, params};

use crate::{Error, Result};

store::sql! {
    FREEZE = "INSERT INTO targeting (workspace, owner, sealed, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, owner) DO NOTHING";
    THAW = "DELETE FROM targeting WHERE workspace = $1 AND owner = $2";
    FROZEN = "SELECT sealed FROM targeting WHERE workspace = $1 AND owner = $2";
}

const SEALED: &str = "targeting.sealed";
/// The code of a delivery denied because nothing says why this person is written to.
pub(crate) const REASON_MISSING: &str = "reason_missing";
/// The longest targeting statement, in characters.
const LONGEST: usize = 2000;

/// What makes a campaign or sequence one to prospects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Prospecting {
    /// Who is targeted, in words: geography, industry, size, role.
    pub targeting: String,
    /// The registered business activity that the offer belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityId>,
    /// The assessment of legitimate interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<AssessmentId>,
}

/// The parts of a draft that prospecting looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated<'a> {
    pub(crate) prospecting: Option<&'a Prospecting>,
    pub(crate) segment: Option<SegmentId>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) purpose: &'a Purpose,
}

impl Stated<'_> {
    /// What can be said of a draft at once; what is still missing is asked for when it is to be sent.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        let Some(prospecting) = self.prospecting else { return Ok(()) };
        if *self.purpose != Purpose::MARKETING {
            return Err(Problem::field("purpose", "writing to prospects is marketing"));
        }
        if prospecting.targeting.chars().count() > LONGEST {
            return Err(Problem::field("prospecting.targeting", "at most 2000 characters"));
        }
        Ok(())
    }

    /// The per-recipient reason, when this goes to prospects.
    pub(crate) fn compiled_reason(&self, ctx: &Ctx, catalog: &FieldCatalog) -> Result<Option<Reason>, Problem> {
        if self.prospecting.is_none() {
            return Ok(None);
        }
        match self.reason.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Reason::compile(text, catalog, ctx.now().date()).map(Some),
            None => Ok(None),
        }
    }

    /// Everything that must stand before anything is scheduled or sent; the problem names each field.
    pub(crate) async fn require(&self, ctx: &Ctx) -> Result<()> {
        let Some(prospecting) = self.prospecting else { return Ok(()) };
        let mut missing: Vec<(&str, &str)> = Vec::new();
        if prospecting.targeting.trim().chars().count() < 10 {
            missing.push(("prospecting.targeting", "say who is targeted: where, which industry, which role"));
        }
        if self.segment.is_none() {
            missing.push(("segment", "choose the segment whose criteria are the targeting statement's"));
        }
        if self.reason.is_none_or(|reason| reason.trim().is_empty()) {
            missing.push(("reason", "say why each person is written to; merge tags may make it personal"));
        }
        if prospecting.activity.is_none() {
            missing.push(("prospecting.activity", "name the registered business activity of the offer"));
        }
        if prospecting.assessment.is_none() {
            missing.push(("prospecting.assessment", "name a live assessment of legitimate interest"));
        }
        if !missing.is_empty() {
            return Err(Error::Invalid(unstated(&missing)));
        }
        if let Some(id) = prospecting.activity {
            let retired = match business_activities::get(ctx, id).await {
                Ok(activity) => activity.retired_at.is_some(),
                Err(privacy::Error::NotFound(_)) => true,
                Err(error) => return Err(error.into()),
            };
            if retired {
                let detail = "there is no such business activity in use";
                return Err(Error::Invalid(unstated(&[("prospecting.activity", detail)])));
            }
        }
        if let Some(id) = prospecting.assessment
            && let Err(error) = assessments::require_live(ctx, &id.to_string(), self.purpose).await
        {
            return Err(match error {
                privacy::Error::Invalid { detail, .. } => {
                    Error::Invalid(unstated(&[("prospecting.assessment", detail)]))
                }
                other => other.into(),
            });
        }
        Ok(())
    }
}

fn unstated(missing: &[(&str, &str)]) -> Problem {
    let names: Vec<&str> = missing.iter().map(|(field, _)| *field).collect();
    let detail = format!("a message to people who did not ask needs {}", names.join(", "));
    let mut problem = Problem::new(Code::InvalidInput, detail);
    problem.fields = missing
        .iter()
        .map(|(field, detail)| FieldProblem { field: (*field).to_owned(), detail: (*detail).to_owned() })
        .collect();
    problem
}

/// Freezes the criteria of a segment for a campaign or sequence, in the caller's batch; the first
/// time counts.
pub(crate) async fn freeze(batch: &mut Batch, ctx: &Ctx, owner: RawId, segment: SegmentId) -> Result<()> {
    let saved = people::segments::saved::get(ctx, segment).await?;
    let plain = serde_json::to_vec(&saved.condition).map_err(|_| store::Error::Column("targeting"))?;
    let keys = ctx.keys().await?;
    batch.push(FREEZE, params![ctx.workspace, owner, keys.seal(SEALED, &plain), ctx.now()]);
    Ok(())
}

/// Forgets frozen criteria, in the caller's batch: the draft can be changed again.
pub(crate) fn thaw(batch: &mut Batch, ctx: &Ctx, owner: RawId) {
    batch.push(THAW, params![ctx.workspace, owner]);
}

/// The criteria as they stood when sending was decided; `None` when nothing was frozen.
///
/// # Errors
/// The store's.
pub async fn criteria(ctx: &Ctx, owner: RawId) -> Result<Option<Where>> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(FROZEN, params![ctx.workspace, owner]).await?;
    let Some((sealed,)) = row else { return Ok(None) };
    let plain = ctx.keys().await?.open(SEALED, &sealed)?;
    serde_json::from_slice(&plain).map(Some).map_err(|_| Error::Store(store::Error::Column("targeting")))
}

store::personal!(store::PersonalTable {
    table: "targeting",
    class: "workspace.segments",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("conditions on many people, written by members of the workspace; they name no contact"),
    collect: None,
});
