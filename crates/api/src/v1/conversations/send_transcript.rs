//! `POST /v1/conversations/{id}/transcript`

use conversations::{conversations as rows, mailing};
use kernel::ConversationId;

use crate::v1::prelude::*;

/// Where to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TranscriptRequest {
    /// The address; the one that is known when absent.
    #[serde(default)]
    email: Option<String>,
}

/// Send the person a transcript by mail, without notes.
#[utoipa::path(post, path = "/v1/conversations/{id}/transcript", params(("id" = String, Path)),
    request_body = TranscriptRequest, security(("key" = ["conversations:write"])), responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<TranscriptRequest>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:write")?;
    rows::get(&ctx, id).await?;
    mailing::ask_transcript(&ctx, app.shell.chat().hub(), id, input.email.as_deref()).await?;
    Ok(StatusCode::ACCEPTED)
}
