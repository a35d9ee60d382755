//! `GET /v1/contacts/export`

use axum::response::Response;
use people::export::partner::{self, Partner};
use people::export::{self, CsvOptions};

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
    /// The partner the file is for. Refused unless the privacy notice in force names it; whose data it gets
    /// is recorded.
    #[serde(default)]
    partner: Option<String>,
    /// What the partner does with the data; required with `partner`.
    #[serde(default)]
    purpose: Option<String>,
    /// The contract with the partner.
    #[serde(default)]
    reference: Option<String>,
    /// Where the partner takes notices of erasure: an e-mail address or an https address.
    #[serde(default)]
    notify: Option<String>,
}

impl ExportQuery {
    fn partner(&mut self) -> Result<Option<Partner>, Problem> {
        let Some(name) = self.partner.take() else { return Ok(None) };
        let purpose = self.purpose.take().filter(|text| !text.trim().is_empty());
        let purpose = purpose.ok_or_else(|| Problem::field("purpose", "say what the partner does with the data"))?;
        Ok(Some(Partner { name, purpose, reference: self.reference.take(), notify: self.notify.take() }))
    }
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
pub(super) async fn handle(caller: Caller, Query(mut query): Query<ExportQuery>) -> Result<Response> {
    let ctx = caller.require("contacts:export")?;
    if let Some(partner) = query.partner()? {
        partner::disclose(&ctx, &partner).await?;
        trail::note(&ctx, "contacts.given_to_partner", &[&ctx.workspace]).await?;
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
