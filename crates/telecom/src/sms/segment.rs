//! A text cut into the parts that travel.

use serde::Serialize;

use super::alphabet::{self, ESCAPE, Septets};

/// The most parts one message can have: the header counts them in one octet.
pub const MOST_PARTS: usize = 255;

/// How a text is written on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet with its extension table.
    #[serde(rename = "GSM_7BIT")]
    Gsm7,
    /// UTF-16, which the standard still calls UCS-2.
    #[serde(rename = "UCS2")]
    Ucs2,
}

impl Encoding {
    /// GSM-7 when every character of the text is in the alphabet or its extension, otherwise UCS-2.
    pub fn of(text: &str) -> Self {
        if text.chars().all(|c| alphabet::septets(c).is_some()) { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// The stable name: `GSM_7BIT` or `UCS2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM_7BIT",
            Self::Ucs2 => "UCS2",
        }
    }

    /// Units (septets or UTF-16 code units) that fit when the message is alone.
    pub const fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that fit beside the header that counts parts.
    pub const fn together(self, reference: Reference) -> usize {
        match (self, reference) {
            (Self::Gsm7, Reference::Short) => 153,
            (Self::Gsm7, Reference::Long) => 152,
            (Self::Ucs2, Reference::Short) => 67,
            (Self::Ucs2, Reference::Long) => 66,
        }
    }

    /// Units of one character.
    fn cost(self, c: char) -> usize {
        match self {
            Self::Gsm7 => alphabet::septets(c).map_or(1, Septets::cost),
            Self::Ucs2 => c.len_utf16(),
        }
    }

    /// The octets that SMPP carries: septets one to an octet, or UTF-16 big-endian. A character
    /// that GSM-7 lacks becomes a question mark; [`Encoding::of`] never lets that happen.
    pub fn octets(self, text: &str) -> Vec<u8> {
        let mut octets = Vec::with_capacity(text.len());
        match self {
            Self::Gsm7 => {
                for c in text.chars() {
                    match alphabet::septets(c) {
                        Some(Septets::One(septet)) => octets.push(septet),
                        Some(Septets::Escaped(septet)) => octets.extend([ESCAPE, septet]),
                        None => octets.push(b'?'),
                    }
                }
            }
            Self::Ucs2 => octets.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        }
        octets
    }

    /// The text of such octets. An odd last octet is ignored, a lone surrogate shows U+FFFD.
    pub fn text(self, octets: &[u8]) -> String {
        match self {
            Self::Gsm7 => alphabet::text_of(octets),
            Self::Ucs2 => {
                let units = octets.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }
}

/// How many bits the reference has that holds the parts of a message together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reference {
    /// Eight, the usual.
    #[default]
    Short,
    /// Sixteen: one unit fewer per part, for senders with much traffic to the same person.
    Long,
}

/// A text has more parts than can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text needs {parts} parts; a message has at most {MOST_PARTS}")]
pub struct TooLong {
    /// How many it would need.
    pub parts: usize,
}

/// One part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The characters.
    pub text: &'a str,
    /// Septets or UTF-16 code units, without the header.
    pub units: usize,
}

/// A text with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments<'a> {
    /// How all parts are written.
    pub encoding: Encoding,
    /// At least one; more than one carry a header.
    pub parts: Vec<Part<'a>>,
}

/// Cuts a text into parts, each as full as can be without splitting an escape sequence or a surrogate
/// pair. An empty text is one empty part.
///
/// # Errors
/// [`TooLong`] above [`MOST_PARTS`].
pub fn segment(text: &str, reference: Reference) -> Result<Segments<'_>, TooLong> {
    let encoding = Encoding::of(text);
    segment_as(encoding, text, reference)
}

/// [`segment`] in a given encoding.
///
/// # Errors
/// [`TooLong`] above [`MOST_PARTS`].
pub fn segment_as(encoding: Encoding, text: &str, reference: Reference) -> Result<Segments<'_>, TooLong> {
    let whole: usize = text.chars().map(|c| encoding.cost(c)).sum();
    if whole <= encoding.alone() {
        return Ok(Segments { encoding, parts: vec![Part { text, units: whole }] });
    }
    let most = encoding.together(reference);
    let (mut parts, mut begin, mut units) = (Vec::with_capacity(whole / most + 1), 0, 0);
    for (at, c) in text.char_indices() {
        let cost = encoding.cost(c);
        if units + cost > most {
            parts.push(Part { text: &text[begin..at], units });
            (begin, units) = (at, 0);
        }
        units += cost;
    }
    parts.push(Part { text: &text[begin..], units });
    if parts.len() > MOST_PARTS {
        return Err(TooLong { parts: parts.len() });
    }
    Ok(Segments { encoding, parts })
}

/// What `barid explain sms` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// `GSM_7BIT` or `UCS2`.
    pub encoding: Encoding,
    /// How many parts.
    pub parts: usize,
    /// Units of each part: septets (an extension character counts two) or UTF-16 code units.
    pub units: Vec<usize>,
}

