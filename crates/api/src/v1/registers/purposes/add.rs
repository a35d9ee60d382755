//! `POST /v1/privacy/purposes`

use privacy::purposes::{self, LawfulBasis, NewPurpose};
use privacy::vocabulary::Purpose;

use super::super::shapes;
use crate::v1::prelude::*;

/// A purpose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PurposeDraft {
    /// 1 to 64 characters of `a-z`, `0-9`, `_` and `.`.
    #[schema(value_type = String)]
    code: Purpose,
    /// The name shown to people.
    name: String,
    /// A concept of the Data Privacy Vocabulary, such as `dpv:Marketing`.
    concept: String,
    /// The retention class.
    retention: String,
    /// One of the six lawful bases.
    #[schema(value_type = String)]
    basis: LawfulBasis,
}

/// Add a purpose of your own.
#[utoipa::path(post, path = "/v1/privacy/purposes", request_body = PurposeDraft, security(("key" = ["privacy:write"])),
    responses((status = 201, body = shapes::PurposeRecord)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<PurposeDraft>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let new = NewPurpose {
        code: input.code,
        name: input.name,
        concept: input.concept,
        retention: input.retention,
        basis: input.basis,
    };
    Ok((StatusCode::CREATED, JsonBody(json!(purposes::add(&ctx, new).await?))))
}
