//! Two user agents over a network that loses, repeats and delays, in time that is moved by hand.

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;

use calls::sip::{
    Codec, Credentials, Event, Fate, Identity, Invitation, LegId, Local, Message, NameAddr, Output, Peer,
    RegisterState, Registration, Transport, Uri, UserAgent, parse,
};
use kernel::Timestamp;
use testkit::SeededRng;

const MILLI: i64 = 1000;

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn peer(port: u16) -> Peer {
    Peer { transport: Transport::Udp, at: address(port) }
}

fn local(port: u16) -> Local {
    Local { ip: address(0).ip(), port, codecs: vec![Codec::Pcmu, Codec::Pcma] }
}

fn agent(port: u16) -> UserAgent {
    let identity = Identity { udp: address(port), tcp: address(port), product: "test".into() };
    let mut agent = UserAgent::new(identity, Arc::new(SeededRng::new(u64::from(port))));
    agent.allow(HashSet::from([address(0).ip()]));
    agent
}

/// What a network does with the n-th datagram.
type Fault = fn(usize) -> Fell;

#[derive(Clone, Copy)]
enum Fell {
    Arrives,
    Lost,
    Twice,
}

struct World {
    now: Timestamp,
    agents: Vec<(u16, UserAgent)>,
    /// Datagrams under way, by when they arrive.
    wire: BTreeMap<(Timestamp, usize), (u16, u16, Vec<u8>)>,
    sent: usize,
    fault: Fault,
    events: Vec<(u16, Event)>,
    seen: Vec<(u16, Message)>,
}

impl World {
    fn new(fault: Fault) -> Self {
        Self {
            now: Timestamp(1_000_000),
            agents: vec![(5060, agent(5060)), (5062, agent(5062))],
            wire: BTreeMap::new(),
            sent: 0,
            fault,
            events: Vec::new(),
            seen: Vec::new(),
        }
    }

    fn of(&mut self, port: u16) -> &mut UserAgent {
        &mut self.agents.iter_mut().find(|(of, _)| *of == port).unwrap().1
    }

    fn collect(&mut self) {
        for n in 0..self.agents.len() {
            let port = self.agents[n].0;
            while let Some(output) = self.agents[n].1.poll() {
                match output {
                    Output::Event(event) => self.events.push((port, event)),
                    Output::Transmit { to, octets } => {
                        self.sent += 1;
                        self.seen.push((port, parse(&octets).unwrap()));
                        let copies = match (self.fault)(self.sent) {
                            Fell::Arrives => 1,
                            Fell::Lost => 0,
                            Fell::Twice => 2,
                        };
                        for copy in 0..copies {
                            let at = self.now.plus_micros(10 * MILLI + copy * 7 * MILLI);
                            self.wire.insert((at, self.sent * 4 + copy as usize), (port, to.at.port(), octets.clone()));
                        }
                    }
                }
            }
        }
    }

    /// Lets so many milliseconds pass, or fewer when `until` says so.
    fn run(&mut self, millis: i64, until: impl Fn(&[(u16, Event)]) -> bool) -> bool {
        let end = self.now.plus_micros(millis * MILLI);
        loop {
            self.collect();
            if until(&self.events) {
                return true;
            }
            let due = self.agents.iter().filter_map(|(_, agent)| agent.next()).min();
            let next = [due, self.wire.keys().next().map(|(at, _)| *at)].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            let now = self.now;
            while let Some(((at, _), _)) = self.wire.first_key_value() {
                if *at > now {
                    break;
                }
                let (_, (from, to, octets)) = self.wire.pop_first().unwrap();
                if let Some((_, agent)) = self.agents.iter_mut().find(|(port, _)| *port == to) {
                    agent.datagram(now, address(from), &octets);
                }
            }
            for (_, agent) in &mut self.agents {
                agent.tick(now);
            }
        }
        self.now = end;
        self.collect();
        until(&self.events)
    }

