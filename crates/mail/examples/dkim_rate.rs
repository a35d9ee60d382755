//! Signed messages per second on one core, and beside it what the library's two raw signatures cost.
//!
//! `dkim_rate SECONDS OCTETS` prints one JSON document. The two are measured in turns, so that
//! whatever else the machine does touches both.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock and its own arguments")]
#![expect(clippy::expect_used, reason = "a measurement that cannot run says so and ends")]

use std::time::{Duration, Instant};

use aws_lc_rs::{digest, signature};
use kernel::Timestamp;
use mail::dkim::{Algorithm, KeyPair, Signer, SigningKey};

/// How long one of the two is measured before it is the other's turn.
const TURN: Duration = Duration::from_millis(250);

fn message(octets: usize) -> Vec<u8> {
    let mut out = b"From: Lina <lina@example.com>\r\nTo: b@example.org\r\nSubject: A message of the usual kind\r\n\
        Date: Sun, 1 Nov 2026 11:30:00 +0200\r\nMessage-ID: <0123456789abcdef@example.com>\r\nMIME-Version: 1.0\r\n\
        List-Unsubscribe: <https://example.com/u/abcdefghijklmnopqrstuvwxyz0123456789>,\r\n <mailto:u@example.com>\r\n\
        List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: News <news.example.com>\r\n\
        Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        .to_vec();
    while out.len() < octets {
        out.extend_from_slice(b"<p>Seventy-six octets  of nothing in particular, as lines in mail have.</p>\r\n");
    }
    out
}

/// Repeats `work` for one turn; adds how often and for how long.
fn turn(total: &mut (u64, Duration), mut work: impl FnMut()) {
    let begun = Instant::now();
    while begun.elapsed() < TURN {
        work();
        total.0 += 1;
    }
    total.1 += begun.elapsed();
}

/// What the library alone does for one signature.
fn raw_signature(pair: &KeyPair, data: &[u8]) -> Vec<u8> {
    let digest = digest::digest(&digest::SHA256, data);
    match pair {
        KeyPair::Rsa(pair) => {
            let mut out = vec![0; pair.public_modulus_len()];
            pair.sign_digest(&signature::RSA_PKCS1_SHA256, &digest, &mut out).expect("a signature");
            out
        }
        KeyPair::Ed25519(pair) => pair.sign(digest.as_ref()).as_ref().to_vec(),
    }
}

fn per_second((times, duration): (u64, Duration)) -> f64 {
    times as f64 / duration.as_secs_f64()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seconds, octets] = arguments.as_slice() else {
        eprintln!("usage: dkim_rate SECONDS OCTETS");
        std::process::exit(2);
    };
    let seconds: u64 = seconds.parse().expect("a number of seconds");
    let message = message(octets.parse().expect("a number of octets"));
    let pairs = Algorithm::ALL.map(|algorithm| KeyPair::generate(algorithm).expect("a key pair"));
    let keys = Algorithm::ALL.map(|algorithm| SigningKey {
        selector: algorithm.key_type().to_owned(),
        pair: KeyPair::generate(algorithm).expect("a key pair"),
    });
    let signer = Signer::new("example.com", keys.into());
    // What a signature is made over: about the octets of the signed fields.
    let data = &message[..message.len().min(1024)];
    let (mut signed, mut raw) = ((0, Duration::ZERO), (0, Duration::ZERO));
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        turn(&mut signed, || {
            std::hint::black_box(signer.signed(&message, Timestamp(0)).expect("a signed message"));
        });
        turn(&mut raw, || {
            for pair in &pairs {
                std::hint::black_box(raw_signature(pair, data));
            }
        });
    }
    println!("{{\"signed_per_second\":{:.0},\"raw_pairs_per_second\":{:.0}}}", per_second(signed), per_second(raw));
}
