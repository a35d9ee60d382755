use accounts::audit;
use kernel::{ContactId, NoticeId, ProvenanceId, Timestamp, TopicId};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Ctx;

use super::statement::{Claim, DoubleOptIn, Statement, missing_evidence, state};
use crate::rules::{CollectedIn, ImpliedKind, Relationship, RulePack, months_after};
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use crate::{Error, Result, assessments, gate, purposes};

/// The longest text of a statement, in characters.
const TEXT: usize = 4000;

/// A lawful basis as a member states it about one person: what it is, and what it rests on. What a
/// basis needs beside its kind is named in [`record`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// Which basis.
    pub basis: BasisKind,
    /// For what.
    pub purpose: Purpose,
    /// By which channel.
    pub channel: Channel,
    /// For one topic only.
    #[serde(default)]
    pub topic: Option<TopicId>,
    /// When it arose; now when absent, never later than now.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The first instant at which it no longer holds.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// What it rests on.
    #[serde(default)]
    pub detail: Evidence,
}

/// What a stated basis rests on; rests sealed in the ledger.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// What proves it, in words: the form, the letter, the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Where it was collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The words the person agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The version of the notice the person was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeId>,
    /// The double opt-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<DoubleOptIn>,
    /// Soft opt-in: what the person was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
    /// Soft opt-in: the occasion on which the address was collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_in: Option<String>,
    /// Soft opt-in: the sale, as an instant or a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_at: Option<String>,
    /// Soft opt-in: own similar goods only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_goods: Option<bool>,
    /// Soft opt-in: a refusal was offered at collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_out_offered_at_collection: Option<bool>,
    /// Soft opt-in: a refusal is offered each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_out_offered_each_time: Option<bool>,
    /// Soft opt-in: months after the sale for which it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_months: Option<u32>,
    /// Legitimate interest: the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// Legitimate interest: why this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where the data come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<ProvenanceId>,
    /// Whether the person was told where the data come from (GDPR Art. 14).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub art14_notice: Option<bool>,
    /// Legitimate interest: the company published the address for advertising.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_published_for_marketing: Option<bool>,
    /// Implied consent: by a purchase, an enquiry, or a published address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Implied consent by a published address: relevant to the recipient's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant_to_role: Option<bool>,
    /// Implied consent by a published address: nothing beside it refuses such messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_refusal_statement: Option<bool>,
}

impl Evidence {
    fn check(&self, now: Timestamp) -> Result<()> {
        let wrong = |field, detail| Err(Error::Invalid { field, detail });
        for (field, text) in [
            ("detail.evidence", &self.evidence),
            ("detail.source", &self.source),
            ("detail.wording", &self.wording),
            ("detail.reason", &self.reason),
        ] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty() || text.chars().count() > TEXT) {
                return wrong(field, "1 to 4000 characters");
            }
        }
        if self.relationship.as_deref().is_some_and(|word| !Relationship::WORDS.contains(&word)) {
            return wrong("detail.relationship", "expected customer, enquirer, prospect, supporter or none");
        }
        if self.collected_in.as_deref().is_some_and(|word| !CollectedIn::WORDS.contains(&word)) {
            return wrong("detail.collected_in", "expected sale, negotiation, charity or other");
        }
        if self.kind.as_deref().is_some_and(|word| !ImpliedKind::WORDS.contains(&word)) {
            return wrong("detail.kind", "expected purchase, enquiry or published");
        }
        if let Some(doi) = &self.doi {
            let future = |at: Option<Timestamp>| at.is_some_and(|at| at > now);
            if future(doi.requested_at) || future(doi.confirmed_at) {
                return wrong("detail.doi", "lies in the future");
            }
            if doi.requested_at.zip(doi.confirmed_at).is_some_and(|(asked, confirmed)| confirmed < asked) {
                return wrong("detail.doi", "was confirmed before it was asked for");
            }
        }
        Ok(())
    }

    /// Whether anything proves the statement.
    fn proves(&self) -> bool {
        let confirmed = self.doi.as_ref().is_some_and(|doi| doi.confirmed_at.is_some());
        self.evidence.is_some() || self.source.is_some() || self.wording.is_some() || confirmed
    }
}

