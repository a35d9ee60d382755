//! The data map: what every column of every table holds, in one file per crate beside its migrations.
//!
//! A line is a table, its data category and a colon, then `column kind` pairs between semicolons:
//!
//! ```text
//! delivery end_user: workspace key; id key; contact subject; address hash; sealed sealed; created_at instant
//! ```
//!
//! Lines that begin with `#` are comments. A test holds the map to the live schema: a new column
//! without a line fails it.

use std::collections::BTreeMap;

use serde::Serialize;

/// Whose data a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataCategory {
    /// Members of workspaces and prospects of the operator.
    Account,
    /// The workspace's own people.
    EndUser,
    /// Visitors of pages.
    Visitor,
    /// Nobody's: content, settings, machinery.
    Organisation,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// The id of a thing.
    Key,
    /// The id of a person, or a pseudonym of one.
    Subject,
    /// A keyed hash of an identifier.
    Hash,
    /// Sealed under a person's, a file's or the workspace's key.
    Sealed,
    /// Who acted: the id of a member or key, or a role.
    Actor,
    /// A state, reason or kind from a vocabulary.
    Code,
    /// An instant or a day.
    Instant,
    /// A counter, number or flag.
    Count,
    /// Words or settings of the organisation about itself.
    Text,
    /// JSON of ids, codes, instants and counters.
    Data,
    /// A hash, signature, wrapped key or one-way password hash.
    Secret,
}

impl ColumnKind {
    /// Whether what stands in the column belongs to a person, so that the table needs a retention class
    /// and a way to be erased.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Subject | Self::Hash | Self::Sealed)
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "key" => Self::Key,
            "subject" => Self::Subject,
            "hash" => Self::Hash,
            "sealed" => Self::Sealed,
            "actor" => Self::Actor,
            "code" => Self::Code,
            "instant" => Self::Instant,
            "count" => Self::Count,
            "text" => Self::Text,
            "data" => Self::Data,
            "secret" => Self::Secret,
            _ => return None,
        })
    }
}

impl DataCategory {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "account" => Self::Account,
            "end_user" => Self::EndUser,
            "visitor" => Self::Visitor,
            "organisation" => Self::Organisation,
            _ => return None,
        })
    }
}

/// A crate's part of the map.
pub struct MapFile {
    /// The crate.
    pub area: &'static str,
    /// The file.
    pub text: &'static str,
}

inventory::collect!(MapFile);

/// Registers a crate's part of the data map: `data_map!("people", include_str!("../migrations/columns.txt"))`.
#[macro_export]
macro_rules! data_map {
    ($area:literal, $text:expr) => {
        $crate::inventory::submit! { $crate::MapFile { area: $area, text: $text } }
    };
}

/// A table of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedTable {
    /// Which crate owns it.
    pub area: &'static str,
    /// The table.
    pub table: String,
    /// Whose data it holds.
    pub category: DataCategory,
    /// Column → what it holds.
    pub columns: BTreeMap<String, ColumnKind>,
}

fn line(area: &'static str, text: &str) -> Option<MappedTable> {
    let (head, rest) = text.split_once(':')?;
    let (table, category) = head.trim().split_once(' ')?;
    let mut columns = BTreeMap::new();
    for pair in rest.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (column, kind) = pair.split_once(' ')?;
        columns.insert(column.to_owned(), ColumnKind::parse(kind.trim())?);
    }
    let category = DataCategory::parse(category.trim())?;
    Some(MappedTable { area, table: table.to_owned(), category, columns })
}

/// Reads the whole map; the error is the first line that is none.
///
/// # Errors
/// The line, with its crate.
pub fn data_map() -> Result<BTreeMap<String, MappedTable>, String> {
    let mut out = BTreeMap::new();
    for file in inventory::iter::<MapFile>() {
        for text in file.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let table = line(file.area, text).ok_or_else(|| format!("{}: {text}", file.area))?;
            out.insert(table.table.clone(), table);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_columns_hold() {
        let table = line("people", "contact end_user: workspace key; id subject; sealed sealed;").unwrap();
        assert_eq!(table.category, DataCategory::EndUser);
        assert_eq!(table.columns["sealed"], ColumnKind::Sealed);
        assert!(line("people", "contact somebody: id key").is_none());
        assert!(line("people", "contact end_user: id thing").is_none());
    }
}
