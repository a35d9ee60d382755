//! Jobs of the live chat that need two slices at once: answers that came in by mail, and files that are scanned.

use std::io::Write as _;
use std::process::{Command, Stdio};

use conversations::files;
use conversations::mailing::{CameIn, came_in};
use kernel::{ConversationId, EventId, FileId, RawId};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core};

use crate::shell::Chat;
use crate::shell::chat::Scanner;

/// Brings answers by mail to their conversations.
pub struct MailInJob(Chat);

impl MailInJob {
    /// A handler over the process's chat.
    pub fn new(chat: Chat) -> Self {
        Self(chat)
    }

    async fn bring(&self, core: &Core, job: &Job) -> Result<(), String> {
        let read = |name: &str| job.payload[name].as_str().ok_or("the job lacks a field");
        let message: EventId = read("message")?.parse().map_err(|_| "no message")?;
        let about = data_encoding::HEXLOWER.decode(read("about")?.as_bytes()).map_err(|_| "no conversation")?;
        let about: RawId = about.try_into().map_err(|_| "no conversation")?;
        let ctx = core.ctx(job.workspace, Actor::Person);
        let found = mail::incoming::own_words(&ctx, message).await.map_err(|error| error.to_string())?;
        let Some((letter, answered)) = found else { return Ok(()) };
        let came = CameIn { message, text: letter.text, references: answered.references().to_vec(), from: letter.from };
        match came_in(&ctx, self.0.hub(), ConversationId(about), came).await {
            // The conversation, or the person, was erased meanwhile.
            Ok(())
            | Err(conversations::Error::NotFound(_) | conversations::Error::Store(store::Error::KeyDestroyed)) => {
                Ok(())
            }
            Err(error) => Err(error.problem().code.as_str().to_owned()),
        }
    }
}

impl Handler for MailInJob {
    fn queue(&self) -> &'static str {
        outbound::correspondence::ANSWER_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move { self.bring(core, &job).await.map(|()| Outcome::Done) })
    }
}

/// Has files scanned.
pub struct ScanJob(Chat);

impl ScanJob {
    /// A handler over the process's chat.
    pub fn new(chat: Chat) -> Self {
        Self(chat)
    }

    async fn scan(&self, core: &Core, job: &Job) -> Result<(), String> {
        let id: FileId = job.payload["file"].as_str().and_then(|id| id.parse().ok()).ok_or("the job names no file")?;
        let ctx = core.ctx(job.workspace, Actor::System);
        let code = |error: conversations::Error| error.problem().code.as_str().to_owned();
        let bytes = match files::to_scan(&ctx, id).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(conversations::Error::Store(store::Error::KeyDestroyed)) => return Ok(()),
            Err(error) => return Err(code(error)),
        };
        let scanner = self.0.scanner().cloned().ok_or("no scanner is set; the file waits")?;
        let clean = match scanner {
            Scanner::Program(program) => {
                let verdict = tokio::task::spawn_blocking(move || ask(&program, &bytes)).await;
                verdict.map_err(|_| "the scanner did not end")??
            }
            Scanner::Web(web) => web.ask(bytes).await?,
        };
        files::scanned(&ctx, self.0.hub(), id, clean).await.map_err(code)
    }
}

/// Asks the program: 0 is clean, 1 is harmful.
fn ask(program: &str, bytes: &[u8]) -> Result<bool, String> {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the scanner does not start: {}", error.kind()))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that has seen enough may close its input early.
        let _ = input.write_all(bytes);
    }
    let status = child.wait().map_err(|error| format!("the scanner did not end: {}", error.kind()))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        other => Err(format!("the scanner answered {}", other.map_or_else(|| "nothing".to_owned(), |n| n.to_string()))),
    }
}

impl Handler for ScanJob {
    fn queue(&self) -> &'static str {
        files::SCAN_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move { self.scan(core, &job).await.map(|()| Outcome::Done) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use outbound::webhooks::SystemLookup;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::ask;
    use crate::shell::chat::WebScanner;

    /// A scanner that answers this and keeps what it was asked.
    async fn scanner(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/scan", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut all, mut part) = (Vec::new(), [0; 4096]);
            while !all.windows(4).any(|part| part == b"EVIL") {
                let read = stream.read(&mut part).await.unwrap();
                all.extend_from_slice(&part[..read]);
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&all).into_owned()
        });
        (url, task)
    }

    #[tokio::test]
    async fn the_address_decides_and_nothing_else_is_an_answer() {
        let ok = |body: &str| {
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        };
        for (body, expected) in [
            (r#"{"verdict":"clean"}"#, Some(true)),
            (r#"{"verdict":"harmful","name":"x"}"#, Some(false)),
            (r#"{"verdict":"maybe"}"#, None),
            ("clean", None),
        ] {
            let answer: &'static str = ok(body).leak();
            let (url, asked) = scanner(answer).await;
            let web = WebScanner::new(&url, Arc::new(SystemLookup)).unwrap();
            assert_eq!(web.ask(b"EVIL".to_vec()).await.ok(), expected, "{body}");
            assert!(asked.await.unwrap().contains("application/octet-stream"));
        }
        let (url, _asked) = scanner("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n").await;
        assert!(WebScanner::new(&url, Arc::new(SystemLookup)).unwrap().ask(b"EVIL".to_vec()).await.is_err());
        let nobody = WebScanner::new("http://127.0.0.1:9/", Arc::new(SystemLookup)).unwrap();
        assert!(nobody.ask(Vec::new()).await.is_err());
        assert!(WebScanner::new("scanner", Arc::new(SystemLookup)).is_err());
        assert!(WebScanner::new("ftp://127.0.0.1/", Arc::new(SystemLookup)).is_err());
    }

    #[test]
    fn the_program_decides() {
        assert_eq!(ask("true", b"x"), Ok(true));
        assert_eq!(ask("false", &vec![0; 200_000]), Ok(false));
        assert!(ask("no-such-program-anywhere", b"x").is_err());
    }
}
