//! The published examples say what the product does.

use mail::bounce::{Class, classify};
use mail::smtp::EnhancedCode;

const PAGE: &str = include_str!("../../../../docs/reference/bounces.md");

#[test]
fn every_class_is_described() {
    for class in Class::ALL {
        assert!(PAGE.contains(&format!("| `{class}` |")), "{class}");
    }
}

#[test]
fn replies_on_the_page_have_the_class_of_their_section() {
    let mut section = "";
    let mut checked = 0;
    for line in PAGE.lines() {
        if line.starts_with("### ") {
            section = line.split('`').nth(1).unwrap_or_default();
        }
        let Some((reply, after)) = line.strip_prefix("- `").and_then(|rest| rest.split_once('`')) else { continue };
        let Some(code) = reply.get(..3).and_then(|code| code.parse::<u16>().ok()) else { continue };
        if after.contains("in answer to") {
            continue;
        }
        let text = &reply[4..];
        let enhanced = text.split(' ').next().and_then(EnhancedCode::parse);
        let expected = after.strip_prefix(": `").and_then(|rest| rest.split('`').next()).unwrap_or(section);
        assert_eq!(classify(enhanced, Some(code), text).as_str(), expected, "{reply}");
        checked += 1;
    }
    assert!(checked >= 13, "{checked}");
}
