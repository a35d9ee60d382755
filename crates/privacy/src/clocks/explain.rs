//! `barid explain due`: one question as JSON, one answer as JSON.

use serde_json::{Value as Json, json};

use super::{DueKind, Period, due, zone};
use crate::Error;
use crate::rules::{ExplainError, read_instant};

/// Answers `{"kind", "from", "zone", "period"}` with `{"due"}`. `zone` is UTC when absent; `period`
/// is needed by `retention`, `consent_expiry` and `credit_expiry` only.
///
/// # Errors
/// The input is not an object, a field is unknown or missing (named), or a value cannot be read.
pub fn explain_due(input: &Json) -> Result<Json, ExplainError> {
    let fields = input.as_object().ok_or_else(|| ExplainError::new("expected an object with kind and from"))?;
    if let Some(unknown) = fields.keys().find(|name| !["kind", "from", "zone", "period"].contains(&name.as_str())) {
        let name: String = unknown.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(ExplainError::new(format!("unknown field {name}; expected kind, from, zone, period")));
    }
    let text = |name: &'static str| match fields.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(ExplainError::new(format!("{name}: expected a text"))),
    };
    let told = |error: Error| ExplainError::new(error.to_string());
    let kind = text("kind")?.ok_or_else(|| ExplainError::new("kind: missing"))?;
    let kind: DueKind = kind.parse().map_err(|error| ExplainError::new(format!("kind: {error}")))?;
    let from = text("from")?.ok_or_else(|| ExplainError::new("from: missing"))?;
    let from = read_instant(from)
        .ok_or_else(|| ExplainError::new("from: expected an instant such as 2026-11-21T09:30:00Z"))?;
    let zone = zone(text("zone")?.unwrap_or("UTC")).map_err(told)?;
    let period = text("period")?.map(Period::parse).transpose().map_err(told)?;
    Ok(json!({ "due": due(kind, from, &zone, period).map_err(told)? }))
}
