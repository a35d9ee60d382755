//! `GET /v1/segments/{id}/uses`

use kernel::SegmentId;
use people::segments::saved;

use crate::v1::prelude::*;

/// Something that uses a segment.
#[derive(Serialize, ToSchema)]
pub(super) struct SegmentUse {
    /// `campaign` or `sequence`.
    kind: &'static str,
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Where it stands.
    state: &'static str,
}

/// What uses a segment: campaigns and sequences, newest first.
#[utoipa::path(get, path = "/v1/segments/{id}/uses", params(("id" = String, Path)),
    security(("key" = ["segments:read"])), responses((status = 200, body = Listed<SegmentUse>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SegmentId>) -> Result<JsonBody<Listed<SegmentUse>>> {
    let ctx = caller.require("segments:read")?;
    saved::get(&ctx, id).await?;
    let uses = campaigns::uses_of(&ctx, id).await?;
    let shown = uses.into_iter().map(|one| SegmentUse { kind: one.kind, id: one.id, name: one.name, state: one.state });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
