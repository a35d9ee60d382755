//! The network is cut at every step of the protocol, over real sockets: whatever was lost, the page comes back, says
//! again what nobody confirmed, and both sides stand where a fresh load says that they stand. Nothing is lost, nothing
//! is there twice.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use http_server::testing::TestClient;
use http_server::{Limits, Listener};
use serde_json::{Value as Json, json};
use testkit::Fixture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::world::World;

/// Long enough for a machine that does much else.
const SOON: Duration = Duration::from_secs(30);

/// A page with its address on a real port.
struct Page {
    world: World,
    address: SocketAddr,
    client: TestClient,
    widget: String,
    conversation: String,
    /// What the page has, by number.
    known: BTreeMap<i64, String>,
    /// Up to where it was told everything. What it said itself and was confirmed may be beyond.
    cursor: i64,
}

impl Page {
    async fn begin(t: Fixture) -> Self {
        let world = World::new(t).await;
        let any = "127.0.0.1:0".parse().unwrap();
        let listener = Listener::bind(any, None, Limits::default()).await.unwrap();
        let address = listener.address().unwrap();
        tokio::spawn(http_server::serve(listener, world.router.clone(), std::future::pending()));
        let widget = world.made("/v1/widgets", json!({ "name": "Shop" })).await["id"].as_str().unwrap().to_owned();
        let opened = world.anonymous().post(&format!("/w/chat/{widget}/session"), &json!({})).await.json();
        let client = world.anonymous().bearer(opened["token"].as_str().unwrap());
        let begun =
            client.post(&format!("/w/chat/{widget}/start"), &json!({ "client_id": "s", "text": "begin" })).await;
        let conversation = begun.json()["conversation"]["id"].as_str().unwrap().to_owned();
        Self { world, address, client, widget, conversation, known: BTreeMap::new(), cursor: 0 }
    }

    fn path(&self, what: &str) -> String {
        format!("/w/chat/{}/{what}", self.widget)
    }

