//! What the script on somebody else's page is told about a form: what a visitor sees, and nothing else.

use people::forms::{Display, Kind, Scheme, Theme};
use serde::Serialize;

use super::super::words::{Language, Words};
use super::open::Open;
use super::show::nature;

/// A form in one language.
#[derive(Serialize)]
pub(super) struct View<'a> {
    id: String,
    version: i64,
    kind: Kind,
    language: &'static str,
    direction: &'static str,
    organisation: &'a str,
    title: &'a str,
    intro: &'a str,
    consent: &'a str,
    button: &'a str,
    fields: Vec<Field<'a>>,
    topics: Vec<Topic<'a>>,
    asks_age: bool,
    notice: Option<Notice<'a>>,
    theme: Look<'a>,
    display: &'a Display,
    words: Said,
}

#[derive(Serialize)]
struct Field<'a> {
    key: &'a str,
    r#type: &'static str,
    autocomplete: &'static str,
    ltr: bool,
    required: bool,
    label: &'a str,
    help: String,
}

#[derive(Serialize)]
struct Topic<'a> {
    id: String,
    name: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Notice<'a> {
    summary: String,
    body: &'a str,
}

#[derive(Serialize)]
struct Look<'a> {
    scheme: Scheme,
    /// Background, words, button, words on the button.
    light: [&'a str; 4],
    dark: [&'a str; 4],
    radius: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<[&'a str; 2]>,
}

/// The script's own words.
#[derive(Serialize)]
struct Said {
    close: &'static str,
    optional: &'static str,
    sending: &'static str,
    offline: &'static str,
    topics: &'static str,
    birth_date: &'static str,
    birth_date_help: &'static str,
    yes: &'static str,
    no: &'static str,
}

/// The type of the input for a field; `choice` is yes or no.
fn input(open: &Open, key: &str) -> &'static str {
    match open.kinds.get(key) {
        Some(&"bool") => "choice",
        Some(&"date") => "date",
        _ => nature(open, key).0,
    }
}

fn look(theme: &Theme, arabic: bool) -> Look<'_> {
    let image = theme.image.as_ref();
    Look {
        scheme: theme.scheme,
        light: [&theme.background, &theme.text, &theme.button, Theme::ink(&theme.button)],
        dark: [&theme.dark_background, &theme.dark_text, &theme.dark_button, Theme::ink(&theme.dark_button)],
        radius: theme.radius,
        image: image.map(|image| [&*image.url, if arabic { &*image.alt_ar } else { &*image.alt_en }]),
    }
}

fn said(words: Words) -> Said {
    Said {
        close: words.get("form.close"),
        optional: words.get("form.optional"),
        sending: words.get("form.sending"),
        offline: words.get("form.offline"),
        topics: words.get("form.topics"),
        birth_date: words.get("form.birth_date"),
        birth_date_help: words.get("form.birth_date_help"),
        yes: words.get("form.yes"),
        no: words.get("form.no"),
    }
}

/// A form in the language of its words.
pub(super) fn view(open: &Open) -> View<'_> {
    let (words, definition) = (open.words, &open.form.definition);
    let arabic = words.0 == Language::Arabic;
    let texts = definition.texts(words.0.tag());
    let fields = definition.fields.iter().map(|field| {
        let (_, autocomplete, ltr) = nature(open, &field.key);
        let mut help = words.line("form.purpose", &[("purpose", &words.label(&field.purpose))]);
        if let Some(text) = field.if_refused(words.0.tag()) {
            help.push('\n');
            help.push_str(&text);
        }
        let label = if arabic { &field.label_ar } else { &field.label_en };
        let r#type = input(open, &field.key);
        Field { key: &field.key, r#type, autocomplete, ltr, required: field.required, label, help }
    });
    let topics = open.topics.iter().map(|topic| {
        let text = if arabic { &topic.description_ar } else { &topic.description_en };
        Topic { id: topic.id.to_string(), name: &topic.name, text }
    });
    let notice = open.notice.as_ref().map(|notice| {
        let summary = words.line("form.notice", &[("version", &notice.version.to_string())]);
        Notice { summary, body: &notice.body }
    });
    View {
        id: open.form.id.to_string(),
        version: open.form.version,
        kind: definition.kind,
        language: words.0.tag(),
        direction: words.0.direction(),
        organisation: &open.organisation,
        title: &texts.title,
        intro: &texts.intro,
        consent: &texts.consent,
        button: &texts.button,
        fields: fields.collect(),
        topics: topics.collect(),
        asks_age: definition.minimum_age.is_some(),
        notice,
        theme: look(&definition.theme, arabic),
        display: &definition.display,
        words: said(words),
    }
}
