//! Calls with sound between two endpoints on loopback: tones, keys, recordings, joined calls.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use calls::rtp::{Detector, Heard, Media, Order, Packet, Ports, Recording, tone, ulaw_to_linear};
use calls::sip::{
    Codec, Command, Endpoint, Event, Invitation, LegEvents, Local, NameAddr, Offered, Peer, RegisterState, Settings,
    Sink, Transport, Uri,
};
use proptest::prelude::*;
use testkit::SeededRng;
use tokio::sync::mpsc;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The machine's clock, for sockets that are real.
struct RealClock;

impl kernel::Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "sockets run in real time")]
    fn now(&self) -> kernel::Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        kernel::Timestamp(since.as_micros() as i64)
    }
}

struct Calls(mpsc::UnboundedSender<Offered>);

impl Sink for Calls {
    fn incoming(&self, offered: Offered) {
        let _ = self.0.send(offered);
    }
    fn registered(&self, _name: u64, _state: RegisterState) {}
}

async fn endpoint(seed: u64) -> (Endpoint, mpsc::UnboundedReceiver<Offered>) {
    let (offers, offered) = mpsc::unbounded_channel();
    let settings = Settings { listen: SocketAddr::new(HERE, 0), public: None, product: "test".into() };
    let with = (Arc::new(RealClock) as Arc<dyn kernel::Clock>, Arc::new(SeededRng::new(seed)) as Arc<dyn kernel::Rng>);
    let endpoint = Endpoint::start(settings, with, Arc::new(Calls(offers))).await.unwrap();
    endpoint.order(Command::Allow(HashSet::from([HERE])));
    (endpoint, offered)
}

async fn media(seed: u64) -> (Media, mpsc::Receiver<Heard>) {
    let ports = Ports::new(20_000 + seed as u16 * 100, 20_098 + seed as u16 * 100);
    Media::open(&ports, HERE, (Arc::new(RealClock), Arc::new(SeededRng::new(seed)))).await.unwrap()
}

fn local(media: &Media, codec: Codec) -> Local {
    Local { ip: HERE, port: media.port(), codecs: vec![codec] }
}

async fn answered(events: &mut LegEvents) -> calls::sip::Agreed {
    loop {
        match tokio::time::timeout(Duration::from_secs(10), events.recv()).await.unwrap().unwrap() {
            Event::Answered { agreed, .. } => return agreed,
            Event::Ended { ended, .. } => panic!("{ended:?}"),
            _ => {}
        }
    }
}

async fn heard(hearing: &mut mpsc::Receiver<Heard>) -> Heard {
    tokio::time::timeout(Duration::from_secs(10), hearing.recv()).await.unwrap().unwrap()
}

async fn call(transport: Transport, codec: Codec, seed: u64) {
    let (ours, _) = endpoint(seed).await;
    let (theirs, mut offered) = endpoint(seed + 1).await;
    let (our_media, mut our_ears) = media(seed).await;
    let (their_media, mut their_ears) = media(seed + 1).await;
    let invitation = Invitation {
        peer: Peer { transport, at: theirs.at() },
        to: Uri::sip(Some("+966112345678"), "127.0.0.1", Some(theirs.at().port())),
        from: NameAddr::new(Uri::sip(Some("+966500000000"), "127.0.0.1", None)),
        asserted: None,
        contact_user: "barid".into(),
        credentials: None,
        media: local(&our_media, codec),
        ring_for: 30_000_000,
    };
    let (leg, mut our_events) = ours.invite(invitation).await.unwrap();
    let mut offer = offered.recv().await.unwrap();
    theirs.order(Command::Ring(offer.leg));
    theirs.order(Command::Accept(offer.leg, local(&their_media, codec)));
    our_media.order(Order::Agreed(answered(&mut our_events).await));
    let agreed = answered(&mut offer.events).await;
    assert_eq!(agreed.codec, codec);
    their_media.order(Order::Agreed(agreed));

    // They keep a tone that we play, and hear the keys that we press.
    their_media.order(Order::Record(Recording { most: 500, silence: 10 }));
    our_media.order(Order::Play(Arc::new(tone('7', 4000, 8000.0)), 1));
    assert!(matches!(heard(&mut our_ears).await, Heard::Played(1)));
    let Heard::Recorded(sound, calls::rtp::Ended::Silence) = heard(&mut their_ears).await else { panic!("no silence") };
    let samples: Vec<i16> = sound.iter().map(|octet| ulaw_to_linear(*octet)).collect();
    assert_eq!(Detector::default().take(&samples), ['7']);
    our_media.order(Order::Press("19#".into()));
    let mut keys = String::new();
    while keys.len() < 3 {
        if let Heard::Key(key) = heard(&mut their_ears).await {
            keys.push(key);
        }
    }
    assert_eq!(keys, "19#");
    ours.order(Command::HangUp(leg));
    let Some(Event::Ended { ended, .. }) = offer.events.recv().await else { panic!("still there") };
    assert_eq!(ended.fate, calls::sip::Fate::TheyHungUp);
    let stats = their_media.stats();
    assert!(stats.received > 20 && stats.jitter < 10_000, "{stats:?}");
    ours.stop().await;
    theirs.stop().await;
}

