//! The catalogue of purposes: what the workspace processes personal data for, on which basis, and how
//! long what is kept for it stays. A message whose purpose is not in it (or was retired) is denied.
//! When a person's relationship changes, say from lead to customer, their purposes are reviewed
//! ([`review`]).

pub mod review;

use kernel::{PurposeId, Timestamp};
use serde::Serialize;
use store::{Batch, Ctx, params};

use crate::vocabulary::{Purpose, vocabulary};
use crate::{Error, Result, entry};

vocabulary! {
    /// The six lawful bases (GDPR Art. 6(1)), a closed list.
    LawfulBasis as "lawful basis" {
        /// (a) Consent.
        Consent = "consent",
        /// (b) A contract with the person, or steps they asked for before one.
        Contract = "contract",
        /// (c) A duty in law.
        LegalObligation = "legal_obligation",
        /// (d) Somebody's life.
        VitalInterests = "vital_interests",
        /// (e) A task in the public interest.
        PublicTask = "public_task",
        /// (f) Legitimate interests, after balancing.
        LegitimateInterests = "legitimate_interests",
    }
}

store::sql! {
    INSERT_PURPOSE = "INSERT INTO purpose (workspace, code, id, name, concept, retention, created_at, basis)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, code) DO NOTHING";
    INSERT_OWN = "INSERT INTO purpose (workspace, code, id, name, concept, retention, created_at, basis)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SET_BASIS = "UPDATE purpose SET basis = $3 WHERE workspace = $1 AND code = $2 AND basis = ''";
    LIST_PURPOSES = "SELECT id, code, name, concept, retention, created_at, retired_at, basis FROM purpose
        WHERE workspace = $1 ORDER BY code LIMIT 1000";
    RETIRE_PURPOSE = "UPDATE purpose SET retired_at = $3 WHERE workspace = $1 AND code = $2 AND retired_at IS NULL";
}

store::row! {
    /// A purpose of processing.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct PurposeEntry {
        /// Its id.
        pub id: PurposeId,
        /// The code used in statements, claims and asks.
        pub code: String,
        /// The name shown to people.
        pub name: String,
        /// The concept of the W3C Data Privacy Vocabulary it maps to.
        pub concept: String,
        /// The retention class of what is kept for it.
        pub retention: String,
        /// Since when.
        pub created_at: Timestamp,
        /// Not used for anything new since then.
        pub retired_at: Option<Timestamp>,
        /// The lawful basis (a code of [`LawfulBasis`]); empty while nobody said.
        pub basis: String,
    }
}

/// Code, name, concept of the Data Privacy Vocabulary, retention class, lawful basis.
type Seed = (&'static str, &'static str, &'static str, &'static str, LawfulBasis);

/// What every workspace starts with: what messages are for, then the twelve purposes that a
/// communications service has.
const SEEDED: [Seed; 17] = [
    ("marketing", "Marketing", "dpv:DirectMarketing", "marketing.contact", LawfulBasis::Consent),
    ("service", "Service messages", "dpv:ServiceProvision", "comms.traffic", LawfulBasis::Contract),
    ("engagement_tracking", "Opens and clicks", "dpv:UsageAnalytics", "marketing.engagement", LawfulBasis::Consent),
    ("profiling", "Profiling", "dpv:Profiling", "marketing.contact", LawfulBasis::Consent),
    ("statutory", "Notices required by law", "dpv:LegalCompliance", "evidence", LawfulBasis::LegalObligation),
    (
        "product_information",
        "Information about the product",
        "dpv:CommunicationForCustomerCare",
        "account.member",
        LawfulBasis::Contract,
    ),
    ("account", "Accounts", "dpv:CustomerManagement", "account.member", LawfulBasis::Contract),
    ("identity_check", "Checking identity", "dpv:IdentityVerification", "account.member", LawfulBasis::Contract),
    ("provision", "Providing the service", "dpv:ServiceProvision", "comms.traffic", LawfulBasis::Contract),
    ("billing", "Billing", "dpv:PaymentManagement", "tax", LawfulBasis::Contract),
    (
        "usage_analysis",
        "Analysis of usage",
        "dpv:ServiceUsageAnalytics",
        "comms.traffic",
        LawfulBasis::LegitimateInterests,
    ),
    ("support", "Support", "dpv:CustomerCare", "comms.content", LawfulBasis::Contract),
    (
        "fraud_prevention",
        "Preventing abuse and fraud",
        "dpv:FraudPreventionAndDetection",
        "abuse",
        LawfulBasis::LegitimateInterests,
    ),
    (
        "training_quality",
        "Training and quality",
        "dpv:ImproveExistingProductsAndServices",
        "comms.content",
        LawfulBasis::LegitimateInterests,
    ),
    ("sales", "Sales", "dpv:SellProductsToDataSubject", "marketing.lead", LawfulBasis::LegitimateInterests),
    ("fiscal_duties", "Duties in tax and accounting law", "dpv:LegalCompliance", "tax", LawfulBasis::LegalObligation),
    (
        "account_security",
        "Security of accounts",
        "dpv:EnforceSecurity",
        "account.member",
        LawfulBasis::LegitimateInterests,
    ),
];