    fn call(&mut self) -> LegId {
        let now = self.now;
        self.of(5060).invite(now, invitation(None))
    }

    fn offered(&mut self) -> LegId {
        let came = |events: &[(u16, Event)]| events.iter().any(|(_, event)| matches!(event, Event::Incoming { .. }));
        assert!(self.run(40_000, came), "nobody called");
        let found = self.events.iter().find_map(|(_, event)| match event {
            Event::Incoming { leg, .. } => Some(*leg),
            _ => None,
        });
        found.unwrap()
    }

    fn fates(&self) -> Vec<(u16, Fate)> {
        self.events
            .iter()
            .filter_map(|(port, event)| match event {
                Event::Ended { ended, .. } => Some((*port, ended.fate)),
                _ => None,
            })
            .collect()
    }

    fn answered(&self) -> usize {
        self.events.iter().filter(|(_, event)| matches!(event, Event::Answered { .. })).count()
    }

    /// Everything was forgotten that was under way.
    fn settle(&mut self) {
        self.run(700_000, |_| false);
        for (port, agent) in &self.agents {
            assert_eq!(agent.load(), (0, 0), "{port}");
        }
    }
}

fn invitation(credentials: Option<Credentials>) -> Invitation {
    Invitation {
        peer: peer(5062),
        to: "sip:+966112345678@127.0.0.1:5062".parse().unwrap(),
        from: NameAddr::new(Uri::sip(Some("+966500000000"), "127.0.0.1", None)),
        asserted: None,
        contact_user: "barid".into(),
        credentials,
        media: local(4000),
        ring_for: 30_000 * MILLI,
    }
}

const FAULTS: [Fault; 4] = [
    |_| Fell::Arrives,
    |n| if n % 3 == 1 { Fell::Lost } else { Fell::Arrives },
    |n| if n % 2 == 0 { Fell::Lost } else { Fell::Twice },
    |_| Fell::Twice,
];

#[test]
fn a_call_is_made_held_and_ended_whatever_the_network_does() {
    for fault in FAULTS {
        let mut world = World::new(fault);
        let ours = world.call();
        let theirs = world.offered();
        let now = world.now;
        world.of(5062).ring(now, theirs);
        world.of(5062).accept(now, theirs, local(4002));
        let both =
            |events: &[(u16, Event)]| events.iter().filter(|(_, e)| matches!(e, Event::Answered { .. })).count() == 2;
        assert!(world.run(40_000, both));
        for (port, event) in &world.events {
            if let Event::Answered { agreed, .. } = event {
                assert_eq!((agreed.codec, agreed.events), (Codec::Pcmu, Some(101)));
                assert_eq!(agreed.remote.port(), if *port == 5060 { 4002 } else { 4000 });
            }
        }
        let now = world.now;
        world.of(5060).hang_up(now, ours);
        let over =
            |events: &[(u16, Event)]| events.iter().filter(|(_, e)| matches!(e, Event::Ended { .. })).count() == 2;
        assert!(world.run(40_000, over));
        assert_eq!(world.fates(), [(5060, Fate::HungUp), (5062, Fate::TheyHungUp)]);
        assert_eq!(world.answered(), 2);
        world.settle();
    }
}

#[test]
fn a_call_that_is_taken_back_ends_on_both_sides() {
    for fault in FAULTS {
        let mut world = World::new(fault);
        let ours = world.call();
        let theirs = world.offered();
        let now = world.now;
        world.of(5062).ring(now, theirs);
        world.of(5060).hang_up(now, ours);
        let over =
            |events: &[(u16, Event)]| events.iter().filter(|(_, e)| matches!(e, Event::Ended { .. })).count() == 2;
        assert!(world.run(40_000, over));
        let mut fates = world.fates();
        fates.sort_by_key(|(port, _)| *port);
        assert_eq!(fates, [(5060, Fate::HungUp), (5062, Fate::Cancelled)]);
        world.settle();
    }
}

