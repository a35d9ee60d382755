//! The style sheet of a document: colours on dark screens, and the order of columns on telephones.

use std::fmt::Write;

use super::{Colour, Theme};

/// The rules of a theme.
pub(super) fn sheet(theme: &Theme) -> String {
    let mut out = String::from(
        "@media only screen and (max-width:480px){.bd-rev > table > tbody > tr > td\
         {display:flex !important;flex-direction:column-reverse !important;}}",
    );
    let Some(dark) = &theme.dark else { return out };
    let line = dark.text.mixed(dark.surface, 78);
    let muted = dark.text.mixed(dark.surface, 25);
    let tint = dark.surface.mixed(dark.text, 6);
    out.push_str(":root{color-scheme:light dark;supported-color-schemes:light dark;}");
    out.push_str("@media (prefers-color-scheme:dark){");
    let mut rule = |selector: &str, what: &str, colour: Colour| {
        let _ = write!(out, "{selector}{{{what}:{colour} !important;}}");
    };
    rule("body,.bd-bg", "background-color", dark.bg);
    rule(".bd-s,.bd-s > table", "background-color", dark.surface);
    rule(".bd-s1,.bd-s1 > table", "background-color", dark.bg);
    rule(".bd-s2,.bd-s2 > table", "background-color", tint);
    rule(".bd-t div,.bd-t table,.bd-t td,.bd-t th,.bd-i", "color", dark.text);
    rule(".bd-m div,.bd-m table,.bd-m td,.bd-m th,.bd-n", "color", muted);
    rule("a.bd-l", "color", dark.link);
    rule(".bd-b td,.bd-b a,.bd-b p", "background-color", dark.brand);
    rule(".bd-b a,.bd-b p", "color", dark.brand.readable());
    rule(".bd-o a,.bd-o p", "color", dark.link);
    rule(".bd-o td", "border-color", dark.link);
    rule(".bd-d p,.bd-t td,.bd-t th", "border-color", line);
    out.push('}');
    out
}
