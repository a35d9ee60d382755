//! `POST /v1/contacts/{id}/erase`

use kernel::ContactId;
use people::contacts;
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
    let gate = app.outbound.gate();
    // What was kept under the ids of duplicates goes too; they go first, while it is known who they are.
    for alias in contacts::aliases(&ctx, id).await? {
        match erase(&ctx, gate, alias).await {
            Ok(_) | Err(privacy::Error::NotFound(_)) => app.live.forget(ctx.workspace, alias),
            Err(error) => return Err(error.into()),
        }
    }
    let certificate = erase(&ctx, gate, id).await?;
    app.live.forget(ctx.workspace, id);
    trail::note(&ctx, "contact.erased", &[&id, &certificate.id]).await?;
    Ok(JsonBody(json!(certificate)))
}