#[test]
fn a_call_over_datagrams_carries_tones_and_keys() {
    testkit::run(call(Transport::Udp, Codec::Pcmu, 1));
}

#[test]
fn a_call_over_a_stream_carries_tones_and_keys() {
    testkit::run(call(Transport::Tcp, Codec::Pcma, 11));
}

#[test]
fn joined_calls_hear_each_other_and_nobody_else_is_heard() {
    testkit::run(async {
        let (left, _left_ears) = media(21).await;
        let (right, _right_ears) = media(22).await;
        let (from, _from_ears) = media(23).await;
        let (to, mut to_ears) = media(24).await;
        let agreed = |media: &Media, codec| calls::sip::Agreed {
            remote: SocketAddr::new(HERE, media.port()),
            codec,
            events: None,
            send: true,
            receive: true,
            direction: calls::sip::Direction::SendRecv,
        };
        // from → left ⇄ right → to, in two codings.
        from.order(Order::Agreed(agreed(&left, Codec::Pcmu)));
        left.order(Order::Agreed(agreed(&from, Codec::Pcmu)));
        right.order(Order::Agreed(agreed(&to, Codec::Pcma)));
        to.order(Order::Agreed(agreed(&right, Codec::Pcma)));
        left.join(&right);
        // Somebody who guessed the port.
        let stranger = tokio::net::UdpSocket::bind((HERE, 0)).await.unwrap();
        from.order(Order::Press("5".into()));
        let payload = [0x80u8; 160];
        let mut sequence = 0;
        loop {
            let forged = Packet {
                marker: false,
                kind: 8,
                sequence,
                timestamp: u32::from(sequence) * 160,
                source: 1,
                payload: &payload,
            };
            stranger.send_to(&forged.octets(), (HERE, to.port())).await.unwrap();
            sequence += 1;
            if let Ok(Some(Heard::Key(key))) = tokio::time::timeout(Duration::from_millis(20), to_ears.recv()).await {
                assert_eq!(key, '5', "tones are found when no packets were agreed");
                break;
            }
            assert!(sequence < 400, "the key was not heard");
        }
    });
}

proptest! {
    #[test]
    fn packets_are_read_as_written(marker: bool, kind in 0u8..128, sequence: u16, timestamp: u32, source: u32,
        payload in prop::collection::vec(any::<u8>(), 0..400)) {
        let packet = Packet { marker, kind, sequence, timestamp, source, payload: &payload };
        let octets = packet.octets();
        prop_assert_eq!(Packet::parse(&octets), Some(packet));
    }

    #[test]
    fn no_octets_break_packets(octets in prop::collection::vec(any::<u8>(), 0..100)) {
        if let Some(packet) = Packet::parse(&octets) {
            prop_assert!(packet.payload.len() <= octets.len());
        }
    }
}
