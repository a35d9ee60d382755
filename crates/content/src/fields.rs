//! Which personal fields a template may read, and by which names.

use serde::{Deserialize, Serialize};

/// One personal field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInfo {
    /// The name in Barid's own notation: `first_name`, or an attribute's name.
    pub name: String,
    /// The name as told to people in the lawful notice, when the built-in wording has none.
    pub label: String,
    /// Names in the other notation, upper case: `FNAME`, `MERGE1`.
    pub aliases: Vec<String>,
}

/// The personal fields of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldCatalog {
    fields: Vec<FieldInfo>,
}

const STANDARD: &[(&str, &str, &[&str])] = &[
    ("email", "e-mail address", &["EMAIL", "MERGE0"]),
    ("first_name", "first name", &["FNAME", "MERGE1"]),
    ("last_name", "last name", &["LNAME", "MERGE2"]),
    ("phone", "phone number", &["PHONE", "MERGE4"]),
    ("language", "language", &["MC_LANGUAGE"]),
    ("country", "country", &[]),
    ("time_zone", "time zone", &[]),
    ("company", "company", &[]),
];

impl Default for FieldCatalog {
    fn default() -> Self {
        Self::standard()
    }
}

impl FieldCatalog {
    /// The fields every contact can have.
    pub fn standard() -> Self {
        let fields = STANDARD
            .iter()
            .map(|(name, label, aliases)| FieldInfo {
                name: (*name).to_owned(),
                label: (*label).to_owned(),
                aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            })
            .collect();
        Self { fields }
    }

    /// The same catalogue with a workspace's attribute. An attribute is also known by its name in
    /// upper case (`*|PLAN|*`), and by `aliases` (a drop-in's merge tags such as `MERGE5`).
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, label: impl Into<String>, aliases: &[&str]) -> Self {
        let name = name.into();
        if self.find(&name).is_none() {
            let aliases = aliases.iter().map(|alias| alias.to_uppercase()).collect();
            self.fields.push(FieldInfo { name, label: label.into(), aliases });
        }
        self
    }

    /// The field of this name (Barid's own notation; exact).
    pub fn find(&self, name: &str) -> Option<&FieldInfo> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of this merge tag (case does not matter): by alias first, then by name.
    pub fn find_tag(&self, tag: &str) -> Option<&FieldInfo> {
        let upper = tag.to_uppercase();
        let by_alias = self.fields.iter().find(|field| field.aliases.contains(&upper));
        by_alias.or_else(|| self.fields.iter().find(|field| field.name.to_uppercase() == upper))
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// Only the named fields, and the address.
    pub(crate) fn only(&self, names: &[String]) -> Self {
        let wanted = |field: &&FieldInfo| field.name == "email" || names.contains(&field.name);
        Self { fields: self.fields.iter().filter(wanted).cloned().collect() }
    }

    /// The known name nearest to a misspelt one, to suggest it.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let near = |field: &&FieldInfo| distance(&field.name, name) <= 2;
        self.fields.iter().find(near).map(|field| field.name.as_str())
    }
}

/// Edit distance (Levenshtein), for suggestions only; long names are not compared.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
