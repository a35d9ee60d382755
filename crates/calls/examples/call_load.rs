//! So many calls at once on loopback, each with sound both ways for some seconds: how evenly the packets leave.
//!
//! `call_load CALLS SECONDS` prints JSON: the jitter that the other side measures (RFC 3550), how late turns were.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement fails by panicking and runs in real time"
)]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use calls::rtp::{Media, Order, Ports, tone};
use calls::sip::{
    Codec, Command, Endpoint, Event, Invitation, LegEvents, Local, NameAddr, Offered, Peer, RegisterState, Settings,
    Sink, Transport, Uri,
};
use kernel::Timestamp;
use tokio::sync::mpsc;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct RealClock;

impl kernel::Clock for RealClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(since.as_micros() as i64)
    }
}

/// Names only: what they are made of does not matter here.
struct Counting(std::sync::atomic::AtomicU64);

impl kernel::Rng for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for part in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, std::sync::atomic::Ordering::Relaxed);
            let mixed = (next ^ (next >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            part.copy_from_slice(&mixed.to_be_bytes()[..part.len()]);
        }
    }
}

struct Calls(mpsc::UnboundedSender<Offered>);

impl Sink for Calls {
    fn incoming(&self, offered: Offered) {
        let _ = self.0.send(offered);
    }
    fn registered(&self, _name: u64, _state: RegisterState) {}
}

fn with() -> (Arc<dyn kernel::Clock>, Arc<dyn kernel::Rng>) {
    (Arc::new(RealClock), Arc::new(Counting(1.into())))
}

async fn endpoint(rng: &Arc<dyn kernel::Rng>) -> (Endpoint, mpsc::UnboundedReceiver<Offered>) {
    let (offers, offered) = mpsc::unbounded_channel();
    let settings = Settings { listen: SocketAddr::new(HERE, 0), public: None, product: "load".into() };
    let endpoint = Endpoint::start(settings, (with().0, Arc::clone(rng)), Arc::new(Calls(offers))).await.unwrap();
    endpoint.order(Command::Allow([HERE].into()));
    (endpoint, offered)
}

async fn agreed(events: &mut LegEvents, media: &Media, sound: &Arc<Vec<i16>>) {
    loop {
        match events.recv().await.unwrap() {
            Event::Answered { agreed, .. } => {
                media.order(Order::Agreed(agreed));
                media.order(Order::Play(Arc::clone(sound), 1));
                return;
            }
            Event::Ended { ended, .. } => panic!("{ended:?}"),
            _ => {}
        }
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args_os().skip(1).filter_map(|text| text.to_str()?.parse::<u64>().ok());
    let (count, seconds) = (arguments.next().unwrap_or(20), arguments.next().unwrap_or(10));
    let rng = with().1;
    let (ours, _none) = endpoint(&rng).await;
    let (theirs, mut offered) = endpoint(&rng).await;
    let ports = Ports::new(36_000, 39_999);
    let sound = Arc::new(tone('5', 8000 * seconds as usize, 6000.0));
    let mut open = Vec::new();
    for _ in 0..count {
        let (media, ears) = Media::open(&ports, HERE, (with().0, Arc::clone(&rng))).await.unwrap();
        let local = Local { ip: HERE, port: media.port(), codecs: vec![Codec::Pcma] };
        let invitation = Invitation {
            peer: Peer { transport: Transport::Udp, at: theirs.at() },
            to: Uri::sip(Some("load"), "127.0.0.1", Some(theirs.at().port())),
            from: NameAddr::new(Uri::sip(Some("load"), "127.0.0.1", None)),
            asserted: None,
            contact_user: "load".into(),
            credentials: None,
            media: local,
            ring_for: 30_000_000,
        };
        let (_, mut events) = ours.invite(invitation).await.unwrap();
        let mut offer = offered.recv().await.unwrap();
        let (other, other_ears) = Media::open(&ports, HERE, (with().0, Arc::clone(&rng))).await.unwrap();
        theirs.order(Command::Accept(offer.leg, Local { ip: HERE, port: other.port(), codecs: vec![Codec::Pcma] }));
        agreed(&mut events, &media, &sound).await;
        agreed(&mut offer.events, &other, &sound).await;
        open.push((media, ears, events, other, other_ears, offer.events));
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let all: Vec<_> = open.iter().flat_map(|call| [call.0.stats(), call.3.stats()]).collect();
    let worst = |of: fn(&calls::rtp::Stats) -> u64| all.iter().map(of).max().unwrap_or(0);
    let sum = |of: fn(&calls::rtp::Stats) -> u64| all.iter().map(of).sum::<u64>();
    let figures = serde_json::json!({
        "calls": count,
        "seconds": seconds,
        "jitter_ms": worst(|stats| stats.jitter) as f64 / 1000.0,
        "late_ms": worst(|stats| stats.late) as f64 / 1000.0,
        "sent": sum(|stats| stats.sent),
        "received": sum(|stats| stats.received),
        "lost": sum(|stats| stats.lost + stats.dropped),
    });
    println!("{figures}");
    ours.stop().await;
    theirs.stop().await;
}
