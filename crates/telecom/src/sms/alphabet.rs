//! The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1).

use std::sync::LazyLock;

/// The septet that announces a character of the extension table.
pub const ESCAPE: u8 = 0x1b;

/// The default alphabet by septet; [`ESCAPE`] has no character of its own.
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', 'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω',
    'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{1b}', 'Æ', 'æ', 'ß', 'É', ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+',
    ',', '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', '¡', 'A', 'B',
    'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y',
    'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p',
    'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// The extension table: the septet after [`ESCAPE`], and what both stand for.
const EXTENSION: [(u8, char); 10] = [
    (0x0a, '\u{c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2f, '\\'),
    (0x3c, '['),
    (0x3d, '~'),
    (0x3e, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// Septets of the characters below U+0100, which is nearly everything that is asked.
const NOT: u8 = 0xff;
static LATIN: LazyLock<[u8; 256]> = LazyLock::new(|| {
    let mut table = [NOT; 256];
    for (septet, &c) in BASIC.iter().enumerate() {
        if let Some(slot) = table.get_mut(c as usize) {
            *slot = septet as u8;
        }
    }
    table[usize::from(ESCAPE)] = NOT;
    table
});

/// How a character is written in septets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Septets {
    /// One septet of the default alphabet.
    One(u8),
    /// [`ESCAPE`] and this septet.
    Escaped(u8),
}

impl Septets {
    /// How many septets.
    pub const fn cost(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Escaped(_) => 2,
        }
    }
}

/// The septets of a character; `None` when the alphabet and its extension lack it.
pub fn septets(c: char) -> Option<Septets> {
    if let Some(&septet) = LATIN.get(c as usize) {
        if septet != NOT {
            return Some(Septets::One(septet));
        }
    } else if matches!(c, 'Γ'..='Ω')
        && let Some(at) = BASIC.iter().position(|&known| known == c)
    {
        return Some(Septets::One(at as u8));
    }
    EXTENSION.iter().find(|(_, known)| *known == c).map(|(septet, _)| Septets::Escaped(*septet))
}

/// The characters that septets stand for. As the standard asks, an escape before a septet that the
/// extension table lacks shows the default alphabet's character, and a last lone escape shows a space.
pub fn text_of(septets: &[u8]) -> String {
    let mut text = String::with_capacity(septets.len());
    let mut rest = septets.iter();
    while let Some(&septet) = rest.next() {
        if septet & 0x7f != ESCAPE {
            text.push(BASIC[usize::from(septet & 0x7f)]);
            continue;
        }
        let Some(&second) = rest.next() else {
            text.push(' ');
            break;
        };
        let second = second & 0x7f;
        match EXTENSION.iter().find(|(known, _)| *known == second) {
            Some((_, c)) => text.push(*c),
            None if second == ESCAPE => text.push(' '),
            None => text.push(BASIC[usize::from(second)]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{BASIC, ESCAPE, EXTENSION, Septets, septets, text_of};

    #[test]
    fn every_character_of_the_tables_goes_there_and_back() {
        for (at, &c) in BASIC.iter().enumerate().filter(|(at, _)| *at != usize::from(ESCAPE)) {
            assert_eq!(septets(c), Some(Septets::One(at as u8)), "{c:?}");
            assert_eq!(text_of(&[at as u8]), c.to_string());
        }
        for (at, c) in EXTENSION {
            assert_eq!(septets(c), Some(Septets::Escaped(at)), "{c:?}");
            assert_eq!(text_of(&[ESCAPE, at]), c.to_string());
        }
        assert_eq!(septets('\u{1b}'), None);
    }

    #[test]
    fn what_the_alphabet_lacks_is_not_in_it() {
        for c in ['ç', 'â', '`', '\t', '’', 'م', 'α', 'Α', '😀', '\u{a0}', 'Τ'] {
            assert_eq!(septets(c), None, "{c:?}");
        }
    }

    #[test]
    fn unknown_and_lone_escapes_are_read_as_the_standard_says() {
        assert_eq!(text_of(&[ESCAPE, b'a']), "a");
        assert_eq!(text_of(&[b'a', ESCAPE]), "a ");
        assert_eq!(text_of(&[ESCAPE, ESCAPE, b'a']), " a");
    }
}
