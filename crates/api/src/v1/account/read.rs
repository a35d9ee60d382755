//! `GET /v1/account`

use super::{Profile, profile};
use crate::v1::prelude::*;

/// An account and how it is protected.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountAnswer {
    /// The account.
    #[serde(flatten)]
    profile: Profile,
    /// Whether sign-in asks for a second factor, and how many recovery codes are left.
    #[schema(value_type = Object)]
    second_factor: accounts::users::SecondFactorStatus,
}

/// Your own account.
#[utoipa::path(get, path = "/v1/account", security(("session" = [])), responses((status = 200, body = AccountAnswer)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<JsonBody<AccountAnswer>> {
    let user = signed_in.session.user;
    let second_factor = app.accounts.second_factor_status(user).await?;
    Ok(JsonBody(AccountAnswer { profile: profile(&app, user).await?, second_factor }))
}
