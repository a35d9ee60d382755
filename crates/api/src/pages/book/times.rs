//! A day's free times, grouped by the part of the day.

use booking::speech::Clock;
use jiff::civil::Date;
use kernel::Timestamp;

use super::super::markup::Html;
use super::asked::Asked;

/// A time that is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Free {
    pub(super) at: Timestamp,
    /// Seats left, when the page says so.
    pub(super) seats: Option<u32>,
}

/// What choosing a time does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice<'a> {
    /// Sends the form in which they stand.
    Post,
    /// Leads to a page that asks once more.
    Link(&'a Asked),
    /// Is one of the answers of a form.
    Answer(Option<Timestamp>),
}

/// The times of a day.
pub(super) fn list(clock: &Clock, times: &[Free], choice: Choice<'_>) -> Html {
    let words = clock.words;
    let mut out = Html::new();
    let mut part = None;
    for free in times {
        let now = clock.part(free.at);
        if part != Some(now) {
            out.raw(if part.is_some() { "</ul>\n<h3>" } else { "<h3>" }).text(now.name(words));
            out.raw("</h3>\n<ul class=\"times\">\n");
            part = Some(now);
        }
        out.raw("<li>").add(&one(clock, *free, choice)).raw("</li>\n");
    }
    if part.is_some() {
        out.raw("</ul>\n");
    }
    out
}

fn one(clock: &Clock, free: Free, choice: Choice<'_>) -> Html {
    let mut out = Html::new();
    let mut label = Html::new();
    label.raw("<bdi>").text(&clock.time(free.at)).raw("</bdi>");
    if let Some(seats) = free.seats {
        let seats = clock.words.count("times.seats", usize::try_from(seats).unwrap_or(usize::MAX));
        label.raw(" <small>").text(&seats).raw("</small>");
    }
    let at = free.at.to_string();
    match choice {
        Choice::Post => {
            out.raw("<button class=\"time\" name=\"start\" value=\"").text(&at).raw("\">").add(&label).raw("</button>");
        }
        Choice::Link(asked) => {
            let asked = asked.but(|asked| asked.start = Some(free.at));
            out.raw("<a class=\"button time\" data-swap href=\"")
                .text(&asked.query())
                .raw("\">")
                .add(&label)
                .raw("</a>");
        }
        Choice::Answer(chosen) => {
            out.raw("<label class=\"time\"><input type=\"radio\" name=\"start\" required value=\"").text(&at).raw("\"");
            out.raw(if chosen == Some(free.at) { " checked> " } else { "> " }).add(&label).raw("</label>");
        }
    }
    out
}

/// The times of several days, as answers of a form.
pub(super) fn answers(clock: &Clock, times: &[Free], chosen: Option<Timestamp>) -> Html {
    let mut out = Html::new();
    for (day, times) in by_day(clock, times) {
        out.raw("<h2 class=\"on\">").text(&clock.day(day)).raw("</h2>\n");
        out.add(&list(clock, &times, Choice::Answer(chosen)));
    }
    out
}

/// Times by the visitor's date.
pub(super) fn by_day(clock: &Clock, times: &[Free]) -> Vec<(Date, Vec<Free>)> {
    let mut out: Vec<(Date, Vec<Free>)> = Vec::new();
    for free in times {
        let day = clock.date(free.at);
        match out.last_mut() {
            Some((known, list)) if *known == day => list.push(*free),
            _ => out.push((day, vec![*free])),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use booking::speech::{Cycle, Language, Words};

    use super::*;

    #[test]
    fn times_stand_under_the_part_of_their_day() {
        let clock = Clock::new(Words(Language::English), "America/New_York", Cycle::Twelve).unwrap();
        // The night in which clocks are put back: one o'clock comes twice.
        let times: Vec<Free> = ["05:00", "05:30", "06:00", "06:30", "19:00"]
            .map(|time| Free { at: format!("2026-11-01T{time}:00Z").parse().unwrap(), seats: None })
            .to_vec();
        let html = list(&clock, &times, Choice::Post).into_string();
        assert_eq!(html.matches("<h3>").count(), 2, "{html}");
        assert_eq!(html.matches("1:30").count(), 2);
        assert!(html.contains("UTC−4") && html.contains("UTC−5") && html.contains("2:00\u{a0}pm"));
        assert_eq!(by_day(&clock, &times).len(), 1);
        let tokyo = Clock::new(Words(Language::English), "Asia/Tokyo", Cycle::TwentyFour).unwrap();
        assert_eq!(by_day(&tokyo, &times).len(), 2, "days are the visitor's");
    }

    #[test]
    fn seats_are_counted_in_the_languages_forms() {
        let clock = Clock::new(Words(Language::Arabic), "Asia/Riyadh", Cycle::Twelve).unwrap();
        let free = Free { at: Timestamp(0), seats: Some(2) };
        assert!(list(&clock, &[free], Choice::Post).into_string().contains("مقعدان"));
    }
}
