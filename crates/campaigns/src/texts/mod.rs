//! Campaigns by SMS: a wording with merge tags, and how it is sent. Everything else of a campaign (its audience, states,
//! jobs and gate) is what it is for mail; what a text weighs, costs and becomes, the channel says
//! ([`outbound::texts::Texts`]).

mod checklist;
mod estimate;
mod run;
mod say;

use content::{Body, Source};
use kernel::{Locale, Problem};
pub use outbound::texts::Terms;

pub(crate) use checklist::checklist;
pub(crate) use estimate::survey;
pub use estimate::{Estimate, OfCountry, OfParts, Wording, estimate};
pub(crate) use run::{Handed, hand_over, note, run};
pub use say::try_out;

/// The longest wording, in characters of the template.
const LONGEST: usize = 4000;

/// A wording as content: what mail has besides is empty, and nobody sees it.
pub fn source(text: String, language: Locale) -> Source {
    Source {
        body: Body::Html("<p></p>".to_owned()),
        text: Some(text),
        subject: "-".to_owned(),
        preheader: None,
        language,
    }
}

/// The wording of a source.
pub fn text_of(source: &Source) -> &str {
    source.text.as_deref().unwrap_or_default()
}

/// Refuses what no telephone can show.
pub(crate) fn check<'a>(sources: impl Iterator<Item = (Option<&'a Locale>, &'a Source)>) -> Result<(), Problem> {
    for (language, source) in sources {
        let field = language.map_or_else(|| "text".to_owned(), |language| format!("variants.{language}.text"));
        let text = text_of(source);
        if text.trim().is_empty() {
            return Err(Problem::field(field, "something to say"));
        }
        if text.chars().count() > LONGEST {
            return Err(Problem::field(field, format!("at most {LONGEST} characters")));
        }
        let elsewhere =
            ["preferences_url", "preferences_link", "view_url", "view_in_browser_url", "notice_", "lawful_notice"];
        if elsewhere.iter().any(|name| names(text, name)) {
            let detail = "a text has no page of its own; {{ unsubscribe_url }} leads to the page by which people leave";
            return Err(Problem::field(field, detail));
        }
    }
    Ok(())
}

/// Whether a merge tag of this name stands in the text.
fn names(text: &str, name: &str) -> bool {
    text.match_indices("{{").any(|(at, _)| text[at + 2..].trim_start().starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_telephone_cannot_show_is_refused_by_field() {
        let of = |text: &str| source(text.to_owned(), Locale::en());
        let told =
            |text: &str| check(std::iter::once((None, &of(text)))).map_err(|problem| problem.fields[0].field.clone());
        assert_eq!(told("Hello {{ first_name | fallback: \"you\" }} {{unsubscribe_url}}"), Ok(()));
        for text in ["", "  \n", "See {{ view_url }}", "{{lawful_notice}}", &"x".repeat(4001)] {
            assert_eq!(told(text), Err("text".to_owned()), "{text}");
        }
        let arabic = Locale::ar();
        let wrong = check(std::iter::once((Some(&arabic), &of("")))).unwrap_err();
        assert_eq!(wrong.fields[0].field, "variants.ar.text");
    }
}
