//! What becomes of the form: a booking, the form with what is wrong, or the form with fresh times.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Redirect, Response};
use booking::model::{Question, QuestionKind};
use booking::reservations::{self, Attendee, Booked};
use booking::tokens::{self, Act};
use http_server::Result;
use kernel::{Code, Email, Locale, Problem, Timestamp};
use people::subscribe::Proof;
use serde_json::{Value as Json, json};

use super::super::posted::Posted;
use super::super::signal::heed;
use super::super::visitor::Visitor;
use super::asked::Asked;
use super::details::{self, Filled, Slot};
use super::search;
use super::shop::Stall;
use crate::App;

/// The longest text that comes back to the form, in characters.
const LONGEST: usize = 4000;

/// Whether a problem says that somebody else was faster.
pub(super) fn is_taken(problem: &Problem) -> bool {
    problem.code == Code::Conflict && problem.detail.starts_with("slot_taken")
}

/// What was typed, as the form shows it again.
pub(super) fn filled(stall: &Stall, posted: &Posted) -> Filled {
    let mut filled = Filled::default();
    for key in ["name", "email", "phone", "place", "guests", "location"] {
        filled.values.insert(key.to_owned(), cut(posted.get(key)));
    }
    for question in &stall.of.definition.questions {
        let key = format!("a-{}", question.key);
        if matches!(question.kind, QuestionKind::Choice | QuestionKind::Choices | QuestionKind::Yes) {
            let all: Vec<String> = posted.all(&key).take(60).map(cut).filter(|text| !text.is_empty()).collect();
            if !all.is_empty() {
                filled.ticked.insert(key, all);
            }
        } else {
            filled.values.insert(key.clone(), cut(posted.get(&key)));
        }
    }
    filled.marketing = posted.get("marketing") == "yes";
    filled
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn answer(question: &Question, filled: &Filled) -> Option<Json> {
    let key = format!("a-{}", question.key);
    match question.kind {
        QuestionKind::Choices => filled.ticked.get(&key).map(|all| json!(all)),
        QuestionKind::Choice => filled.ticked.get(&key).and_then(|all| all.first()).map(|one| json!(one)),
        QuestionKind::Yes => filled.ticked.contains_key(&key).then_some(Json::Bool(true)),
        QuestionKind::Number => filled.values.get(&key).filter(|text| !text.is_empty()).map(|text| json!(digits(text))),
        _ => filled.values.get(&key).filter(|text| !text.is_empty()).map(|text| json!(text)),
    }
}

/// Arabic digits and separators as the program reads them.
fn digits(text: &str) -> String {
    let western = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10).unwrap_or(c),
        '\u{66b}' => '.',
        other => other,
    };
    text.chars().filter(|c| !matches!(c, '\u{66c}' | ',')).map(western).collect()
}

/// The guests' addresses; the first that cannot be read is told.
fn guests(text: &str) -> Result<Vec<Email>, &'static str> {
    let parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '،' | '؛')).filter(|part| !part.is_empty());
    parts.take(30).map(|part| Email::parse(part).map_err(|_| "book.wrong_guest")).collect()
}

/// What is to be booked; `filled` learns what is wrong.
fn booked(stall: &Stall, visitor: &Visitor, asked: &Asked, start: Timestamp, filled: &mut Filled) -> Option<Booked> {
    let text = |key: &str| filled.values.get(key).cloned().unwrap_or_default();
    let email = Email::parse(&text("email"));
    let guests = guests(&text("guests"));
    let mut wrong = BTreeMap::new();
    if text("name").is_empty() {
        wrong.insert("name".to_owned(), "form.needed");
    }
    if email.is_err() {
        wrong.insert("email".to_owned(), if text("email").is_empty() { "form.needed" } else { "form.email" });
    }
    if let Err(text) = &guests {
        wrong.insert("guests".to_owned(), *text);
    }
    let some = |key: &str| Some(text(key)).filter(|text| !text.is_empty());
    let agent = Some(visitor.agent.clone()).filter(|agent| !agent.is_empty());
    let definition = &stall.of.definition;
    let answers = definition.questions.iter().filter_map(|one| Some((one.key.clone(), answer(one, filled)?))).collect();
    let language: Locale = if stall.shop.words.0.tag() == "ar" { Locale::ar() } else { Locale::en() };
    let out = email.ok().zip(guests.ok()).map(|(email, guests)| Booked {
        start,
        duration: Some(stall.duration(asked)),
        host: stall.host(asked),
        hold: asked.hold,
        attendee: Attendee {
            name: text("name"),
            email,
            phone: some("phone"),
            timezone: stall.clock.name.clone(),
            language,
        },
        filled: reservations::Filled { location: text("location").parse().ok(), place: some("place"), guests, answers },
        marketing: filled.marketing && definition.marketing.is_some(),
        proof: Proof {
            ip: visitor.ip,
            user_agent: agent,
            notice: stall.notice.as_ref().map(|notice| notice.id),
            page: Some(stall.path()),
            ..Proof::default()
        },
        source: if asked.embed { "embed" } else { "page" },
    });
    filled.wrong = wrong;
    out.filter(|_| filled.wrong.is_empty())
}

