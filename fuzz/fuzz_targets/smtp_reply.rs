//! Answers of mail servers, which may end anywhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mail::smtp::{EnhancedCode, Reply};

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Ok(Some((reply, used))) = Reply::parse(rest) {
        assert!(used > 0 && used <= rest.len());
        let _ = (reply.is_positive(), reply.is_permanent(), reply.lines().count());
        rest = &rest[used..];
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = EnhancedCode::parse(text);
    }
});
