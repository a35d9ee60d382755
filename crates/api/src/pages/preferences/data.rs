//! `/p/{token}/data`: everything that is held about a person, for that person: values with their
//! sources, messages with the basis they rested on, and the whole as a file.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use privacy::answer::{Answer, answer};
use privacy::receipts::{self, Controller};
use serde_json::Value as Json;

use super::super::layout::{Page, discreet, shown};
use super::super::letter::{Letter, of_a_person};
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::super::words::Words;
use crate::App;

/// The page.
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        let answer = answer(&letter.ctx, letter.contact).await?;
        Ok(show(&letter, &answer, &token))
    };
    shown(visitor.words(&[], None), read.await)
}

/// The file.
pub(super) async fn document(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        let answer = answer(&letter.ctx, letter.contact).await?;
        Ok(file(&answer, "attachment; filename=\"my-data.json\""))
    };
    shown(visitor.words(&[], None), read.await)
}

/// Signed receipts for what the person agreed to, refused or took back.
pub(super) async fn receipts(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let read = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        let workspace = accounts::workspaces::get(&letter.ctx).await?;
        let controller = Controller {
            rights: format!("{}/privacy/{}", app.toolbox.public_url(), workspace.slug),
            name: workspace.name,
            postal_address: workspace.postal_address,
        };
        let receipts = receipts::list(&letter.ctx, letter.contact, &controller).await?;
        Ok(file(&receipts, "attachment; filename=\"my-receipts.json\""))
    };
    shown(visitor.words(&[], None), read.await)
}

fn file(content: &impl serde::Serialize, disposition: &'static str) -> Response {
    let mut response = serde_json::to_string_pretty(content).unwrap_or_default().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    discreet(headers);
    response
}

fn show(letter: &Letter, answer: &Answer, token: &str) -> Response {
    let words = letter.words;
    let mut body = Html::new();
    body.raw("<p>").add(&words.html("data.intro", &[("organisation", &letter.organisation)])).raw("</p>\n");
    body.raw("<p class=\"row\"><a class=\"button\" href=\"/p/").text(token).raw("/data.json\" download>");
    body.text(words.get("data.download")).raw("</a><a class=\"button second\" href=\"/p/").text(token);
    body.raw("/receipts.json\" download>").text(words.get("data.receipts"));
    body.raw("</a><a class=\"button second\" href=\"/p/").text(token).raw("\">");
    body.text(words.get("forget.back")).raw("</a></p>\n");
    body.add(&values(words, answer)).add(&bases(words, answer)).add(&messages(words, answer));
    body.add(&blocks(words, answer)).add(&others(words, answer));
    Page::new(words, words.get("data.title"), body).of(&letter.organisation).into_response()
}

fn records<'a>(answer: &'a Answer, table: &str) -> &'a [Json] {
    answer.sections.iter().find(|section| section.table == table).map_or(&[], |section| &section.records)
}

fn open(words: Words, title: &'static str) -> Html {
    let mut out = Html::new();
    out.raw("<section>\n<h2>").text(words.get(title)).raw("</h2>\n");
    out
}

/// What is known, and where it came from.
fn values(words: Words, answer: &Answer) -> Html {
    let records = records(answer, "contact");
    let mut out = open(words, "data.values_title");
    out.raw("<p class=\"soft\">").text(&words.count("data.values_count", records.len())).raw("</p>\n<dl>");
    for record in records {
        let text = |name: &str| record[name].as_str().unwrap_or_default();
        out.raw("<dt>").text(&words.label(text("field"))).raw("</dt><dd>");
        out.add(&value(words, &record["value"], Text::Theirs));
        let source = answer.sources.iter().find(|source| source.id.to_string() == text("provenance"));
        if let Some(source) = source {
            let date = words.date(source.collected_on.unwrap_or_else(|| source.created_at.date()));
            let method = words.label(source.method.as_str());
            let about = [("method", method.as_str()), ("source", source.source.as_str()), ("date", date.as_str())];
            out.raw("<br><span class=\"soft\">").add(&words.html("data.source", &about)).raw("</span>");
        }
        out.raw("</dd>\n");
    }
    out.raw("</dl>\n</section>\n");
    out
}

