//! `POST /v1/contacts`

use people::contacts;

use super::draft::ContactValues;
use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Make a contact. No consent is stated by this; see `/v1/subscribe`.
#[utoipa::path(post, path = "/v1/contacts", request_body = ContactValues, security(("key" = ["contacts:write"])),
    responses((status = 201, body = shapes::Contact)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<ContactValues>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("contacts:write")?;
    input.refuse_changes()?;
    let (draft, _, origin) = input.read(&ctx)?;
    let id = contacts::create(&ctx, draft, &origin).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, id).await?)))
}
