//! Parts put together again: pure, so that the caller may keep them wherever it keeps things.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::header::Concatenation;

/// How long a message waits for its missing parts, in seconds: a telephone that was out of reach
/// gets them within hours.
pub const PATIENCE: i64 = 24 * 3600;

/// The parts of one message that have come so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly<T> {
    total: u8,
    parts: BTreeMap<u8, T>,
    first: Timestamp,
}

/// What a part did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// More are missing.
    Waiting,
    /// It was the last that was missing.
    Complete,
    /// It was there already: a repeated delivery.
    Duplicate,
    /// It says another number of parts than the ones before, or waited parts are too old: it belongs to
    /// another message that uses the same reference again.
    Other,
}

impl<T> Assembly<T> {
    /// An assembly that begins with one part.
    pub fn begin(part: Concatenation, value: T, now: Timestamp) -> Self {
        Self { total: part.total, parts: BTreeMap::from([(part.number, value)]), first: now }
    }

    /// Takes a part. The one that came first stays when two have the same number.
    pub fn add(&mut self, part: Concatenation, value: T, now: Timestamp) -> Added {
        if part.total != self.total || self.is_over(now) {
            return Added::Other;
        }
        if self.parts.contains_key(&part.number) {
            return Added::Duplicate;
        }
        self.parts.insert(part.number, value);
        if self.is_complete() { Added::Complete } else { Added::Waiting }
    }

    /// Whether every part is there.
    pub fn is_complete(&self) -> bool {
        self.parts.len() == usize::from(self.total)
    }

    /// Whether waiting is over; what came is shown then as it is.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.first.plus_seconds(PATIENCE)
    }

    /// How many parts are missing.
    pub fn missing(&self) -> usize {
        usize::from(self.total) - self.parts.len()
    }

    /// The parts in order, the missing ones left out.
    pub fn into_parts(self) -> impl Iterator<Item = T> {
        self.parts.into_values()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use proptest::prelude::*;

    use super::{Added, Assembly, PATIENCE};
    use crate::sms::Concatenation;

    fn part(total: u8, number: u8) -> Concatenation {
        Concatenation { reference: 7, long: false, total, number }
    }

    #[test]
    fn another_message_with_the_same_reference() {
        let now = Timestamp(0);
        let mut assembly = Assembly::begin(part(2, 1), "a", now);
        assert_eq!(assembly.add(part(3, 2), "b", now), Added::Other);
        assert_eq!(assembly.add(part(2, 2), "b", now.plus_seconds(PATIENCE)), Added::Other);
        assert_eq!((assembly.missing(), assembly.is_over(now.plus_seconds(PATIENCE - 1))), (1, false));
        assert_eq!(assembly.add(part(2, 2), "b", now.plus_seconds(PATIENCE - 1)), Added::Complete);
        assert_eq!(assembly.into_parts().collect::<String>(), "ab");
    }

    proptest! {
        #[test]
        fn any_order_with_repetitions_gives_the_whole(
            order in (1u8..=20).prop_flat_map(|total| {
                let numbers: Vec<u8> = (1..=total).chain(1..=total).collect();
                (Just(total), Just(numbers).prop_shuffle())
            })
        ) {
            let (total, numbers) = order;
            let now = Timestamp(0);
            let mut seen = std::collections::BTreeSet::from([numbers[0]]);
            let mut assembly = Assembly::begin(part(total, numbers[0]), numbers[0], now);
            for &number in &numbers[1..] {
                let fresh = seen.insert(number);
                let expected = match fresh {
                    false => Added::Duplicate,
                    true if seen.len() == usize::from(total) => Added::Complete,
                    true => Added::Waiting,
                };
                prop_assert_eq!(assembly.add(part(total, number), number, now), expected);
            }
            prop_assert!(assembly.is_complete());
            prop_assert_eq!(assembly.into_parts().collect::<Vec<_>>(), (1..=total).collect::<Vec<_>>());
        }
    }
}
