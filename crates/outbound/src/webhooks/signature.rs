//! Signatures per Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`.

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use kernel::Rng;

/// What every secret begins with.
pub const SECRET_PREFIX: &str = "whsec_";

/// A new secret's 32 octets.
pub(super) fn new_secret(rng: &dyn Rng) -> [u8; 32] {
    let mut secret = [0; 32];
    rng.fill(&mut secret);
    secret
}

/// The secret as shown, once.
pub(super) fn shown(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", BASE64.encode(secret))
}

/// The `webhook-signature` header: one `v1,…` per secret, separated by spaces, so that during a
/// rotation either secret verifies.
pub(super) fn header(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signed: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret));
            context.update(format!("{id}.{timestamp}.").as_bytes());
            context.update(body);
            format!("v1,{}", BASE64.encode(context.sign().as_ref()))
        })
        .collect();
    signed.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_example_verifies() {
        // The published test vector of the Standard Webhooks libraries.
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let header = header(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(header, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
