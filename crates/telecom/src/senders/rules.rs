//! What countries do with names as senders: data with a version, not code.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

const CURRENT: &str = include_str!("../../packs/senders.json");

/// What a country's networks do with names as senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// Anybody may use them.
    Allowed,
    /// Only after registration.
    Registered,
    /// They are replaced by a number.
    Overwritten,
    /// Messages with them are dropped.
    Forbidden,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    version: String,
    #[serde(rename = "note")]
    _note: String,
    names: BTreeMap<String, Names>,
}

fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the file is part of the program; a test reads it")]
        serde_json::from_str(CURRENT).expect("the pack of sender rules is well-formed")
    })
}

/// The version of the rules.
pub fn version() -> &'static str {
    &pack().version
}

/// What `country` does with names.
pub fn names_in(country: &str) -> Names {
    pack().names.get(country).copied().unwrap_or(Names::Allowed)
}

#[cfg(test)]
mod tests {
    use super::{Names, names_in, pack, version};

    #[test]
    fn the_pack_is_well_formed() {
        assert!(pack().names.keys().all(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())));
        assert_eq!((names_in("US"), names_in("DE")), (Names::Forbidden, Names::Allowed));
        assert!(version().len() == 10);
    }
}
