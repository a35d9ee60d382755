//! The one who books: checked, and known as a contact.

use std::collections::BTreeMap;

use kernel::{BookingId, ContactId, Email, Locale, Phone};
use people::contacts::{self, Draft, Origin, Standard};
use people::subscribe::Proof;
use privacy::claims::{self, Statement};
use privacy::provenance::Method;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Ctx;

use crate::error::invalid;
use crate::event_types::EventType;
use crate::model::{Definition, Location, Question, QuestionKind, zone};
use crate::{Error, Result};

/// What the purpose of everything about a booking is called in ledger and gate.
pub(crate) const PURPOSE: &str = "booking";

/// Who books, as they say.
#[derive(Clone)]
pub struct Attendee {
    /// The name.
    pub name: String,
    /// The address.
    pub email: Email,
    /// The telephone number, where one is asked for.
    pub phone: Option<String>,
    /// The zone in which they saw the times.
    pub timezone: String,
    /// The language of page and mail.
    pub language: Locale,
}

impl std::fmt::Debug for Attendee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attendee([pii])")
    }
}

/// What is personal about a booking; rests sealed under the attendee's data key.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Details {
    /// The attendee's name.
    pub name: String,
    /// The address in its wire form.
    pub email: String,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Addresses of guests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<String>,
    /// Where it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Answers by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Json>,
    /// Days after the appointment after which an answer goes, where that is sooner than the booking.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) terms: BTreeMap<String, u16>,
    /// Why it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details([pii])")
    }
}

/// What was filled in.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// Which of the event type's locations.
    pub location: Option<usize>,
    /// The attendee's own place, where that is asked for.
    pub place: Option<String>,
    /// Addresses of guests.
    pub guests: Vec<Email>,
    /// Answers by question.
    pub answers: BTreeMap<String, Json>,
}

fn line(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(invalid(field, format!("expected 1 to {most} characters"))) }
}

fn answer(question: &Question, given: Option<&Json>) -> Result<Option<Json>> {
    let field = format!("answers.{}", question.key);
    let missing = || invalid(&*field, "this is needed");
    let given = given.filter(|given| !given.is_null() && given.as_str().is_none_or(|text| !text.trim().is_empty()));
    let Some(given) = given else { return if question.required { Err(missing()) } else { Ok(None) } };
    let text = |most: usize| {
        let text = given.as_str().map(str::trim).ok_or_else(|| invalid(&*field, "expected a text"))?;
        if text.chars().count() <= most {
            Ok(text)
        } else {
            Err(invalid(&*field, format!("at most {most} characters")))
        }
    };
    Ok(Some(match question.kind {
        QuestionKind::Text => json!(line(&field, text(500)?, 500)?),
        QuestionKind::Paragraph => json!(text(4000)?),
        QuestionKind::Choice => {
            let chosen = text(200)?;
            if !question.options.iter().any(|option| option == chosen) {
                return Err(invalid(field, "expected one of the options"));
            }
            json!(chosen)
        }
        QuestionKind::Choices => {
            let chosen: Vec<&str> = match given {
                Json::Array(list) => list.iter().filter_map(Json::as_str).collect(),
                other => other.as_str().into_iter().collect(),
            };
            if chosen.iter().any(|one| !question.options.iter().any(|option| option == one)) {
                return Err(invalid(field, "expected some of the options"));
            }
            if chosen.is_empty() && question.required {
                return Err(missing());
            }
            json!(chosen)
        }
        QuestionKind::Yes => {
            let yes = given.as_bool().unwrap_or_else(|| matches!(given.as_str(), Some("on" | "true" | "yes")));
            if question.required && !yes {
                return Err(missing());
            }
            json!(yes)
        }
        QuestionKind::Phone => {
            let phone =
                Phone::parse(text(40)?, None).map_err(|_| invalid(&*field, "expected a number such as +966…"))?;
            json!(phone.as_str())
        }
        QuestionKind::Number => {
            let number =
                given.as_f64().or_else(|| given.as_str()?.trim().parse().ok()).filter(|number| number.is_finite());
            json!(number.ok_or_else(|| invalid(&*field, "expected a number"))?)
        }
    }))
}

