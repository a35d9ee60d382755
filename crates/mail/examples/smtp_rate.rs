//! How fast the client alone hands messages to a server: the limit that a campaign is measured against.
//!
//! `smtp_rate HOST:PORT MESSAGES OCTETS CONNECTIONS` prints one JSON document.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock and its own arguments")]
#![expect(clippy::expect_used, reason = "a measurement that cannot run says so and ends")]

use std::net::SocketAddr;
use std::time::Instant;

use kernel::Email;
use mail::smtp::{Guard, Limits, Lost, Outcome, Parcel, Pool, Server, Tls};

/// Messages that are on their way to the pool at the same time.
const TOGETHER: usize = 2000;

fn content(octets: usize) -> Vec<u8> {
    let mut out = b"From: a@example.com\r\nTo: b@example.org\r\nSubject: rate\r\nMIME-Version: 1.0\r\n\r\n".to_vec();
    while out.len() < octets {
        out.extend_from_slice(b"Seventy-six octets of nothing in particular, as lines in mail usually have.\r\n");
    }
    out
}

fn parcel(recipient: &Email, content: &[u8]) -> Parcel {
    Parcel {
        return_path: Some(recipient.clone()),
        recipient: recipient.clone(),
        international: false,
        content: content.to_vec(),
        handover: Box::new(|| -> Result<Guard, Lost> { Ok(Box::new(())) }),
    }
}

async fn run(address: SocketAddr, messages: usize, octets: usize, connections: usize) {
    let server = Server {
        host: "localhost".to_owned(),
        addresses: vec![address],
        hello: "rate.example.com".to_owned(),
        tls: Tls::Off,
        login: None,
    };
    let pool = Pool::new(server, Limits { connections, queue: TOGETHER, ..Limits::default() });
    let recipient = Email::parse("b@example.org").expect("a valid address");
    let content = content(octets);
    let begun = Instant::now();
    let (mut accepted, mut begun_messages) = (0usize, 0usize);
    let mut coming = std::collections::VecDeque::new();
    while accepted < messages {
        while begun_messages < messages && coming.len() < TOGETHER {
            coming.push_back(pool.enqueue(parcel(&recipient, &content)).await);
            begun_messages += 1;
        }
        let outcome = coming.pop_front().expect("a message is on its way").await;
        assert!(matches!(outcome, Ok(Outcome::Accepted { .. })), "not accepted: {outcome:?}");
        accepted += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{{\"messages\":{messages},\"seconds\":{seconds:.3},\"per_second\":{:.0}}}", messages as f64 / seconds);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, messages, octets, connections] = arguments.as_slice() else {
        eprintln!("usage: smtp_rate HOST:PORT MESSAGES OCTETS CONNECTIONS");
        std::process::exit(2);
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let address = address.parse().expect("an address and a port");
    runtime.block_on(run(address, number(messages), number(octets), number(connections)));
}
