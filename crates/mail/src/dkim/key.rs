//! Keys and their DNS records (RFC 6376 section 3.6.1, RFC 8463 section 4.2).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use aws_lc_rs::{digest, rsa, signature};
use data_encoding::BASE64;

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA with 2048 bits and SHA-256: what every receiver verifies.
    RsaSha256,
    /// Ed25519 over SHA-256 (RFC 8463).
    Ed25519Sha256,
}

impl Algorithm {
    /// Both, in the order in which signatures are written.
    pub const ALL: [Self; 2] = [Self::RsaSha256, Self::Ed25519Sha256];

    /// The value of the `a=` tag, also used to store the algorithm.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa-sha256",
            Self::Ed25519Sha256 => "ed25519-sha256",
        }
    }

    /// Reads what [`Algorithm::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    /// The value of the `k=` tag of the DNS record.
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::RsaSha256 => "rsa",
            Self::Ed25519Sha256 => "ed25519",
        }
    }
}

/// Why a key cannot be made, read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The cryptographic library refused to generate or write a key.
    #[error("the signing key could not be made")]
    Library,
    /// The octets are no PKCS #8 key of that algorithm.
    #[error("the stored signing key cannot be read")]
    Malformed,
}

impl From<KeyError> for kernel::Problem {
    fn from(error: KeyError) -> Self {
        Self::new(kernel::Code::Internal, error.to_string())
    }
}

/// A key pair that signs. Debug shows the algorithm only.
pub enum KeyPair {
    /// RSA-2048.
    Rsa(Box<RsaKeyPair>),
    /// Ed25519.
    Ed25519(Box<Ed25519KeyPair>),
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.algorithm().as_str())
    }
}

impl KeyPair {
    /// A new pair. The library's own generator supplies the randomness.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::RsaSha256 => RsaKeyPair::generate(rsa::KeySize::Rsa2048).map(Box::new).map(Self::Rsa),
            Algorithm::Ed25519Sha256 => Ed25519KeyPair::generate().map(Box::new).map(Self::Ed25519),
        }
        .map_err(|_| KeyError::Library)
    }

    /// Reads a private key (PKCS #8 DER).
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::RsaSha256 => RsaKeyPair::from_pkcs8(der).map(Box::new).map(Self::Rsa),
            Algorithm::Ed25519Sha256 => Ed25519KeyPair::from_pkcs8(der).map(Box::new).map(Self::Ed25519),
        }
        .map_err(|_| KeyError::Malformed)
    }

    /// The private key (PKCS #8 DER), to be sealed before it is stored.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Library)?;
                Ok(der.as_ref().to_vec())
            }
            Self::Ed25519(pair) => pair.to_pkcs8().map(|der| der.as_ref().to_vec()).map_err(|_| KeyError::Library),
        }
    }

    /// Which algorithm the pair is for.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::RsaSha256,
            Self::Ed25519(_) => Algorithm::Ed25519Sha256,
        }
    }

    /// The TXT record that publishes the public key, as one text.
    pub fn record(&self) -> Result<String, KeyError> {
        let public = match self {
            Self::Rsa(pair) => {
                let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError::Library)?;
                BASE64.encode(der.as_ref())
            }
            Self::Ed25519(pair) => BASE64.encode(pair.public_key().as_ref()),
        };
        Ok(format!("v=DKIM1; k={}; p={public}", self.algorithm().key_type()))
    }

    /// Signs the canonical header data. For Ed25519 that is the signature over its SHA-256 (RFC 8463 section 3).
    pub(super) fn sign(&self, data: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = digest::digest(&digest::SHA256, data);
        match self {
            Self::Rsa(pair) => {
                let mut out = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&signature::RSA_PKCS1_SHA256, &digest, &mut out).map_err(|_| KeyError::Library)?;
                Ok(out)
            }
            Self::Ed25519(pair) => Ok(pair.try_sign(digest.as_ref()).map_err(|_| KeyError::Library)?.as_ref().to_vec()),
        }
    }
}

/// A TXT value as zone files want it: quoted strings of at most 255 octets (RFC 1035 section 3.3.14).
/// The value must be ASCII without quotes, as every record made here is.
pub fn txt_strings(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for (index, c) in value.chars().enumerate() {
        if index % 255 == 0 {
            out.push_str(if index == 0 { "\"" } else { "\" \"" });
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_storage_and_publish_themselves() {
        for algorithm in Algorithm::ALL {
            let pair = KeyPair::generate(algorithm).unwrap();
            let der = pair.to_pkcs8().unwrap();
            let again = KeyPair::from_pkcs8(algorithm, &der).unwrap();
            let record = pair.record().unwrap();
            assert_eq!(again.record().unwrap(), record);
            assert!(record.starts_with(&format!("v=DKIM1; k={}; p=", algorithm.key_type())));
            assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
            assert_eq!(KeyPair::from_pkcs8(algorithm, b"junk").unwrap_err(), KeyError::Malformed);
        }
    }

    #[test]
    fn long_records_are_shown_in_strings_of_255() {
        let shown = txt_strings(&"x".repeat(300));
        assert_eq!(shown, format!("\"{}\" \"{}\"", "x".repeat(255), "x".repeat(45)));
        assert_eq!(txt_strings("v=DKIM1"), "\"v=DKIM1\"");
    }
}
