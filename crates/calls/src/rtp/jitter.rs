//! A small buffer that puts packets in order and evens out when they come.

use std::collections::BTreeMap;

/// Packets that wait before the first is played.
const TARGET: usize = 3;
/// Most packets that wait: beyond it the oldest are given up, so that delay stays bounded.
const MOST: usize = 20;
/// A jump of sequence numbers beyond which it is another stream.
const JUMP: i64 = 500;

/// What is played next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// A packet in its turn.
    Packet(T),
    /// A packet that did not come although later ones did.
    Lost,
    /// Nothing has come.
    Empty,
}

/// Packets by their extended sequence number.
#[derive(Debug)]
pub struct Jitter<T> {
    waiting: BTreeMap<i64, T>,
    /// The number of the packet that is played next.
    next: Option<i64>,
    highest: i64,
    primed: bool,
    /// Something was played already.
    begun: bool,
    /// How many came too late, twice or too many.
    pub dropped: u64,
    /// How many never came.
    pub lost: u64,
}

impl<T> Default for Jitter<T> {
    fn default() -> Self {
        Self { waiting: BTreeMap::new(), next: None, highest: 0, primed: false, begun: false, dropped: 0, lost: 0 }
    }
}

impl<T> Jitter<T> {
    /// Forgets everything: another stream begins.
    pub fn reset(&mut self) {
        let (dropped, lost) = (self.dropped, self.lost);
        *self = Self { dropped, lost, ..Self::default() };
    }

    /// Takes a packet.
    pub fn push(&mut self, sequence: u16, packet: T) {
        let extended = match self.next {
            None => i64::from(sequence) + (1 << 32),
            Some(_) => self.highest + i64::from(sequence.wrapping_sub(self.highest as u16).cast_signed()),
        };
        if self.next.is_some() && (extended - self.highest).abs() > JUMP {
            self.reset();
            self.push(sequence, packet);
            return;
        }
        if self.next.is_none() {
            (self.next, self.highest) = (Some(extended), extended);
        }
        if !self.begun {
            // Before anything was played an earlier packet may still take its place.
            self.next = self.next.map(|next| next.min(extended));
        }
        if self.next.is_some_and(|next| extended < next) || self.waiting.contains_key(&extended) {
            self.dropped += 1;
            return;
        }
        self.highest = self.highest.max(extended);
        self.waiting.insert(extended, packet);
        while self.waiting.len() > MOST {
            self.waiting.pop_first();
            self.dropped += 1;
            self.next = self.waiting.first_key_value().map(|(first, _)| *first);
        }
    }

    /// What is played next.
    pub fn pop(&mut self) -> Next<T> {
        let Some(next) = self.next else { return Next::Empty };
        if !self.primed {
            if self.waiting.len() < TARGET {
                return Next::Empty;
            }
            (self.primed, self.begun) = (true, true);
        }
        if let Some(packet) = self.waiting.remove(&next) {
            self.next = Some(next + 1);
            return Next::Packet(packet);
        }
        if self.waiting.is_empty() {
            // Nothing left to play: wait again until enough has come.
            self.primed = false;
            return Next::Empty;
        }
        self.next = Some(next + 1);
        self.lost += 1;
        Next::Lost
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Jitter, MOST, Next};

    fn drain(jitter: &mut Jitter<u32>) -> Vec<Option<u32>> {
        let mut out = Vec::new();
        loop {
            match jitter.pop() {
                Next::Packet(packet) => out.push(Some(packet)),
                Next::Lost => out.push(None),
                Next::Empty => return out,
            }
        }
    }

    #[test]
    fn order_is_restored_around_the_end_of_the_numbers() {
        let mut jitter = Jitter::default();
        for sequence in [65_534u16, 0, 65_535, 1, 1, 3] {
            jitter.push(sequence, u32::from(sequence));
        }
        assert_eq!(drain(&mut jitter), [Some(65_534), Some(65_535), Some(0), Some(1), None, Some(3)]);
        assert_eq!((jitter.lost, jitter.dropped), (1, 1));
        jitter.push(2, 2);
        assert_eq!(jitter.dropped, 2);
    }

    #[test]
    fn another_stream_begins_anew() {
        let mut jitter = Jitter::default();
        for sequence in (10..14u16).chain(40_000..40_003) {
            jitter.push(sequence, u32::from(sequence));
        }
        assert_eq!(drain(&mut jitter), [Some(40_000), Some(40_001), Some(40_002)]);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_bounded_and_in_order(all in prop::collection::vec((any::<u16>(), any::<bool>()), 0..300)) {
            let (mut jitter, mut last) = (Jitter::default(), None::<u16>);
            for (sequence, play) in all {
                // Near the last one mostly, so that streams live for a while.
                let sequence = last.map_or(sequence, |last| last.wrapping_add(sequence % 40).wrapping_sub(15));
                jitter.push(sequence, u32::from(sequence));
                last = Some(sequence);
                if play {
                    jitter.pop();
                }
                prop_assert!(jitter.len() <= MOST);
            }
        }
    }
}
