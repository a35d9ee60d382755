//! The colours of a row: readable on its background, and told by a class when a dark screen changes them.

use crate::design::{Colour, Theme};

/// Least contrasts: of text, and of large letters and shapes (WCAG 2.2, 1.4.3 and 1.4.11).
pub(super) const TEXT: f64 = 4.5;
pub(super) const LARGE: f64 = 3.0;
/// A background this dark stays as it is on a dark screen.
const DARK: f64 = 0.22;

/// The colours of one row.
pub(super) struct Tone {
    pub bg: Colour,
    pub text: Colour,
    pub muted: Colour,
    pub link: Colour,
    pub brand: Colour,
    pub line: Colour,
    /// What stands behind it on a dark screen.
    dark_bg: Option<Colour>,
    /// Its own class on a dark screen.
    own: &'static str,
}

impl Tone {
    pub(super) fn of(theme: &Theme, own: Option<Colour>) -> Self {
        let bg = own.unwrap_or(theme.surface);
        let or = |wanted: Colour, least: f64, instead: Colour| {
            if wanted.contrast(bg) >= least { wanted } else { instead }
        };
        let text = or(theme.text, TEXT, bg.readable());
        let stays = own.is_some_and(|own| own.luminance() < DARK);
        Self {
            bg,
            text,
            muted: or(text.mixed(bg, 30), TEXT, text),
            link: or(theme.link, TEXT, text),
            brand: or(theme.brand, LARGE, bg.readable()),
            line: text.mixed(bg, 84),
            dark_bg: theme.dark.as_ref().filter(|_| !stays).map(|dark| dark.surface),
            own: match own {
                None => "",
                Some(own) if own == theme.surface => "",
                Some(own) if own == theme.bg => " bd-s1",
                Some(_) => " bd-s2",
            },
        }
    }

    /// Whether a dark screen changes this row.
    pub(super) fn flips(&self) -> bool {
        self.dark_bg.is_some()
    }

    /// The classes of the row.
    pub(super) fn row_class(&self) -> String {
        if self.flips() { format!("bd-s{}", self.own) } else { "bd-k".to_owned() }
    }

    /// `class` where a dark screen changes the row, else nothing.
    pub(super) fn class(&self, class: &'static str) -> &'static str {
        if self.flips() { class } else { "" }
    }

    /// The class of text: only a colour that cannot be read on the dark background gives way.
    pub(super) fn text_class(&self, own: Option<Colour>) -> &'static str {
        match (own, self.dark_bg) {
            (_, None) => "",
            (Some(own), Some(dark)) if own.contrast(dark) >= LARGE => "",
            _ => "bd-t",
        }
    }
}
