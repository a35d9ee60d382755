//! HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, as browsers do it.
//! The server has no such code: it never opens anything.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::hmac;

const KEM: &[u8] = b"KEM\0\x20";
const SUITE: &[u8] = b"HPKE\0\x20\0\x01\0\x02";

fn extract(salt: &[u8], suite: &[u8], label: &str, ikm: &[u8]) -> Vec<u8> {
    let labelled = [b"HPKE-v1", suite, label.as_bytes(), ikm].concat();
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), &labelled).as_ref().to_vec()
}

/// HKDF-Expand (RFC 5869) of one block or less.
pub fn expand(prk: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let block = [info, &[1]].concat();
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, prk), &block).as_ref()[..length].to_vec()
}

fn labelled(prk: &[u8], suite: &[u8], label: &str, info: &[u8], length: u16) -> Vec<u8> {
    let info = [&length.to_be_bytes()[..], b"HPKE-v1", suite, label.as_bytes(), info].concat();
    expand(prk, &info, usize::from(length))
}

/// A device's pair.
pub struct Pair {
    private: [u8; 32],
    pub public: Vec<u8>,
}

impl Pair {
    pub fn new(private: [u8; 32]) -> Self {
        let key = PrivateKey::from_private_key(&X25519, &private).unwrap();
        Self { private, public: key.compute_public_key().unwrap().as_ref().to_vec() }
    }

    fn with(&self, other: &[u8]) -> Vec<u8> {
        let key = PrivateKey::from_private_key(&X25519, &self.private).unwrap();
        agree(&key, UnparsedPublicKey::new(&X25519, other), (), |secret| Ok(secret.to_vec())).unwrap()
    }
}

fn context(secret: &[u8], enc: &[u8], public: &[u8], info: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let prk = extract(b"", KEM, "eae_prk", secret);
    let shared = labelled(&prk, KEM, "shared_secret", &[enc, public].concat(), 32);
    let about = [&[0][..], &extract(b"", SUITE, "psk_id_hash", b""), &extract(b"", SUITE, "info_hash", info)].concat();
    let secret = extract(&shared, SUITE, "secret", b"");
    (labelled(&secret, SUITE, "key", &about, 32), labelled(&secret, SUITE, "base_nonce", &about, 12))
}

/// AES-256-GCM.
pub fn lock(key: &[u8], nonce: &[u8], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let mut out = plain.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut out).unwrap();
    out
}

pub fn unlock(key: &[u8], nonce: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let mut out = sealed.to_vec();
    key.open_in_place(nonce, Aad::from(aad), &mut out).ok().map(|plain| plain.to_vec())
}

/// Seals to a public key; answers `enc` and the ciphertext.
pub fn seal(ephemeral: &Pair, public: &[u8], info: &[u8], plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (key, nonce) = context(&ephemeral.with(public), &ephemeral.public, public, info);
    (ephemeral.public.clone(), lock(&key, &nonce, b"", plain))
}

/// Opens what was sealed to a pair.
pub fn open(pair: &Pair, enc: &[u8], info: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (key, nonce) = context(&pair.with(enc), enc, &pair.public, info);
    unlock(&key, &nonce, b"", sealed)
}

#[test]
fn the_shared_secret_is_that_of_the_standard() {
    // RFC 9180, appendix A.1.1 (the same KEM): the vector's keys and its shared secret.
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
    let array = |text: &str| -> [u8; 32] { hex(text).try_into().unwrap() };
    let sender = Pair::new(array("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"));
    let receiver = Pair::new(array("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"));
    assert_eq!(sender.public, hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"));
    assert_eq!(receiver.public, hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"));
    let prk = extract(b"", KEM, "eae_prk", &sender.with(&receiver.public));
    let both = [sender.public.clone(), receiver.public.clone()].concat();
    let shared = labelled(&prk, KEM, "shared_secret", &both, 32);
    assert_eq!(shared, hex("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc"));
    let (enc, sealed) = seal(&sender, &receiver.public, b"info", b"a key");
    assert_eq!(open(&receiver, &enc, b"info", &sealed).unwrap(), b"a key");
    assert!(open(&receiver, &enc, b"other", &sealed).is_none());
}
