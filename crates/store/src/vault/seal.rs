//! Sealing: XChaCha20-Poly1305 with a random nonce, bound to its place.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use kernel::{ContactId, Rng, WorkspaceId};
use zeroize::Zeroizing;

use crate::{Error, Result};

const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// What binds a sealed value to its place, so that ciphertexts cannot be moved between people or
/// columns.
#[derive(Debug, Clone, Copy)]
pub struct Aad {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The person.
    pub subject: ContactId,
    /// `table.column`.
    pub column: &'static str,
}

impl Aad {
    fn bytes(&self) -> ([u8; 96], usize) {
        let mut out = [0; 96];
        out[..16].copy_from_slice(&self.workspace.0);
        out[16..32].copy_from_slice(&self.subject.0);
        let column = self.column.as_bytes();
        let length = column.len().min(64);
        out[32..32 + length].copy_from_slice(&column[..length]);
        (out, 32 + length)
    }
}

/// A key that seals. Wiped from memory when dropped; prints nothing.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key]")
    }
}

impl SealKey {
    /// A key from its bytes.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh key.
    pub(crate) fn random(rng: &dyn Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self::new(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain`: version, nonce, ciphertext, tag (41 octets more than the plain text).
    pub fn seal(&self, aad: &Aad, plain: &[u8], rng: &dyn Rng) -> Vec<u8> {
        let (bytes, length) = aad.bytes();
        self.seal_raw(&bytes[..length], plain, rng)
    }

    /// Opens what [`SealKey::seal`] made for the same place.
    ///
    /// # Errors
    /// [`Error::Seal`] when key, place or bytes are not the same.
    pub fn open(&self, aad: &Aad, sealed: &[u8]) -> Result<Vec<u8>> {
        let (bytes, length) = aad.bytes();
        self.open_raw(&bytes[..length], sealed).ok_or(Error::Seal(aad.column))
    }

    pub(crate) fn seal_raw(&self, aad: &[u8], plain: &[u8], rng: &dyn Rng) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + NONCE + plain.len() + TAG);
        out.push(VERSION);
        out.resize(1 + NONCE, 0);
        rng.fill(&mut out[1..]);
        let nonce = XNonce::try_from(&out[1..=NONCE]).unwrap_or_default();
        out.extend_from_slice(plain);
        let cipher = XChaCha20Poly1305::new((&*self.0).into());
        // Encryption fails only beyond 256 GiB, far above every bound on input.
        let tag = cipher.encrypt_inout_detached(&nonce, aad, (&mut out[1 + NONCE..]).into()).unwrap_or_default();
        out.extend_from_slice(&tag);
        out
    }

    pub(crate) fn open_raw(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        if sealed.len() < 1 + NONCE + TAG || sealed[0] != VERSION {
            return None;
        }
        let nonce = XNonce::try_from(&sealed[1..=NONCE]).ok()?;
        let (body, tag) = sealed[1 + NONCE..].split_at(sealed.len() - 1 - NONCE - TAG);
        let mut plain = body.to_vec();
        let tag = Tag::try_from(tag).ok()?;
        let cipher = XChaCha20Poly1305::new((&*self.0).into());
        cipher.decrypt_inout_detached(&nonce, aad, plain.as_mut_slice().into(), &tag).ok()?;
        Some(plain)
    }
}