#[test]
fn refusals_silence_and_patience_have_their_names() {
    for (status, fate) in
        [(486, Fate::Busy), (603, Fate::Busy), (480, Fate::NoAnswer), (404, Fate::Refused), (488, Fate::NoMedia)]
    {
        let mut world = World::new(FAULTS[2]);
        world.call();
        let theirs = world.offered();
        let now = world.now;
        world.of(5062).reject(now, theirs, status);
        world.run(40_000, |events| events.iter().any(|(port, e)| *port == 5060 && matches!(e, Event::Ended { .. })));
        assert!(world.fates().contains(&(5060, fate)), "{status} {:?}", world.fates());
        world.settle();
    }
    let mut world = World::new(|_| Fell::Lost);
    world.call();
    world.run(40_000, |_| false);
    // Nobody rang before patience ended: the call was given up after 30 s, and that was all.
    assert_eq!(world.fates().len(), 1);
    let invites = world.seen.iter().filter(|(_, message)| message.method().is_some()).count();
    assert_eq!(invites, 7, "timer A doubles from half a second");

    let mut world = World::new(FAULTS[0]);
    world.call();
    let theirs = world.offered();
    let now = world.now;
    world.of(5062).ring(now, theirs);
    world.run(60_000, |_| false);
    let mut fates = world.fates();
    fates.sort_by_key(|(port, _)| *port);
    assert_eq!(fates, [(5060, Fate::NoAnswer), (5062, Fate::Cancelled)]);
}

/// A reply that a stranger wrote to what the agent sent last.
fn reply(world: &mut World, status: u16, with: impl Fn(&mut Message)) {
    world.collect();
    let request = world.seen.iter().rev().find(|(_, message)| message.method().is_some()).unwrap().1.clone();
    let mut response = Message::response(&request, status);
    let mut to = response.to().unwrap();
    to.params.set("tag", Some("stranger"));
    response.headers.set("To", to);
    with(&mut response);
    let now = world.now;
    world.of(5060).datagram(now, address(5070), &response.octets());
    world.collect();
}

#[test]
fn a_challenge_is_answered_once_and_a_stale_nonce_again() {
    let mut world = World::new(|_| Fell::Lost);
    let now = world.now;
    let credentials = Some(Credentials { user: "u".into(), password: "p".into() });
    world.of(5060).invite(now, Invitation { peer: peer(5070), ..invitation(credentials) });
    let challenge = |nonce: &'static str, more: &'static str| {
        move |response: &mut Message| {
            response.headers.push("Proxy-Authenticate", "Digest realm=\"x\", nonce=\"z\", algorithm=SHA-512-256");
            let value = format!("Digest realm=\"x\", nonce=\"{nonce}\", qop=\"auth\", algorithm=SHA-256{more}");
            response.headers.push("Proxy-Authenticate", value);
        }
    };
    reply(&mut world, 407, challenge("one", ""));
    reply(&mut world, 407, challenge("two", ", stale=true"));
    let invites: Vec<&Message> = world
        .seen
        .iter()
        .filter(|(_, m)| m.cseq().unwrap().1.as_str() == "INVITE" && m.method().is_some())
        .map(|(_, m)| m)
        .collect();
    let proofs: Vec<_> = invites.iter().map(|m| m.headers.get("Proxy-Authorization").unwrap_or("")).collect();
    assert_eq!(proofs.len(), 3);
    assert!(proofs[0].is_empty() && proofs[1].contains("nonce=\"one\"") && proofs[2].contains("nonce=\"two\""));
    let numbers: Vec<u32> = invites.iter().map(|m| m.cseq().unwrap().0).collect();
    assert!(numbers[0] < numbers[1] && numbers[1] < numbers[2]);
    assert!(world.seen.iter().all(|(_, m)| !String::from_utf8_lossy(&m.octets()).contains(":p")));
    reply(&mut world, 407, challenge("three", ""));
    assert_eq!(world.fates(), [(5060, Fate::Refused)]);
}

