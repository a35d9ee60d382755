//! Whole messages that people send back: MIME, encodings, quotes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let parts = mail::reply::parts(bytes);
    assert!(parts.text.chars().count() <= 20_000);
});
