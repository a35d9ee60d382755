//! Free times, by the same function that decides when somebody books.

use std::collections::BTreeSet;

use booking::event_types::EventType;
use booking::offer::{Wanted, offer};
use booking::speech::Clock;
use http_server::Result;
use jiff::civil::Date;
use kernel::Timestamp;
use store::Ctx;

use super::asked::Asked;
use super::month::{first_of, next};
use super::times::{Free, by_day};

/// The longest look ahead for the first free time.
const STEP: i64 = 92 * Timestamp::DAY;
/// So many of them are made.
const STEPS: usize = 4;
/// So many times are offered instead of one that was lost.
const CLOSEST: usize = 12;
/// The latest month that can be looked at, in days from now.
const FARTHEST: i64 = 760;

/// Whose free times are looked for.
pub(super) struct Search<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) of: &'a EventType,
    pub(super) clock: &'a Clock,
    /// Length, host, hold and booking to be moved; the range is the search's own.
    pub(super) base: Wanted,
}

/// A month's times.
pub(super) struct Found {
    /// Its first day.
    pub(super) first: Date,
    pub(super) today: Date,
    /// Days with free times.
    pub(super) free: BTreeSet<Date>,
    /// The day whose times are shown.
    pub(super) chosen: Option<Date>,
    /// Its times.
    pub(super) times: Vec<Free>,
    /// The first free time after this month, when the month has none.
    pub(super) after: Option<Timestamp>,
    /// Whether there may be times after this month.
    pub(super) later: bool,
}

impl Search<'_> {
    /// The starts within a range.
    pub(super) async fn starts(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Free>> {
        let definition = &self.of.definition;
        let offered = offer(self.ctx, self.of, &Wanted { from, to, ..self.base.clone() }).await?;
        let counted = definition.show_seats && definition.capacity > 1;
        let free = |start: &booking::slots::Start| Free {
            at: Timestamp(start.at),
            seats: counted.then(|| offered.seats_left(start, definition.capacity)),
        };
        Ok(offered.answer.starts.iter().map(free).collect())
    }

    /// Whether a time can be had.
    pub(super) async fn is_free(&self, start: Timestamp) -> Result<bool> {
        Ok(!self.starts(start, start.plus_micros(1)).await?.is_empty())
    }

    /// The last date that can be booked, as far as rules say.
    fn last(&self) -> Date {
        let definition = &self.of.definition;
        let now = self.ctx.now();
        let day = |days: i64| self.clock.date(now.plus_micros(days * Timestamp::DAY));
        // One day more: the meeting's zone may be ahead of the visitor's.
        let rolling = definition.rolling_days.map(|days| day(i64::from(days) + 1));
        let dated = definition.last_date.map(|date| date.tomorrow().unwrap_or(date));
        [rolling, dated, Some(day(FARTHEST))].into_iter().flatten().min().unwrap_or_else(|| day(FARTHEST))
    }

    /// The first free time from an instant on.
    async fn first(&self, mut from: Timestamp) -> Result<Option<Timestamp>> {
        let last = self.last();
        if let Some(first) = self.of.definition.first_date {
            from = from.max(self.clock.midnight(first.yesterday().unwrap_or(first)));
        }
        for _ in 0..STEPS {
            if self.clock.date(from) > last {
                break;
            }
            let to = from.plus_micros(STEP);
            if let Some(free) = self.starts(from, to).await?.first() {
                return Ok(Some(free.at));
            }
            from = to;
        }
        Ok(None)
    }

    /// The month that is asked for, or the one with the first free time.
    pub(super) async fn month(&self, asked: &Asked) -> Result<Found> {
        let now = self.ctx.now();
        let today = self.clock.date(now);
        let last = self.last();
        let wanted = asked.day.map(first_of).or(asked.month);
        let wanted = wanted.map(|first| first.clamp(first_of(today), first_of(last).max(first_of(today))));
        let mut first = first_of(today);
        let mut times = Vec::new();
        match wanted {
            Some(wanted) => first = wanted,
            None => {
                if let Some(at) = self.first(now).await? {
                    first = first_of(self.clock.date(at));
                }
            }
        }
        let (from, to) = (self.clock.midnight(first).max(now), self.clock.midnight(next(first)));
        if from < to {
            times = self.starts(from, to).await?;
        }
        let after = if times.is_empty() { self.first(to).await? } else { None };
        let days = by_day(self.clock, &times);
        let free: BTreeSet<Date> = days.iter().map(|(day, _)| *day).collect();
        let chosen = asked.day.filter(|day| first_of(*day) == first).or_else(|| free.first().copied());
        let times = days.into_iter().find(|(day, _)| Some(*day) == chosen).map(|(_, times)| times).unwrap_or_default();
        Ok(Found { first, today, free, chosen, times, after, later: next(first) <= last })
    }

    /// The times closest to one that was lost, of the same day or the following ones that have any.
    pub(super) async fn around(&self, lost: Timestamp) -> Result<Vec<Free>> {
        let from = self.clock.midnight(self.clock.date(lost)).max(self.ctx.now());
        let mut out: Vec<Free> = Vec::new();
        for (place, (_, times)) in
            by_day(self.clock, &self.starts(from, from.plus_micros(14 * Timestamp::DAY)).await?).into_iter().enumerate()
        {
            if place == 3 {
                break;
            }
            out.extend(times);
        }
        out.sort_by_key(|free| (free.at.0 - lost.0).abs());
        out.truncate(CLOSEST);
        out.sort_by_key(|free| free.at);
        Ok(out)
    }
}
