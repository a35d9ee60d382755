//! `POST /v1/account/confirm`

use super::{LinkToken, Whose};
use crate::v1::prelude::*;

/// Confirm an e-mail address with the link that was mailed.
#[utoipa::path(post, path = "/v1/account/confirm", request_body = LinkToken, security(()),
    responses((status = 200, body = Whose)))]
pub(super) async fn handle(State(app): State<App>, JsonBody(input): JsonBody<LinkToken>) -> Result<JsonBody<Whose>> {
    Ok(JsonBody(Whose { user: app.accounts.confirm(&input.token).await? }))
}
