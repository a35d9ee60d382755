//! `GET /v1/recordings/{id}/file`

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use kernel::RecordingId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// The sound of a recording as a WAV file. Listening is noted in the audit trail.
#[utoipa::path(get, path = "/v1/recordings/{id}/file", params(("id" = String, Path)),
    security(("key" = ["calls:read"])), responses((status = 200, body = String, content_type = "audio/wav")))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RecordingId>) -> Result<Response> {
    let ctx = caller.require("calls:read")?;
    let sound = calls::voice::recording_file(&ctx, id).await?;
    trail::note(&ctx, "recording.heard", &[&id]).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("audio/wav")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"recording.wav\"")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, sound).into_response())
}
