//! A sign-up form's HTML.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use http_server::Result;
use kernel::Timestamp;
use people::forms::FormField;

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::words::Language;
use super::Open;

const LABEL: &str = "form time";
/// The field that people do not see.
pub(super) const TRAP: &str = "website";
/// The box's field.
pub(super) const AGREED: &str = "agreed";

/// What somebody typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) values: BTreeMap<String, String>,
    /// The field at fault and the words that say so.
    pub(super) wrong: Option<(String, &'static str)>,
    /// A remark about the whole.
    pub(super) remark: Option<&'static str>,
}

/// The mark of the instant at which a form was shown.
pub(super) async fn mark(open: &Open) -> Result<String> {
    Ok(open.ctx.keys().await?.sign(LABEL, &payload(open, open.ctx.now())))
}

fn payload(open: &Open, at: Timestamp) -> Vec<u8> {
    let mut payload = open.ctx.workspace.0.to_vec();
    payload.extend_from_slice(&open.form.id.0);
    payload.extend_from_slice(&at.0.to_be_bytes());
    payload
}

/// When the form with this mark was shown; `None` when we did not make the mark.
pub(super) async fn shown_at(open: &Open, mark: &str) -> Result<Option<Timestamp>> {
    if mark.is_empty() || mark.len() > 200 {
        return Ok(None);
    }
    let Some(read) = open.ctx.keys().await?.verify(LABEL, mark) else { return Ok(None) };
    let Some(at) = read.get(32..40).and_then(|at| <[u8; 8]>::try_from(at).ok()) else { return Ok(None) };
    let at = Timestamp(i64::from_be_bytes(at));
    Ok((read == payload(open, at)).then_some(at))
}

/// The page.
pub(super) async fn form(open: &Open, filled: &Filled) -> Result<Page> {
    let words = open.words;
    let definition = &open.form.definition;
    let texts = definition.texts(words.0.tag());
    let mut body = Html::new();
    if filled.wrong.is_some() {
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
    body.raw("<div class=\"away\" aria-hidden=\"true\"><label for=\"website\">Website</label>");
    body.raw("<input type=\"text\" id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>\n");
    body.add(&consent(open, filled)).raw("<p></p><button>").text(&texts.button).raw("</button></form>\n");
    let status = if filled.wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Page::new(words, texts.title.clone(), body).of(&open.organisation).status(status))
}

fn wrong_of<'a>(filled: &'a Filled, key: &str) -> Option<&'a &'static str> {
    filled.wrong.as_ref().filter(|(field, _)| field == key).map(|(_, text)| text)
}

fn input(open: &Open, field: &FormField, filled: &Filled) -> Html {
    let words = open.words;
    let key = field.key.as_str();
    let (kind, complete, left_to_right) = match key {
        "email" => ("email", "email", true),
        "phone" => ("tel", "tel", true),
        "first_name" => ("text", "given-name", false),
        "last_name" => ("text", "family-name", false),
        "company" => ("text", "organization", false),
        "country" => ("text", "country-name", false),
        _ => ("text", "off", open.kinds.get(key).is_some_and(|kind| *kind != "text")),
    };
    let wrong = wrong_of(filled, key);
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
    if wrong.is_some() {
        out.raw(" w-").text(key).raw("\" aria-invalid=\"true\">");
    } else {
        out.raw("\">");
    }
    if let Some(text) = wrong {
        out.raw("<span class=\"wrong\" id=\"w-").text(key).raw("\">").text(words.get(text)).raw("</span>");
    }
    out.raw("<span class=\"soft\" id=\"p-").text(key).raw("\">");
    out.add(&words.html("form.purpose", &[("purpose", &words.label(&field.purpose))]));
    if let Some(text) = field.if_refused(words.0.tag()) {
        out.raw(" <span dir=\"auto\">").text(&text).raw("</span>");
    }
    out.raw("</span></div>\n");
    out
}

/// The box, never ticked beforehand, and the notice it refers to.
fn consent(open: &Open, filled: &Filled) -> Html {
    let words = open.words;
    let texts = open.form.definition.texts(words.0.tag());
    let wrong = wrong_of(filled, AGREED);
    let mut out = Html::new();
    out.raw("<div class=\"choice\"><input type=\"checkbox\" id=\"agreed\" name=\"agreed\" value=\"yes\" required");
    out.raw(if wrong.is_some() { " aria-invalid=\"true\" aria-describedby=\"w-agreed\">" } else { ">" });
    out.raw("<div><label for=\"agreed\" dir=\"auto\">").text(&texts.consent).raw("</label>");
    if let Some(text) = wrong {
        out.raw("<span class=\"wrong\" id=\"w-agreed\">").text(words.get(text)).raw("</span>");
    }
    out.raw("</div></div>\n");
    if let Some(notice) = &open.notice {
        let version = notice.version.to_string();
        let summary = words.html("form.notice", &[("version", &version)]);
        out.raw("<details><summary>").add(&summary).raw("</summary><div class=\"pre soft\" dir=\"auto\">");
        out.text(&notice.body).raw("</div></details>\n");
    }
    out
}
