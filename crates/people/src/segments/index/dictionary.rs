use std::collections::HashMap;

use roaring::{MultiOps, RoaringBitmap};

use super::arena::Arena;
use super::bits::scan;
use super::column::{Raw, Tally};
use crate::segments::conditions::{Scalar, read_moment};

/// Up to so many distinct values each keep a bitmap of their contacts.
const BITMAPS: usize = 1024;
/// Codes are 16 bits; a column with more distinct values becomes an [`Arena`].
const CODES: usize = u16::MAX as usize;
/// Above so many matching values one pass over the codes beats a union of bitmaps.
const UNION: usize = 64;

/// Values interned once; per contact a 16-bit code, 0 for none.
#[derive(Default)]
pub(super) struct Dictionary {
    codes: Vec<u16>,
    /// By code - 1.
    entries: Vec<Option<Entry>>,
    free: Vec<u16>,
    lookup: HashMap<Box<[u8]>, u16>,
    /// Set once there were too many values for bitmaps.
    without_bitmaps: bool,
}

struct Entry {
    key: Box<[u8]>,
    word: Word,
    contacts: u32,
    who: RoaringBitmap,
}

/// A value in the form conditions look at.
enum Word {
    Text { folded: Box<str>, moment: Option<i64> },
    Number(f64),
    Bool(bool),
}

impl Word {
    /// `None` for an empty text, which is no value.
    fn new(raw: Raw<'_>) -> Option<Self> {
        match raw {
            Raw::Number(number) => Some(Self::Number(number)),
            Raw::Bool(flag) => Some(Self::Bool(flag)),
            Raw::Text(text) => {
                let folded = kernel::fold(text).into_boxed_str();
                (!folded.is_empty()).then(|| Self::Text { moment: read_moment(&folded), folded })
            }
        }
    }

    fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Text { folded, moment } => Scalar::Text(folded, *moment),
            Self::Number(number) => Scalar::Number(*number),
            Self::Bool(flag) => Scalar::Bool(*flag),
        }
    }
}

/// The key of a value as spelled: a type byte and its bytes.
fn key(raw: Raw<'_>) -> Vec<u8> {
    match raw {
        Raw::Text(text) => [b"t", text.as_bytes()].concat(),
        Raw::Number(number) => [b"n", number.to_le_bytes().as_slice()].concat(),
        Raw::Bool(flag) => vec![b'b', u8::from(flag)],
    }
}

impl Dictionary {
    /// Sets or clears a value; `false` (and nothing changed) when there are too many distinct ones.
    pub(super) fn set(&mut self, number: u32, value: Option<Raw<'_>>) -> bool {
        let Some(code) = value.map_or(Some(0), |raw| self.intern(raw)) else { return false };
        let row = number as usize;
        if row >= self.codes.len() {
            if code == 0 {
                return true;
            }
            self.codes.resize(row + 1, 0);
        }
        let old = std::mem::replace(&mut self.codes[row], code);
        if old == code {
            return true;
        }
        if let Some(entry) = self.entry_mut(code) {
            entry.contacts += 1;
        }
        if !self.without_bitmaps
            && let Some(entry) = self.entry_mut(code)
        {
            entry.who.insert(number);
        }
        self.release(old, number);
        true
    }

    fn entry_mut(&mut self, code: u16) -> Option<&mut Entry> {
        self.entries.get_mut(usize::from(code).checked_sub(1)?)?.as_mut()
    }

    /// The code of a value, 0 when it is none; `None` when the dictionary is full.
    fn intern(&mut self, raw: Raw<'_>) -> Option<u16> {
        let key = key(raw);
        if let Some(&code) = self.lookup.get(key.as_slice()) {
            return Some(code);
        }
        let Some(word) = Word::new(raw) else { return Some(0) };
        if self.free.is_empty() && self.entries.len() >= CODES {
            return None;
        }
        let key = key.into_boxed_slice();
        let entry = Some(Entry { key: key.clone(), word, contacts: 0, who: RoaringBitmap::new() });
        let code = if let Some(code) = self.free.pop() {
            self.entries[usize::from(code) - 1] = entry;
            code
        } else {
            self.entries.push(entry);
            self.entries.len() as u16
        };
        self.lookup.insert(key, code);
        if !self.without_bitmaps && self.lookup.len() > BITMAPS {
            self.without_bitmaps = true;
            self.entries.iter_mut().flatten().for_each(|entry| entry.who = RoaringBitmap::new());
        }
        Some(code)
    }

