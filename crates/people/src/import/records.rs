//! Splits delimited text into records (RFC 4180 and what spreadsheets make of it): bounded memory,
//! the first physical line of every record, and recovery from broken quoting.

use std::io::{self, Read};

/// The largest record that is read, in bytes; a longer one is passed over and reported.
pub const MAX_RECORD: usize = 1 << 20;
/// The most fields of one record.
pub const MAX_FIELDS: usize = 1024;

/// One record: its fields unquoted, in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The first physical line of the record, from 1.
    pub line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// The number of fields.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of a field.
    pub fn bytes(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        self.text.get(start..end)
    }

    /// Whether every field is UTF-8.
    pub fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.text).is_ok() && (0..self.len()).all(|i| self.field(i).is_some())
    }

    /// The text of a field; `None` when there is no such field or it is not UTF-8.
    pub fn field(&self, index: usize) -> Option<&str> {
        std::str::from_utf8(self.bytes(index)?).ok()
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
    }

    fn is_blank(&self) -> bool {
        self.ends.len() <= 1 && self.text.is_empty()
    }
}

/// What the next stretch of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A record was read.
    Record,
    /// A line that cannot be read, and why; the record holds the number of the line and nothing else.
    Bad(&'static str),
    /// The file is at its end.
    End,
}

/// Why a record was passed over.
pub const TOO_LARGE: &str = "record larger than 1 MiB";
/// Why a line was passed over.
pub const UNCLOSED: &str = "a quote opened in this row is never closed";
/// Why a line was passed over.
pub const AFTER_QUOTE: &str = "text follows a closing quote; quotes inside a value are written twice";
/// Why a record was passed over.
pub const TOO_MANY: &str = "more than 1024 fields";

enum Scan {
    /// A whole record of so many bytes, line end included, and its physical lines.
    Whole {
        used: usize,
        lines: u64,
    },
    /// The window ends within the record; `quoted` says where.
    More {
        quoted: bool,
    },
    Broken(&'static str),
}

/// Reads records from UTF-8 (or damaged UTF-8) text.
pub struct Records<R> {
    inner: R,
    delimiter: u8,
    window: Vec<u8>,
    from: usize,
    to: usize,
    at_end: bool,
    line: u64,
    consumed: u64,
}

impl<R: Read> Records<R> {
    /// A reader of records separated by line ends, fields by `delimiter`.
    pub fn new(inner: R, delimiter: u8) -> Self {
        Self { inner, delimiter, window: vec![0; 64 * 1024], from: 0, to: 0, at_end: false, line: 1, consumed: 0 }
    }

    /// Bytes of (decoded) text behind the last record: a position to resume from with [`Self::skip`].
    pub fn position(&self) -> (u64, u64) {
        (self.consumed, self.line)
    }

    /// Goes to a position given by [`Self::position`] on the same file.
    pub fn skip(&mut self, (consumed, line): (u64, u64)) -> io::Result<()> {
        while self.consumed < consumed {
            if self.from == self.to && !self.fill()? {
                break;
            }
            let step = (self.to - self.from).min(usize::try_from(consumed - self.consumed).unwrap_or(usize::MAX));
            self.from += step;
            self.consumed += step as u64;
        }
        self.line = line;
        Ok(())
    }

    /// Changes the delimiter; used once the header is known.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// The text of the present physical line without consuming it, as far as the window goes.
    pub fn peek_line(&mut self) -> io::Result<&[u8]> {
        loop {
            if let Some(end) = self.window[self.from..self.to].iter().position(|b| matches!(b, b'\n' | b'\r')) {
                return Ok(&self.window[self.from..self.from + end]);
            }
            if self.to - self.from >= MAX_RECORD || !self.fill()? {
                return Ok(&self.window[self.from..self.to]);
            }
        }
    }

    /// Reads the next record into `record`. Blank lines are passed over silently.
    pub fn next(&mut self, record: &mut Record) -> io::Result<Next> {
        loop {
            record.clear(self.line);
            if self.from == self.to && !self.fill()? {
                return Ok(Next::End);
            }
            match self.scan(record) {
                Scan::Whole { used, lines } => {
                    self.advance(used, lines);
                    if record.len() > MAX_FIELDS {
                        record.clear(record.line);
                        return Ok(Next::Bad(TOO_MANY));
                    }
                    if !record.is_blank() {
                        return Ok(Next::Record);
                    }
                }
                Scan::Broken(reason) => {
                    self.drop_line()?;
                    record.clear(record.line);
                    return Ok(Next::Bad(reason));
                }
                Scan::More { quoted } => {
                    // At the end of the file the same text is looked at once more, as a last record.
                    if !self.at_end && self.to - self.from < MAX_RECORD {
                        self.fill()?;
                        continue;
                    }
                    let reason = self.recover(quoted)?;
                    record.clear(record.line);
                    return Ok(Next::Bad(reason));
                }
            }
        }
    }

