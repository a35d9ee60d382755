//! Telephones of an operator: they take so many calls, say a tone all the while, and measure how evenly the sound comes.
//!
//! `telephones PORT CALLS SECONDS` listens on loopback, and says a line when it does. From the moment when all calls stand it
//! measures for so many seconds, and prints JSON: the greatest jitter of any call at any time (RFC 3550), what came and what
//! did not.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement fails by panicking and runs in real time"
)]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use calls::rtp::{Heard, Media, Order, Ports, Stats, tone};
use calls::sip::{Codec, Command, Endpoint, Event, LegEvents, Local, Offered, RegisterState, Settings, Sink};
use kernel::{Clock, Rng, Timestamp};
use tokio::sync::mpsc;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(since.as_micros() as i64)
    }
}

/// Names only: what they are made of does not matter here.
struct Counting(std::sync::atomic::AtomicU64);

impl Rng for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        for part in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, std::sync::atomic::Ordering::Relaxed);
            let mixed = (next ^ (next >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            part.copy_from_slice(&mixed.to_be_bytes()[..part.len()]);
        }
    }
}

struct Ringing(mpsc::UnboundedSender<Offered>);

impl Sink for Ringing {
    fn incoming(&self, offered: Offered) {
        let _ = self.0.send(offered);
    }
    fn registered(&self, _name: u64, _state: RegisterState) {}
}

/// A call that stands: its sound, and what must not be dropped while it does.
struct Telephone {
    media: Media,
    _heard: mpsc::Receiver<Heard>,
    _events: LegEvents,
}

impl Telephone {
    /// Answers, and says the sound once the codec is agreed.
    async fn answer(
        endpoint: &Endpoint,
        mut offered: Offered,
        media: (Media, mpsc::Receiver<Heard>),
        sound: &Arc<Vec<i16>>,
    ) -> Self {
        let (media, heard) = media;
        let local = Local { ip: HERE, port: media.port(), codecs: vec![Codec::Pcma, Codec::Pcmu] };
        endpoint.order(Command::Accept(offered.leg, local));
        loop {
            match offered.events.recv().await.unwrap() {
                Event::Answered { agreed, .. } => {
                    media.order(Order::Agreed(agreed));
                    media.order(Order::Play(Arc::clone(sound), 1));
                    return Self { media, _heard: heard, _events: offered.events };
                }
                Event::Ended { ended, .. } => panic!("{ended:?}"),
                _ => {}
            }
        }
    }
}

async fn listen(telephones: &[Telephone], seconds: u64) -> serde_json::Value {
    let stats = || telephones.iter().map(|telephone| telephone.media.stats()).collect::<Vec<_>>();
    let (before, begun) = (stats(), std::time::Instant::now());
    let mut jitter = 0;
    for _ in 0..seconds * 10 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        jitter = stats().iter().map(|stats| stats.jitter).fold(jitter, u64::max);
    }
    let (after, elapsed) = (stats(), begun.elapsed());
    let came = |now: &Stats, then: &Stats| now.received - then.received;
    serde_json::json!({
        "calls": telephones.len(),
        "seconds": elapsed.as_secs_f64(),
        "jitter_ms": jitter as f64 / 1000.0,
        "received": after.iter().zip(&before).map(|(now, then)| came(now, then)).sum::<u64>(),
        "fewest": after.iter().zip(&before).map(|(now, then)| came(now, then)).min(),
        "lost": after.iter().map(|stats| stats.lost + stats.dropped).sum::<u64>(),
    })
}

#[tokio::main]
async fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|text| text.parse().ok()).collect();
    let [port, count, seconds] = numbers[..] else { panic!("telephones PORT CALLS SECONDS") };
    let with = || -> (Arc<dyn Clock>, Arc<dyn Rng>) { (Arc::new(RealClock), Arc::new(Counting(1.into()))) };
    let (offers, mut offered) = mpsc::unbounded_channel();
    let listen_at = SocketAddr::new(HERE, u16::try_from(port).unwrap());
    let settings = Settings { listen: listen_at, public: None, product: "telephones".into() };
    let endpoint = Endpoint::start(settings, with(), Arc::new(Ringing(offers))).await.unwrap();
    endpoint.order(Command::Allow([HERE].into()));
    println!("listening");
    let (ports, sound) = (Ports::new(36_000, 37_999), Arc::new(tone('5', 8000 * 600, 6000.0)));
    let mut telephones = Vec::new();
    for _ in 0..count {
        let call = offered.recv().await.unwrap();
        let media = Media::open(&ports, HERE, with()).await.unwrap();
        telephones.push(Telephone::answer(&endpoint, call, media, &sound).await);
    }
    println!("{}", listen(&telephones, seconds).await);
    endpoint.stop().await;
}
