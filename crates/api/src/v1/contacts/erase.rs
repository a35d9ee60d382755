//! `POST /v1/contacts/{id}/erase`

use kernel::ContactId;
use privacy::erasure::erase;

use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Erase a person for good: rows, keys, index, queued messages.
///
/// Answers with the signed certificate; the second time, with the first one.
#[utoipa::path(post, path = "/v1/contacts/{id}/erase", params(("id" = String, Path)),
    security(("key" = ["contacts:erase"])), responses((status = 200, body = shapes::Certificate)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:erase")?;
    super::erase_aliases(&app, &ctx, id).await?;
    let certificate = erase(&ctx, app.outbound.gate(), id).await?;
    app.live.forget(ctx.workspace, id);
    trail::note(&ctx, "contact.erased", &[&id, &certificate.id]).await?;
    Ok(JsonBody(json!(certificate)))
}
