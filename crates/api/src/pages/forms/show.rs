//! A sign-up form's HTML.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use http_server::Result;
use kernel::TopicId;
use people::forms::FormField;

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::words::Language;
use super::mark::mark;
use super::open::Open;

/// The field that people do not see.
pub(super) const TRAP: &str = "website";
/// The box's field.
pub(super) const AGREED: &str = "agreed";
/// The field of chosen topics.
pub(super) const TOPICS: &str = "topics";
/// The field of the date of birth.
pub(super) const BIRTH_DATE: &str = "birth_date";

/// What somebody typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) values: BTreeMap<String, String>,
    pub(super) topics: BTreeSet<TopicId>,
    /// The fields at fault and the words that say so.
    pub(super) wrong: BTreeMap<String, &'static str>,
    /// A remark about the whole.
    pub(super) remark: Option<&'static str>,
}

/// What a field is to a browser: its type, what may complete it, and whether it runs left to right.
pub(super) fn nature(open: &Open, key: &str) -> (&'static str, &'static str, bool) {
    match key {
        "email" => ("email", "email", true),
        "phone" => ("tel", "tel", true),
        "first_name" => ("text", "given-name", false),
        "last_name" => ("text", "family-name", false),
        "company" => ("text", "organization", false),
        "country" => ("text", "country-name", false),
        _ => ("text", "off", open.kinds.get(key).is_some_and(|kind| *kind != "text")),
    }
}

/// The page.
pub(super) async fn form(open: &Open, filled: &Filled) -> Result<Page> {
    let words = open.words;
    let definition = &open.form.definition;
    let texts = definition.texts(words.0.tag());
    let mut body = Html::new();
    if !filled.wrong.is_empty() {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("form.wrong")).raw("</p>\n");
    }
    if let Some(remark) = filled.remark {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get(remark)).raw("</p>\n");
    }
    if !texts.intro.is_empty() {
        body.raw("<p class=\"pre\" dir=\"auto\">").text(&texts.intro).raw("</p>\n");
    }
    body.raw("<form method=\"post\" novalidate>").hidden("shown", &mark(open).await?);
    for field in &definition.fields {
        body.add(&input(open, field, filled));
    }
    if definition.minimum_age.is_some() {
        body.add(&birth_date(open, filled));
    }
    if !open.topics.is_empty() {
        body.add(&topics(open, filled));
    }
    body.raw("<div class=\"away\" aria-hidden=\"true\"><label for=\"website\">Website</label>");
    body.raw("<input type=\"text\" id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>\n");
    body.add(&consent(open, filled)).raw("<p></p><button>").text(&texts.button).raw("</button></form>\n");
    let status = if filled.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Page::new(words, texts.title.clone(), body).of(&open.organisation).status(status))
}

/// What goes into the tag of an input that may be wrong, and what stands behind it.
fn wrong(open: &Open, filled: &Filled, key: &str) -> Html {
    let mut out = Html::new();
    if let Some(text) = filled.wrong.get(key) {
        out.raw("<span class=\"wrong\" id=\"w-").text(key).raw("\">").text(open.words.get(text)).raw("</span>");
    }
    out
}

fn input(open: &Open, field: &FormField, filled: &Filled) -> Html {
    let words = open.words;
    let key = field.key.as_str();
    let (kind, complete, left_to_right) = nature(open, key);
    let mut out = Html::new();
    out.raw("<div class=\"field\"><label for=\"f-").text(key).raw("\">");
    out.text(if words.0 == Language::Arabic { &field.label_ar } else { &field.label_en });
    if !field.required {
        out.raw(" <span class=\"soft\">").text(words.get("form.optional")).raw("</span>");
    }
    out.raw("</label>");
    out.raw("<input type=\"").raw(kind).raw("\" id=\"f-").text(key).raw("\" name=\"v-").text(key).raw("\" dir=\"");
    out.raw(if left_to_right { "ltr" } else { "auto" })
        .raw("\" placeholder=\" \" autocomplete=\"")
        .raw(complete)
        .raw("\" value=\"");
    out.text(filled.values.get(key).map_or("", String::as_str)).raw("\"");
    out.raw(if field.required { " required" } else { "" }).raw(" aria-describedby=\"p-").text(key);
    if filled.wrong.contains_key(key) {
        out.raw(" w-").text(key).raw("\" aria-invalid=\"true\">");
    } else {
        out.raw("\">");
    }
    out.add(&wrong(open, filled, key));
    out.raw("<span class=\"soft\" id=\"p-").text(key).raw("\">");
    out.add(&words.html("form.purpose", &[("purpose", &words.label(&field.purpose))]));
    if let Some(text) = field.if_refused(words.0.tag()) {
        out.raw(" <span dir=\"auto\">").text(&text).raw("</span>");
    }
    out.raw("</span></div>\n");
    out
}