    /// Gets past a record that does not end within the window. A quote that was never closed must
    /// not swallow the rest of the file: reading goes on at the line after the one that opened it.
    fn recover(&mut self, quoted: bool) -> io::Result<&'static str> {
        let has_line_end = self.window[self.from..self.to].iter().any(|b| matches!(b, b'\n' | b'\r'));
        if quoted && (has_line_end || self.at_end) {
            self.drop_line()?;
            return Ok(if self.at_end { UNCLOSED } else { TOO_LARGE });
        }
        self.drop_line()?;
        Ok(TOO_LARGE)
    }

    fn advance(&mut self, bytes: usize, lines: u64) {
        self.from += bytes;
        self.consumed += bytes as u64;
        self.line += lines;
    }

    /// Drops everything up to and including the next line end, holding one window at most.
    fn drop_line(&mut self) -> io::Result<()> {
        loop {
            let seen = &self.window[self.from..self.to];
            if let Some(end) = seen.iter().position(|b| matches!(b, b'\n' | b'\r')) {
                if seen[end] == b'\r' && end + 1 == seen.len() && !self.at_end {
                    self.advance(end, 0);
                    self.fill()?;
                    continue;
                }
                let pair = seen[end] == b'\r' && seen.get(end + 1) == Some(&b'\n');
                self.advance(end + 1 + usize::from(pair), 1);
                return Ok(());
            }
            self.advance(self.to - self.from, 0);
            if !self.fill()? {
                self.line += 1;
                return Ok(());
            }
        }
    }