#[test]
fn a_registration_is_proved_refreshed_and_taken_back() {
    let mut world = World::new(|_| Fell::Lost);
    let registration = Registration {
        peer: peer(5070),
        domain: "trunk.example".into(),
        credentials: Credentials { user: "u".into(), password: "p".into() },
        contact_user: "line1".into(),
        expires: 600,
    };
    let now = world.now;
    world.of(5060).register(now, 9, registration);
    reply(&mut world, 401, |response| {
        response.headers.push("WWW-Authenticate", "Digest realm=\"x\", nonce=\"n\"");
    });
    reply(&mut world, 200, |response| {
        response.headers.push("Contact", "<sip:other@h>;expires=9, <sip:line1@127.0.0.1:5060>;expires=100");
    });
    let states = |world: &World| -> Vec<RegisterState> {
        world
            .events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::Registered { name: 9, state } => Some(*state),
                _ => None,
            })
            .collect()
    };
    assert_eq!(states(&world), [RegisterState::Registered]);
    let before = world.seen.len();
    world.run(89_000, |_| false);
    assert_eq!(world.seen.len(), before);
    world.run(2_000, |_| false);
    assert!(world.seen.len() > before, "said again before it ends");
    reply(&mut world, 403, |_| {});
    assert_eq!(states(&world), [RegisterState::Registered, RegisterState::Refused(403)]);
    world.run(31_000, |_| false);
    reply(&mut world, 200, |_| {});
    let now = world.now;
    world.of(5060).unregister(now, 9);
    reply(&mut world, 200, |_| {});
    assert_eq!(states(&world).last(), Some(&RegisterState::Gone));
    let last = &world.seen.iter().rev().find(|(_, m)| m.method().is_some()).unwrap().1;
    assert_eq!(last.headers.get("Expires"), Some("0"));
}

#[test]
fn within_a_call_holding_is_answered_and_forks_are_sent_away() {
    let mut world = World::new(|_| Fell::Lost);
    let now = world.now;
    world.of(5060).invite(now, Invitation { peer: peer(5070), ..invitation(None) });
    let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4010 RTP/AVP 8\r\n";
    let accept = |tag: &'static str| {
        move |response: &mut Message| {
            let mut to = response.to().unwrap();
            to.params.set("tag", Some(tag));
            response.headers.set("To", to);
            response.headers.push("Record-Route", "<sip:127.0.0.1:5080;lr>, <sip:127.0.0.1:5090;lr>");
            response.headers.push("Contact", "<sip:far@127.0.0.1:5099>");
            response.headers.push("Content-Type", "application/sdp");
            response.body = sdp.as_bytes().to_vec();
        }
    };
    let invite = {
        world.collect();
        world.seen[0].1.clone()
    };
    reply(&mut world, 200, accept("one"));
    let ack = world.seen.last().unwrap().1.clone();
    assert_eq!(
        (ack.method().unwrap().as_str(), ack.uri().unwrap().to_string().as_str()),
        ("ACK", "sip:far@127.0.0.1:5099")
    );
    let routes: Vec<_> = ack.headers.all("Route").collect();
    assert_eq!(routes, ["<sip:127.0.0.1:5090;lr>", "<sip:127.0.0.1:5080;lr>"]);
    assert_eq!(ack.cseq().unwrap().0, invite.cseq().unwrap().0);
    // The same answer again, and another's.
    let mut again = Message::response(&invite, 200);
    accept("one")(&mut again);
    let now = world.now;
    world.of(5060).datagram(now, address(5070), &again.octets());
    accept("two")(&mut again);
    let mut fork = Message::response(&invite, 200);
    accept("two")(&mut fork);
    world.of(5060).datagram(now, address(5070), &fork.octets());
    world.collect();
    let after: Vec<_> = world
        .seen
        .iter()
        .rev()
        .take(3)
        .rev()
        .map(|(_, m)| (m.method().unwrap().as_str().to_owned(), m.to().unwrap().tag().unwrap().to_owned()))
        .collect();
    let expected = [("ACK", "one"), ("ACK", "two"), ("BYE", "two")].map(|(m, t)| (m.to_owned(), t.to_owned()));
    assert_eq!(after, expected);

    // They hold.
    let (ours, theirs) = (invite.from().unwrap(), {
        let mut to = invite.to().unwrap();
        to.params.set("tag", Some("one"));
        to
    });
    let mut number = 100;
    let mut within = |method: &str, body: &str| {
        number += 1;
        let text = format!(
            "{method} sip:barid@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK{number}\r\n\
            From: {theirs}\r\nTo: {ours}\r\nCall-ID: {}\r\nCSeq: {number} {method}\r\nContact: <sip:far@127.0.0.1:5099>\r\n\
            Content-Type: {}\r\nContent-Length: {}\r\n\r\n{body}",
            invite.call_id(),
            if method == "INFO" { "application/dtmf-relay" } else { "application/sdp" },
            body.len()
        );
        world.of(5060).datagram(now, address(5070), text.as_bytes());
        world.collect();
        world.seen.last().unwrap().1.clone()
    };
    let held = within("INVITE", &format!("{sdp}a=sendonly\r\n"));
    assert_eq!(held.status(), Some(200));
    assert!(String::from_utf8_lossy(&held.body).contains("a=recvonly"));
    assert_eq!(within("INVITE", sdp).status(), Some(491), "the one before is not confirmed");
    within("INFO", "Signal= 5\r\nDuration=160\r\n");
    assert_eq!(within("REFER", "").status(), Some(603));
    assert_eq!(within("PUBLISH", "").status(), Some(405));
    assert_eq!(within("BYE", "").status(), Some(200));
    let held = world
        .events
        .iter()
        .any(|(_, event)| matches!(event, Event::Media { agreed, .. } if !agreed.send && agreed.receive));
    let key = world.events.iter().any(|(_, event)| matches!(event, Event::Key { key: '5', .. }));
    assert!(held && key);
    assert_eq!(world.fates(), [(5060, Fate::TheyHungUp)]);
}

