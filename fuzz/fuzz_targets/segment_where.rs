//! Conditions and contacts as JSON. The index and the reference evaluator must never disagree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use people::segments::{ExplainError, Where, explain};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(json) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Ok(condition) = Where::from_json(&json) {
        let again = Where::from_json(&condition.to_json());
        assert!(again.is_ok_and(|again| again.to_json() == condition.to_json()));
    }
    assert!(!matches!(explain(&json), Err(ExplainError::IndexDisagrees { .. })));
});
