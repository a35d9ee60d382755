//! `GET /v1/privacy/activities`

use axum::response::{IntoResponse, Response};
use privacy::activities;

use crate::v1::stream;

use crate::v1::prelude::*;

/// In which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ActivityQuery {
    /// `json`, `csv` or `html`; `json` when absent.
    format: Option<String>,
}

/// The record of processing activities (GDPR Art. 30), generated from the schema and the registers: JSON, or a file with `format=csv` or `format=html`.
#[utoipa::path(get, path = "/v1/privacy/activities", params(ActivityQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, description = "The record")))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ActivityQuery>) -> Result<Response> {
    let ctx = caller.require("privacy:read")?;
    let record = activities::record(&ctx).await?;
    Ok(match query.format.as_deref() {
        None | Some("json") => JsonBody(json!(record)).into_response(),
        Some("csv") => stream::file(activities::csv(&record).into(), "text/csv; charset=utf-8", Some("activities.csv")),
        Some("html") => {
            stream::file(activities::html(&record).into(), "text/html; charset=utf-8", Some("activities.html"))
        }
        Some(_) => return Err(Problem::field("format", "json, csv or html").into()),
    })
}
