//! The watch over traffic that nobody wants: codes to numbers of which hardly any is ever used are asked for by
//! somebody who is paid for each message ("SMS pumping"). What counts is how many of the latest codes to the
//! same block of numbers, or to the same country, were used.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Blind, Ctx, params};

use super::model::VerificationState;
use super::queries as sql;
use super::{Error, Result};

/// Digits in which the numbers of a block differ.
const BLOCK: usize = 3;
/// How far back the watch looks, in seconds.
const WINDOW: i64 = 86_400;
/// How long somebody is given to use a code before it counts as unused, in seconds.
const GRACE: i64 = 180;

/// When the watch says no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// Codes to one block of numbers that are looked at before anything is said; 0 for no watch over blocks.
    pub block_codes: u32,
    /// At least so many of a hundred must have been used.
    pub block_percent: u32,
    /// Codes to one block that may be open at the same time.
    pub block_open: u32,
    /// Codes to one country that are looked at before anything is said; 0 for no watch over countries.
    pub country_codes: u32,
    /// At least so many of a hundred must have been used.
    pub country_percent: u32,
}

impl Default for Watch {
    fn default() -> Self {
        Self { block_codes: 8, block_percent: 15, block_open: 30, country_codes: 100, country_percent: 10 }
    }
}

impl Watch {
    fn check(&self) -> Result<()> {
        for (field, value, most) in [
            ("block_codes", self.block_codes, 500),
            ("block_percent", self.block_percent, 100),
            ("block_open", self.block_open, 500),
            ("country_codes", self.country_codes, 1000),
            ("country_percent", self.country_percent, 100),
        ] {
            if value > most {
                return Err(Error::field(field, format_args!("0 to {most}")));
            }
        }
        Ok(())
    }
}

/// What became of codes: state and when they were asked for.
type Codes = [(VerificationState, Timestamp)];

/// How many codes had their time, and how many of all were used.
fn counted(codes: &Codes, now: Timestamp) -> (usize, usize) {
    let ripe = |(state, at): &&(VerificationState, Timestamp)| match state {
        VerificationState::Verified => true,
        // Taken back, by the application or by asking once more: that says nothing about the number.
        VerificationState::Cancelled => false,
        _ => at.plus_seconds(GRACE) <= now,
    };
    let used = codes.iter().filter(|(state, _)| *state == VerificationState::Verified).count();
    (codes.iter().filter(ripe).count(), used)
}

/// Whether too few were used; pure. Answers how many were looked at and used.
pub(super) fn suspicious(codes: &Codes, (sample, percent): (u32, u32), now: Timestamp) -> Option<(usize, usize)> {
    let (ripe, used) = counted(codes, now);
    let few = sample > 0 && ripe >= sample as usize && used * 100 < percent as usize * ripe;
    few.then_some((ripe, used))
}

fn open(codes: &Codes, now: Timestamp) -> usize {
    let young = |at: Timestamp| at.plus_seconds(GRACE) > now;
    codes.iter().filter(|(state, at)| *state == VerificationState::Pending && young(*at)).count()
}

/// The block that a number belongs to.
pub(super) fn block(keys: &store::WorkspaceKeys, number: &str) -> Blind {
    keys.mac("verify.block", &number.as_bytes()[..number.len().saturating_sub(BLOCK)])
}

/// Says no to a code that nobody is likely to use.
///
/// # Errors
/// [`Error::Pumping`], [`Error::TooSoon`].
pub(super) async fn ask(ctx: &Ctx, (block, country): (Blind, &str)) -> Result<()> {
    let watch = get(ctx).await?;
    let (now, since) = (ctx.now(), ctx.now().plus_seconds(-WINDOW));
    if watch.block_codes > 0 {
        let limit = watch.block_codes.max(watch.block_open) * 4;
        let codes: Vec<_> = ctx.db.all(sql::OF_BLOCK, params![ctx.workspace, block, since, limit, false]).await?;
        if let Some((codes, used)) = suspicious(&codes, (watch.block_codes, watch.block_percent), now) {
            return Err(Error::Pumping { codes, used, to: "such numbers".to_owned() });
        }
        if watch.block_open > 0 && open(&codes, now) >= watch.block_open as usize {
            return Err(Error::TooSoon { what: "many codes to such numbers are open", seconds: GRACE as u32 });
        }
    }
    if watch.country_codes > 0 && !country.is_empty() {
        let limit = watch.country_codes * 3;
        let codes: Vec<_> = ctx.db.all(sql::OF_COUNTRY, params![ctx.workspace, country, since, limit, false]).await?;
        if let Some((codes, used)) = suspicious(&codes, (watch.country_codes, watch.country_percent), now) {
            return Err(Error::Pumping { codes, used, to: country.to_owned() });
        }
    }
    Ok(())
}

/// When the workspace's watch says no.
///
/// # Errors
/// The store's.
pub async fn get(ctx: &Ctx) -> Result<Watch> {
    let row: Option<(String,)> = ctx.db.get(sql::WATCH, params![ctx.workspace]).await?;
    let read = row.map(|(text,)| serde_json::from_str(&text)).transpose();
    Ok(read.map_err(|_| store::Error::Column("settings"))?.unwrap_or_default())
}

/// Sets when the watch says no.
///
/// # Errors
/// [`Error::Field`].
pub async fn put(ctx: &Ctx, watch: &Watch) -> Result<()> {
    watch.check()?;
    let text = serde_json::to_string(watch).map_err(|_| store::Error::Column("settings"))?;
    let mut batch = ctx.batch();
    batch.push(sql::SET_WATCH, params![ctx.workspace, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "verifications.watch_changed", &[]);
    ctx.db.apply(batch).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(10_000 * Timestamp::SECOND);

    fn codes(used: usize, unused: usize, young: usize) -> Vec<(VerificationState, Timestamp)> {
        let old = NOW.plus_seconds(-GRACE);
        let mut out = vec![(VerificationState::Verified, old); used];
        out.extend(vec![(VerificationState::Expired, old); unused]);
        out.extend(vec![(VerificationState::Pending, NOW); young]);
        out
    }

    #[test]
    fn who_uses_codes_gets_more_of_them() {
        assert_eq!(suspicious(&codes(0, 7, 50), (8, 15), NOW), None, "too few to say");
        assert_eq!(suspicious(&codes(0, 8, 0), (8, 15), NOW), Some((8, 0)));
        assert_eq!(suspicious(&codes(2, 8, 0), (8, 15), NOW), None, "one in five");
        assert_eq!(suspicious(&codes(1, 9, 0), (8, 15), NOW), Some((10, 1)));
        assert_eq!(suspicious(&codes(0, 100, 0), (0, 15), NOW), None, "the watch is off");
        assert_eq!(open(&codes(3, 3, 4), NOW), 4);
    }

    proptest! {
        #[test]
        fn one_more_use_never_makes_it_worse(used in 0usize..30, unused in 0usize..30, sample in 0u32..20, percent in 0u32..=100) {
            let before = suspicious(&codes(used, unused, 0), (sample, percent), NOW).is_some();
            let after = suspicious(&codes(used + 1, unused.saturating_sub(1), 0), (sample, percent), NOW).is_some();
            prop_assert!(before || !after || unused == 0);
        }
    }
}