/// Which fields are wrong, and how to say it in the page's language.
fn explain(problem: &Problem) -> BTreeMap<String, &'static str> {
    let mut wrong = BTreeMap::new();
    for found in &problem.fields {
        let key = match found.field.as_str() {
            "attendee.name" => "name".to_owned(),
            "attendee.email" => "email".to_owned(),
            "attendee.phone" => "phone".to_owned(),
            other => other.strip_prefix("answers.").map_or_else(|| other.to_owned(), |key| format!("a-{key}")),
        };
        let needed = found.detail.contains("needed");
        let text = match key.as_str() {
            "location" => "book.wrong_location",
            "guests" => "book.wrong_guests",
            _ if needed => "form.needed",
            "phone" => "form.phone",
            "name" | "place" => "form.too_long",
            _ => "form.not_readable",
        };
        wrong.insert(key, text);
    }
    wrong
}

/// Takes the form.
pub(super) async fn submit(
    app: &App,
    stall: &Stall,
    (visitor, asked): (&Visitor, &Asked),
    posted: &Posted,
) -> Result<Response> {
    let mut filled = filled(stall, posted);
    let start = posted.get("start").parse().ok().or(asked.start);
    let Some(start) = start else {
        return Ok(Redirect::to(&format!("{}{}", stall.path(), asked.query())).into_response());
    };
    let asked = &asked.but(|asked| asked.start = Some(start));
    if !posted.get(super::TRAP).is_empty() {
        filled.wrong.insert(String::new(), "form.wrong");
        return Ok(details::page(stall, asked, &Slot::Chosen(start), &filled).into_response());
    }
    let Some(wanted) = booked(stall, visitor, asked, start, &mut filled) else {
        let slot = slot(stall, asked, start).await?;
        return Ok(details::page(stall, asked, &slot, &filled).into_response());
    };
    let ctx = &stall.shop.ctx;
    let problem = match reservations::book(ctx, Some(&app.calendars), &stall.of, wanted).await {
        Ok((booking, _)) => {
            heed(visitor, ctx, booking.contact, "booking page").await?;
            let path = tokens::path(ctx, booking.id, Act::View).await?;
            let next = asked.done();
            return Ok(Redirect::to(&format!("{path}{}", next.query())).into_response());
        }
        Err(error) => error.problem(),
    };
    if is_taken(&problem) {
        let asked = &asked.but(|asked| asked.hold = None);
        let left = search(stall, asked).around(start).await?;
        return Ok(details::page(stall, asked, &Slot::Lost(start, left), &filled).into_response());
    }
    if problem.code == Code::InvalidInput && !problem.fields.is_empty() {
        filled.wrong = explain(&problem);
        return Ok(details::page(stall, asked, &Slot::Chosen(start), &filled).into_response());
    }
    Err(problem.into())
}

/// Whether the chosen time can still be had.
pub(super) async fn slot(stall: &Stall, asked: &Asked, start: Timestamp) -> Result<Slot> {
    let search = search(stall, asked);
    if search.is_free(start).await? {
        return Ok(Slot::Chosen(start));
    }
    Ok(Slot::Lost(start, search.around(start).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_script() {
        assert_eq!(digits("١٬٢٣٤٫٥"), "1234.5");
        assert_eq!(digits("۱۲"), "12");
        assert_eq!(digits("7"), "7");
    }

    #[test]
    fn guests_stand_in_lines_or_between_commas() {
        assert_eq!(guests("a@example.com,\n b@example.com ؛ c@example.com").unwrap().len(), 3);
        assert!(guests("").unwrap().is_empty());
        assert!(guests("a@example.com nobody").is_err());
    }
}
