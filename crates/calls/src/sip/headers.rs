//! Header fields: any case, compact forms, folded lines.

use std::borrow::Cow;

/// Most header fields of a message.
pub(super) const MOST: usize = 256;

/// Compact forms (RFC 3261 section 7.3.3 and the registry).
const COMPACT: [(u8, &str); 14] = [
    (b'v', "Via"),
    (b'f', "From"),
    (b't', "To"),
    (b'i', "Call-ID"),
    (b'm', "Contact"),
    (b'l', "Content-Length"),
    (b'c', "Content-Type"),
    (b'e', "Content-Encoding"),
    (b's', "Subject"),
    (b'k', "Supported"),
    (b'x', "Session-Expires"),
    (b'o', "Event"),
    (b'u', "Allow-Events"),
    (b'r', "Refer-To"),
];

/// Header fields in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every value of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// How many there are of this name.
    pub fn count(&self, name: &str) -> usize {
        self.all(name).count()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one at the end. What would end the line is taken out.
    pub fn push(&mut self, name: &'static str, value: impl ToString) {
        self.0.push((Cow::Borrowed(name), one_line(&value.to_string())));
    }

    /// Adds one at the beginning.
    pub fn push_front(&mut self, name: &'static str, value: impl ToString) {
        self.0.insert(0, (Cow::Borrowed(name), one_line(&value.to_string())));
    }

    /// Puts one value in the place of all of this name.
    pub fn set(&mut self, name: &'static str, value: impl ToString) {
        let place = self.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap_or(self.0.len());
        self.remove(name);
        let place = place.min(self.0.len());
        self.0.insert(place, (Cow::Borrowed(name), one_line(&value.to_string())));
    }

    /// Takes all of this name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Copies every field of this name from another message.
    pub fn copy(&mut self, from: &Self, name: &'static str) {
        for value in from.all(name) {
            self.push(name, value);
        }
    }

    pub(super) fn push_read(&mut self, name: &str, value: String) {
        let long = match name.as_bytes() {
            [letter] => COMPACT.iter().find(|(compact, _)| compact.eq_ignore_ascii_case(letter)).map(|(_, long)| *long),
            _ => None,
        };
        let name = long.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed);
        self.0.push((name, one_line(&value)));
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (name, value) in &self.0 {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
    }
}

fn one_line(text: &str) -> String {
    if text.contains(['\r', '\n', '\0']) { text.replace(['\r', '\n', '\0'], " ") } else { text.to_owned() }
}
