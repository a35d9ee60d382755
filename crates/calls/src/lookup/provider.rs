//! Whoever can be asked what a network knows of a number.

use std::time::Duration;

use kernel::Phone;
use outbound::webhooks::GuardedClient;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::BoxFuture;
use url::Url;

/// The longest answer that is read, in octets.
const LONGEST: usize = 64 * 1024;
/// How long one question may take.
pub(super) const WHOLE: Duration = Duration::from_secs(10);

/// Whether a telephone can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It is on the network.
    Active,
    /// It is switched off or out of reach.
    Absent,
    /// The network has no such subscriber.
    Unassigned,
    /// The network does not say.
    Unknown,
}

impl Reach {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Active, Self::Absent, Self::Unassigned, Self::Unknown];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Absent => "absent",
            Self::Unassigned => "unassigned",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What a network knows. Whatever names the person behind the number (an IMSI, a name) is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Known {
    /// Whether the telephone can be reached.
    pub status: Reach,
    /// The network that serves the number now (MCC and MNC in five or six digits).
    #[serde(default)]
    pub network: Option<String>,
    /// The country of that network (ISO 3166).
    #[serde(default)]
    pub country: Option<String>,
    /// Whether it left the network that it was first given by.
    #[serde(default)]
    pub ported: Option<bool>,
    /// Whether it is abroad.
    #[serde(default)]
    pub roaming: Option<bool>,
}

impl Known {
    /// What cannot be true is not taken over.
    fn sound(mut self) -> Self {
        let digits = |text: &String| (5..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let letters = |text: &String| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        self.network = self.network.filter(digits);
        self.country = self.country.filter(letters);
        self
    }
}

/// A provider of look-ups (HLR).
pub trait Provider: Send + Sync {
    /// Asks about one number.
    ///
    /// # Errors
    /// What went wrong, in words that go on after "the look-up provider".
    fn ask<'a>(&'a self, number: &'a Phone) -> BoxFuture<'a, Result<Known, &'static str>>;
}

/// A provider that speaks the plain interface of docs/guide/en/look-up.md: `POST` of `{"number"}` with a bearer
/// key, answered by [`Known`].
pub struct HttpProvider {
    client: GuardedClient,
    url: Url,
    secret: String,
}

impl HttpProvider {
    /// At an address that was checked.
    pub(super) fn new(client: GuardedClient, url: Url, secret: String) -> Self {
        Self { client, url, secret }
    }
}

impl Provider for HttpProvider {
    fn ask<'a>(&'a self, number: &'a Phone) -> BoxFuture<'a, Result<Known, &'static str>> {
        Box::pin(async move {
            let request = self.client.client().post(self.url.clone()).bearer_auth(&self.secret);
            let request = request.json(&json!({ "number": number.as_str() }));
            let mut answer = request.send().await.map_err(|_| "cannot be reached")?;
            match answer.status().as_u16() {
                200 => {}
                401 | 403 => return Err("does not accept the key; connect it again"),
                429 => return Err("wants fewer questions"),
                _ => return Err("refuses to answer"),
            }
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(|_| "broke off")? {
                if body.len() + chunk.len() > LONGEST {
                    return Err("answered more than can be read");
                }
                body.extend_from_slice(&chunk);
            }
            let known: Known = serde_json::from_slice(&body).map_err(|_| "answered something that cannot be read")?;
            Ok(known.sound())
        })
    }
}
