//! `GET /v1/starters`

use content::starters::{self, Starter};
use kernel::Locale;

use crate::v1::prelude::*;

/// In which language the designs are described.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StartersQuery {
    /// The language of names and descriptions; the workspace's when absent.
    #[param(value_type = Option<String>)]
    language: Option<Locale>,
}

/// The designs that a message may start from, each in Arabic and in English.
#[utoipa::path(get, path = "/v1/starters", params(StartersQuery), security(("key" = ["templates:read"])),
    responses((status = 200, body = Listed<Starter>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<StartersQuery>) -> Result<JsonBody<Listed<Starter>>> {
    let ctx = caller.require("templates:read")?;
    let language = match query.language {
        Some(language) => language,
        None => accounts::workspaces::get(&ctx).await?.language,
    };
    Ok(JsonBody(starters::all(&language).into()))
}
