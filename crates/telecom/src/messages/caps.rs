//! Counters of the day, and the caps that a workspace set.

use kernel::Phone;
use store::{Ctx, Tx, params};

use super::queries as sql;
use crate::settings::Settings;

/// Digits of a number in which those differ who bought numbers in a block.
const BLOCK: usize = 3;

/// The counters that a message moves, with the caps on them and what they are called.
pub(super) struct Counters(Vec<(String, Option<u64>, &'static str)>);

impl Counters {
    /// The counters of a message to this number. What stands for a block of numbers is a keyed hash.
    pub(super) fn of(settings: &Settings, keys: &store::WorkspaceKeys, to: &Phone, country: &str) -> Self {
        let digits = to.as_str();
        let block = &digits[..digits.len().saturating_sub(BLOCK)];
        let block = data_encoding::HEXLOWER.encode(&keys.mac("sms.block", block.as_bytes()));
        Self(vec![
            ("all".to_owned(), settings.parts_a_day, "the cap of parts a day"),
            (format!("country:{country}"), settings.parts_a_day_by_country, "the cap of parts a day to this country"),
            (format!("block:{block}"), settings.parts_a_day_by_block, "the cap of parts a day to such numbers"),
        ])
    }

    /// The counters of many messages to one country. Blocks of numbers are left out: those caps are against strangers
    /// who make an organisation write to numbers of their choosing, and a campaign's people are its own.
    pub(super) fn of_country(settings: &Settings, country: &str) -> Self {
        Self(vec![
            ("all".to_owned(), settings.parts_a_day, "the cap of parts a day"),
            (format!("country:{country}"), settings.parts_a_day_by_country, "the cap of parts a day to this country"),
        ])
    }

    /// Counts the parts inside the transaction that accepts them; the name of the cap that they exceed.
    pub(super) fn count(&self, tx: &mut Tx<'_>, ctx: &Ctx, parts: usize) -> store::Result<Option<&'static str>> {
        let day = ctx.now().day();
        for (what, cap, name) in &self.0 {
            let Some(cap) = cap else { continue };
            let (counted,): (u64,) = tx.one(sql::COUNT, params![ctx.workspace, day, what, parts])?;
            if counted > *cap {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}
