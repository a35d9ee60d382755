//! The rejects file: CSV with line, reason and value, safe to open in a spreadsheet.

use std::io::{self, Write};

use super::row::Reject;
use crate::export::formula::neutral;

/// The header of a rejects file.
pub const HEADER: [&str; 3] = ["line", "reason", "value"];

/// Writes rejects as CSV (UTF-8), header first.
pub struct RejectsWriter<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> RejectsWriter<W> {
    /// A writer that has written its header.
    pub fn new(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(HEADER)?;
        Ok(Self { out })
    }

    /// Adds one row.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        self.out.write_record([&*reject.line.to_string(), &*neutral(&reject.reason), &*neutral(&reject.value)])?;
        Ok(())
    }

    /// Gives the underlying writer back, everything flushed.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_in_rejected_values_are_disarmed() {
        let mut out = RejectsWriter::new(Vec::new()).unwrap();
        let value = "=cmd|' /C calc'!A0".to_owned();
        out.write(&Reject { line: 7, reason: "email: an e-mail address needs a name".into(), value }).unwrap();
        let text = String::from_utf8(out.finish().unwrap()).unwrap();
        assert_eq!(text, "line,reason,value\n7,email: an e-mail address needs a name,'=cmd|' /C calc'!A0\n");
    }
}
