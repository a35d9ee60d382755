//! `PATCH /v1/conversations/{id}/properties`

use conversations::conversations::{self as rows, Properties};
use kernel::ConversationId;

use crate::v1::prelude::*;

/// Properties of a conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationProperties {
    /// Namespace, name, value.
    #[schema(value_type = Object)]
    properties: Properties,
}

/// What changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationPropertiesChange {
    /// Namespace, name, value; null takes one away.
    #[schema(value_type = Object)]
    properties: Properties,
}

/// Change what programs keep about a conversation; what is not named stays.
#[utoipa::path(patch, path = "/v1/conversations/{id}/properties", params(("id" = String, Path)),
    request_body = ConversationPropertiesChange, security(("key" = ["conversations:write"])),
    responses((status = 200, body = ConversationProperties)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationPropertiesChange>,
) -> Result<JsonBody<ConversationProperties>> {
    let ctx = caller.require("conversations:write")?;
    let properties = rows::set_properties(&ctx, app.shell.chat().hub(), id, input.properties).await?;
    Ok(JsonBody(ConversationProperties { properties }))
}
