//! Delivery receipts (SMPP 3.4, appendix B), as message centres really write them.

use serde::{Deserialize, Serialize};

use super::body::Message;
use super::tlv::tag;

/// What a receipt says became of a message (5.2.28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Under way.
    Enroute,
    /// It is on the telephone.
    Delivered,
    /// Its validity ended first.
    Expired,
    /// Somebody deleted it.
    Deleted,
    /// It cannot be delivered.
    Undeliverable,
    /// The centre has it and will say no more about it.
    Accepted,
    /// The centre does not know.
    Unknown,
    /// Refused.
    Rejected,
}

impl Fate {
    /// From the number of `message_state`.
    pub const fn from_state(state: u32) -> Option<Self> {
        Some(match state {
            // 0 is SMPP 5's "scheduled", 9 its "skipped".
            0 | 1 => Self::Enroute,
            2 => Self::Delivered,
            3 => Self::Expired,
            4 => Self::Deleted,
            5 => Self::Undeliverable,
            6 => Self::Accepted,
            7 | 9 => Self::Unknown,
            8 => Self::Rejected,
            _ => return None,
        })
    }

    /// The number of `message_state`.
    pub const fn state(self) -> u8 {
        match self {
            Self::Enroute => 1,
            Self::Delivered => 2,
            Self::Expired => 3,
            Self::Deleted => 4,
            Self::Undeliverable => 5,
            Self::Accepted => 6,
            Self::Unknown => 7,
            Self::Rejected => 8,
        }
    }

    /// From the word after `stat:`. Seven letters by the book, whole words in the wild.
    fn from_word(word: &str) -> Option<Self> {
        let word = word.to_ascii_uppercase();
        Some(match word.as_bytes() {
            b"ENROUTE" | b"BUFFERED" | b"BUFFRED" | b"SCHEDULED" => Self::Enroute,
            b"DELIVRD" | b"DELIVERED" => Self::Delivered,
            b"EXPIRED" => Self::Expired,
            b"DELETED" => Self::Deleted,
            b"UNDELIV" | b"UNDELIVERABLE" | b"UNDELIVERED" | b"FAILED" => Self::Undeliverable,
            b"ACCEPTD" | b"ACCEPTED" | b"ACKED" => Self::Accepted,
            b"UNKNOWN" | b"SKIPPED" => Self::Unknown,
            b"REJECTD" | b"REJECTED" => Self::Rejected,
            _ => return None,
        })
    }

    /// The seven letters of a receipt's text.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enroute => "ENROUTE",
            Self::Delivered => "DELIVRD",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Undeliverable => "UNDELIV",
            Self::Accepted => "ACCEPTD",
            Self::Unknown => "UNKNOWN",
            Self::Rejected => "REJECTD",
        }
    }

    /// Whether nothing more is to be expected.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Enroute | Self::Accepted)
    }
}

/// A receipt, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The centre's id of the message, as it wrote it.
    pub message_id: String,
    /// What became of it.
    pub fate: Fate,
    /// The centre's or the network's error code, when not zero.
    pub error: Option<String>,
}

/// The keys of a receipt's text, longest first where one begins another.
const KEYS: [&str; 8] = ["submit date:", "submitdate:", "done date:", "donedate:", "dlvrd:", "stat:", "sub:", "err:"];

/// The value after `key` in a receipt's text, up to the next known key.
fn value<'a>(text: &'a str, lower: &str, key: &str) -> Option<&'a str> {
    let begins = |at: usize| at == 0 || lower.as_bytes()[at - 1].is_ascii_whitespace();
    let at = lower.match_indices(key).map(|(at, _)| at).find(|at| begins(*at))? + key.len();
    let ends = KEYS.iter().chain(&["text:"]).flat_map(|other| lower[at..].match_indices(other)).map(|(end, _)| end);
    let end = ends.filter(|end| begins(at + end)).min().unwrap_or(text.len() - at);
    Some(text[at..at + end].trim()).filter(|value| !value.is_empty())
}

impl Receipt {
    /// Reads a receipt: optional parameters first, the text where they are silent, key by key in any
    /// order. `None` when it names no message or no state.
    pub fn read(message: &Message) -> Option<Self> {
        let octets = message.octets();
        let text: String =
            octets.iter().take(512).map(|octet| if octet.is_ascii() { char::from(*octet) } else { '?' }).collect();
        let lower = text.to_ascii_lowercase();
        let field = |key: &str| value(&text, &lower, key);
        let id = message.tlvs.text(tag::RECEIPTED_MESSAGE_ID).filter(|id| !id.is_empty()).or_else(|| field("id:"))?;
        let state = message.tlvs.number(tag::MESSAGE_STATE).and_then(Fate::from_state);
        let fate =
            state.or_else(|| field("stat:").and_then(|word| Fate::from_word(word.split_whitespace().next()?)))?;
        let code = field("err:").and_then(|code| code.split_whitespace().next());
        let network = message.tlvs.get(tag::NETWORK_ERROR_CODE).and_then(|code| match *code {
            [_, high, low] => Some(u16::from_be_bytes([high, low]).to_string()),
            _ => None,
        });
        let error = code.map(str::to_owned).or(network);
        let error = error.filter(|code| code.len() <= 16 && code.bytes().any(|octet| octet != b'0'));
        let id = id.split_whitespace().next().filter(|id| id.len() <= 64)?;
        Some(Self { message_id: id.to_owned(), fate, error })
    }

