//! Somebody's answer must not reveal somebody else (GDPR Art. 15(4)): addresses, numbers and names
//! of other people in texts are masked.

use std::collections::{BTreeSet, HashSet};

use kernel::{Email, Phone, fold};
use serde_json::Value as Json;

/// What stands where somebody else stood.
const MASK: &str = "[…]";
/// The fewest letters of a name that is looked for.
const SHORTEST: usize = 3;

/// Masks everybody but one person.
#[derive(Debug, Default)]
pub struct Redactor {
    own: HashSet<String>,
    names: Vec<Vec<char>>,
    count: usize,
}

fn lower(text: &str) -> Vec<char> {
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

impl Redactor {
    /// Leaves the given addresses alone (`email:` or `phone:` and the normal form).
    pub fn new(own: impl IntoIterator<Item = String>) -> Self {
        Self { own: own.into_iter().collect(), ..Self::default() }
    }

    /// Masks these names, unless the person bears them too.
    pub fn names<'a>(mut self, others: impl IntoIterator<Item = &'a str>, own: &[&str]) -> Self {
        let own: HashSet<String> =
            own.iter().flat_map(|name| name.split_whitespace().chain(std::iter::once(*name))).map(fold).collect();
        let mut seen = BTreeSet::new();
        for name in others {
            let name = name.trim();
            if name.chars().count() >= SHORTEST && !own.contains(&fold(name)) {
                seen.insert(lower(name));
            }
        }
        self.names = seen.into_iter().collect();
        // The longest first: a whole name goes before its parts.
        self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        self
    }

    /// How many places were masked.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Masks every text within a value; the names of fields stay.
    pub fn json(&mut self, value: &mut Json) {
        match value {
            Json::String(text) => {
                if let Some(masked) = self.text(text) {
                    *text = masked;
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Json::Object(members) => members.values_mut().for_each(|member| self.json(member)),
            _ => {}
        }
    }

    /// The text without anybody else; `None` when nobody else is in it.
    pub fn text(&mut self, text: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let mut spans: Vec<(usize, usize)> = spans_of_addresses(&chars)
            .into_iter()
            .filter(|found| !self.own.contains(&found.mark))
            .map(|found| (found.from, found.to))
            .collect();
        spans.extend(self.names_in(&chars));
        if spans.is_empty() {
            return None;
        }
        spans.sort_unstable();
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (from, to) in spans {
            if to <= at {
                continue;
            }
            // What overlaps the mask before is covered by it.
            if from >= at {
                out.extend(&chars[at..from]);
                out.push_str(MASK);
                self.count += 1;
            }
            at = to;
        }
        out.extend(&chars[at..]);
        Some(out)
    }

    fn names_in(&self, chars: &[char]) -> Vec<(usize, usize)> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let low: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
        let boundary = |at: Option<&char>| at.is_none_or(|c| !c.is_alphanumeric());
        let mut found = Vec::new();
        for start in 0..low.len() {
            if start > 0 && !boundary(low.get(start - 1)) {
                continue;
            }
            let hit =
                self.names.iter().find(|name| low[start..].starts_with(name) && boundary(low.get(start + name.len())));
            found.extend(hit.map(|name| (start, start + name.len())));
        }
        found
    }
}

struct Found {
    from: usize,
    to: usize,
    mark: String,
}

const fn is_local(c: char) -> bool {
    matches!(c, '.' | '_' | '%' | '+' | '-' | '\'')
}

/// Addresses and numbers in a text.
fn spans_of_addresses(chars: &[char]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == '@' {
            let mut from = at;
            while from > 0 && (chars[from - 1].is_alphanumeric() || is_local(chars[from - 1])) {
                from -= 1;
            }
            let mut to = at + 1;
            while to < chars.len() && (chars[to].is_alphanumeric() || matches!(chars[to], '.' | '-')) {
                to += 1;
            }
            while to > at && matches!(chars[to - 1], '.' | '-') {
                to -= 1;
            }
            let text: String = chars[from..to].iter().collect();
            if from < at && chars[at + 1..to].contains(&'.') {
                let mark = Email::parse(&text).map_or_else(|_| text.to_lowercase(), |email| email.normal());
                found.push(Found { from, to, mark: format!("email:{mark}") });
                at = to;
                continue;
            }
        } else if let Some(number) = number_at(chars, at) {
            at = number.to;
            found.push(number);
            continue;
        }
        at += 1;
    }
    found
}

