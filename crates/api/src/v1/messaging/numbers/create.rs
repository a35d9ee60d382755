//! `POST /v1/numbers`

use calls::numbers;

use super::{NumberSettings, Originators, OwnNumber};
use crate::v1::prelude::*;

/// A number to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNumber {
    /// With its country code, or a short code of three to six digits.
    #[schema(example = "+966112345678")]
    pub(super) number: String,
    /// What is set about it.
    #[serde(default)]
    pub(super) settings: NumberSettings,
    /// Whether messages may be from it: an originator is made where there is none.
    #[serde(default)]
    pub(super) originator: bool,
}

/// Add a number that an operator gave you.
#[utoipa::path(post, path = "/v1/numbers", request_body = NewNumber, security(("key" = ["routes:write"])),
    responses((status = 201, body = OwnNumber)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewNumber>,
) -> Result<(StatusCode, JsonBody<OwnNumber>)> {
    let ctx = caller.require("routes:write")?;
    let number = numbers::add(&ctx, &input.number, &input.settings.into()).await?;
    let mut originators = Originators::load(&ctx).await?;
    if input.originator {
        originators.link(&ctx, &number.value).await?;
    }
    Ok((StatusCode::CREATED, JsonBody(originators.shown(number))))
}
