//! `POST /v1/originators`

use telecom::sms::{Originator, OriginatorError};

use super::{OriginatorRules, SmsOriginator, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// An originator to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOriginator {
    /// A number with its country code, a short code, or a name of at most eleven characters.
    value: String,
    /// How it is used.
    #[serde(default)]
    rules: OriginatorRules,
}

/// Add an originator that an operator lets you use.
#[utoipa::path(post, path = "/v1/originators", request_body = NewOriginator, security(("key" = ["routes:write"])),
    responses((status = 201, body = SmsOriginator)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewOriginator>,
) -> Result<(StatusCode, JsonBody<SmsOriginator>)> {
    let ctx = caller.require("routes:write")?;
    let value: Originator =
        input.value.parse().map_err(|error: OriginatorError| telecom::Error::field("value", error))?;
    let entry = telecom::senders::add(&ctx, &value, &input.rules.into()).await?;
    trail::note(&ctx, "originator.added", &[&entry.id]).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, entry).await?)))
}
