//! Colours, fonts and measures of a document.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A colour as `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// White.
    pub const WHITE: Self = Self([255; 3]);
    /// Nearly black, softer on bright screens.
    pub const INK: Self = Self([0x1a, 0x1d, 0x21]);

    /// The relative luminance, 0 to 1 (WCAG 2.2).
    pub fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The contrast to another colour, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// White or ink, whichever is read better on this colour.
    pub fn readable(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::INK) { Self::WHITE } else { Self::INK }
    }

    /// A colour between this one and another: `percent` of the other.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u16) -> Self {
        let percent = percent.min(100);
        let mut out = self.0;
        for (mine, theirs) in out.iter_mut().zip(other.0) {
            let sum = u16::from(*mine) * (100 - percent) + u16::from(theirs) * percent;
            *mine = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Self(out)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Colour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "write a colour as #rrggbb";
        let digits = text.strip_prefix('#').ok_or(wrong)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong);
        }
        let whole = match digits.len() {
            6 => digits.to_owned(),
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => return Err(wrong),
        };
        let number = u32::from_str_radix(&whole, 16).map_err(|_| wrong)?.to_be_bytes();
        Ok(Self([number[1], number[2], number[3]]))
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A family of fonts that mail programs have; each ends in one that shows Arabic well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DesignFont)]
pub enum Font {
    /// IBM Plex Sans Arabic where it is installed, else Tahoma or Arial.
    #[default]
    Plex,
    /// The fonts of the reader's own system.
    System,
    /// Arial.
    Arial,
    /// Tahoma.
    Tahoma,
    /// Verdana.
    Verdana,
    /// Georgia, with serifs.
    Georgia,
    /// Times, with serifs.
    Times,
}

impl Font {
    /// The CSS value.
    pub(crate) const fn stack(self) -> &'static str {
        match self {
            Self::Plex => "'IBM Plex Sans Arabic', 'IBM Plex Sans', Tahoma, Arial, sans-serif",
            Self::System => "-apple-system, 'Segoe UI', Roboto, 'Noto Sans Arabic', Tahoma, Arial, sans-serif",
            Self::Arial => "Arial, Helvetica, sans-serif",
            Self::Tahoma => "Tahoma, Arial, sans-serif",
            Self::Verdana => "Verdana, Tahoma, Arial, sans-serif",
            Self::Georgia => "Georgia, 'Times New Roman', 'Noto Naskh Arabic', serif",
            Self::Times => "'Times New Roman', Times, 'Noto Naskh Arabic', serif",
        }
    }
}

/// The colours for readers whose screen is dark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DesignDark)]
pub struct Dark {
    /// Behind the message.
    #[schema(value_type = String)]
    pub bg: Colour,
    /// Behind rows without a colour of their own.
    #[schema(value_type = String)]
    pub surface: Colour,
    /// Text.
    #[schema(value_type = String)]
    pub text: Colour,
    /// Links in text.
    #[schema(value_type = String)]
    pub link: Colour,
    /// Buttons.
    #[schema(value_type = String)]
    pub brand: Colour,
}

impl Default for Dark {
    fn default() -> Self {
        Self {
            bg: Colour([0x12, 0x16, 0x19]),
            surface: Colour([0x1c, 0x22, 0x26]),
            text: Colour([0xe9, 0xec, 0xee]),
            link: Colour([0x6f, 0xd0, 0xc4]),
            brand: Colour([0x2b, 0xa5, 0x98]),
        }
    }
}

/// Colours, font and measures of the whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DesignTheme)]
pub struct Theme {
    /// The width of the message in pixels, 320 to 900.
    #[schema(minimum = 320, maximum = 900)]
    pub width: u16,
    /// Behind the message.
    #[schema(value_type = String)]
    pub bg: Colour,
    /// Behind rows without a colour of their own.
    #[schema(value_type = String)]
    pub surface: Colour,
    /// Text.
    #[schema(value_type = String)]
    pub text: Colour,
    /// Links in text.
    #[schema(value_type = String)]
    pub link: Colour,
    /// Buttons and accents.
    #[schema(value_type = String)]
    pub brand: Colour,
    /// The family of fonts.
    pub font: Font,
    /// How round the corners of buttons and pictures are, in pixels, 0 to 40.
    #[schema(maximum = 40)]
    pub radius: u16,
    /// For dark screens; none when null: mail programs then invert colours as they like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark: Option<Dark>,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            width: 600,
            bg: Colour([0xf2, 0xf4, 0xf3]),
            surface: Colour::WHITE,
            text: Colour([0x24, 0x2b, 0x2f]),
            link: Colour([0x0b, 0x6e, 0x66]),
            brand: Colour([0x0b, 0x6e, 0x66]),
            font: Font::Plex,
            radius: 6,
            dark: None,
        }
    }
}
