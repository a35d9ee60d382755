//! How certificates are signed, and how anybody verifies one from its file alone.
//!
//! Since version 2 the signature is over the certificate's JSON without its member `signature`, in canonical form
//! (RFC 8785): whoever can parse JSON can write the signed octets again, in any language. Version 1, which names
//! no version, was signed over the members in the order in which Barid wrote them, with an empty `signature`;
//! such certificates still verify.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use data_encoding::HEXLOWER;
use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use super::{Certificate, WorkspaceCertificate};
use crate::receipts::canonical;
use crate::{Error, Result};

/// The way in which certificates are signed now.
pub(super) const VERSION: u32 = 2;

/// What certificates without a version were.
pub(super) const fn first() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
pub(super) const fn is_first(version: &u32) -> bool {
    *version == 1
}

/// The octets that are signed.
pub(super) fn octets(version: u32, mut certificate: Json) -> Option<Vec<u8>> {
    if version < 2 {
        return None;
    }
    certificate.as_object_mut()?.remove("signature");
    canonical(&certificate).map(String::into_bytes)
}

pub(super) fn sign(pair: &Ed25519KeyPair, certificate: Json) -> Result<String> {
    let octets = octets(VERSION, certificate).ok_or(Error::Corrupt("certificate"))?;
    Ok(HEXLOWER.encode(pair.sign(&octets).as_ref()))
}

pub(super) fn fits(public_key: &str, signature: &str, octets: &[u8]) -> bool {
    let decode = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
    match (decode(public_key), decode(signature)) {
        (Some(key), Some(signature)) => UnparsedPublicKey::new(&ED25519, key).verify(octets, &signature).is_ok(),
        _ => false,
    }
}

/// What a certificate that verifies says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// `person` or `workspace`.
    pub kind: &'static str,
    /// The certificate's id.
    pub id: String,
    /// How it is signed: 1 or 2.
    pub version: u32,
    /// The workspace.
    pub workspace: String,
    /// The contact that was, for a person.
    pub subject: Option<String>,
    /// When the erasure was carried out.
    pub completed_at: Timestamp,
    /// Whether a hold keeps something that is erased later.
    pub partial: bool,
    /// The key that signed it, in hex.
    pub public_key: String,
}

/// Why a certificate does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The document is something else.
    #[error("this is no certificate of erasure")]
    NoCertificate,
    /// It has members that its signature does not cover.
    #[error("the certificate has members that its signature does not cover")]
    Uncovered,
    /// The signature does not fit.
    #[error("the signature does not fit: the certificate was changed, or the key is not its own")]
    Signature,
    /// Another key signed it.
    #[error("another key signed the certificate than the one given")]
    OtherKey,
}

/// Verifies a certificate as it stands in a file. With `key` (Ed25519, in hex) also that this key signed it;
/// without, whoever asks compares [`Checked::public_key`] with the key of the workspace's checkpoints.
///
/// # Errors
/// Why it is not believed.
pub fn verify(document: &Json, key: Option<&str>) -> Result<Checked, Refused> {
    let (authentic, checked) = if document.get("subject").is_some() { person(document)? } else { workspace(document)? };
    if !authentic {
        return Err(Refused::Signature);
    }
    if key.is_some_and(|key| !key.trim().eq_ignore_ascii_case(&checked.public_key)) {
        return Err(Refused::OtherKey);
    }
    Ok(checked)
}

fn person(document: &Json) -> Result<(bool, Checked), Refused> {
    let certificate: Certificate = read(document)?;
    let (authentic, partial) = (certificate.is_authentic(), certificate.is_partial());
    let Certificate { id, version, workspace, subject, completed_at, public_key, .. } = certificate;
    let (id, workspace, subject) = (id.to_string(), workspace.to_string(), Some(subject.to_string()));
    Ok((authentic, Checked { kind: "person", id, version, workspace, subject, completed_at, partial, public_key }))
}