/// A telephone number that begins here: `+` or `00` and eight to fifteen digits, perhaps grouped.
fn number_at(chars: &[char], from: usize) -> Option<Found> {
    if from > 0 && (chars[from - 1].is_alphanumeric() || matches!(chars[from - 1], '+' | '-' | '.' | ':')) {
        return None;
    }
    let skip = match (chars[from], chars.get(from + 1)) {
        ('+', _) => 1,
        ('0', Some('0')) => 2,
        _ => return None,
    };
    let (mut digits, mut to, mut end) = (String::new(), from + skip, from + skip);
    while to < chars.len() && digits.len() <= 15 {
        let c = chars[to];
        if c.is_ascii_digit() {
            digits.push(c);
            end = to + 1;
        } else if !matches!(c, ' ' | '-' | '(' | ')' | '/' | '\u{a0}') {
            break;
        }
        to += 1;
    }
    let whole = chars.get(end).is_none_or(|c| !c.is_alphanumeric());
    if !(8..=15).contains(&digits.len()) || !whole {
        return None;
    }
    let text = format!("+{digits}");
    let mark = Phone::parse(&text, None).map_or(text, |phone| phone.as_str().to_owned());
    Some(Found { from, to: end, mark: format!("phone:{mark}") })
}

/// Every address and number in the texts of a value, as marks, each once.
pub fn addresses_in(value: &Json) -> BTreeSet<String> {
    fn walk(value: &Json, found: &mut BTreeSet<String>) {
        match value {
            Json::String(text) => {
                let chars: Vec<char> = text.chars().collect();
                found.extend(spans_of_addresses(&chars).into_iter().map(|one| one.mark));
            }
            Json::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Json::Object(members) => members.values().for_each(|member| walk(member, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(value, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn redactor() -> Redactor {
        Redactor::new(["email:lina@example.com".to_owned(), "phone:+9613987654".to_owned()])
            .names(["Omar Haddad", "Omar", "Lina", "عمر الحداد", "Al"], &["Lina Khatib"])
    }

    #[test]
    fn others_are_masked_and_the_person_stays() {
        let mut redactor = redactor();
        for (text, shown) in [
            ("Lina <lina@example.com> wrote to omar@example.org.", "Lina <lina@example.com> wrote to […]."),
            ("Call +961 3 111 222 44 or +961 3 987654", "Call […] or +961 3 987654"),
            ("Omar Haddad and OMAR agreed; Omarian did not", "[…] and […] agreed; Omarian did not"),
            ("كتب عمر الحداد إلى لينا", "كتب […] إلى لينا"),
            ("Al is too short a name", "Al is too short a name"),
            ("2026-11-21T09:00:00Z, 192.0.2.7, con_01j, 12.50", "2026-11-21T09:00:00Z, 192.0.2.7, con_01j, 12.50"),
            ("see https://example.org/@me", "see https://example.org/@me"),
        ] {
            assert_eq!(redactor.text(text).unwrap_or_else(|| text.to_owned()), shown);
        }
        assert_eq!(redactor.count(), 5);
        let mut value = json!({"omar@example.org": ["x omar@example.org", 7, {"a": "lina@example.com"}]});
        assert_eq!(addresses_in(&value).len(), 2);
        redactor.json(&mut value);
        assert_eq!(value["omar@example.org"], json!(["x […]", 7, {"a": "lina@example.com"}]));
    }

    proptest! {
        #[test]
        fn no_address_of_another_survives(before in "\\PC{0,20}", after in "\\PC{0,20}", local in "[a-z]{1,8}") {
            let other = format!("{local}@others.example");
            let text = format!("{before} {other} {after}");
            let masked = redactor().text(&text).unwrap_or(text);
            prop_assert!(!masked.contains(&other), "{masked}");
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = redactor().text(&text);
        }
    }
}
