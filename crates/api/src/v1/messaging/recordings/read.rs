//! `GET /v1/recordings/{id}`

use kernel::RecordingId;

use super::CallRecording;
use crate::v1::prelude::*;

/// One recording without its sound.
#[utoipa::path(get, path = "/v1/recordings/{id}", params(("id" = String, Path)), security(("key" = ["calls:read"])),
    responses((status = 200, body = CallRecording)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RecordingId>) -> Result<JsonBody<CallRecording>> {
    let ctx = caller.require("calls:read")?;
    Ok(JsonBody(calls::voice::recording(&ctx, id).await?.into()))
}
