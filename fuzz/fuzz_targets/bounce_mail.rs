//! Delivery reports (RFC 3464), feedback reports (RFC 5965), and what calls itself one.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let explained = mail::bounce::explain_bounce(bytes);
    assert!(explained.status.is_none_or(|status| status.len() <= 16));
});
