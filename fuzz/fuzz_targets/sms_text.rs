//! Texts of messages: every part fits and together they are the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telecom::sms::{Reference, segment};

fuzz_target!(|text: &str| {
    if let Ok(segments) = segment(text, Reference::Short) {
        let one = segments.parts.len() == 1;
        let most = if one { segments.encoding.alone() } else { segments.encoding.together(Reference::Short) };
        assert!(segments.parts.iter().all(|part| part.units <= most));
        assert_eq!(segments.parts.iter().map(|part| part.text).collect::<String>(), text);
        for part in &segments.parts {
            assert_eq!(segments.encoding.text(&segments.encoding.octets(part.text)), part.text);
        }
    }
});