    /// The text that our own side writes to customers.
    pub fn text(&self, submitted: &str, done: &str) -> String {
        let delivered = u8::from(self.fate == Fate::Delivered);
        let error = self.error.as_deref().unwrap_or("000");
        format!(
            "id:{} sub:001 dlvrd:{delivered:03} submit date:{submitted} done date:{done} stat:{} err:{error} text:",
            self.message_id,
            self.fate.word()
        )
    }
}

/// How a route writes message ids in receipts, against those in submit_sm_resp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdFormat {
    /// Told from what comes: as it is, then hexadecimal against decimal, then the other way round.
    #[default]
    Auto,
    /// The same in both, but for case and leading zeros.
    Same,
    /// Hexadecimal in the response, decimal in the receipt.
    HexThenDecimal,
    /// Decimal in the response, hexadecimal in the receipt.
    DecimalThenHex,
}

/// A message id without case and leading zeros.
pub fn normal(id: &str) -> String {
    let bare = id.trim().trim_start_matches('0').to_ascii_lowercase();
    if bare.is_empty() { "0".to_owned() } else { bare }
}

impl IdFormat {
    /// What the id of a receipt may have been in the response, normal forms, the likeliest first.
    pub fn candidates(self, receipt: &str) -> Vec<String> {
        let as_hex = || receipt.trim().parse::<u128>().ok().map(|number| normal(&format!("{number:x}")));
        let as_decimal = || u128::from_str_radix(receipt.trim(), 16).ok().map(|number| normal(&number.to_string()));
        let mut all = match self {
            Self::Same => vec![normal(receipt)],
            Self::HexThenDecimal => as_hex().into_iter().collect(),
            Self::DecimalThenHex => as_decimal().into_iter().collect(),
            Self::Auto => std::iter::once(normal(receipt)).chain(as_hex()).chain(as_decimal()).collect(),
        };
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Fate, IdFormat, Receipt, normal};
    use crate::smpp::{Message, Tlvs, tag};

    fn read(text: &str) -> Option<Receipt> {
        Receipt::read(&Message { short_message: text.as_bytes().to_vec(), ..Message::default() })
    }

    #[test]
    fn receipts_as_they_are_written() {
        let book = "id:0123456789 sub:001 dlvrd:001 submit date:0907101212 done date:0907101213 stat:DELIVRD err:000 text:stat:EXPIRED";
        assert_eq!(
            read(book).unwrap(),
            Receipt { message_id: "0123456789".into(), fate: Fate::Delivered, error: None }
        );
        let short = read("id:ab-12 submit date:260101120000 done date:260101120001 stat:UNDELIV err:34").unwrap();
        assert_eq!(
            (short.message_id.as_str(), short.fate, short.error.as_deref()),
            ("ab-12", Fate::Undeliverable, Some("34"))
        );
        let joined = read("stat:REJECTED id:7 submitdate:2601011200 donedate:2601011200 Err:00A").unwrap();
        assert_eq!((joined.fate, joined.error.as_deref()), (Fate::Rejected, Some("00A")));
        assert_eq!(read("ID:9 STAT:delivrd").unwrap().fate, Fate::Delivered);
        assert_eq!(read("id: stat:DELIVRD"), None);
        assert_eq!(read("id:9"), None);
        assert_eq!(read("hello"), None);
        assert_eq!(read("paid:9 stat:DELIVRD"), None);
    }

    #[test]
    fn optional_parameters_come_first() {
        let message = Message {
            short_message: b"id:1 stat:EXPIRED err:000".to_vec(),
            tlvs: Tlvs::default()
                .with(tag::RECEIPTED_MESSAGE_ID, b"FF\0".to_vec())
                .with(tag::MESSAGE_STATE, [2])
                .with(tag::NETWORK_ERROR_CODE, [3, 1, 0]),
            ..Message::default()
        };
        assert_eq!(
            Receipt::read(&message).unwrap(),
            Receipt { message_id: "FF".into(), fate: Fate::Delivered, error: None }
        );
    }

    #[test]
    fn ids_hexadecimal_and_decimal() {
        assert_eq!(normal("0000"), "0");
        assert_eq!(IdFormat::Auto.candidates("255"), ["255", "ff", "597"]);
        assert_eq!(IdFormat::HexThenDecimal.candidates("0255"), ["ff"]);
        assert_eq!(IdFormat::DecimalThenHex.candidates("FF"), ["255"]);
        assert_eq!(IdFormat::Same.candidates("00aB"), ["ab"]);
        assert_eq!(IdFormat::Auto.candidates("6f0c6a2e-uuid"), ["6f0c6a2e-uuid"]);
    }

    proptest! {
        #[test]
        fn our_own_receipts_are_read(id in "[a-z0-9_]{1,30}", state in 1u32..9) {
            let fate = Fate::from_state(state).unwrap();
            let receipt = Receipt { message_id: id, fate, error: None };
            prop_assert_eq!(read(&receipt.text("2601011200", "2601011201")), Some(receipt));
        }

        #[test]
        fn any_text_is_read(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Receipt::read(&Message { short_message: octets, ..Message::default() });
        }

        #[test]
        fn the_response_is_found_from_the_receipt(number in any::<u64>(), width in 0usize..24) {
            let hex = normal(&format!("{number:x}"));
            let decimal = normal(&number.to_string());
            prop_assert!(IdFormat::Auto.candidates(&number.to_string()).contains(&hex));
            let padded = format!("{number:0width$X}");
            prop_assert!(IdFormat::Auto.candidates(&padded).contains(&decimal));
        }
    }
}
