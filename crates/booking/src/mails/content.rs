//! The shape of these mails: subject, a sentence, the facts, what can be done.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use content::{Body, Source, Variants};
use kernel::Locale;

use super::Kind;
use crate::speech::{Language, Words};
use crate::{Error, Result};

/// What differs from one mail of a kind to the next. A value that is empty leaves its line out.
pub(super) const FIELDS: [&str; 15] = [
    "organisation",
    "event",
    "attendee",
    "when",
    "zone",
    "hijri",
    "home",
    "host",
    "place",
    "link",
    "note",
    "reason",
    "see",
    "cancel",
    "move",
];

/// `{name}` of our texts as the merge notation.
fn merge(text: &str) -> String {
    let mut out = text.to_owned();
    for name in FIELDS {
        out = out.replace(&format!("{{{name}}}"), &format!("{{{{ {name} | fallback: \"–\" }}}}"));
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A fact: its name and its value, only where there is one.
fn fact(html: &mut String, text: &mut String, label: &str, name: &str) {
    let value = format!("{{{{ {name} | fallback: \"–\" }}}}");
    let _ = write!(
        html,
        "{{% if {name} %}}<tr><td style=\"padding:4px 12px 4px 12px;color:#5d5850;vertical-align:top\">{}</td>\
         <td style=\"padding:4px 0 4px 0\">{value}</td></tr>{{% endif %}}",
        escaped(label)
    );
    let _ = write!(text, "{{% if {name} %}}{label}: {value}\n{{% endif %}}");
}

fn source(kind: Kind, language: Language) -> Option<Source> {
    let words = Words(language);
    let parts = words.parts(kind.key())?;
    let part = |name: &str| parts.get(name).map(|text| merge(text)).unwrap_or_default();
    let (mut facts, mut text) = (String::new(), format!("{}\n\n", part("text")));
    fact(&mut facts, &mut text, words.get("said.what"), "event");
    fact(&mut facts, &mut text, words.get("said.when"), "when");
    fact(&mut facts, &mut text, words.get("said.zone"), "zone");
    fact(&mut facts, &mut text, words.get("said.hijri"), "hijri");
    fact(&mut facts, &mut text, words.get("said.home"), "home");
    if kind.is_for_hosts() {
        fact(&mut facts, &mut text, words.get("said.attendee"), "attendee");
    } else {
        fact(&mut facts, &mut text, words.get("said.host"), "host");
    }
    fact(&mut facts, &mut text, words.get("said.place"), "place");
    fact(&mut facts, &mut text, words.get("said.reason"), "reason");
    let mut html = format!(
        "<html><body style=\"font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em;line-height:1.6\">\
         <p>{}</p><table role=\"presentation\" style=\"border-collapse:collapse;margin:0 0 1em\">{facts}</table>",
        escaped(&part("text"))
    );
    html.push_str("{% if note %}<p style=\"white-space:pre-line\">{{ note | fallback: \"–\" }}</p>{% endif %}");
    text.push_str("{% if note %}\n{{ note | fallback: \"–\" }}\n{% endif %}");
    let action = part("action");
    if !action.is_empty() {
        let _ = write!(
            html,
            "<p><a href=\"{{{{ see | required }}}}\" style=\"display:inline-block;padding:.7em 1.4em;background:#0f5e56;\
             color:#fff;border-radius:6px;text-decoration:none\">{action}</a></p>"
        );
        let _ = write!(text, "\n{action}:\n{{{{ see | required }}}}\n");
    }
    for (name, label) in [("move", words.get("said.move")), ("cancel", words.get("said.cancel"))] {
        let _ = write!(
            html,
            "{{% if {name} %}}<p style=\"margin:.25em 0\"><a href=\"{{{{ {name} | required }}}}\">{label}</a></p>{{% endif %}}"
        );
        let _ = write!(text, "{{% if {name} %}}\n{label}:\n{{{{ {name} | required }}}}\n{{% endif %}}");
    }
    let ignore = part("ignore");
    let _ = write!(html, "<p style=\"color:#5d5850\">{ignore}</p></body></html>");
    let _ = write!(text, "\n{ignore}\n");
    let language: Locale = if language == Language::Arabic { Locale::ar() } else { Locale::en() };
    Some(Source { body: Body::Html(html), text: Some(text), subject: part("subject"), preheader: None, language })
}

/// A kind's content in both languages.
pub(super) fn variants(kind: Kind) -> Result<Variants> {
    let none = || Error::Internal("a mail's text");
    let default = source(kind, Language::English).ok_or_else(none)?;
    let arabic = source(kind, Language::Arabic).ok_or_else(none)?;
    Ok(Variants { default, by_language: BTreeMap::from([(Locale::ar(), arabic)]) })
}
