//! One field of all contacts: a dictionary while values repeat, an arena once they do not.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::arena::Arena;
use super::dictionary::Dictionary;
use crate::segments::conditions::Scalar;
use crate::segments::document::Attribute;

/// A value on its way into the index, as spelled.
#[derive(Clone, Copy)]
pub(super) enum Raw<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
}

impl<'a> From<&'a Attribute> for Raw<'a> {
    fn from(attribute: &'a Attribute) -> Self {
        match attribute {
            Attribute::Text(text) => Self::Text(text),
            Attribute::Number(number) => Self::Number(*number),
            Attribute::Bool(flag) => Self::Bool(*flag),
        }
    }
}

/// Counts per value: folded text → (a spelling, how many).
pub(super) type Tally = HashMap<String, (String, u64)>;

/// The values of one field by contact number.
pub(super) enum Column {
    Words(Dictionary),
    Rows(Arena),
}

impl Default for Column {
    fn default() -> Self {
        Self::Words(Dictionary::default())
    }
}

impl Column {
    /// Sets or clears the value of a contact.
    pub(super) fn set(&mut self, number: u32, value: Option<Raw<'_>>) {
        match self {
            Self::Rows(arena) => arena.set(number, value),
            Self::Words(dictionary) => {
                if !dictionary.set(number, value) {
                    let mut arena = dictionary.to_arena();
                    arena.set(number, value);
                    *self = Self::Rows(arena);
                }
            }
        }
    }

    /// The contacts of `within` that have a value.
    pub(super) fn present(&self, within: &RoaringBitmap) -> RoaringBitmap {
        match self {
            Self::Words(dictionary) => dictionary.present(within),
            Self::Rows(arena) => arena.present(within),
        }
    }

    /// The contacts of `within` that have a value for which `holds`.
    pub(super) fn select(&self, within: &RoaringBitmap, holds: &dyn Fn(Scalar<'_>) -> bool) -> RoaringBitmap {
        match self {
            Self::Words(dictionary) => dictionary.select(within, holds),
            Self::Rows(arena) => arena.select(within, holds),
        }
    }

    /// The folded text of a contact; `None` for other types.
    pub(super) fn text(&self, number: u32) -> Option<&str> {
        let value = match self {
            Self::Words(dictionary) => dictionary.get(number),
            Self::Rows(arena) => arena.get(number as usize),
        };
        match value? {
            Scalar::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// Whether a selection costs a look at every contact.
    pub(super) const fn is_scanned(&self) -> bool {
        matches!(self, Self::Rows(_))
    }

    /// Counts the values of `within`.
    pub(super) fn tally(&self, within: &RoaringBitmap) -> Tally {
        match self {
            Self::Words(dictionary) => dictionary.tally(within),
            Self::Rows(arena) => arena.tally(within),
        }
    }

    /// Whether nobody has a value.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Words(dictionary) => dictionary.is_empty(),
            Self::Rows(arena) => arena.is_empty(),
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        match self {
            Self::Words(dictionary) => dictionary.shrink_to_fit(),
            Self::Rows(arena) => arena.shrink_to_fit(),
        }
    }

    /// Bytes held, roughly.
    pub(super) fn memory(&self) -> usize {
        match self {
            Self::Words(dictionary) => dictionary.memory(),
            Self::Rows(arena) => arena.memory(),
        }
    }
}
