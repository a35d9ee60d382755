//! `POST /v1/imports/inspect`

use axum::body::Body;
use futures_util::StreamExt;
use people::import::inspect::{self, MAX_LOOK};

use crate::v1::prelude::*;

/// A column of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct InspectedColumn {
    /// Its place, from 0; by it `map` speaks of the column.
    index: usize,
    /// Its name as the file has it.
    name: String,
    /// What it probably holds, such as `email`; null when nothing speaks for a field.
    guessed_field: Option<String>,
    /// The key that it would have as a custom field.
    attribute_key: String,
    /// Up to three different values.
    samples: Vec<String>,
    /// In how many of the rows it has a value.
    filled: u64,
}

/// A row that would not be imported.
#[derive(Serialize, ToSchema)]
pub(super) struct RejectedRow {
    /// Its first line.
    pub(super) line: u64,
    /// Why.
    pub(super) reason: String,
    /// The value at fault, shortened.
    pub(super) value: String,
}

/// An optional value that would be dropped.
#[derive(Serialize, ToSchema)]
pub(super) struct RowWarning {
    /// Its row's first line.
    line: u64,
    /// The column.
    column: String,
    /// What is wrong.
    reason: String,
}

/// What speaks against importing a file as it is.
#[derive(Serialize, ToSchema)]
pub(super) struct FileTrouble {
    /// `encoding`, `header`, `no_identifier`, `quotes`, `field_count`, `mostly_rejected` or `empty`.
    code: &'static str,
    /// What and where, in English.
    detail: String,
}

/// What the beginning of a file shows.
#[derive(Serialize, ToSchema)]
pub(super) struct InspectedFile {
    /// Such as `UTF-8` or `Windows-1256`; empty when none fits.
    encoding: String,
    /// `,`, `;` or a tab.
    delimiter: String,
    columns: Vec<InspectedColumn>,
    /// Rows that were looked at.
    rows_seen: u64,
    /// How many of them would not be imported.
    rejected: u64,
    /// The first twenty of those.
    rejects: Vec<RejectedRow>,
    /// Optional values that would be dropped, the first twenty.
    warnings: Vec<RowWarning>,
    /// What speaks against importing the file as it is.
    problems: Vec<FileTrouble>,
    /// Whether there is more of the file than was looked at.
    truncated: bool,
    /// What columns can become, besides custom fields.
    fields: Vec<String>,
}

/// Look at the beginning of a file: encoding, delimiter, columns with what they probably mean, and what is wrong.
///
/// The body is the first mebibyte of the file, or less; more is not read. Nothing is kept.
#[utoipa::path(post, path = "/v1/imports/inspect", request_body(content = String, content_type = "text/csv"),
    security(("key" = ["contacts:import"])), responses((status = 200, body = InspectedFile)))]
pub(super) async fn handle(caller: Caller, body: Body) -> Result<JsonBody<InspectedFile>> {
    let ctx = caller.require("contacts:import")?;
    let (mut bytes, mut chunks) = (Vec::new(), body.into_data_stream());
    while bytes.len() < MAX_LOOK
        && let Some(chunk) = chunks.next().await
    {
        bytes.extend_from_slice(
            &chunk.map_err(|_| Failure::new(Code::MalformedBody, "the beginning of the file did not arrive whole"))?,
        );
    }
    let (whole, now) = (bytes.len() < MAX_LOOK, ctx.now());
    let look = move || inspect::inspect(&bytes, whole, now);
    let interrupted = |_| Failure::new(Code::Unavailable, "the work was interrupted");
    let found = tokio::task::spawn_blocking(look).await.map_err(interrupted)?;
    let columns = found.columns.into_iter().map(|column| InspectedColumn {
        index: column.index,
        name: column.name,
        guessed_field: column.guess.map(people::import::Column::code),
        attribute_key: column.attribute_key,
        samples: column.samples,
        filled: column.filled,
    });
    let reject = |one: people::import::Reject| RejectedRow { line: one.line, reason: one.reason, value: one.value };
    let warning = |one: people::import::Warning| RowWarning { line: one.line, column: one.column, reason: one.reason };
    Ok(JsonBody(InspectedFile {
        encoding: found.encoding,
        delimiter: found.delimiter,
        columns: columns.collect(),
        rows_seen: found.rows,
        rejected: found.rejected,
        rejects: found.rejects.into_iter().map(reject).collect(),
        warnings: found.warnings.into_iter().map(warning).collect(),
        problems: found.problems.into_iter().map(|one| FileTrouble { code: one.code, detail: one.detail }).collect(),
        truncated: !whole,
        fields: people::import::Column::ALL.iter().map(|column| column.code()).collect(),
    }))
}
