//! G.711: sixteen bits of sound in eight, by computation (ITU-T G.711).

use crate::sip::Codec;

const BIAS: i32 = 0x84;
const CLIP: i32 = 32_635;

/// One sample in µ-law.
pub const fn ulaw(sample: i16) -> u8 {
    let mut magnitude = sample as i32;
    let sign = if magnitude < 0 { 0x80 } else { 0 };
    if magnitude < 0 {
        magnitude = -magnitude;
    }
    if magnitude > CLIP {
        magnitude = CLIP;
    }
    magnitude += BIAS;
    // The place of the highest bit above bit 7 is the segment.
    let segment = 31 - (magnitude as u32).leading_zeros() as i32 - 7;
    let mantissa = (magnitude >> (segment + 3)) & 0x0f;
    !(sign | ((segment as u8) << 4) | mantissa as u8)
}

/// One sample from µ-law.
pub const fn ulaw_to_linear(octet: u8) -> i16 {
    let octet = !octet;
    let segment = (octet >> 4) & 7;
    let magnitude = ((((octet & 0x0f) as i32) << 3) + BIAS) << segment;
    let magnitude = magnitude - BIAS;
    (if octet & 0x80 != 0 { -magnitude } else { magnitude }) as i16
}

/// One sample in A-law.
pub const fn alaw(sample: i16) -> u8 {
    let (mut magnitude, sign) =
        if sample >= 0 { (sample as i32 >> 3, 0xd5) } else { ((-(sample as i32) - 1) >> 3, 0x55) };
    if magnitude > 0xfff {
        magnitude = 0xfff;
    }
    let octet = if magnitude < 32 {
        magnitude >> 1
    } else {
        let segment = 31 - (magnitude as u32).leading_zeros() as i32 - 4;
        (segment << 4) | ((magnitude >> segment) & 0x0f)
    };
    octet as u8 ^ sign
}

/// One sample from A-law.
pub const fn alaw_to_linear(octet: u8) -> i16 {
    let octet = octet ^ 0x55;
    let segment = (octet >> 4) & 7;
    let low = ((octet & 0x0f) as i32) << 4;
    let magnitude = if segment == 0 { low + 8 } else { (low + 0x108) << (segment - 1) };
    (if octet & 0x80 != 0 { magnitude } else { -magnitude }) as i16
}

/// Sound from what travelled.
pub fn linear(codec: Codec, octets: &[u8]) -> Vec<i16> {
    let one = match codec {
        Codec::Pcmu => ulaw_to_linear,
        Codec::Pcma => alaw_to_linear,
    };
    octets.iter().map(|octet| one(*octet)).collect()
}

/// Sound as it travels.
pub fn write(codec: Codec, samples: &[i16]) -> Vec<u8> {
    let one = match codec {
        Codec::Pcmu => ulaw,
        Codec::Pcma => alaw,
    };
    samples.iter().map(|sample| one(*sample)).collect()
}

#[cfg(test)]
mod tests {
    use super::{alaw, alaw_to_linear, ulaw, ulaw_to_linear};

    #[test]
    fn every_octet_comes_back() {
        for octet in 0..=255u8 {
            // µ-law has two zeros.
            assert!(ulaw(ulaw_to_linear(octet)) == octet || octet == 0x7f, "{octet:#x}");
            assert_eq!(alaw(alaw_to_linear(octet)), octet);
        }
    }

    #[test]
    fn known_values_are_met() {
        assert_eq!((ulaw(0), ulaw(32_767), ulaw(-32_768)), (0xff, 0x80, 0x00));
        assert_eq!((ulaw_to_linear(0x80), ulaw_to_linear(0x00), ulaw_to_linear(0xff)), (32_124, -32_124, 0));
        assert_eq!((alaw(0), alaw(32_767), alaw(-32_768)), (0xd5, 0xaa, 0x2a));
        assert_eq!((alaw_to_linear(0xd5), alaw_to_linear(0xaa), alaw_to_linear(0x2a)), (8, 32_256, -32_256));
    }

    #[test]
    fn what_comes_back_is_close() {
        for sample in (i16::MIN..=i16::MAX).step_by(7) {
            let slack = i32::from(sample).abs() / 16 + 40;
            for back in [ulaw_to_linear(ulaw(sample)), alaw_to_linear(alaw(sample))] {
                let off = (i32::from(back) - i32::from(sample)).abs();
                assert!(off <= slack.max(650) && (sample.unsigned_abs() > 32_000 || off <= slack), "{sample} {back}");
            }
        }
    }
}
