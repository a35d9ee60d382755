//! Which encoding a file is in, decided over the whole file while it streams past, and the reader
//! that turns any of them into UTF-8.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::{DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1256};

/// The encodings an import file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-8 with a byte order mark, which is skipped.
    #[serde(rename = "UTF-8 with BOM")]
    Utf8Bom,
    /// UTF-16, little end first.
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, big end first.
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
    /// Windows-1256, the older Arabic code page.
    #[serde(rename = "Windows-1256")]
    Windows1256,
}

impl Encoding {
    /// The name as reports print it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1256 => "Windows-1256",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The file is in none of the encodings that can be told apart with confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownEncoding {
    /// Bytes above 127 that are neither UTF-8 nor Arabic in Windows-1256.
    #[error(
        "the file is neither UTF-8, UTF-16 nor Windows-1256 (first strange byte at offset {at}); \
         save it as \"CSV UTF-8\" and import it again"
    )]
    Text {
        /// Offset of the first byte that is not UTF-8.
        at: u64,
    },
    /// NUL bytes where text cannot have them: a spreadsheet, an archive, a picture.
    #[error("the file is not text; export the sheet as CSV and import that")]
    Binary,
}

/// How many bytes at the start decide about byte order and binary content.
const HEAD: usize = 4096;

/// Looks at a file as it streams past. Memory does not grow with the file.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    head: Vec<u8>,
    offset: u64,
    /// Continuation bytes still expected of a UTF-8 sequence, and the range of the next one.
    pending: u8,
    low: u8,
    high: u8,
    sequences: u64,
    broken: u64,
    first_broken: Option<u64>,
    /// Bytes from 0x80 up, how many stand beside another one, and how many are Arabic in 1256.
    strange: u64,
    in_runs: u64,
    arabic: u64,
    alef: u64,
    run: u64,
}

/// Letters of the Arabic alphabet, its marks and punctuation in Windows-1256.
const fn is_arabic_1256(byte: u8) -> bool {
    matches!(byte, 0xa1 | 0xba | 0xbf | 0x81 | 0x8d | 0x8e | 0x90 | 0x98 | 0x8a | 0x9a | 0xaa | 0xc0..=0xd6 | 0xd8..=0xdf
        | 0xe1 | 0xe3..=0xe6 | 0xec | 0xed | 0xf0..=0xf3 | 0xf5 | 0xf6 | 0xf8 | 0xfa)
}

