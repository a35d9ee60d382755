use kernel::{BookingId, ContactId, EventTypeId, HostId, Pii, RawId, ResourceId, Timestamp};
use store::{Ctx, FromRow, Row, params};

use super::attendee::Details;
use crate::{Error, Result};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Asked for; a member has to approve it, or it waits to be paid. The time is taken.
    Pending,
    /// It takes place.
    Confirmed,
    /// Called off.
    Cancelled,
    /// Refused by a member.
    Declined,
}

impl State {
    /// As stored and written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
        }
    }

    /// Reads a state.
    pub fn read(text: &str) -> Option<Self> {
        [Self::Pending, Self::Confirmed, Self::Cancelled, Self::Declined]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether time is taken.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

/// A booking.
#[derive(Debug, Clone)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// The session it has a seat of.
    pub session: RawId,
    /// What was booked.
    pub event_type: EventTypeId,
    /// By whom.
    pub contact: ContactId,
    /// Where it stands.
    pub state: State,
    /// Counts reschedules and the end (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// The zone it was agreed in: the first host's.
    pub timezone: String,
    /// The civil time it was agreed for there.
    pub civil: String,
    /// The zone in which the attendee saw it.
    pub attendee_timezone: String,
    /// The attendee's language.
    pub language: String,
    /// Where it came from: `page`, `embed`, `api`, `import`.
    pub source: String,
    /// Whether the attendee did not come.
    pub no_show: bool,
    /// What became of the payment, where there is one.
    pub payment: Option<String>,
    /// The provider's name of the payment.
    pub payment_reference: Option<String>,
    /// Who ended it: `attendee`, `member`, `system`.
    pub ended_by: Option<String>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
    sealed: Vec<u8>,
}

pub(crate) const COLUMN: &str = "booking.sealed";

impl FromRow for Booking {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            session: row.take()?,
            event_type: row.take()?,
            contact: row.take()?,
            state: State::read(&row.take::<String>()?).ok_or(store::Error::Column("a booking's state"))?,
            sequence: row.take()?,
            start: row.take()?,
            end: row.take()?,
            timezone: row.take()?,
            civil: row.take()?,
            attendee_timezone: row.take()?,
            language: row.take()?,
            source: row.take()?,
            no_show: row.take::<i64>()? != 0,
            payment: row.take()?,
            payment_reference: row.take()?,
            ended_by: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            sealed: row.take()?,
        })
    }
}

store::sql! {
    GET = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking WHERE workspace = $1 AND id = $2";
    LIVE_OF_HOST = "SELECT b.id FROM booking_session_host h JOIN booking b ON b.workspace = h.workspace AND b.session = h.session
        WHERE h.workspace = $1 AND h.host = $2 AND h.start_at >= $3 AND h.start_at < $4 AND b.live = 1 ORDER BY b.start_at, b.id LIMIT 5000";
    HOSTS_OF = "SELECT host FROM booking_session_host WHERE workspace = $1 AND session = $2 ORDER BY host";
}

/// The UID of a booking.
pub(crate) fn uid(id: BookingId) -> String {
    format!("{id}@barid")
}

impl Booking {
    /// The UID of every calendar entry and mail about it: one for its whole life.
    pub fn uid(&self) -> String {
        uid(self.id)
    }

    /// What is personal about it; `None` after erasure.
    ///
    /// # Errors
    /// When the store fails or the value was changed.
    pub async fn details(&self, ctx: &Ctx) -> Result<Option<Details>> {
        let keys = ctx.vault.subject(ctx.workspace, self.contact).await?;
        let Ok(key) = keys.data() else { return Ok(None) };
        let plain = key.open(&ctx.aad(self.contact, COLUMN), &self.sealed)?;
        Ok(Some(serde_json::from_slice(&plain).map_err(|_| Error::Internal("booking"))?))
    }

    /// What is personal about it as it rests.
    pub(crate) fn resting(&self) -> &[u8] {
        &self.sealed
    }

