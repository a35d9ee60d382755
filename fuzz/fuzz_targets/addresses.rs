//! Addresses and telephone numbers as people type them; what parses keeps its meaning when it is parsed again.
#![no_main]

use kernel::{Email, Phone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(email) = Email::parse(text) {
        assert!(Email::parse(&email.normal()).is_ok_and(|again| again.normal() == email.normal()));
        assert!(!email.wire().contains(['\r', '\n', ' ', '<', '>']));
    }
    for country in [None, Some("SA"), Some("DE")] {
        if let Ok(phone) = Phone::parse(text, country) {
            assert!(Phone::parse(phone.as_str(), None).is_ok_and(|again| again == phone));
        }
    }
});
