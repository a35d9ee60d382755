//! Signing a finished message.

use aws_lc_rs::digest;
use data_encoding::BASE64;
use kernel::Timestamp;

use super::canonical;
use super::key::{KeyError, KeyPair};

/// Fields signed once more than they occur, so that a second one added on the way breaks the signature.
const OVERSIGNED: [&str; 5] = ["from", "to", "subject", "date", "message-id"];

/// Fields signed when present.
const COVERED: [&str; 14] = [
    "reply-to",
    "cc",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-id",
    "feedback-id",
    "auto-submitted",
    "sender",
];

/// A key under the selector where its public half is published.
#[derive(Debug)]
pub struct SigningKey {
    /// The label before `._domainkey`.
    pub selector: String,
    /// The pair.
    pub pair: KeyPair,
}

/// Signs the messages of one domain with all of its keys.
#[derive(Debug)]
pub struct Signer {
    domain: String,
    keys: Vec<SigningKey>,
}

/// Why a message was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The message has no From field, without which a signature means nothing.
    #[error("the message has no From header")]
    NoFrom,
    /// The key did not work.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<SignError> for kernel::Problem {
    fn from(error: SignError) -> Self {
        Self::new(kernel::Code::Internal, error.to_string())
    }
}

impl Signer {
    /// A signer for `domain` (A-label). The domain and selectors must be plain host labels; they are the
    /// operator's own, checked when a domain is added.
    pub fn new(domain: impl Into<String>, keys: Vec<SigningKey>) -> Self {
        Self { domain: domain.into(), keys }
    }

    /// The domain in `d=`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether there is no key: what it signs carries no signature.
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a signature takes more than about 100 µs of CPU, as RSA does and Ed25519 does not.
    pub fn is_costly(&self) -> bool {
        self.keys.iter().any(|key| key.pair.algorithm() == super::Algorithm::RsaSha256)
    }

    /// The DKIM-Signature fields for `message` (CR LF line ends), to be put before it.
    /// Costs about half a millisecond of CPU, nearly all of it RSA: call it off the event loop's hot path.
    pub fn sign(&self, message: &[u8], at: Timestamp) -> Result<Vec<u8>, SignError> {
        let (fields, body) = canonical::split(message);
        let body_hash = BASE64.encode(digest::digest(&digest::SHA256, &canonical::body(body)).as_ref());
        let (names, signed) = signed_fields(&fields)?;
        let mut out = Vec::with_capacity(self.keys.len() * 1024);
        let mut data = Vec::with_capacity(signed.len() + 1024);
        for key in &self.keys {
            let field = self.field(key, &names, &body_hash, at);
            data.clear();
            data.extend_from_slice(&signed);
            canonical::header(&mut data, "dkim-signature", field.as_bytes());
            let signature = BASE64.encode(&key.pair.sign(&data)?);
            out.extend_from_slice(b"DKIM-Signature:");
            out.extend_from_slice(field.as_bytes());
            // Folding inside b= is taken out again by verifiers (RFC 6376 section 3.5).
            for piece in signature.as_bytes().chunks(72) {
                out.extend_from_slice(b"\r\n ");
                out.extend_from_slice(piece);
            }
            out.extend_from_slice(b"\r\n");
        }
        Ok(out)
    }

    /// The message with its signatures in front.
    pub fn signed(&self, message: &[u8], at: Timestamp) -> Result<Vec<u8>, SignError> {
        let mut out = self.sign(message, at)?;
        out.extend_from_slice(message);
        Ok(out)
    }

    /// The value of the field up to and including `b=`.
    fn field(&self, key: &SigningKey, names: &[&str], body_hash: &str, at: Timestamp) -> String {
        let mut field = format!(
            " v=1; a={}; c=relaxed/relaxed; t={};\r\n d={};\r\n s={};\r\n h=",
            key.pair.algorithm().as_str(),
            at.as_seconds(),
            self.domain,
            key.selector,
        );
        let mut column = 3;
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                field.push(':');
                column += 1;
            }
            if column + name.len() > 76 {
                field.push_str("\r\n ");
                column = 1;
            }
            field.push_str(name);
            column += name.len();
        }
        field.push_str(";\r\n bh=");
        field.push_str(body_hash);
        field.push_str(";\r\n b=");
        field
    }
}

