//! Reading a table of recipients: CSV with a header, in the order its author liked.

use std::collections::HashMap;

use kernel::{ProcessorId, fold};
use serde::Serialize;
use store::Ctx;

use super::model::{Details, Mechanism, Role, is_privacy_shield, remarks};
use super::register;
use crate::{Result, entry};

/// The longest table, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The most rows of a table.
const MAX_ROWS: usize = 2_000;

/// A row that says what another one said, or that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// The row, from 1, the header not counted.
    pub row: usize,
    /// The name in it.
    pub name: String,
    /// What is the matter.
    pub warning: String,
}

/// A row that the world has overtaken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// The row, from 1, the header not counted.
    pub row: usize,
    /// The name in it.
    pub name: String,
    /// What is the matter.
    pub remark: &'static str,
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Rows read.
    pub rows: usize,
    /// Recipients added as drafts.
    pub added: usize,
    /// Recipients that are now in the register, each once.
    pub unique: usize,
    /// Rows that were left out, with the reason.
    pub warnings: Vec<Duplicate>,
    /// Rows that were taken and should be looked at.
    pub stale: Vec<Stale>,
}

const COLUMNS: [(&str, &[&str]); 7] = [
    ("name", &["name", "company", "entity", "processor", "sub processor", "subprocessor", "third party"]),
    ("location", &["location", "country", "place", "region", "location of processing"]),
    ("mechanism", &["mechanism", "transfer mechanism", "safeguard", "transfer", "legal mechanism"]),
    ("service", &["service", "services", "purpose", "description", "activity"]),
    ("role", &["role", "type"]),
    ("website", &["website", "url"]),
    ("data", &["data", "data categories", "categories"]),
];

/// Splits CSV (RFC 4180) into records; quotes double inside quotes, `;` and tab separate too when the header
/// has them and no comma.
fn records(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|mark| head.matches(*mark).count()).unwrap_or(',');
    let (mut out, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                out.push(std::mem::take(&mut row));
            }
            mark if mark == separator && !quoted => row.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    row.push(cell);
    out.push(row);
    out.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    out
}

fn mechanism(text: &str) -> Option<Mechanism> {
    let plain = fold(text);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    if has("scc") || has("sccs") || has("clauses") {
        Some(Mechanism::Scc)
    } else if has("bcr") || has("bcrs") || (has("binding") && has("rules")) {
        Some(Mechanism::Bcr)
    } else if has("adequacy") || has("dpf") {
        Some(Mechanism::Adequacy)
    } else if has("derogation") {
        Some(Mechanism::Derogation)
    } else if ["", "n a", "na", "none", "none eea", "not applicable"].contains(&words.join(" ").as_str()) {
        Some(Mechanism::NoneEea)
    } else {
        None
    }
}

fn read(cells: &HashMap<&'static str, String>) -> Details {
    let cell = |name: &str| cells.get(name).map_or("", |text| text.trim()).to_owned();
    let (named, scheme) = (cell("mechanism"), cell("mechanism"));
    let mechanism = mechanism(&named);
    let data = cell("data");
    let data_categories = data.split([';', ',']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    Details {
        name: cell("name"),
        role: cell("role").to_lowercase().parse::<Role>().ok().or(Some(Role::Processor)),
        location: cell("location"),
        mechanism,
        scheme: (mechanism == Some(Mechanism::Adequacy)).then_some(scheme),
        service: cell("service"),
        data_categories: data_categories.collect(),
        website: Some(cell("website")).filter(|url| url.starts_with("https://")),
        ..Details::default()
    }
}

/// Takes a table into the register as drafts. A row that repeats another row or an entry is left out with
/// a warning; nothing is enabled.
///
/// # Errors
/// When it is no table with the columns `name` and `location`, or too large.
pub async fn import(ctx: &Ctx, csv: &str) -> Result<Imported> {
    if csv.len() > MAX_BYTES {
        return Err(entry::wrong("csv", "a table has at most one megabyte"));
    }
    let mut rows = records(csv).into_iter();
    let header: Vec<Option<&'static str>> = rows.next().unwrap_or_default().iter().map(|cell| column(cell)).collect();
    for needed in ["name", "location"] {
        if !header.contains(&Some(needed)) {
            return Err(entry::wrong("csv", format!("the first line names the columns; {needed} is missing")));
        }
    }
    let mut known: HashMap<String, Option<usize>> =
        register::list(ctx).await?.iter().map(|entry| (entry.details.natural_key(), None)).collect();
    let mut out = Imported::default();
    let mut batch = ctx.batch();
    for (index, cells) in rows.enumerate() {
        let row = index + 1;
        if row > MAX_ROWS {
            return Err(entry::wrong("csv", "a table has at most 2000 rows"));
        }
        out.rows += 1;
        let cells = header.iter().zip(cells).filter_map(|(name, cell)| Some(((*name)?, cell))).collect();
        let shield = HashMap::get(&cells, "mechanism").is_some_and(|text: &String| is_privacy_shield(text));
        let raw = read(&cells);
        let name = raw.name.clone();
        let mut warn = |warning: String| out.warnings.push(Duplicate { row, name: name.clone(), warning });
        let details = match raw.checked() {
            Ok(details) => details,
            Err(error) => {
                warn(error.problem().detail);
                continue;
            }
        };
        match known.get(&details.natural_key()) {
            Some(Some(before)) => {
                warn(format!("row {before} says the same: left out"));
                continue;
            }
            Some(None) => {
                warn("the register has it already: left out".to_owned());
                continue;
            }
            None => {}
        }
        if shield {
            warn("Privacy Shield was annulled: taken without a mechanism".to_owned());
        }
        let remarks = remarks(&details).into_iter().filter(|_| details.countries.iter().any(|code| code == "GB"));
        out.stale.extend(remarks.map(|remark| Stale { row, name: name.clone(), remark }));
        known.insert(details.natural_key(), Some(row));
        register::push(&mut batch, ctx, ctx.id::<ProcessorId>(), &details)?;
        out.added += 1;
    }
    out.unique = known.len();
    if !batch.is_empty() {
        ctx.db.apply(batch).await?;
    }
    Ok(out)
}

fn column(cell: &str) -> Option<&'static str> {
    let plain = fold(cell).replace(['_', '-'], " ");
    COLUMNS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_be_quoted_and_separated_otherwise() {
        let rows = records("name;location\r\n\"A; \"\"B\"\"\";DE\r\n\r\nC;\"x\ny\"");
        assert_eq!(rows, [vec!["name", "location"], vec!["A; \"B\"", "DE"], vec!["C", "x\ny"]]);
        assert_eq!(column("Transfer_Mechanism"), Some("mechanism"));
    }

    #[test]
    fn mechanisms_are_read_as_tables_write_them() {
        for (text, expected) in [
            ("SCC", Some(Mechanism::Scc)),
            ("Standard Contractual Clauses (SCC)", Some(Mechanism::Scc)),
            ("BCR", Some(Mechanism::Bcr)),
            ("n/a", Some(Mechanism::NoneEea)),
            ("", Some(Mechanism::NoneEea)),
            ("Privacy Shield", None),
            ("a handshake", None),
        ] {
            assert_eq!(mechanism(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}") {
            let rows = records(&text);
            proptest::prop_assert!(rows.len() <= text.lines().count() + 1);
        }
    }
}
