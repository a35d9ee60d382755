//! Multinomial logistic regression by stochastic gradient descent with steps of its own for each weight (AdaGrad).

use std::collections::{BTreeMap, BTreeSet};

use privacy::replies::model::{CLASSES, EVIDENCE, MAGIC, ONE, Pieces, shares, value};
use privacy::replies::{Intent, ReplyInput};
use privacy::vocabulary::Channel;

use crate::corpus::{Corpus, Line};
use crate::variants::{Chance, variants};

/// Most pieces that the file holds.
const PIECES: usize = 25_000;
/// Fewest replies that a piece occurs in.
const OFTEN: u32 = 2;
/// How often every reply is gone through.
const ROUNDS: usize = 20;
/// How long a step is.
const STEP: f64 = 0.1;
/// How much every step takes back: weights stay small.
const BACK: f64 = 2e-5;
/// Where chance begins.
const SEED: u64 = 2026;

/// A reply as the model sees it.
struct Sample {
    /// Places of its known pieces, and what each counts.
    pieces: Vec<(u32, f64)>,
    class: usize,
}

/// The file of weights that these lines give.
pub fn train(lines: &[&Line], corpus: &Corpus) -> Vec<u8> {
    let mut chance = Chance::new(SEED);
    let mut texts: Vec<(Pieces, usize)> = Vec::new();
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    for line in lines {
        let class = Intent::ALL.iter().position(|intent| *intent == line.intent).unwrap_or_default();
        let own = pieces(&line.text);
        for piece in own.words.iter().chain(&own.evidence) {
            *seen.entry(*piece).or_default() += 1;
        }
        texts.push((own, class));
        if let Some(around) = corpus.around.iter().find(|around| around.language == line.language) {
            texts.extend(variants(&line.text, around, &mut chance).iter().map(|text| (pieces(text), class)));
        }
    }
    let known: Vec<u32> = seen.into_iter().filter(|(_, count)| *count >= OFTEN).map(|(piece, _)| piece).collect();
    let (weights, _) = descend(&samples(&texts, &known), known.len());
    let kept = heaviest(&known, &weights);
    let (weights, bias) = descend(&samples(&texts, &kept), kept.len());
    file(&kept, &weights, &bias)
}

fn pieces(text: &str) -> Pieces {
    Pieces::of(&ReplyInput::plain(Channel::Email, text))
}

fn samples(texts: &[(Pieces, usize)], known: &[u32]) -> Vec<Sample> {
    let place = |piece: &u32| known.binary_search(piece).ok().and_then(|at| u32::try_from(at).ok());
    let sample = |(all, class): &(Pieces, usize)| {
        let worth = value(all.words.len());
        let words = all.words.iter().filter_map(place).map(|at| (at, worth));
        let evidence = all.evidence.iter().filter_map(place).map(|at| (at, EVIDENCE));
        Sample { pieces: words.chain(evidence).collect(), class: *class }
    };
    texts.iter().map(sample).collect()
}

type Weights = Vec<[f64; CLASSES]>;

/// Weights and biases that tell the samples' classes apart.
fn descend(samples: &[Sample], pieces: usize) -> (Weights, [f64; CLASSES]) {
    let mut weights = vec![[0.0; CLASSES]; pieces];
    let mut steepness = vec![[1e-3; CLASSES]; pieces];
    let mut bias = [0.0; CLASSES];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut chance = Chance::new(SEED);
    for round in 0..ROUNDS {
        for last in (1..order.len()).rev() {
            order.swap(last, chance.below(last + 1));
        }
        let pace = STEP / (1.0 + f64::from(u32::try_from(round).unwrap_or(0)) * 0.15);
        for at in &order {
            let sample = &samples[*at];
            let mut scores = bias;
            for piece in &sample.pieces {
                for (score, weight) in scores.iter_mut().zip(weights[piece.0 as usize]) {
                    *score += weight * piece.1;
                }
            }
            let found = shares(scores).0;
            for class in 0..CLASSES {
                let error = found[class] - f64::from(u8::from(class == sample.class));
                bias[class] -= 0.01 * pace * error;
                for (piece, worth) in &sample.pieces {
                    let weight = &mut weights[*piece as usize][class];
                    let steep = &mut steepness[*piece as usize][class];
                    let slope = error * worth + BACK * *weight;
                    *steep += slope * slope;
                    *weight -= pace * slope / steep.sqrt();
                }
            }
        }
    }
    (weights, bias)
}

/// The pieces that say most, ascending.
fn heaviest(known: &[u32], weights: &Weights) -> Vec<u32> {
    let weight = |at: usize| weights[at].iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let mut by_weight: Vec<usize> = (0..known.len()).collect();
    by_weight.sort_by(|left, right| weight(*right).total_cmp(&weight(*left)).then(left.cmp(right)));
    by_weight.into_iter().take(PIECES).map(|at| known[at]).collect::<BTreeSet<u32>>().into_iter().collect()
}

/// Rounds a weight to its octets.
#[expect(clippy::cast_possible_truncation, reason = "the number is rounded and within the range")]
fn fixed(number: f64, most: f64) -> i32 {
    number.round().clamp(-most, most) as i32
}

fn file(pieces: &[u32], weights: &Weights, bias: &[f64; CLASSES]) -> Vec<u8> {
    let most = weights.iter().flatten().fold(1e-9_f64, |most, weight| most.max(weight.abs()));
    let scale = most / 127.0;
    let mut out = MAGIC.to_vec();
    out.extend(fixed(scale * ONE, 2e9).to_le_bytes());
    for bias in bias {
        out.extend(fixed(bias * ONE, 2e9).to_le_bytes());
    }
    for (piece, weights) in pieces.iter().zip(weights) {
        out.extend(&piece.to_le_bytes()[..3]);
        out.extend(weights.iter().map(|weight| fixed(weight / scale, 127.0).to_le_bytes()[0]));
    }
    out
}
