//! `POST /v1/smpp-accounts`

use super::{SmppAccount, SmppAccountSettings, shown};
use crate::v1::prelude::*;

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSmppAccount {
    /// How it names itself when it binds: 3 to 15 ASCII letters, digits, `-`, `_` and `.`, and nobody else's on this
    /// server.
    system_id: String,
    /// Its secret, 8 to 64 visible ASCII characters; one is made when it is absent.
    #[serde(default)]
    secret: Option<String>,
    /// What it may do.
    settings: SmppAccountSettings,
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeSmppAccount {
    /// The account.
    account: SmppAccount,
    /// Its secret. It cannot be had again.
    secret: String,
}

/// Make an account for a customer who binds over SMPP. The secret is shown this once.
#[utoipa::path(post, path = "/v1/smpp-accounts", request_body = NewSmppAccount,
    security(("key" = ["routes:write"])), responses((status = 201, body = MadeSmppAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewSmppAccount>,
) -> Result<(StatusCode, JsonBody<MadeSmppAccount>)> {
    let ctx = caller.require("routes:write")?;
    let (account, secret) = app.customers.add(&ctx, &input.system_id, (input.secret, &input.settings.into())).await?;
    let account = shown(&app, &ctx, account).await?;
    Ok((StatusCode::CREATED, JsonBody(MadeSmppAccount { account, secret })))
}
