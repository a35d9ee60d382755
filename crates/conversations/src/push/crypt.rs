//! The cryptography of Web Push: message encryption (RFC 8291 over RFC 8188) and who sends (VAPID, RFC 8292).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use aws_lc_rs::{error::Unspecified, hmac};
use kernel::{Rng, Timestamp};
use serde_json::json;
use store::Vault;

use crate::encryption::encoded;

/// A point of P-256, not compressed.
pub(super) const POINT: usize = 65;
/// The secret that a browser shares with whoever writes to it.
pub(super) const AUTH: usize = 16;
/// The longest text: push services take 4096 octets in all (RFC 8030, section 7.2).
const LONGEST: usize = 3000;
/// How long a signature holds, in seconds; at most a day (RFC 8292, section 2).
const HOLDS: i64 = 12 * 3600;

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    context.sign().as_ref().to_vec()
}

/// A private key of P-256 out of random octets; nearly every 32 octets are one.
fn private(mut octets: impl FnMut() -> [u8; 32]) -> Result<([u8; 32], PrivateKey), Unspecified> {
    for _ in 0..64 {
        let bytes = octets();
        if let Ok(key) = PrivateKey::from_private_key(&ECDH_P256, &bytes) {
            return Ok((bytes, key));
        }
    }
    Err(Unspecified)
}

/// Whether octets are a point to which something can be encrypted.
pub(super) fn is_point(bytes: &[u8]) -> bool {
    let Ok((_, probe)) = private(|| [1; 32]) else { return false };
    bytes.len() == POINT
        && bytes[0] == 4
        && agree(&probe, UnparsedPublicKey::new(&ECDH_P256, bytes), Unspecified, |_| Ok(())).is_ok()
}

/// Encrypts for a browser; every call takes a pair and a salt of its own.
pub(super) fn encrypt(plain: &[u8], (point, auth): (&[u8], &[u8]), rng: &dyn Rng) -> Result<Vec<u8>, Unspecified> {
    let mut salt = [0; 16];
    rng.fill(&mut salt);
    let (_, own) = private(|| {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        bytes
    })?;
    sealed(plain, (point, auth), (&own, salt))
}

fn sealed(
    plain: &[u8],
    (point, auth): (&[u8], &[u8]),
    (own, salt): (&PrivateKey, [u8; 16]),
) -> Result<Vec<u8>, Unspecified> {
    if plain.len() > LONGEST {
        return Err(Unspecified);
    }
    let public = own.compute_public_key()?;
    let shared = agree(own, UnparsedPublicKey::new(&ECDH_P256, point), Unspecified, |secret| Ok(secret.to_vec()))?;
    let first = mac(auth, &[&shared]);
    let material = mac(&first, &[b"WebPush: info\0", point, public.as_ref(), &[1]]);
    let second = mac(&salt, &[&material]);
    let key = mac(&second, &[b"Content-Encoding: aes128gcm\0", &[1]]);
    let nonce = mac(&second, &[b"Content-Encoding: nonce\0", &[1]]);
    let mut record = plain.to_vec();
    // The delimiter of the last record (RFC 8188, section 2).
    record.push(2);
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16])?);
    cipher.seal_in_place_append_tag(Nonce::try_assume_unique_for_key(&nonce[..12])?, Aad::empty(), &mut record)?;
    let mut out = salt.to_vec();
    out.extend_from_slice(&4096_u32.to_be_bytes());
    out.push(public.as_ref().len() as u8);
    out.extend_from_slice(public.as_ref());
    out.extend_from_slice(&record);
    Ok(out)
}

/// The pair with which this server says who it is. It follows from the server's own keys, so that every node has the
/// same one and nothing more is kept: a browser has one subscription for all workspaces of a server.
pub(super) struct Sender {
    pair: EcdsaKeyPair,
    public: Vec<u8>,
}

impl Sender {
    /// The server's pair.
    pub(super) fn of(vault: &Vault) -> Result<Self, Unspecified> {
        let keys = vault.global_keys();
        let mut round = 0_u8;
        let (bytes, key) = private(|| {
            round += 1;
            let mut bytes = [0; 32];
            bytes[..16].copy_from_slice(&keys.mac("push.vapid", &[round, 0]));
            bytes[16..].copy_from_slice(&keys.mac("push.vapid", &[round, 1]));
            bytes
        })?;
        let public = key.compute_public_key()?.as_ref().to_vec();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(algorithm, &bytes, &public).map_err(|_| Unspecified)?;
        Ok(Self { pair, public })
    }

    /// The public half, as browsers take it.
    pub(super) fn public(&self) -> String {
        encoded(&self.public)
    }

    /// The value of `Authorization` for a push service at this origin.
    pub(super) fn authorization(&self, audience: &str, contact: &str, now: Timestamp) -> Result<String, Unspecified> {
        let head = encoded(json!({ "typ": "JWT", "alg": "ES256" }).to_string().as_bytes());
        let claims = json!({ "aud": audience, "exp": now.as_seconds() + HOLDS, "sub": contact });
        let signed = format!("{head}.{}", encoded(claims.to_string().as_bytes()));
        #[expect(clippy::disallowed_types, reason = "the library takes the signature's nonce from its own source")]
        let source = aws_lc_rs::rand::SystemRandom::new();
        let signature = self.pair.sign(&source, signed.as_bytes())?;
        Ok(format!("vapid t={signed}.{}, k={}", encoded(signature.as_ref()), self.public()))
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    #[test]
    fn the_message_is_that_of_the_standard() {
        // RFC 8291, section 5 and appendix A.
        let raw = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let plain = b"When I grow up, I want to be a watermelon";
        let own =
            PrivateKey::from_private_key(&ECDH_P256, &raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let point = raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = raw("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = raw("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let out = sealed(plain, (&point, &auth), (&own, salt)).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
            AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64URL_NOPAD.encode(&out), expected);
    }

    #[test]
    fn only_points_are_points() {
        let (_, key) = private(|| [7; 32]).unwrap();
        let public = key.compute_public_key().unwrap().as_ref().to_vec();
        assert!(is_point(&public));
        let mut off = public.clone();
        off[40] ^= 1;
        assert!(!is_point(&off) && !is_point(&public[1..]) && !is_point(&[4; 65]) && !is_point(&[]));
    }
}
