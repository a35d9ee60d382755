use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http_server::{JsonBody, Result};
use privacy::processors::{Published, PublishedProcessor, Upcoming, published};
use privacy::{controller, processors};
use serde_json::json;

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::super::words::Words;
use super::{row, say, workspace};
use crate::App;

/// One recipient.
fn card(words: Words, processor: &PublishedProcessor) -> Html {
    let mut out = Html::new();
    let label = |key: &str| say(words, &format!("page.{key}"), &[]);
    out.raw("<h3>").bdi(&processor.name).raw("</h3>\n<dl>\n");
    row(&mut out, &label("service"), &processor.service);
    row(&mut out, &label("location"), &processor.location);
    if let Some(role) = processor.role {
        row(&mut out, &label("role"), &label(&format!("role.{role}")));
    }
    if let Some(mechanism) = processor.mechanism {
        let scheme = processor.scheme.as_deref().map(|scheme| format!(" ({scheme})")).unwrap_or_default();
        row(&mut out, &label("mechanism"), &format!("{}{scheme}", label(&format!("mechanism.{mechanism}"))));
    }
    row(&mut out, &label("data"), &processor.data_categories.join(", "));
    out.raw("</dl>\n");
    if let Some(website) = &processor.website {
        out.raw("<p><a rel=\"noopener noreferrer\" href=\"").text(website).raw("\">").code(website).raw("</a></p>\n");
    }
    out
}

fn change(words: Words, upcoming: &Upcoming) -> Html {
    let mut out = Html::new();
    let day = words.day(upcoming.effective_at);
    out.raw("<li><p><strong>").text(&say(words, &format!("page.upcoming.{}", upcoming.kind), &[("day", &day)]));
    out.raw("</strong></p>\n").add(&card(words, &upcoming.processor)).raw("</li>\n");
    out
}

fn body(words: Words, register: &Published, profile: &controller::Controller) -> Html {
    let mut out = Html::new();
    out.raw("<p>").text(&say(words, "page.subprocessors.intro", &[])).raw("</p>\n");
    if !register.upcoming.is_empty() {
        out.raw("<section><h2>").text(&say(words, "page.upcoming", &[])).raw("</h2>\n<ul class=\"cards\">\n");
        for one in &register.upcoming {
            out.add(&change(words, one));
        }
        out.raw("</ul></section>\n");
    }
    if register.processors.is_empty() {
        out.raw("<p>").text(&say(words, "page.subprocessors.none", &[])).raw("</p>\n");
    } else {
        out.raw("<ul class=\"cards\">\n");
        for one in &register.processors {
            out.raw("<li>").add(&card(words, one)).raw("</li>\n");
        }
        out.raw("</ul>\n");
    }
    if !profile.hosting.is_empty() {
        out.raw("<section><h2>").text(&say(words, "page.hosting", &[])).raw("</h2>\n<dl>\n");
        for place in &profile.hosting {
            row(&mut out, &place.what, &place.place);
        }
        out.raw("</dl></section>\n");
    }
    if let Some(dpo) = &profile.dpo {
        out.raw("<section><h2>").text(&say(words, "page.contact", &[])).raw("</h2>\n<p class=\"pre\">").bdi(&dpo.name);
        out.raw("<br>").code(&dpo.email).raw(" ").code(&dpo.phone).raw("</p></section>\n");
    }
    if let Some(at) = register.updated_at {
        let day = words.day(at);
        out.raw("<p class=\"soft\">").text(&say(words, "page.updated", &[("day", &day)])).raw("</p>\n");
    }
    out.raw("<p class=\"soft\"><a href=\"subprocessors.json\">").text(&say(words, "page.feed", &[])).raw("</a></p>\n");
    out
}

/// `GET /privacy/{workspace}/subprocessors`
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(name): Path<String>) -> Response {
    let answer = async {
        let (ctx, found) = workspace(&app, &name).await?;
        let words = visitor.words(&[], Some(&found.language));
        let (register, profile) = (published(&ctx).await?, controller::get(&ctx).await?);
        let title = say(words, "page.subprocessors", &[]);
        Ok(Page::new(words, title, body(words, &register, &profile)).of(&found.name).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

/// `GET /privacy/{workspace}/subprocessors.json`: the register and what will change, for programs.
pub(super) async fn feed(State(app): State<App>, Path(name): Path<String>) -> Result<Response> {
    let (ctx, found) = workspace(&app, &name).await?;
    let register = published(&ctx).await?;
    let changes = processors::history(&ctx, 100).await?;
    let changes: Vec<_> = changes
        .iter()
        .map(|one| {
            let name = &one.detail["name"];
            json!({ "kind": one.kind, "name": name, "announced_at": one.announced_at, "effective_at": one.effective_at })
        })
        .collect();
    let mut answer = json!(register);
    answer["organisation"] = found.name.into();
    answer["changes"] = changes.into();
    Ok(JsonBody(answer).into_response())
}
