//! `POST /v1/smpp-accounts/{id}/secret`

use kernel::SmppAccountId;

use crate::v1::prelude::*;

/// Another secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewedSecret {
    /// 8 to 64 visible ASCII characters; one is made when it is absent.
    #[serde(default)]
    secret: Option<String>,
}

/// A secret that was set.
#[derive(Serialize, ToSchema)]
pub(super) struct SmppSecret {
    /// It cannot be had again.
    secret: String,
}

/// Give an account another secret. Its sessions end.
#[utoipa::path(post, path = "/v1/smpp-accounts/{id}/secret", params(("id" = String, Path)),
    request_body = RenewedSecret, security(("key" = ["routes:write"])), responses((status = 200, body = SmppSecret)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SmppAccountId>,
    JsonBody(input): JsonBody<RenewedSecret>,
) -> Result<JsonBody<SmppSecret>> {
    let ctx = caller.require("routes:write")?;
    let secret = app.customers.renew(&ctx, id, input.secret).await?;
    Ok(JsonBody(SmppSecret { secret }))
}
