use std::fmt;

/// A value of a contact that conditions can look at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// One that every contact can have.
    Standard(StandardField),
    /// A custom attribute, written `attributes.NAME`.
    Attribute(Box<str>),
}

macro_rules! standard_fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// The fields every contact can have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum StandardField { $($(#[$doc])* $name,)* }

        impl StandardField {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name used in conditions.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

standard_fields! {
    /// The e-mail address.
    Email = "email";
    /// What stands after the `@`.
    EmailDomain = "email_domain";
    /// The phone number (E.164).
    Phone = "phone";
    /// The given name.
    FirstName = "first_name";
    /// The family name.
    LastName = "last_name";
    /// The language tag (BCP 47).
    Language = "language";
    /// The country (ISO 3166-1 alpha-2).
    Country = "country";
    /// The time zone (IANA name).
    TimeZone = "time_zone";
    /// The organisation.
    Company = "company";
    /// Individual, sole trader, corporate …
    RecipientType = "recipient_type";
    /// When the contact came to be.
    CreatedAt = "created_at";
    /// When the contact last changed.
    UpdatedAt = "updated_at";
}

impl StandardField {
    /// Whether the field holds an instant (the others hold text).
    pub const fn is_instant(self) -> bool {
        matches!(self, Self::CreatedAt | Self::UpdatedAt)
    }
}

/// What stands before a custom attribute's name.
const ATTRIBUTES: &str = "attributes.";
/// The longest name of a custom attribute, in bytes.
const MAX_NAME: usize = 200;

impl Field {
    /// The field with this name; `Err` says what a name looks like.
    pub fn from_name(name: &str) -> Result<Self, String> {
        if let Some(attribute) = name.strip_prefix(ATTRIBUTES) {
            return if attribute.is_empty() || attribute.len() > MAX_NAME {
                Err(format!("a custom attribute is written attributes.NAME, with 1 to {MAX_NAME} bytes of name"))
            } else {
                Ok(Self::Attribute(attribute.into()))
            };
        }
        StandardField::ALL.iter().find(|field| field.as_str() == name).map(|&field| Self::Standard(field)).ok_or_else(
            || {
                let names: Vec<_> = StandardField::ALL.iter().map(|field| field.as_str()).collect();
                format!("unknown field; use attributes.NAME for a custom attribute, or one of {}", names.join(", "))
            },
        )
    }

    /// Whether the field holds an instant.
    pub const fn is_instant(&self) -> bool {
        matches!(self, Self::Standard(field) if field.is_instant())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(field) => f.write_str(field.as_str()),
            Self::Attribute(name) => write!(f, "{ATTRIBUTES}{name}"),
        }
    }
}
