//! A server of a chat app that answers every request as a script says.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    pub head: String,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

type Script = Box<dyn FnMut(&Asked) -> Option<(u16, Vec<u8>)> + Send>;

/// The server as the test sees it.
pub struct Stub {
    pub url: String,
    pub got: Arc<Mutex<Vec<Asked>>>,
    script: Arc<Mutex<Script>>,
}

impl Stub {
    /// Answers what `script` says; nothing, and the end of the connection, for `None`.
    pub async fn start(script: impl FnMut(&Asked) -> Option<(u16, Vec<u8>)> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::<Mutex<Vec<Asked>>>::default();
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let (seen, says) = (Arc::clone(&got), Arc::clone(&script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, says) = (Arc::clone(&seen), Arc::clone(&says));
                tokio::spawn(async move { serve(stream, &seen, &says).await });
            }
        });
        Self { url, got, script }
    }

    /// From now on it answers so.
    pub fn says(&self, script: impl FnMut(&Asked) -> Option<(u16, Vec<u8>)> + Send + 'static) {
        *self.script.lock() = Box::new(script);
    }

    /// Requests to paths that end so.
    pub fn to(&self, end: &str) -> Vec<Asked> {
        self.got
            .lock()
            .iter()
            .filter(|asked| asked.path.split('?').next().unwrap_or_default().ends_with(end))
            .cloned()
            .collect()
    }
}

async fn serve(mut stream: TcpStream, seen: &Mutex<Vec<Asked>>, says: &Mutex<Script>) {
    let mut all = Vec::new();
    loop {
        let Some(asked) = request(&mut stream, &mut all).await else { return };
        seen.lock().push(asked.clone());
        let answer = (*says.lock())(&asked);
        let Some((status, body)) = answer else { return };
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\ncontent-type: application/json\r\n\r\n", body.len());
        if stream.write_all(&[head.as_bytes(), &body].concat()).await.is_err() {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream, all: &mut Vec<u8>) -> Option<Asked> {
    let mut part = [0; 16 * 1024];
    loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok()).flatten()
            });
            let whole = end + 4 + length.unwrap_or(0);
            if all.len() >= whole {
                let body = all[end + 4..whole].to_vec();
                all.drain(..whole);
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                return Some(Asked { path, head, body });
            }
        }
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => all.extend_from_slice(&part[..read]),
            _ => return None,
        }
    }
}
