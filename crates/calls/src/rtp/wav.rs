//! WAV files: what people upload and what the voice program makes, as 8000 samples a second.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use super::{RATE, alaw_to_linear, ulaw_to_linear};

/// Longest sound that is read, in samples of ours: ten minutes.
const LONGEST: usize = 600 * RATE as usize;

/// Why a file cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    /// Not RIFF/WAVE with a format and data.
    #[error("this is no WAV file")]
    NotWav,
    /// Another coding.
    #[error("the file is neither PCM of 8 or 16 bits nor G.711")]
    Coding,
    /// Other rates or more channels.
    #[error("the file has neither 1 or 2 channels nor 8000 to 48000 samples a second")]
    Shape,
    /// Longer than ten minutes.
    #[error("the file is longer than ten minutes")]
    TooLong,
}

/// Reads a WAV file: PCM of 8 or 16 bits, µ-law or A-law, one or two channels.
///
/// # Errors
/// [`WavError`].
pub fn read_wav(octets: &[u8]) -> Result<Vec<i16>, WavError> {
    if octets.get(..4) != Some(b"RIFF") || octets.get(8..12) != Some(b"WAVE") {
        return Err(WavError::NotWav);
    }
    let (mut rest, mut shape) = (&octets[12..], None);
    while let (Some(name), Some(length)) = (rest.get(..4), rest.get(4..8)) {
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let body = &rest[8..];
        // Programs that write to a pipe do not know the length before the end.
        let chunk = &body[..length.min(body.len())];
        match name {
            b"fmt " => shape = Some(Shape::read(chunk)?),
            b"data" => return shape.ok_or(WavError::NotWav)?.samples(chunk),
            _ => {}
        }
        rest = body.get(length.saturating_add(length % 2)..).unwrap_or_default();
    }
    Err(WavError::NotWav)
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    coding: u16,
    channels: usize,
    rate: u32,
    bits: u16,
}

impl Shape {
    fn read(chunk: &[u8]) -> Result<Self, WavError> {
        let half = |at: usize| chunk.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        let (Some(mut coding), Some(channels), Some(bits)) = (half(0), half(2), half(14)) else {
            return Err(WavError::NotWav);
        };
        let (Some(low), Some(high)) = (half(4), half(6)) else { return Err(WavError::NotWav) };
        if coding == 0xfffe {
            coding = half(24).ok_or(WavError::NotWav)?;
        }
        let rate = u32::from(low) | u32::from(high) << 16;
        if !matches!((coding, bits), (1, 8 | 16) | (6 | 7, 8)) {
            return Err(WavError::Coding);
        }
        if !(1..=2).contains(&channels) || !(8000..=48_000).contains(&rate) {
            return Err(WavError::Shape);
        }
        Ok(Self { coding, channels: channels.into(), rate, bits })
    }

    fn samples(self, data: &[u8]) -> Result<Vec<i16>, WavError> {
        let width = usize::from(self.bits / 8) * self.channels;
        let count = data.len() / width;
        if count as u64 * u64::from(RATE) / u64::from(self.rate) > LONGEST as u64 {
            return Err(WavError::TooLong);
        }
        let one = |octets: &[u8]| match (self.coding, self.bits) {
            (1, 16) => i16::from_le_bytes([octets[0], octets[1]]),
            (1, _) => (i16::from(octets[0]) - 128) << 8,
            (6, _) => alaw_to_linear(octets[0]),
            _ => ulaw_to_linear(octets[0]),
        };
        let step = usize::from(self.bits / 8);
        let samples: Vec<i16> = data
            .chunks_exact(width)
            .map(|frame| {
                let sum: i32 = frame.chunks_exact(step).map(|octets| i32::from(one(octets))).sum();
                (sum / self.channels as i32) as i16
            })
            .collect();
        Ok(resample(&samples, self.rate))
    }
}

/// Sound at 8000 samples a second: a windowed sinc, cut where the lower rate ends.
///
/// A minute takes some milliseconds: whoever answers others meanwhile asks a thread of its own.
pub fn resample(samples: &[i16], rate: u32) -> Vec<i16> {
    if rate == RATE || samples.is_empty() {
        return samples.to_vec();
    }
    let filter = Filter::new(rate);
    // Silence on both sides, so that every sample has all of its neighbours.
    let mut padded = vec![0.0; filter.reach];
    padded.extend(samples.iter().map(|&sample| f32::from(sample)));
    padded.resize(samples.len() + 2 * filter.reach, 0.0);
    let count = samples.len() as u64 * u64::from(RATE) / u64::from(rate);
    (0..count).map(|n| filter.at(&padded, n)).collect()
}

/// The weights of a sample's neighbours. Where samples fall among those that came repeats itself, so there are only as many
/// sets of weights as places.
struct Filter {
    reach: usize,
    rate: u64,
    /// Sets of `2 * reach` weights whose sum is one, by place in units of `1 / RATE`.
    weights: BTreeMap<u64, Vec<f32>>,
}

