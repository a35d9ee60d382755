//! Who a message is from, as telephones show it.

use std::fmt;
use std::str::FromStr;

use super::alphabet;

/// What a message may be from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Originator {
    /// A number in international form, without the plus.
    International(String),
    /// A short code of three to eight digits.
    ShortCode(String),
    /// A name: at most eleven characters, at least one of them a letter.
    Name(String),
}

/// Why a text is no originator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginatorError {
    /// Nothing.
    #[error("the sender is empty")]
    Empty,
    /// More than eleven characters.
    #[error("a name has at most 11 characters")]
    TooLong,
    /// A character that networks do not carry in names.
    #[error("a name has only letters A-Z, digits, spaces and - _ . & + /")]
    Character,
    /// Digits that are neither a short code nor an international number.
    #[error("digits alone are a short code of 3 to 8 digits or a number with its country code")]
    Number,
}

/// Type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TonNpi {
    /// Type of number.
    pub ton: u8,
    /// Numbering plan indicator.
    pub npi: u8,
}

impl TonNpi {
    /// A number with its country code.
    pub const INTERNATIONAL: Self = Self { ton: 1, npi: 1 };
    /// A short code.
    pub const SHORT: Self = Self { ton: 3, npi: 0 };
    /// A name.
    pub const NAME: Self = Self { ton: 5, npi: 0 };
}

impl Originator {
    /// The octets of the address field.
    pub fn address(&self) -> &str {
        match self {
            Self::International(text) | Self::ShortCode(text) | Self::Name(text) => text,
        }
    }

    /// What the octets are.
    pub const fn ton_npi(&self) -> TonNpi {
        match self {
            Self::International(_) => TonNpi::INTERNATIONAL,
            Self::ShortCode(_) => TonNpi::SHORT,
            Self::Name(_) => TonNpi::NAME,
        }
    }

    /// The stable name of the kind: `number`, `short_code` or `name`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::International(_) => "number",
            Self::ShortCode(_) => "short_code",
            Self::Name(_) => "name",
        }
    }

    /// Whether people can answer it.
    pub const fn two_way(&self) -> bool {
        !matches!(self, Self::Name(_))
    }
}

impl FromStr for Originator {
    type Err = OriginatorError;

    fn from_str(text: &str) -> Result<Self, OriginatorError> {
        if text.len() > 64 {
            return Err(OriginatorError::TooLong);
        }
        let text = text.trim();
        let folded = kernel::fold(text);
        let bare: String = folded.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/')).collect();
        let plus = bare.starts_with('+') || bare.starts_with("00");
        let digits = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")).unwrap_or(&bare);
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            return match digits.len() {
                3..=8 if !plus => Ok(Self::ShortCode(digits.to_owned())),
                7..=15 if !digits.starts_with('0') => Ok(Self::International(digits.to_owned())),
                _ => Err(OriginatorError::Number),
            };
        }
        match text.chars().count() {
            0 => return Err(OriginatorError::Empty),
            1..=11 => {}
            _ => return Err(OriginatorError::TooLong),
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '&' | '+' | '/');
        let carried = text.chars().all(|c| fits(c) && alphabet::septets(c).is_some());
        if !carried || !text.chars().any(|c| c.is_ascii_alphabetic()) {
            return Err(OriginatorError::Character);
        }
        Ok(Self::Name(text.to_owned()))
    }
}

impl fmt::Display for Originator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::International(digits) => write!(f, "+{digits}"),
            Self::ShortCode(text) | Self::Name(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Originator, OriginatorError};

    #[test]
    fn kinds() {
        let read = |text: &str| text.parse::<Originator>();
        assert_eq!(read("Barid").unwrap(), Originator::Name("Barid".into()));
        assert_eq!(read("+966 50 123 4567").unwrap().to_string(), "+966501234567");
        assert_eq!(read("00966501234567").unwrap(), Originator::International("966501234567".into()));
        assert_eq!(read("٨٠٠٨").unwrap(), Originator::ShortCode("8008".into()));
        assert_eq!(read("4-Shop").unwrap().kind(), "name");
        assert_eq!(read(""), Err(OriginatorError::Empty));
        assert_eq!(read("بريد"), Err(OriginatorError::Character));
        assert_eq!(read("Twelve chars"), Err(OriginatorError::TooLong));
        assert_eq!(read("+12"), Err(OriginatorError::Number));
        assert_eq!(read("0501234567"), Err(OriginatorError::Number));
        assert_eq!(read("&&"), Err(OriginatorError::Character));
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_again_the_same(text in any::<String>()) {
            if let Ok(originator) = text.parse::<Originator>() {
                prop_assert!(originator.address().len() <= 20);
                prop_assert_eq!(originator.to_string().parse::<Originator>(), Ok(originator));
            }
        }
    }
}
