//! What members type into the registers: bounded, free of control characters, and sealed where it may
//! speak of people.

use kernel::{Code, FieldProblem, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::WorkspaceKeys;

use crate::{Error, Result};

/// The longest free text of a register, in characters.
pub(crate) const LONG: usize = 20_000;
/// The longest single line, in characters.
pub(crate) const SHORT: usize = 300;

/// A wrong field.
pub(crate) fn wrong(field: impl Into<String>, detail: impl Into<String>) -> Error {
    refused(Problem::field(field, detail))
}

/// The present state does not allow it.
pub(crate) fn conflict(detail: impl Into<String>) -> Error {
    refused(Problem::new(Code::Conflict, detail))
}

/// The present state does not allow it because these fields are missing.
pub(crate) fn incomplete(what: &str, lacks: &[&'static str]) -> Error {
    let mut problem = Problem::new(Code::Conflict, format!("{what} lacks: {}", lacks.join(", ")));
    problem.fields = lacks
        .iter()
        .map(|field| FieldProblem { field: (*field).to_owned(), detail: "this is needed first".to_owned() })
        .collect();
    refused(problem)
}

fn refused(problem: Problem) -> Error {
    Error::Store(store::Error::Refused(problem))
}

/// One line: trimmed, at most [`SHORT`] characters.
pub(crate) fn line(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > SHORT || text.chars().any(char::is_control) {
        return Err(wrong(field, format!("one line of at most {SHORT} characters")));
    }
    Ok(text.to_owned())
}

/// One line that is not empty.
pub(crate) fn needed_line(field: &str, text: &str) -> Result<String> {
    let text = line(field, text)?;
    if text.is_empty() { Err(wrong(field, "this is needed")) } else { Ok(text) }
}

/// A text of several lines, at most [`LONG`] characters.
pub(crate) fn text(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > LONG || text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(wrong(field, format!("a text of at most {LONG} characters")));
    }
    Ok(text.replace("\r\n", "\n"))
}

/// A list of at most `most` lines, each once.
pub(crate) fn lines(field: &str, list: &[String], most: usize) -> Result<Vec<String>> {
    if list.len() > most {
        return Err(wrong(field, format!("at most {most} entries")));
    }
    let mut out = Vec::with_capacity(list.len());
    for entry in list {
        let entry = needed_line(field, entry)?;
        if !out.contains(&entry) {
            out.push(entry);
        }
    }
    Ok(out)
}

/// Seals a value of the workspace that belongs to no single subject.
pub(crate) fn seal(keys: &WorkspaceKeys, column: &str, value: &impl Serialize) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Error::Corrupt("register"))?;
    Ok(keys.seal(column, &plain))
}

/// Opens what [`seal`] made.
pub(crate) fn open<T: DeserializeOwned>(keys: &WorkspaceKeys, column: &str, sealed: &[u8]) -> Result<T> {
    serde_json::from_slice(&keys.open(column, sealed)?).map_err(|_| Error::Corrupt("register"))
}

/// A value as the text of a column.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Corrupt("register"))
}

/// A value from the text of a column.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Corrupt("register"))
}
