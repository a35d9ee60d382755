//! Keys that are pressed, as packets of their own (RFC 4733).

use std::collections::VecDeque;

use super::FRAME;

/// Keys by their event numbers.
const KEYS: &[u8; 16] = b"0123456789*#ABCD";
/// Frames for which a key that we press is held: 100 ms.
const HELD: u16 = 5;
/// Frames of silence after it.
const GAP: u8 = 4;
/// The end is said three times, for it may be lost.
const LAST: u8 = 3;

/// The key of an event number.
pub fn key_of(number: u8) -> Option<char> {
    KEYS.get(usize::from(number)).map(|key| char::from(*key))
}

/// The event number of a key.
pub fn number_of(key: char) -> Option<u8> {
    let key = u8::try_from(key.to_ascii_uppercase()).ok()?;
    KEYS.iter().position(|known| *known == key).map(|at| at as u8)
}

/// The payload of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyEvent {
    /// Which key.
    pub number: u8,
    /// Whether it was let go.
    pub end: bool,
    /// How loud, in −dBm0.
    pub volume: u8,
    /// For how many samples so far.
    pub duration: u16,
}

impl KeyEvent {
    /// Reads a payload; only the first event of it counts.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let &[number, flags, high, low, ..] = payload else { return None };
        Some(Self { number, end: flags & 0x80 != 0, volume: flags & 0x3f, duration: u16::from_be_bytes([high, low]) })
    }

    /// The octets.
    pub const fn octets(self) -> [u8; 4] {
        let [high, low] = self.duration.to_be_bytes();
        [self.number, self.volume & 0x3f | if self.end { 0x80 } else { 0 }, high, low]
    }
}

/// What comes in: several packets are one key.
#[derive(Debug, Default)]
pub struct Pressed {
    /// The timestamp of the key that was told last.
    told: Option<u32>,
}

impl Pressed {
    /// The key when this packet is the first of it: with the first packet that arrives, so that a lost
    /// beginning or end does not lose the key.
    pub fn take(&mut self, timestamp: u32, payload: &[u8]) -> Option<char> {
        let event = KeyEvent::parse(payload)?;
        let key = key_of(event.number)?;
        if self.told == Some(timestamp) {
            return None;
        }
        self.told = Some(timestamp);
        Some(key)
    }
}

/// What goes out: keys one after another, a packet a frame.
#[derive(Debug, Default)]
pub struct Keys {
    waiting: VecDeque<u8>,
    current: Option<Current>,
    gap: u8,
}

#[derive(Debug)]
struct Current {
    number: u8,
    begun: u32,
    frames: u16,
    ends: u8,
}

/// What to send in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Sound.
    Sound,
    /// Nothing, between keys.
    Silence,
    /// This payload with this timestamp; the first of a key has the marker.
    Key {
        /// The payload.
        event: KeyEvent,
        /// When the key began.
        timestamp: u32,
        /// The first packet of the key.
        first: bool,
        /// The key, for those who take tones only.
        key: char,
    },
}

impl Keys {
    /// Adds keys; what is no key is passed over. At most 64 wait.
    pub fn press(&mut self, keys: &str) {
        let room = 64usize.saturating_sub(self.waiting.len());
        self.waiting.extend(keys.chars().filter_map(number_of).take(room));
    }

    /// Whether nothing waits.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.current.is_none() && self.gap == 0
    }

    /// What to send in the frame that begins at `timestamp`.
    pub fn turn(&mut self, timestamp: u32) -> Turn {
        if self.current.is_none() {
            if self.gap > 0 {
                self.gap -= 1;
                return Turn::Silence;
            }
            let Some(number) = self.waiting.pop_front() else { return Turn::Sound };
            self.current = Some(Current { number, begun: timestamp, frames: 0, ends: 0 });
        }
        let Some(current) = &mut self.current else { return Turn::Sound };
        let first = current.frames == 0;
        if current.frames < HELD {
            current.frames += 1;
        }
        let end = current.frames == HELD;
        if end {
            current.ends += 1;
        }
        let event = KeyEvent { number: current.number, end, volume: 10, duration: current.frames * FRAME as u16 };
        let key = key_of(current.number).unwrap_or('0');
        let turn = Turn::Key { event, timestamp: current.begun, first, key };
        if current.ends == LAST {
            self.current = None;
            self.gap = GAP;
        }
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Pressed, Turn, key_of, number_of};

    #[test]
    fn keys_that_go_out_come_in_once_each_although_packets_are_lost() {
        for lost in 0..7 {
            let (mut keys, mut pressed, mut heard) = (Keys::default(), Pressed::default(), String::new());
            keys.press("12x2#d");
            let (mut timestamp, mut nth) = (0, 0);
            while !keys.is_idle() {
                if let Turn::Key { event, timestamp: begun, .. } = keys.turn(timestamp) {
                    nth += 1;
                    if nth % 7 != lost {
                        heard.extend(pressed.take(begun, &event.octets()));
                    }
                }
                timestamp += 160;
            }
            assert_eq!(heard, "122#D");
        }
    }

    #[test]
    fn numbers_and_keys_are_the_standards() {
        for number in 0..16 {
            assert_eq!(key_of(number).and_then(number_of), Some(number));
        }
        assert_eq!((key_of(10), key_of(11), key_of(15), key_of(16)), (Some('*'), Some('#'), Some('D'), None));
        assert!(Pressed::default().take(1, &[1, 2]).is_none());
    }
}
