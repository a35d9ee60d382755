//! `POST /v1/contacts/{id}/anonymise`

use kernel::ContactId;
use people::contacts;
use privacy::erasure::{anonymise, erase};

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
    let gate = app.outbound.gate();
    for alias in contacts::aliases(&ctx, id).await? {
        match erase(&ctx, gate, alias).await {
            Ok(_) | Err(privacy::Error::NotFound(_)) => app.live.forget(ctx.workspace, alias),
            Err(error) => return Err(error.into()),
        }
    }
    let certificate = anonymise(&ctx, gate, id).await?;
    app.live.forget(ctx.workspace, id);
    trail::note(&ctx, "contact.anonymised", &[&id, &certificate.id]).await?;
    Ok(JsonBody(json!(certificate)))
}