    /// Gets more text behind what is held; false at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        if self.from > 0 {
            self.window.copy_within(self.from..self.to, 0);
            self.to -= self.from;
            self.from = 0;
        }
        if self.window.len() - self.to < 4096 {
            self.window.resize((self.window.len() * 2).min(MAX_RECORD + 64 * 1024), 0);
        }
        loop {
            match self.inner.read(&mut self.window[self.to..]) {
                Ok(0) => {
                    self.at_end = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.to += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Scans one record from the window into `record`.
    fn scan(&self, record: &mut Record) -> Scan {
        let text = &self.window[self.from..self.to];
        let mut at = 0;
        let mut lines = 1;
        loop {
            if text.get(at) == Some(&b'"') {
                match self.quoted(text, at + 1, record, &mut lines) {
                    Ok(after) => at = after,
                    Err(scan) => return scan,
                }
            } else {
                let end = text[at..]
                    .iter()
                    .position(|b| *b == self.delimiter || matches!(b, b'\n' | b'\r'))
                    .map_or(text.len(), |length| at + length);
                record.text.extend_from_slice(&text[at..end]);
                at = end;
            }
            match text.get(at) {
                Some(b'\n') => {
                    record.ends.push(record.text.len());
                    return Scan::Whole { used: at + 1, lines };
                }
                Some(b'\r') => {
                    if at + 1 == text.len() && !self.at_end {
                        return Scan::More { quoted: false };
                    }
                    record.ends.push(record.text.len());
                    let pair = text.get(at + 1) == Some(&b'\n');
                    return Scan::Whole { used: at + 1 + usize::from(pair), lines };
                }
                Some(_) => {
                    record.ends.push(record.text.len());
                    at += 1;
                }
                None if self.at_end => {
                    record.ends.push(record.text.len());
                    return Scan::Whole { used: at, lines };
                }
                None => return Scan::More { quoted: false },
            }
        }
    }

    /// Reads a quoted value whose opening quote stands before `at`; gives the place behind it.
    fn quoted(&self, text: &[u8], mut at: usize, record: &mut Record, lines: &mut u64) -> Result<usize, Scan> {
        loop {
            let Some(length) = text[at..].iter().position(|b| *b == b'"') else {
                return Err(Scan::More { quoted: true });
            };
            record.text.extend_from_slice(&text[at..at + length]);
            *lines += line_ends(&text[at..at + length]);
            at += length + 1;
            match text.get(at) {
                Some(b'"') => {
                    record.text.push(b'"');
                    at += 1;
                }
                None if !self.at_end => return Err(Scan::More { quoted: true }),
                Some(b) if *b != self.delimiter && !matches!(b, b'\n' | b'\r') => {
                    return Err(Scan::Broken(AFTER_QUOTE));
                }
                _ => return Ok(at),
            }
        }
    }
}

/// Physical line ends within a value: LF, CR LF or a lone CR.
fn line_ends(text: &[u8]) -> u64 {
    let mut count = 0;
    for (index, byte) in text.iter().enumerate() {
        count += u64::from(*byte == b'\n' || (*byte == b'\r' && text.get(index + 1) != Some(&b'\n')));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let mut records = Records::new(text, b',');
        let mut record = Record::default();
        let mut out = Vec::new();
        loop {
            match records.next(&mut record).unwrap() {
                Next::End => return out,
                Next::Bad(reason) => out.push((record.line, Err(reason))),
                Next::Record => {
                    let fields = (0..record.len()).map(|i| String::from_utf8_lossy(record.bytes(i).unwrap()).into());
                    out.push((record.line, Ok(fields.collect())));
                }
            }
        }
    }

    fn ok(line: u64, fields: &[&str]) -> (u64, Result<Vec<String>, &'static str>) {
        (line, Ok(fields.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn quotes_line_ends_and_line_numbers() {
        let text = b"a,b\r\n\"x \"\"y\"\"\",\"two\nlines\"\r\n\r\nlast,\"\"\rmac,5\" pipe";
        let expected =
            [ok(1, &["a", "b"]), ok(2, &["x \"y\"", "two\nlines"]), ok(5, &["last", ""]), ok(6, &["mac", "5\" pipe"])];
        assert_eq!(all(text), expected);
        assert_eq!(all(b"a,\n"), [ok(1, &["a", ""])]);
    }

    #[test]
    fn broken_quotes_cost_one_line_only() {
        let text = b"a,b\nx,\"open\ny,2\nz,\"3\"\n";
        assert_eq!(all(text), [ok(1, &["a", "b"]), (2, Err(AFTER_QUOTE)), ok(3, &["y", "2"]), ok(4, &["z", "3"])]);
        let text = b"a,b\nx,\"open\ny,2\nz,3\n";
        assert_eq!(all(text), [ok(1, &["a", "b"]), (2, Err(UNCLOSED)), ok(3, &["y", "2"]), ok(4, &["z", "3"])]);
    }

    #[test]
    fn a_hundred_megabyte_cell_is_passed_over_without_holding_it() {
        for (open, size, close) in [("x,", 100 << 20, "\ny,2\n"), ("x,\"", 5 << 20, "\"\ny,2\n")] {
            let text = open.as_bytes().chain(io::repeat(b'a').take(size)).chain(close.as_bytes());
            let mut records = Records::new(text, b',');
            let mut record = Record::default();
            assert_eq!(records.next(&mut record).unwrap(), Next::Bad(TOO_LARGE));
            assert_eq!(record.line, 1);
            assert_eq!(records.next(&mut record).unwrap(), Next::Record);
            assert_eq!((record.line, record.field(0)), (2, Some("y")));
            assert!(records.window.len() <= MAX_RECORD + 64 * 1024);
        }
    }

    #[test]
    fn reading_resumes_where_it_stopped() {
        let text = b"a,b\n\"1\n2\",3\n4,5\n";
        let mut records = Records::new(&text[..], b',');
        let mut record = Record::default();
        records.next(&mut record).unwrap();
        records.next(&mut record).unwrap();
        let position = records.position();
        let mut again = Records::new(&text[..], b',');
        again.skip(position).unwrap();
        again.next(&mut record).unwrap();
        assert_eq!((record.line, record.field(1)), (4, Some("5")));
    }

    /// Gives a few bytes at a time, to put every boundary inside a record.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let take = self.1.min(self.0.len()).min(out.len());
            out[..take].copy_from_slice(&self.0[..take]);
            self.0 = &self.0[take..];
            Ok(take)
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()], 0..200), step in 1usize..7) {
            let whole = all(&bytes);
            let mut records = Records::new(Trickle(&bytes, step), b',');
            let mut record = Record::default();
            let mut count = 0;
            while records.next(&mut record).unwrap() != Next::End {
                prop_assert_eq!(record.line, whole[count].0);
                count += 1;
            }
            prop_assert_eq!(count, whole.len());
        }

        #[test]
        fn what_the_csv_crate_writes_is_read_back(rows in proptest::collection::vec(
            proptest::collection::vec("[a\",;\r\n\u{644} ]{0,6}", 2..4), 0..8)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = writer.into_inner().unwrap();
            let read: Vec<Vec<String>> = all(&text).into_iter().map(|(_, fields)| fields.unwrap()).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
