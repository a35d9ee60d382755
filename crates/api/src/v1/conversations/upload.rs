//! `POST /v1/conversations/{id}/files`

use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use conversations::conversations as rows;
use conversations::files::{self, Upload};
use conversations::widgets::{FileRules, LARGEST_FILE};
use kernel::ConversationId;

use super::shapes::{ConversationFile, file};
use crate::pages::chat::part;
use crate::v1::prelude::*;

/// Upload a file to a conversation: one part called `file`. It is seen once an event names it.
#[utoipa::path(post, path = "/v1/conversations/{id}/files", params(("id" = String, Path)),
    request_body(content = String, content_type = "multipart/form-data"), security(("key" = ["conversations:write"])),
    responses((status = 201, body = ConversationFile)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, JsonBody<ConversationFile>)> {
    let ctx = caller.require("conversations:write")?;
    let row = rows::get(&ctx, id).await?;
    let form = form.map_err(|_| Failure::new(Code::UnsupportedMediaType, "expected multipart/form-data"))?;
    let (name, declared, bytes) = part(form).await?;
    let name = files::name(&name)?;
    let upload = Upload { name: &name, declared: declared.as_deref(), bytes: &bytes, by_agent: true };
    // Members send what is known; whether people may is the widget's affair.
    let rules = FileRules { max_bytes: LARGEST_FILE, types: files::KNOWN.map(str::to_owned).to_vec() };
    let kept = files::keep(&ctx, &row, &rules, upload, app.shell.chat().scanner().is_some()).await?;
    Ok((StatusCode::CREATED, JsonBody(file(&kept, &format!("/v1/conversations/{id}")))))
}
