//! `POST /v1/samples`

use campaigns::samples::{self, Language};
use kernel::Locale;

use super::{SamplesAnswer, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// How samples are to be named.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SamplesWanted {
    /// `ar` or `en`; the workspace's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

/// Load sample people with a topic, a segment, drafts and a form, and event types with some appointments. The people come by an import: look at its
/// state, or at the live events.
#[utoipa::path(post, path = "/v1/samples", request_body = SamplesWanted, security(("key" = ["contacts:import"])),
    responses((status = 202, body = SamplesAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SamplesWanted>,
) -> Result<(StatusCode, JsonBody<SamplesAnswer>)> {
    let ctx = caller.require("contacts:import")?;
    let language = match input.language {
        Some(language) => language,
        None => accounts::workspaces::get(&ctx).await?.language,
    };
    let loaded = samples::load(&ctx, &app.outbound, Language::of(&language)).await?;
    // Appointments need somebody whose time they take; without one they are left out.
    booking::samples::load_once(&ctx).await?;
    trail::note(&ctx, "samples.loaded", &[&ctx.workspace]).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(shown(&ctx, &loaded).await?)))
}
