//! What uses a saved segment.

use kernel::{CampaignId, SegmentId};
use store::{Ctx, params};

use crate::model::Campaign;
use crate::{Result, sequences};

store::sql! {
    OF_SEGMENT = "SELECT id, state, draft, version, scheduled_at, created_at, updated_at, started_at, finished_at,
        updated_by, tested_at, tested_version, deleted_at, halted_by FROM campaign
        WHERE workspace = $1 AND (segment = $2 OR draft LIKE $4) AND deleted_at IS NULL ORDER BY id DESC LIMIT $3";
}

/// So many campaigns are told.
const TOLD: u32 = 200;

/// A campaign or sequence that uses a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentUse {
    /// `campaign` or `sequence`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: &'static str,
}

/// Campaigns and sequences that use a segment, as their audience or for a part of their content, newest first; the
/// newest two hundred campaigns.
///
/// # Errors
/// The store's.
pub async fn uses_of(ctx: &Ctx, segment: SegmentId) -> Result<Vec<SegmentUse>> {
    let campaigns: Vec<Campaign> =
        ctx.db.all(OF_SEGMENT, params![ctx.workspace, segment, TOLD, format!("%{segment}%")]).await?;
    let campaigns = campaigns.into_iter().map(|one| SegmentUse {
        kind: "campaign",
        id: CampaignId::to_string(&one.id),
        name: one.draft.name,
        state: one.state.as_str(),
    });
    // A content follows a segment by its id, which stands nowhere else.
    let named = segment.to_string();
    let newest = kernel::PageRequest { limit: Some(1000), cursor: None };
    let sequences = sequences::list(ctx, &newest).await?.items.into_iter().filter(|one| {
        one.draft.segment == Some(segment) || serde_json::to_string(&one.draft).is_ok_and(|text| text.contains(&named))
    });
    let sequences = sequences.map(|one| SegmentUse {
        kind: "sequence",
        id: one.id.to_string(),
        name: one.draft.name,
        state: one.state.as_str(),
    });
    Ok(campaigns.chain(sequences).collect())
}
