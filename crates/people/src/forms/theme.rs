//! How a form looks on other people's pages: colours that can be read, in light and in dark.

use privacy::cookies::Colour;
use serde::{Deserialize, Serialize};

use super::origins;

/// The largest radius of corners, in pixels.
const ROUNDEST: u8 = 24;
/// The least contrast of words on their background (WCAG 2.2, 1.4.3).
const WORDS: f64 = 4.5;
/// The least contrast of a button with what is around it (WCAG 2.2, 1.4.11).
const SHAPES: f64 = 3.0;

/// Which colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// As the visitor's system asks.
    #[default]
    Auto,
    /// Always the light ones.
    Light,
    /// Always the dark ones.
    Dark,
}

/// A picture above the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// A path on the embedding site, or a URL of one of the form's origins.
    pub url: String,
    /// What it shows, in English; empty for mere decoration.
    #[serde(default)]
    pub alt_en: String,
    /// The same in Arabic.
    #[serde(default)]
    pub alt_ar: String,
}

/// How a form looks. Letters are the system's own: nothing is loaded for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Theme {
    /// Which of the two sets is used.
    pub scheme: Scheme,
    /// Behind the form, as `#rrggbb`.
    pub background: String,
    /// Its words.
    pub text: String,
    /// Its button; the words on it are black or white, whichever reads better.
    pub button: String,
    /// Behind the form in the dark.
    pub dark_background: String,
    /// Its words in the dark.
    pub dark_text: String,
    /// Its button in the dark.
    pub dark_button: String,
    /// The radius of corners, in pixels, 0 to 24.
    pub radius: u8,
    /// A picture above the form.
    pub image: Option<Image>,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            scheme: Scheme::Auto,
            background: "#ffffff".to_owned(),
            text: "#1a2230".to_owned(),
            button: "#0b6e63".to_owned(),
            dark_background: "#171c26".to_owned(),
            dark_text: "#f2f4f8".to_owned(),
            dark_button: "#5cc9b8".to_owned(),
            radius: 8,
            image: None,
        }
    }
}

impl Theme {
    /// The black or white that reads best on a button of this colour.
    pub fn ink(colour: &str) -> &'static str {
        Colour::read(colour).map_or("#ffffff", Colour::ink)
    }

    pub(super) fn check(&self, allowed: &[String], add: &mut dyn FnMut(String, &str)) {
        let light = [("background", &self.background), ("text", &self.text), ("button", &self.button)];
        let dark = [
            ("dark_background", &self.dark_background),
            ("dark_text", &self.dark_text),
            ("dark_button", &self.dark_button),
        ];
        for set in [light, dark] {
            let read = set.map(|(_, value)| Colour::read(value));
            for ((name, _), colour) in set.iter().zip(read) {
                if colour.is_none() {
                    add(format!("theme.{name}"), "a colour is written #rrggbb");
                }
            }
            let [Some(background), Some(text), Some(button)] = read else { continue };
            if text.contrast(background) < WORDS {
                add(format!("theme.{}", set[1].0), "too close to the background to be read: contrast below 4.5");
            }
            if button.contrast(background) < SHAPES {
                add(format!("theme.{}", set[2].0), "too close to the background to be seen: contrast below 3");
            }
        }
        if self.radius > ROUNDEST {
            add("theme.radius".to_owned(), "from 0 to 24 pixels");
        }
        if let Some(image) = &self.image {
            if !origins::is_own(&image.url, allowed) {
                add("theme.image.url".to_owned(), "a path that begins with /, or a URL of one of the form's origins");
            }
            if [&image.alt_en, &image.alt_ar].iter().any(|text| text.chars().count() > 300) {
                add("theme.image.alt_en".to_owned(), "at most 300 characters");
            }
        }
    }
}
