//! Chats that only the devices of both sides can read (mode A: one key per chat, sealed to every device).
//!
//! The visitor's browser makes the chat's key and seals it (HPKE, RFC 9180) to the approved devices of those who may
//! answer, or to the key of their group. What is said travels and rests as ciphertext; the server checks order,
//! bounds and who may have which share, and can read none of it. What needs the words is off and says so
//! ([`OFF`], the problem `end_to_end_encrypted`): search, bots, transcripts, answers by mail, the sneak peek, the
//! scanning of files.
//!
//! It protects what was said against whoever gets the database, its backups or the traffic. It does not hide who
//! talks when, the fields of forms, tags and ratings, and it cannot protect against an operator who serves changed
//! JavaScript: fingerprints of devices and the log of their approvals are there to be compared.

mod devices;
mod envelope;
mod log;
mod personal;
mod reception;
mod shares;

pub use devices::{Approval, Device, DeviceState, add, approve, list, own, revoke};
pub use envelope::{Envelope, Sealed};
pub(crate) use envelope::{admit, guard};
pub use log::{Action, Entry, log};
pub use reception::{Reception, ReceptionShare, add_shares as share_reception, create as create_reception, receptions};
pub use shares::{Opened, Recipient, Share, Status, WrappedKey, add_shares, by_visitor, shares_for, status};

use data_encoding::BASE64URL_NOPAD;
use kernel::{Code, Problem};
use store::Ctx;

use crate::model::codes;
use crate::{Error, Result};

codes! {
    /// Who can read what is said.
    #[schema(as = ChatEncryption)]
    Encryption {
        /// The organisation's server, where it rests sealed.
        Off = "off",
        /// The devices of both sides only.
        EndToEnd = "end_to_end",
    }
}

/// What cannot be done with words that the server cannot read.
pub const OFF: [&str; 7] =
    ["search", "bots", "transcript", "sneak_peek", "mail_answers", "malware_scan", "quick_replies"];

/// The algorithms, for whoever has to name them.
pub const SUITE: &str = "hpke-x25519-hkdf-sha256-aes256gcm";

/// Refuses what needs words that the server cannot read.
pub fn refused(detail: &str) -> Error {
    Problem::new(Code::EndToEndEncrypted, detail).into()
}

/// Octets of a fixed number from base64url without padding.
pub(crate) fn octets<const N: usize>(field: &str, text: &str) -> Result<[u8; N]> {
    let wrong = || Error::field(field, format!("expected {N} octets as base64url without padding"));
    if text.len() > N * 2 {
        return Err(wrong());
    }
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| wrong())?;
    bytes.try_into().map_err(|_| wrong())
}

/// Octets as base64url without padding.
pub fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// What people compare: the first 20 octets of SHA-256 over the key, as groups of four digits.
pub fn fingerprint(public_key: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, public_key);
    let hex = data_encoding::HEXLOWER.encode(&digest.as_ref()[..20]);
    let groups: Vec<&str> = (0..10).filter_map(|n| hex.get(n * 4..n * 4 + 4)).collect();
    groups.join(" ")
}

/// Whether a chat can begin: some device could read it.
///
/// # Errors
/// When the store fails.
pub async fn is_ready(ctx: &Ctx) -> Result<bool> {
    Ok(list(ctx).await?.iter().any(|device| device.state == DeviceState::Approved))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn a_fingerprint_is_what_the_document_says() {
        // printf '\0%.0s' {1..32} | sha256sum
        assert_eq!(super::fingerprint(&[0; 32]), "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20 0897 1485");
    }

    proptest! {
        #[test]
        fn octets_read_back_and_nothing_else_is_read(bytes in any::<[u8; 32]>(), junk in ".{0,120}") {
            let text = super::encoded(&bytes);
            prop_assert_eq!(super::octets::<32>("x", &text).unwrap(), bytes);
            if let Ok(read) = super::octets::<32>("x", &junk) {
                prop_assert_eq!(super::encoded(&read), junk);
            }
        }
    }
}
