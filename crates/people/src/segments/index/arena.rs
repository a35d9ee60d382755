use std::collections::hash_map::Entry;

use roaring::RoaringBitmap;

use super::bits::scan;
use super::column::{Raw, Tally};
use crate::segments::conditions::{Scalar, read_moment};

/// Bits of a span that hold its length; the rest holds its offset.
const LENGTH_BITS: u32 = 28;
const MAX_LENGTH: usize = (1 << LENGTH_BITS) - 1;
/// Garbage below this is not worth a rewrite.
const SLACK: usize = 1 << 16;

/// Values that seldom repeat (addresses, phone numbers, amounts): one buffer, 8 bytes per contact
/// to find the place. Replaced values are overwritten with zeros at once.
#[derive(Default)]
pub(super) struct Arena {
    /// Offset and length by contact number; 0 for none.
    spans: Vec<u64>,
    /// Records: a type byte and the value; a text that is a date has its instant in front.
    data: Vec<u8>,
    dead: usize,
    held: usize,
}

const fn place(span: u64) -> std::ops::Range<usize> {
    let start = (span >> LENGTH_BITS) as usize;
    start..start + (span as usize & MAX_LENGTH)
}

fn eight(bytes: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out.copy_from_slice(&bytes[..8]);
    out
}

fn utf8(bytes: &[u8]) -> &str {
    // Only whole texts are written, so the check never fails; it costs less than a comparison.
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl Arena {
    pub(super) fn set(&mut self, number: u32, value: Option<Raw<'_>>) {
        match value {
            None => self.clear(number),
            Some(Raw::Number(value)) => self.put(number, Scalar::Number(value)),
            Some(Raw::Bool(flag)) => self.put(number, Scalar::Bool(flag)),
            Some(Raw::Text(text)) => {
                let folded = kernel::fold(text);
                if folded.is_empty() {
                    self.clear(number);
                } else {
                    self.put(number, Scalar::Text(&folded, read_moment(&folded)));
                }
            }
        }
    }

    /// Stores a value that is already folded.
    pub(super) fn put(&mut self, number: u32, value: Scalar<'_>) {
        self.clear(number);
        let start = self.data.len();
        match value {
            Scalar::Text(text, None) => {
                self.data.push(b't');
                self.data.extend_from_slice(text.as_bytes());
            }
            Scalar::Text(text, Some(moment)) => {
                self.data.push(b'd');
                self.data.extend_from_slice(&moment.to_le_bytes());
                self.data.extend_from_slice(text.as_bytes());
            }
            Scalar::Number(value) => {
                self.data.push(b'n');
                self.data.extend_from_slice(&value.to_le_bytes());
            }
            Scalar::Bool(flag) => self.data.extend_from_slice(&[b'b', u8::from(flag)]),
            Scalar::Instant(_) => return,
        }
        let mut end = self.data.len().min(start + MAX_LENGTH);
        while end < self.data.len() && self.data[end] & 0xc0 == 0x80 {
            end -= 1;
        }
        self.data.truncate(end);
        let row = number as usize;
        if row >= self.spans.len() {
            self.spans.resize(row + 1, 0);
        }
        self.spans[row] = ((start as u64) << LENGTH_BITS) | (end - start) as u64;
        self.held += 1;
    }

    fn clear(&mut self, number: u32) {
        let Some(span) = self.spans.get_mut(number as usize).filter(|span| **span != 0) else { return };
        let place = place(std::mem::take(span));
        self.dead += place.len();
        self.held -= 1;
        self.data[place].fill(0);
        if self.dead > SLACK && self.dead > self.data.len() / 2 {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut data = Vec::with_capacity(self.data.len() - self.dead);
        for span in self.spans.iter_mut().filter(|span| **span != 0) {
            let record = &self.data[place(*span)];
            *span = ((data.len() as u64) << LENGTH_BITS) | record.len() as u64;
            data.extend_from_slice(record);
        }
        self.data.fill(0);
        self.data = data;
        self.dead = 0;
    }

    pub(super) fn get(&self, row: usize) -> Option<Scalar<'_>> {
        let span = self.spans.get(row).copied().filter(|span| *span != 0)?;
        let (kind, value) = self.data[place(span)].split_first()?;
        Some(match kind {
            b't' => Scalar::Text(utf8(value), None),
            b'd' => Scalar::Text(utf8(&value[8..]), Some(i64::from_le_bytes(eight(value)))),
            b'n' => Scalar::Number(f64::from_le_bytes(eight(value))),
            _ => Scalar::Bool(value == [1]),
        })
    }

    pub(super) fn present(&self, within: &RoaringBitmap) -> RoaringBitmap {
        scan(within, self.spans.len(), |row| self.spans[row] != 0)
    }

    pub(super) fn select(&self, within: &RoaringBitmap, holds: &dyn Fn(Scalar<'_>) -> bool) -> RoaringBitmap {
        scan(within, self.spans.len(), |row| self.get(row).is_some_and(holds))
    }

    pub(super) fn tally(&self, within: &RoaringBitmap) -> Tally {
        let mut tally = Tally::new();
        for value in within.iter().filter_map(|number| self.get(number as usize)) {
            let text = match value {
                Scalar::Text(text, _) => text.to_owned(),
                Scalar::Number(number) => number.to_string(),
                Scalar::Bool(flag) => flag.to_string(),
                Scalar::Instant(_) => continue,
            };
            match tally.entry(text) {
                Entry::Occupied(mut slot) => slot.get_mut().1 += 1,
                Entry::Vacant(slot) => {
                    let spelling = slot.key().clone();
                    slot.insert((spelling, 1));
                }
            }
        }
        tally
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.held == 0
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.spans.shrink_to_fit();
        self.data.shrink_to_fit();
    }

    pub(super) const fn memory(&self) -> usize {
        self.spans.capacity() * 8 + self.data.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_values_leave_no_bytes_and_garbage_is_collected() {
        let mut arena = Arena::default();
        arena.set(3, Some(Raw::Text("lina@example.com")));
        arena.set(3, None);
        assert!(arena.is_empty());
        assert!(arena.data.iter().all(|byte| *byte == 0));
        let long = "x".repeat(1000);
        for round in 0..500 {
            arena.set(round % 7, Some(Raw::Text(&long)));
        }
        arena.set(2, Some(Raw::Text("2026-01-01")));
        assert!(arena.data.len() < 3 * SLACK, "{}", arena.data.len());
        assert_eq!(arena.get(6), Some(Scalar::Text(&long, None)));
        assert!(matches!(arena.get(2), Some(Scalar::Text("2026-01-01", Some(_)))));
    }
}
