//! Colours of CSS and HTML, as far as it takes to see that two are alike.

/// A colour with its opacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour {
    red: u8,
    green: u8,
    blue: u8,
    /// 0 is clear, 255 is solid.
    solid: u8,
}

const NAMED: [(&str, [u8; 3]); 22] = [
    ("white", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("red", [255, 0, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("lightgray", [211, 211, 211]),
    ("lightgrey", [211, 211, 211]),
    ("darkgray", [169, 169, 169]),
    ("darkgrey", [169, 169, 169]),
    ("gainsboro", [220, 220, 220]),
    ("whitesmoke", [245, 245, 245]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("floralwhite", [255, 250, 240]),
    ("navy", [0, 0, 128]),
    ("maroon", [128, 0, 0]),
    ("teal", [0, 128, 128]),
];

impl Colour {
    pub(crate) const WHITE: Self = Self { red: 255, green: 255, blue: 255, solid: 255 };
    pub(crate) const BLACK: Self = Self { red: 0, green: 0, blue: 0, solid: 255 };

    const fn solid([red, green, blue]: [u8; 3]) -> Self {
        Self { red, green, blue, solid: 255 }
    }

    /// Reads `#rgb`, `#rrggbb` (with opacity, too), `rgb()`, `rgba()` and common names; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(digits) = text.strip_prefix('#') {
            return Self::hex(digits);
        }
        if let Some(inside) = text.strip_prefix("rgba(").or_else(|| text.strip_prefix("rgb(")) {
            return Self::parts(inside.strip_suffix(')')?);
        }
        if text == "transparent" {
            return Some(Self { solid: 0, ..Self::BLACK });
        }
        NAMED.iter().find(|(name, _)| *name == text).map(|(_, colour)| Self::solid(*colour))
    }

    /// Three or four digits are doubled; a fourth channel is the opacity.
    fn hex(digits: &str) -> Option<Self> {
        let values: Vec<u8> =
            digits.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
        let channels: Vec<u8> = match values.len() {
            3 | 4 => values.iter().map(|digit| digit * 17).collect(),
            6 | 8 => values.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
            _ => return None,
        };
        let (colours, rest) = channels.split_at_checked(3)?;
        let solid = rest.first().copied().unwrap_or(255);
        Some(Self { solid, ..Self::solid([colours[0], colours[1], colours[2]]) })
    }

    fn parts(inside: &str) -> Option<Self> {
        let parts: Vec<&str> = inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
        let (colours, rest) = parts.split_at_checked(3)?;
        let channel = |part: &&str| match part.strip_suffix('%') {
            Some(share) => share.parse::<f64>().ok().map(|share| share * 2.55),
            None => part.parse::<f64>().ok(),
        };
        let values: Vec<u8> =
            colours.iter().map(|part| channel(part).map(|v| v.clamp(0.0, 255.0) as u8)).collect::<Option<_>>()?;
        let solid = match rest.first() {
            None => 255.0,
            Some(part) => match part.strip_suffix('%') {
                Some(share) => share.parse::<f64>().ok()? * 2.55,
                None => part.parse::<f64>().ok()? * 255.0,
            },
        };
        let [red, green, blue] = values.try_into().ok()?;
        Some(Self { red, green, blue, solid: solid.clamp(0.0, 255.0) as u8 })
    }

    /// Whether it lets everything through.
    pub(crate) const fn is_clear(self) -> bool {
        self.solid < 16
    }

    /// Whether text of this colour cannot be told from a ground of the other.
    pub(crate) fn is_like(self, ground: Self) -> bool {
        let near = |a: u8, b: u8| a.abs_diff(b) <= 8;
        self.is_clear() || near(self.red, ground.red) && near(self.green, ground.green) && near(self.blue, ground.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::Colour;

    #[test]
    fn one_colour_has_many_names() {
        for white in
            ["#fff", "#FFFFFF", "white", "rgb(255,255,255)", "rgb(255 255 255)", "rgba(100%, 100%, 100%, 1)", "#ffff"]
        {
            assert!(Colour::read(white).unwrap().is_like(Colour::WHITE), "{white}");
            assert!(!Colour::read(white).unwrap().is_like(Colour::BLACK), "{white}");
        }
        assert!(Colour::read("rgba(1,2,3,0)").unwrap().is_clear() && Colour::read("#0000").unwrap().is_clear());
        for none in ["", "#ff", "#gggggg", "rgb(1,2)", "inherit", "url(a)", "rgb(a,b,c)"] {
            assert_eq!(Colour::read(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,40}") {
            let _ = Colour::read(&text);
        }
    }
}
