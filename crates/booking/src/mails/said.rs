//! What a mail says: both parties' times, who, where, and the links.

use std::collections::{BTreeMap, HashMap};

use kernel::{ContactId, HostId, Timestamp};
use store::Ctx;

use super::Kind;
use crate::event_types::EventType;
use crate::model::Texts;
use crate::reservations::{self, Booking, Details, State, in_time};
use crate::speech::{Clock, Cycle, Words, customs};
use crate::tokens::{self, Act};
use crate::{Result, event_types, hosts};

/// A booking with everything that mails about it say.
pub(super) struct Told {
    pub(super) booking: Booking,
    pub(super) details: Details,
    pub(super) of: EventType,
    pub(super) organisation: String,
    /// Whose time it takes.
    pub(super) hosts: Vec<HostId>,
    names: HashMap<HostId, String>,
    see: String,
    cancel: String,
    reschedule: String,
}

impl Told {
    /// Everything about a booking; `None` when it, or what is personal about it, is gone.
    pub(super) async fn load(ctx: &Ctx, public_url: &str, id: kernel::BookingId) -> Result<Option<Self>> {
        let booking = match reservations::get(ctx, id).await {
            Ok(booking) => booking,
            Err(error) if error.problem().code == kernel::Code::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(details) = booking.details(ctx).await? else { return Ok(None) };
        let of = event_types::get(ctx, booking.event_type).await?;
        let organisation = accounts::workspaces::get(ctx).await?.name;
        let (hosts, _) = booking.parts(ctx).await?;
        let names = hosts::names(ctx).await?;
        let link = async |purpose| tokens::path(ctx, id, purpose).await.map(|path| format!("{public_url}{path}"));
        let now = ctx.now();
        let may = |until| booking.state.is_live() && in_time(until, booking.start, now);
        let cancel = if may(of.definition.cancel_until) { link(Act::Cancel).await? } else { String::new() };
        let reschedule = if may(of.definition.reschedule_until) { link(Act::Reschedule).await? } else { String::new() };
        let see = link(Act::View).await?;
        Ok(Some(Self { booking, details, of, organisation, hosts, names, see, cancel, reschedule }))
    }

    /// The event type's words in a language.
    pub(super) fn texts(&self, language: &str) -> &Texts {
        self.of.definition.texts(language)
    }

    /// The values of a mail's fields for somebody who reads this language.
    pub(super) fn fields(&self, kind: Kind, language: &str) -> BTreeMap<String, String> {
        let words = Words::of(language);
        let booking = &self.booking;
        let (visitor, home) = (clock(words, &booking.attendee_timezone), clock(words, &booking.timezone));
        let (own, other) = if kind.is_for_hosts() { (&home, &visitor) } else { (&visitor, &home) };
        let span = |clock: &Clock| clock.span(booking.start, booking.end);
        let differs = own.zone.to_offset(booking.start.to_jiff()) != other.zone.to_offset(booking.start.to_jiff());
        let elsewhere = words.line("said.elsewhere", &[("span", &span(other)), ("place", &other.place(booking.start))]);
        let hijri = own.hijri(own.date(booking.start)).filter(|_| self.of.definition.hijri);
        let names: Vec<&str> = self.hosts.iter().filter_map(|host| self.names.get(host)).map(String::as_str).collect();
        let place = self.details.location.clone().unwrap_or_default();
        let texts = self.texts(language);
        let note = match kind {
            Kind::FollowUp => texts.follow_up.trim(),
            Kind::Confirmed | Kind::Rescheduled | Kind::Reminder | Kind::Guest if booking.state == State::Confirmed => {
                texts.instructions.trim()
            }
            Kind::Cancelled | Kind::CalledOff
                if matches!(booking.payment.as_deref(), Some("refunding" | "refunded")) =>
            {
                words.get("said.refund")
            }
            _ => "",
        };
        let links = kind.stands();
        let link = |text: &str| if links { text.to_owned() } else { String::new() };
        let see = match kind {
            // A guest sees nothing of the attendee's own page.
            Kind::Guest => String::new(),
            _ => self.see.clone(),
        };
        let join = words.get("said.and");
        BTreeMap::from(
            [
                ("organisation", self.organisation.clone()),
                ("event", texts.title.clone()),
                ("attendee", format!("{} <{}>", self.details.name, self.details.email)),
                ("when", span(own)),
                ("zone", own.place(booking.start)),
                ("hijri", hijri.unwrap_or_default()),
                ("home", if differs { elsewhere } else { String::new() }),
                ("host", names.join(join)),
                ("place", place),
                ("link", String::new()),
                ("note", note.to_owned()),
                ("reason", self.details.reason.clone().unwrap_or_default()),
                ("see", see),
                ("cancel", link(&self.cancel)),
                ("move", link(&self.reschedule)),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        )
    }
}

/// The clock of somebody who lives by this zone.
fn clock(words: Words, zone: &str) -> Clock {
    Clock::new(words, zone, customs::cycle("", zone)).unwrap_or_else(|| Clock {
        words,
        zone: jiff::tz::TimeZone::UTC,
        name: "UTC".to_owned(),
        cycle: Cycle::TwentyFour,
    })
}

/// What a short message may say about a booking.
pub(crate) const REMINDER: &str = "sms.reminder";
/// It was called off because the attendee answered so.
pub(crate) const CALLED_OFF: &str = "sms.called_off";
/// It is too late for that.
pub(crate) const TOO_LATE: &str = "sms.too_late";

/// What a short message says about a booking.
pub(crate) struct Spoken {
    pub(crate) contact: ContactId,
    pub(crate) state: State,
    pub(crate) start: Timestamp,
    pub(crate) source: String,
    pub(crate) phone: Option<String>,
    pub(crate) text: String,
}

/// The same for a telephone: one sentence, by the attendee's clock. `None` when the booking is gone.
///
/// # Errors
/// When the store fails.
pub(crate) async fn spoken(ctx: &Ctx, id: kernel::BookingId, line: &'static str) -> Result<Option<Spoken>> {
    let Some(told) = Told::load(ctx, "", id).await? else { return Ok(None) };
    let language = told.booking.language.clone();
    let words = Words::of(&language);
    let own = clock(words, &told.booking.attendee_timezone);
    let when = own.span(told.booking.start, told.booking.end);
    let values = [
        ("organisation", told.organisation.as_str()),
        ("event", told.texts(&language).title.as_str()),
        ("when", when.as_str()),
        ("zone", &own.place(told.booking.start)),
    ];
    Ok(Some(Spoken {
        text: words.line(line, &values),
        contact: told.booking.contact,
        state: told.booking.state,
        start: told.booking.start,
        source: told.booking.source.clone(),
        phone: told.details.phone.clone(),
    }))
}
