//! Questions to the gate as documents; every answer names its reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(json) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Ok(answer) = privacy::rules::explain_gate(&json) {
        assert!(answer["reason"].is_string() && answer["rule"].is_string());
    }
});
