//! `PATCH /v1/account`

use kernel::Locale;

use super::{Profile, profile};
use crate::v1::prelude::*;

/// Changes to your own account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileChange {
    /// Your name.
    name: Option<String>,
    /// The language you read.
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

/// Change your name and language.
#[utoipa::path(patch, path = "/v1/account", request_body = ProfileChange, security(("session" = [])),
    responses((status = 200, body = Profile)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<ProfileChange>,
) -> Result<JsonBody<Profile>> {
    let user = signed_in.session.user;
    let before = accounts::users::get(&app.core, user).await?;
    let name = input.name.unwrap_or_else(|| before.name.expose().clone());
    app.accounts.set_profile(user, &name, &input.language.unwrap_or(before.language)).await?;
    Ok(JsonBody(profile(&app, user).await?))
}
