//! A host's time as a calendar to subscribe to, under an address that is the secret.

use accounts::audit;
use kernel::{CalendarFeedId, HostId, Locale, RawId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Actor, Core, Ctx, params};

use super::ics::{self, Busy, PartStat, Party, Status, Written};
use super::{check, hosts, queries};
use crate::error::invalid;
use crate::{Error, Result};

const LABEL: &str = "calendar.feed";
/// Feeds of a host.
const MOST: usize = 10;
/// Days before and after now that a feed tells.
const BACK: i64 = 30;
const AHEAD: i64 = super::FEED_DAYS;

/// How much a feed tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// That the host is busy, bookings and connected calendars alike.
    Busy,
    /// The host's bookings with what and who.
    Full,
}

impl Detail {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Full => "full",
        }
    }

    fn read(text: &str) -> Self {
        if text == "full" { Self::Full } else { Self::Busy }
    }
}

/// A published feed.
#[derive(Debug, Clone, Serialize)]
pub struct PublishedFeed {
    /// The feed.
    pub id: CalendarFeedId,
    /// Whose time it tells.
    pub host: HostId,
    /// How much.
    pub detail: Detail,
    /// The last part of its address.
    pub token: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last fetched it.
    pub read_at: Option<Timestamp>,
}

type Row = (CalendarFeedId, HostId, String, Timestamp, Option<Timestamp>);

async fn shown(ctx: &Ctx, (id, host, detail, created_at, read_at): Row) -> Result<PublishedFeed> {
    let mut payload = ctx.workspace.0.to_vec();
    payload.extend_from_slice(&id.0);
    let token = ctx.keys().await?.sign(LABEL, &payload);
    Ok(PublishedFeed { id, host, detail: Detail::read(&detail), token, created_at, read_at })
}

/// Publishes a feed.
///
/// # Errors
/// Too many feeds of the host.
pub async fn publish(ctx: &Ctx, host: HostId, detail: Detail) -> Result<PublishedFeed> {
    hosts::exists(ctx, host).await?;
    if published(ctx, Some(host)).await?.len() >= MOST {
        return Err(invalid("host", format!("a host has at most {MOST} feeds; withdraw one first")));
    }
    let id: CalendarFeedId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        queries::INSERT_FEED,
        params![ctx.workspace, id, host, detail.as_str(), ctx.actor.to_string(), ctx.now()],
    );
    audit::record(&mut batch, ctx, "calendar.feed_published", &[&id, &host]);
    ctx.db.apply(batch).await?;
    shown(ctx, (id, host, detail.as_str().to_owned(), ctx.now(), None)).await
}

/// The workspace's feeds, or one host's.
///
/// # Errors
/// When the store fails.
pub async fn published(ctx: &Ctx, host: Option<HostId>) -> Result<Vec<PublishedFeed>> {
    let rows: Vec<Row> = ctx.db.all(queries::LIST_FEEDS, params![ctx.workspace]).await?;
    let mut out = Vec::new();
    for row in rows.into_iter().filter(|row| host.is_none_or(|host| row.1 == host)) {
        out.push(shown(ctx, row).await?);
    }
    Ok(out)
}

/// Withdraws a feed: its address stops working at once.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn withdraw(ctx: &Ctx, id: CalendarFeedId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(queries::DELETE_FEED, params![ctx.workspace, id]);
    audit::record(&mut batch, ctx, "calendar.feed_withdrawn", &[&id]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("calendar feed")),
        done => Ok(done.map(|_| ())?),
    }
}

/// What a subscriber gets for a token.
///
/// # Errors
/// [`Error::NotFound`] for tokens that are forged or withdrawn.
pub async fn rendered(core: &Core, token: &str, language: &Locale) -> Result<String> {
    let unknown = || Error::NotFound("calendar feed");
    let (workspace, payload) = core.vault.read_token(LABEL, token).await?.ok_or_else(unknown)?;
    let ctx = core.ctx(workspace, Actor::System);
    let id: RawId = payload.try_into().map_err(|_| unknown())?;
    let row: Row = ctx.db.opt(queries::GET_FEED, params![workspace, CalendarFeedId(id)]).await?.ok_or_else(unknown)?;
    let (_, host, detail, _, read_at) = row;
    let now = ctx.now();
    if read_at.is_none_or(|at| at < now.plus_seconds(-60)) {
        let mut batch = ctx.batch();
        batch.push(queries::FEED_READ, params![workspace, CalendarFeedId(id), now]);
        ctx.db.apply(batch).await?;
    }
    let range = (now.plus_seconds(-BACK * 86_400), now.plus_seconds(AHEAD * 86_400));
    let bookings = hosts::bookings(&ctx, host, range).await?;
    let (name, busy_title) = if language.language() == "ar" {
        ("مواعيد بريد", "مشغول")
    } else {
        ("Barid appointments", "Busy")
    };
    if Detail::read(&detail) == Detail::Busy {
        let mut busy: Vec<Busy> = bookings
            .iter()
            .map(|entry| Busy {
                uid: entry.uid.clone(),
                start: entry.start,
                end: entry.end,
                transparent: false,
                status: Status::Confirmed,
                partstat: None,
            })
            .collect();
        for (number, (start, end)) in check::of_host(&ctx, host, range).await?.into_iter().enumerate() {
            let uid = format!("{number}-{}@busy.barid", start.as_seconds());
            busy.push(Busy { uid, start, end, transparent: false, status: Status::Confirmed, partstat: None });
        }
        return Ok(ics::feed(&ics::Feed { name, stamp: now, events: &[], busy: &busy, busy_title }));
    }
    let parties: Vec<Vec<Party<'_>>> = bookings
        .iter()
        .map(|entry| {
            entry
                .attendees
                .iter()
                .map(|(name, address)| Party {
                    name: name.expose(),
                    address: address.expose(),
                    partstat: Some(PartStat::Accepted),
                })
                .collect()
        })
        .collect();
    let events: Vec<Written<'_>> = bookings
        .iter()
        .zip(&parties)
        .map(|(entry, parties)| Written {
            method: None,
            uid: &entry.uid,
            sequence: entry.sequence,
            stamp: entry.updated_at,
            start: entry.start,
            end: entry.end,
            summary: &entry.title,
            description: None,
            location: entry.location.as_ref().map(|location| location.expose().as_str()),
            url: None,
            organizer: None,
            attendees: parties,
            status: Status::Confirmed,
            client_schedules: true,
        })
        .collect();
    Ok(ics::feed(&ics::Feed { name, stamp: now, events: &events, busy: &[], busy_title }))
}
