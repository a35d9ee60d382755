//! `POST /v1/contacts/{id}/anonymise`

use kernel::ContactId;
use privacy::erasure::anonymise;

use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Erase a person and keep what happened as figures under a random stand-in that leads back to nobody.
#[utoipa::path(post, path = "/v1/contacts/{id}/anonymise", params(("id" = String, Path)),
    security(("key" = ["contacts:erase"])), responses((status = 200, body = shapes::Certificate)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:erase")?;
    super::erase_aliases(&app, &ctx, id).await?;
    let certificate = anonymise(&ctx, app.outbound.gate(), id).await?;
    app.live.forget(ctx.workspace, id);
    trail::note(&ctx, "contact.anonymised", &[&id, &certificate.id]).await?;
    Ok(JsonBody(json!(certificate)))
}
