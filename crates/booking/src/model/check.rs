//! What is wrong with an event type, by field.

use super::event_type::{Definition, Location, Texts};
use super::hours::zone;
use super::question::{Question, QuestionKind};
use crate::Result;
use crate::error::invalid;
use crate::slots::Mode;

const DAY: u32 = 1440;

fn within(field: &str, value: u32, least: u32, most: u32) -> Result<()> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(invalid(field, format!("expected {least} to {most}"))) }
}

fn short(field: &str, text: &str, most: usize) -> Result<()> {
    if text.chars().count() <= most { Ok(()) } else { Err(invalid(field, format!("at most {most} characters"))) }
}

fn texts(language: &str, texts: &Texts) -> Result<()> {
    short(&format!("{language}.title"), &texts.title, 200)?;
    for (name, text) in [
        ("description", &texts.description),
        ("instructions", &texts.instructions),
        ("privacy", &texts.privacy),
        ("follow_up", &texts.follow_up),
    ] {
        short(&format!("{language}.{name}"), text, 4000)?;
    }
    Ok(())
}

/// An https address without user and password.
pub(super) fn web_address(field: &str, text: &str) -> Result<()> {
    let url = url::Url::parse(text).ok().filter(|url| {
        url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
    });
    if url.is_some() && text.len() <= 2000 { Ok(()) } else { Err(invalid(field, "expected an https address")) }
}

/// Whether it is one.
pub(crate) fn is_web_address(text: &str) -> bool {
    web_address("address", text).is_ok()
}

fn question(place: usize, question: &Question, before: &[Question]) -> Result<()> {
    let at = |name: &str| format!("questions[{place}].{name}");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if question.key.is_empty() || question.key.len() > 40 || !question.key.chars().all(plain) {
        return Err(invalid(at("key"), "expected 1 to 40 lower-case letters, digits and underscores"));
    }
    if before.iter().any(|other| other.key == question.key)
        || ["name", "email", "guests"].contains(&question.key.as_str())
    {
        return Err(invalid(at("key"), "every question has a key of its own"));
    }
    if question.label_en.trim().is_empty() && question.label_ar.trim().is_empty() {
        return Err(invalid(at("label_en"), "a question has words in at least one language"));
    }
    if question.purpose_en.trim().is_empty() && question.purpose_ar.trim().is_empty() {
        return Err(invalid(at("purpose_en"), "say what the answer is needed for"));
    }
    if question.required && question.if_refused_en.trim().is_empty() && question.if_refused_ar.trim().is_empty() {
        return Err(invalid(at("if_refused_en"), "say what somebody cannot have who does not answer"));
    }
    for (name, text) in [
        ("label_en", &question.label_en),
        ("label_ar", &question.label_ar),
        ("purpose_en", &question.purpose_en),
        ("purpose_ar", &question.purpose_ar),
        ("if_refused_en", &question.if_refused_en),
        ("if_refused_ar", &question.if_refused_ar),
    ] {
        short(&at(name), text, 400)?;
    }
    let chosen = matches!(question.kind, QuestionKind::Choice | QuestionKind::Choices);
    if chosen && !(1..=50).contains(&question.options.len()) {
        return Err(invalid(at("options"), "expected 1 to 50"));
    }
    for option in &question.options {
        short(&at("options"), option, 200)?;
    }
    question.retention_days.map_or(Ok(()), |days| within(&at("retention_days"), u32::from(days), 0, 3650))
}

fn location(place: usize, location: &Location) -> Result<()> {
    let field = format!("locations[{place}]");
    match location {
        Location::Address { text } if text.trim().is_empty() => Err(invalid(field, "the address is missing")),
        Location::Address { text } => short(&field, text, 500),
        Location::CallUs { number } => kernel::Phone::parse(number, None)
            .map(|_| ())
            .map_err(|_| invalid(field, "expected a number such as +966…")),
        Location::Link { template } => web_address(&field, &template.replace("{room}", "room")),
        Location::WeCall {} | Location::Attendee {} => Ok(()),
    }
}

