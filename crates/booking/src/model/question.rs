//! What is asked beyond name and e-mail address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of what kind an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One line.
    Text,
    /// Several lines.
    Paragraph,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// Yes or no.
    Yes,
    /// A telephone number.
    Phone,
    /// A number.
    Number,
}

/// A question beyond name and e-mail address. It is refused without a purpose, and a required one without saying
/// what somebody cannot have who does not answer (GDPR Art. 13(2)(e)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Asking")]
pub struct Question {
    /// Its name in answers: letters, digits, underscores.
    pub key: String,
    /// Of what kind the answer is.
    pub kind: QuestionKind,
    /// Above the field, in English.
    pub label_en: String,
    /// The same in Arabic.
    pub label_ar: String,
    /// What can be chosen, in both languages alike.
    pub options: Vec<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// What the answer is needed for, as shown beside the field, in English.
    pub purpose_en: String,
    /// The same in Arabic.
    pub purpose_ar: String,
    /// Days after the appointment after which the answer goes, when sooner than the booking.
    pub retention_days: Option<u16>,
    /// What somebody cannot have who does not answer, in English.
    pub if_refused_en: String,
    /// The same in Arabic.
    pub if_refused_ar: String,
}

/// A question as it is written; before purposes had two languages, one text stood for both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asking {
    key: String,
    kind: QuestionKind,
    #[serde(default)]
    label_en: String,
    #[serde(default)]
    label_ar: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    purpose_en: String,
    #[serde(default)]
    purpose_ar: String,
    #[serde(default)]
    retention_days: Option<u16>,
    #[serde(default)]
    if_refused_en: String,
    #[serde(default)]
    if_refused_ar: String,
}

impl From<Asking> for Question {
    fn from(asked: Asking) -> Self {
        let either = |own: String| if own.trim().is_empty() { asked.purpose.clone() } else { own };
        Self {
            purpose_en: either(asked.purpose_en),
            purpose_ar: either(asked.purpose_ar),
            key: asked.key,
            kind: asked.kind,
            label_en: asked.label_en,
            label_ar: asked.label_ar,
            options: asked.options,
            required: asked.required,
            retention_days: asked.retention_days,
            if_refused_en: asked.if_refused_en,
            if_refused_ar: asked.if_refused_ar,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_with_one_purpose_is_still_read() {
        let old = r#"{"key":"why","kind":"text","label_en":"Why?","label_ar":"لماذا؟","purpose":"to prepare"}"#;
        let read: Question = serde_json::from_str(old).unwrap();
        assert_eq!((read.purpose_en.as_str(), read.purpose_ar.as_str()), ("to prepare", "to prepare"));
        let again: Question = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        let new = r#"{"key":"why","kind":"text","purpose_en":"to prepare","purpose_ar":"للتحضير"}"#;
        let read: Question = serde_json::from_str(new).unwrap();
        assert_eq!((read.purpose_en.as_str(), read.purpose_ar.as_str()), ("to prepare", "للتحضير"));
        assert!(serde_json::from_str::<Question>(r#"{"key":"why","kind":"text","porpose_en":"x"}"#).is_err());
    }
}
