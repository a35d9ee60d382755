//! What is told about content, and where.

use content::{Compiled, Element, FindingCode, Part, Severity, TemplateProblem, VariantProblem};
use kernel::Locale;

use crate::v1::prelude::*;

/// Something found in content.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(super) struct Finding {
    /// `error` when it must be changed before it is sent.
    severity: Severity,
    /// What kind of thing it is.
    code: FindingCode,
    /// The text it is in.
    part: Part,
    /// Line, from 1.
    line: u32,
    /// Column in characters, from 1.
    column: u32,
    /// The place in a design, as a JSON pointer; line and column then count inside that text.
    at: Option<String>,
    /// What is found and what to do.
    detail: String,
    /// The language of the variant it is in; null for the default while it does not compile.
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

impl Finding {
    fn new(language: Option<&Locale>, found: &TemplateProblem) -> Self {
        Self {
            severity: found.severity,
            code: found.code,
            part: found.part,
            line: found.line,
            column: found.column,
            at: found.at.clone(),
            detail: found.detail.clone(),
            language: language.cloned(),
        }
    }

    /// Something that only shows when a message is made of it.
    pub(super) fn of_value(detail: String, language: &Locale) -> Self {
        Self {
            severity: Severity::Error,
            code: FindingCode::MissingValue,
            part: Part::Html,
            line: 1,
            column: 1,
            at: None,
            detail,
            language: Some(language.clone()),
        }
    }

    /// Whether it is about this one of all variants.
    pub(super) fn is_about(&self, picked: &Compiled, all: &content::CompiledVariants) -> bool {
        self.language.as_ref().unwrap_or(all.default.language()) == picked.language()
    }

    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// What keeps content from being compiled.
pub(super) fn of_problems(problems: &[VariantProblem]) -> Vec<Finding> {
    problems.iter().map(|(language, found)| Finding::new(language.as_ref(), found)).collect()
}

/// What there is to say about content that compiles: errors first.
pub(super) fn of_compiled(compiled: &Compiled) -> Vec<Finding> {
    let language = compiled.language();
    let mut out: Vec<Finding> = compiled.unfinished().iter().map(|found| Finding::new(Some(language), found)).collect();
    for &element in Element::MARKETING {
        let code = match element {
            Element::UnsubscribeLink => FindingCode::NoUnsubscribe,
            _ => FindingCode::NoPostalAddress,
        };
        let elements = compiled.elements();
        for (there, part, name) in
            [(elements.in_html(element), Part::Html, "HTML part"), (elements.in_text(element), Part::Text, "text part")]
        {
            if !there {
                out.push(Finding {
                    severity: Severity::Error,
                    code,
                    part,
                    line: 1,
                    column: 1,
                    at: None,
                    detail: format!("the {name} lacks {}", element.label()),
                    language: Some(language.clone()),
                });
            }
        }
    }
    out.extend(compiled.warnings().iter().map(|found| Finding::new(Some(language), found)));
    out
}