/// The names of `h=` and the canonical octets of those fields, each ended by CR LF.
/// Of several fields with one name the last comes first (RFC 6376 section 5.4.2).
fn signed_fields(fields: &[(&str, &[u8])]) -> Result<(Vec<&'static str>, Vec<u8>), SignError> {
    let mut names = Vec::with_capacity(24);
    let mut data = Vec::with_capacity(1500);
    for (name, oversigned) in OVERSIGNED.into_iter().map(|n| (n, true)).chain(COVERED.into_iter().map(|n| (n, false))) {
        let mut found = false;
        for (_, value) in fields.iter().rev().filter(|(field, _)| field.eq_ignore_ascii_case(name)) {
            found = true;
            names.push(name);
            canonical::header(&mut data, name, value);
            data.extend_from_slice(b"\r\n");
        }
        if oversigned {
            names.push(name);
        }
        if name == "from" && !found {
            return Err(SignError::NoFrom);
        }
    }
    Ok((names, data))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;
    use crate::dkim::Algorithm;

    const MESSAGE: &[u8] = b"From: Lina <a@example.com>\r\nTo: b@example.org\r\nSubject: one\r\n two\r\nDate: Sun, 1 Nov 2026 11:30:00 +0200\r\nMessage-ID: <x@example.com>\r\nList-Unsubscribe: <https://x/>\r\n\r\nHello  there \r\n\r\n\r\n";

    fn signer() -> Signer {
        let keys = Algorithm::ALL
            .into_iter()
            .map(|algorithm| SigningKey {
                selector: algorithm.key_type().to_owned(),
                pair: KeyPair::generate(algorithm).unwrap(),
            })
            .collect();
        Signer::new("example.com", keys)
    }

    /// A second reading of RFC 6376, apart from the signer's own code path.
    fn verify(signer: &Signer, signed: &[u8]) -> Vec<bool> {
        let text = String::from_utf8(signed.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let head = format!("{head}\r\n");
        let mut fields: Vec<String> = Vec::new();
        for line in head.split_inclusive("\r\n") {
            if line.starts_with([' ', '\t']) {
                fields.last_mut().unwrap().push_str(line);
            } else {
                fields.push(line.to_owned());
            }
        }
        let squeeze = |field: &str| {
            let (name, value) = field.split_once(':').unwrap();
            format!("{}:{}", name.to_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let body: Vec<String> = body
            .split("\r\n")
            .map(|l| {
                let mut out = String::new();
                for c in l.trim_end_matches([' ', '\t']).chars() {
                    if !(matches!(c, ' ' | '\t') && out.ends_with(' ')) {
                        out.push(if c == '\t' { ' ' } else { c });
                    }
                }
                out
            })
            .collect();
        let body = body.join("\r\n").trim_end_matches("\r\n").to_owned() + "\r\n";
        let hash = BASE64.encode(digest::digest(&digest::SHA256, body.as_bytes()).as_ref());
        let mut results = Vec::new();
        for (field, key) in fields.iter().filter(|f| f.starts_with("DKIM-Signature")).zip(&signer.keys) {
            let value: String = field.split_once(':').unwrap().1.split_whitespace().collect();
            let tags: HashMap<&str, &str> = value.split(';').filter_map(|t| t.split_once('=')).collect();
            let mut left: Vec<&String> = fields.iter().filter(|f| !f.starts_with("DKIM-Signature")).collect();
            let mut data = String::new();
            for name in tags["h"].split(':') {
                if let Some(at) = left.iter().rposition(|f| f.to_lowercase().starts_with(&format!("{name}:"))) {
                    data += &squeeze(left.remove(at));
                    data += "\r\n";
                }
            }
            let cut = field.rfind("b=").unwrap();
            data += &squeeze(&field[..cut + 2]);
            let signature = BASE64.decode(tags["b"].as_bytes()).unwrap();
            let valid = match &key.pair {
                KeyPair::Rsa(pair) => {
                    use aws_lc_rs::signature::KeyPair as _;
                    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key())
                        .verify(data.as_bytes(), &signature)
                }
                KeyPair::Ed25519(pair) => {
                    use aws_lc_rs::signature::KeyPair as _;
                    let digest = digest::digest(&digest::SHA256, data.as_bytes());
                    UnparsedPublicKey::new(&ED25519, pair.public_key()).verify(digest.as_ref(), &signature)
                }
            };
            results.push(valid.is_ok() && tags["bh"] == hash);
        }
        results
    }

    #[test]
    fn both_signatures_verify_and_a_flipped_octet_breaks_them() {
        let signer = signer();
        let signed = signer.signed(MESSAGE, Timestamp(0)).unwrap();
        assert_eq!(verify(&signer, &signed), [true, true]);
        assert!(signed.split(|&b| b == b'\n').all(|line| line.len() <= 79));
        let head = signed.len() - MESSAGE.len();
        for at in [8, 40, 50, MESSAGE.len() - 14] {
            let mut flipped = signed.clone();
            flipped[head + at] ^= 1;
            assert_eq!(verify(&signer, &flipped), [false, false], "octet {at}");
        }
    }

    #[test]
    fn an_added_second_from_breaks_the_signature() {
        let signer = signer();
        let mut signed = signer.signed(MESSAGE, Timestamp(0)).unwrap();
        signed.splice(0..0, *b"From: evil@example.net\r\n");
        assert_eq!(verify(&signer, &signed), [false, false]);
    }

    #[test]
    fn what_has_no_from_is_not_signed() {
        assert_eq!(signer().sign(b"To: a\r\n\r\nx", Timestamp(0)), Err(SignError::NoFrom));
    }
}
