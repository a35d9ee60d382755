//! A look at the beginning of a file before it is imported: how it is written, what its columns are called,
//! probably mean and hold, and what is wrong with it. Nothing is kept.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::encoding::Detector;
use super::header::{self, Column, Columns};
use super::records::{Next, Record, Records};
use super::row::{Reject, Warning, shown};
use super::{Encoding, Rows, Utf8Reader, attribute_key};

/// So much of a file is looked at, in octets.
pub const MAX_LOOK: usize = 1 << 20;
/// Values shown per column.
const SAMPLES: usize = 3;
/// Rejects and warnings shown.
const SHOWN: usize = 20;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its place, from 0.
    pub index: usize,
    /// Its name as the file has it.
    pub name: String,
    /// The field that its name, or else its values, speak for.
    pub guess: Option<Column>,
    /// The key that it would have as a custom field.
    pub attribute_key: String,
    /// Up to three different values.
    pub samples: Vec<String>,
    /// In how many of the rows it has a value.
    pub filled: u64,
}

/// What speaks against importing the file as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// `encoding`, `header`, `no_identifier`, `quotes`, `field_count`, `mostly_rejected` or `empty`.
    pub code: &'static str,
    /// What and where, in English.
    pub detail: String,
}

/// What was found.
#[derive(Clone, Default)]
pub struct Inspection {
    /// The encoding's name; empty when none fits.
    pub encoding: String,
    /// What separates fields.
    pub delimiter: String,
    /// The columns.
    pub columns: Vec<Seen>,
    /// Rows looked at, rejected ones included.
    pub rows: u64,
    /// Rows that would not be imported.
    pub rejected: u64,
    /// The first of them.
    pub rejects: Vec<Reject>,
    /// Optional values that would be dropped: the first of them.
    pub warnings: Vec<Warning>,
    /// What speaks against importing the file as it is.
    pub problems: Vec<Trouble>,
}

impl Inspection {
    fn trouble(&mut self, code: &'static str, detail: impl Into<String>) {
        if self.problems.iter().all(|known| known.code != code) {
            self.problems.push(Trouble { code, detail: detail.into() });
        }
    }
}

/// Looks at the beginning of a file. `whole` says that it is all of it; otherwise its last row is left out,
/// which may be cut.
pub fn inspect(bytes: &[u8], whole: bool, now: Timestamp) -> Inspection {
    let mut found = Inspection::default();
    let bytes = &bytes[..bytes.len().min(MAX_LOOK)];
    let bytes = if whole { bytes } else { to_last_line(bytes) };
    let mut detector = Detector::new();
    detector.feed(bytes);
    let encoding = match detector.finish() {
        Ok(encoding) => encoding,
        Err(error) => {
            found.trouble("encoding", error.to_string());
            return found;
        }
    };
    encoding.name().clone_into(&mut found.encoding);
    if let Err(error) = columns(bytes, encoding, &mut found) {
        found.trouble("header", format!("the file cannot be read: {error}"));
        return found;
    }
    rows(bytes, encoding, now, &mut found);
    found
}

/// Everything up to the last line end; all of it when there is none.
fn to_last_line(bytes: &[u8]) -> &[u8] {
    // An end of line in UTF-16 takes two octets: an even length keeps its pairs together.
    let end = memchr::memrchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    &bytes[..(end + end % 2).min(bytes.len())]
}

