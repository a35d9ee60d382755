//! What the live chat needs of the process: the hub, tickets that were used, and how files are scanned.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use conversations::hub::Hub;
use conversations::index::Index;
use conversations::push::Push;
use conversations::visitors::{TICKET_LIFE, Ticket};
use kernel::{RawId, Timestamp};
use outbound::lines::Carriers;
use outbound::webhooks::{GuardedClient, Lookup, Policy};
use parking_lot::Mutex;
use serde::Deserialize;
use telecom::chat_apps::Apps;

/// Tickets that are remembered at most; each for a minute.
const MOST: usize = 100_000;

/// Who looks at files before anybody else sees them. Until there is an answer a file waits; with anything that is no
/// answer it is asked again.
#[derive(Debug, Clone)]
pub enum Scanner {
    /// A program: the file comes on its standard input; 0 is clean, 1 is harmful.
    Program(String),
    /// An address that the operator named.
    Web(WebScanner),
}

/// A scanner that is reached by HTTP: the file's octets are posted, `{"verdict": "clean"}` or
/// `{"verdict": "harmful"}` comes back. Neither the name of the file nor of anybody goes along.
#[derive(Debug, Clone)]
pub struct WebScanner {
    client: GuardedClient,
    url: String,
}

/// How long a scanner may take.
const SCAN: Duration = Duration::from_mins(1);
/// The longest answer, in octets.
const ANSWER: usize = 4096;

/// What a scanner answers.
#[derive(Deserialize)]
struct Answered {
    verdict: Verdict,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Clean,
    Harmful,
}

impl WebScanner {
    /// A scanner at this address, whose host alone may be contacted.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn new(url: &str, lookup: Arc<dyn Lookup>) -> Result<Self, String> {
        let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.ok_or_else(|| "expected an address such as https://scanner.example.org/scan".to_owned())?;
        let policy = Policy::new([host.trim_matches(['[', ']'])]).map_err(|entry| format!("{entry} is not a host"))?;
        let client = GuardedClient::new(policy, lookup, SCAN).map_err(|error| error.to_string())?;
        client.check(url).map_err(|why| why.to_string())?;
        Ok(Self { client, url: url.to_owned() })
    }

    /// Whether the file is clean.
    ///
    /// # Errors
    /// Why there is no answer; the file is to be asked about again.
    pub async fn ask(&self, bytes: Vec<u8>) -> Result<bool, String> {
        let url = self.client.check(&self.url).map_err(|why| why.to_string())?;
        let request = self.client.client().post(url).header("content-type", "application/octet-stream").body(bytes);
        let mut answer = request.send().await.map_err(|_| "the scanner cannot be reached".to_owned())?;
        if !answer.status().is_success() {
            return Err(format!("the scanner answered {}", answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| "the scanner's answer broke off".to_owned())? {
            body.extend_from_slice(&part);
            if body.len() > ANSWER {
                return Err("the scanner's answer is too long".to_owned());
            }
        }
        let read: Answered = serde_json::from_slice(&body).map_err(|_| "the scanner's answer is none".to_owned())?;
        Ok(read.verdict == Verdict::Clean)
    }
}

/// One per process.
#[derive(Clone, Default)]
pub struct Chat(Arc<Inner>);

#[derive(Default)]
struct Inner {
    hub: Hub,
    used: Mutex<HashMap<RawId, Timestamp>>,
    scanner: OnceLock<Scanner>,
    push: OnceLock<Push>,
    index: OnceLock<Index>,
    carriers: OnceLock<Carriers>,
    apps: OnceLock<Apps>,
}

impl Chat {
    /// Who is connected.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Says how files are scanned; once, before anything is served.
    pub fn scan_with(&self, scanner: Scanner) {
        let _ = self.0.scanner.set(scanner);
    }

    /// How files are scanned; none when the operator named no way.
    pub fn scanner(&self) -> Option<&Scanner> {
        self.0.scanner.get()
    }

    /// Says how pushes leave; once, before anything is served.
    pub fn push_with(&self, push: Push) {
        let _ = self.0.push.set(push);
    }

    /// Says how much is kept at hand for search; once, before anything is served.
    pub fn index_with(&self, index: Index) {
        let _ = self.0.index.set(index);
    }

    /// What is at hand for search; nothing unless somebody said so.
    pub fn index(&self) -> &Index {
        self.0.index.get_or_init(Index::default)
    }

    /// How pushes leave.
    pub fn push(&self) -> Option<&Push> {
        self.0.push.get()
    }

    /// Says what carries conversations besides mail; once, before anything is served.
    pub fn carry_with(&self, carriers: Carriers) {
        let _ = self.0.carriers.set(carriers);
    }

    /// What carries conversations besides mail; nothing unless somebody said so.
    pub fn carriers(&self) -> &Carriers {
        self.0.carriers.get_or_init(Carriers::default)
    }

    /// Says how chat apps are reached; once, before anything is served.
    pub fn apps_with(&self, apps: Apps) {
        let _ = self.0.apps.set(apps);
    }

    /// How chat apps are reached.
    pub fn apps(&self) -> Option<&Apps> {
        self.0.apps.get()
    }

    /// Uses a ticket up; false when it was used before.
    pub fn spend(&self, ticket: &Ticket, now: Timestamp) -> bool {
        let mut used = self.0.used.lock();
        if used.len() >= MOST {
            used.retain(|_, at| now.0 - at.0 < TICKET_LIFE * Timestamp::SECOND);
            if used.len() >= MOST {
                return false;
            }
        }
        used.insert(ticket.number, now).is_none()
    }
}
