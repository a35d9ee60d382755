//! DKIM signing (RFC 6376, 8301, 8463), always with two keys: rsa-sha256 for everyone and
//! ed25519-sha256 for those who know it. Relaxed canonicalisation of header and body, no `l=`.
//! The body is hashed once for both signatures.

mod canonical;
mod key;
mod signer;

pub use key::{Algorithm, KeyError, KeyPair, txt_strings};
pub use signer::{SignError, Signer, SigningKey};