/// The header and what stands below it, as text.
fn columns(bytes: &[u8], encoding: Encoding, found: &mut Inspection) -> std::io::Result<()> {
    let mut records = Records::new(Utf8Reader::new(bytes, encoding), b',');
    let mut record = Record::default();
    let line = records.peek_line()?;
    let named = match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t')] => Some(*delimiter),
        _ => None,
    };
    let delimiter = named.unwrap_or_else(|| header::delimiter(line));
    found.delimiter = char::from(delimiter).to_string();
    records.set_delimiter(delimiter);
    if named.is_some() {
        records.next(&mut record)?;
    }
    match records.next(&mut record)? {
        Next::End => {
            found.trouble("empty", "the file is empty; its first row must name the columns");
            return Ok(());
        }
        Next::Bad(reason) => {
            found.trouble("header", format!("the first row cannot be read: {reason}"));
            return Ok(());
        }
        Next::Record => {}
    }
    found.columns = (0..record.len().min(super::records::MAX_FIELDS))
        .map(|index| {
            let name = shown(record.bytes(index).unwrap_or_default()).trim().to_owned();
            let (guess, attribute_key) = (Column::named(&name), attribute_key(&name));
            Seen { index, name, guess, attribute_key, samples: Vec::new(), filled: 0 }
        })
        .collect();
    let mut looks: Vec<Looks> = vec![Looks::default(); found.columns.len()];
    loop {
        match records.next(&mut record)? {
            Next::End => break,
            Next::Bad(_) => continue,
            Next::Record => {}
        }
        for (column, looks) in found.columns.iter_mut().zip(&mut looks) {
            let text = shown(record.bytes(column.index).unwrap_or_default());
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            column.filled += 1;
            looks.take(text);
            if column.samples.len() < SAMPLES && column.samples.iter().all(|known| known != text) {
                column.samples.push(text.to_owned());
            }
        }
    }
    guess_by_values(found, &looks);
    Ok(())
}

/// What values of a column look like.
#[derive(Debug, Clone, Copy, Default)]
struct Looks {
    values: u64,
    addresses: u64,
    numbers: u64,
}

impl Looks {
    fn take(&mut self, text: &str) {
        self.values += 1;
        self.addresses += u64::from(kernel::Email::parse(text).is_ok());
        self.numbers += u64::from(kernel::Phone::parse(&kernel::fold(text), None).is_ok());
    }
}

/// A column whose name says nothing is an address or number when nearly all of its values are.
fn guess_by_values(found: &mut Inspection, looks: &[Looks]) {
    let count: fn(&Looks) -> u64 = |looks| looks.addresses;
    let phones: fn(&Looks) -> u64 = |looks| looks.numbers;
    for (wanted, of) in [(Column::Email, count), (Column::Phone, phones)] {
        if found.columns.iter().any(|column| column.guess == Some(wanted)) {
            continue;
        }
        let best = looks
            .iter()
            .zip(&mut found.columns)
            .filter(|(looks, column)| column.guess.is_none() && looks.values > 0 && of(looks) * 10 >= looks.values * 8);
        if let Some((_, column)) = best.max_by_key(|(looks, _)| of(looks)) {
            column.guess = Some(wanted);
        }
    }
}

