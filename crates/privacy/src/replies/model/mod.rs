//! The trained half of the classifier: a linear model over pieces of words, in every language at once.
//!
//! Multinomial logistic regression. Its weights are eight-bit integers in `weights.bin`, which
//! `cargo xtask train-replies` makes from the labelled replies in `corpus/`, the very same octets on every
//! machine: nothing but additions, multiplications, divisions and square roots, which IEEE 754 fixes, is used.

mod features;

use std::sync::OnceLock;

pub use features::{evidence, features, sentences};

use super::Intent;

/// The weights of this build.
const CURRENT: &[u8] = include_bytes!("../weights.bin");
/// How a file of weights begins.
pub const MAGIC: &[u8; 4] = b"BRW1";
/// How many intents there are, in the order of [`Intent::ALL`].
pub const CLASSES: usize = 8;
/// Octets of one piece: three of its number, one of each weight.
const ENTRY: usize = 3 + CLASSES;
/// Octets before the first piece.
const HEAD: usize = 4 + 4 + 4 * CLASSES;
/// Fixed-point one, of the scale and the biases.
pub const ONE: f64 = 65_536.0;

/// How likely each intent is; the shares add up to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares(pub [f64; CLASSES]);

impl Shares {
    /// The share of one intent.
    pub fn of(&self, intent: Intent) -> f64 {
        Intent::ALL.iter().zip(self.0).find(|(known, _)| **known == intent).map_or(0.0, |(_, share)| share)
    }

    /// The likeliest intent.
    pub fn best(&self) -> Intent {
        let mut best = (Intent::NotOptout, f64::NEG_INFINITY);
        for (intent, share) in Intent::ALL.iter().zip(self.0) {
            if share > best.1 {
                best = (*intent, share);
            }
        }
        best.0
    }

    /// How likely sending must not simply go on: an opt-out, a perhaps, or law.
    pub fn stops(&self) -> f64 {
        self.of(Intent::Optout) + self.of(Intent::Ambiguous) + self.of(Intent::ComplaintLegal)
    }
}

/// Weights, ready for reading replies.
#[derive(Debug, Clone)]
pub struct Model {
    ids: Vec<u32>,
    weights: Vec<[i8; CLASSES]>,
    scale: f64,
    bias: [f64; CLASSES],
}

impl Model {
    /// The model of this build.
    pub fn current() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        #[expect(clippy::expect_used, reason = "the weights are part of the program; a test reads them")]
        MODEL.get_or_init(|| Self::parse(CURRENT).expect("the embedded weights are valid"))
    }

    /// Reads a file of weights; `None` when it is none.
    pub fn parse(file: &[u8]) -> Option<Self> {
        let head = file.get(..HEAD).filter(|head| head.starts_with(MAGIC))?;
        let word = |at: usize| head.get(at..at + 4).and_then(|four| four.try_into().ok()).map(i32::from_le_bytes);
        let mut bias = [0.0; CLASSES];
        for (class, bias) in bias.iter_mut().enumerate() {
            *bias = f64::from(word(8 + 4 * class)?) / ONE;
        }
        let (entries, rest) = file[HEAD..].as_chunks::<ENTRY>();
        let ids: Vec<u32> = entries.iter().map(|entry| u32::from_le_bytes([entry[0], entry[1], entry[2], 0])).collect();
        if !rest.is_empty() || !ids.is_sorted_by(|left, right| left < right) {
            return None;
        }
        let weights = entries.iter().map(|entry| std::array::from_fn(|class| entry[3 + class].cast_signed())).collect();
        Some(Self { ids, weights, scale: f64::from(word(4)?) / ONE, bias })
    }

    /// How likely each intent of a text is, by its words alone.
    pub fn read(&self, text: &str) -> Shares {
        self.weigh(&Pieces { evidence: Vec::new(), words: features(text) })
    }

    /// How likely each intent of the reply with these pieces is.
    pub fn weigh(&self, pieces: &Pieces) -> Shares {
        let (words, evidence) = (self.sum(&pieces.words), self.sum(&pieces.evidence));
        let value = value(pieces.words.len());
        let score =
            |class: usize| self.scale * (f64::from(words[class]) * value + f64::from(evidence[class]) * EVIDENCE);
        shares(std::array::from_fn(|class| self.bias[class] + score(class)))
    }

    fn sum(&self, pieces: &[u32]) -> [i32; CLASSES] {
        let mut sums = [0; CLASSES];
        for at in pieces.iter().filter_map(|piece| self.ids.binary_search(piece).ok()) {
            for (sum, weight) in sums.iter_mut().zip(self.weights[at]) {
                *sum += i32::from(weight);
            }
        }
        sums
    }
}

/// What a reply is made of, as the model sees it: numbers of 24 bits.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    /// What phrases and rules found.
    pub evidence: Vec<u32>,
    /// Its words and pieces of them.
    pub words: Vec<u32>,
}

impl Pieces {
    /// The pieces of a reply.
    pub fn of(input: &super::ReplyInput<'_>) -> Self {
        super::verdict::by_phrases(input).pieces()
    }
}

/// What each finding of the phrases counts.
pub const EVIDENCE: f64 = 0.5;

/// What each of so many pieces counts: their length as a vector is one.
#[expect(clippy::cast_precision_loss, reason = "a text has far fewer than 2^52 pieces")]
pub fn value(pieces: usize) -> f64 {
    1.0 / (pieces.max(1) as f64).sqrt()
}

/// Shares from scores (softmax).
pub fn shares(scores: [f64; CLASSES]) -> Shares {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = scores.map(|score| power(score - most));
    let sum: f64 = powers.iter().sum();
    Shares(powers.map(|power| power / sum))
}

/// `e` to the power of `x`, at most zero. The library's own differs between machines in its last bit, and training
/// must not.
fn power(x: f64) -> f64 {
    if x < -40.0 {
        return 0.0;
    }
    // (e^(x/64))^64; the series is exact to the last bits that matter for arguments so small.
    let small = x / 64.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for step in 1..14 {
        term *= small / f64::from(step);
        sum += term;
    }
    for _ in 0..6 {
        sum *= sum;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_e() {
        for tenth in -300..=0 {
            let x = f64::from(tenth) / 10.0;
            assert!((power(x) - x.exp()).abs() <= 1e-12 * x.exp(), "{x}");
        }
    }

    #[test]
    fn the_weights_of_this_build_are_read_and_others_refused() {
        let model = Model::current();
        assert!(model.ids.len() > 1000);
        assert!(CURRENT.len() <= 300_000, "{}", CURRENT.len());
        assert!(Model::parse(&CURRENT[..CURRENT.len() - 1]).is_none());
        assert!(Model::parse(b"").is_none());
        let shares = model.read("please take me off your mailing list");
        assert_eq!(shares.best(), Intent::Optout);
        assert!((shares.0.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert_eq!(Intent::ALL.len(), CLASSES);
    }
}
