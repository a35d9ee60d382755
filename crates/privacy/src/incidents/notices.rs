//! Notices about an incident: drafted from what is known, in both languages, sent through the gate to
//! members and people, noted down for the authority. Each audience has its own sequence of stages.

use kernel::{AnnouncementId, IncidentId, IncidentNoticeId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::affected;
use super::clocks::ClockKind;
use super::model::{Audience, Details};
use super::record::{self, Incident, push_entry};
use crate::announcements::{self, Letter, Words};
use crate::{Error, Result, controller, entry};

const CONTENT: &str = "incident_notice.content";

store::sql! {
    INSERT = "INSERT INTO incident_notice
        (workspace, id, incident, audience, stage, state, content, created_at, settled_at, late, announcement)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL)";
    EDIT = "UPDATE incident_notice SET content = $3 WHERE workspace = $1 AND id = $2 AND state = 'draft'";
    SETTLE = "UPDATE incident_notice SET state = 'sent', content = $3, settled_at = $4, late = $5, announcement = $6
        WHERE workspace = $1 AND id = $2 AND state = 'draft'";
    ONE = "SELECT id, incident, audience, stage, state, content, created_at, settled_at, late, announcement
        FROM incident_notice WHERE workspace = $1 AND id = $2";
    OF_INCIDENT = "SELECT id, incident, audience, stage, state, content, created_at, settled_at, late, announcement
        FROM incident_notice WHERE workspace = $1 AND incident = $2 ORDER BY id";
    SETTLED = "SELECT audience, settled_at FROM incident_notice
        WHERE workspace = $1 AND incident = $2 AND settled_at IS NOT NULL";
}

/// What a notice says beside its letter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Content {
    letter: Letter,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    reference: String,
}

store::row! {
    struct Row {
        id: IncidentNoticeId,
        incident: IncidentId,
        audience: String,
        stage: u32,
        state: String,
        content: Vec<u8>,
        created_at: Timestamp,
        settled_at: Option<Timestamp>,
        late: bool,
        announcement: Option<AnnouncementId>,
    }
}

/// A notice about an incident.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentNotice {
    /// Its id.
    pub id: IncidentNoticeId,
    /// Of which incident.
    pub incident: IncidentId,
    /// To whom.
    pub audience: Audience,
    /// From 1: which one to this audience.
    pub stage: u32,
    /// `draft`, `sent` or `waived`.
    pub state: String,
    /// What it says.
    pub letter: Letter,
    /// Why it came late, or why none was needed.
    pub reason: String,
    /// The authority's file number, or how it was handed in.
    pub reference: String,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// When it was sent, or found not to be needed.
    pub settled_at: Option<Timestamp>,
    /// Whether its clock had run out.
    pub late: bool,
    /// The announcement that carries it, with its counters.
    pub announcement: Option<AnnouncementId>,
}

async fn open(ctx: &Ctx, row: Row) -> Result<IncidentNotice> {
    let content: Content = entry::open(ctx.keys().await?.as_ref(), CONTENT, &row.content)?;
    Ok(IncidentNotice {
        id: row.id,
        incident: row.incident,
        audience: row.audience.parse().map_err(|_| Error::Corrupt("incident notice"))?,
        stage: row.stage,
        state: row.state,
        letter: content.letter,
        reason: content.reason,
        reference: content.reference,
        created_at: row.created_at,
        settled_at: row.settled_at,
        late: row.late,
        announcement: row.announcement,
    })
}

/// When each audience was told, or found not to need it.
pub(super) async fn first_settled(ctx: &Ctx, incident: IncidentId) -> Result<Vec<(Audience, Timestamp)>> {
    let rows: Vec<(String, Timestamp)> = ctx.db.all(SETTLED, params![ctx.workspace, incident]).await?;
    rows.into_iter()
        .map(|(audience, at)| Ok((audience.parse().map_err(|_| Error::Corrupt("incident notice"))?, at)))
        .collect()
}

/// The notices of an incident, in the order they were drafted.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn notices(ctx: &Ctx, incident: IncidentId) -> Result<Vec<IncidentNotice>> {
    record::get(ctx, incident).await?;
    let rows: Vec<Row> = ctx.db.all(OF_INCIDENT, params![ctx.workspace, incident]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(open(ctx, row).await?);
    }
    Ok(out)
}

/// One notice.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get_notice(ctx: &Ctx, id: IncidentNoticeId) -> Result<IncidentNotice> {
    let row: Option<Row> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    open(ctx, row.ok_or(Error::NotFound("incident notice"))?).await
}

