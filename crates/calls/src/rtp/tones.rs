//! Keys as tones (ITU-T Q.23, Q.24): made, and found in sound by Goertzel's algorithm.

use std::f64::consts::TAU;

use super::RATE;

const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
const KEYS: [[char; 4]; 4] = [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];
/// Samples of one look: long enough to tell neighbours apart, short enough for 40 ms of a key.
const BLOCK: usize = 205;
/// The least energy of a tone, as a share of a full-scale sine: about −36 dB.
const LEAST: f64 = 2.5e-4;
/// How much louder one tone of a pair may be than the other: about 9 dB.
const TWIST: f64 = 8.0;
/// What share of all energy the two tones must have. Speech has much beside them.
const PURITY: f64 = 0.78;

/// A key's two tones; `amplitude` of each, of 32 767.
pub fn tone(key: char, samples: usize, amplitude: f64) -> Vec<i16> {
    let key = key.to_ascii_uppercase();
    let place = (0..16).find(|n| KEYS[n / 4][n % 4] == key);
    let Some(place) = place else { return vec![0; samples] };
    let (low, high) = (ROWS[place / 4], COLUMNS[place % 4]);
    let at = |n: usize, hertz: f64| (TAU * hertz * n as f64 / f64::from(RATE)).sin();
    (0..samples).map(|n| (amplitude * (at(n, low) + at(n, high))) as i16).collect()
}

/// The share of a block's energy at a frequency.
fn energy(block: &[i16], hertz: f64) -> f64 {
    let coefficient = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in block {
        let zero = f64::from(*sample) / 32_768.0 + coefficient * one - two;
        (two, one) = (one, zero);
    }
    let power = one * one + two * two - coefficient * one * two;
    // A full-scale sine gives (N/2)².
    power / (block.len() as f64 / 2.0).powi(2)
}

/// Finds keys in sound.
#[derive(Debug, Default)]
pub struct Detector {
    block: Vec<i16>,
    before: Option<char>,
    told: Option<char>,
}

impl Detector {
    /// Takes sound; answers keys that begin in it. A key counts when two looks in a row find it, and again
    /// only after a look without it.
    pub fn take(&mut self, samples: &[i16]) -> Vec<char> {
        let mut keys = Vec::new();
        for sample in samples {
            self.block.push(*sample);
            if self.block.len() < BLOCK {
                continue;
            }
            let found = look(&self.block);
            self.block.clear();
            if found.is_some() && found == self.before && self.told != found {
                keys.extend(found);
                self.told = found;
            }
            if found.is_none() && self.before.is_none() {
                self.told = None;
            }
            self.before = found;
        }
        keys
    }
}

fn look(block: &[i16]) -> Option<char> {
    let loudest = |all: &[f64; 4]| {
        let energies = all.map(|hertz| energy(block, hertz));
        let best = (0..4).max_by(|a, b| energies[*a].total_cmp(&energies[*b])).unwrap_or(0);
        let rest = (0..4).filter(|n| *n != best).map(|n| energies[n]).fold(0.0, f64::max);
        (best, energies[best], rest)
    };
    let ((row, low, low_rest), (column, high, high_rest)) = (loudest(&ROWS), loudest(&COLUMNS));
    if low < LEAST || high < LEAST || low > high * TWIST || high > low * TWIST {
        return None;
    }
    if low_rest * 6.0 > low || high_rest * 6.0 > high {
        return None;
    }
    let all: f64 = block.iter().map(|sample| (f64::from(*sample) / 32_768.0).powi(2)).sum::<f64>() / block.len() as f64;
    // A sine of amplitude a has energy a²/2.
    (f64::midpoint(low, high) >= all * PURITY).then_some(KEYS[row][column])
}

#[cfg(test)]
mod tests {
    use super::super::{ulaw, ulaw_to_linear};
    use super::{Detector, tone};

    #[test]
    fn every_key_is_found_once_at_every_loudness() {
        for amplitude in [1000.0, 4000.0, 15_000.0] {
            for key in "0123456789*#ABCD".chars() {
                let mut sound = vec![0i16; 333];
                for _ in 0..2 {
                    sound.extend(tone(key, 800, amplitude));
                    sound.extend(vec![0i16; 800]);
                }
                let sound: Vec<i16> = sound.into_iter().map(|one| ulaw_to_linear(ulaw(one))).collect();
                let mut detector = Detector::default();
                let heard: String = sound.chunks(160).flat_map(|frame| detector.take(frame)).collect();
                assert_eq!(heard, format!("{key}{key}"), "{amplitude}");
            }
        }
    }

    #[test]
    fn one_tone_noise_and_speechlike_sound_are_no_keys() {
        let sine =
            |hertz: f64| (0..8000).map(move |n| 9000.0 * (std::f64::consts::TAU * hertz * f64::from(n) / 8000.0).sin());
        let mut seed = 1u32;
        let noise: Vec<f64> = (0..8000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(seed >> 16) - 32_768.0
            })
            .collect();
        let vowel: Vec<f64> = (0..8000)
            .map(|n| (1..20).map(|k| 2500.0 / f64::from(k) * (0.098 * f64::from(k * n)).sin()).sum())
            .collect();
        for sound in [sine(697.0).collect::<Vec<_>>(), sine(1336.0).collect(), noise, vowel] {
            let sound: Vec<i16> = sound.into_iter().map(|one| one as i16).collect();
            assert!(Detector::default().take(&sound).is_empty());
        }
    }
}
