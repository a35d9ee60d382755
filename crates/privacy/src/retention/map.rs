//! The data map: which table holds what about whom, under which class, for how long, and how it ends.
//! It is made of the register of personal tables, the crates' column maps and the retention rules, and
//! a test holds it to the live schema.

use std::collections::BTreeMap;

use serde::Serialize;
use store::{ColumnKind, Ctx, DataCategory, Db, PersonalTable, RetentionRule, table_columns};

use super::classes::named;
use super::period::Period;
use crate::{Error, Result};

/// One column.
#[derive(Debug, Clone, Serialize)]
pub struct MapColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// One table.
#[derive(Debug, Clone, Serialize)]
pub struct DataMapTable {
    /// The table.
    pub table: String,
    /// The part of the program that owns it.
    pub area: &'static str,
    /// Whose data.
    pub category: DataCategory,
    /// Every column.
    pub columns: Vec<MapColumn>,
    /// Its retention class, when it is personal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// How long it is kept here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// From which event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<&'static str>,
    /// Whether the erasure of a person deletes its rows.
    pub erased_with_the_person: bool,
    /// Why rows outlive an erasure, when they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<&'static str>,
}

fn personal() -> BTreeMap<&'static str, &'static PersonalTable> {
    PersonalTable::all().map(|table| (table.table, table)).collect()
}

fn bad_map(_: String) -> Error {
    Error::Corrupt("data map")
}

/// The data map, as it counts in this workspace.
///
/// # Errors
/// When the store fails.
pub async fn data_map(ctx: &Ctx) -> Result<Vec<DataMapTable>> {
    let settings = super::settings(ctx).await?;
    let personal = personal();
    let map = store::data_map().map_err(bad_map)?;
    Ok(map
        .into_values()
        .map(|mapped| {
            let table = personal.get(mapped.table.as_str());
            let class = table.and_then(|table| named(table.class));
            DataMapTable {
                area: mapped.area,
                category: mapped.category,
                columns: mapped.columns.into_iter().map(|(name, kind)| MapColumn { name, kind }).collect(),
                class: table.map(|table| table.class),
                period: class.map(|class| settings.period(class)),
                trigger: class.map(|class| class.trigger),
                erased_with_the_person: table.is_some_and(|table| !table.erase.is_empty()),
                kept: table.and_then(|table| table.kept),
                table: mapped.table,
            }
        })
        .collect())
}

/// Columns of classes whose rows end by the erasure of the person, or with the workspace.
fn ends_otherwise(class: &str) -> bool {
    matches!(
        class,
        "marketing.contact"
            | "consent.evidence"
            | "account.member"
            | "suppression"
            | "workspace.keys"
            | "workspace.segments"
            | "workspace.sources"
            | "workspace.staged"
            | "technical.day"
    )
}

/// What is wrong with the data map: a column of the live schema without a line or a line without a
/// column, a personal column in a table outside of the register, an unknown class, a table whose rows
/// nothing ends. Each with the line that would repair it. A test over the whole binary wants none.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn faults(db: &Db) -> Result<Vec<String>> {
    let (personal, map) = (personal(), store::data_map().map_err(bad_map)?);
    let mut live: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in table_columns(db).await? {
        live.entry(table).or_default().push(column);
    }
    let mut out = Vec::new();
    for (table, columns) in &live {
        let Some(mapped) = map.get(table) else {
            let list: Vec<String> = columns.iter().map(|column| format!("{column} ?")).collect();
            out.push(format!("migrations/columns.txt of the owner lacks: {table} CATEGORY: {}", list.join("; ")));
            continue;
        };
        for column in columns.iter().filter(|column| !mapped.columns.contains_key(*column)) {
            out.push(format!("{}: {table} lacks: {column} KIND", mapped.area));
        }
        for column in mapped.columns.keys().filter(|column| !columns.contains(column)) {
            out.push(format!("{}: {table}.{column} is in the map and not in the schema", mapped.area));
        }
        let holds = mapped.columns.iter().find(|(_, kind)| kind.is_personal());
        if let Some((column, _)) = holds.filter(|_| !personal.contains_key(table.as_str())) {
            out.push(format!("{table}.{column} is personal, and the table is not registered with store::personal!"));
        }
    }
    out.extend(map.keys().filter(|table| !live.contains_key(*table)).map(|table| format!("{table}: no such table")));
    let ruled: Vec<&RetentionRule> = RetentionRule::all();
    for (name, table) in &personal {
        match named(table.class) {
            None => out.push(format!("{name}: there is no retention class {}", table.class)),
            Some(class) => {
                let ends = ruled.iter().any(|rule| rule.table == *name || rule.covers.contains(name))
                    || ends_otherwise(class.name);
                if !ends {
                    out.push(format!("{name}: nothing ends its rows; register a store::RetentionRule"));
                }
            }
        }
        let known = map.get(*name);
        for column in table.columns {
            if known.is_some_and(|known| !known.columns.get(*column).is_some_and(|kind| kind.is_personal())) {
                out.push(format!("{name}.{column} is registered as personal and mapped otherwise"));
            }
        }
    }
    out.extend(
        ruled.iter().filter(|rule| named(rule.class).is_none()).map(|rule| format!("{}: {}", rule.table, rule.class)),
    );
    Ok(out)
}
