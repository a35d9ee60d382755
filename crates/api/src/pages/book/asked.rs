//! What a page's address asks for. It carries everything the visitor chose, so that a link, a reload and a change
//! of language keep it; what cannot be read is not there.

use std::convert::Infallible;
use std::fmt::Write;

use axum::extract::{FromRequestParts, Query};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use booking::speech::{Clock, Cycle, Words, customs};
use jiff::civil::Date;
use kernel::{HoldId, HostId, Timestamp};

/// The longest name or address that a link fills in.
const LONGEST: usize = 200;

/// The parameters of an address.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// `tz`: the zone in which times are shown.
    pub(super) zone: Option<String>,
    /// `hour`: 12 or 24.
    pub(super) cycle: Option<Cycle>,
    /// `day`: the day whose times are shown.
    pub(super) day: Option<Date>,
    /// `month`: its first day.
    pub(super) month: Option<Date>,
    /// `duration`, in minutes.
    pub(super) duration: Option<u32>,
    /// `host`: with whom.
    pub(super) host: Option<HostId>,
    /// `start`: the time that was chosen.
    pub(super) start: Option<Timestamp>,
    /// `hold`: what keeps that time free meanwhile.
    pub(super) hold: Option<HoldId>,
    /// `embed=1`: shown in a frame of another page.
    pub(super) embed: bool,
    /// `new=1`: this was booked just now.
    pub(super) new: bool,
    /// `paid=1`: the payer comes back from the provider's page.
    pub(super) paid: bool,
    /// `name` and `email`, with which a link fills the form in.
    pub(super) name: String,
    pub(super) email: String,
    /// `lang`, when chosen.
    lang: Option<&'static str>,
    /// What the browser accepts.
    accepted: String,
}

impl Asked {
    /// What a request asks for.
    pub(super) fn of(parts: &Parts) -> Self {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let pairs = query.map(|query| query.0).unwrap_or_default();
        let mut asked = Self::default();
        for (name, value) in pairs.into_iter().take(40) {
            asked.read(&name, value);
        }
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        asked.accepted = accepted.chars().take(LONGEST).collect();
        asked
    }

    fn read(&mut self, name: &str, value: String) {
        let years = |date: &Date| (2000..2200).contains(&date.year());
        match name {
            "tz" | "timezone" => self.zone = Some(value).filter(|zone| (1..=64).contains(&zone.len())),
            "hour" => {
                self.cycle = match value.as_str() {
                    "12" => Some(Cycle::Twelve),
                    "24" => Some(Cycle::TwentyFour),
                    _ => None,
                }
            }
            "day" => self.day = value.parse().ok().filter(years),
            "month" => self.month = format!("{value}-01").parse().ok().filter(years),
            "duration" => self.duration = value.parse().ok(),
            "host" => self.host = value.parse().ok(),
            "start" => self.start = value.parse().ok().filter(|at: &Timestamp| years(&at.date())),
            "hold" => self.hold = value.parse().ok(),
            "embed" => self.embed = value == "1",
            "new" => self.new = value == "1",
            "paid" => self.paid = value == "1",
            "name" if value.len() <= LONGEST => self.name = value,
            "email" if value.len() <= LONGEST => self.email = value,
            "lang" => {
                self.lang = match value.split('-').next() {
                    Some("en") => Some("en"),
                    Some("ar") => Some("ar"),
                    _ => None,
                }
            }
            _ => {}
        }
    }

    /// The clock by which the visitor reads: in the zone they asked for, else in the one given.
    pub(super) fn clock(&self, words: Words, otherwise: &str) -> Clock {
        let of =
            |name: &str| Clock::new(words, name, self.cycle.unwrap_or_else(|| customs::cycle(&self.accepted, name)));
        self.zone.as_deref().and_then(of).or_else(|| of(otherwise)).unwrap_or_else(|| Clock {
            words,
            zone: jiff::tz::TimeZone::UTC,
            name: "UTC".to_owned(),
            cycle: Cycle::TwentyFour,
        })
    }