impl Filter {
    fn new(rate: u32) -> Self {
        let step = (f64::from(rate) / f64::from(RATE)).max(1.0);
        let (cut, reach) = (0.92 / step, (12.0 * step).ceil());
        let weight = |distance: f64| {
            let window = 0.5 + 0.5 * (PI * distance / (reach + 1.0)).cos();
            let x = PI * distance * cut;
            window * if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
        };
        let (rate, reach) = (u64::from(rate), reach as usize);
        let of_place = |place: u64| {
            let before = reach as f64 - 1.0 + place as f64 / f64::from(RATE);
            let raw: Vec<f64> = (0..2 * reach).map(|at| weight(at as f64 - before)).collect();
            let sum: f64 = raw.iter().sum();
            raw.into_iter().map(|weight| (weight / sum) as f32).collect()
        };
        let mut weights = BTreeMap::new();
        for place in (0..u64::from(RATE)).map(|n| n * rate % u64::from(RATE)) {
            if weights.contains_key(&place) {
                break;
            }
            weights.insert(place, of_place(place));
        }
        Self { reach, rate, weights }
    }

    fn at(&self, padded: &[f32], n: u64) -> i16 {
        let (whole, place) = (n * self.rate / u64::from(RATE), n * self.rate % u64::from(RATE));
        let near = &padded[whole as usize + 1..];
        let sum: f32 = self.weights[&place].iter().zip(near).map(|(weight, sample)| weight * sample).sum();
        sum.clamp(-32_768.0, 32_767.0) as i16
    }
}

/// A WAV file of µ-law sound.
pub fn wav_of_ulaw(sound: &[u8]) -> Vec<u8> {
    let length = sound.len() as u32;
    let mut out = Vec::with_capacity(58 + sound.len());
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(50 + length + length % 2).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x12\0\0\0\x07\0\x01\0");
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(b"\x01\0\x08\0\0\0fact\x04\0\0\0");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(sound);
    if length % 2 == 1 {
        out.push(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Detector, tone, ulaw};
    use super::{WavError, read_wav, resample, wav_of_ulaw};

    #[test]
    fn what_we_write_is_read() {
        let sound: Vec<u8> = tone('5', 801, 8000.0).into_iter().map(ulaw).collect();
        let file = wav_of_ulaw(&sound);
        assert_eq!(u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize, file.len() - 8);
        let back: Vec<u8> = read_wav(&file).unwrap().into_iter().map(ulaw).collect();
        assert_eq!(back, sound);
    }

    #[test]
    fn a_higher_rate_keeps_what_is_heard_and_loses_what_would_fold() {
        let at = |rate: f64, hertz: f64| -> Vec<i16> {
            (0..rate as usize)
                .map(|n| (8000.0 * (std::f64::consts::TAU * hertz * n as f64 / rate).sin()) as i16)
                .collect()
        };
        for rate in [16_000, 22_050, 44_100, 48_000] {
            let loud = |hertz: f64| {
                let out = resample(&at(f64::from(rate), hertz), rate);
                assert!(out.len().abs_diff(8000) <= 1);
                out[1000..7000].iter().map(|sample| sample.unsigned_abs()).max().unwrap()
            };
            assert!(loud(1000.0).abs_diff(8000) < 200, "{rate}");
            assert!(loud(5500.0) < 300, "{rate} {}", loud(5500.0));
        }
        // Two tones at 16 kHz are still a key at 8 kHz.
        let key: Vec<i16> = at(16_000.0, 852.0).iter().zip(at(16_000.0, 1477.0)).map(|(a, b)| a / 2 + b / 2).collect();
        assert_eq!(Detector::default().take(&resample(&key, 16_000)), ['9']);
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        assert_eq!(read_wav(b"ID3"), Err(WavError::NotWav));
        let mut mp3 = wav_of_ulaw(&[0; 10]);
        mp3[20] = 0x55;
        assert_eq!(read_wav(&mp3), Err(WavError::Coding));
        let mut fast = wav_of_ulaw(&[0; 10]);
        fast[24..28].copy_from_slice(&96_000u32.to_le_bytes());
        assert_eq!(read_wav(&fast), Err(WavError::Shape));
        assert_eq!(read_wav(&wav_of_ulaw(&vec![0; 4_800_001])), Err(WavError::TooLong));
    }

    proptest! {
        #[test]
        fn no_file_breaks_the_reader(cut in 0usize..120, junk in prop::collection::vec((0usize..110, any::<u8>()), 0..8)) {
            let mut file = wav_of_ulaw(&[1; 60]);
            for (at, octet) in junk {
                file[at] = octet;
            }
            file.truncate(cut);
            let _ = read_wav(&file);
        }
    }
}
