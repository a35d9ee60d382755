//! A calendar server in a few lines: CalDAV, a feed, and the two vendors' interfaces, with everything that real
//! ones do wrong on request.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
pub struct State {
    /// Path → version and text.
    pub objects: BTreeMap<String, (u32, String)>,
    /// Which paths changed in which step.
    pub log: Vec<String>,
    /// Steps that the server forgot.
    pub forgotten: usize,
    /// What every request is answered with instead.
    pub broken: Option<u16>,
    /// Nothing is answered at all.
    pub silent: bool,
    /// How the server forgets: 403 or 412.
    pub forgets_with: u16,
    pub seen: Vec<String>,
    pub feed: String,
    /// Answers of the vendors' interfaces: a part of `METHOD path` → answer.
    pub json: Vec<(String, u16, String)>,
}

#[derive(Clone)]
pub struct Server {
    pub state: Arc<Mutex<State>>,
    pub port: u16,
}

const MULTI: &str = "<d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\">";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

impl State {
    pub fn put(&mut self, path: &str, text: &str) {
        let version = self.objects.get(path).map_or(1, |(version, _)| version + 1);
        self.objects.insert(path.to_owned(), (version, text.to_owned()));
        self.log.push(path.to_owned());
    }

    pub fn delete(&mut self, path: &str) {
        self.objects.remove(path);
        self.log.push(path.to_owned());
    }

    fn object(&self, path: &str) -> String {
        match self.objects.get(path) {
            Some((version, text)) => format!(
                "<d:response><d:href>{path}</d:href><d:propstat><d:prop><d:getetag>\"{version}\"</d:getetag><c:calendar-data>{}</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
                escaped(text)
            ),
            None => {
                format!("<d:response><d:href>{path}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>")
            }
        }
    }

    fn dav(&mut self, request: &Request) -> (u16, String) {
        let path = request.path.as_str();
        let token = format!("<d:sync-token>t{}</d:sync-token>", self.log.len());
        let multi = |inner: &str| (207, format!("{MULTI}{inner}</d:multistatus>"));
        let one = |href: &str, props: &str| {
            format!(
                "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
            )
        };
        let calendar = |href: &str, name: &str| {
            one(
                href,
                &format!(
                    "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>{name}</d:displayname><c:supported-calendar-component-set><c:comp name=\"VEVENT\"/></c:supported-calendar-component-set>"
                ),
            )
        };
        match (request.method.as_str(), path) {
            ("PROPFIND", "/.well-known/caldav") => (301, "/".to_owned()),
            ("PROPFIND", "/") => {
                multi(&one("/", "<d:current-user-principal><d:href>/me/</d:href></d:current-user-principal>"))
            }
            ("PROPFIND", "/me/") if request.body.contains("calendar-home-set") => multi(&one(
                "/me/",
                "<c:calendar-home-set><d:href>/me/cal/</d:href></c:calendar-home-set><c:calendar-user-address-set><d:href>mailto:Host@Example.com</d:href></c:calendar-user-address-set>",
            )),
            ("PROPFIND", "/me/cal/") => {
                let tasks = one(
                    "/me/cal/todo/",
                    "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><c:supported-calendar-component-set><c:comp name=\"VTODO\"/></c:supported-calendar-component-set>",
                );
                multi(&format!(
                    "{}{}{tasks}",
                    one("/me/cal/", "<d:resourcetype><d:collection/></d:resourcetype>"),
                    calendar("/me/cal/work/", "Work &amp; co")
                ))
            }
            ("PROPFIND", "/me/cal/work/") => multi(&one(path, &token)),
            ("REPORT", _) if request.body.contains("sync-collection") => {
                let since: usize = between(&request.body, "<d:sync-token>t", "</")
                    .first()
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(usize::MAX);
                if since > self.log.len() || since < self.forgotten {
                    return (self.forgets_with, String::new());
                }
                let mut changed: Vec<&String> = self.log[since..].iter().collect();
                changed.sort();
                changed.dedup();
                let inner: String = changed.iter().map(|path| self.object(path)).collect();
                multi(&format!("{inner}{token}"))
            }
            ("REPORT", _) if request.body.contains("calendar-multiget") => {
                let inner: String =
                    between(&request.body, "<d:href>", "</").iter().map(|path| self.object(path)).collect();
                multi(&inner)
            }
            ("REPORT", _) => {
                let inner: String = self.objects.keys().map(|path| self.object(path)).collect();
                multi(&inner)
            }
            ("PUT", _) => {
                let version = self.objects.get(path).map(|(version, _)| format!("\"{version}\""));
                let fits = match (request.header("if-match"), request.header("if-none-match")) {
                    (Some(etag), _) => version.as_deref() == Some(etag),
                    (None, Some(_)) => version.is_none(),
                    _ => true,
                };
                if !fits {
                    return (412, String::new());
                }
                self.put(path, &request.body);
                (201, format!("\"{}\"", self.objects[path].0))
            }
            ("DELETE", _) if self.objects.contains_key(path) => {
                self.delete(path);
                (204, String::new())
            }
            ("GET", _) if self.objects.contains_key(path) => (200, self.objects[path].1.clone()),
            ("PROPFIND" | "DELETE" | "GET", _) => (404, String::new()),
            _ => (405, String::new()),
        }
    }

    fn answer(&mut self, request: &Request) -> String {
        let line = format!("{} {}", request.method, request.path);
        self.seen.push(format!("{line} {}", request.body));
        let http = |status: u16, headers: &str, body: &str| {
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
        };
        if let Some(status) = self.broken {
            return http(status, "", "");
        }
        if let Some(index) = self.json.iter().position(|(part, ..)| line.contains(part.as_str())) {
            let (_, status, body) = self.json[index].clone();
            return http(status, "", &body);
        }
        if request.path == "/feed.ics" {
            let etag = format!("\"{}\"", self.feed.len());
            if request.header("if-none-match") == Some(&etag) {
                return http(304, "", "");
            }
            return http(200, &format!("etag: {etag}\r\n"), &self.feed);
        }
        if request.header("authorization") != Some("Basic aG9zdDpzZWNyZXQ=") {
            return http(401, "www-authenticate: Basic realm=\"x\"\r\n", "");
        }
        let (status, body) = self.dav(request);
        match status {
            301 => http(301, &format!("location: {body}\r\n"), ""),
            201 => http(201, &format!("etag: {body}\r\n"), ""),
            200 => {
                let version = self.objects.get(&request.path).map_or(0, |(version, _)| *version);
                http(200, &format!("etag: \"{version}\"\r\n"), &body)
            }
            status => http(status, "", &body),
        }
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut buffer = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|part| part == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
        let mut lines = text.lines();
        let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
        while buffer.len() < head + length {
            if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let body = String::from_utf8_lossy(&buffer[head..head + length]).into_owned();
        buffer.drain(..head + length);
        let reply = {
            let mut state = state.lock();
            if state.silent {
                return;
            }
            state.answer(&Request { method, path, headers, body })
        };
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { forgets_with: 403, ..State::default() }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { state, port }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Writes an event into the work calendar, as its owner would.
    pub fn event(&self, name: &str, lines: &str) {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{name}\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        self.state.lock().put(&format!("/me/cal/work/{name}.ics"), &text);
    }

    pub fn seen(&self, part: &str) -> usize {
        self.state.lock().seen.iter().filter(|line| line.contains(part)).count()
    }
}
