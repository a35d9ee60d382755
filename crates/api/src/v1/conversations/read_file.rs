//! `GET /v1/conversations/{id}/files/{file}`

use axum::response::Response;
use conversations::{conversations as rows, files};
use kernel::{ConversationId, FileId};

use crate::pages::chat::octets;
use crate::v1::prelude::*;

/// A file of a conversation, once it was found clean.
#[utoipa::path(get, path = "/v1/conversations/{id}/files/{file}",
    params(("id" = String, Path), ("file" = String, Path)), security(("key" = ["conversations:read"])),
    responses((status = 200, body = String, content_type = "application/octet-stream")))]
pub(super) async fn handle(caller: Caller, Path((id, file)): Path<(ConversationId, FileId)>) -> Result<Response> {
    let ctx = caller.require("conversations:read")?;
    let row = rows::get(&ctx, id).await?;
    let (file, bytes) = files::content(&ctx, &row, file).await?;
    Ok(octets(&file, bytes))
}
