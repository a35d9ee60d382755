//! Exports of the ledger that somebody may have tampered with, and record headers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy::ledger::{Header, verify_lines};

fuzz_target!(|bytes: &[u8]| {
    if let Some(header) = Header::parse(bytes) {
        let _ = format!("{header:?}");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = verify_lines(text.lines(), None);
    }
});