/// Checks what was filled in against what the event type asks for. Answers to questions nobody asked are refused:
/// what is not needed is not kept.
///
/// # Errors
/// What is wrong, by field.
pub(crate) fn check(
    of: &EventType,
    booking: BookingId,
    attendee: &Attendee,
    filled: &Filled,
    room: &str,
) -> Result<Details> {
    let definition = &of.definition;
    zone("attendee.timezone", &attendee.timezone)?;
    if filled.guests.len() > definition.guests as usize {
        return Err(invalid("guests", format!("at most {}", definition.guests)));
    }
    if let Some(unknown) = filled.answers.keys().find(|key| !definition.questions.iter().any(|one| one.key == **key)) {
        return Err(invalid(
            format!("answers.{}", unknown.chars().take(40).collect::<String>()),
            "nobody asks for this",
        ));
    }
    let mut answers = BTreeMap::new();
    for question in &definition.questions {
        if let Some(answer) = answer(question, filled.answers.get(&question.key))? {
            answers.insert(question.key.clone(), answer);
        }
    }
    let phone = match attendee.phone.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let country = None;
            let phone = Phone::parse(text, country)
                .map_err(|_| invalid("attendee.phone", "expected a number such as +966…"))?;
            Some(phone.as_str().to_owned())
        }
    };
    let chosen = match (definition.locations.len(), filled.location) {
        (0, _) => None,
        (_, Some(place)) => {
            Some(definition.locations.get(place).ok_or_else(|| invalid("location", "there is no such place"))?)
        }
        (1, None) => definition.locations.first(),
        (_, None) => return Err(invalid("location", "choose where it takes place")),
    };
    let location = match chosen {
        None => None,
        Some(Location::Address { text }) => Some(text.clone()),
        Some(Location::CallUs { number }) => Some(number.clone()),
        Some(Location::Link { template }) => Some(template.replace("{room}", room)),
        Some(Location::WeCall {}) => {
            Some(phone.clone().ok_or_else(|| invalid("attendee.phone", "we call you, so your number is needed"))?)
        }
        Some(Location::Attendee {}) => Some(line("place", filled.place.as_deref().unwrap_or_default(), 500)?),
    };
    // A number that nothing needs is not kept.
    let reminds = !definition.sms_reminders.is_empty();
    let phone = phone.filter(|_| reminds || matches!(chosen, Some(Location::WeCall {})));
    let _ = booking;
    Ok(Details {
        name: line("attendee.name", &attendee.name, 200)?,
        email: attendee.email.wire(),
        phone,
        guests: filled.guests.iter().map(Email::wire).collect(),
        location,
        terms: terms(definition, &answers),
        answers,
        reason: None,
    })
}

/// How long each answer is needed, where its question says so.
fn terms(definition: &Definition, answers: &BTreeMap<String, Json>) -> BTreeMap<String, u16> {
    let asked = definition.questions.iter().filter(|question| answers.contains_key(&question.key));
    asked.filter_map(|question| Some((question.key.clone(), question.retention_days?))).collect()
}

/// The contact of an attendee: the one with this address, or a new one. The name is kept only where none was known.
///
/// # Errors
/// `blocked_target` when the person was erased or law blocks the address.
pub(crate) async fn contact(ctx: &Ctx, of: &EventType, attendee: &Attendee) -> Result<ContactId> {
    if let Some(contact) = contacts::by_email(ctx, &attendee.email).await? {
        return Ok(contact);
    }
    let mut words = attendee.name.trim().splitn(2, ' ');
    let mut values = BTreeMap::new();
    if let Some(first) = words.next().filter(|first| !first.is_empty()) {
        values.insert(Standard::FirstName, first.to_owned());
    }
    if let Some(last) = words.next() {
        values.insert(Standard::LastName, last.trim().to_owned());
    }
    values.insert(Standard::Language, attendee.language.to_string());
    let draft = Draft { emails: vec![attendee.email.clone()], values, ..Draft::default() };
    let origin = Origin { method: Method::Booking, source: format!("booking page {}", of.slug) };
    match contacts::create(ctx, draft, &origin).await {
        Ok(contact) => Ok(contact),
        // Two bookings at once by one new person.
        Err(error) => contacts::by_email(ctx, &attendee.email).await?.ok_or(Error::People(error)),
    }
}

/// States that the person asked for this appointment: what the gate lets confirmation and reminders pass on.
pub(crate) async fn state_request(ctx: &Ctx, contact: ContactId, of: &EventType, proof: &Proof) -> Result<()> {
    let purpose = Purpose::new(PURPOSE).map_err(|_| Error::Internal("purpose"))?;
    let known = claims::list(ctx, contact).await?;
    let stands = known.iter().any(|claim| {
        claim.purpose == purpose
            && claim.channel == Channel::Email
            && claim.basis == BasisKind::SubjectRequest
            && claim.state.is_valid()
    });
    if stands {
        return Ok(());
    }
    let keys = ctx.vault.subject(ctx.workspace, contact).await?;
    let notice = of.definition.notice.or(proof.notice);
    let detail = json!({
        "source": format!("booking page {}", of.slug),
        "event_type": of.id,
        "notice": notice,
        "ip": proof.ip.map(|ip| ip.to_string()),
    });
    let statement = Statement {
        subject: contact,
        purpose,
        channel: Channel::Email,
        topic: None,
        basis: BasisKind::SubjectRequest,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail,
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, ctx.keys().await?.as_ref(), &keys, statement)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Joins the topic offered beside the booking, when the box was ticked: its own consent with its own words, and the
/// confirmation mail that the topic asks for.
pub(crate) async fn join_topic(ctx: &Ctx, of: &EventType, attendee: &Attendee, mut proof: Proof) -> Result<()> {
    let Some(offer) = &of.definition.marketing else { return Ok(()) };
    let (own, other) = if attendee.language.language() == "ar" {
        (&offer.consent_ar, &offer.consent_en)
    } else {
        (&offer.consent_en, &offer.consent_ar)
    };
    let wording = if own.trim().is_empty() { other } else { own };
    proof.wording = Some(wording.clone());
    proof.notice = of.definition.notice.or(proof.notice);
    let draft = Draft { emails: vec![attendee.email.clone()], ..Draft::default() };
    let origin = Origin { method: Method::Booking, source: format!("booking page {}", of.slug) };
    people::subscribe::subscribe(ctx, people::subscribe::Subscribe { draft, topic: offer.topic, origin, proof })
        .await?;
    Ok(())
}
