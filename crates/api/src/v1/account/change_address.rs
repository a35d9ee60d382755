//! `POST /v1/account/address`

use kernel::Email;

use crate::v1::prelude::*;

/// Another address to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressChange {
    /// The new address; a link is mailed to it.
    #[schema(value_type = String)]
    email: Email,
    /// The account's password.
    password: String,
}

/// Ask for another e-mail address.
#[utoipa::path(post, path = "/v1/account/address", request_body = AddressChange, security(("session" = [])),
    responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<AddressChange>,
) -> Result<StatusCode> {
    app.accounts.ask_change(signed_in.session.user, &input.password, &input.email).await?;
    Ok(StatusCode::ACCEPTED)
}
