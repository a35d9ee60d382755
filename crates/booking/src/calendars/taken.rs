//! The time that a calendar takes, united and in order, kept beside its rows: whoever asks what is on offer reads one
//! value of a calendar instead of every occurrence of every event in it.
//!
//! The rows are what counts. Every change of them raises the calendar's number in the same batch; a value made from
//! an older number is made anew by whoever finds it.

use kernel::{CalendarId, Timestamp};
use store::{Ctx, FromRow, Row, params};

use super::ics::{PartStat, Status, blocks};
use super::{Wanted, queries};
use crate::Result;
use crate::slots::Span;

/// Octets of a span: two instants in microseconds, the least significant octet first.
const SPAN: usize = 16;

/// What is kept of a calendar that counts, or may count, for somebody.
pub(super) struct Kept {
    pub(super) calendar: CalendarId,
    pub(super) conflicts: bool,
    version: i64,
    of_version: Option<i64>,
    octets: Option<Vec<u8>>,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            calendar: row.take()?,
            conflicts: row.take()?,
            version: row.take()?,
            of_version: row.take()?,
            octets: row.take()?,
        })
    }
}

impl Kept {
    /// The time it takes, read from its rows when what is kept is older than they are.
    pub(super) async fn taken(self, ctx: &Ctx) -> Result<Taken> {
        let kept = self.octets.filter(|_| self.of_version == Some(self.version));
        match kept.as_deref().and_then(Taken::read) {
            Some(taken) => Ok(taken),
            None => refresh(ctx, self.calendar).await,
        }
    }
}

/// When a calendar blocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// By what is certain.
    firm: Vec<Span>,
    /// By what is certain, tentative or not answered yet.
    all: Vec<Span>,
}

impl Taken {
    /// The stretches that overlap a range, in order.
    pub(super) fn within(&self, wanted: &Wanted) -> impl Iterator<Item = Span> {
        let spans = if wanted.tentative { &self.all } else { &self.firm };
        let first = spans.partition_point(|span| span.1 <= wanted.from.0);
        spans[first..].iter().copied().take_while(|span| span.0 < wanted.to.0)
    }

    fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + SPAN * (self.firm.len() + self.all.len()));
        out.extend((self.firm.len() as u64).to_le_bytes());
        for (start, end) in self.firm.iter().chain(&self.all) {
            out.extend(start.to_le_bytes());
            out.extend(end.to_le_bytes());
        }
        out
    }

    fn read(octets: &[u8]) -> Option<Self> {
        let (firm, spans) = octets.split_first_chunk::<8>()?;
        let (spans, []) = spans.as_chunks::<SPAN>() else { return None };
        let instant = |octets: &[u8]| octets.try_into().map(i64::from_le_bytes).unwrap_or_default();
        let spans: Vec<Span> = spans.iter().map(|span| (instant(&span[..8]), instant(&span[8..]))).collect();
        let (firm, all) = spans.split_at_checked(usize::try_from(u64::from_le_bytes(*firm)).ok()?)?;
        Some(Self { firm: firm.to_vec(), all: all.to_vec() })
    }
}

/// Unites what overlaps or touches.
fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out.shrink_to_fit();
    out
}

/// Makes anew what is kept of a calendar.
///
/// The number is read before the rows: were they changed in between, what is kept has a number that is over, and is
/// made once more.
///
/// # Errors
/// When the database fails.
pub(super) async fn refresh(ctx: &Ctx, calendar: CalendarId) -> Result<Taken> {
    type Stretch = (Timestamp, Timestamp, String, Option<String>);
    let Some((version,)) = ctx.db.opt::<(i64,)>(queries::VERSION_OF, params![ctx.workspace, calendar]).await? else {
        return Ok(Taken::default());
    };
    let rows: Vec<Stretch> = ctx.db.all(queries::BUSY_OF_CALENDAR, params![ctx.workspace, calendar]).await?;
    let blocking = |tentative: bool| {
        let counts =
            |row: &&Stretch| blocks(false, Status::read(&row.2), row.3.as_deref().map(PartStat::read), tentative);
        united(rows.iter().filter(counts).map(|row| (row.0.0, row.1.0)).collect())
    };
    let taken = Taken { firm: blocking(false), all: blocking(true) };
    let mut batch = ctx.batch();
    batch.push(queries::KEEP_TAKEN, params![ctx.workspace, calendar, version, taken.write()]);
    ctx.db.apply(batch).await?;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec((-50i64..50, 1i64..20).prop_map(|(start, long)| (start, start + long)), 0..30)
    }

    proptest! {
        #[test]
        fn what_is_united_takes_the_same_time(spans in spans()) {
            let one = united(spans.clone());
            prop_assert!(one.windows(2).all(|pair| pair[0].1 < pair[1].0));
            for at in -60..80 {
                let taken = |spans: &[Span]| spans.iter().any(|span| span.0 <= at && at < span.1);
                prop_assert_eq!(taken(&spans), taken(&one));
            }
        }

        #[test]
        fn there_and_back(firm in spans(), all in spans()) {
            let taken = Taken { firm: united(firm), all: united(all) };
            prop_assert_eq!(Taken::read(&taken.write()), Some(taken));
        }

        #[test]
        fn any_octets_are_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Some(taken) = Taken::read(&octets) {
                prop_assert_eq!(taken.write(), octets);
            }
        }
    }
}
