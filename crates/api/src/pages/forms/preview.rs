//! A form as it will look, before it is saved: a page of its own for a sandboxed frame, with the script that
//! other people's pages load and nothing that is sent.

use http_server::Result;
use people::forms::Form;
use store::Ctx;

use super::super::markup::Html;
use super::super::words::{Language, Words};
use super::open::Open;
use super::view::view;
use crate::App;

/// The page. `done` shows what stands there once the form was sent.
pub(crate) async fn page(app: &App, ctx: Ctx, form: Form, (language, done): (&str, bool)) -> Result<String> {
    let organisation = accounts::workspaces::get(&ctx).await?.name;
    let words = Words(Language::of(language).unwrap_or(Language::English));
    let open = Open::with(app, (ctx, form), organisation, words).await?;
    let mut shown = serde_json::to_value(view(&open)).unwrap_or_default();
    let texts = open.form.definition.texts(words.0.tag());
    let thanks = if texts.thanks.trim().is_empty() { words.get("form.thanks") } else { texts.thanks.trim() };
    shown["done"] = serde_json::json!({
        "title": words.get("form.thanks_title"),
        "message": format!("{thanks}\n{}", words.get("form.confirm")),
        "now": done,
    });
    let script = format!("{}/w/form.js", app.toolbox.public_url());
    let mut out = Html::new();
    out.raw("<!doctype html>\n<html lang=\"").raw(words.0.tag()).raw("\" dir=\"").raw(words.0.direction());
    out.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw(
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"content-security-policy\" content=\"",
    );
    out.text(&policy(&script)).raw("\">\n<title>").text(&texts.title).raw("</title>\n<script async src=\"");
    out.text(&script).raw("\"></script>\n</head>\n<body>\n<barid-form preview=\"").text(&shown.to_string());
    out.raw("\"></barid-form>\n</body>\n</html>\n");
    Ok(out.into_string())
}

/// Only the script may run, and nothing else is loaded: a frame stands in for a picture.
pub(crate) fn policy(script: &str) -> String {
    format!("default-src 'none'; script-src {script}; base-uri 'none'; form-action 'none'")
}
