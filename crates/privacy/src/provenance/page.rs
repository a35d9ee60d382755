//! The page that data were read from: its address, the day, and a hash of what it said then.

use kernel::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{Error, Result};

/// The longest address of a page, in bytes.
const LONGEST: usize = 2000;

/// A public page or register as first source. The hash proves later that a kept copy of the page is the
/// one that was read; Barid keeps no copy and fetches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Page {
    /// Where exactly: an http or https address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The day it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_on: Option<Date>,
    /// SHA-256 of the page as it was, as 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// An address as it is kept: http or https, a host, no credentials, at most 2000 bytes.
pub fn web_address(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = text.len() <= LONGEST && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    (plain && !host.is_empty() && !host.contains('@')).then(|| text.to_owned())
}

/// A SHA-256 in hexadecimal, in lower case; a `sha256:` before it is taken away.
pub fn sha256_hex(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix("sha256:").or_else(|| text.strip_prefix("SHA256:")).unwrap_or(text);
    (digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then(|| digits.to_ascii_lowercase())
}

impl Page {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.url.is_none() && self.read_on.is_none() && self.sha256.is_none()
    }

    /// The page with its parts as they are kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an address, a day or a hash that is none, and for a hash without the address of
    /// what was hashed.
    pub fn checked(self, today: Date) -> Result<Self> {
        let wrong = |field, detail| Error::Invalid { field, detail };
        let url = self
            .url
            .map(|url| web_address(&url).ok_or_else(|| wrong("url", "expected a web address of at most 2000 bytes")))
            .transpose()?;
        let sha256 = self
            .sha256
            .map(|hash| sha256_hex(&hash).ok_or_else(|| wrong("sha256", "expected SHA-256 as 64 hexadecimal digits")))
            .transpose()?;
        if self.read_on.is_some_and(|day| day > today) {
            return Err(wrong("read_on", "lies in the future"));
        }
        if sha256.is_some() && url.is_none() {
            return Err(wrong("sha256", "say the address of the page that was hashed, too"));
        }
        Ok(Self { url, read_on: self.read_on, sha256 })
    }

    /// Adds what is said to a source's detail.
    pub fn describe(&self, detail: &mut Json) {
        if detail.is_null() {
            *detail = Json::Object(Map::new());
        }
        let Some(members) = detail.as_object_mut() else { return };
        for (name, value) in
            [("url", &self.url), ("read_on", &self.read_on.map(|day| day.to_string())), ("sha256", &self.sha256)]
        {
            if let Some(value) = value {
                members.insert(name.to_owned(), value.clone().into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";

    #[test]
    fn a_page_is_an_address_a_day_and_a_hash() {
        let today: Date = "2026-11-22".parse().unwrap();
        let page = Page {
            url: Some(" https://example.com/team ".into()),
            read_on: Some(today),
            sha256: Some(format!("sha256:{HASH}")),
        };
        let page = page.checked(today).unwrap();
        let mut detail = Json::Null;
        page.describe(&mut detail);
        let hash = HASH.to_ascii_lowercase();
        let expected = serde_json::json!({"url": "https://example.com/team", "read_on": "2026-11-22", "sha256": hash});
        assert_eq!(detail, expected);
        assert!(Page::default().checked(today).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_page_is_named() {
        let today: Date = "2026-11-22".parse().unwrap();
        let field = |page: Page| match page.checked(today) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        for url in ["ftp://example.com", "https://", "https://u:p@example.com/", "https://a b", "example.com"] {
            assert_eq!(field(Page { url: Some(url.into()), ..Page::default() }), "url", "{url}");
        }
        let url = Some("https://example.com".to_owned());
        assert_eq!(field(Page { url, sha256: Some("abc".into()), ..Page::default() }), "sha256");
        assert_eq!(field(Page { sha256: Some(HASH.into()), ..Page::default() }), "sha256");
        assert_eq!(field(Page { read_on: Some("2026-11-23".parse().unwrap()), ..Page::default() }), "read_on");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,80}") {
            if let Some(url) = web_address(&text) {
                proptest::prop_assert!(url.starts_with("http") && !url.contains('@') || url.contains('/'));
            }
            let _ = sha256_hex(&text);
        }
    }
}
