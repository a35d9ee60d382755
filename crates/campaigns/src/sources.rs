//! What messages belong to, by name: a campaign, a step of a sequence, or something the house itself writes.

use std::collections::BTreeMap;

use kernel::{CampaignId, RawId, SequenceId};
use store::{Ctx, params};

use crate::model::Campaign;
use crate::queries::GET;
use crate::sequences::{Sequence, queries as series};
use crate::{Error, Result};

/// What a message belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceName {
    /// `campaign` or `sequence`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What these sources of messages are. Notices and what is gone have no name and are left out.
///
/// # Errors
/// The store's.
pub async fn names_of(ctx: &Ctx, sources: &[RawId]) -> Result<BTreeMap<RawId, SourceName>> {
    let mut wanted: Vec<RawId> = sources.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let sets = |ids: &[RawId]| ids.iter().map(|id| params![ctx.workspace, *id]).collect::<Vec<_>>();
    let campaigns: Vec<Vec<Campaign>> = ctx.db.many(GET, sets(&wanted)).await.map_err(Error::from)?;
    let mut out: BTreeMap<RawId, SourceName> = BTreeMap::new();
    for campaign in campaigns.into_iter().flatten() {
        let id = CampaignId::to_string(&campaign.id);
        out.insert(campaign.id.into(), SourceName { kind: "campaign", id, name: campaign.draft.name });
    }
    let rest: Vec<RawId> = wanted.into_iter().filter(|id| !out.contains_key(id)).collect();
    let waves: Vec<Vec<(SequenceId, i64)>> = ctx.db.many(series::WAVE, sets(&rest)).await.map_err(Error::from)?;
    let waves: Vec<(RawId, SequenceId)> =
        rest.iter().zip(waves).filter_map(|(id, wave)| Some((*id, wave.first()?.0))).collect();
    let ids: Vec<RawId> = waves.iter().map(|wave| wave.1.into()).collect();
    let found: Vec<Vec<Sequence>> = ctx.db.many(series::GET, sets(&ids)).await.map_err(Error::from)?;
    for ((source, _), sequence) in waves.into_iter().zip(found) {
        if let Some(sequence) = sequence.into_iter().next() {
            let id = sequence.id.to_string();
            out.insert(source, SourceName { kind: "sequence", id, name: sequence.draft.name });
        }
    }
    Ok(out)
}
