//! `/book/{workspace}`: what can be booked there.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use booking::event_types::{self, TypeState};

use super::super::layout::{Page, shown};
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::DRESS;
use super::asked::Asked;
use super::picker::length;
use super::shop::Shop;
use crate::App;

/// So many characters of a description stand in the list.
const EXCERPT: usize = 240;

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    asked: Asked,
    Path(workspace): Path<String>,
) -> Response {
    let answer = async {
        let shop = Shop::open(&app, &visitor, &workspace).await?;
        let words = shop.words;
        let all = event_types::all(&shop.ctx).await?;
        let mut body = Html::new();
        let on_offer: Vec<_> = all.iter().filter(|one| one.state == TypeState::Active).collect();
        if on_offer.is_empty() {
            body.raw("<p>").text(words.get("list.none")).raw("</p>\n");
        } else {
            body.raw("<ul class=\"cards\">\n");
        }
        for one in &on_offer {
            let texts = one.definition.texts(words.0.tag());
            body.raw("<li><h2><a href=\"/book/").text(&shop.slug).raw("/").text(&one.slug).text(&asked.again().query());
            body.raw("\">").bdi(&texts.title).raw("</a></h2>\n<p class=\"soft\">");
            body.text(&length(words, one.definition.duration)).raw("</p>\n");
            let mut text: String = texts.description.chars().take(EXCERPT).collect();
            if texts.description.chars().count() > EXCERPT {
                text.push('…');
            }
            if !text.trim().is_empty() {
                body.raw("<p dir=\"auto\">").text(&text).raw("</p>\n");
            }
            body.raw("</li>\n");
        }
        if !on_offer.is_empty() {
            body.raw("</ul>\n");
        }
        let page = Page::new(words, words.get("list.title"), body).of(&shop.organisation).keep(asked.keep());
        Ok(page.dressed(&DRESS).bare(asked.embed).mark("page", "profile").into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}
