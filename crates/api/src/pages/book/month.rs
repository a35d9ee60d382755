//! A month's calendar: days with free times are links, and every other day says that it has none.

use std::collections::BTreeSet;

use booking::speech::clock::{short_weekday, weekday};
use booking::speech::{Clock, Words, customs};
use jiff::civil::Date;

use super::super::markup::Html;
use super::asked::Asked;

/// A month as it is shown.
pub(super) struct Month<'a> {
    pub(super) clock: &'a Clock,
    pub(super) asked: &'a Asked,
    /// Its first day.
    pub(super) first: Date,
    pub(super) today: Date,
    /// Days with free times.
    pub(super) free: BTreeSet<Date>,
    /// The day whose times are shown.
    pub(super) chosen: Option<Date>,
    /// Whether there may be times after this month.
    pub(super) later: bool,
    /// Whether dates are also said in the Hijri calendar.
    pub(super) hijri: bool,
}

/// The first day of a date's month.
pub(super) fn first_of(date: Date) -> Date {
    date.first_of_month()
}

/// The first day of the month after.
pub(super) fn next(first: Date) -> Date {
    first.last_of_month().tomorrow().unwrap_or(first)
}

fn previous(first: Date) -> Date {
    first.yesterday().map_or(first, Date::first_of_month)
}

/// A month and its year, in words.
pub(super) fn name(words: Words, first: Date) -> String {
    let date = words.date(first);
    // The date without its day.
    date.split_once('\u{a0}').map_or(date.clone(), |(_, rest)| rest.to_owned())
}

impl Month<'_> {
    /// The calendar.
    pub(super) fn html(&self) -> Html {
        let words = self.clock.words;
        let mut out = Html::new();
        out.raw("<section class=\"month\" aria-labelledby=\"month\">\n<div class=\"turn\">");
        out.add(&self.turn(previous(self.first), "month.before", self.first > first_of(self.today), "earlier"));
        out.raw("<h2 id=\"month\" tabindex=\"-1\">").text(&name(words, self.first));
        if self.hijri {
            out.add(&self.hijri_months());
        }
        out.raw("</h2>");
        out.add(&self.turn(next(self.first), "month.after", self.later, "later")).raw("</div>\n");
        out.raw("<table class=\"days\"><thead><tr>");
        let start = customs::first_day(&self.clock.name);
        for place in 0..7 {
            let day = start.wrapping_add(place);
            out.raw("<th scope=\"col\" abbr=\"").text(weekday(words, day)).raw("\">").text(short_weekday(words, day));
            out.raw("</th>");
        }
        out.raw("</tr></thead>\n<tbody>\n");
        let lead = self.first.weekday().since(start);
        let mut day = self.first.checked_sub(jiff::Span::new().days(lead)).unwrap_or(self.first);
        while day <= self.first.last_of_month() {
            out.raw("<tr>");
            for _ in 0..7 {
                out.add(&self.cell(day));
                day = day.tomorrow().unwrap_or(day);
            }
            out.raw("</tr>\n");
            if day.year() > 2200 {
                break;
            }
        }
        out.raw("</tbody></table>\n</section>\n");
        out
    }

    fn turn(&self, first: Date, label: &'static str, possible: bool, rel: &'static str) -> Html {
        let words = self.clock.words;
        let mut out = Html::new();
        let title = words.line(label, &[("month", &name(words, first))]);
        if !possible {
            // Keeps its place, so that the heading does not move.
            out.raw("<span class=\"arrow off ").raw(rel).raw("\" aria-hidden=\"true\"></span>");
            return out;
        }
        let asked = self.asked.but(|asked| {
            asked.month = Some(first);
            asked.day = None;
            asked.start = None;
        });
        out.raw("<a data-swap class=\"arrow ").raw(rel).raw("\" href=\"").text(&asked.query()).raw("\" aria-label=\"");
        out.text(&title).raw("\" title=\"").text(&title).raw("\"></a>");
        out
    }

    fn hijri_months(&self) -> Html {
        let mut out = Html::new();
        let ends = [self.clock.hijri(self.first), self.clock.hijri(self.first.last_of_month())];
        if let [Some(from), Some(to)] = ends {
            out.raw("<small>").text(&self.clock.words.line("when.hijri_span", &[("from", &from), ("to", &to)]));
            out.raw("</small>");
        }
        out
    }

    fn cell(&self, day: Date) -> Html {
        let words = self.clock.words;
        let mut out = Html::new();
        if day.month() != self.first.month() {
            out.raw("<td></td>");
            return out;
        }
        out.raw(if day == self.today { "<td class=\"today\">" } else { "<td>" });
        let number = day.day().to_string();
        let title = self.clock.day(day);
        if self.free.contains(&day) {
            let asked = self.asked.but(|asked| {
                asked.month = Some(self.first);
                asked.day = Some(day);
                asked.start = None;
            });
            out.raw("<a data-swap data-day href=\"").text(&asked.query()).raw("\"");
            out.raw(if self.chosen == Some(day) { " aria-current=\"date\"" } else { "" });
            out.raw(" aria-label=\"").text(&title).raw("\">").text(&number).raw("</a>");
        } else {
            let said = words.line("month.none", &[("day", &title)]);
            out.raw("<span class=\"full\"><span aria-hidden=\"true\">").text(&number);
            out.raw("</span><span class=\"unseen\">").text(&said).raw("</span></span>");
        }
        out.raw("</td>");
        out
    }
}

#[cfg(test)]
mod tests {
    use booking::speech::{Cycle, Language};
    use jiff::civil::date;

    use super::*;

    fn month(language: Language, zone: &str, free: &[Date]) -> String {
        let clock = Clock::new(Words(language), zone, Cycle::Twelve).unwrap();
        let first = date(2026, 12, 1);
        Month {
            clock: &clock,
            asked: &Asked::default(),
            first,
            today: first,
            free: free.iter().copied().collect(),
            chosen: free.first().copied(),
            later: true,
            hijri: true,
        }
        .html()
        .into_string()
    }

    #[test]
    fn every_day_says_whether_it_has_times() {
        let free = [date(2026, 12, 1), date(2026, 12, 31)];
        for (language, said) in [(Language::English, "no free times"), (Language::Arabic, "لا مواعيد")] {
            let html = month(language, "Asia/Riyadh", &free);
            assert_eq!(html.matches("data-day").count(), 2);
            assert_eq!(html.matches(said).count(), 29);
            assert_eq!(html.matches("aria-current=\"date\"").count(), 1);
            assert!(html.contains("1448"), "the Hijri year stands there");
            assert!(html.contains("arrow off earlier") && html.contains("arrow later"));
        }
    }

    #[test]
    fn the_week_begins_as_is_usual_in_the_zone() {
        let first = |html: &str| html.split("abbr=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(first(&month(Language::English, "Asia/Riyadh", &[])), "Sunday");
        assert_eq!(first(&month(Language::English, "Africa/Cairo", &[])), "Saturday");
        assert_eq!(first(&month(Language::English, "Europe/Berlin", &[])), "Monday");
        // 1 December 2026 is a Tuesday: two empty cells before it in Riyadh.
        assert!(month(Language::English, "Asia/Riyadh", &[]).contains("<tr><td></td><td></td><td class=\"today\">"));
    }
}
