//! `POST /v1/account/address/confirm`

use super::{LinkToken, Whose};
use crate::v1::prelude::*;

/// Confirm another e-mail address with the link that was mailed to it.
#[utoipa::path(post, path = "/v1/account/address/confirm", request_body = LinkToken, security(()),
    responses((status = 200, body = Whose)))]
pub(super) async fn handle(State(app): State<App>, JsonBody(input): JsonBody<LinkToken>) -> Result<JsonBody<Whose>> {
    Ok(JsonBody(Whose { user: app.accounts.change_address(&input.token).await? }))
}
