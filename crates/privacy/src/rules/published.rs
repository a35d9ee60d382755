//! The examples that docs/reference/gate.md publishes.

use super::*;

#[test]
fn the_published_examples_are_true() {
    let page = include_str!("../../../../docs/reference/gate.md");
    let mut checked = 0;
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        let (true, Some(expected)) =
            (line.starts_with('{'), lines.peek().and_then(|next| next.trim().strip_prefix("→ ")))
        else {
            continue;
        };
        let answer = explain_gate(&serde_json::from_str(line).unwrap()).unwrap();
        let word = |key: &str| answer[key].as_str().map(str::to_owned);
        let until = word("until").map(|until| format!(", until {until}")).unwrap_or_default();
        let found = format!(
            "{} {} (rule {}{until})",
            word("decision").unwrap(),
            word("reason").unwrap(),
            word("rule").unwrap()
        );
        assert_eq!(found, expected, "{line}");
        checked += 1;
    }
    assert_eq!(checked, 3 * (20 + 9));
    for reason in Reason::ALL {
        assert!(page.contains(&format!("- `{reason}`: ")), "{reason} is not published");
    }
}
