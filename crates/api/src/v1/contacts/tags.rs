//! `POST /v1/contacts/{id}/tags`

use kernel::ContactId;
use people::contacts;

use super::{draft, shown};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Tags given and taken.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tagging {
    /// Names of tags to give; new ones are made.
    add: Vec<String>,
    /// Names of tags to take.
    remove: Vec<String>,
}

/// Give a contact tags, or take them.
#[utoipa::path(post, path = "/v1/contacts/{id}/tags", params(("id" = String, Path)), request_body = Tagging,
    security(("key" = ["contacts:write"])), responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(input): JsonBody<Tagging>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:write")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let change = contacts::Change {
        draft: contacts::Draft { tags: input.add, ..contacts::Draft::default() },
        untag: input.remove,
        version: None,
    };
    contacts::update(&ctx, id, change, &draft::origin(&ctx, None)?).await?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