/// What processing rests on.
fn bases(words: Words, answer: &Answer) -> Html {
    let mut out = open(words, "data.basis_title");
    if answer.basis.is_empty() {
        out.raw("<p class=\"soft\">").text(words.get("data.none")).raw("</p>\n");
    }
    out.raw("<ul class=\"cards\">");
    for claim in &answer.basis {
        out.raw("<li><strong>").text(&words.label(claim.purpose.as_str())).raw("</strong> · ");
        out.text(&words.label(claim.channel.as_str())).raw("<br>").text(&words.label(claim.basis.as_str())).raw(": ");
        out.text(&words.label(claim.state.as_str())).raw(" · ").text(&words.day(claim.at)).raw("</li>\n");
    }
    out.raw("</ul>\n</section>\n");
    out
}

/// What was sent, and why it was allowed.
fn messages(words: Words, answer: &Answer) -> Html {
    let records = records(answer, "delivery");
    let mut out = open(words, "data.messages_title");
    out.raw("<p class=\"soft\">").text(&words.count("data.messages_count", records.len())).raw("</p>\n");
    out.raw("<ul class=\"cards\">");
    for record in records.iter().rev() {
        let text = |path: &str| record.pointer(path).and_then(Json::as_str).unwrap_or_default();
        let at: Option<Timestamp> = [text("/sent_at"), text("/created_at")].iter().find_map(|at| at.parse().ok());
        out.raw("<li><strong>");
        if text("/subject").is_empty() {
            out.text(words.get("data.no_subject"));
        } else {
            out.bdi(text("/subject"));
        }
        out.raw("</strong><br><span class=\"soft\">").text(&at.map(|at| words.day(at)).unwrap_or_default()).raw(" · ");
        out.text(&words.label(text("/channel"))).raw(" · ").text(&words.label(text("/state"))).raw("<br>");
        let basis = words.label(text("/basis/type"));
        if !basis.is_empty() {
            out.add(&words.html("data.rests_on", &[("basis", &basis)]));
        }
        out.raw("</span></li>\n");
    }
    out.raw("</ul>\n</section>\n");
    out
}

/// What must not be sent.
fn blocks(words: Words, answer: &Answer) -> Html {
    let mut out = Html::new();
    if answer.suppressions.is_empty() {
        return out;
    }
    out.add(&open(words, "data.blocks_title")).raw("<ul>");
    let mut shown: Vec<(String, String)> = Vec::new();
    for blocked in &answer.suppressions {
        let (reason, day) = (words.label(blocked.block.reason.as_str()), words.day(blocked.block.at));
        if !shown.contains(&(reason.clone(), day.clone())) {
            out.raw("<li>").text(&reason).raw(" · ").text(&day).raw("</li>\n");
            shown.push((reason, day));
        }
    }
    out.raw("</ul>\n</section>\n");
    out
}

/// Everything else, as it stands.
fn others(words: Words, answer: &Answer) -> Html {
    let mut out = open(words, "data.others_title");
    for section in &answer.sections {
        if matches!(section.table, "contact" | "delivery" | "claim") {
            continue;
        }
        out.raw("<details><summary>").text(&words.label(section.table)).raw(" (");
        out.text(&section.records.len().to_string()).raw(")</summary>\n<ul class=\"cards\">");
        for record in &section.records {
            out.raw("<li>").add(&value(words, record, Text::Ours)).raw("</li>\n");
        }
        out.raw("</ul></details>\n");
    }
    out.raw("</section>\n");
    out
}

/// Whose words a text is in.
#[derive(Clone, Copy)]
pub(in crate::pages) enum Text {
    /// A code of Barid's, shown by its name.
    Ours,
    /// What somebody typed, shown as it stands.
    Theirs,
}

/// A value of any shape.
pub(in crate::pages) fn value(words: Words, json: &Json, kind: Text) -> Html {
    let mut out = Html::new();
    match json {
        Json::Null => out.raw("—"),
        Json::Bool(yes) => out.text(words.get(if *yes { "data.yes" } else { "data.no" })),
        Json::Number(number) => out.code(&number.to_string()),
        Json::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => out.raw("<time datetime=\"").text(text).raw("\">").text(&words.day(at)).raw("</time>"),
            Err(_) if matches!(kind, Text::Ours) => out.bdi(&words.label(text)),
            Err(_) => out.bdi(text),
        },
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                out.raw(if index == 0 { "" } else { " · " }).add(&value(words, item, kind));
            }
            &mut out
        }
        Json::Object(members) => {
            out.raw("<dl>");
            for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                out.raw("<dt>").text(&words.label(name)).raw("</dt><dd>").add(&value(words, member, kind)).raw("</dd>");
            }
            out.raw("</dl>")
        }
    };
    out
}
