//! `POST /v1/privacy/screenings`

use axum::body::Body;
use futures_util::StreamExt;
use kernel::Date;
use privacy::rules::Country;
use privacy::screening::{Draft, Upload};
use privacy::vocabulary::Channel;

use super::ScreeningList;
use crate::v1::prelude::*;

/// Which list it is, in the query string: the body is the list itself.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ScreeningQuery {
    /// ISO 3166, two letters.
    #[param(value_type = String)]
    country: Country,
    /// The channel it concerns; `email` when absent.
    #[param(value_type = Option<String>)]
    channel: Option<Channel>,
    /// Its name, such as `ecg`, `robinson`, `ctps`; a new upload of the same name replaces the old one.
    list: String,
    /// Who delivered it.
    source: String,
    /// The day the register made it; it counts for thirty days.
    #[param(value_type = String, format = Date)]
    dated: Date,
}

/// Upload a national opt-out list of at most 512 MiB: per line an address, `@domain`, a telephone
/// number, or the SHA-1 or SHA-256 (hex) of a lower-case address.
///
/// It is in force when it has come in whole, and is kept as keyed hashes only.
#[utoipa::path(post, path = "/v1/privacy/screenings", params(ScreeningQuery),
    request_body(content = String, content_type = "text/plain"), security(("key" = ["privacy:write"])),
    responses((status = 201, body = ScreeningList)))]
pub(super) async fn handle(
    caller: Caller,
    Query(query): Query<ScreeningQuery>,
    body: Body,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let ScreeningQuery { country, channel, list, source, dated } = query;
    let draft = Draft { country, channel: channel.unwrap_or(Channel::Email), list, source, dated };
    let mut upload = Upload::begin(&ctx, draft).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Failure::new(Code::MalformedBody, "the list did not arrive whole"))?;
        upload.write(&chunk).await?;
    }
    Ok((StatusCode::CREATED, JsonBody(json!(upload.finish().await?))))
}
