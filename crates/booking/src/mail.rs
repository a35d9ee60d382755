//! What attendees are written: confirmation, changes, reminders, follow-up. Each is asked for by a job that looks at
//! the booking again when its time has come, and passes the gate like every message, as a service message.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use content::{Body, Source, Variants};
use kernel::{BookingId, Email, Locale, Timestamp};
use outbound::Outbound;
use outbound::letters::{self, Letter};
use privacy::vocabulary::Purpose;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::calendars::invitation;
use crate::event_types::{self, EventType};
use crate::model::zone;
use crate::reservations::{self, Booking, MAIL_QUEUE, State};
use crate::tokens::{self, Act};
use crate::words::Reading;
use crate::{Error, Result, hosts};

type Book = BTreeMap<String, BTreeMap<String, String>>;

static WORDS: LazyLock<[Book; 2]> = LazyLock::new(|| {
    // A test reads both files; words that cannot be read would be missing as a whole.
    [include_str!("../../../i18n/en/booking_mail.json"), include_str!("../../../i18n/ar/booking_mail.json")]
        .map(|text| serde_json::from_str(text).unwrap_or_default())
});

const NAMES: &[&str] =
    &["title", "when", "there", "hijri", "where", "who", "note", "why", "view", "reschedule", "cancel", "organisation"];

/// Sends the mails of bookings.
pub struct Mails(Outbound);

impl Mails {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for Mails {
    fn queue(&self) -> &'static str {
        MAIL_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            match self.send(core, &job).await {
                // The gate said no: the person was erased, or the address bounced. There is nothing to try again.
                Ok(()) | Err(Error::Outbound(outbound::Error::Denied(_))) => Ok(Outcome::Done),
                Err(error) => Err(error.problem().detail),
            }
        })
    }
}

/// Whether the booking is still what the job was made for.
fn stands(what: &str, booking: &Booking, planned: Option<Timestamp>, sequence: Option<u64>, now: Timestamp) -> bool {
    let same_time = planned.is_none_or(|start| start == booking.start);
    let same_version = sequence.is_none_or(|sequence| sequence == u64::from(booking.sequence));
    match what {
        "confirmed" => booking.state == State::Confirmed && same_version,
        "pending" => booking.state == State::Pending && booking.payment.is_none(),
        "rescheduled" => booking.state.is_live() && same_version,
        "cancelled" => booking.state == State::Cancelled,
        "declined" => booking.state == State::Declined,
        "reminder" => booking.state == State::Confirmed && same_time && now < booking.start,
        "follow_up" => booking.state == State::Confirmed && same_time && !booking.no_show,
        _ => false,
    }
}

