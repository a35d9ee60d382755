//! Sending domains against a name server of the test's own, on both databases; mail hosts too.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use mail::address::{Found, Kind, Tokens, delivery_of, delivery_payload, with_token};
use mail::dns::{DnsFailure, Resolver};
use mail::domains::{self, Error, Finding, RecordKind, check, records};
use mail::smtp::{Guard, Limits, Outcome, Parcel};
use mail::transport::{Relay, Transport};
use parking_lot::Mutex;
use tokio::net::UdpSocket;

pub(crate) type Zone = Arc<Mutex<HashMap<(String, u16), Vec<Vec<u8>>>>>;

pub(crate) const A: u16 = 1;
pub(crate) const MX: u16 = 15;
const TXT: u16 = 16;

fn labels(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        out.push(label.len() as u8);
        out.extend(label.bytes());
    }
    out.push(0);
    out
}

fn txt(value: &str) -> Vec<u8> {
    value.as_bytes().chunks(255).flat_map(|part| [&[part.len() as u8], part].concat()).collect()
}

pub(crate) fn mx(preference: u16, host: &str) -> Vec<u8> {
    [&preference.to_be_bytes()[..], &labels(host)].concat()
}

/// Answers from the zone; NXDOMAIN for names it does not have.
pub(crate) async fn name_server(zone: Zone) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let query = &buffer[..length];
            let mut at = 12;
            let mut name = Vec::new();
            while query[at] != 0 {
                let end = at + 1 + usize::from(query[at]);
                name.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
                at = end;
            }
            let name = name.join(".");
            let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
            let (answers, exists) = {
                let zone = zone.lock();
                let answers = zone.get(&(name.clone(), kind)).cloned().unwrap_or_default();
                (answers, zone.keys().any(|(known, _)| known == &name || known.ends_with(&format!(".{name}"))))
            };
            let mut out = query[..2].to_vec();
            out.extend([0x85, if exists { 0x80 } else { 0x83 }, 0, 1, 0, answers.len() as u8, 0, 0, 0, 0]);
            out.extend(&query[12..at + 5]);
            for data in answers {
                out.extend([0xc0, 12]);
                out.extend(kind.to_be_bytes());
                out.extend([0, 1, 0, 0, 0, 60]);
                out.extend((data.len() as u16).to_be_bytes());
                out.extend(data);
            }
            let _ = socket.send_to(&out, from).await;
        }
    });
    address
}

async fn resolver(zone: &Zone) -> Resolver {
    let address = name_server(zone.clone()).await;
    Resolver::new(Some(address), 2525, Arc::new(testkit::SeededRng::new(1))).unwrap()
}

pub(crate) fn put(zone: &Zone, name: &str, kind: u16, data: Vec<u8>) {
    zone.lock().entry((name.to_owned(), kind)).or_default().push(data);
}

fn publish(zone: &Zone, records: &[domains::Record]) {
    for record in records {
        zone.lock().remove(&(record.name.clone(), if record.kind == "MX" { MX } else { TXT }));
    }
    for record in records {
        match record.kind {
            "MX" => put(zone, &record.name, MX, mx(10, record.value.split(' ').nth(1).unwrap())),
            _ => put(zone, &record.name, TXT, txt(&record.value)),
        }
    }
}

#[tokio::test]
async fn mail_goes_to_the_preferred_host_or_the_domain_itself() {
    let zone = Zone::default();
    put(&zone, "example.net", MX, mx(20, "b.example.net"));
    put(&zone, "example.net", MX, mx(10, "a.example.net"));
    put(&zone, "a.example.net", A, vec![127, 0, 0, 1]);
    put(&zone, "b.example.net", A, vec![127, 0, 0, 2]);
    put(&zone, "bare.example", A, vec![127, 0, 0, 3]);
    put(&zone, "null.example", MX, mx(0, ""));
    put(&zone, "empty.example", TXT, txt("x"));
    let resolver = resolver(&zone).await;
    let hosts = resolver.mail_hosts("example.net").await.unwrap();
    let found: Vec<(&str, String)> = hosts.iter().map(|h| (h.name.as_str(), h.addresses[0].to_string())).collect();
    assert_eq!(found, [("a.example.net", "127.0.0.1:2525".into()), ("b.example.net", "127.0.0.2:2525".to_string())]);
    assert_eq!(resolver.mail_hosts("bare.example").await.unwrap()[0].name, "bare.example");
    assert_eq!(resolver.mail_hosts("null.example").await, Err(DnsFailure::NullMx));
    assert_eq!(resolver.mail_hosts("empty.example").await, Err(DnsFailure::NoDomain));
    assert_eq!(resolver.mail_hosts("nowhere.example").await, Err(DnsFailure::NoDomain));
}

