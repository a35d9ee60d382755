//! `barid explain segment`: one decision, replayed from a document.

use kernel::{Code, ContactId, Problem, Timestamp};
use serde_json::{Value as Json, json};

use super::conditions::{Moment, SegmentError, Where};
use super::document::ContactDoc;
use super::index::Index;
use super::reference;

/// Why no explanation was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The input is not valid.
    #[error("{0}")]
    Invalid(#[from] SegmentError),
    /// The index and the reference evaluator differ: a defect to be reported.
    #[error("the index says {index}, the reference evaluator says {reference}; please report this")]
    IndexDisagrees {
        /// What the index says.
        index: bool,
        /// What the reference evaluator says.
        reference: bool,
    },
}

impl ExplainError {
    /// The machine-readable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => Code::InvalidInput.as_str(),
            Self::IndexDisagrees { .. } => "index_disagrees",
        }
    }
}

impl From<ExplainError> for Problem {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Invalid(error) => error.into(),
            ExplainError::IndexDisagrees { .. } => Self::new(Code::Internal, error.to_string()),
        }
    }
}

/// Explains `{"where": …, "contact": {…}, "now": INSTANT}` as `{"matches": …, "because": […]}`.
///
/// An absent `where` means everyone, an absent `contact` one without values. Without `now`,
/// conditions relative to now are seen from the newest instant the contact tells of (events, creation,
/// last change), or from 1970-01-01 when it tells of none. The reference evaluator answers; an
/// index of this one person is asked, too, and must agree.
pub fn explain(input: &Json) -> Result<Json, ExplainError> {
    let invalid = |path: &str, reason: &str| SegmentError { path: path.to_owned(), reason: reason.to_owned() };
    let object = input.as_object().ok_or_else(|| invalid("input", "expected an object with where and contact"))?;
    let known = ["where", "contact", "now"];
    if object.keys().any(|key| !known.contains(&key.as_str())) {
        return Err(invalid("input", "expected where, contact and now, nothing else").into());
    }
    let present = |key: &str| object.get(key).filter(|json| !json.is_null());
    let condition = present("where").map_or_else(|| Ok(Where::everyone()), Where::from_json)?;
    let contact = present("contact").map_or_else(|| Ok(ContactDoc::default()), ContactDoc::from_json)?;
    let now = match present("now") {
        None => contact.newest().unwrap_or_default(),
        Some(json) => json
            .as_str()
            .and_then(Moment::parse)
            .map(|moment| Timestamp(moment.start()))
            .ok_or_else(|| invalid("now", "expected an instant such as 2026-11-21T09:30:00Z"))?,
    };
    let (matches, because) = reference::matches(&condition, &contact, now);
    let indexed = index_says(&condition, &contact, now);
    if indexed != matches {
        return Err(ExplainError::IndexDisagrees { index: indexed, reference: matches });
    }
    Ok(json!({ "matches": matches, "because": because }))
}

fn index_says(condition: &Where, contact: &ContactDoc, now: Timestamp) -> bool {
    let id = ContactId([1; 16]);
    let mut index = Index::default();
    index.upsert(id, contact);
    for event in &contact.events {
        index.event(id, event);
    }
    index.count(condition, now) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_with_its_reasons() {
        let input = json!({
            "where": {"and": [{"field": "country", "op": "is", "value": "DE"}, {"event": "opened", "within_days": 30}]},
            "contact": {"country": "de", "events": [{"kind": "opened", "at": "2026-10-01T00:00:00Z"}]},
            "now": "2026-11-21T00:00:00Z"
        });
        let answer = explain(&input).unwrap();
        assert_eq!(answer["matches"], false);
        assert_eq!(answer["because"].as_array().unwrap().len(), 1);
        assert_eq!(answer["because"][0]["path"], "where.and[1]");
        let mut without_now = input;
        without_now.as_object_mut().unwrap().remove("now");
        assert_eq!(explain(&without_now).unwrap()["matches"], true, "seen from the newest event");
        assert_eq!(explain(&json!({})).unwrap()["matches"], true);
    }

    #[test]
    fn wrong_input_is_named() {
        let error = explain(&json!({"where": {"tag": 5}})).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), ("invalid_input", "where.tag: expected text"));
        assert!(explain(&json!(5)).is_err());
        assert!(explain(&json!({"now": "soon"})).is_err());
        assert!(explain(&json!({"were": {}})).is_err());
    }
}
