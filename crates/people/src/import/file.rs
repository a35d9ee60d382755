//! A whole file as a stream of rows.

use std::io::{self, Read};

use kernel::{Code, Problem, Timestamp};

use super::encoding::{Encoding, UnknownEncoding, Utf8Reader};
use super::header::{self, Columns, Header, HeaderError};
use super::records::{Next, Record, Records};
use super::row::{Reject, Row, Warning};

/// Why a file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Its encoding is not known.
    #[error(transparent)]
    Encoding(#[from] UnknownEncoding),
    /// Its header cannot be used.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Reading it failed.
    #[error("reading the file failed: {0}")]
    Io(#[from] io::Error),
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Encoding(_) => Self::field("file", error.to_string()),
            FileError::Header(_) => Self::field("header", error.to_string()),
            FileError::Io(_) => Self::new(Code::Unavailable, error.to_string()),
        }
    }
}

/// A place between two rows, to go on from after an interruption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Bytes of decoded text before it.
    pub offset: u64,
    /// The physical line it stands at.
    pub line: u64,
}

/// Reads a file row by row; memory is bounded whatever the file holds.
pub struct Rows<R> {
    records: Records<Utf8Reader<R>>,
    record: Record,
    header: Header,
    now: Timestamp,
}

impl<R: Read> Rows<R> {
    /// Reads the header of a file that stands at its start. `attributes` are the columns to keep
    /// beside the known ones; evidence later than `now` is not believed.
    pub fn open(file: R, encoding: Encoding, attributes: &[String], now: Timestamp) -> Result<Self, FileError> {
        Self::open_as(file, encoding, &Columns::keeping(attributes), now)
    }

