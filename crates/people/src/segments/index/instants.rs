use kernel::Timestamp;
use roaring::RoaringBitmap;

use super::bits::scan;
use crate::segments::conditions::Scalar;

/// Stands for no instant; the calendar ends long before it.
const NONE: i64 = i64::MIN;

/// An instant per contact number.
#[derive(Default)]
pub(super) struct Instants(Vec<i64>);

impl Instants {
    pub(super) fn set(&mut self, number: u32, at: Option<Timestamp>) {
        let row = number as usize;
        if row >= self.0.len() {
            if at.is_none() {
                return;
            }
            self.0.resize(row + 1, NONE);
        }
        self.0[row] = at.map_or(NONE, |at| at.0.max(NONE + 1));
    }

    /// The instant of a contact, in microseconds.
    pub(super) fn get(&self, number: u32) -> Option<i64> {
        self.0.get(number as usize).copied().filter(|at| *at != NONE)
    }

    pub(super) fn select(&self, within: &RoaringBitmap, holds: &dyn Fn(Scalar<'_>) -> bool) -> RoaringBitmap {
        scan(within, self.0.len(), |row| self.0[row] != NONE && holds(Scalar::Instant(self.0[row])))
    }

    pub(super) fn present(&self, within: &RoaringBitmap) -> RoaringBitmap {
        scan(within, self.0.len(), |row| self.0[row] != NONE)
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    pub(super) const fn memory(&self) -> usize {
        self.0.capacity() * 8
    }
}
