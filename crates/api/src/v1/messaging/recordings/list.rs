//! `GET /v1/recordings`

use kernel::{CallId, PageRequest};

use super::CallRecording;
use crate::v1::prelude::*;

/// Which recordings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecordingQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Of this call.
    #[param(value_type = Option<String>)]
    call: Option<CallId>,
}

/// Recordings, newest first.
#[utoipa::path(get, path = "/v1/recordings", params(RecordingQuery), security(("key" = ["calls:read"])),
    responses((status = 200, body = Listed<CallRecording>)))]
pub(super) async fn handle(
    caller: Caller,
    Query(query): Query<RecordingQuery>,
) -> Result<JsonBody<Listed<CallRecording>>> {
    let ctx = caller.require("calls:read")?;
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = calls::voice::recordings(&ctx, query.call, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |recording| recording.id);
    Ok(JsonBody(Listed::of(found, CallRecording::from)))
}
