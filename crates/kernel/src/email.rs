//! E-mail addresses, including internationalised ones (RFC 5321, 5322, 6531, 5890).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// An e-mail address in the form it is stored and compared in: local part in NFC, domain lower
/// case. Debug prints `[pii]`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email {
    local: String,
    /// As shown to people (U-label).
    domain: String,
    /// As used on the wire (A-label).
    ascii_domain: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// No `@`, or nothing on one side of it.
    #[error("an e-mail address needs a name, an @ and a domain")]
    Shape,
    /// Longer than 254 octets, or its local part than 64.
    #[error("the address is too long")]
    TooLong,
    /// A character that has no place there (spaces, controls, quotes, comments, angle brackets).
    #[error("the name before the @ has a character that is not allowed")]
    Local,
    /// The domain is not one (RFC 5890, UTS 46), or has no dot.
    #[error("the domain after the @ is not valid")]
    Domain,
    /// Bidirectional control characters, which can make an address look like another.
    #[error("the address has hidden direction characters")]
    Hidden,
}

const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

fn local_is_valid(local: &str) -> bool {
    !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| match c {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | '.'
            | '!'
            | '#'
            | '$'
            | '%'
            | '&'
            | '\''
            | '*'
            | '+'
            | '-'
            | '/'
            | '='
            | '?'
            | '^'
            | '_'
            | '`'
            | '{'
            | '|'
            | '}'
            | '~' => true,
            other => !other.is_ascii() && !other.is_control() && !other.is_whitespace(),
        })
}

fn ascii_domain_is_valid(domain: &str) -> bool {
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && !domain.rsplit('.').next().is_some_and(|top| top.bytes().all(|b| b.is_ascii_digit()))
}

impl Email {
    /// Reads an address (addr-spec only: no display name, no quoted local part, no address
    /// literal). Surrounding white space is dropped.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.chars().any(is_hidden) {
            return Err(EmailError::Hidden);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(EmailError::Shape);
        }
        let local: String = if local.is_ascii() { local.to_owned() } else { local.nfc().collect() };
        if local.len() > 64 {
            return Err(EmailError::TooLong);
        }
        if !local_is_valid(&local) {
            return Err(EmailError::Local);
        }
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let plain = domain.is_ascii() && !domain.to_ascii_lowercase().contains("xn--");
        let (ascii_domain, domain) = if plain {
            let lower = domain.to_ascii_lowercase();
            (lower.clone(), lower)
        } else {
            let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::Domain)?;
            let (shown, read) = idna::domain_to_unicode(&ascii);
            read.map_err(|_| EmailError::Domain)?;
            (ascii, shown)
        };
        if !ascii_domain_is_valid(&ascii_domain) {
            return Err(EmailError::Domain);
        }
        if local.len() + 1 + ascii_domain.len() > 254 {
            return Err(EmailError::TooLong);
        }
        Ok(Self { local, domain, ascii_domain })
    }

    /// The part before the `@`, in NFC.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain as people read it (U-label).
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The domain as the wire wants it (A-label).
    pub fn ascii_domain(&self) -> &str {
        &self.ascii_domain
    }

    /// Whether the local part needs SMTPUTF8 (RFC 6531) at the next hop.
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// The address for an envelope or header: local part as it is, domain as A-label.
    pub fn wire(&self) -> String {
        format!("{}@{}", self.local, self.ascii_domain)
    }

    /// The form under which two spellings are one person's mailbox: NFC, lower case, A-label.
    /// (RFC 5321 lets hosts tell case apart in local parts; none that people use does.)
    pub fn normal(&self) -> String {
        let mut out = if self.local.is_ascii() {
            self.local.to_ascii_lowercase()
        } else {
            self.local.to_lowercase().nfc().collect()
        };
        out.push('@');
        out.push_str(&self.ascii_domain);
        out
    }
}

impl fmt::Display for Email {
    /// The address as people read it. Display is deliberate: it is needed to show and to send;
    /// wrap in [`crate::Pii`] wherever it could reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl std::str::FromStr for Email {
    type Err = EmailError;
    fn from_str(text: &str) -> Result<Self, EmailError> {
        Self::parse(text)
    }
}

impl serde::Serialize for Email {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_and_international_addresses() {
        let plain = Email::parse(" Lina.Haddad@Example.COM ").unwrap();
        assert_eq!(plain.wire(), "Lina.Haddad@example.com");
        assert_eq!(plain.normal(), "lina.haddad@example.com");
        let arabic = Email::parse("لينا@مثال.إختبار").unwrap();
        assert!(arabic.needs_smtputf8());
        assert_eq!(arabic.ascii_domain(), "xn--mgbh0fb.xn--kgbechtv");
        assert_eq!(Email::parse(&arabic.wire()).unwrap(), arabic);
        let mixed = Email::parse("info@münchen.example").unwrap();
        assert!(!mixed.needs_smtputf8());
        assert_eq!(mixed.wire(), "info@xn--mnchen-3ya.example");
    }

    #[test]
    fn hostile_addresses_are_refused() {
        for (text, error) in [
            ("x@example.com\r\nBcc: evil@example.org", EmailError::Local),
            ("x@example.com\r\nBcc: evil", EmailError::Domain),
            ("x\r\n@example.com", EmailError::Local),
            ("\"a b\"@example.com", EmailError::Local),
            ("a..b@example.com", EmailError::Local),
            ("a@b", EmailError::Domain),
            ("a@[127.0.0.1]", EmailError::Domain),
            ("a@127.0.0.1", EmailError::Domain),
            ("a@-x.com", EmailError::Domain),
            ("a@x.com\u{202e}", EmailError::Hidden),
            ("nobody", EmailError::Shape),
            ("@example.com", EmailError::Shape),
            ("Lina <lina@example.com>", EmailError::Local),
        ] {
            assert_eq!(Email::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(65))), Err(EmailError::TooLong));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_safe_on_the_wire(text in "\\PC{1,20}@\\PC{1,20}") {
            if let Ok(email) = Email::parse(&text) {
                let wire = email.wire();
                prop_assert!(!wire.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"(),:;[]\\".contains(c)));
                prop_assert_eq!(Email::parse(&wire).unwrap().normal(), email.normal());
            }
        }
    }
}
