//! Events of a calendar in the document: read with the same expansion as connected calendars.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde_json::Value as Json;

use super::input::{EventInput, MeetingInput, Recurrence};
use super::{ExplainError, zone};
use crate::calendars::ics::{self, Calendar, End, Event, Limits, PartStat, Reader, Rule, Status, When};
use crate::slots::model::{MINUTE, Span};

/// How far events can matter: the query with the meeting's length and buffers, and a day more.
pub(super) fn reach((from, to): Span, meeting: &MeetingInput) -> Span {
    let before = meeting.buffer_before.unwrap_or(0).clamp(0, 100_000);
    let after = meeting.duration.unwrap_or(30).clamp(0, 100_000) + meeting.buffer_after.unwrap_or(0).clamp(0, 100_000);
    let day = Timestamp::DAY;
    (from.saturating_sub(before * MINUTE).saturating_sub(day), to.saturating_add(after * MINUTE).saturating_add(day))
}

/// A date, a civil time (in `tz`, or floating), or an instant.
fn when(field: &str, text: &str, all_day: bool, tz: Option<&TimeZone>) -> Result<When, ExplainError> {
    let wrong = || ExplainError::invalid(format_args!("{field}: expected a date, a local time or an instant"));
    if all_day {
        let date = text.get(..10).unwrap_or(text).parse::<Date>().map_err(|_| wrong())?;
        return Ok(When::Date(date));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        let utc = instant.to_jiff();
        // An instant together with a zone recurs by that zone's clock.
        return Ok(match tz {
            Some(tz) => When::Zoned(tz.to_datetime(utc), tz.clone()),
            None => When::Utc(TimeZone::UTC.to_datetime(utc)),
        });
    }
    let civil = text.parse::<DateTime>().map_err(|_| wrong())?;
    Ok(tz.map_or(When::Floating(civil), |tz| When::Zoned(civil, tz.clone())))
}

/// A part's value as RFC 5545 writes it: lists with commas, instants and dates without punctuation.
fn value(name: &str, part: &Json) -> Option<String> {
    let one = |part: &Json| match part {
        Json::String(text) if name == "UNTIL" => {
            let plain: String = text.chars().filter(|c| *c != '-' && *c != ':').collect();
            Some(plain.split_once('.').map_or(plain.clone(), |(whole, _)| format!("{whole}Z")))
        }
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match part {
        Json::Array(parts) => Some(parts.iter().map(one).collect::<Option<Vec<_>>>()?.join(",")),
        part => one(part),
    }
}

fn rule(field: &str, recurrence: &Recurrence) -> Result<Rule, ExplainError> {
    let text = match recurrence {
        Recurrence::Text(text) => text.strip_prefix("RRULE:").unwrap_or(text).to_owned(),
        Recurrence::Parts(parts) => {
            let mut out = Vec::new();
            for (name, part) in parts.iter().filter(|(_, part)| !part.is_null()) {
                let name = name.to_ascii_uppercase().replace('_', "");
                let text = value(&name, part)
                    .ok_or_else(|| ExplainError::invalid(format_args!("{field}: a part is no text, number or list")))?;
                out.push(format!("{name}={text}"));
            }
            out.join(";")
        }
    };
    Rule::read(&text)
        .ok_or_else(|| ExplainError::invalid(format_args!("{field}: expected a recurrence rule (RFC 5545)")))
}

/// The instants between which an event blocks its host (rules R6, R8 and R17).
pub(super) fn busy(
    place: &str,
    input: &EventInput,
    host: &TimeZone,
    tentative: bool,
    (from, to): Span,
) -> Result<Vec<Span>, ExplainError> {
    let tz = input.tz.as_deref().map(|name| zone(&format!("{place}tz"), name)).transpose()?;
    let all_day = input.all_day || input.start.len() == 10;
    let read = |field: &str, text: &str| when(&format!("{place}{field}"), text, all_day, tz.as_ref());
    let mut event = Event::new("event", read("start", &input.start)?);
    if let Some(end) = &input.end {
        let end = read("end", end)?;
        // Written by calendars that mean the day itself.
        let own_day = all_day && end == event.start;
        event.end = if own_day { End::Open } else { End::At(end) };
    }
    if let Some(recurrence) = &input.rrule {
        event.rules.push(rule(&format!("{place}rrule"), recurrence)?);
    }
    for text in &input.exdate {
        event.exdates.push(read("exdate", text)?);
    }
    event.transparent = input.transp.as_deref().is_some_and(|text| text.eq_ignore_ascii_case("transparent"));
    event.status = input.status.as_deref().map_or(Status::Confirmed, Status::read);
    let partstat = input.partstat.as_deref().map(|text| PartStat::read(&text.replace('_', "-")));
    let range = (Timestamp(from), Timestamp(to));
    let reader = Reader { zone: host, owners: &[] };
    let expansion = ics::expand(&Calendar::of(vec![event]), &reader, range, &Limits::default());
    let blocking = expansion.busy.into_iter().filter(|busy| ics::Busy { partstat, ..busy.clone() }.blocks(tentative));
    Ok(blocking.map(|busy| (busy.start.0, busy.end.0)).filter(|span| span.0 < span.1).collect())
}
