//! Phone numbers in E.164.

use std::fmt;

/// A phone number in E.164 form (`+491701234567`). Debug prints `[pii]`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Neither a leading + nor a country to read it in.
    #[error("the number has no country code; write it with a leading +")]
    NoCountry,
    /// No number plan knows it.
    #[error("not a valid phone number")]
    Invalid,
}

impl Phone {
    /// Reads a number as people write it. `country` (ISO 3166, two letters) is used when the text
    /// has no leading `+` or `00`. Arabic-Indic digits are read as digits.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        if text.len() > 64 {
            return Err(PhoneError::Invalid);
        }
        let mut text = crate::fold(text);
        if let Some(rest) = text.strip_prefix("00") {
            text = format!("+{rest}");
        }
        let country = country.and_then(|c| c.to_ascii_uppercase().parse::<phonenumber::country::Id>().ok());
        if country.is_none() && !text.starts_with('+') {
            return Err(PhoneError::NoCountry);
        }
        let number = phonenumber::parse(country, &text).map_err(|_| PhoneError::Invalid)?;
        if !phonenumber::is_valid(&number) {
            return Err(PhoneError::Invalid);
        }
        Ok(Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ISO 3166 country of the number's prefix, when it has exactly one.
    pub fn country(&self) -> Option<String> {
        let number = phonenumber::parse(None, &self.0).ok()?;
        number.country().id().map(|id| id.as_ref().to_owned())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

#[cfg(test)]
mod tests {
    use super::{Phone, PhoneError};

    #[test]
    fn numbers_become_e164() {
        assert_eq!(Phone::parse("+49 170 1234567", None).unwrap().as_str(), "+491701234567");
        assert_eq!(Phone::parse("0170/1234567", Some("DE")).unwrap().as_str(), "+491701234567");
        assert_eq!(Phone::parse("٠٠٩٦٦٥٠١٢٣٤٥٦٧", None).unwrap().as_str(), "+966501234567");
        assert_eq!(Phone::parse("0170 1234567", None), Err(PhoneError::NoCountry));
        assert_eq!(Phone::parse("+49", None), Err(PhoneError::Invalid));
        assert_eq!(Phone::parse("+966501234567", None).unwrap().country().as_deref(), Some("SA"));
    }
}
