//! `GET /v1/meta`

use privacy::rules::RulePack;

use crate::v1::prelude::*;

/// This server.
#[derive(Serialize, ToSchema)]
pub(super) struct Meta {
    /// Always `barid`.
    name: &'static str,
    /// Its version.
    version: &'static str,
    /// The version of the rules by which the gate decides.
    rule_pack: String,
    /// How browsers reach it.
    public_url: String,
}

/// The server's version and rules.
#[utoipa::path(get, path = "/v1/meta", security(("key" = ["workspace:read"])), responses((status = 200, body = Meta)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Meta>> {
    caller.require("workspace:read")?;
    Ok(JsonBody(Meta {
        name: "barid",
        version: env!("CARGO_PKG_VERSION"),
        rule_pack: RulePack::current().version().to_owned(),
        public_url: app.toolbox.public_url().to_owned(),
    }))
}
