//! `POST /v1/account/confirm/again`

use crate::v1::prelude::*;

/// Have the confirmation link mailed again.
#[utoipa::path(post, path = "/v1/account/confirm/again", security(("session" = [])), responses((status = 202)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<StatusCode> {
    app.accounts.resend_confirmation(signed_in.session.user).await?;
    Ok(StatusCode::ACCEPTED)
}