fn workspace(document: &Json) -> Result<(bool, Checked), Refused> {
    let certificate: WorkspaceCertificate = read(document)?;
    let authentic = certificate.is_authentic();
    let WorkspaceCertificate { id, version, workspace, completed_at, public_key, .. } = certificate;
    let (id, workspace, kind) = (id.to_string(), workspace.to_string(), "workspace");
    let checked = Checked { kind, id, version, workspace, subject: None, completed_at, partial: false, public_key };
    Ok((authentic, checked))
}

/// Reads a certificate of which every member is known, so that nothing is added that nobody signed.
fn read<T: serde::de::DeserializeOwned + Serialize>(document: &Json) -> Result<T, Refused> {
    let certificate: T = serde_json::from_value(document.clone()).map_err(|_| Refused::NoCertificate)?;
    match serde_json::to_value(&certificate) {
        Ok(again) if again == *document => Ok(certificate),
        _ => Err(Refused::Uncovered),
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::KeyPair;
    use serde_json::json;

    use super::*;

    fn pair() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn person(version: u32) -> Certificate {
        let at = Timestamp(1_764_000_000_000_000);
        Certificate {
            id: kernel::EventId([1; 16]),
            version,
            workspace: kernel::WorkspaceId([2; 16]),
            subject: kernel::ContactId([3; 16]),
            requested_at: at,
            completed_at: at,
            suppressed: 2,
            tables: Vec::new(),
            note: "gone".to_owned(),
            public_key: HEXLOWER.encode(pair().public_key().as_ref()),
            signature: String::new(),
        }
    }

    #[test]
    fn the_canonical_form_is_signed_whatever_the_order_of_members() {
        let mut certificate = person(VERSION);
        certificate.signature = sign(&pair(), json!(certificate)).unwrap();
        // As another program may write it: other order, other white space.
        let text = serde_json::to_string_pretty(&json!(certificate)).unwrap();
        let mut document: Json = serde_json::from_str(&text).unwrap();
        let checked = verify(&document, Some(&certificate.public_key.to_uppercase())).unwrap();
        assert_eq!((checked.kind, checked.version, checked.partial), ("person", 2, false));
        assert_eq!(verify(&document, Some(&"0".repeat(64))), Err(Refused::OtherKey));
        document["note"] = json!("kept");
        assert_eq!(verify(&document, None), Err(Refused::Signature));
        document["note"] = json!("gone");
        document["remark"] = json!("also everywhere else");
        assert_eq!(verify(&document, None), Err(Refused::Uncovered));
        assert_eq!(verify(&json!({"subject": 1}), None), Err(Refused::NoCertificate));
        assert_eq!(verify(&json!([]), None), Err(Refused::NoCertificate));
    }

    #[test]
    fn certificates_of_the_first_version_still_verify() {
        let mut certificate = person(1);
        let unsigned = serde_json::to_vec(&certificate).unwrap();
        assert!(!String::from_utf8_lossy(&unsigned).contains("version"), "the first ones named none");
        certificate.signature = HEXLOWER.encode(pair().sign(&unsigned).as_ref());
        let checked = verify(&json!(certificate), None).unwrap();
        assert_eq!((checked.version, checked.subject), (1, Some(certificate.subject.to_string())));
        // Nobody makes an old certificate out of a new one.
        let mut new = person(VERSION);
        new.signature = sign(&pair(), json!(new)).unwrap();
        let mut document = json!(new);
        document.as_object_mut().unwrap().remove("version");
        assert_eq!(verify(&document, None), Err(Refused::Signature));
    }

    proptest::proptest! {
        #[test]
        fn any_document_is_read_without_harm(text in "\\PC{0,60}", id in "\\PC{0,20}") {
            let document = json!({"id": id, "subject": text, "signature": text});
            proptest::prop_assert!(verify(&document, None).is_err());
        }
    }
}