/// The question for the age. It does not say which answer is wanted.
fn birth_date(open: &Open, filled: &Filled) -> Html {
    let words = open.words;
    let is_wrong = filled.wrong.contains_key(BIRTH_DATE);
    let mut out = Html::new();
    out.raw("<div class=\"field\"><label for=\"birth_date\">").text(words.get("form.birth_date"));
    out.raw(
        "</label><input type=\"date\" id=\"birth_date\" name=\"birth_date\" dir=\"ltr\" autocomplete=\"bday\" required",
    );
    out.raw(if is_wrong {
        " aria-invalid=\"true\" aria-describedby=\"p-birth_date w-birth_date\">"
    } else {
        " aria-describedby=\"p-birth_date\">"
    });
    out.add(&wrong(open, filled, BIRTH_DATE)).raw("<span class=\"soft\" id=\"p-birth_date\">");
    out.text(words.get("form.birth_date_help")).raw("</span></div>\n");
    out
}

/// The topics to choose from; only what somebody ticked before an error is ticked.
fn topics(open: &Open, filled: &Filled) -> Html {
    let words = open.words;
    let mut out = Html::new();
    out.raw("<fieldset class=\"choices\"><legend>").text(words.get("form.topics")).raw("</legend>\n");
    out.add(&wrong(open, filled, TOPICS));
    for topic in &open.topics {
        let id = topic.id.to_string();
        let text = if words.0 == Language::Arabic { &topic.description_ar } else { &topic.description_en };
        out.raw("<div class=\"choice\"><input type=\"checkbox\" name=\"topics\" id=\"t-").text(&id);
        out.raw("\" value=\"").text(&id).raw("\"");
        out.raw(if filled.topics.contains(&topic.id) { " checked" } else { "" });
        out.raw("><div><label for=\"t-").text(&id).raw("\">").bdi(&topic.name).raw("</label>");
        if !text.trim().is_empty() {
            out.raw("<span class=\"soft\" dir=\"auto\">").text(text).raw("</span>");
        }
        out.raw("</div></div>\n");
    }
    out.raw("</fieldset>\n");
    out
}

/// The box, never ticked beforehand, and the notice it refers to.
fn consent(open: &Open, filled: &Filled) -> Html {
    let words = open.words;
    let texts = open.form.definition.texts(words.0.tag());
    let is_wrong = filled.wrong.contains_key(AGREED);
    let mut out = Html::new();
    out.raw("<div class=\"choice\"><input type=\"checkbox\" id=\"agreed\" name=\"agreed\" value=\"yes\" required");
    out.raw(if is_wrong { " aria-invalid=\"true\" aria-describedby=\"w-agreed\">" } else { ">" });
    out.raw("<div><label for=\"agreed\" dir=\"auto\">").text(&texts.consent).raw("</label>");
    out.add(&wrong(open, filled, AGREED));
    out.raw("</div></div>\n");
    if let Some(notice) = &open.notice {
        let version = notice.version.to_string();
        let summary = words.html("form.notice", &[("version", &version)]);
        out.raw("<details><summary>").add(&summary).raw("</summary><div class=\"pre soft\" dir=\"auto\">");
        out.text(&notice.body).raw("</div></details>\n");
    }
    out
}
