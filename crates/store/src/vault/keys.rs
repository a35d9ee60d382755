//! A workspace's derived keys, and a subject's pair.

use std::sync::Arc;

use aws_lc_rs::{constant_time, hmac};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use kernel::{Rng, WorkspaceId};
use md5::{Digest, Md5};

use super::seal::SealKey;
use crate::{Error, Result};

/// A keyed hash of an identifier, truncated to sixteen octets.
pub type Blind = [u8; 16];

const MAC: usize = 16;

/// What a workspace's key is used for; each use has a key of its own, derived by HMAC-SHA-256.
pub struct WorkspaceKeys {
    workspace: WorkspaceId,
    blind: hmac::Key,
    suppression: hmac::Key,
    legacy: hmac::Key,
    sign: hmac::Key,
    seal: SealKey,
    wrap: SealKey,
    rng: Arc<dyn Rng>,
}

impl std::fmt::Debug for WorkspaceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[keys of {}]", self.workspace)
    }
}

fn tag(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

fn short(full: [u8; 32]) -> Blind {
    let mut out = [0; 16];
    out.copy_from_slice(&full[..16]);
    out
}

impl WorkspaceKeys {
    pub(crate) fn derive(workspace: WorkspaceId, root: &SealKey, rng: Arc<dyn Rng>) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, root.bytes());
        let derive = |label: &str| tag(&root, &[label.as_bytes()]);
        let mac_key = |label: &str| hmac::Key::new(hmac::HMAC_SHA256, &derive(label));
        Self {
            workspace,
            blind: mac_key("blind index"),
            suppression: mac_key("suppression"),
            legacy: mac_key("legacy index"),
            sign: mac_key("signed tokens"),
            seal: SealKey::new(derive("workspace seal")),
            wrap: SealKey::new(derive("subject wrap")),
            rng,
        }
    }

    /// The look-up index of an identifier: `kind` is `email` or `phone`, `normal` its normal form.
    pub fn blind(&self, kind: &str, normal: &str) -> Blind {
        short(tag(&self.blind, &[kind.as_bytes(), b":", normal.as_bytes()]))
    }

    /// The keyed hash under which something is suppressed, such as `email:lina@example.com` or
    /// `domain:example.com`. Another key than the look-up index, so that it survives erasure
    /// without linking.
    pub fn suppression(&self, what: &str) -> Blind {
        short(tag(&self.suppression, &[what.as_bytes()]))
    }

    /// The look-up index over the MD5 of a lower-cased address, which one vendor's wire uses as id.
    pub fn legacy(&self, lower_email: &str) -> Blind {
        self.legacy_of_md5(&HEXLOWER.encode(&Md5::digest(lower_email.as_bytes())))
    }

    /// [`WorkspaceKeys::legacy`] when only the MD5 (hex) is known.
    pub fn legacy_of_md5(&self, hex: &str) -> Blind {
        short(tag(&self.legacy, &[hex.to_ascii_lowercase().as_bytes()]))
    }

    /// Seals something of the workspace that belongs to no single subject.
    pub fn seal(&self, column: &str, plain: &[u8]) -> Vec<u8> {
        self.seal.seal_raw(&self.place(column), plain, self.rng.as_ref())
    }

    /// Opens what [`WorkspaceKeys::seal`] made for the same column.
    ///
    /// # Errors
    /// [`Error::Seal`] when the bytes were changed or belong elsewhere.
    pub fn open(&self, column: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.seal.open_raw(&self.place(column), sealed).ok_or(Error::Seal("workspace"))
    }

    fn place(&self, column: &str) -> Vec<u8> {
        [&self.workspace.0[..], column.as_bytes()].concat()
    }

    /// A keyed hash for a purpose named by `label`.
    pub fn mac(&self, label: &str, payload: &[u8]) -> Blind {
        short(tag(&self.sign, &[label.as_bytes(), b"\0", payload]))
    }

    /// A token that carries `payload` and cannot be forged: base64url of payload and MAC.
    pub fn sign(&self, label: &str, payload: &[u8]) -> String {
        let mut bytes = payload.to_vec();
        bytes.extend_from_slice(&self.mac(label, payload));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The payload of a token that [`WorkspaceKeys::sign`] made with the same label.
    pub fn verify(&self, label: &str, token: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let split = bytes.len().checked_sub(MAC)?;
        let mac = bytes.split_off(split);
        constant_time::verify_slices_are_equal(&mac, &self.mac(label, &bytes)).ok()?;
        Some(bytes)
    }

    pub(crate) fn wrap(&self, subject: &[u8], key: &SealKey) -> Vec<u8> {
        self.wrap.seal_raw(subject, key.bytes(), self.rng.as_ref())
    }

    pub(crate) fn unwrap_key(&self, subject: &[u8], wrapped: &[u8]) -> Result<SealKey> {
        let bytes = self.wrap.open_raw(subject, wrapped).and_then(|b| <[u8; 32]>::try_from(b).ok());
        bytes.map(SealKey::new).ok_or(Error::Seal("key store"))
    }
}

/// A person's pair of keys: one for data, destroyed by erasure, and one for evidence that law
/// makes us keep, destroyed by retention.
#[derive(Clone, Debug, Default)]
pub struct SubjectKeys {
    pub(crate) data: Option<SealKey>,
    pub(crate) evidence: Option<SealKey>,
}

impl SubjectKeys {
    /// The key of the person's data.
    ///
    /// # Errors
    /// [`Error::KeyDestroyed`] after erasure.
    pub fn data(&self) -> Result<&SealKey> {
        self.data.as_ref().ok_or(Error::KeyDestroyed)
    }

    /// The key of the evidence.
    ///
    /// # Errors
    /// [`Error::KeyDestroyed`] after the evidence's retention ended.
    pub fn evidence(&self) -> Result<&SealKey> {
        self.evidence.as_ref().ok_or(Error::KeyDestroyed)
    }
}
