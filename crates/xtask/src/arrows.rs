//! Arrows point down only: which of Barid's crates may use which, and who may name a database driver.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Each crate with what stands directly below it; what is below that may be used as well.
const HOUSE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("store", &["kernel"]),
    ("accounts", &["store"]),
    ("privacy", &["accounts"]),
    ("billing", &["privacy"]),
    ("people", &["billing"]),
    ("content", &["people"]),
    ("outbound", &["content"]),
    ("campaigns", &["outbound"]),
    ("conversations", &["outbound"]),
    ("booking", &["outbound"]),
    ("calls", &["outbound"]),
    ("mail", &["outbound"]),
    ("telecom", &["outbound"]),
    ("http", &["accounts"]),
    ("web-assets", &[]),
    ("api", &["campaigns", "conversations", "booking", "calls", "mail", "telecom", "http", "web-assets"]),
    ("barid", &["api"]),
    ("testkit", &["store"]),
    ("xtask", &[]),
];

/// What only `store` may name.
const DRIVERS: &[&str] = &["rusqlite", "libsqlite3-sys", "tokio-postgres", "deadpool-postgres", "postgres", "sqlx"];

/// What every crate's tests may use besides what stands below it.
const TESTKIT: &str = "testkit";

/// Every dependency in the workspace's `cargo metadata` that points elsewhere than down.
pub fn check(metadata: &Value) -> Vec<String> {
    let below = closure();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(name) = package["name"].as_str().and_then(own) else { continue };
        let Some(allowed) = below.get(name) else {
            wrong.push(format!("{name} has no place in the house: add it to HOUSE in crates/xtask/src/arrows.rs"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let needed = dependency["name"].as_str().unwrap_or_default();
            let in_tests = dependency["kind"].as_str() == Some("dev");
            if let Some(needed) = own(needed) {
                let may = allowed.contains(needed) || (in_tests && needed == TESTKIT);
                if !may {
                    wrong.push(format!("{name} depends on {needed}, which does not stand below it"));
                }
            } else if DRIVERS.contains(&needed) && name != "store" {
                wrong.push(format!("{name} depends on {needed}; only store names a database driver"));
            }
        }
    }
    wrong
}

fn own(package: &str) -> Option<&str> {
    package.strip_prefix("barid-")
}

fn closure() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut below: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // HOUSE is written from the ground up, so what is below a crate is known before the crate.
    for (name, direct) in HOUSE {
        let mut all: BTreeSet<&str> = direct.iter().copied().collect();
        for lower in *direct {
            all.extend(below.get(lower).into_iter().flatten());
        }
        below.insert(name, all);
    }
    below
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn depends(name: &str, on: &str, kind: Option<&str>) -> Vec<String> {
        check(&json!({"packages": [{"name": name, "dependencies": [{"name": on, "kind": kind}]}]}))
    }

    #[test]
    fn down_is_allowed_up_and_sideways_are_not() {
        assert!(depends("barid-people", "barid-kernel", None).is_empty());
        assert!(depends("barid-api", "barid-people", None).is_empty());
        assert_eq!(depends("barid-people", "barid-content", None).len(), 1);
        assert_eq!(depends("barid-mail", "barid-campaigns", None).len(), 1);
        assert_eq!(depends("barid-http", "barid-privacy", None).len(), 1);
        assert_eq!(depends("barid-store", "barid-accounts", Some("dev")).len(), 1);
    }

    #[test]
    fn tests_may_use_the_testkit_and_products_may_not() {
        assert!(depends("barid-store", "barid-testkit", Some("dev")).is_empty());
        assert_eq!(depends("barid-barid", "barid-testkit", None).len(), 1);
    }

    #[test]
    fn only_the_store_names_a_driver() {
        assert!(depends("barid-store", "rusqlite", None).is_empty());
        assert_eq!(depends("barid-people", "rusqlite", None).len(), 1);
        assert_eq!(depends("barid-barid", "tokio-postgres", Some("dev")).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert_eq!(depends("barid-helpdesk", "serde", None).len(), 1);
        assert!(depends("serde", "rusqlite", None).is_empty());
    }
}
