//! `docs/requirements.md`: every requirement has the test that shows it, the capability that is not
//! built yet, or the reason why no program can meet it.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::Repository;

const PAGE: &str = "docs/requirements.md";

/// The five lists of requirements, and how many each has.
const LISTS: [(char, u32); 5] = [('M', 28), ('B', 42), ('L', 22), ('H', 27), ('A', 25)];

/// A row of the page: id and what shows it.
type Row = (String, String);

/// What is wrong with the page.
///
/// # Errors
/// When a file cannot be read.
pub fn check(repository: &Repository) -> Result<Vec<String>> {
    let rows = rows(&repository.read(PAGE)?);
    let mut wrong = numbering(&rows);
    let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (id, shown) in &rows {
        let tests: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        let said = ["open: ", "organisational: "]
            .iter()
            .any(|mark| shown.split_once(mark).is_some_and(|(_, reason)| reason.trim().len() > 10));
        if tests.is_empty() && !said {
            wrong.push(format!("{PAGE}: {id} names no test, no open capability and no reason"));
        }
        for test in tests {
            let Some((file, name)) = test.rsplit_once("::") else {
                wrong.push(format!("{PAGE}: {id}: write `file::test` instead of `{test}`"));
                continue;
            };
            let text = files.entry(file.to_owned()).or_insert_with(|| repository.read(file).ok());
            if !text.as_ref().is_some_and(|text| has(text, name)) {
                wrong.push(format!("{PAGE}: {id}: there is no {name} in {file}"));
            }
        }
    }
    Ok(wrong)
}

/// The rows whose first cell is an id.
fn rows(page: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split(" | ").map(str::trim).collect();
        let [id, .., shown] = cells.as_slice() else { return None };
        let (list, number) = (id.chars().next()?, id.get(1..)?);
        let is_id = list.is_ascii_uppercase() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| ((*id).to_owned(), (*shown).to_owned()))
    };
    page.lines().filter_map(row).collect()
}

fn numbering(rows: &[Row]) -> Vec<String> {
    let wanted: Vec<String> =
        LISTS.iter().flat_map(|(list, last)| (1..=*last).map(move |n| format!("{list}{n}"))).collect();
    let count = |id: &str| rows.iter().filter(|(known, _)| known == id).count();
    let lacking = wanted.iter().filter(|id| count(id) != 1);
    let lacking = lacking.map(|id| format!("{PAGE}: {id} stands there {} times, not once", count(id)));
    let unknown =
        rows.iter().filter(|(id, _)| !wanted.contains(id)).map(|(id, _)| format!("{PAGE}: {id} is no requirement"));
    lacking.chain(unknown).collect()
}

/// Whether a file declares a test of this name, in Rust or Python.
fn has(text: &str, name: &str) -> bool {
    ["fn ", "def "].iter().any(|word| {
        text.match_indices(&format!("{word}{name}")).any(|(at, found)| text[at + found.len()..].starts_with(['(', '<']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_what_shows_them() {
        let page = "| # | What | Shown by |\n|---|---|---|\n| M1 | x | `a.rs::b`, `c.py::d` |\n| H20 | y | organisational: nobody can |\n";
        assert_eq!(rows(page).len(), 2);
        assert_eq!(rows(page)[0], ("M1".to_owned(), "`a.rs::b`, `c.py::d`".to_owned()));
        let wrong = numbering(&rows(page));
        assert_eq!(wrong.len(), 142, "all others are lacking");
        assert_eq!(numbering(&[("Z1".to_owned(), String::new())]).len(), 145);
    }

    #[test]
    fn a_test_is_found_by_its_whole_name() {
        let text = "async fn a_thing_works(t: Fixture) {}\ndef test_other(self):\n";
        assert!(has(text, "a_thing_works") && has(text, "test_other"));
        assert!(!has(text, "a_thing") && !has(text, "thing_works"));
    }
}