/// What would become of the rows, with the columns as guessed.
fn rows(bytes: &[u8], encoding: Encoding, now: Timestamp, found: &mut Inspection) {
    let mut twice: BTreeMap<Column, Vec<String>> = BTreeMap::new();
    for column in &found.columns {
        if let Some(guess) = column.guess {
            twice.entry(guess).or_default().push(column.name.clone());
        }
    }
    for (field, names) in twice.into_iter().filter(|(_, names)| names.len() > 1) {
        found.trouble("header", format!("{} columns may be the {}: {}", names.len(), field.name(), names.join(", ")));
    }
    if found.columns.is_empty() {
        return;
    }
    let targets = found.columns.iter().map(|column| {
        let target = column.guess.map_or(super::Target::Drop, |guess| super::Target::Field(guess.code()));
        (column.index, target)
    });
    let columns = Columns { keep: Vec::new(), targets: targets.collect() };
    let mut rows = match Rows::open_as(bytes, encoding, &columns, now) {
        Ok(rows) => rows,
        Err(error) => {
            let code = match &error {
                super::FileError::Header(super::HeaderError::NoIdentifier(_)) => "no_identifier",
                _ => "header",
            };
            found.trouble(code, error.to_string());
            return;
        }
    };
    let mut warnings = Vec::new();
    loop {
        match rows.next(&mut warnings) {
            Ok(None) | Err(_) => break,
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(reject))) => {
                found.rejected += 1;
                let code = super::job::reject_code(&reject.reason);
                if matches!(code, "quotes" | "field_count" | "encoding") {
                    found.trouble(code, format!("line {}: {}", reject.line, reject.reason));
                }
                if found.rejects.len() < SHOWN {
                    found.rejects.push(reject);
                }
            }
        }
        found.rows += 1;
        warnings.truncate(SHOWN);
    }
    found.warnings = warnings;
    if found.rows > 4 && found.rejected * 2 > found.rows {
        let detail = format!("{} of the first {} rows would not be imported", found.rejected, found.rows);
        found.trouble("mostly_rejected", detail);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look(bytes: &[u8]) -> Inspection {
        inspect(bytes, true, "2026-11-21T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn an_arabic_file_of_an_old_spreadsheet_is_understood() {
        // Windows-1256: "الاسم;البريد الإلكتروني;الجوال" and two people.
        let text = "الاسم;البريد الإلكتروني;الجوال;ملاحظة\nلينا;lina@example.com;+٩٦٦٥٠١٢٣٤٥٦٧;عميلة دائمة\nعمر;omar@example.com;;\n";
        let bytes: Vec<u8> = text.chars().map(in_windows_1256).collect();
        let found = look(&bytes);
        assert_eq!((found.encoding.to_lowercase().contains("1256"), found.delimiter.as_str()), (true, ";"));
        let guesses: Vec<_> = found.columns.iter().map(|column| column.guess).collect();
        assert_eq!(guesses, [Some(Column::FirstName), Some(Column::Email), Some(Column::Phone), None]);
        assert_eq!(found.columns[3].samples, ["عميلة دائمة"]);
        assert_eq!((found.rows, found.rejected, found.problems.len()), (2, 0, 0));
    }

    /// The octet of a character in Windows-1256; Arabic digits, which the code page lacks, become ASCII ones.
    fn in_windows_1256(c: char) -> u8 {
        if c.is_ascii() {
            return c as u8;
        }
        if let Some(digit) = "٠١٢٣٤٥٦٧٨٩".chars().position(|known| known == c) {
            return b'0' + digit as u8;
        }
        let reads_as = |octet: &u8| {
            let (octets, mut text) = ([*octet], String::new());
            let mut reader = Utf8Reader::new(&octets[..], Encoding::Windows1256);
            std::io::Read::read_to_string(&mut reader, &mut text).is_ok() && text.starts_with(c)
        };
        (0x80..=0xffu8).find(reads_as).unwrap()
    }

    #[test]
    fn what_is_broken_is_named_with_its_line() {
        let found = look(
            "email,name\n\"a@example.com,A\nb@example.com,B,C\nc@example.com,\"x\"y\nd@example.com,D\n".as_bytes(),
        );
        let codes: Vec<_> = found.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["quotes", "field_count"]);
        assert!(found.problems[0].detail.starts_with("line 2: "));
        assert_eq!((found.rows, found.rejected), (4, 3));
        assert_eq!(look(b"").problems[0].code, "empty");
        assert_eq!(look(b"colour,size\nred,3\n").problems[0].code, "no_identifier");
        assert_eq!(look("email,E-Mail\na@example.com,a@example.com\n".as_bytes()).problems[0].code, "header");
    }

    #[test]
    fn values_speak_where_names_are_silent() {
        let found = look("a,b,c\n1,lina@example.com,x\n2,omar@example.com,y\n".as_bytes());
        assert_eq!(found.columns[1].guess, Some(Column::Email));
        assert_eq!((found.problems.len(), found.rows, found.rejected), (0, 2, 0));
    }

    #[test]
    fn a_cut_row_is_left_out() {
        let cut = inspect(b"email\na@example.com\nb@exa", false, Timestamp(0));
        assert_eq!((cut.rows, cut.rejected), (1, 0));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, whole: bool) {
            let _ = inspect(&bytes, whole, Timestamp(0));
            let _ = inspect(&[b"email,\xc7\xe1,b\n".as_slice(), &bytes].concat(), whole, Timestamp(0));
        }
    }
}