    /// [`Rows::open`] of a file whose columns mean what `columns` says.
    pub fn open_as(file: R, encoding: Encoding, columns: &Columns, now: Timestamp) -> Result<Self, FileError> {
        let mut records = Records::new(Utf8Reader::new(file, encoding), b',');
        let mut record = Record::default();
        let line = records.peek_line()?;
        let named = match line {
            // A spreadsheet's own way of naming the delimiter.
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t')] => Some(*delimiter),
            _ => None,
        };
        let delimiter = named.unwrap_or_else(|| header::delimiter(line));
        records.set_delimiter(delimiter);
        if named.is_some() {
            records.next(&mut record)?;
        }
        let header = match records.next(&mut record)? {
            Next::End => return Err(HeaderError::Empty.into()),
            Next::Bad(reason) => return Err(HeaderError::Unreadable(reason).into()),
            Next::Record => Header::read_as(&record, columns)?,
        };
        Ok(Self { records, record, header, now })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The place behind the last row.
    pub fn position(&self) -> Position {
        let (offset, line) = self.records.position();
        Position { offset, line }
    }

    /// Goes to a place behind the header.
    pub fn resume(&mut self, position: Position) -> io::Result<()> {
        self.records.skip((position.offset, position.line))
    }

    /// The next row, or why it is none; `None` at the end of the file.
    pub fn next(&mut self, warnings: &mut Vec<Warning>) -> io::Result<Option<Result<Row, Reject>>> {
        Ok(match self.records.next(&mut self.record)? {
            Next::End => None,
            Next::Bad(reason) => {
                Some(Err(Reject { line: self.record.line, reason: reason.to_owned(), value: String::new() }))
            }
            Next::Record => Some(Row::read(&self.record, &self.header, self.now, warnings)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Read1 {
        rows: Vec<Row>,
        rejects: Vec<Reject>,
        warnings: Vec<Warning>,
    }

    fn read(text: &[u8], attributes: &[&str]) -> Result<Read1, FileError> {
        let attributes: Vec<String> = attributes.iter().map(ToString::to_string).collect();
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        let mut detector = super::super::encoding::Detector::new();
        detector.feed(text);
        let mut file = Rows::open(text, detector.finish()?, &attributes, now)?;
        let mut out = Read1 { rows: Vec::new(), rejects: Vec::new(), warnings: Vec::new() };
        while let Some(row) = file.next(&mut out.warnings)? {
            match row {
                Ok(row) => out.rows.push(row),
                Err(reject) => out.rejects.push(reject),
            }
        }
        Ok(out)
    }

    #[test]
    fn a_row_is_read_whole() {
        let text = "E-Mail;Phone;First Name;Last Name;Language;Country;Time Zone;Company;Recipient Type;Tags;Consent Time;\
                    Consent Source;Consent IP;Confirmed At;Confirmed IP;Shoe size;Secret\n\
                    Lina@Example.com;0170 1234567;لينا;Haddad;العربية;ألمانيا;europe/berlin;Barid;sole trader;\"vip;berlin\";\
                    2026-01-02;form;192.0.2.1;2026-01-02 10:00;2001:db8::1;38;x\n";
        let file = read(text.as_bytes(), &["shoe size"]).unwrap();
        assert_eq!(file.warnings, []);
        let row = &file.rows[0];
        assert_eq!(row.email.as_ref().unwrap().normal(), "lina@example.com");
        assert_eq!(row.phone.as_ref().unwrap().as_str(), "+491701234567");
        assert_eq!(row.first_name.as_deref(), Some("لينا"));
        assert_eq!(row.language.as_ref().unwrap().as_str(), "ar");
        assert_eq!(row.country.unwrap().as_str(), "DE");
        assert_eq!(row.time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(row.recipient_type, Some("sole_trader"));
        assert_eq!(row.tags, ["vip", "berlin"]);
        assert_eq!(row.attributes, [(0, "38".to_owned())]);
        assert_eq!(row.evidence.confirmed_ip, Some("2001:db8::1".parse().unwrap()));
        assert_eq!(row.evidence.consent_at.unwrap().to_string(), "2026-01-02T00:00:00Z");
    }

    #[test]
    fn bad_optional_values_are_dropped_and_bad_identifiers_reject() {
        let text = "email,phone,country,consent time,first name\n\
                    a@example.com,12,Atlantis,03/04/2026,A\n\
                    ,+49 170 1234567,,,B\n\
                    not an address,+491701234567,,,C\n\
                    ,12,,,D\n\
                    ,,,,E\n\
                    b@example.com,,,2030-01-01,F\n";
        let file = read(text.as_bytes(), &[]).unwrap();
        let lines: Vec<u64> = file.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 3, 7]);
        let rejects: Vec<(u64, &str, &str)> =
            file.rejects.iter().map(|r| (r.line, r.reason.split(':').next().unwrap(), r.value.as_str())).collect();
        assert_eq!(rejects, [(4, "email", "not an address"), (5, "phone", "12"), (6, "neither e-mail nor phone", "")]);
        let warned: Vec<(u64, &str)> = file.warnings.iter().map(|w| (w.line, w.column.as_str())).collect();
        assert_eq!(warned, [(2, "country"), (2, "consent time"), (2, "phone"), (7, "consent time")]);
    }

    #[test]
    fn damaged_rows_are_rejected_with_their_line_and_the_rest_goes_on() {
        let mut text = b"sep=,\nemail,first name\nlina@example.com,\"two\nlines\"\nx@example.com,\xff\xfe\n".to_vec();
        text.extend_from_slice(
            "y@example.com,a,b\nz@example.com,\"open\nw@example.com,لينا حداد لينا حداد\n".as_bytes(),
        );
        let file = read(&text, &[]).unwrap();
        assert_eq!(file.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 8]);
        assert_eq!(file.rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [5, 6, 7]);
        assert_eq!(file.rejects[1].reason, "3 fields where the header has 2");
    }

    #[test]
    fn neutralised_exports_are_read_back() {
        let file = read(b"phone,first name\n'+491701234567,'=1+1\n", &[]).unwrap();
        assert_eq!(file.rows[0].phone.as_ref().unwrap().as_str(), "+491701234567");
        assert_eq!(file.rows[0].first_name.as_deref(), Some("=1+1"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = read(&bytes, &[]);
            let _ = read(&[b"email,phone,tags,consent time,country\n".as_slice(), &bytes].concat(), &[]);
        }
    }
}