/// Records a lawful basis that a member states about a person: one ledger event, the current claim, an
/// entry of the audit trail. It cannot undo what the person said: blocks stand, and a withdrawal that
/// is later than [`Stated::at`] stays in force.
///
/// A consent of any kind needs proof (`evidence`, `source`, `wording` or a confirmed `doi`); soft
/// opt-in `relationship`, `collected_in` and `sale_at`; legitimate interest a live `assessment` for
/// the purpose and a `reason`; implied consent its `kind`, and ends two years after a purchase or six
/// months after an enquiry; inferred consent proof, like a consent.
///
/// # Errors
/// [`Error::Invalid`] for a wrong member, [`Error::Evidence`] for a missing one, [`Error::Erased`] when
/// the person was erased.
pub async fn record(ctx: &Ctx, subject: ContactId, stated: Stated) -> Result<Claim> {
    let now = ctx.now();
    let at = stated.at.unwrap_or(now);
    if at > now {
        return Err(Error::Invalid { field: "at", detail: "lies in the future" });
    }
    stated.detail.check(now)?;
    in_use(ctx, &stated.purpose).await?;
    gate::require_basis(ctx, stated.basis).await?;
    let (detail, expires_at) = terms(ctx, &stated, at).await?;
    if expires_at.is_some_and(|end| end <= at) {
        return Err(Error::Invalid { field: "expires_at", detail: "lies before the beginning" });
    }
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    if subject_keys.data().is_err() || subject_keys.evidence().is_err() {
        return Err(Error::Erased);
    }
    let statement = Statement {
        subject,
        purpose: stated.purpose,
        channel: stated.channel,
        topic: stated.topic,
        basis: stated.basis,
        state: ConsentState::Given,
        at,
        expires_at,
        detail,
    };
    if let Some(missing) = missing_evidence(&statement) {
        return Err(Error::Evidence { basis: stated.basis.as_str(), missing });
    }
    let mut batch = ctx.batch();
    let key = (statement.purpose.clone(), statement.channel, statement.topic, statement.basis);
    let event = state(&mut batch, ctx, &keys, &subject_keys, statement)?;
    audit::record(&mut batch, ctx, "basis.stated", &[&subject, &event]);
    ctx.db.apply(batch).await?;
    let of = |claim: &Claim| (claim.purpose.clone(), claim.channel, claim.topic, claim.basis) == key;
    super::list(ctx, subject).await?.into_iter().find(of).ok_or(Error::Corrupt("claim"))
}

/// A purpose that the rules or the workspace know, and that is in use.
async fn in_use(ctx: &Ctx, purpose: &Purpose) -> Result<()> {
    let wrong = |detail| Err(Error::Invalid { field: "purpose", detail });
    match purposes::list(ctx).await?.iter().find(|entry| entry.code == purpose.as_str()) {
        Some(entry) if entry.retired_at.is_some() => wrong("this purpose is out of use"),
        None if !RulePack::current().knows(purpose) => wrong("not in the catalogue of purposes"),
        _ => Ok(()),
    }
}

/// The detail to be sealed, and when the basis ends.
async fn terms(ctx: &Ctx, stated: &Stated, at: Timestamp) -> Result<(Json, Option<Timestamp>)> {
    let evidence = &stated.detail;
    let missing = |missing| Err(Error::Evidence { basis: stated.basis.as_str(), missing });
    let mut detail = json!(evidence);
    detail["stated_by"] = ctx.actor.to_string().into();
    let mut ends = stated.expires_at;
    match stated.basis {
        BasisKind::SoftOptIn if evidence.relationship.is_none() => return missing("relationship"),
        BasisKind::SoftOptIn if evidence.collected_in.is_none() => return missing("collected_in"),
        BasisKind::LegitimateInterest => {
            let Some(cited) = &evidence.assessment else { return missing("assessment") };
            let live = assessments::require_live(ctx, cited, &stated.purpose).await?;
            if let Some(members) = detail.as_object_mut() {
                members.remove("assessment");
            }
            detail["lia"] = json!({"id": live.id});
        }
        BasisKind::ImpliedConsent => {
            let (purchase, enquiry) = RulePack::current().implied_months();
            let months = match evidence.kind.as_deref().and_then(ImpliedKind::read) {
                Some(ImpliedKind::Purchase) => Some(purchase),
                Some(ImpliedKind::Enquiry) => Some(enquiry),
                _ => None,
            };
            let latest = months.map(|months| months_after(at, months));
            ends = ends.into_iter().chain(latest).min();
        }
        BasisKind::InferredConsent if !evidence.proves() && evidence.reason.is_none() => return missing("evidence"),
        kind if kind.is_consent() && !evidence.proves() => return missing("evidence"),
        _ => {}
    }
    // Decisions read that there is proof; what it says stays in the ledger.
    if let Some(proof) = evidence.evidence.clone() {
        detail["proof"] = proof.into();
    }
    if evidence.proves() {
        detail["evidence"] = true.into();
    }
    Ok((detail, ends))
}
