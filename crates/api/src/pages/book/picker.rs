//! The page on which a time is chosen: what it is, how long, with whom, in which zone, on which day, when.

use axum::http::StatusCode;
use booking::event_types::EventType;
use booking::model::Location;
use booking::speech::Cycle;
use booking::speech::clock::place;

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::words::Words;
use super::asked::Asked;
use super::find::Found;
use super::month::{self, Month};
use super::shop::Stall;
use super::times::{self, Choice};
use super::{DRESS, money, zones};

/// What stands above the times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remark {
    /// Nothing.
    None,
    /// The time that was chosen has gone meanwhile.
    Taken,
}

/// The page.
pub(super) fn page(stall: &Stall, asked: &Asked, found: &Found, remark: Remark) -> Page {
    let words = stall.shop.words;
    let mut body = Html::new();
    if remark == Remark::Taken {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("times.taken")).raw("</p>\n");
    }
    body.add(&about(stall, asked));
    body.add(&lengths(stall, asked)).add(&people(stall, asked)).add(&zone(stall, asked, found));
    body.add(&calendar(stall, asked, found, None));
    let status = if remark == Remark::Taken { StatusCode::CONFLICT } else { StatusCode::OK };
    framed(stall, asked, stall.texts().title.as_str(), body).status(status).mark("page", "times")
}

/// A page of an event type.
pub(super) fn framed(stall: &Stall, asked: &Asked, title: &str, body: Html) -> Page {
    let words = stall.shop.words;
    let page = Page::new(words, title, body).of(&stall.shop.organisation).keep(asked.keep());
    let page = page.dressed(&DRESS).bare(asked.embed);
    // The script takes the browser's zone only where the visitor has not chosen one.
    if asked.zone.is_some() { page } else { page.mark("zone", "open") }
}

/// What it is, how long it takes and what it costs.
pub(super) fn about(stall: &Stall, asked: &Asked) -> Html {
    let words = stall.shop.words;
    let definition = &stall.of.definition;
    let mut out = Html::new();
    let description = &stall.texts().description;
    if !description.trim().is_empty() {
        out.raw("<p class=\"pre\" dir=\"auto\">").text(description).raw("</p>\n");
    }
    out.raw("<ul class=\"facts\">\n<li>").text(&length(words, stall.duration(asked))).raw("</li>\n");
    if let [only] = definition.locations.as_slice() {
        out.raw("<li dir=\"auto\">").add(&location(words, only)).raw("</li>\n");
    }
    if let Some(price) = &definition.payment {
        out.raw("<li>").add(&words.html("times.price", &[("price", &money::text(price))])).raw("</li>\n");
    }
    if definition.approval {
        out.raw("<li>").text(words.get("times.approval")).raw("</li>\n");
    }
    out.raw("</ul>\n");
    out
}

/// A place, as somebody reads it before booking.
pub(super) fn location(words: Words, location: &Location) -> Html {
    let mut out = Html::new();
    match location {
        Location::Address { text } => out.bdi(text),
        Location::CallUs { number } => out.text(words.get("where.call_us")).raw(" ").code(number),
        Location::WeCall {} => out.text(words.get("where.we_call")),
        Location::Link { .. } => out.text(words.get("where.link")),
        Location::Attendee {} => out.text(words.get("where.attendee")),
    };
    out
}

/// How long, in words.
pub(super) fn length(words: Words, minutes: u32) -> String {
    let count = |key, number: u32| words.count(key, usize::try_from(number).unwrap_or(usize::MAX));
    match (minutes / 60, minutes % 60) {
        (0, rest) => count("length.minutes", rest),
        (hours, 0) => count("length.hours", hours),
        (hours, rest) => words.line(
            "length.both",
            &[("hours", &count("length.hours", hours)), ("minutes", &count("length.minutes", rest))],
        ),
    }
}

fn chips(title: &'static str, words: Words, all: &[(String, bool, Asked)]) -> Html {
    let mut out = Html::new();
    out.raw("<nav class=\"chips\" aria-label=\"").text(words.get(title)).raw("\"><span aria-hidden=\"true\">");
    out.text(words.get(title)).raw("</span>\n");
    for (text, chosen, asked) in all {
        out.raw("<a data-swap href=\"").text(&asked.query()).raw(if *chosen {
            "\" aria-current=\"true\">"
        } else {
            "\">"
        });
        out.bdi(text).raw("</a>\n");
    }
    out.raw("</nav>\n");
    out
}

fn lengths(stall: &Stall, asked: &Asked) -> Html {
    let definition: &EventType = &stall.of;
    let mut all: Vec<u32> = definition.definition.durations.clone();
    all.push(definition.definition.duration);
    all.sort_unstable();
    all.dedup();
    if all.len() < 2 {
        return Html::new();
    }
    let now = stall.duration(asked);
    let one = |minutes: u32| {
        (length(stall.shop.words, minutes), minutes == now, asked.but(|asked| asked.duration = Some(minutes)))
    };
    chips("times.length", stall.shop.words, &all.into_iter().map(one).collect::<Vec<_>>())
}

