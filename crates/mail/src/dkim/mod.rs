//! DKIM signing (RFC 6376, 8301, 8463), always with two keys: rsa-sha256 for everyone and
//! ed25519-sha256 for those who know it. Relaxed canonicalisation of header and body, no `l=`.
//! The body is hashed once for both signatures. Signatures of mail that comes in are verified, whatever their
//! canonicalisation; one over a part of the body (`l=`) counts for nothing.

mod canonical;
mod key;
mod signer;
mod verifier;

pub use key::{Algorithm, KeyError, KeyPair, txt_strings};
pub use signer::{SignError, Signer, SigningKey};
pub use verifier::{Check, Signature, verify};
pub(crate) use verifier::{Tags, is_host};
