//! `PATCH /v1/originators/{id}`

use kernel::OriginatorId;

use super::{OriginatorRules, SmsOriginator, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Changes to an originator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OriginatorChange {
    /// How it is used, as a whole.
    rules: OriginatorRules,
}

/// Change how an originator is used.
#[utoipa::path(patch, path = "/v1/originators/{id}", params(("id" = String, Path)), request_body = OriginatorChange,
    security(("key" = ["routes:write"])), responses((status = 200, body = SmsOriginator)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<OriginatorId>,
    JsonBody(input): JsonBody<OriginatorChange>,
) -> Result<JsonBody<SmsOriginator>> {
    let ctx = caller.require("routes:write")?;
    let entry = telecom::senders::change(&ctx, id, &input.rules.into()).await?;
    trail::note(&ctx, "originator.updated", &[&id]).await?;
    Ok(JsonBody(shown(&ctx, entry).await?))
}
