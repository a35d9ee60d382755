//! `GET /v1/contacts/export`

use axum::response::Response;
use people::export::{self, CsvOptions};
use privacy::processors;

use crate::v1::prelude::*;
use crate::v1::stream;
use crate::v1::trail;

/// How the file is written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// `csv` (the default), or `json`: one contact per line.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Begin a CSV file with a byte order mark, which some spreadsheets need.
    #[serde(default)]
    bom: bool,
    /// Who the file is for, when it leaves your house: a recipient of the register, in use, that a notice in
    /// force names. The disclosure is recorded.
    recipient: Option<String>,
}

#[derive(Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Csv,
    Json,
}

/// Every contact as a file, streamed. Formulas are neutralised.
#[utoipa::path(get, path = "/v1/contacts/export", params(ExportQuery), security(("key" = ["contacts:export"])),
    responses((status = 200, content((String = "text/csv"), (String = "application/x-ndjson")))))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ExportQuery>) -> Result<Response> {
    let ctx = caller.require("contacts:export")?;
    if let Some(name) = &query.recipient {
        let recipient = processors::told(&ctx, name).await?;
        let mut batch = ctx.batch();
        processors::hand_over(&mut batch, &ctx, &recipient, "an export of all contacts").await?;
        ctx.db.apply(batch).await?;
    }
    trail::note(&ctx, "contacts.exported", &[&ctx.workspace]).await?;
    Ok(match query.format {
        Format::Csv => {
            let options = CsvOptions { bom: query.bom };
            let body = stream::written(move |out| async move { export::csv(&ctx, out, options).await });
            stream::file(body, "text/csv; charset=utf-8", Some("contacts.csv"))
        }
        Format::Json => {
            let body = stream::written(move |out| async move { export::json_lines(&ctx, out).await });
            stream::file(body, "application/x-ndjson", Some("contacts.jsonl"))
        }
    })
}