impl Mails {
    async fn send(&self, core: &Core, job: &Job) -> Result<()> {
        let read = |name: &str| job.payload[name].as_str();
        let id: BookingId = read("booking").and_then(|text| text.parse().ok()).ok_or(Error::Internal("mail job"))?;
        let what = read("what").unwrap_or_default().to_owned();
        let ctx = core.ctx(job.workspace, Actor::System);
        let booking = match reservations::get(&ctx, id).await {
            Ok(booking) => booking,
            Err(Error::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let planned = read("start").and_then(|text| text.parse().ok());
        if !stands(&what, &booking, planned, job.payload["sequence"].as_u64(), ctx.now()) {
            return Ok(());
        }
        let of = event_types::get(&ctx, booking.event_type).await?;
        let Some(letter) = self.letter(&ctx, &what, &booking, &of).await? else { return Ok(()) };
        Ok(letters::send(&self.0, &ctx, job.id.0, letter).await?)
    }

    async fn letter(&self, ctx: &Ctx, what: &str, booking: &Booking, of: &EventType) -> Result<Option<Letter>> {
        let Some(details) = booking.details(ctx).await? else { return Ok(None) };
        let Ok(to) = Email::parse(&details.email) else { return Ok(None) };
        let workspace = accounts::workspaces::get(ctx).await?;
        let reading = Reading::of(&booking.language);
        let texts = of.definition.texts(&booking.language);
        let own = zone("timezone", &booking.attendee_timezone)?;
        let there = zone("timezone", &booking.timezone)?;
        let names = hosts::names(ctx).await?;
        let with: Vec<String> =
            booking.parts(ctx).await?.0.iter().filter_map(|host| names.get(host).cloned()).collect();
        let keys = ctx.keys().await?;
        let link = |act: Act| tokens::link(&keys, self.0.public_url(), ctx.workspace, booking.id, act);
        let date = own.to_datetime(booking.start.to_jiff()).date();
        let hijri = of.definition.hijri.then(|| reading.hijri(date)).flatten();
        let note = if what == "follow_up" { &texts.follow_up } else { &texts.instructions };
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
        put("title", texts.title.clone());
        put("when", reading.meeting(&own, &booking.attendee_timezone, booking.start, booking.end));
        put("organisation", workspace.name.clone());
        put("who", if with.is_empty() { workspace.name.clone() } else { with.join(", ") });
        put("view", link(Act::View));
        put("cancel", link(Act::Cancel));
        put("reschedule", link(Act::Reschedule));
        let mut shown = Shown { live: booking.state.is_live() && booking.end > ctx.now(), ..Shown::default() };
        if booking.timezone != booking.attendee_timezone {
            put("there", reading.meeting(&there, &booking.timezone, booking.start, booking.end));
            shown.there = true;
        }
        for (name, value, flag) in [
            ("hijri", hijri, &mut shown.hijri),
            ("where", details.location.clone(), &mut shown.place),
            ("note", Some(note.trim().to_owned()).filter(|note| !note.is_empty()), &mut shown.note),
            ("why", details.reason.clone(), &mut shown.why),
        ] {
            if let Some(value) = value {
                put(name, value);
                *flag = true;
            }
        }
        shown.cancel = shown.live && reservations::in_time(of.definition.cancel_until, booking.start, ctx.now());
        shown.reschedule =
            shown.live && reservations::in_time(of.definition.reschedule_until, booking.start, ctx.now());
        let invited = !matches!(what, "follow_up" | "reminder" | "declined");
        let entry = if invited { reservations::for_calendar(ctx, booking.id).await? } else { None };
        Ok(Some(Letter {
            purpose: Purpose::new("booking").map_err(|_| Error::Internal("purpose"))?,
            subject: booking.contact,
            to,
            name: Some(details.name),
            language: if reading.arabic { Locale::ar() } else { Locale::en() },
            content: variants(what, shown).ok_or(Error::Internal("words of a mail"))?,
            names: NAMES,
            values,
            invitation: entry.map(|entry| invitation(&entry, &workspace.name, None)),
        }))
    }
}

/// Which facts a mail has.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    live: bool,
    there: bool,
    hijri: bool,
    place: bool,
    note: bool,
    why: bool,
    cancel: bool,
    reschedule: bool,
}

fn variants(what: &str, shown: Shown) -> Option<Variants> {
    let [english, arabic] = &*WORDS;
    let arabic = written(arabic, Locale::ar(), what, shown)?;
    Some(Variants {
        default: written(english, Locale::en(), what, shown)?,
        by_language: BTreeMap::from([(Locale::ar(), arabic)]),
    })
}

/// A mail's words in one language, with merge tags for values.
fn written(book: &Book, language: Locale, what: &str, shown: Shown) -> Option<Source> {
    let (words, facts) = (book.get(what)?, book.get("facts")?);
    let merge = |text: &str| {
        ["title", "when", "organisation"].iter().fold(text.to_owned(), |text, name| {
            text.replace(&format!("{{{name}}}"), &format!("{{{{ {name} | required }}}}"))
        })
    };
    let opening = merge(words.get("text")?);
    let mut html = format!(
        "<html><body style=\"font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em;line-height:1.6\"><p>{opening}</p><h2 style=\"font-size:1.2em\">{{{{ title | required }}}}</h2>"
    );
    let mut text = format!("{opening}\n\n{{{{ title | required }}}}\n\n");
    for (name, there) in [
        ("when", true),
        ("there", shown.there),
        ("hijri", shown.hijri),
        ("where", shown.place),
        ("who", true),
        ("note", shown.note),
        ("why", shown.why),
    ] {
        if there {
            let label = facts.get(name)?;
            html.push_str(&format!("<p><strong>{label}</strong><br>{{{{ {name} | required }}}}</p>"));
            text.push_str(&format!("{label}: {{{{ {name} | required }}}}\n"));
        }
    }
    for (name, there) in [("view", shown.live), ("reschedule", shown.reschedule), ("cancel", shown.cancel)] {
        if there {
            let label = facts.get(name)?;
            html.push_str(&format!("<p><a href=\"{{{{ {name} | required }}}}\">{label}</a></p>"));
            text.push_str(&format!("\n{label}:\n{{{{ {name} | required }}}}\n"));
        }
    }
    let ask = facts.get("ask")?;
    html.push_str(&format!("<p style=\"color:#555\">{ask}</p></body></html>"));
    text.push_str(&format!("\n{ask}\n"));
    Some(Source {
        body: Body::Html(html),
        text: Some(text),
        subject: merge(words.get("subject")?),
        preheader: None,
        language,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_is_written_in_both_languages() {
        let all = Shown {
            live: true,
            there: true,
            hijri: true,
            place: true,
            note: true,
            why: true,
            cancel: true,
            reschedule: true,
        };
        for what in ["confirmed", "pending", "rescheduled", "cancelled", "declined", "reminder", "follow_up"] {
            for shown in [Shown::default(), all] {
                let made = variants(what, shown).unwrap();
                let arabic = &made.by_language[&Locale::ar()];
                assert!(!made.default.subject.contains("{title}") && !arabic.subject.contains("{title}"));
                assert_ne!(made.default.text, arabic.text);
            }
        }
    }
}
