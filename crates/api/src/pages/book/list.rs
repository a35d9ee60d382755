//! `/book/{workspace}`: what can be booked there, and with whom; `?host=` one person's own page.

use std::collections::{BTreeSet, HashMap};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use booking::event_types::{self, EventType, TypeState};
use booking::hosts;
use booking::slots::Mode;
use kernel::HostId;

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

/// Whom the page of an event type names anyway: its one host, all hosts of a meeting of several, and those whom the
/// visitor may choose from.
fn named(of: &EventType) -> impl Iterator<Item = HostId> + '_ {
    let definition = &of.definition;
    let all = definition.mode != Mode::RoundRobin;
    let chosen = definition.assignment.attendee_chooses;
    definition.hosts.iter().filter(move |one| all || (chosen && !one.fixed)).map(|one| one.host)
}

/// The event types on offer with the people whom visitors may know of, by name.
struct Offer<'a> {
    types: Vec<&'a EventType>,
    people: Vec<(HostId, &'a str)>,
}

impl<'a> Offer<'a> {
    fn of(all: &'a [EventType], names: &'a HashMap<HostId, String>) -> Self {
        let types: Vec<&EventType> = all.iter().filter(|one| one.state == TypeState::Active).collect();
        let known: BTreeSet<HostId> = types.iter().flat_map(|one| named(one)).collect();
        let mut people: Vec<(HostId, &str)> =
            known.into_iter().filter_map(|host| Some((host, names.get(&host)?.as_str()))).collect();
        people.sort_by(|a, b| a.1.cmp(b.1));
        Self { types, people }
    }

    /// Only what one of the people takes part in.
    fn with(mut self, host: HostId) -> Self {
        self.types.retain(|one| named(one).any(|other| other == host));
        self
    }
}

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
        let names = hosts::names(&shop.ctx).await?;
        let offer = Offer::of(&all, &names);
        // Somebody who is not known to visitors is not found.
        let person = asked.host.and_then(|host| offer.people.iter().find(|(known, _)| *known == host).copied());
        let offer = match person {
            Some((host, _)) => offer.with(host),
            None => offer,
        };
        let mut body = Html::new();
        if offer.types.is_empty() {
            body.raw("<p>").text(words.get("list.none")).raw("</p>\n");
        } else {
            body.raw("<ul class=\"cards\">\n");
        }
        for one in &offer.types {
            body.add(&card(&shop, &asked, (one, &names), person.map(|(host, _)| host)));
        }
        if !offer.types.is_empty() {
            body.raw("</ul>\n");
        }
        body.add(&people(&shop, &asked, &offer, person.is_some()));
        let title = match person {
            Some((_, name)) => words.line("list.with", &[("name", name)]),
            None => words.get("list.title").to_owned(),
        };
        let page = Page::new(words, &title, body).of(&shop.organisation).keep(asked.keep());
        Ok(page.dressed(&DRESS).bare(asked.embed).mark("page", "profile").into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

/// One event type: what it is called, how long it takes, with whom.
fn card(shop: &Shop, asked: &Asked, (of, names): (&EventType, &HashMap<HostId, String>), with: Option<HostId>) -> Html {
    let words = shop.words;
    let texts = of.definition.texts(words.0.tag());
    // Who was chosen stays chosen, where the visitor chooses.
    let chooses = of.definition.mode == Mode::RoundRobin;
    let next = asked.again().but(|asked| asked.host = with.filter(|_| chooses));
    let mut out = Html::new();
    out.raw("<li><h2><a href=\"/book/").text(&shop.slug).raw("/").text(&of.slug).text(&next.query());
    out.raw("\">").bdi(&texts.title).raw("</a></h2>\n<p class=\"soft\">");
    out.text(&length(words, of.definition.duration));
    let who: Vec<&str> = match of.definition.mode {
        Mode::RoundRobin => Vec::new(),
        _ => named(of).filter_map(|host| names.get(&host)).map(String::as_str).collect(),
    };
    if chooses && of.definition.hosts.len() > 1 {
        out.raw(" · ").text(words.get("list.team"));
    } else if !who.is_empty() {
        out.raw(" · ").add(&words.html("list.host", &[("name", &who.join(words.get("list.and")))]));
    }
    out.raw("</p>\n");
    let mut text: String = texts.description.chars().take(EXCERPT).collect();
    if texts.description.chars().count() > EXCERPT {
        text.push('…');
    }
    if !text.trim().is_empty() {
        out.raw("<p dir=\"auto\">").text(&text).raw("</p>\n");
    }
    out.raw("</li>\n");
    out
}

/// Everybody who receives people, each with a page of their own, where there are several.
fn people(shop: &Shop, asked: &Asked, offer: &Offer<'_>, chosen: bool) -> Html {
    let words = shop.words;
    let mut out = Html::new();
    let path = format!("/book/{}", shop.slug);
    if chosen {
        out.raw("<p><a class=\"button second\" href=\"").text(&path).text(&asked.again().query()).raw("\">");
        out.text(words.get("list.everybody")).raw("</a></p>\n");
    } else if offer.people.len() > 1 {
        out.raw("<h2>").text(words.get("list.people")).raw("</h2>\n<nav class=\"chips\" aria-label=\"");
        out.text(words.get("list.people")).raw("\">\n");
        for (host, name) in &offer.people {
            let next = asked.again().but(|asked| asked.host = Some(*host));
            out.raw("<a href=\"").text(&path).text(&next.query()).raw("\">").bdi(name).raw("</a>\n");
        }
        out.raw("</nav>\n");
    }
    out
}
