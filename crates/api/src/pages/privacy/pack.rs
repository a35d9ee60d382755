//! The access pack: as a page to read or print, and as a file.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::Timestamp;
use privacy::requests;
use serde_json::Value as Json;
use store::Ctx;

use super::super::layout::{Page, discreet, shown};
use super::super::letter::unknown;
use super::super::markup::Html;
use super::super::preferences::data::{Text, value};
use super::super::visitor::Visitor;
use super::super::words::Words;
use super::verify::around;
use crate::App;

/// Links to both forms.
pub(super) fn buttons(words: Words, token: &str) -> Html {
    let mut out = Html::new();
    out.raw("<p class=\"row\"><a class=\"button\" href=\"/privacy/status/").text(token).raw("/data\">");
    out.text(words.get("rights.pack_read")).raw("</a><a class=\"button second\" href=\"/privacy/status/").text(token);
    out.raw("/data.json\" download>").text(words.get("rights.pack_file")).raw("</a></p>\n");
    out
}

async fn read(app: &App, visitor: &Visitor, token: &str) -> Result<(Ctx, Json, Words, String)> {
    let (ctx, request) = requests::status_of(&app.core, token).await?;
    let (words, organisation) = around(visitor, &ctx, &request).await?;
    let (pack, _) = requests::pack_of(&ctx, request.id).await?.ok_or_else(unknown)?;
    Ok((ctx, pack, words, organisation))
}

/// The file.
pub(super) async fn document(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let answer = async {
        let (_, pack, ..) = read(&app, &visitor, &token).await?;
        let mut response = serde_json::to_string_pretty(&pack).unwrap_or_default().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let disposition = HeaderValue::from_static("attachment; filename=\"access-pack.json\"");
        headers.insert(header::CONTENT_DISPOSITION, disposition);
        discreet(headers);
        Ok(response)
    };
    shown(visitor.words(&[], None), answer.await)
}

/// The page.
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let answer = async {
        let (_, pack, words, organisation) = read(&app, &visitor, &token).await?;
        Ok(Page::new(words, words.get("rights.pack_title"), whole(words, &pack)).of(&organisation).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

fn section(words: Words, title: &'static str, inner: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<section>\n<h2>").text(words.get(title)).raw("</h2>\n").add(inner).raw("</section>\n");
    out
}

fn items(words: Words, list: &Json, each: impl Fn(&Json) -> Html) -> Html {
    let mut out = Html::new();
    let found = list.as_array().map_or(&[][..], Vec::as_slice);
    if found.is_empty() {
        out.raw("<p class=\"soft\">").text(words.get("data.none")).raw("</p>\n");
        return out;
    }
    out.raw("<ul class=\"cards\">");
    for item in found {
        out.raw("<li>").add(&each(item)).raw("</li>\n");
    }
    out.raw("</ul>\n");
    out
}

/// The class of events has the same name in what people did; on the page the two are told apart.
fn with_class_named(item: &Json) -> Json {
    let mut out = item.clone();
    if let Some(members) = out.as_object_mut()
        && let Some(class) = members.remove("class")
    {
        members.insert("retention_class".to_owned(), class);
    }
    out
}

fn whole(words: Words, pack: &Json) -> Html {
    let text = |at: &str| pack.pointer(at).and_then(Json::as_str).unwrap_or_default();
    let mut body = Html::new();
    let made = text("/made_at").parse::<Timestamp>().map(|at| words.day(at)).unwrap_or_default();
    let about = [("organisation", text("/organisation/name")), ("date", made.as_str())];
    body.raw("<p>").add(&words.html("rights.pack_intro", &about)).raw("</p>\n");
    body.raw("<p class=\"soft pre\">").bdi(text("/organisation/postal_address")).raw("</p>\n");
    body.add(&data(words, &pack["data"]));
    let ours = |item: &Json| value(words, item, Text::Ours);
    let theirs = |item: &Json| value(words, item, Text::Theirs);
    body.add(&section(words, "rights.pack_sources", &items(words, &pack["sources"], ours)));
    body.add(&section(
        words,
        "rights.pack_purposes",
        &items(words, &pack["purposes"], |purpose| {
            let mut out = Html::new();
            let code = purpose["code"].as_str().unwrap_or_default();
            out.text(&words.label(code));
            out
        }),
    ));
    body.add(&section(words, "data.basis_title", &items(words, &pack["bases"], ours)));
    body.add(&section(words, "data.messages_title", &items(words, &pack["messages"], ours)));
    body.add(&section(words, "rights.pack_recipients", &items(words, &pack["recipients"], theirs)));
    if pack["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty()) {
        body.add(&section(words, "data.blocks_title", &items(words, &pack["blocks"], ours)));
    }
    let ends = |item: &Json| value(words, &with_class_named(item), Text::Ours);
    body.add(&section(words, "rights.pack_retention", &items(words, &pack["retention"], ends)));
    if pack["holds"].as_array().is_some_and(|holds| !holds.is_empty()) {
        body.add(&section(words, "rights.pack_holds", &items(words, &pack["holds"], ends)));
    }
    let mut rights = Html::new();
    rights.raw("<p>").text(words.get("rights.pack_rights")).raw("</p>\n<p>").text(words.get("rights.complain_text"));
    rights.raw("</p>\n");
    if !text("/rights/complain_to/name").is_empty() {
        rights.raw("<p>").bdi(text("/rights/complain_to/name")).raw("<br>");
        rights.code(text("/rights/complain_to/url").trim_start_matches("https://")).raw("</p>\n");
    }
    if pack["masked"].as_u64().is_some_and(|masked| masked > 0) {
        rights.raw("<p class=\"soft\">").text(words.get("rights.pack_masked")).raw("</p>\n");
    }
    body.add(&section(words, "rights.pack_rights_title", &rights));
    body
}

/// Values first, then everything else table by table.
fn data(words: Words, sections: &Json) -> Html {
    let mut out = Html::new();
    for one in sections.as_array().into_iter().flatten() {
        let table = one["table"].as_str().unwrap_or_default();
        let kind = if table == "contact" { Text::Theirs } else { Text::Ours };
        out.raw("<section>\n<h2>");
        if table == "contact" {
            out.text(words.get("data.values_title"));
        } else {
            out.text(&words.label(table));
        }
        out.raw("</h2>\n").add(&items(words, &one["records"], |record| value(words, record, kind)));
        out.raw("</section>\n");
    }
    out
}
