//! `POST /v1/contacts/{id}/anonymise`

use kernel::ContactId;
use people::contacts;

use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// What is left.
#[derive(Serialize, ToSchema)]
pub(super) struct Anonymised {
    /// The certificate of the erasure.
    #[schema(value_type = shapes::Certificate)]
    certificate: Json,
    /// So many events stay under a number drawn at random, by kind, campaign and day.
    kept: usize,
}

/// Erase a person, and keep what happened to nobody in particular for reports.
#[utoipa::path(post, path = "/v1/contacts/{id}/anonymise", params(("id" = String, Path)),
    security(("key" = ["contacts:erase"])), responses((status = 200, body = Anonymised)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<JsonBody<Anonymised>> {
    let ctx = caller.require("contacts:erase")?;
    let (certificate, kept) = contacts::anonymise(&ctx, app.outbound.gate(), id).await?;
    app.live.forget(ctx.workspace, id);
    trail::note(&ctx, "contact.anonymised", &[&id, &certificate.id]).await?;
    Ok(JsonBody(Anonymised { certificate: json!(certificate), kept }))
}
