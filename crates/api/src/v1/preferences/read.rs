//! `GET /v1/account/preferences`

use accounts::preferences;

use super::PreferencesAnswer;
use crate::v1::prelude::*;

/// How you want the app to look and count.
#[utoipa::path(get, path = "/v1/account/preferences", security(("session" = [])),
    responses((status = 200, body = PreferencesAnswer)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<JsonBody<PreferencesAnswer>> {
    Ok(JsonBody(preferences::get(&app.core, signed_in.session.user).await?.into()))
}
