//! The catalogue of purposes: what the workspace processes personal data for. A message whose
//! purpose is not in it (or was retired) is denied.

use kernel::{PurposeId, Timestamp};
use serde::Serialize;
use store::{Batch, Ctx, params};

use crate::Result;
use crate::vocabulary::Purpose;

store::sql! {
    INSERT_PURPOSE = "INSERT INTO purpose (workspace, code, id, name, concept, retention, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace, code) DO NOTHING";
    LIST_PURPOSES = "SELECT id, code, name, concept, retention, created_at, retired_at FROM purpose
        WHERE workspace = $1 ORDER BY code";
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
    }
}

/// What every workspace starts with: code, name, DPV concept, retention class.
const SEEDED: [(&str, &str, &str, &str); 5] = [
    ("marketing", "Marketing", "dpv:DirectMarketing", "marketing.contact"),
    ("service", "Service messages", "dpv:ServiceProvision", "comms.traffic"),
    ("engagement_tracking", "Opens and clicks", "dpv:UsageAnalytics", "marketing.engagement"),
    ("profiling", "Profiling", "dpv:Profiling", "marketing.contact"),
    ("statutory", "Notices required by law", "dpv:LegalCompliance", "evidence"),
];

/// Adds the purposes that every workspace starts with; harmless when they are there.
pub fn seed(batch: &mut Batch, ctx: &Ctx) {
    for (code, name, concept, retention) in SEEDED {
        insert(batch, ctx, code, name, (concept, retention));
    }
}

fn insert(batch: &mut Batch, ctx: &Ctx, code: &str, name: &str, (concept, retention): (&str, &str)) {
    let id: PurposeId = ctx.id();
    batch.push(INSERT_PURPOSE, params![ctx.workspace, code, id, name, concept, retention, ctx.now()]);
}

/// Adds a purpose of the workspace's own.
///
/// # Errors
/// When the store fails.
pub async fn create(ctx: &Ctx, purpose: &Purpose, name: &str, concept: &str, retention: &str) -> Result<()> {
    let mut batch = ctx.batch();
    insert(&mut batch, ctx, purpose.as_str(), name, (concept, retention));
    ctx.db.apply(batch).await?;
    Ok(())
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
