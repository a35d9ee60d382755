//! A server that answers from a table and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method and target.
    pub line: String,
    pub headers: String,
    pub body: Vec<u8>,
}

type Route = (&'static str, u16, String);

pub struct Fake {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

fn serve(stream: &TcpStream, routes: &[Route], asked: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let (mut headers, mut length) = (String::new(), 0);
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            if header.trim().is_empty() {
                break;
            }
            let header = header.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            headers.push_str(&header);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
        let path = line.split('?').next().unwrap_or_default();
        // The same route again is a later answer to a later question.
        let before = asked.lock().ok()?.iter().filter(|one| one.line.split('?').next() == Some(path)).count();
        let answers: Vec<&Route> = routes.iter().filter(|(route, ..)| *route == path).collect();
        let (status, reply) = match answers.get(before).or(answers.last()) {
            Some((_, status, reply)) => (*status, reply.clone()),
            None => (404, r#"{"title":"There is no such thing","code":"not_found","detail":"no route"}"#.to_owned()),
        };
        asked.lock().ok()?.push(Asked { line, headers, body });
        write!(&mut &*stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{reply}", reply.len()).ok()?;
    }
}

impl Fake {
    /// A server with these routes: "METHOD /path", status, body.
    pub fn start(routes: Vec<Route>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (routes, log) = (routes.clone(), Arc::clone(&log));
                std::thread::spawn(move || serve(&stream, &routes, &log));
            }
        });
        Self { url, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Runs the binary against this server.
    pub fn run(&self, line: &[&str]) -> std::process::Output {
        crate::barid().args(line).env("BARID_SERVER", &self.url).env("BARID_KEY", "barid_x_y").output().unwrap()
    }
}