#[tokio::test]
async fn mail_takes_the_next_host_when_the_best_is_down_and_says_why_it_cannot_go() {
    let sink = crate::sink::Sink::start(crate::sink::Script { pipelining: true, ..Default::default() }).await;
    let zone = Zone::default();
    put(&zone, "example.net", MX, mx(10, "down.example.net"));
    put(&zone, "example.net", MX, mx(20, "up.example.net"));
    put(&zone, "down.example.net", A, vec![127, 0, 0, 2]);
    put(&zone, "up.example.net", A, vec![127, 0, 0, 1]);
    put(&zone, "null.example", MX, mx(0, ""));
    let server = name_server(zone.clone()).await;
    let rng = Arc::new(testkit::SeededRng::new(1));
    let resolver = Resolver::new(Some(server), sink.address.port(), rng).unwrap();
    let parcel = |to: &str| Parcel {
        return_path: None,
        recipient: kernel::Email::parse(to).unwrap(),
        international: false,
        content: b"Subject: x\r\n\r\nx\r\n".to_vec(),
        handover: Box::new(|| Ok(Box::new(()) as Guard)),
    };
    let transport = Transport::direct(resolver.clone(), "client.example", Limits::default()).unwrap();
    assert!(matches!(transport.send(parcel("a@example.net")).await, Outcome::Accepted { .. }));
    for (to, code) in [("a@null.example", "556 5.1.10"), ("a@nowhere.example", "550 5.1.2")] {
        let Outcome::Refused { permanent: true, reply, .. } = transport.send(parcel(to)).await else { panic!("{to}") };
        assert_eq!(reply.to_string(), code);
    }
    let relay = Relay::parse(&format!("smtp://127.0.0.1:{}", sink.address.port())).unwrap();
    let transport = Transport::relay(relay, resolver, "client.example", Limits::default()).unwrap();
    assert!(transport.is_loopback());
    assert!(matches!(transport.send(parcel("a@elsewhere.example")).await, Outcome::Accepted { .. }));
    assert_eq!(sink.messages().len(), 2);
}

testkit::each_engine! {
    async fn a_domain_is_verified_by_its_records_and_its_keys_rotate(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let zone = Zone::default();
        let resolver = resolver(&zone).await;
        let host = "mail.example.org";
        let domain = domains::add(&ctx, " News.Example.COM ").await.unwrap();
        assert_eq!(domain.name, "news.example.com");
        assert!(matches!(domains::add(&ctx, "news.example.com").await, Err(Error::Exists)));
        assert!(matches!(domains::add(&ctx, "nonsense").await, Err(Error::Name)));

        put(&zone, "news.example.com", A, vec![127, 0, 0, 1]);
        let report = check(&ctx, &resolver, &domain, host).await.unwrap();
        assert!(!report.verified);
        assert!(report.checks.iter().all(|c| c.finding == Finding::Missing), "{report:?}");

        let wanted = records(&ctx, &domain, host).await.unwrap();
        assert_eq!(wanted.iter().filter(|r| r.purpose == RecordKind::Dkim).count(), 2);
        publish(&zone, &wanted);
        assert!(check(&ctx, &resolver, &domain, host).await.unwrap().verified);
        let domain = domains::by_name(&ctx, "news.example.com").await.unwrap().unwrap();
        assert!(domain.verified && domain.checked_at.is_some());
        let old = domains::selectors(&ctx).await.unwrap();

        domains::rotate(&ctx, domain.id).await.unwrap();
        assert!(matches!(domains::rotate(&ctx, domain.id).await, Err(Error::Rotating)));
        assert!(check(&ctx, &resolver, &domain, host).await.unwrap().verified);
        assert_eq!(domains::selectors(&ctx).await.unwrap(), old);
        publish(&zone, &records(&ctx, &domain, host).await.unwrap());
        assert!(check(&ctx, &resolver, &domain, host).await.unwrap().verified);
        assert_ne!(domains::selectors(&ctx).await.unwrap(), old);
        assert!(check(&ctx, &resolver, &domain, host).await.unwrap().verified);

        let emptied = |all: &[domains::Record]| all.iter().filter(|r| r.value.ends_with("p=")).count();
        assert_eq!(emptied(&records(&ctx, &domain, host).await.unwrap()), 0);
        t.clock.advance(8 * 86_400);
        assert_eq!(emptied(&records(&ctx, &domain, host).await.unwrap()), 2);

        let signer = domains::signer(&ctx, &domain).await.unwrap();
        let signed = signer.signed(b"From: a@news.example.com\r\n\r\nx\r\n", ctx.now()).unwrap();
        let text = String::from_utf8(signed).unwrap();
        assert!(text.contains("a=rsa-sha256") && text.contains("a=ed25519-sha256"));

        domains::remove(&ctx, domain.id).await.unwrap();
        assert!(matches!(domains::get(&ctx, domain.id).await, Err(Error::Unknown)));
        assert!(domains::list(&ctx).await.unwrap().is_empty());
    }

    async fn tokens_find_their_delivery_in_whichever_workspace(t: testkit::Fixture) {
        let (first, second) = (t.workspace().await, t.workspace().await);
        for ctx in [&first, &second] {
            let delivery = ctx.id();
            let keys = ctx.keys().await.unwrap();
            let tokens: &dyn Tokens = keys.as_ref();
            let address = with_token(tokens, Kind::Bounce, &delivery_payload(ctx.workspace, delivery), "bounce.example.com").unwrap();
            let found = Found::in_address(&address.wire().to_uppercase()).unwrap();
            assert_eq!(delivery_of(&t.core, &found).await.unwrap(), Some((ctx.workspace, delivery)));
            let reply = Found { kind: Kind::Reply, ..found };
            assert_eq!(delivery_of(&t.core, &reply).await.unwrap(), None);
        }
    }
}
