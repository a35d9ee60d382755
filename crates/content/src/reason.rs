//! Why one person is written to: the first slot of the lawful notice, one line with merge tags
//! (`You lead logistics at {{ company | required }}.`) rendered for each recipient. Somebody for
//! whom it comes out empty has no reason, and is not written to.

use kernel::{Date, Locale, Problem};

use crate::compile::compile;
use crate::compiled::Compiled;
use crate::fields::FieldCatalog;
use crate::render::{Rendered, Values};
use crate::source::{Body, Source};
use crate::values::{MergeValues, PlainLinks, Recipient, Sender};

/// The longest reason template, in characters.
pub const LONGEST: usize = 500;

/// A compiled reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    line: Compiled,
    today: Date,
}

impl Reason {
    /// Reads a reason; `today` is the day that `{{ today }}` prints.
    ///
    /// # Errors
    /// A problem with the field `reason`: too long, empty, or a merge tag that is unknown or has
    /// neither fallback nor `required`.
    pub fn compile(text: &str, catalog: &FieldCatalog, today: Date) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::field("reason", "say why these people are written to"));
        }
        if text.chars().count() > LONGEST {
            return Err(Problem::field("reason", format!("a reason has at most {LONGEST} characters")));
        }
        let source = Source {
            body: Body::Html("<p></p>".to_owned()),
            text: Some("-".to_owned()),
            subject: text.to_owned(),
            preheader: None,
            language: Locale::en(),
        };
        let line = compile(&source, catalog).map_err(|problems| {
            let first = problems.first();
            let place = first.map_or(0, |problem| problem.column);
            let detail = first.map_or("cannot be read", |problem| problem.detail.as_str());
            Problem::field("reason", format!("column {place}: {detail}"))
        })?;
        if !line.follows().is_empty() {
            return Err(Problem::field("reason", "a reason follows no saved segment: ask for a field or a tag"));
        }
        Ok(Self { line, today })
    }

    /// The personal fields that the reason reads.
    pub fn fields(&self) -> &[String] {
        self.line.fields()
    }

    /// The tags (of people) that the reason tests.
    pub fn tags(&self) -> &[String] {
        self.line.tags()
    }

    /// The reason for one person; `None` when there is none.
    pub fn render(&self, values: &MergeValues) -> Option<String> {
        let sender = Sender {
            postal_address: String::new(),
            name: String::new(),
            organisation: String::new(),
            list_name: String::new(),
            reason: None,
            today: self.today,
        };
        let none = PlainLinks {
            unsubscribe: String::new(),
            preferences: String::new(),
            view: String::new(),
            base: String::new(),
        };
        let mut out = Rendered::default();
        let values = Recipient { values, sender: &sender };
        let values: &dyn Values = &values;
        self.line.render(values, &none, &mut out).ok()?;
        let text = out.subject.trim();
        // Punctuation around values that are not there says nothing.
        text.chars().any(char::is_alphanumeric).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Reason {
        Reason::compile(text, &FieldCatalog::standard(), Date::constant(2026, 11, 21)).unwrap()
    }

    fn with(fields: &[(&str, &str)]) -> MergeValues {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        MergeValues { fields, ..MergeValues::default() }
    }

    #[test]
    fn it_is_rendered_for_each_person_and_may_come_out_empty() {
        let company = reason("You lead logistics at {{ company | required }}.");
        assert_eq!(company.fields(), ["company"]);
        assert_eq!(
            company.render(&with(&[("company", "Crane & Co")])).as_deref(),
            Some("You lead logistics at Crane & Co.")
        );
        assert_eq!(company.render(&with(&[])), None);
        assert_eq!(reason("{{ company | fallback: \"\" }}.").render(&with(&[])), None);
        assert_eq!(
            reason("أنتم في {{ company | fallback: \"قطاع النقل\" }}").render(&with(&[])).as_deref(),
            Some("أنتم في قطاع النقل")
        );
        let chosen = reason("{% if company %}You work at {{ company | required }}{% endif %}");
        assert_eq!((chosen.fields(), chosen.render(&with(&[]))), (&["company".to_owned()][..], None));
    }

    #[test]
    fn mistakes_name_the_field() {
        for text in ["", "   ", "{{ salary | required }}", "{{ company }}", &"x".repeat(501)] {
            let problem = Reason::compile(text, &FieldCatalog::standard(), Date::constant(2026, 11, 21)).unwrap_err();
            assert_eq!(problem.fields[0].field, "reason", "{text}");
        }
    }
}
