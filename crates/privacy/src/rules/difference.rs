//! What changed from one rule pack to another, row by row.

use serde::Serialize;
use serde_json::{Map, Value};

use super::pack::{Row, RulePack};

/// How a row changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowChangeKind {
    /// The later pack has it, the earlier one does not.
    Added,
    /// The earlier pack has it, the later one does not.
    Removed,
    /// It decides differently, or rests on another source.
    Changed,
    /// Somebody looked at it again and left it as it is: only the day of review moved.
    Reviewed,
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where: a member of the row, or a path such as `limits.touches`.
    pub field: String,
    /// In the earlier pack; null when it was not there.
    pub before: Value,
    /// In the later pack; null when it is gone.
    pub after: Value,
}

/// One row that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// The row's id.
    pub row: String,
    /// The countries it speaks about, in the later pack if it is there.
    pub countries: Vec<String>,
    /// How it changed.
    pub kind: RowChangeKind,
    /// What exactly.
    pub changes: Vec<Change>,
}

/// Everything that differs between two packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The earlier pack's version.
    pub from: String,
    /// The later pack's version.
    pub to: String,
    /// The rows, in the order of the later pack; removed ones last.
    pub rows: Vec<RowChange>,
    /// Everything beside the rows.
    pub parts: Vec<Change>,
}

/// What changed from `old` to `new`.
pub fn difference(old: &RulePack, new: &RulePack) -> Difference {
    let mut left: Vec<&Row> = old.rows().iter().collect();
    let mut rows = Vec::new();
    // Rows that speak about the same recipients belong together; of the others, those of one number.
    let mut pairs: Vec<(&Row, Option<&Row>)> = new.rows().iter().map(|row| (row, None)).collect();
    for same in [same_scope, same_id] {
        for (row, before) in pairs.iter_mut().filter(|(_, before)| before.is_none()) {
            *before = left.iter().position(|old| same(old, row)).map(|at| left.remove(at));
        }
    }
    for (row, before) in pairs {
        let changes = fields(before, Some(row));
        let kind = match before {
            None => RowChangeKind::Added,
            Some(_) if changes.is_empty() => continue,
            Some(_) if changes.iter().all(|change| change.field == "review") => RowChangeKind::Reviewed,
            Some(_) => RowChangeKind::Changed,
        };
        rows.push(RowChange { row: row.id.clone(), countries: row.countries.clone(), kind, changes });
    }
    for row in left {
        let (kind, changes) = (RowChangeKind::Removed, fields(Some(row), None));
        rows.push(RowChange { row: row.id.clone(), countries: row.countries.clone(), kind, changes });
    }
    let mut parts = Vec::new();
    members("", (old.parts(), new.parts()), &mut parts);
    Difference { from: old.version().to_owned(), to: new.version().to_owned(), rows, parts }
}

fn same_scope(old: &Row, new: &Row) -> bool {
    (&old.id, &old.class, &old.countries, &old.recipients, &old.channels)
        == (&new.id, &new.class, &new.countries, &new.recipients, &new.channels)
}

fn same_id(old: &Row, new: &Row) -> bool {
    (&old.id, &old.class) == (&new.id, &new.class)
}

fn object(row: Option<&Row>) -> Map<String, Value> {
    match row.map(serde_json::to_value) {
        Some(Ok(Value::Object(members))) => members,
        _ => Map::new(),
    }
}

fn fields(before: Option<&Row>, after: Option<&Row>) -> Vec<Change> {
    let (before, after) = (object(before), object(after));
    let mut changes = Vec::new();
    for field in before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))) {
        push(field.clone(), (before.get(field), after.get(field)), &mut changes);
    }
    changes
}

fn push(field: String, (before, after): (Option<&Value>, Option<&Value>), changes: &mut Vec<Change>) {
    if before != after {
        let value = |side: Option<&Value>| side.cloned().unwrap_or(Value::Null);
        changes.push(Change { field, before: value(before), after: value(after) });
    }
}

/// Differences of two objects, down to their leaves.
fn members(path: &str, (before, after): (&Map<String, Value>, &Map<String, Value>), changes: &mut Vec<Change>) {
    for name in before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))) {
        let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match (before.get(name), after.get(name)) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => members(&field, (before, after), changes),
            sides => push(field, sides, changes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packs() -> (&'static RulePack, &'static RulePack) {
        (RulePack::of_version("2026-01").unwrap(), RulePack::current())
    }

    #[test]
    fn packs_stand_in_the_order_of_their_release() {
        let versions: Vec<_> = RulePack::versions().map(|pack| (pack.released(), pack.version())).collect();
        assert!(versions.is_sorted(), "{versions:?}");
        assert_eq!(versions.last().unwrap().1, RulePack::current().version());
        assert!(RulePack::of_version("1999-01").is_none());
    }

    #[test]
    fn the_law_of_february_2026_is_what_changed() {
        let (old, new) = packs();
        let found = difference(old, new);
        assert_eq!((found.from.as_str(), found.to.as_str()), ("2026-01", "2026-11"));
        assert_eq!(found.parts, []);
        let changed: Vec<_> = found.rows.iter().filter(|row| row.kind != RowChangeKind::Reviewed).collect();
        assert_eq!(changed.len(), 1);
        assert_eq!((changed[0].row.as_str(), changed[0].kind), ("9", RowChangeKind::Changed));
        let fields: Vec<_> = changed[0].changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["bases", "review", "source"]);
        assert_eq!(found.rows.len(), new.rows().len(), "every row was looked at again");
        assert_eq!(difference(new, new).rows, []);
    }

    #[test]
    fn rows_come_go_and_change_their_countries() {
        let text = include_str!("../../packs/2026-11.json");
        let mut json: Value = serde_json::from_str(text).unwrap();
        json["version"] = "2027-05".into();
        json["limits"]["touches"] = 5.into();
        json["approvals"]["countries"] = serde_json::json!(["LU", "CA"]);
        json["hours"]["us_states"].as_object_mut().unwrap().remove("RI");
        let rows = json["rows"].as_array_mut().unwrap();
        rows.retain(|row| row["id"] != "14");
        let row = rows.iter_mut().find(|row| row["id"] == "8").unwrap();
        row["countries"] = serde_json::json!(["GB", "IM"]);
        let mut added = row.clone();
        (added["id"], added["countries"]) = ("19".into(), serde_json::json!(["NZ"]));
        rows.insert(0, added);
        let later = RulePack::parse(&json.to_string()).unwrap();
        let found = difference(RulePack::current(), &later);
        let brief: Vec<_> = found.rows.iter().map(|row| (row.row.as_str(), row.kind)).collect();
        assert_eq!(
            brief,
            [("19", RowChangeKind::Added), ("8", RowChangeKind::Changed), ("14", RowChangeKind::Removed)]
        );
        let mut parts: Vec<_> = found.parts.iter().map(|change| change.field.as_str()).collect();
        parts.sort_unstable();
        assert_eq!(parts, ["approvals.countries", "hours.us_states.RI", "limits.touches"]);
        let backwards = difference(&later, RulePack::current());
        assert_eq!(backwards.rows.len(), found.rows.len());
        assert!(backwards.rows.iter().any(|row| row.row == "14" && row.kind == RowChangeKind::Added));
    }
}
