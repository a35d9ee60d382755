//! Files to import, of any encoding and shape: detection, decoding, records, header, rows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use people::import::{Detector, Rows};

fuzz_target!(|bytes: &[u8]| {
    let mut detector = Detector::new();
    // In two pieces: characters and lines are cut anywhere.
    let (first, second) = bytes.split_at(bytes.len() / 2);
    detector.feed(first);
    detector.feed(second);
    let Ok(encoding) = detector.finish() else { return };
    let Ok(now) = "2026-11-21T00:00:00Z".parse() else { return };
    let Ok(mut rows) = Rows::open(bytes, encoding, &["note".to_owned()], now) else { return };
    let (mut warnings, mut before) = (Vec::new(), rows.position());
    while let Ok(Some(_)) = rows.next(&mut warnings) {
        let after = rows.position();
        assert!(after.offset > before.offset, "every row takes bytes");
        before = after;
        warnings.clear();
    }
});
