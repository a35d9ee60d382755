//! Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce, bound to its place.
//!
//! The cipher itself is the library's ChaCha20-Poly1305; the longer nonce, of which random ones never
//! meet, comes from deriving a key of its own for each message ([`hchacha20`]).

use aws_lc_rs::aead::{self, CHACHA20_POLY1305, LessSafeKey, UnboundKey};
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
        let (key, nonce) = self.cipher(&out[1..=NONCE]);
        out.extend_from_slice(plain);
        let sealed =
            key.and_then(|key| key.seal_in_place_separate_tag(nonce, aead::Aad::from(aad), &mut out[1 + NONCE..]).ok());
        // Encryption fails only beyond 256 GiB, far above every bound on input. Nothing readable would leave.
        let Some(tag) = sealed else { return Vec::new() };
        out.extend_from_slice(tag.as_ref());
        out
    }

    pub(crate) fn open_raw(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        if sealed.len() < 1 + NONCE + TAG || sealed[0] != VERSION {
            return None;
        }
        let (key, nonce) = self.cipher(&sealed[1..=NONCE]);
        let mut plain = sealed[1 + NONCE..].to_vec();
        let length = key?.open_in_place(nonce, aead::Aad::from(aad), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }

    /// The key of one message and what of the nonce is left for it.
    fn cipher(&self, nonce: &[u8]) -> (Option<LessSafeKey>, aead::Nonce) {
        let (mut first, mut rest) = ([0; 16], [0; 12]);
        first.copy_from_slice(&nonce[..16]);
        rest[4..].copy_from_slice(&nonce[16..NONCE]);
        let derived = Zeroizing::new(hchacha20(&self.0, &first));
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*derived).ok().map(LessSafeKey::new);
        (key, aead::Nonce::assume_unique_for_key(rest))
    }
}

/// HChaCha20 (draft-irtf-cfrg-xchacha-03 section 2.2): ChaCha's rounds over key and nonce without the
/// addition at the end; its first and last rows are the derived key.
fn hchacha20(key: &[u8; 32], nonce: &[u8; 16]) -> [u8; 32] {
    let word = |bytes: &[u8], at: usize| {
        u32::from_le_bytes([bytes[4 * at], bytes[4 * at + 1], bytes[4 * at + 2], bytes[4 * at + 3]])
    };
    let mut x = [0u32; 16];
    x[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
    for at in 0..8 {
        x[4 + at] = word(key, at);
    }
    for at in 0..4 {
        x[12 + at] = word(nonce, at);
    }
    for _ in 0..10 {
        for (a, b, c, d) in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)] {
            quarter(&mut x, (a, b, c, d));
        }
        for (a, b, c, d) in [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)] {
            quarter(&mut x, (a, b, c, d));
        }
    }
    let mut out = [0; 32];
    for (bytes, word) in out.chunks_exact_mut(4).zip(x[..4].iter().chain(&x[12..])) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    out
}

#[inline]
fn quarter(state: &mut [u32; 16], (a, b, c, d): (usize, usize, usize, usize)) {
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(16);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(12);
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(8);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(7);
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead, Payload};
    use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
    use proptest::prelude::*;

    use super::*;

    struct Fixed([u8; NONCE]);

    impl kernel::Rng for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.copy_from_slice(&self.0);
        }
    }

    /// The example of draft-irtf-cfrg-xchacha-03 section 2.2.1.
    #[test]
    fn the_derived_key_is_the_drafts() {
        let key: [u8; 32] = std::array::from_fn(|at| at as u8);
        let nonce = data_encoding::HEXLOWER.decode(b"000000090000004a0000000031415927").unwrap();
        let derived = hchacha20(&key, &nonce.try_into().unwrap());
        let expected = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc";
        assert_eq!(data_encoding::HEXLOWER.encode(&derived), expected);
    }

    proptest! {
        #[test]
        fn another_implementation_seals_the_same(key: [u8; 32], nonce: [u8; NONCE], aad: Vec<u8>, plain: Vec<u8>) {
            let sealed = SealKey::new(key).seal_raw(&aad, &plain, &Fixed(nonce));
            let other = XChaCha20Poly1305::new((&key).into());
            let payload = Payload { msg: &plain, aad: &aad };
            let expected = other.encrypt(&XNonce::from(nonce), payload).unwrap();
            prop_assert_eq!(&sealed[1 + NONCE..], &expected[..]);
            prop_assert_eq!(SealKey::new(key).open_raw(&aad, &sealed), Some(plain));
            prop_assert_eq!(SealKey::new(key).open_raw(b"elsewhere", &sealed), None);
        }
    }
}
