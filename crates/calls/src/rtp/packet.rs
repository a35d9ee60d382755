//! RTP packets (RFC 3550 section 5.1).

/// Octets of a head without sources.
const HEAD: usize = 12;
/// Longest payload that is taken: 200 ms of G.711.
const LONGEST: usize = 1600;

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The first of a talk-spurt, or of a key.
    pub marker: bool,
    /// What the payload is.
    pub kind: u8,
    /// Counts packets.
    pub sequence: u16,
    /// Counts samples.
    pub timestamp: u32,
    /// Who sends.
    pub source: u32,
    /// The sound, or the key.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a packet; `None` when it is none.
    pub fn parse(octets: &'a [u8]) -> Option<Self> {
        if octets.len() < HEAD || octets[0] >> 6 != 2 {
            return None;
        }
        let word = |at: usize| Some(u32::from_be_bytes(octets.get(at..at + 4)?.try_into().ok()?));
        let mut begin = HEAD + 4 * usize::from(octets[0] & 0x0f);
        if octets[0] & 0x10 != 0 {
            begin += 4 + 4 * (word(begin)? & 0xffff) as usize;
        }
        let mut end = octets.len();
        if octets[0] & 0x20 != 0 {
            let padding = usize::from(*octets.last()?);
            if padding == 0 {
                return None;
            }
            end = end.checked_sub(padding)?;
        }
        let payload = octets.get(begin..end).filter(|payload| payload.len() <= LONGEST)?;
        Some(Self {
            marker: octets[1] & 0x80 != 0,
            kind: octets[1] & 0x7f,
            sequence: u16::from_be_bytes([octets[2], octets[3]]),
            timestamp: word(4)?,
            source: word(8)?,
            payload,
        })
    }

    /// The octets.
    pub fn octets(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD + self.payload.len());
        out.push(0x80);
        out.push(self.kind & 0x7f | if self.marker { 0x80 } else { 0 });
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&self.source.to_be_bytes());
        out.extend_from_slice(self.payload);
        out
    }
}