    async fn ticket(&self) -> String {
        // The limits of one visitor are not what is tried here.
        self.world.t.clock.advance(5);
        let answer = self.client.post(&self.path("ticket"), &json!({})).await.json();
        answer["ticket"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Takes what a connection tells, in order.
    fn told(&mut self, event: &Json) {
        self.takes(event);
        self.cursor = self.cursor.max(event["seq"].as_i64().unwrap());
    }

    /// Takes an event as a page does: by its number, whatever comes twice.
    fn takes(&mut self, event: &Json) {
        let text = event["text"].as_str().or(event["code"].as_str()).unwrap_or_default().to_owned();
        let seq = event["seq"].as_i64().unwrap();
        if let Some(before) = self.known.insert(seq, text.clone()) {
            assert_eq!(before, text, "a number is one event for ever");
        }
    }

    async fn answers(&self, text: &str) {
        let path = format!("/v1/conversations/{}/events", self.conversation);
        let said = json!({ "client_id": text, "kind": "message", "text": text });
        let answer = self.world.owner.post(&path, &said).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// Says something over HTTP, as a page does after it came back; the same id adds nothing twice.
    async fn says(&mut self, text: &str) {
        self.world.t.clock.advance(5);
        let answer = self.client.post(&self.path("messages"), &json!({ "client_id": text, "text": text })).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        self.takes(&answer.json()["event"]);
    }

    /// Reads what a fresh load shows, and compares it with what the page has after it came back and caught up.
    async fn stands_as_a_fresh_load(&mut self, expected: &[String]) {
        self.world.t.clock.advance(5);
        // The page comes back with the number up to which it was told everything.
        loop {
            let page = self.client.get(&self.path(&format!("events?after={}", self.cursor))).await.json();
            page["events"].as_array().unwrap().iter().for_each(|event| self.takes(event));
            let next = page["next"].as_i64().unwrap();
            if std::mem::replace(&mut self.cursor, next) == next {
                break;
            }
        }
        let fresh = self.client.get(&self.path("events?after=0&limit=200")).await.json();
        let shown: BTreeMap<i64, String> = fresh["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                let text = event["text"].as_str().or(event["code"].as_str()).unwrap_or_default();
                (event["seq"].as_i64().unwrap(), text.to_owned())
            })
            .collect();
        assert_eq!(self.known, shown);
        for text in expected {
            assert_eq!(shown.values().filter(|one| *one == text).count(), 1, "{text}: {shown:?}");
        }
        let inside =
            self.world.owner.get(&format!("/v1/conversations/{}/events?limit=200", self.conversation)).await.json();
        let seqs: Vec<i64> =
            inside["items"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>(), "no gaps");
    }
}

/// A WebSocket, octet by octet (RFC 6455).
struct Socket {
    stream: TcpStream,
    rest: Vec<u8>,
}

fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![0x80 | opcode];
    match payload.len() {
        short @ 0..=125 => out.push(0x80 | short as u8),
        middle @ 126..=65_535 => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    let mask = [1, 2, 3, 4];
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
}

impl Socket {
    async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), rest: Vec::new() }
    }

    async fn more(&mut self) -> bool {
        let mut part = [0; 4096];
        let read = timeout(SOON, self.stream.read(&mut part)).await.expect("an answer in time").unwrap_or(0);
        self.rest.extend_from_slice(&part[..read]);
        read > 0
    }

    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.rest.windows(4).position(|part| part == b"\r\n\r\n") {
                let rest = self.rest.split_off(end + 4);
                return String::from_utf8(std::mem::replace(&mut self.rest, rest)).unwrap();
            }
            assert!(self.more().await, "the head breaks off");
        }
    }

    async fn open(address: SocketAddr, path: &str) -> Self {
        let mut socket = Self::connect(address).await;
        socket.stream.write_all(upgrade(path).as_bytes()).await.unwrap();
        let head = socket.head().await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        socket
    }

    /// The next frame: its opcode and its payload; none when the other side hung up.
    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some(frame) = self.whole() {
                return Some(frame);
            }
            if !self.more().await {
                return None;
            }
        }
    }

    fn whole(&mut self) -> Option<(u8, Vec<u8>)> {
        let (opcode, short) = (self.rest.first()? & 0x0f, usize::from(self.rest.get(1)? & 0x7f));
        let (head, length) = match short {
            126 => (4, usize::from(u16::from_be_bytes(self.rest.get(2..4)?.try_into().ok()?))),
            127 => (10, u64::from_be_bytes(self.rest.get(2..10)?.try_into().ok()?) as usize),
            length => (2, length),
        };
        let payload = self.rest.get(head..head + length)?.to_vec();
        self.rest.drain(..head + length);
        Some((opcode, payload))
    }

    /// The next thing that is told, of a type.
    async fn told(&mut self, page: &mut Page, wanted: &str) -> Json {
        loop {
            let Some((opcode, payload)) = self.frame().await else { panic!("it hung up before {wanted}") };
            if opcode != 1 {
                continue;
            }
            let told: Json = serde_json::from_slice(&payload).unwrap();
            if told["type"] == "event" {
                page.told(&told["data"]);
            }
            if told["type"] == wanted {
                return told;
            }
        }
    }

    async fn says(&mut self, text: &str) {
        let frame = json!({ "type": "message", "id": text, "data": { "client_id": text, "text": text } }).to_string();
        self.stream.write_all(&masked(1, frame.as_bytes())).await.unwrap();
    }

    /// Goes without a word: the other side gets a reset.
    fn cut(self) {
        self.stream.set_zero_linger().unwrap();
        drop(self.stream);
    }
}

