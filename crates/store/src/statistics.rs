//! What SQLite's planner is told of the tables: they are large, and a workspace is a large part of each.
//!
//! Without statistics SQLite takes it that ten rows belong to a workspace, and reads all of its rows by the primary key
//! where an index would name the one that is asked for. Statistics gathered by `ANALYZE` would depend on what happened to
//! be there on the day; these depend on the schema alone, so that a plan that was tested is the plan everywhere.
//! The format is that of the table `sqlite_stat1` (<https://sqlite.org/fileformat2.html#the_sqlite_stat1_table>).

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::{Error, Result};

/// Rows of a table.
const ROWS: u64 = 16_000_000;
/// Workspaces among them.
const WORKSPACES: u64 = 16;
/// How many values a column of ids has in the same place of an index, and how many any other column.
const IDS: u64 = 1_000;
const OTHERS: u64 = 10;
/// Of how many rows one stands in an index with a condition.
const PARTIAL: u64 = 100;

const COLUMNS: &str = "SELECT t.name, l.name, l.\"unique\", l.partial, i.name,
        (SELECT c.type FROM pragma_table_info(t.name) c WHERE c.name = i.name)
    FROM sqlite_schema t, pragma_index_list(t.name) l, pragma_index_info(l.name) i
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, l.name, i.seqno";

struct Index {
    unique: bool,
    partial: bool,
    /// Rows that agree in the columns so far.
    alike: Vec<u64>,
}

impl Index {
    fn column(&mut self, name: Option<&str>, kind: Option<&str>) {
        let values = match (name, kind) {
            (Some("workspace"), _) => WORKSPACES,
            (_, Some("BLOB")) => IDS,
            _ => OTHERS,
        };
        let before = self.alike.last().copied().unwrap_or(ROWS);
        self.alike.push((before / values).max(2));
    }

    fn line(mut self) -> String {
        let share = if self.partial { PARTIAL } else { 1 };
        if let Some(last) = self.alike.last_mut().filter(|_| self.unique) {
            *last = 1;
        }
        let numbers = std::iter::once(ROWS).chain(self.alike).map(|rows| (rows / share).max(1).to_string());
        numbers.chain(["noskipscan".to_owned()]).collect::<Vec<_>>().join(" ")
    }
}

type Lines = BTreeMap<(String, String), String>;

fn wanted(connection: &Connection) -> rusqlite::Result<Lines> {
    let mut indexes: BTreeMap<(String, String), Index> = BTreeMap::new();
    let mut statement = connection.prepare(COLUMNS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let of = (row.get(0)?, row.get(1)?);
        let (unique, partial) = (row.get(2)?, row.get(3)?);
        let (name, kind): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        let index = indexes.entry(of).or_insert_with(|| Index { unique, partial, alike: Vec::new() });
        index.column(name.as_deref(), kind.as_deref());
    }
    Ok(indexes.into_iter().map(|(of, index)| (of, index.line())).collect())
}

fn known(connection: &Connection) -> rusqlite::Result<Lines> {
    let mut statement = connection.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL")?;
    let lines = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    lines.collect()
}

/// Writes the statistics that belong to the schema, unless they stand there; whether something was written.
fn tell(connection: &Connection) -> rusqlite::Result<bool> {
    let wanted = wanted(connection)?;
    // The table of statistics is SQLite's own: looking at some table makes it.
    if connection.table_exists(None, "sqlite_stat1")? {
        if known(connection)? == wanted {
            return Ok(false);
        }
    } else {
        connection.execute_batch("ANALYZE migration")?;
    }
    connection.execute("DELETE FROM sqlite_stat1", [])?;
    let mut insert = connection.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")?;
    for ((table, index), line) in &wanted {
        insert.execute(params![table, index, line])?;
    }
    connection.execute_batch("ANALYZE sqlite_schema")?;
    Ok(true)
}

/// Tells the planner of this connection, and of every one that is opened later, about the schema as it is now.
pub(crate) fn told(connection: &Connection) -> Result<bool> {
    tell(connection).map_err(|error| Error::Statement { statement: "STATISTICS", detail: error.to_string() })
}
