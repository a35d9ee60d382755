use kernel::{ContactId, EventId, NoticeId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use store::{Batch, Ctx, SubjectKeys, WorkspaceKeys, params};

use super::queries;
use crate::ledger::{Entry, Kind};
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use crate::{Error, Result};

pub(crate) const SEALED_COLUMN: &str = "claim.sealed";
/// Stands for "no topic" in the key of the projection.
pub(crate) const NO_TOPIC: TopicId = TopicId([0; 16]);

/// One statement of evidence about one person.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The person.
    pub subject: ContactId,
    /// For what.
    pub purpose: Purpose,
    /// By which channel.
    pub channel: Channel,
    /// For one topic only, or for the purpose as a whole.
    pub topic: Option<TopicId>,
    /// On which basis.
    pub basis: BasisKind,
    /// What is stated about it.
    pub state: ConsentState,
    /// When it happened in the world; a future instant counts as now.
    pub at: Timestamp,
    /// The first instant at which it no longer holds.
    pub expires_at: Option<Timestamp>,
    /// The evidence, sealed: `ip`, `user_agent`, `wording`, `notice` (id), `source`, `doi` (see
    /// [`DoubleOptIn`]), and what contract.md lists for each basis (`lia`, `reason`, `sale_at`, …).
    pub detail: Json,
}

/// The proof of a double opt-in, the `doi` member of a statement's detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubleOptIn {
    /// When the person asked.
    pub requested_at: Option<Timestamp>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_ip: Option<String>,
    /// When the person confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_ip: Option<String>,
    /// The version of the notice shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeId>,
    /// The words shown beside the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The confirmation mail: its delivery or Message-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_mail: Option<String>,
}

impl DoubleOptIn {
    /// The member for [`Statement::detail`].
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The members of a detail that decisions read ([`crate::rules::Claim`]); the rest is proof for
/// people and stays in the ledger.
const TERMS: [&str; 20] = [
    "relationship",
    "collected_in",
    "sale_at",
    "similar_goods",
    "opt_out_offered_at_collection",
    "opt_out_offered_each_time",
    "max_age_months",
    "lia",
    "reason",
    "provenance",
    "art14_notice",
    "first_touch_at",
    "touches",
    "last_engagement_at",
    "import_kind",
    "address_published_for_marketing",
    "kind",
    "relevant_to_role",
    "no_refusal_statement",
    "evidence",
];
const LIA_TERMS: [&str; 4] = ["id", "purpose", "start", "expires_at"];
const INSTANTS: [&str; 5] = ["sale_at", "first_touch_at", "last_engagement_at", "start", "expires_at"];

/// A member as decisions want it: a day counts from its first instant (UTC).
fn term(name: &str, value: &Json) -> Json {
    match value.as_str() {
        Some(day) if day.len() == 10 && INSTANTS.contains(&name) => format!("{day}T00:00:00Z").into(),
        _ => value.clone(),
    }
}

fn pick(from: &Map<String, Json>, names: &[&str]) -> Map<String, Json> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), term(name, from.get(*name)?)))).collect()
}

pub(super) fn terms_of(detail: &Json) -> Option<Json> {
    let Some(detail) = detail.as_object().filter(|detail| !detail.is_empty()) else {
        // Nothing was recorded but the fact itself.
        return Some(serde_json::json!({"evidence": false}));
    };
    let mut terms = pick(detail, &TERMS);
    if let Some(Json::Object(lia)) = terms.get("lia") {
        let lia = pick(lia, &LIA_TERMS);
        terms.insert("lia".to_owned(), lia.into());
    }
    (!terms.is_empty()).then_some(Json::Object(terms))
}

fn instant(detail: &Json, path: &str) -> Option<Timestamp> {
    detail.pointer(path)?.as_str()?.parse().ok()
}

/// What a given statement of this basis needs and does not have, by the name of the member.
pub fn missing_evidence(statement: &Statement) -> Option<&'static str> {
    if !statement.state.is_valid() {
        return None;
    }
    let detail = &statement.detail;
    let has = |path: &str| detail.pointer(path).is_some_and(|value| !value.is_null() && value.as_str() != Some(""));
    let needed: &[(&'static str, &'static str)] = match statement.basis {
        BasisKind::SoftOptIn => &[("sale_at", "/sale_at")],
        BasisKind::LegitimateInterest => &[("lia.id", "/lia/id"), ("reason", "/reason")],
        BasisKind::ImpliedConsent => &[("kind", "/kind")],
        _ => &[],
    };
    needed.iter().find(|(_, path)| !has(path)).map(|(name, _)| *name)
}

/// The projection's row that a statement makes, before sealing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Projected {
    pub(crate) state: ConsentState,
    pub(crate) at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) confirmed_at: Option<Timestamp>,
    pub(crate) event: EventId,
    pub(crate) terms: Option<Json>,
}

impl Projected {
    pub(crate) fn new(
        (state, at): (ConsentState, Timestamp),
        expires_at: Option<Timestamp>,
        event: EventId,
        (detail, terms): (&Json, Option<Json>),
    ) -> Self {
        Self { state, at, expires_at, confirmed_at: instant(detail, "/doi/confirmed_at"), event, terms }
    }
}