impl Detector {
    /// A detector that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the file, in order.
    pub fn feed(&mut self, bytes: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.pending == 0 && self.run == 0 {
                let plain = rest.iter().position(|b| *b >= 0x80).unwrap_or(rest.len());
                self.offset += plain as u64;
                rest = &rest[plain..];
            }
            if let [byte, tail @ ..] = rest {
                self.byte(*byte);
                rest = tail;
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.pending > 0 && !(self.low..=self.high).contains(&byte) {
            self.mark_broken();
            self.pending = 0;
        }
        if self.pending > 0 {
            (self.low, self.high) = (0x80, 0xbf);
            self.pending -= 1;
            if self.pending == 0 {
                self.sequences += 1;
            }
        } else if byte >= 0x80 {
            // The table of well-formed sequences: Unicode, table 3-7.
            (self.pending, self.low, self.high) = match byte {
                0xc2..=0xdf => (1, 0x80, 0xbf),
                0xe0 => (2, 0xa0, 0xbf),
                0xed => (2, 0x80, 0x9f),
                0xe1..=0xef => (2, 0x80, 0xbf),
                0xf0 => (3, 0x90, 0xbf),
                0xf1..=0xf3 => (3, 0x80, 0xbf),
                0xf4 => (3, 0x80, 0x8f),
                _ => (0, 0, 0),
            };
            if self.pending == 0 {
                self.mark_broken();
            }
        }
        self.count_strange(byte);
        self.offset += 1;
    }

    fn count_strange(&mut self, byte: u8) {
        if byte >= 0x80 {
            self.strange += 1;
            self.arabic += u64::from(is_arabic_1256(byte));
            self.alef += u64::from(byte == 0xc7);
            self.run += 1;
            self.in_runs += match self.run {
                1 => 0,
                2 => 2,
                _ => 1,
            };
        } else {
            self.run = 0;
        }
    }

    fn mark_broken(&mut self) {
        self.broken += 1;
        self.first_broken.get_or_insert(self.offset);
    }

    /// The verdict over everything fed.
    pub fn finish(mut self) -> Result<Encoding, UnknownEncoding> {
        if self.pending > 0 {
            self.mark_broken();
        }
        match self.head.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => return Ok(Encoding::Utf8Bom),
            [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
            [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
            _ => {}
        }
        if self.head.contains(&0) {
            return self.by_zero_bytes();
        }
        // A few broken sequences among whole ones are damaged rows of a UTF-8 file, not another encoding.
        if self.broken == 0 || self.sequences > self.broken.saturating_mul(2) {
            return Ok(Encoding::Utf8);
        }
        if self.looks_arabic() {
            return Ok(Encoding::Windows1256);
        }
        // Lone broken bytes in a file that is otherwise plain ASCII: those rows are rejected.
        if self.sequences == 0 && self.strange.saturating_mul(1000) < self.offset && self.in_runs == self.strange {
            return Ok(Encoding::Utf8);
        }
        Err(UnknownEncoding::Text { at: self.first_broken.unwrap_or_default() })
    }

    /// Without a byte order mark, ASCII delimiters and line ends still put zeros on one side only.
    fn by_zero_bytes(&self) -> Result<Encoding, UnknownEncoding> {
        let zeros = |parity: usize| self.head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let enough = self.head.len() / 16;
        match (even, odd) {
            (0, odd) if odd > enough => Ok(Encoding::Utf16Le),
            (even, 0) if even > enough => Ok(Encoding::Utf16Be),
            _ => Err(UnknownEncoding::Binary),
        }
    }

    /// Arabic words are runs of letters; the accented letters of Latin code pages stand alone among
    /// ASCII, and Cyrillic ones fall on code points that are not Arabic or lack the alef.
    fn looks_arabic(&self) -> bool {
        let share = |part: u64, percent: u64| part.saturating_mul(100) >= self.strange.saturating_mul(percent);
        share(self.in_runs, 80) && share(self.arabic, 85) && (self.strange < 50 || share(self.alef, 2))
    }
}

/// Reads a file of any [`Encoding`] as UTF-8. What cannot be decoded becomes the byte 0xFF, which
/// no UTF-8 text contains, so that the row it stands in is rejected rather than guessed at.
pub struct Utf8Reader<R> {
    inner: R,
    decoder: Option<encoding_rs::Decoder>,
    /// Bytes to drop at the start (a UTF-8 mark).
    skip: usize,
    raw: Box<[u8]>,
    raw_from: usize,
    raw_to: usize,
    at_end: bool,
    finished: bool,
    /// Decoded text that did not fit into the caller's buffer.
    spare: [u8; SPARE],
    spare_from: usize,
    spare_to: usize,
}

/// Room for any one character and the replacement byte.
const SPARE: usize = 16;
const CHUNK: usize = 64 * 1024;

impl<R: Read> Utf8Reader<R> {
    /// A reader over `inner`, positioned at the start of the file.
    pub fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            Encoding::Windows1256 => Some(WINDOWS_1256.new_decoder_without_bom_handling()),
        };
        let raw = if decoder.is_some() { vec![0; CHUNK].into_boxed_slice() } else { Box::default() };
        let skip = if encoding == Encoding::Utf8Bom { 3 } else { 0 };
        Self {
            inner,
            decoder,
            skip,
            raw,
            raw_from: 0,
            raw_to: 0,
            at_end: false,
            finished: false,
            spare: [0; SPARE],
            spare_from: 0,
            spare_to: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_from == self.raw_to && !self.at_end {
            self.raw_from = 0;
            self.raw_to = self.inner.read(&mut self.raw)?;
            self.at_end = self.raw_to == 0;
        }
        Ok(())
    }

    fn read_plain(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.skip > 0 {
            let mut mark = [0u8; 3];
            let read = self.inner.read(&mut mark[..self.skip])?;
            if read == 0 {
                return Ok(0);
            }
            self.skip -= read;
        }
        self.inner.read(out)
    }
}

impl<R: Read> Utf8Reader<R> {
    /// Decodes into `out`, which has room for [`SPARE`] bytes at least; 0 at the end of the file.
    fn decode(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            self.refill()?;
            let Some(decoder) = self.decoder.as_mut() else { break };
            let room = out.len() - 1;
            let source = &self.raw[self.raw_from..self.raw_to];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(source, &mut out[..room], self.at_end);
            self.raw_from += read;
            let mut filled = written;
            match result {
                DecoderResult::Malformed(..) => {
                    out[filled] = 0xff;
                    filled += 1;
                }
                DecoderResult::InputEmpty => self.finished = self.at_end,
                DecoderResult::OutputFull => {}
            }
            if filled > 0 {
                return Ok(filled);
            }
        }
        Ok(0)
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.read_plain(out);
        }
        if self.spare_from == self.spare_to {
            if out.len() >= SPARE {
                return self.decode(out);
            }
            let mut spare = [0; SPARE];
            self.spare_to = self.decode(&mut spare)?;
            (self.spare, self.spare_from) = (spare, 0);
        }
        let step = out.len().min(self.spare_to - self.spare_from);
        out[..step].copy_from_slice(&self.spare[self.spare_from..self.spare_from + step]);
        self.spare_from += step;
        Ok(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn detect(bytes: &[u8]) -> Result<Encoding, UnknownEncoding> {
        let mut detector = Detector::new();
        detector.feed(bytes);
        detector.finish()
    }

    fn read(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut out = Vec::new();
        Utf8Reader::new(bytes, encoding).read_to_end(&mut out).unwrap();
        out
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    const TEXT: &str = "email,الاسم\nlina@example.com,لينا حداد\n";

    #[test]
    fn every_encoding_is_told_apart_and_read() {
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        let arabic = WINDOWS_1256.encode(TEXT).0.into_owned();
        for (bytes, expected) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", TEXT.as_bytes().to_vec()), Encoding::Utf8Bom),
            (marked(b"\xff\xfe", utf16(TEXT, false)), Encoding::Utf16Le),
            (marked(b"\xfe\xff", utf16(TEXT, true)), Encoding::Utf16Be),
            (utf16(TEXT, false), Encoding::Utf16Le),
            (utf16(TEXT, true), Encoding::Utf16Be),
            (arabic, Encoding::Windows1256),
        ] {
            assert_eq!(detect(&bytes), Ok(expected));
            assert_eq!(String::from_utf8(read(&bytes, expected)).unwrap(), TEXT, "{expected}");
        }
        assert_eq!(detect(b""), Ok(Encoding::Utf8));
        assert_eq!(detect(b"email\nx@example.com\n"), Ok(Encoding::Utf8));
    }

    #[test]
    fn other_code_pages_are_refused_with_advice() {
        let latin = encoding_rs::WINDOWS_1252.encode("email,Name\nm@example.de,Jürgen Müller\nx@example.fr,Zoé\n").0;
        let refusal = detect(&latin).unwrap_err();
        assert!(refusal.to_string().contains("UTF-8"), "{refusal}");
        let cyrillic = encoding_rs::WINDOWS_1251.encode("email,Имя\nx@example.com,Александр Сергеевич Пушкин\n").0;
        assert!(matches!(detect(&cyrillic), Err(UnknownEncoding::Text { .. })));
        assert_eq!(detect(b"PK\x03\x04\x00\x00\x08\x00xl/\x00"), Err(UnknownEncoding::Binary));
    }

    #[test]
    fn damaged_rows_do_not_change_the_encoding_of_a_utf8_file() {
        let mut bytes = TEXT.repeat(4).into_bytes();
        bytes.extend_from_slice(b"bad@example.com,\xff\xfe\n");
        assert_eq!(detect(&bytes), Ok(Encoding::Utf8));
    }

    #[test]
    fn a_lone_surrogate_becomes_a_byte_no_text_has() {
        let mut bytes = utf16("a,b\n", false);
        bytes.extend_from_slice(&[0x00, 0xd8, b'x', 0]);
        assert!(read(&bytes, Encoding::Utf16Le).contains(&0xff));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_one_verdict(bytes: Vec<u8>, cut in 0usize..64) {
            let whole = detect(&bytes);
            let mut pieces = Detector::new();
            let cut = cut.min(bytes.len());
            pieces.feed(&bytes[..cut]);
            pieces.feed(&bytes[cut..]);
            prop_assert_eq!(pieces.finish(), whole);
        }

        #[test]
        fn reading_never_fails(bytes: Vec<u8>, which in 0usize..5) {
            let all = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1256];
            let _ = read(&bytes, all[which]);
        }

        #[test]
        fn utf8_is_always_recognised(text in "\\PC*") {
            prop_assert!(matches!(detect(text.as_bytes()), Ok(Encoding::Utf8 | Encoding::Utf8Bom)));
        }
    }
}
