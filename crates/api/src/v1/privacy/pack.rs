//! `GET /v1/privacy/pack`

use privacy::gate;
use privacy::rules::RulePack;
use privacy::vocabulary::Channel;

use super::packs::{PackRow, Warned, countries, rows, warnings};
use super::words::told;
use crate::v1::prelude::*;

/// The rules by which the gate decides.
#[derive(Serialize, ToSchema)]
pub(super) struct PackAnswer {
    /// Their version.
    version: String,
    /// When they were released.
    #[schema(value_type = String, format = DateTime)]
    released_at: Timestamp,
    /// Whether they want a review: the pack is older than 180 days, or a row's day of review has passed.
    stale: bool,
    /// What wants a review, and why.
    warnings: Vec<Warned>,
    /// What the rules are, and are not, in English and Arabic.
    #[schema(value_type = Object)]
    disclaimer: Json,
    /// The rows of the decision table, in the order in which they are tried.
    rows: Vec<PackRow>,
    /// Countries that some row names, with the row that decides by channel and recipient; every other
    /// country, and an unknown one, is decided by `unlisted`.
    countries: Vec<Json>,
    /// By channel: to which countries the workspace lets it reach (`null`: to all).
    channels: Vec<Json>,
}

/// The rule pack in force.
#[utoipa::path(get, path = "/v1/privacy/pack", security(("key" = ["privacy:read"])),
    responses((status = 200, body = PackAnswer)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<PackAnswer>> {
    let ctx = caller.require("privacy:read")?;
    let pack = RulePack::current();
    let settings = gate::settings(&ctx).await?;
    let reach = |channel: &Channel| json!({ "channel": channel, "countries": settings.destinations.get(channel) });
    let warnings = warnings(pack, ctx.now());
    Ok(JsonBody(PackAnswer {
        version: pack.version().to_owned(),
        released_at: pack.released(),
        stale: !warnings.is_empty(),
        warnings,
        disclaimer: told("disclaimer", &[("version", pack.version())]),
        rows: rows(pack),
        countries: countries(pack, settings.approvals_required_on.as_deref()),
        channels: Channel::ALL.iter().map(reach).collect(),
    }))
}