/// The key of a row within one person's claims.
pub(crate) type ClaimKey = (String, String, TopicId, String);

pub(crate) fn push_row(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: &SubjectKeys,
    subject: ContactId,
    (purpose, channel, topic, basis): (&str, &str, TopicId, &str),
    row: &Projected,
) -> Result<()> {
    let sealed = match &row.terms {
        Some(terms) => {
            let plain = serde_json::to_vec(terms).map_err(|_| Error::Corrupt("claim"))?;
            Some(keys.data()?.seal(&ctx.aad(subject, SEALED_COLUMN), &plain, ctx.rng.as_ref()))
        }
        None => None,
    };
    batch.push(
        queries::UPSERT_CLAIM,
        params![
            ctx.workspace,
            subject,
            purpose,
            channel,
            topic,
            basis,
            row.state.as_str(),
            row.at,
            row.expires_at,
            row.confirmed_at,
            row.event,
            sealed
        ],
    );
    Ok(())
}

pub(crate) fn state_as(
    kind: Kind,
    batch: &mut Batch,
    ctx: &Ctx,
    (keys, subject_keys): (&WorkspaceKeys, &SubjectKeys),
    statement: Statement,
) -> Result<EventId> {
    let at = statement.at.min(ctx.now());
    let entry = Entry {
        kind,
        subject: statement.subject,
        purpose: Some(statement.purpose.as_str()),
        channel: Some(statement.channel.as_str()),
        topic: statement.topic,
        basis: Some(statement.basis.as_str()),
        state: Some(statement.state.as_str()),
        at,
        expires: statement.expires_at,
        notice: statement.detail.pointer("/notice").and_then(Json::as_str).and_then(|id| id.parse().ok()),
        payload: &statement.detail,
    };
    let terms = terms_of(&statement.detail);
    if terms.as_ref().is_some_and(|terms| !crate::gate::readable(terms, statement.basis)) {
        return Err(Error::Invalid {
            field: "detail",
            detail: "a term of the basis is not written as contract and rules expect",
        });
    }
    let event = entry.push(batch, ctx, keys, subject_keys)?;
    let row = Projected::new((statement.state, at), statement.expires_at, event, (&statement.detail, terms));
    let key = (
        statement.purpose.as_str(),
        statement.channel.as_str(),
        statement.topic.unwrap_or(NO_TOPIC),
        statement.basis.as_str(),
    );
    push_row(batch, ctx, subject_keys, statement.subject, key, &row)?;
    Ok(event)
}

/// States evidence in the caller's batch: one ledger event and the projection's row. Made for bulk:
/// an import states thousands in one batch, which the store chains as one record.
///
/// # Errors
/// [`store::Error::KeyDestroyed`] when the person has been erased.
pub fn state(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    subject_keys: &SubjectKeys,
    statement: Statement,
) -> Result<EventId> {
    state_as(Kind::Statement, batch, ctx, (keys, subject_keys), statement)
}

store::row! {
    /// A row of the projection as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct ClaimRow {
        pub(crate) purpose: String,
        pub(crate) channel: String,
        pub(crate) topic: TopicId,
        pub(crate) basis: String,
        pub(crate) state: String,
        pub(crate) at: Timestamp,
        pub(crate) expires_at: Option<Timestamp>,
        pub(crate) confirmed_at: Option<Timestamp>,
        pub(crate) event: EventId,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

/// What processing rests on, or rested on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// For what.
    pub purpose: Purpose,
    /// By which channel.
    pub channel: Channel,
    /// For one topic only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
    /// On which basis.
    pub basis: BasisKind,
    /// In which state it is.
    pub state: ConsentState,
    /// Since when.
    pub at: Timestamp,
    /// The first instant at which it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When a double opt-in was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// The ledger event that says so.
    pub event: EventId,
    /// The terms decisions read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Json>,
}

impl ClaimRow {
    pub(crate) fn open(self, ctx: &Ctx, subject: ContactId, keys: &SubjectKeys) -> Result<Claim> {
        let corrupt = || Error::Corrupt("claim");
        let terms = match &self.sealed {
            Some(sealed) => {
                let plain = keys.data()?.open(&ctx.aad(subject, SEALED_COLUMN), sealed)?;
                Some(serde_json::from_slice(&plain).map_err(|_| corrupt())?)
            }
            None => None,
        };
        Ok(Claim {
            purpose: Purpose::new(&self.purpose).map_err(|_| corrupt())?,
            channel: self.channel.parse().map_err(|_| corrupt())?,
            topic: (self.topic != NO_TOPIC).then_some(self.topic),
            basis: self.basis.parse().map_err(|_| corrupt())?,
            state: self.state.parse().map_err(|_| corrupt())?,
            at: self.at,
            expires_at: self.expires_at,
            confirmed_at: self.confirmed_at,
            event: self.event,
            terms,
        })
    }
}