fn people(stall: &Stall, asked: &Asked) -> Html {
    let choice = stall.choice();
    if choice.len() < 2 {
        return Html::new();
    }
    let words = stall.shop.words;
    let now = stall.host(asked);
    let mut all = vec![(words.get("times.anybody").to_owned(), now.is_none(), asked.but(|asked| asked.host = None))];
    all.extend(
        choice
            .iter()
            .map(|(host, name)| ((*name).to_owned(), now == Some(*host), asked.but(|asked| asked.host = Some(*host)))),
    );
    chips("times.host", words, &all)
}

/// The zone of all times on the page, and how to choose another.
pub(super) fn zone(stall: &Stall, asked: &Asked, found: &Found) -> Html {
    let (words, clock) = (stall.shop.words, &stall.clock);
    let at = found.times.first().map_or_else(|| stall.shop.ctx.now(), |free| free.at);
    let mut out = Html::new();
    out.raw("<form method=\"get\" class=\"zone\">");
    for (name, value) in asked.fields() {
        if name != "tz" {
            out.hidden(name, &value);
        }
    }
    out.raw("<label for=\"tz\">").text(words.get("zone.label")).raw("</label>\n<div class=\"row\">");
    out.add(&zones::select(clock, at)).raw("<button class=\"second\">").text(words.get("zone.button"));
    out.raw("</button></div>\n<p class=\"soft\">");
    out.add(&words.html("zone.shown", &[("place", &clock.place(at))])).raw(" ");
    if clock.zone.to_offset(at.to_jiff()) != stall.home_clock().zone.to_offset(at.to_jiff()) {
        let home = stall.home_clock();
        out.add(&words.html("zone.home", &[("place", &home.place(at))])).raw(" ");
    }
    let other = clock.cycle.other();
    let asked = asked.but(|asked| asked.cycle = Some(other));
    out.raw("<a data-swap href=\"").text(&asked.query()).raw("\">");
    out.text(words.get(match other {
        Cycle::Twelve => "zone.twelve",
        Cycle::TwentyFour => "zone.twenty_four",
    }));
    out.raw("</a></p></form>\n");
    out
}

/// Month and times side by side. `moving` is the address of a page that asks once more, instead of a form.
pub(super) fn calendar(stall: &Stall, asked: &Asked, found: &Found, moving: Option<&Asked>) -> Html {
    let clock = &stall.clock;
    let hijri = stall.of.definition.hijri;
    let mut out = Html::new();
    let month = Month {
        clock,
        asked,
        first: found.first,
        today: found.today,
        free: found.free.clone(),
        chosen: found.chosen,
        later: found.later,
        hijri,
    };
    out.raw("<div class=\"pick\">\n").add(&month.html()).raw("<section class=\"day\" aria-labelledby=\"day\">\n");
    match found.chosen {
        Some(day) => {
            out.raw("<h2 id=\"day\" tabindex=\"-1\">").text(&clock.day(day));
            if let Some(text) = clock.hijri(day).filter(|_| hijri) {
                out.raw("<small>").text(&text).raw("</small>");
            }
            out.raw("</h2>\n<p class=\"soft\">").text(&place(clock.words, &clock.name)).raw("</p>\n");
        }
        None => {
            out.raw("<h2 id=\"day\" tabindex=\"-1\">").text(&month::name(clock.words, found.first)).raw("</h2>\n");
        }
    }
    if found.times.is_empty() {
        out.add(&nothing(stall, asked, found));
    } else if let Some(moving) = moving {
        out.add(&times::list(clock, &found.times, Choice::Link(moving)));
    } else {
        out.raw("<form method=\"post\" action=\"").text(&stall.path()).text(&asked.query()).raw("\">");
        out.add(&times::list(clock, &found.times, Choice::Post)).raw("</form>\n");
    }
    out.raw("</section>\n</div>\n");
    out
}

/// Nothing is free then, and where something is.
fn nothing(stall: &Stall, asked: &Asked, found: &Found) -> Html {
    let (words, clock) = (stall.shop.words, &stall.clock);
    let mut out = Html::new();
    out.raw("<p>");
    out.text(words.get(match (found.chosen, found.after) {
        (Some(_), _) => "times.none_day",
        (None, Some(_)) => "times.none_month",
        (None, None) => "times.none",
    }));
    out.raw("</p>\n");
    let next = found.free.iter().find(|day| Some(**day) > found.chosen).or(found.free.first()).copied();
    if let Some(day) = next.or_else(|| found.after.map(|at| clock.date(at))) {
        let asked = asked.but(|asked| {
            asked.day = Some(day);
            asked.month = None;
        });
        out.raw("<p><a data-swap class=\"button second\" href=\"").text(&asked.query()).raw("\">");
        out.text(&words.line("times.next", &[("day", &clock.day(day))])).raw("</a></p>\n");
    }
    out
}