/// Adds the purposes that every workspace starts with; harmless when they are there.
pub fn seed(batch: &mut Batch, ctx: &Ctx) {
    for (code, name, concept, retention, basis) in SEEDED {
        let id: PurposeId = ctx.id();
        let now = ctx.now();
        let values = params![ctx.workspace, code, id, name, concept, retention, now, basis.as_str()];
        batch.push(INSERT_PURPOSE, values);
        batch.push(SET_BASIS, params![ctx.workspace, code, basis.as_str()]);
    }
}

/// The catalogue, with what every workspace starts with when that is not in it yet.
///
/// # Errors
/// When the store fails.
pub async fn catalogue(ctx: &Ctx) -> Result<Vec<PurposeEntry>> {
    let known = list(ctx).await?;
    if SEEDED.iter().all(|(code, ..)| known.iter().any(|entry| entry.code == *code && !entry.basis.is_empty())) {
        return Ok(known);
    }
    let mut batch = ctx.batch();
    seed(&mut batch, ctx);
    ctx.db.apply(batch).await?;
    list(ctx).await
}

/// Adds a purpose of the workspace's own; harmless when its code is there.
///
/// # Errors
/// When the store fails.
pub async fn create(ctx: &Ctx, purpose: &Purpose, name: &str, concept: &str, retention: &str) -> Result<()> {
    let id: PurposeId = ctx.id();
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, purpose.as_str(), id, name, concept, retention, ctx.now(), ""];
    batch.push(INSERT_PURPOSE, values);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A purpose of the workspace's own.
#[derive(Debug, Clone)]
pub struct NewPurpose {
    /// The code: 1 to 64 characters of `a-z`, `0-9`, `_` and `.`.
    pub code: Purpose,
    /// The name shown to people.
    pub name: String,
    /// The concept of the Data Privacy Vocabulary, such as `dpv:ResearchAndDevelopment`.
    pub concept: String,
    /// The retention class of what is kept for it.
    pub retention: String,
    /// The lawful basis.
    pub basis: LawfulBasis,
}

/// Adds a purpose of the workspace's own, with everything the register of activities asks for.
///
/// # Errors
/// The field at fault; 409 when there is one with this code.
pub async fn add(ctx: &Ctx, new: NewPurpose) -> Result<PurposeEntry> {
    let name = entry::needed_line("name", &new.name)?;
    let concept = entry::needed_line("concept", &new.concept)?;
    if !concept.split_once(':').is_some_and(|(prefix, term)| prefix == "dpv" && !term.is_empty()) {
        return Err(entry::wrong("concept", "a concept of the Data Privacy Vocabulary such as dpv:Marketing"));
    }
    let retention = entry::needed_line("retention", &new.retention)?;
    if catalogue(ctx).await?.len() >= 500 {
        return Err(entry::conflict("a catalogue has at most 500 purposes"));
    }
    let id: PurposeId = ctx.id();
    let mut batch = ctx.batch();
    let code = new.code.as_str();
    let basis = new.basis.as_str();
    batch.push(INSERT_OWN, params![ctx.workspace, code, id, name, concept, retention, ctx.now(), basis]);
    accounts::audit::record(&mut batch, ctx, "purpose.created", &[&id]);
    ctx.db.apply(batch).await.map_err(|error| match error {
        store::Error::Unique(_) => entry::conflict("there is a purpose with this code already"),
        other => other.into(),
    })?;
    let found = list(ctx).await?.into_iter().find(|one| one.id == id);
    found.ok_or(Error::NotFound("purpose"))
}

/// Takes a purpose out of use: nothing new may be sent or asked for it. The record stays.
///
/// # Errors
/// [`store::Error::Guard`] when there is no such purpose in use.
pub async fn retire(ctx: &Ctx, purpose: &Purpose) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(RETIRE_PURPOSE, params![ctx.workspace, purpose.as_str(), ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The catalogue, by code.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<PurposeEntry>> {
    Ok(ctx.db.all(LIST_PURPOSES, params![ctx.workspace]).await?)
}