    /// Forgets a value with its last contact: nothing of an erased person stays behind.
    fn release(&mut self, code: u16, number: u32) {
        let Some(entry) = self.entry_mut(code) else { return };
        entry.contacts -= 1;
        entry.who.remove(number);
        if entry.contacts == 0 {
            let slot = usize::from(code) - 1;
            if let Some(entry) = self.entries[slot].take() {
                self.lookup.remove(&entry.key);
            }
            self.free.push(code);
        }
    }

    /// The value of a contact.
    pub(super) fn get(&self, number: u32) -> Option<Scalar<'_>> {
        let code = usize::from(*self.codes.get(number as usize)?);
        Some(self.entries.get(code.checked_sub(1)?)?.as_ref()?.word.scalar())
    }

    pub(super) fn present(&self, within: &RoaringBitmap) -> RoaringBitmap {
        scan(within, self.codes.len(), |row| self.codes[row] != 0)
    }

    pub(super) fn select(&self, within: &RoaringBitmap, holds: &dyn Fn(Scalar<'_>) -> bool) -> RoaringBitmap {
        let mut table = vec![false; self.entries.len() + 1];
        let mut hits = Vec::new();
        for (slot, entry) in self.entries.iter().enumerate() {
            if let Some(entry) = entry
                && holds(entry.word.scalar())
            {
                table[slot + 1] = true;
                hits.push(entry);
            }
        }
        match hits.as_slice() {
            [] => RoaringBitmap::new(),
            [one] if !self.without_bitmaps => &one.who & within,
            some if !self.without_bitmaps && some.len() <= UNION => {
                some.iter().map(|entry| &entry.who).union() & within
            }
            _ => scan(within, self.codes.len(), |row| table[usize::from(self.codes[row])]),
        }
    }

    pub(super) fn tally(&self, within: &RoaringBitmap) -> Tally {
        let mut counts = vec![0u64; self.entries.len() + 1];
        for number in within {
            counts[usize::from(self.codes.get(number as usize).copied().unwrap_or(0))] += 1;
        }
        let mut spellings: HashMap<String, (&Entry, u64, u64)> = HashMap::new();
        for (entry, &count) in self.entries.iter().zip(&counts[1..]) {
            let Some(entry) = entry.as_ref().filter(|_| count > 0) else { continue };
            let spelling = spellings.entry(folded(&entry.word)).or_insert((entry, count, 0));
            spelling.2 += count;
            if count > spelling.1 {
                (spelling.0, spelling.1) = (entry, count);
            }
        }
        spellings.into_iter().map(|(folded, (entry, _, count))| (folded, (entry.spelling(), count))).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lookup.is_empty()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.codes.shrink_to_fit();
        self.entries.shrink_to_fit();
    }

    pub(super) fn memory(&self) -> usize {
        let entry = |entry: &Entry| 2 * entry.key.len() + size_of::<Entry>() + 48 + entry.who.serialized_size();
        self.codes.capacity() * 2 + self.entries.iter().flatten().map(entry).sum::<usize>()
    }

    /// The same values in an arena.
    pub(super) fn to_arena(&self) -> Arena {
        let mut arena = Arena::default();
        for (number, &code) in self.codes.iter().enumerate() {
            let entry = usize::from(code).checked_sub(1).and_then(|slot| self.entries.get(slot)?.as_ref());
            if let Some(entry) = entry {
                arena.put(number as u32, entry.word.scalar());
            }
        }
        arena
    }
}

impl Entry {
    fn spelling(&self) -> String {
        match self.word {
            Word::Text { .. } => String::from_utf8_lossy(&self.key[1..]).into_owned(),
            Word::Number(_) | Word::Bool(_) => folded(&self.word),
        }
    }
}

fn folded(word: &Word) -> String {
    match word {
        Word::Text { folded, .. } => folded.to_string(),
        Word::Number(number) => number.to_string(),
        Word::Bool(flag) => flag.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_with_its_last_contact() {
        let mut names = Dictionary::default();
        names.set(0, Some(Raw::Text("Lina")));
        names.set(1, Some(Raw::Text("Lina")));
        names.set(1, Some(Raw::Text("Omar")));
        names.set(0, None);
        assert_eq!(names.lookup.len(), 1);
        assert!(names.entries[0].is_none(), "nothing of the name is kept");
        names.set(2, Some(Raw::Text("Maya")));
        assert_eq!(names.entries.len(), 2, "the code is used again");
    }
}