async fn over_a_websocket(t: Fixture) {
    let mut page = Page::begin(t).await;
    let mut expected = vec!["begin".to_owned()];
    for step in 0..9 {
        let (mine, theirs) = (format!("mine-{step}"), format!("theirs-{step}"));
        let path = format!("{}?ticket={}&after={}", page.path("ws"), page.ticket().await, page.cursor);
        match step {
            0 => Socket::connect(page.address).await.cut(),
            1 => {
                let mut socket = Socket::connect(page.address).await;
                let half = upgrade(&path);
                socket.stream.write_all(&half.as_bytes()[..half.len() / 2]).await.unwrap();
                socket.cut();
            }
            2 => {
                // The answer to the upgrade never arrives.
                let mut socket = Socket::connect(page.address).await;
                socket.stream.write_all(upgrade(&path).as_bytes()).await.unwrap();
                socket.cut();
            }
            3 => Socket::open(page.address, &path).await.cut(),
            4 => {
                let mut socket = Socket::open(page.address, &path).await;
                socket.told(&mut page, "ready").await;
                socket.cut();
            }
            5 => {
                // Half of what was said arrives.
                let mut socket = Socket::open(page.address, &path).await;
                socket.told(&mut page, "ready").await;
                let frame = json!({ "type": "message", "id": "x", "data": { "client_id": mine, "text": mine } });
                let frame = masked(1, frame.to_string().as_bytes());
                socket.stream.write_all(&frame[..frame.len() / 2]).await.unwrap();
                socket.cut();
            }
            6 => {
                // All of it arrives, the answer does not.
                let mut socket = Socket::open(page.address, &path).await;
                socket.told(&mut page, "ready").await;
                socket.says(&mine).await;
                socket.cut();
            }
            7 => {
                let mut socket = Socket::open(page.address, &path).await;
                socket.told(&mut page, "ready").await;
                socket.says(&mine).await;
                let answer = socket.told(&mut page, "ok").await;
                page.takes(&answer["data"]["event"]);
                socket.cut();
            }
            _ => {
                // What the other side says arrives in part.
                let mut socket = Socket::open(page.address, &path).await;
                socket.told(&mut page, "ready").await;
                page.answers(&theirs).await;
                assert!(socket.more().await);
                socket.cut();
            }
        }
        // What nobody confirmed is said again, under the same id; the other side went on meanwhile.
        page.answers(&theirs).await;
        page.says(&mine).await;
        expected.extend([mine, theirs]);
        page.stands_as_a_fresh_load(&expected).await;
        // And a connection that is made anew tells nothing twice and leaves nothing out.
        let path = format!("{}?ticket={}&after={}", page.path("ws"), page.ticket().await, page.cursor);
        let mut socket = Socket::open(page.address, &path).await;
        let ready = socket.told(&mut page, "ready").await;
        assert_eq!(ready["data"]["last_seq"].as_i64(), Some(page.cursor));
        let after = format!("after-{step}");
        page.answers(&after).await;
        while !page.known.values().any(|text| *text == after) {
            socket.told(&mut page, "event").await;
        }
        expected.push(after);
        page.stands_as_a_fresh_load(&expected).await;
        socket.cut();
    }
}

async fn over_server_sent_events(t: Fixture) {
    let mut page = Page::begin(t).await;
    let mut expected = vec!["begin".to_owned()];
    for step in 0..5 {
        let theirs = format!("theirs-{step}");
        let ticket = page.ticket().await;
        let asked = format!(
            "GET {}?ticket={ticket} HTTP/1.1\r\nhost: x\r\nlast-event-id: {}\r\n\r\n",
            page.path("stream"),
            page.cursor
        );
        let mut socket = Socket::connect(page.address).await;
        match step {
            0 => socket.cut(),
            1 => {
                socket.stream.write_all(&asked.as_bytes()[..20]).await.unwrap();
                socket.cut();
            }
            2 => {
                socket.stream.write_all(asked.as_bytes()).await.unwrap();
                let head = socket.head().await;
                assert!(head.starts_with("HTTP/1.1 200"), "{head}");
                socket.cut();
            }
            _ => {
                socket.stream.write_all(asked.as_bytes()).await.unwrap();
                while !String::from_utf8_lossy(&socket.rest).contains("event: ready") {
                    assert!(socket.more().await);
                }
                if step == 4 {
                    // An event is under way.
                    page.answers(&theirs).await;
                    assert!(socket.more().await);
                }
                // Events that arrived whole count; what broke off does not.
                let text = String::from_utf8_lossy(&socket.rest).into_owned();
                for block in text.split("\n\n").filter(|block| block.contains("event: event")) {
                    let data = block.lines().find_map(|line| line.strip_prefix("data: "));
                    if let Some(event) = data.and_then(|data| serde_json::from_str::<Json>(data).ok()) {
                        page.told(&event);
                    }
                }
                socket.cut();
            }
        }
        page.answers(&theirs).await;
        let mine = format!("mine-{step}");
        page.says(&mine).await;
        expected.extend([mine, theirs]);
        page.stands_as_a_fresh_load(&expected).await;
    }
}