    /// The same with something else.
    pub(super) fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    /// How the page of a booking that was just made is asked for.
    pub(super) fn done(&self) -> Self {
        Self { new: true, ..self.again() }
    }

    /// Without what belongs to one time and one person.
    pub(super) fn again(&self) -> Self {
        let (zone, lang, accepted) = (self.zone.clone(), self.lang, self.accepted.clone());
        Self { zone, cycle: self.cycle, embed: self.embed, lang, accepted, ..Self::default() }
    }

    /// As the query of an address, from `?` on; empty when nothing was chosen.
    pub(super) fn query(&self) -> String {
        let text = self.pairs(true);
        if text.is_empty() { text } else { format!("?{}", &text[..text.len() - 1]) }
    }

    /// The same for a change of language: without it, and ending in `&`.
    pub(super) fn keep(&self) -> String {
        self.pairs(false)
    }

    /// The parameters with their names, for hidden fields of a form that asks anew.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        let mut push = |name: &'static str, value: Option<String>| out.extend(value.map(|value| (name, value)));
        push("tz", self.zone.clone());
        push("hour", self.cycle.map(|cycle| cycle.as_str().to_owned()));
        push("day", self.day.map(|day| day.to_string()));
        push("month", self.month.map(|month| format!("{:04}-{:02}", month.year(), month.month())));
        push("duration", self.duration.map(|minutes| minutes.to_string()));
        push("host", self.host.map(|host| host.to_string()));
        push("start", self.start.map(|start| start.to_string()));
        push("hold", self.hold.map(|hold| hold.to_string()));
        push("embed", self.embed.then(|| "1".to_owned()));
        push("new", self.new.then(|| "1".to_owned()));
        push("name", Some(self.name.clone()).filter(|name| !name.is_empty()));
        push("email", Some(self.email.clone()).filter(|email| !email.is_empty()));
        push("lang", self.lang.map(str::to_owned));
        out
    }

    fn pairs(&self, language: bool) -> String {
        let mut out = String::new();
        for (name, value) in self.fields() {
            if name == "lang" && !language {
                continue;
            }
            out.push_str(name);
            out.push('=');
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~:/@".contains(&byte) {
                    out.push(char::from(byte));
                } else {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            out.push('&');
        }
        out
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn asked(query: &str) -> Asked {
        Asked::of(&Request::get(format!("/book/a/b?{query}")).body(()).unwrap().into_parts().0)
    }

    #[test]
    fn what_was_chosen_survives() {
        let query = "tz=Asia/Riyadh&hour=24&day=2026-12-01&month=2026-12&duration=45&start=2026-12-01T09:00:00Z&embed=1&name=%D9%87%D8%AF%D9%89%20%26&email=a%2Bb@c.d&lang=ar";
        let first = asked(query);
        let again = asked(first.query().trim_start_matches('?'));
        assert_eq!(first.query(), again.query());
        assert_eq!((again.name.as_str(), again.email.as_str()), ("هدى &", "a+b@c.d"));
        assert!(first.query().ends_with("&lang=ar") && !first.keep().contains("lang=") && first.keep().ends_with('&'));
        assert_eq!(first.month, Some(jiff::civil::date(2026, 12, 1)));
        assert_eq!(asked("").query(), "");
        assert_eq!(asked("timezone=Europe/Berlin").zone.as_deref(), Some("Europe/Berlin"));
    }

    #[test]
    fn what_cannot_be_read_is_not_there() {
        let long = format!("name={0}&tz={0}", "x".repeat(5000));
        for query in ["tz=&day=0000-99-99&month=x&duration=-1&host=h&start=1&hold=2&hour=13", long.as_str(), "%%%=%"] {
            assert_eq!(asked(query).query(), "", "{query}");
        }
        let strange = asked("tz=%22%3E%3Cscript%3E").query();
        assert!(!strange.contains('<') && !strange.contains('"'));
        let words = Words(booking::speech::Language::English);
        assert_eq!(asked("tz=Mars/Olympus").clock(words, "Asia/Riyadh").name, "Asia/Riyadh");
        assert_eq!(asked("").clock(words, "nowhere").name, "UTC");
    }
}
