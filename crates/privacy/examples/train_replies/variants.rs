//! The same reply as other people would have typed it: with a greeting and a signature, with a slip of the finger,
//! without punctuation. Chance comes from a seed.

use crate::corpus::Around;

/// A small generator of numbers (splitmix64): the same ones everywhere.
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed >> 33).unwrap_or(0) % end.max(1)
    }

    fn one<'a>(&mut self, from: &'a [String]) -> &'a str {
        let at = self.below(from.len());
        from.get(at).map_or("", String::as_str)
    }
}

/// Variants of a reply. Two of a letter's frame, one misspelt, one bare.
pub fn variants(text: &str, around: &Around, chance: &mut Chance) -> Vec<String> {
    let framed = format!("{}\n\n{text}\n\n{}", chance.one(&around.greetings), chance.one(&around.signatures));
    let signed = format!("{text}\n{}", chance.one(&around.signatures));
    vec![framed, signed, misspelt(text, chance), bare(text)]
}

/// One letter of a longer word left out, or two exchanged.
fn misspelt(text: &str, chance: &mut Chance) -> String {
    let letters: Vec<char> = text.chars().collect();
    let inside = |at: &usize| {
        letters[at.saturating_sub(2)..(at + 3).min(letters.len())].iter().all(|c| c.is_alphabetic()) && *at >= 2
    };
    let places: Vec<usize> = (0..letters.len().saturating_sub(2)).filter(inside).collect();
    let mut letters = letters.clone();
    if let Some(at) = places.get(chance.below(places.len())) {
        if chance.below(2) == 0 {
            letters.remove(*at);
        } else {
            letters.swap(*at, at + 1);
        }
    }
    letters.into_iter().collect()
}

/// Without punctuation, as people type on a telephone; a question stays one.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '.' | ',' | '!' | ';' | ':' | '،' | '؛' | '¡' | '¿')).collect()
}
