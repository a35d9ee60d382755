//! Sample data, loaded and removed.

mod load;
mod read;
mod remove;

use campaigns::samples::{self, Loaded};
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("samples": read, load, remove)
}

/// Where the samples stand.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SamplesState {
    /// There are none.
    None,
    /// The people are still coming in.
    Loading,
    /// They are there.
    Loaded,
}

/// The samples of a workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct SamplesAnswer {
    /// Where they stand.
    state: SamplesState,
    /// The import by which the people come.
    import: Option<String>,
    /// Their topic.
    topic: Option<String>,
    /// A segment of them.
    segment: Option<String>,
    /// A form.
    form: Option<String>,
    /// Campaigns.
    campaigns: Vec<String>,
    /// How many people are there.
    contacts: u64,
}

async fn shown(ctx: &Ctx, loaded: &Loaded) -> Result<SamplesAnswer> {
    let state = match (loaded.there, samples::loading(ctx, loaded).await?) {
        (false, _) => SamplesState::None,
        (true, true) => SamplesState::Loading,
        (true, false) => SamplesState::Loaded,
    };
    Ok(SamplesAnswer {
        state,
        import: loaded.import.map(|id| id.to_string()),
        topic: loaded.topic.map(|id| id.to_string()),
        segment: loaded.segment.map(|id| id.to_string()),
        form: loaded.form.map(|id| id.to_string()),
        campaigns: loaded.campaigns.iter().map(ToString::to_string).collect(),
        contacts: samples::people_there(ctx, loaded).await?,
    })
}
