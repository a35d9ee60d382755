//! `PATCH /v1/contacts/{id}`

use kernel::ContactId;
use people::contacts;

use super::draft::ContactValues;
use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Change a contact.
#[utoipa::path(patch, path = "/v1/contacts/{id}", params(("id" = String, Path)), request_body = ContactValues,
    security(("key" = ["contacts:write"])), responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(mut input): JsonBody<ContactValues>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:write")?;
    let before = contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let (remove, archived, version) = (std::mem::take(&mut input.remove), input.archived, input.version);
    let (draft, untag, origin) = input.read(&ctx)?;
    let change = contacts::Change { draft, untag, version };
    contacts::update(&ctx, id, change, &origin).await?;
    for address in &remove {
        contacts::remove_address(&ctx, id, address).await?;
    }
    if let Some(archived) = archived
        && archived != before.loaded.archived_at.is_some()
    {
        contacts::archive(&ctx, id, archived).await?;
    }
    Ok(JsonBody(shown(&ctx, id).await?))
}