async fn what_is_malformed_ends_with_a_reason(t: Fixture) {
    let mut page = Page::begin(t).await;
    let bye = |frame: Vec<u8>, reason: &'static str| (frame, reason);
    for (frame, reason) in [
        bye(masked(1, b"not json"), "bad_frame"),
        bye(masked(1, b"{\"type\":\"message\",\"extra\":1}"), "bad_frame"),
        bye(masked(2, b"\x00\x01"), "bad_frame"),
        bye(masked(1, format!("{{\"type\":\"ping\",\"id\":\"{}\"}}", "x".repeat(65)).as_bytes()), "bad_frame"),
        bye(masked(1, &vec![b'x'; 70_000]), "too_large"),
    ] {
        let path = format!("{}?ticket={}&after=0", page.path("ws"), page.ticket().await);
        let mut socket = Socket::open(page.address, &path).await;
        socket.told(&mut page, "ready").await;
        socket.stream.write_all(&frame).await.unwrap();
        let told = socket.told(&mut page, "bye").await;
        assert_eq!((told["data"]["reason"].as_str(), told["data"]["retry"].as_bool()), (Some(reason), Some(false)));
    }
    // A ticket opens one connection, and one only.
    let ticket = page.ticket().await;
    let path = format!("{}?ticket={ticket}&after=0", page.path("ws"));
    let _first = Socket::open(page.address, &path).await;
    let mut second = Socket::connect(page.address).await;
    second.stream.write_all(upgrade(&path).as_bytes()).await.unwrap();
    assert!(second.head().await.starts_with("HTTP/1.1 401"));
    // A flood is told to wait, frame by frame, and the connection stays.
    let path = format!("{}?ticket={}&after=0", page.path("ws"), page.ticket().await);
    let mut socket = Socket::open(page.address, &path).await;
    socket.told(&mut page, "ready").await;
    for n in 0..60 {
        socket.says(&format!("flood-{n}")).await;
    }
    let (mut taken, mut refused) = (0, 0);
    while taken + refused < 60 {
        let Some((opcode, payload)) = socket.frame().await else { panic!("it hung up") };
        if opcode != 1 {
            continue;
        }
        let told: Json = serde_json::from_slice(&payload).unwrap();
        match told["type"].as_str() {
            Some("event") => page.told(&told["data"]),
            Some("ok") => taken += 1,
            Some("error") => {
                assert_eq!(told["data"]["code"].as_str(), Some("rate_limited"));
                refused += 1;
            }
            _ => {}
        }
    }
    assert!(taken > 0 && refused > 0, "{taken} {refused}");
    page.world.t.clock.advance(60);
    socket.says("calm").await;
    let answer = socket.told(&mut page, "ok").await;
    page.takes(&answer["data"]["event"]);
    page.stands_as_a_fresh_load(&["calm".to_owned()]).await;
}

async fn who_reads_slowly_is_told_to_come_back(t: Fixture) {
    let mut page = Page::begin(t).await;
    let path = format!("{}?ticket={}&after=0", page.path("ws"), page.ticket().await);
    let mut slow = Socket::open(page.address, &path).await;
    slow.told(&mut page, "ready").await;
    // More than its mailbox and the buffers of two sockets hold, while it reads nothing.
    let words = "x".repeat(15_000);
    for n in 0..400 {
        let said = json!({ "client_id": format!("long-{n}"), "kind": "message", "text": format!("{n} {words}") });
        let path = format!("/v1/conversations/{}/events", page.conversation);
        assert!(page.world.owner.post(&path, &said).await.status.is_success());
    }
    let mut last = None;
    while let Some((opcode, payload)) = slow.frame().await {
        if opcode == 1 {
            let told: Json = serde_json::from_slice(&payload).unwrap();
            if told["type"] == "event" {
                page.told(&told["data"]);
            }
            last = Some(told);
        }
    }
    let last = last.unwrap();
    assert_eq!((last["type"].as_str(), last["data"]["reason"].as_str()), (Some("bye"), Some("slow_consumer")));
    assert_eq!(last["data"]["retry"], true);
    // It comes back with its last number and has everything.
    let path = format!("{}?ticket={}&after={}", page.path("ws"), page.ticket().await, page.cursor);
    let mut socket = Socket::open(page.address, &path).await;
    socket.told(&mut page, "ready").await;
    assert_eq!(page.known.values().filter(|text| text.ends_with(&words)).count(), 400);
}

testkit::each_engine! {
    async fn a_websocket_is_cut_at_every_step(t: Fixture) {
        over_a_websocket(t).await;
    }

    async fn a_stream_is_cut_at_every_step(t: Fixture) {
        over_server_sent_events(t).await;
    }

    async fn malformed_frames_and_floods(t: Fixture) {
        what_is_malformed_ends_with_a_reason(t).await;
    }
}

#[test]
fn slow_readers() {
    testkit::run(async {
        who_reads_slowly_is_told_to_come_back(Fixture::sqlite().await).await;
    });
}
