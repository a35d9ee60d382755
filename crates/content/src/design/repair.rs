//! Mends documents from outside: what another program or an older hand leaves out is added, what the format
//! does not know is taken away, and every change is told.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Design, Fault, VERSION};

/// How often faults are looked for after a change.
const ROUNDS: usize = 200;
/// The most changes: more is no repair but a rewriting.
const MAX_REPAIRS: usize = 500;

/// One change that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DesignRepair)]
pub struct Repair {
    /// Where, as a JSON pointer into the document that is answered.
    pub at: String,
    /// What was done.
    pub detail: String,
}

/// A document after mending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The document.
    pub design: Design,
    /// What was done, in order.
    pub repairs: Vec<Repair>,
}

/// Reads a document from outside and mends it: missing version, direction, language, ids and footer are
/// added, ids that are used twice are replaced, members that the format does not know are removed.
///
/// # Errors
/// The faults that cannot be mended without changing what the document says, such as a URL with a script.
pub fn repair(value: Value, language: &str) -> Result<Repaired, Vec<Fault>> {
    let mut mender = Mender { value, repairs: Vec::new() };
    mender.root(language);
    mender.ids();
    mender.footer();
    for _ in 0..ROUNDS {
        match Design::read(mender.value.clone()) {
            Ok(design) => return Ok(Repaired { design, repairs: mender.repairs }),
            Err(faults) => {
                if !mender.without_unknown(&faults) {
                    return Err(faults);
                }
            }
        }
    }
    Design::read(mender.value).map(|design| Repaired { design, repairs: mender.repairs })
}

struct Mender {
    value: Value,
    repairs: Vec<Repair>,
}

impl Mender {
    fn did(&mut self, at: impl Into<String>, detail: &str) {
        if self.repairs.len() < MAX_REPAIRS {
            self.repairs.push(Repair { at: at.into(), detail: detail.to_owned() });
        }
    }

    fn root(&mut self, language: &str) {
        let Some(members) = self.value.as_object_mut() else { return };
        let language = members.get("lang").and_then(Value::as_str).unwrap_or(language).to_owned();
        let rtl = language.parse::<kernel::Locale>().is_ok_and(|tag| tag.direction() == kernel::Direction::Rtl);
        let mut added = Vec::new();
        for (name, value) in [
            ("v", json!(VERSION)),
            ("lang", json!(language)),
            ("dir", json!(if rtl { "rtl" } else { "ltr" })),
            ("rows", json!([])),
        ] {
            if !members.contains_key(name) {
                members.insert(name.to_owned(), value);
                added.push(name);
            }
        }
        for name in added {
            self.did(format!("/{name}"), "was missing and has been added");
        }
    }

    /// Gives everything an id, and an own one.
    fn ids(&mut self) {
        let mut used: Vec<String> = Vec::new();
        let mut done: Vec<(String, &'static str)> = Vec::new();
        let mut number = 0;
        let mut own = |members: &mut Map<String, Value>, at: String, prefix: &str| {
            let id = members.get("id").and_then(Value::as_str).map(str::to_owned);
            let is_new = id.as_ref().is_some_and(|id| !used.contains(id));
            if let Some(id) = id.filter(|_| is_new) {
                used.push(id);
                return;
            }
            let detail = if members.contains_key("id") {
                "was used twice and is now another"
            } else {
                "was missing and has been added"
            };
            let id = loop {
                number += 1;
                let id = format!("{prefix}{number}");
                if !used.contains(&id) {
                    break id;
                }
            };
            members.insert("id".to_owned(), json!(id));
            used.push(id);
            done.push((format!("{at}/id"), detail));
        };
        let rows = self.value.get_mut("rows").and_then(Value::as_array_mut);
        for (r, row) in rows.into_iter().flatten().enumerate().take(super::MAX_ROWS) {
            let Some(row) = row.as_object_mut() else { continue };
            own(row, format!("/rows/{r}"), "row");
            let columns = row.get_mut("cols").and_then(Value::as_array_mut);
            for (c, column) in columns.into_iter().flatten().enumerate() {
                for (b, block) in column.as_array_mut().into_iter().flatten().enumerate() {
                    if let Some(block) = block.as_object_mut() {
                        own(block, format!("/rows/{r}/cols/{c}/{b}"), "block");
                    }
                }
            }
        }
        for (at, detail) in done {
            self.did(at, detail);
        }
    }

    fn footer(&mut self) {
        let Some(rows) = self.value.get_mut("rows").and_then(Value::as_array_mut) else { return };
        let last = rows.last().and_then(|row| row["cols"].as_array()?.last()?.as_array()?.last());
        if last.is_some_and(|block| block["type"] == "footer") {
            let row = rows.last_mut().and_then(Value::as_object_mut);
            let condition = row.and_then(|row| row.remove("visible_if"));
            let at = format!("/rows/{}/visible_if", rows.len() - 1);
            if condition.is_some_and(|condition| !condition.is_null()) {
                self.did(at, "the footer is for everybody: the condition has been removed");
            }
            return;
        }
        let id = |prefix: &str| format!("{prefix}{}", rows.len());
        let row = json!({
            "id": id("footer-row-"),
            "layout": [1],
            "cols": [[{ "id": id("footer-"), "type": "footer" }]],
        });
        let at = format!("/rows/{}", rows.len());
        rows.push(row);
        self.did(at, "the footer with address and unsubscribe link was missing and has been added");
    }

    /// Removes the members that faults call unknown. False when there is none.
    fn without_unknown(&mut self, faults: &[Fault]) -> bool {
        let mut removed = false;
        for fault in faults.iter().filter(|fault| fault.detail.starts_with("is not a member")) {
            let Some((parent, key)) = fault.at.rsplit_once('/') else { continue };
            let key = key.replace("~1", "/").replace("~0", "~");
            let members = self.value.pointer_mut(parent).and_then(Value::as_object_mut);
            if members.is_some_and(|members| members.remove(&key).is_some()) {
                self.did(fault.at.clone(), "is not a member of the format and has been removed");
                removed = true;
            }
        }
        removed
    }
}
