//! `POST /v1/privacy/requests/{id}/fulfil`

use kernel::RequestId;
use people::requests::by_hand;

use super::{FulfilledView, fulfilled, view};
use crate::v1::prelude::*;
use crate::v1::trail;

/// How.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fulfilment {
    /// What you did yourself; absent lets Barid do what is asked.
    by_hand: Option<String>,
}

/// Do what a verified request asks for, close it and have the person told.
///
/// Access and portability make the pack; erasure needs `contacts:erase` too and answers with the certificate.
#[utoipa::path(post, path = "/v1/privacy/requests/{id}/fulfil", params(("id" = String, Path)),
    request_body = Fulfilment, security(("key" = ["privacy:write"])), responses((status = 200, body = FulfilledView)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RequestId>,
    JsonBody(input): JsonBody<Fulfilment>,
) -> Result<JsonBody<FulfilledView>> {
    let ctx = caller.require("privacy:write")?;
    let Some(note) = &input.by_hand else {
        return Ok(JsonBody(fulfilled(&app, &caller, &ctx, id).await?));
    };
    let done = by_hand(&ctx, id, note).await?;
    trail::note(&ctx, "request.fulfilled", &[&id]).await?;
    let outcome = done.to_json()["outcome"].clone();
    Ok(JsonBody(FulfilledView { request: view(&ctx, &done.request).await?, outcome, certificate: None }))
}
