//! A local HTTP receiver: answers from a script and keeps what it was sent.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Received {
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

#[derive(Default)]
struct Log {
    received: Vec<Received>,
    answers: VecDeque<String>,
}

/// The receiver; answers 200 unless a script says otherwise.
pub struct Receiver {
    log: Arc<Mutex<Log>>,
    pub port: u16,
}

fn answer(status: u16, headers: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n{headers}\r\nok")
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Log>>) {
    let mut buffer = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
        let headers: Vec<(String, String)> = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
        while buffer.len() < head + length {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let body = buffer[head..head + length].to_vec();
        buffer.drain(..head + length);
        let reply = {
            let mut log = log.lock();
            log.received.push(Received { headers, body });
            log.answers.pop_front().unwrap_or_else(|| answer(200, ""))
        };
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let log = Arc::<Mutex<Log>>::default();
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { log, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// The statuses of the next answers.
    pub fn will_answer(&self, statuses: &[u16]) {
        self.log.lock().answers.extend(statuses.iter().map(|status| answer(*status, "")));
    }

    pub fn will_answer_with(&self, status: u16, headers: &str) {
        self.log.lock().answers.push_back(answer(status, headers));
    }

    pub fn received(&self) -> Vec<Received> {
        self.log.lock().received.clone()
    }

    /// Drops the script and what was received.
    pub fn recover(&self) {
        *self.log.lock() = Log::default();
    }
}