impl Definition {
    /// Checks what a member wrote, as far as it can be judged without the database.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn check(&self) -> Result<()> {
        if self.en.title.trim().is_empty() && self.ar.title.trim().is_empty() {
            return Err(invalid("en.title", "an event type has a title in at least one language"));
        }
        texts("en", &self.en)?;
        texts("ar", &self.ar)?;
        within("duration", self.duration, 1, DAY)?;
        if self.durations.len() > 10 {
            return Err(invalid("durations", "at most 10"));
        }
        for duration in &self.durations {
            within("durations", *duration, 1, DAY)?;
        }
        self.step.map_or(Ok(()), |step| within("step", step, 1, DAY))?;
        self.align.map_or(Ok(()), |align| within("align", align, 1, DAY))?;
        within("buffer_before", self.buffer_before, 0, DAY)?;
        within("buffer_after", self.buffer_after, 0, DAY)?;
        within("min_notice", self.min_notice, 0, 366 * DAY)?;
        self.rolling_days.map_or(Ok(()), |days| within("rolling_days", days, 0, 730))?;
        self.max_per_day.map_or(Ok(()), |most| within("max_per_day", most, 1, 1000))?;
        self.max_per_week.map_or(Ok(()), |most| within("max_per_week", most, 1, 10_000))?;
        within("capacity", self.capacity, 1, 1000)?;
        within("guests", self.guests, 0, 20)?;
        within("hold_minutes", self.hold_minutes, 1, 60)?;
        within("assignment.period_days", u32::from(self.assignment.period_days), 1, 366)?;
        self.retention_days.map_or(Ok(()), |days| within("retention_days", days, 1, 3650))?;
        if self.first_date.zip(self.last_date).is_some_and(|(first, last)| last < first) {
            return Err(invalid("last_date", "expected the first date or a later one"));
        }
        if let Some(name) = &self.timezone {
            zone("timezone", name)?;
        }
        if self.reminders.len() > 5 {
            return Err(invalid("reminders", "at most five"));
        }
        for minutes in &self.reminders {
            within("reminders", *minutes, 1, 60 * DAY)?;
        }
        if self.sms_reminders.len() > 3 {
            return Err(invalid("sms_reminders", "at most three"));
        }
        for minutes in &self.sms_reminders {
            within("sms_reminders", *minutes, 10, 60 * DAY)?;
        }
        self.follow_up.map_or(Ok(()), |minutes| within("follow_up", minutes, 0, 60 * DAY))?;
        self.check_people()?;
        if self.locations.len() > 10 {
            return Err(invalid("locations", "at most 10"));
        }
        for (place, one) in self.locations.iter().enumerate() {
            location(place, one)?;
        }
        if self.questions.len() > 30 {
            return Err(invalid("questions", "at most 30"));
        }
        for (place, one) in self.questions.iter().enumerate() {
            question(place, one, &self.questions[..place])?;
        }
        if let Some(offer) = &self.marketing
            && (offer.consent_en.trim().is_empty() && offer.consent_ar.trim().is_empty())
        {
            return Err(invalid("marketing.consent_en", "the words beside the box are missing"));
        }
        self.check_payment()?;
        self.redirect.as_deref().map_or(Ok(()), |address| web_address("redirect", address))
    }

    fn check_people(&self) -> Result<()> {
        if self.hosts.is_empty() || self.hosts.len() > 200 {
            return Err(invalid("hosts", "expected 1 to 200"));
        }
        for (place, one) in self.hosts.iter().enumerate() {
            within(&format!("hosts[{place}].weight"), u32::from(one.weight), 1, 1000)?;
            within(&format!("hosts[{place}].priority"), u32::from(one.priority), 0, 10)?;
            if self.hosts[..place].iter().any(|other| other.host == one.host) {
                return Err(invalid(format!("hosts[{place}].host"), "every host takes part once"));
            }
        }
        if self.mode == Mode::Single && self.hosts.len() > 1 {
            return Err(invalid(
                "hosts",
                "a meeting with one host has one; choose round_robin or collective for several",
            ));
        }
        if self.resources.len() > 5 || self.resources.iter().any(|group| group.is_empty() || group.len() > 50) {
            return Err(invalid("resources", "at most five groups of 1 to 50"));
        }
        let mut all: Vec<_> = self.resources.iter().flatten().collect();
        all.sort_unstable();
        if all.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(invalid("resources", "every resource stands in one group"));
        }
        if self.capacity > 1 && !self.resources.is_empty() && self.mode == Mode::RoundRobin {
            return Err(invalid("resources", "a round robin with seats has no resources"));
        }
        Ok(())
    }

    fn check_payment(&self) -> Result<()> {
        let Some(payment) = &self.payment else { return Ok(()) };
        if self.approval {
            return Err(invalid("payment", "a booking that waits for approval cannot be paid at once"));
        }
        if payment.amount == 0 || payment.amount > 100_000_000 {
            return Err(invalid("payment.amount", "expected 1 to 100000000 of the smallest unit"));
        }
        if payment.currency.len() != 3 || !payment.currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(invalid("payment.currency", "expected three capital letters, such as SAR"));
        }
        within("payment.pay_within", u32::from(payment.pay_within), 10, DAY)?;
        payment.refund_until.map_or(Ok(()), |minutes| within("payment.refund_until", minutes, 0, 366 * DAY))
    }
}
