use kernel::ContactId;
use memchr::memmem::Finder;
use roaring::RoaringBitmap;

use super::Index;
use crate::segments::conditions::{Scalar, StandardField};

/// A query has at most this many words; the rest is passed over.
const MAX_WORDS: usize = 8;
/// Where words are looked for.
const FIELDS: [StandardField; 5] = [
    StandardField::FirstName,
    StandardField::LastName,
    StandardField::Company,
    StandardField::Email,
    StandardField::Phone,
];

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The contacts, the newest number first.
    pub contacts: Vec<ContactId>,
    /// How many matched altogether.
    pub total: u64,
    /// Whether everyone was looked at; `false` when the budget ended before.
    pub complete: bool,
}

/// Whether a word of the text begins with the needle, or the text itself does (an address, say).
fn has_word(text: &str, needle: &Finder<'_>) -> bool {
    let starts_word = |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    // Both are UTF-8, so a hit never begins within a character.
    needle.find_iter(text.as_bytes()).any(starts_word)
}

impl Index {
    /// The contacts in whose name, organisation, address or phone number every word of the query
    /// begins a word, both folded. Looks at the newest `budget` contacts, returns up to `limit`.
    pub fn search(&self, query: &str, limit: usize, budget: u64) -> Found {
        let folded = kernel::fold(query);
        let mut who = self.all.clone();
        let complete = who.len() <= budget;
        who.remove_smallest(who.len().saturating_sub(budget));
        if folded.trim().is_empty() {
            who.clear();
        }
        let who = self.with_words(query, who);
        let contacts = who.iter().rev().take(limit).map(|number| self.ids[number as usize]).collect();
        Found { contacts, total: who.len(), complete }
    }

    /// Those of `open` whom every word of the query meets; all of them when it has no word.
    pub fn with_words(&self, query: &str, mut open: RoaringBitmap) -> RoaringBitmap {
        let folded = kernel::fold(query);
        for word in folded.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS) {
            open = self.with_word(word, open);
        }
        open
    }

    fn with_word(&self, word: &str, mut open: RoaringBitmap) -> RoaringBitmap {
        let (mut found, needle) = (RoaringBitmap::new(), Finder::new(word));
        let may_be_number = word.starts_with(|first: char| first == '+' || first.is_ascii_digit());
        let fields = FIELDS.iter().filter(|field| may_be_number || **field != StandardField::Phone);
        for column in fields.filter_map(|field| self.standard.get(field)) {
            let hits = column.select(&open, &|value| matches!(value, Scalar::Text(text, _) if has_word(text, &needle)));
            open -= &hits;
            found |= hits;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::document::ContactDoc;

    #[test]
    fn words_meet_names_and_addresses_in_any_spelling() {
        let mut index = Index::default();
        let people = [
            (1, "أحمد", "القاضي", "ahmad.q@example.com"),
            (2, "Ahmad", "Müller", "am@example.org"),
            (3, "Lina", "Haddad", "lina+news@example.com"),
        ];
        for (id, first, last, email) in people {
            let mut doc = ContactDoc::default();
            doc.set(StandardField::FirstName, first);
            doc.set(StandardField::LastName, last);
            doc.set(StandardField::Email, email);
            index.upsert(ContactId([id; 16]), &doc);
        }
        let found = |query: &str| {
            let found = index.search(query, 10, 1000);
            assert!(found.complete);
            found.contacts.iter().map(|id| id.0[0]).collect::<Vec<_>>()
        };
        assert_eq!(found("ahmad"), [2, 1]);
        assert_eq!(found("احمد"), [1]);
        assert_eq!(found("ahm mull"), [2]);
        assert_eq!(found("lina+news@example.com"), [3]);
        assert_eq!(found("news"), [3]);
        assert_eq!(found("ews"), [] as [u8; 0]);
        assert_eq!(found("  "), [] as [u8; 0]);
        let short = index.search("example", 10, 2);
        assert_eq!((short.contacts.len(), short.complete), (2, false));
    }
}
