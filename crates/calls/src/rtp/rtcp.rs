//! Sender reports (RFC 3550 section 6.4.1), with the name that must come with them.

use kernel::Timestamp;

/// Seconds from 1900 to 1970.
const NTP: i64 = 2_208_988_800;

/// What was sent so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Packets.
    pub packets: u32,
    /// Octets of sound.
    pub octets: u32,
}

/// A sender report with a name that says nothing about anybody.
pub fn sender_report(now: Timestamp, source: u32, timestamp: u32, counts: Counts) -> Vec<u8> {
    let (seconds, micros) = (now.0.div_euclid(1_000_000), now.0.rem_euclid(1_000_000));
    let fraction = ((micros as u64) << 32) / 1_000_000;
    let mut out = vec![0x80, 200];
    out.extend_from_slice(&6u16.to_be_bytes());
    for word in [source, (seconds + NTP) as u32, fraction as u32, timestamp, counts.packets, counts.octets] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    let name = format!("{source:08x}@barid");
    let mut chunk = source.to_be_bytes().to_vec();
    chunk.push(1);
    chunk.push(name.len() as u8);
    chunk.extend_from_slice(name.as_bytes());
    // The list ends with a zero, on a word's border.
    chunk.push(0);
    chunk.resize(chunk.len().div_ceil(4) * 4, 0);
    out.extend_from_slice(&[0x81, 202]);
    out.extend_from_slice(&((chunk.len() / 4) as u16).to_be_bytes());
    out.extend_from_slice(&chunk);
    out
}

/// The last report: an empty one, the name, and the goodbye.
pub fn goodbye(now: Timestamp, source: u32, timestamp: u32, counts: Counts) -> Vec<u8> {
    let mut out = sender_report(now, source, timestamp, counts);
    out.extend_from_slice(&[0x81, 203, 0, 1]);
    out.extend_from_slice(&source.to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::{Counts, goodbye};
    use kernel::Timestamp;

    #[test]
    fn every_part_says_its_length() {
        let report = goodbye(Timestamp(1_500_000), 7, 160, Counts { packets: 1, octets: 160 });
        let (mut at, mut kinds) = (0, Vec::new());
        while at < report.len() {
            assert_eq!(report[at] >> 6, 2);
            kinds.push(report[at + 1]);
            at += 4 * (usize::from(u16::from_be_bytes([report[at + 2], report[at + 3]])) + 1);
        }
        assert_eq!((at, kinds), (report.len(), vec![200, 202, 203]));
        assert_eq!(report[8..16], [0x83, 0xaa, 0x7e, 0x81, 0x80, 0, 0, 0]);
    }
}