    /// Seals details under the attendee's data key.
    pub(crate) async fn seal(ctx: &Ctx, contact: ContactId, details: &Details) -> Result<Vec<u8>> {
        let keys = ctx.vault.subject(ctx.workspace, contact).await?;
        let plain = serde_json::to_vec(details).map_err(|_| Error::Internal("booking"))?;
        Ok(keys.data()?.seal(&ctx.aad(contact, COLUMN), &plain, ctx.rng.as_ref()))
    }

    /// Whose time it takes: hosts, and resources apart.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts(&self, ctx: &Ctx) -> Result<(Vec<HostId>, Vec<ResourceId>)> {
        let rows: Vec<(HostId,)> = ctx.db.all(HOSTS_OF, params![ctx.workspace, self.session]).await?;
        let rooms: Vec<ResourceId> = crate::resources::list(ctx).await?.into_iter().map(|one| one.id).collect();
        let is_room = |host: &HostId| rooms.contains(&ResourceId(host.0));
        let (resources, hosts): (Vec<HostId>, Vec<HostId>) = rows.into_iter().map(|row| row.0).partition(is_room);
        Ok((hosts, resources.into_iter().map(|host| ResourceId(host.0)).collect()))
    }
}

/// A booking.
///
/// # Errors
/// When there is none.
pub async fn get(ctx: &Ctx, id: BookingId) -> Result<Booking> {
    ctx.db.get(GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("booking"))
}

/// What a calendar needs to know of a booking.
#[derive(Debug, Clone)]
pub struct CalendarEntry {
    /// The booking.
    pub booking: BookingId,
    /// Its event type.
    pub event_type: EventTypeId,
    /// The UID in every calendar and mail, the same for the booking's whole life.
    pub uid: String,
    /// Counts reschedules and the cancellation (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// Where it stands; only pending and confirmed ones occupy time.
    pub state: State,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// The zone it was agreed in: the host's.
    pub zone: String,
    /// The hosts whose time is taken, resources among them.
    pub hosts: Vec<HostId>,
    /// The title, as the attendee sees it: the event type's name.
    pub title: String,
    /// Where: address, link or phone; sealed at rest.
    pub location: Option<Pii<String>>,
    /// Name and address of the attendees; empty when the workspace keeps them out of calendars, or after erasure.
    pub attendees: Vec<(Pii<String>, Pii<String>)>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A booking for its calendar copies; `None` once retention or erasure removed it, when copies are to be removed
/// too. Jobs of the queue `booking.calendar` (`{"booking": id}`) say that it changed.
///
/// # Errors
/// When the database fails.
pub async fn for_calendar(ctx: &Ctx, booking: BookingId) -> Result<Option<CalendarEntry>> {
    let Some(booking) = ctx.db.get::<Booking>(GET, params![ctx.workspace, booking]).await? else { return Ok(None) };
    let event_type = crate::event_types::get(ctx, booking.event_type).await?;
    let Some(details) = booking.details(ctx).await? else { return Ok(None) };
    let hosts: Vec<(HostId,)> = ctx.db.all(HOSTS_OF, params![ctx.workspace, booking.session]).await?;
    Ok(Some(CalendarEntry {
        booking: booking.id,
        event_type: booking.event_type,
        uid: booking.uid(),
        sequence: booking.sequence,
        state: booking.state,
        start: booking.start,
        end: booking.end,
        zone: booking.timezone.clone(),
        hosts: hosts.into_iter().map(|row| row.0).collect(),
        title: event_type.definition.texts(&booking.language).title.clone(),
        location: details.location.map(Pii::new),
        attendees: vec![(Pii::new(details.name), Pii::new(details.email))],
        updated_at: booking.updated_at,
    }))
}

/// The live bookings that take a host's (or resource's) time and begin within a range.
///
/// # Errors
/// When the database fails.
pub async fn of_host(ctx: &Ctx, host: HostId, (from, to): (Timestamp, Timestamp)) -> Result<Vec<CalendarEntry>> {
    let ids: Vec<(BookingId,)> = ctx.db.all(LIVE_OF_HOST, params![ctx.workspace, host, from, to]).await?;
    let mut out = Vec::with_capacity(ids.len());
    for (id,) in ids {
        out.extend(for_calendar(ctx, id).await?);
    }
    Ok(out)
}
