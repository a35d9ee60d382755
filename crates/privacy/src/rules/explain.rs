//! `barid explain gate`: one question as JSON, one answer as JSON.

use serde::Deserialize;
use serde_json::Value;

use super::decide::decide;
use super::facts::Facts;
use super::lenient::read_instant;
use super::pack::RulePack;

/// A question that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ExplainError {
    /// `invalid_input`.
    pub code: &'static str,
    /// Which field, and what is wrong with it.
    pub detail: String,
}

impl ExplainError {
    pub(crate) fn new(detail: impl Into<String>) -> Self {
        Self { code: "invalid_input", detail: detail.into() }
    }
}

/// Answers a question in the form of the decision it replays. Absent fields take the defaults of
/// [`Facts`]; an absent `now` is the instant of the rule pack's release.
///
/// # Errors
/// The input is not an object, a key is unknown (named), or a value cannot be read (field named).
pub fn explain_gate(input: &Value) -> Result<Value, ExplainError> {
    let pack = RulePack::current();
    let mut fields = input.as_object().ok_or_else(|| ExplainError::new("expected a JSON object"))?.clone();
    let now = match fields.remove("now") {
        None | Some(Value::Null) => pack.released(),
        Some(now) => now
            .as_str()
            .and_then(read_instant)
            .ok_or_else(|| ExplainError::new("now: expected an instant such as 2026-11-21T09:30:00Z"))?,
    };
    fields.retain(|_, value| !value.is_null());
    let facts = Facts::deserialize(Value::Object(fields)).map_err(|error| ExplainError::new(error.to_string()))?;
    serde_json::to_value(decide(&facts, pack, now)).map_err(|error| ExplainError::new(error.to_string()))
}
