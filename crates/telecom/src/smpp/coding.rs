//! `data_coding` (SMPP 3.4, 5.2.19; 3GPP TS 23.038, section 4): which alphabet octets are in.

use serde::{Deserialize, Serialize};

use crate::sms::{Encoding, fill_bits, unpack};

/// What a message centre takes `data_coding` 0, its "default alphabet", to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultAlphabet {
    /// GSM 7-bit, one septet to an octet; the usual.
    #[default]
    Gsm7,
    /// GSM 7-bit, packed.
    Gsm7Packed,
    /// ISO 8859-1.
    Latin1,
}

/// `data_coding` of UCS-2.
pub const UCS2: u8 = 0x08;
/// `data_coding` of octets without an alphabet.
pub const BINARY: u8 = 0x04;
/// `data_coding` of ISO 8859-1.
pub const LATIN1: u8 = 0x03;

/// The `data_coding` of an outgoing text; `flash` shows it at once and keeps nothing.
pub const fn data_coding(encoding: Encoding, flash: bool) -> u8 {
    match (encoding, flash) {
        (Encoding::Gsm7, false) => 0,
        (Encoding::Ucs2, false) => UCS2,
        (Encoding::Gsm7, true) => 0x10,
        (Encoding::Ucs2, true) => 0x18,
    }
}

/// The octets of an outgoing part in the centre's alphabet; `header` octets stand before them.
pub fn encode(encoding: Encoding, text: &str, (alphabet, header): (DefaultAlphabet, usize)) -> Vec<u8> {
    match (encoding, alphabet) {
        (Encoding::Gsm7, DefaultAlphabet::Latin1) => {
            text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
        }
        (Encoding::Gsm7, DefaultAlphabet::Gsm7Packed) => crate::sms::pack(&encoding.octets(text), fill_bits(header)),
        _ => encoding.octets(text),
    }
}

/// Whether a text survives the centre's alphabet; one that does not goes as UCS-2.
pub fn survives(text: &str, alphabet: DefaultAlphabet) -> bool {
    !matches!(alphabet, DefaultAlphabet::Latin1)
        || text.chars().all(|c| u32::from(c) <= 0xff && !('\u{80}'..='\u{9f}').contains(&c))
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Somebody's words.
    Text(String),
    /// Octets without an alphabet.
    Binary(Vec<u8>),
}

/// Reads the octets of an incoming message (its header taken off, `header` octets long).
pub fn decode(data_coding: u8, octets: &[u8], (alphabet, header): (DefaultAlphabet, usize)) -> Decoded {
    let latin1 = || octets.iter().map(|octet| char::from(*octet)).collect();
    let text = match data_coding {
        // General groups and message class groups of the telephones' own scheme.
        0x10..=0x13 | 0xf0..=0xf3 => Encoding::Gsm7.text(octets),
        0x18..=0x1b => Encoding::Ucs2.text(octets),
        0x14..=0x17 | 0xf4..=0xf7 => return Decoded::Binary(octets.to_vec()),
        0x01 | LATIN1 => latin1(),
        0x02 | BINARY | 0x09 => return Decoded::Binary(octets.to_vec()),
        UCS2 => Encoding::Ucs2.text(octets),
        _ => match alphabet {
            DefaultAlphabet::Gsm7 => Encoding::Gsm7.text(octets),
            DefaultAlphabet::Latin1 => latin1(),
            DefaultAlphabet::Gsm7Packed => {
                let fill = fill_bits(header);
                let count = (octets.len() * 8).saturating_sub(fill) / 7;
                let mut septets = unpack(octets, fill, count);
                // Seven bits over hold a septet of zeros that nobody wrote.
                if (octets.len() * 8).saturating_sub(fill).is_multiple_of(7) && septets.last() == Some(&0) {
                    septets.pop();
                }
                Encoding::Gsm7.text(&septets)
            }
        },
    };
    Decoded::Text(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Decoded, DefaultAlphabet, UCS2, data_coding, decode, encode, survives};
    use crate::sms::Encoding;

    #[test]
    fn flash_and_latin() {
        assert_eq!(data_coding(Encoding::Ucs2, true), 0x18);
        assert_eq!(encode(Encoding::Gsm7, "é@", (DefaultAlphabet::Latin1, 0)), [0xe9, b'@']);
        assert!(!survives("€", DefaultAlphabet::Latin1));
        assert_eq!(decode(0x04, &[1, 2], (DefaultAlphabet::Gsm7, 0)), Decoded::Binary(vec![1, 2]));
        assert_eq!(decode(UCS2, &[6, 0x45], (DefaultAlphabet::Latin1, 0)), Decoded::Text("م".into()));
    }

    proptest! {
        #[test]
        fn a_text_survives_every_default_alphabet(text in "[a-zA-Z0-9 é!?]{1,150}", header in 0usize..8) {
            for alphabet in [DefaultAlphabet::Gsm7, DefaultAlphabet::Gsm7Packed, DefaultAlphabet::Latin1] {
                let octets = encode(Encoding::Gsm7, &text, (alphabet, header));
                prop_assert_eq!(decode(0, &octets, (alphabet, header)), Decoded::Text(text.clone()));
            }
        }

        #[test]
        fn any_octets_are_read(coding in any::<u8>(), octets in prop::collection::vec(any::<u8>(), 0..160), header in 0usize..200) {
            for alphabet in [DefaultAlphabet::Gsm7, DefaultAlphabet::Gsm7Packed, DefaultAlphabet::Latin1] {
                let _ = decode(coding, &octets, (alphabet, header));
            }
        }
    }
}
