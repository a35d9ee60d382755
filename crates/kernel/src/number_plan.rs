//! What the number plans (ITU E.164 and the plans of countries, as libphonenumber keeps them) say about a number.

use serde::Serialize;

use crate::PhoneError;

/// The longest text that is read as a number, in octets.
const LONGEST: usize = 64;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What kind of line a number leads to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum NumberKind { $($(#[$doc])* $name,)* }

        impl NumberKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

kinds! {
    /// A telephone in a place.
    FixedLine = "fixed_line",
    /// A mobile telephone.
    Mobile = "mobile",
    /// The plan does not tell them apart.
    FixedLineOrMobile = "fixed_line_or_mobile",
    /// Free for the caller.
    TollFree = "toll_free",
    /// Dear for the caller.
    PremiumRate = "premium_rate",
    /// Paid by both.
    SharedCost = "shared_cost",
    /// Follows a person.
    PersonalNumber = "personal_number",
    /// Over the internet.
    Voip = "voip",
    /// A pager.
    Pager = "pager",
    /// One number for a company.
    UniversalAccess = "universal_access_number",
    /// A voice mail box.
    VoiceMail = "voice_mail",
    /// The plan does not say.
    Unknown = "unknown",
}

impl NumberKind {
    /// Whether a text message can reach such a number.
    pub const fn takes_sms(self) -> bool {
        matches!(self, Self::Mobile | Self::FixedLineOrMobile | Self::Unknown | Self::PersonalNumber)
    }
}

/// What is known of a number without asking anybody. Debug prints no digits.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NumberPlan {
    /// Whether a plan knows such numbers.
    pub valid: bool,
    /// The country calling code.
    pub prefix: u16,
    /// The country (ISO 3166), when it is one.
    pub country: Option<String>,
    /// What kind of line it is.
    pub kind: NumberKind,
    /// `+966501234567`.
    pub e164: String,
    /// `+966 50 123 4567`.
    pub international: String,
    /// `050 123 4567`.
    pub national: String,
    /// `tel:+966-50-123-4567` (RFC 3966).
    pub rfc3966: String,
}

impl std::fmt::Debug for NumberPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberPlan").field("valid", &self.valid).field("country", &self.country).finish_non_exhaustive()
    }
}

const fn kind(of: phonenumber::Type) -> NumberKind {
    use phonenumber::Type;
    match of {
        Type::FixedLine => NumberKind::FixedLine,
        Type::Mobile => NumberKind::Mobile,
        Type::FixedLineOrMobile => NumberKind::FixedLineOrMobile,
        Type::TollFree => NumberKind::TollFree,
        Type::PremiumRate => NumberKind::PremiumRate,
        Type::SharedCost => NumberKind::SharedCost,
        Type::PersonalNumber => NumberKind::PersonalNumber,
        Type::Voip => NumberKind::Voip,
        Type::Pager => NumberKind::Pager,
        Type::Uan => NumberKind::UniversalAccess,
        Type::Voicemail => NumberKind::VoiceMail,
        _ => NumberKind::Unknown,
    }
}

impl NumberPlan {
    /// Reads a number as people and programs write it: with `+`, with `00`, as bare digits with the country
    /// code (`966501234567`), or as dialled in `country` (ISO 3166).
    ///
    /// # Errors
    /// [`PhoneError::Invalid`] when it is nothing that a number could be.
    pub fn of(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        if text.len() > LONGEST {
            return Err(PhoneError::Invalid);
        }
        let text = crate::fold(text);
        let home = match country {
            Some(code) => Some(code.to_ascii_uppercase().parse().map_err(|_| PhoneError::NoCountry)?),
            None => None,
        };
        let text = match text.strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None if home.is_none() && !text.starts_with('+') => format!("+{}", text.trim_start()),
            None => text,
        };
        let number = phonenumber::parse(home, &text).map_err(|_| PhoneError::Invalid)?;
        let written = |mode| number.format().mode(mode).to_string();
        Ok(Self {
            valid: phonenumber::is_valid(&number),
            prefix: number.country().code(),
            country: number.country().id().map(|id| id.as_ref().to_owned()),
            kind: kind(number.number_type(&phonenumber::metadata::DATABASE)),
            e164: written(phonenumber::Mode::E164),
            international: written(phonenumber::Mode::International),
            national: written(phonenumber::Mode::National),
            rfc3966: written(phonenumber::Mode::Rfc3966),
        })
    }
}

impl crate::Phone {
    /// What kind of line the number leads to.
    pub fn kind(&self) -> NumberKind {
        NumberPlan::of(self.as_str(), None).map_or(NumberKind::Unknown, |plan| plan.kind)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NumberKind, NumberPlan};

    #[test]
    fn one_number_in_all_its_forms() {
        for (text, country) in [
            ("+966501234567", None),
            ("966501234567", None),
            ("00966 50 123 4567", None),
            ("050 123 4567", Some("sa")),
            ("٠٥٠١٢٣٤٥٦٧", Some("SA")),
        ] {
            let plan = NumberPlan::of(text, country).unwrap();
            assert!(plan.valid, "{text}");
            assert_eq!(plan.country.as_deref(), Some("SA"));
            assert_eq!((plan.prefix, plan.kind), (966, NumberKind::Mobile));
            assert_eq!(plan.e164, "+966501234567");
            assert_eq!(plan.international, "+966 50 123 4567");
            assert_eq!(plan.national, "050 123 4567");
            assert_eq!(plan.rfc3966, "tel:+966-50-123-4567");
        }
    }

    #[test]
    fn kinds_of_lines() {
        let kind = |text| NumberPlan::of(text, None).unwrap().kind;
        assert_eq!(kind("+493012345678"), NumberKind::FixedLine);
        assert_eq!(kind("+12025550123"), NumberKind::FixedLineOrMobile);
        assert_eq!(kind("+18005550123"), NumberKind::TollFree);
        assert!(!kind("+493012345678").takes_sms() && kind("+491701234567").takes_sms());
    }

    #[test]
    fn what_no_plan_knows_is_told_as_such() {
        assert!(!NumberPlan::of("+96650", None).is_ok_and(|plan| plan.valid));
        for wrong in ["", "hello", "+", &"9".repeat(65)] {
            assert!(NumberPlan::of(wrong, None).is_err(), "{wrong}");
        }
        assert!(NumberPlan::of("050 123 4567", Some("XX")).is_err());
    }

    proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC{0,70}", digits in "[+0]{0,3}[0-9]{1,20}") {
            let _ = NumberPlan::of(&text, None);
            let _ = NumberPlan::of(&digits, Some("EG"));
            let _ = NumberPlan::of(&digits, None);
        }
    }
}