#[test]
fn strangers_get_no_answer_and_the_others_a_clear_one() {
    let mut world = World::new(|_| Fell::Lost);
    let now = world.now;
    let options = "OPTIONS sip:barid@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.9.9.9:5070;branch=z9hG4bK1\r\nFrom: <sip:b@h>;tag=1\r\n\
        To: <sip:a@h>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n";
    let stranger: SocketAddr = "203.0.113.9:5060".parse().unwrap();
    world.of(5060).datagram(now, stranger, options.as_bytes());
    world.collect();
    assert!(world.seen.is_empty());
    let mut ask = |text: String| {
        world.of(5060).datagram(now, address(5070), text.as_bytes());
        world.collect();
        world.seen.last().map(|(_, message)| message.clone()).unwrap()
    };
    let good = ask(options.to_owned());
    assert_eq!(good.status(), Some(200));
    assert!(good.headers.get("Allow").unwrap().contains("INVITE"));
    assert_eq!(good.via().unwrap().params.get("received"), Some("127.0.0.1"));
    let change =
        |from: &str, to: &str| options.replace("z9hG4bK1", &format!("z9hG4bK{}", to.len() * 31)).replace(from, to);
    assert_eq!(ask(change("CSeq: 1 OPTIONS", "CSeq: 1 INVITE")).status(), Some(400));
    let required = ask(change("Call-ID: x", "Require: 100rel\r\nCall-ID: x"));
    assert_eq!((required.status(), required.headers.get("Unsupported")), (Some(420), Some("100rel")));
    assert_eq!(ask(change("To: <sip:a@h>", "To: <sip:a@h>;tag=gone")).status(), Some(481));
    assert_eq!(ask(change("OPTIONS", "SUBSCRIBE")).status(), Some(405));
    assert_eq!(ask(change("OPTIONS", "INVITE")).status(), Some(400), "without Contact");
}