/// Writes a draft to an audience from what is known now.
///
/// # Errors
/// 409 when the incident is closed or such a draft waits already.
pub async fn draft(ctx: &Ctx, incident: IncidentId, audience: Audience) -> Result<IncidentNotice> {
    let whole = record::get(ctx, incident).await?;
    if whole.closed_at.is_some() {
        return Err(entry::conflict("this incident is closed"));
    }
    let before = notices(ctx, incident).await?;
    let earlier: Vec<_> = before.iter().filter(|notice| notice.audience == audience).collect();
    if earlier.iter().any(|notice| notice.state == "draft") {
        return Err(entry::conflict("a draft to this audience waits already; send it or change it"));
    }
    let stage = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1);
    let letter = compose(ctx, &whole, audience, stage).await?;
    let id = insert(ctx, (incident, audience, stage), "draft", &Content { letter, ..Content::default() }).await?;
    get_notice(ctx, id).await
}

async fn insert(
    ctx: &Ctx,
    (incident, audience, stage): (IncidentId, Audience, u32),
    state: &'static str,
    content: &Content,
) -> Result<IncidentNoticeId> {
    let id: IncidentNoticeId = ctx.id();
    let waived = state == "waived";
    let sealed = entry::seal(ctx.keys().await?.as_ref(), CONTENT, content)?;
    let mut batch = ctx.batch();
    let settled = waived.then(|| ctx.now());
    let values =
        params![ctx.workspace, id, incident, audience.as_str(), stage, state, sealed, ctx.now(), settled, false];
    batch.push(INSERT, values);
    if waived {
        push_entry(&mut batch, ctx, incident, ("waived", ctx.now()), &format!("{audience}: {}", content.reason))
            .await?;
        accounts::audit::record(&mut batch, ctx, "incident.notice_waived", &[&incident, &id]);
    }
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// Fills the template of the audience with what is known; what is not known says so.
async fn compose(ctx: &Ctx, incident: &Incident, audience: Audience, stage: u32) -> Result<Letter> {
    let profile = controller::get(ctx).await?;
    let dpo = profile.dpo.clone().unwrap_or_else(|| profile.controller.clone());
    let contact = [&dpo.name, &dpo.email, &dpo.phone].into_iter().filter(|text| !text.is_empty());
    let contact = contact.cloned().collect::<Vec<_>>().join(", ");
    let step = if stage == 1 { "first" } else { "update" };
    let one = |language: &str| -> Result<Words> {
        let unknown = announcements::words(language, "incident.unknown", &[])?;
        let known = |text: &str| if text.is_empty() { unknown.clone() } else { text.to_owned() };
        let details: &Details = &incident.details;
        let number = |count: Option<u64>| count.map_or_else(|| unknown.clone(), |count| count.to_string());
        let kind = announcements::words(language, &format!("incident.kind.{}", incident.kind), &[])?;
        let stage_text = stage.to_string();
        let values = [
            ("organisation", known(&profile.controller.name)),
            ("title", details.title.clone()),
            ("kind", kind),
            ("stage", stage_text),
            ("discovered", incident.discovered_at.to_string()),
            ("description", known(&details.description)),
            ("people", known(&details.subject_categories.join(", "))),
            ("data", known(&details.data_categories.join(", "))),
            ("subjects", number(details.subjects)),
            ("records", number(details.records)),
            ("consequences", known(details.risk.as_ref().map_or("", |risk| risk.reasoning.as_str()))),
            ("measures", known(&details.measures.join("\n"))),
            ("advice", known(&details.advice)),
            ("contact", known(&contact)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let subject = announcements::words(language, &format!("incident.{audience}.{step}"), &values)?;
        let text = announcements::words(language, &format!("incident.{audience}.text"), &values)?;
        Ok(Words { subject, text })
    };
    Ok(Letter { en: one("en")?, ar: one("ar")?, path: None })
}

/// Changes the text of a draft.
///
/// # Errors
/// The field at fault; 409 when it was sent.
pub async fn edit(ctx: &Ctx, id: IncidentNoticeId, letter: Letter) -> Result<IncidentNotice> {
    if get_notice(ctx, id).await?.state != "draft" {
        return Err(entry::conflict("only a draft can be changed"));
    }
    let content = Content { letter: letter.checked()?, ..Content::default() };
    let sealed = entry::seal(ctx.keys().await?.as_ref(), CONTENT, &content)?;
    let mut batch = ctx.batch();
    batch.guard(EDIT, params![ctx.workspace, id, sealed]);
    ctx.db.apply(batch).await?;
    get_notice(ctx, id).await
}

/// What is said when a notice is sent.
#[derive(Debug, Clone, Default)]
pub struct Settle {
    /// Why it comes late; needed when its clock has run out.
    pub late_reason: String,
    /// The authority's file number, or how it was handed in; needed for the authority.
    pub reference: String,
}

/// Sends a draft: to members and to the people on the list through the gate, as a notice the law asks for.
/// To the authority somebody hands it in; this records when and how.
///
/// # Errors
/// `late_reason` when the clock has run out and nobody says why (Art. 33(1)); 409 when nobody is on the
/// list, or it was sent.
pub async fn send(ctx: &Ctx, id: IncidentNoticeId, said: Settle) -> Result<IncidentNotice> {
    let notice = get_notice(ctx, id).await?;
    if notice.state != "draft" {
        return Err(entry::conflict("this notice was settled already"));
    }
    let letter = notice.letter.clone().checked()?;
    let incident = record::get(ctx, notice.incident).await?;
    let reason = entry::text("late_reason", &said.late_reason)?;
    let reference = entry::line("reference", &said.reference)?;
    let clock = match notice.audience {
        Audience::Customers => Some(ClockKind::Customers),
        Audience::Authority => Some(ClockKind::Authority),
        Audience::Subjects => None,
    };
    let waiting = incident.clocks.iter().find(|one| Some(one.clock) == clock && one.stopped_at.is_none());
    let late = waiting.is_some_and(|clock| clock.late);
    if late && reason.is_empty() {
        return Err(entry::wrong("late_reason", "the time for this notice has run out: say why it comes late"));
    }
    if notice.audience == Audience::Authority && reference.is_empty() {
        return Err(entry::wrong("reference", "how it was handed in, or the authority's file number"));
    }
    if notice.audience == Audience::Subjects && affected::affected_count(ctx, incident.id).await? == 0 {
        return Err(entry::conflict("nobody is on the list of people concerned yet"));
    }
    let mut batch = ctx.batch();
    let announcement = match notice.audience {
        Audience::Authority => None,
        Audience::Customers => {
            let to = ("incident_customers", announcements::Audience::Members);
            Some(announcements::announce(&mut batch, ctx, to, incident.id.into(), &letter).await?)
        }
        Audience::Subjects => {
            let to = ("incident_subjects", announcements::Audience::Listed);
            let announcement = announcements::announce(&mut batch, ctx, to, incident.id.into(), &letter).await?;
            batch.push(announcements::LIST_AFFECTED, params![ctx.workspace, announcement, incident.id]);
            Some(announcement)
        }
    };
    let content = Content { letter, reason, reference };
    let sealed = entry::seal(ctx.keys().await?.as_ref(), CONTENT, &content)?;
    batch.guard(SETTLE, params![ctx.workspace, id, sealed, ctx.now(), late, announcement]);
    let text = format!("{} {}{}", notice.audience, notice.stage, if late { ", late" } else { "" });
    push_entry(&mut batch, ctx, incident.id, ("notice", ctx.now()), &text).await?;
    let data = json!({ "audience": notice.audience, "stage": notice.stage, "late": late });
    batch.feed(Feed { kind: "incident.notice", entity: incident.id.into(), data });
    accounts::audit::record(&mut batch, ctx, "incident.notice_sent", &[&incident.id, &id]);
    ctx.db.apply(batch).await?;
    get_notice(ctx, id).await
}

/// Records that an audience need not be told, and why (Art. 33(1), 34(3)); its clock stops.
///
/// # Errors
/// `reason` when none is given; 409 for the authority or the people while the assessment does not allow it.
pub async fn waive(ctx: &Ctx, incident: IncidentId, audience: Audience, reason: &str) -> Result<IncidentNotice> {
    use super::model::RiskLevel;
    let whole = record::get(ctx, incident).await?;
    let reason = entry::text("reason", reason)?;
    if reason.is_empty() {
        return Err(entry::wrong("reason", "say why nobody needs to be told: it is kept as evidence (Art. 33(5))"));
    }
    let level = whole.details.risk.as_ref().map(|risk| risk.level);
    let allowed = match audience {
        Audience::Customers => true,
        Audience::Authority => level == Some(RiskLevel::Unlikely),
        Audience::Subjects => level.is_some(),
    };
    if !allowed {
        return Err(entry::conflict("the assessment does not allow this: only an unlikely risk need not be told"));
    }
    let stage = notices(ctx, incident).await?.iter().filter(|notice| notice.audience == audience).count();
    let stage = u32::try_from(stage).unwrap_or(u32::MAX).saturating_add(1);
    let id = insert(ctx, (incident, audience, stage), "waived", &Content { reason, ..Content::default() }).await?;
    get_notice(ctx, id).await
}
