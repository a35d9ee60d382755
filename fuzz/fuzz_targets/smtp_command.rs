//! Commands of clients at the inbound listener.
#![no_main]

use libfuzzer_sys::fuzz_target;

// The parser is private to the listener and has no imports of its own.
#[path = "../../crates/mail/src/inbound/command.rs"]
mod command;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(command::Command::Rcpt { to }) = command::Command::parse(bytes) {
        assert!(!to.is_empty() && !to.contains(['\r', '\n']));
    }
});
