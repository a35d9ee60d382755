//! `POST /v1/push/test`

use super::{PushId, way};
use crate::v1::prelude::*;

/// What became of one push.
#[derive(Serialize, ToSchema)]
pub(super) struct PushResult {
    /// Which browser.
    #[schema(value_type = String)]
    id: PushId,
    /// What its push service answered: an HTTP status, or 0 when it could not be reached.
    status: u16,
    /// It was taken.
    taken: bool,
}

/// What became of all.
#[derive(Serialize, ToSchema)]
pub(super) struct PushResults {
    /// So many were taken.
    sent: usize,
    /// One for each browser of yours.
    results: Vec<PushResult>,
}

/// Tell all your browsers that it works, now.
#[utoipa::path(post, path = "/v1/push/test", security(("session" = ["conversations:read"])),
    responses((status = 200, body = PushResults)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<PushResults>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let all = way(&app)?.test(&ctx, session.user).await?;
    let results: Vec<PushResult> =
        all.into_iter().map(|one| PushResult { id: one.subscription, status: one.status, taken: one.taken }).collect();
    Ok(JsonBody(PushResults { sent: results.iter().filter(|one| one.taken).count(), results }))
}
