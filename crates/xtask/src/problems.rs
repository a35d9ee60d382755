//! `docs/reference/problems.md` explains every code of `kernel::Code`, and no other.

use anyhow::Result;

use crate::Repository;

const SOURCE: &str = "crates/kernel/src/problem.rs";
const PAGE: &str = "docs/reference/problems.md";

/// A code, its HTTP status, its title.
type Entry = (String, String, String);

/// What differs between the table in the code and the page.
///
/// # Errors
/// When a file cannot be read.
pub fn check(repository: &Repository) -> Result<Vec<String>> {
    Ok(compare(&declared(&repository.read(SOURCE)?), &explained(&repository.read(PAGE)?)))
}

fn compare(declared: &[Entry], explained: &[Entry]) -> Vec<String> {
    let lacking = declared.iter().filter(|entry| !explained.contains(entry));
    let lacking = lacking.map(|(code, status, title)| format!("{PAGE} lacks `## {code}` with `{status}. {title}.`"));
    let stale = explained.iter().filter(|entry| !declared.contains(entry));
    let stale = stale.map(|(code, ..)| format!("{PAGE}: `{code}` does not stand so in {SOURCE}"));
    let none = declared.is_empty().then(|| format!("no codes were found in {SOURCE}"));
    none.into_iter().chain(lacking).chain(stale).collect()
}

/// The lines `Name = "code", 422, "Title";`.
fn declared(source: &str) -> Vec<Entry> {
    let entry = |line: &str| {
        let (_, rest) = line.trim().strip_suffix("\";")?.split_once(" = \"")?;
        let (code, rest) = rest.split_once("\", ")?;
        let (status, title) = rest.split_once(", \"")?;
        Some((code.to_owned(), status.to_owned(), title.to_owned()))
    };
    source.lines().filter_map(entry).collect()
}

/// The headings `## code`, each followed by `422. Title.`
fn explained(page: &str) -> Vec<Entry> {
    let mut lines = page.lines().filter(|line| !line.is_empty()).peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(code) = line.strip_prefix("## ") else { continue };
        let told = lines.peek().and_then(|line| line.strip_suffix('.')?.split_once(". "));
        let (status, title) = told.unwrap_or_default();
        found.push((code.to_owned(), status.to_owned(), title.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "codes! {\n    NotFound = \"not_found\", 404, \"There is no such thing\";\n}\n";

    #[test]
    fn a_page_that_says_the_same_passes() {
        assert!(
            compare(&declared(CODE), &explained("# P\n\n## not_found\n\n404. There is no such thing.\n\nx")).is_empty()
        );
    }

    #[test]
    fn missing_stale_and_different_entries_are_told() {
        assert_eq!(compare(&declared(CODE), &explained("# P\n")).len(), 1);
        assert_eq!(compare(&declared(CODE), &explained("## not_found\n\n410. There is no such thing.\n")).len(), 2);
        assert_eq!(compare(&declared(""), &explained("")).len(), 1);
    }
}