/// How a text would travel: what `barid explain sms`, prices and counters answer from.
///
/// # Errors
/// [`TooLong`] above [`MOST_PARTS`].
pub fn explain(text: &str) -> Result<Explained, TooLong> {
    let segments = segment(text, Reference::Short)?;
    Ok(Explained {
        encoding: segments.encoding,
        parts: segments.parts.len(),
        units: segments.parts.iter().map(|part| part.units).collect(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Encoding, Reference, TooLong, explain, segment};

    fn units(text: &str) -> Vec<usize> {
        explain(text).unwrap().units
    }

    #[test]
    fn the_edges() {
        let a = |n: usize| "a".repeat(n);
        assert_eq!(units(""), [0]);
        assert_eq!(units(&a(160)), [160]);
        assert_eq!(units(&a(161)), [153, 8]);
        assert_eq!(units(&(a(152) + "€" + &a(7))), [152, 9]);
        assert_eq!(units(&(a(151) + "€" + &a(8))), [153, 8]);
        assert_eq!(units(&(a(158) + "€")), [160]);
        assert_eq!(units(&(a(159) + "€")), [153, 8]);
        assert_eq!(units(&"م".repeat(70)), [70]);
        assert_eq!(units(&"م".repeat(71)), [67, 4]);
        assert_eq!(units(&"😀".repeat(35)), [70]);
        assert_eq!(units(&"😀".repeat(36)), [66, 6]);
        assert_eq!(units(&("م".to_owned() + &"😀".repeat(35))), [67, 4]);
    }

    #[test]
    fn one_strange_character_turns_the_whole_text() {
        assert_eq!(explain("naïve").unwrap().encoding, Encoding::Ucs2);
        assert_eq!(explain("{[~]} \\ ^ | €\u{c}").unwrap().units, [10 * 2 + 4]);
        assert_eq!(units(&("a".repeat(70) + "ç")), [67, 4]);
    }

    #[test]
    fn the_longest_text() {
        assert_eq!(explain(&"a".repeat(255 * 153)).unwrap().parts, 255);
        assert_eq!(explain(&"a".repeat(255 * 153 + 1)), Err(TooLong { parts: 256 }));
        assert_eq!(segment(&"a".repeat(153 * 2), Reference::Long).unwrap().parts.len(), 3);
    }

    /// Another way to the same: the text as code units with the places where it may be cut, and a search
    /// for the last such place that fits.
    fn slow(text: &str) -> (bool, Vec<usize>) {
        let basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
        let extension = "^{}\\[~]|€\u{c}";
        let gsm = text.chars().all(|c| basic.contains(c) || extension.contains(c));
        let mut cuts = vec![0];
        for c in text.chars() {
            let wide = if gsm { extension.contains(c) } else { c as u32 > 0xffff };
            cuts.push(cuts.last().unwrap() + 1 + usize::from(wide));
        }
        let whole = *cuts.last().unwrap();
        let (alone, together) = if gsm { (160, 153) } else { (70, 67) };
        if whole <= alone {
            return (gsm, vec![whole]);
        }
        let (mut at, mut parts) = (0, Vec::new());
        while at < whole {
            let end = *cuts.iter().rev().find(|cut| **cut <= at + together).unwrap();
            parts.push(end - at);
            at = end;
        }
        (gsm, parts)
    }

    fn texts() -> impl Strategy<Value = String> {
        let gsm = prop::sample::select("abc XYZ019@£_ΔΩΣé\n€€€[]{}^~|\\\u{c}".chars().collect::<Vec<_>>());
        let wide = prop::sample::select(
            "abc €مرحباًبريد 😀👩\u{200d}👧\u{fe0f}한\u{1f1f8}\u{1f1e6}ç".chars().collect::<Vec<_>>(),
        );
        prop_oneof![
            prop::collection::vec(gsm, 0..700).prop_map(String::from_iter),
            prop::collection::vec(wide, 0..400).prop_map(String::from_iter),
            any::<String>(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_slow_segmenter_agrees(text in texts()) {
            let (gsm, parts) = slow(&text);
            let explained = explain(&text).unwrap();
            prop_assert_eq!(explained.encoding == Encoding::Gsm7, gsm);
            prop_assert_eq!(explained.units, parts);
        }

        #[test]
        fn parts_are_the_text_and_come_back_from_their_octets(text in texts(), long in any::<bool>()) {
            let reference = if long { Reference::Long } else { Reference::Short };
            let segments = segment(&text, reference).unwrap();
            let joined: String = segments.parts.iter().map(|part| part.text).collect();
            prop_assert_eq!(&joined, &text);
            let most = if segments.parts.len() == 1 { segments.encoding.alone() } else { segments.encoding.together(reference) };
            for part in &segments.parts {
                let octets = segments.encoding.octets(part.text);
                let unit = if segments.encoding == Encoding::Gsm7 { 1 } else { 2 };
                prop_assert_eq!(octets.len(), part.units * unit);
                prop_assert!(part.units <= most);
                prop_assert_eq!(segments.encoding.text(&octets), part.text);
            }
        }
    }
}
