use kernel::{Phone, Timestamp, TrunkId};
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};

use crate::sip::{Codec, Transport};
use crate::{Error, Result};

/// Whether a trunk is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrunkState {
    /// Calls leave and come in.
    Active,
    /// Calls come in; none leaves.
    Draining,
    /// Nothing.
    Paused,
}

impl TrunkState {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Draining => "draining",
            Self::Paused => "paused",
        }
    }

    fn read(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "draining" => Self::Draining,
            _ => Self::Paused,
        }
    }
}

/// How signalling travels to a trunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrunkTransport {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream.
    Tcp,
}

impl From<TrunkTransport> for Transport {
    fn from(transport: TrunkTransport) -> Self {
        match transport {
            TrunkTransport::Udp => Self::Udp,
            TrunkTransport::Tcp => Self::Tcp,
        }
    }
}

/// Which calls a trunk takes, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Beginnings of numbers, digits with the country code; empty for all.
    pub prefixes: Vec<String>,
    /// Lower is tried first, among trunks that fit a number equally well.
    pub priority: u16,
    /// Our numbers that may be shown, in E.164; the first when a call names none.
    pub caller_ids: Vec<String>,
    /// How sound is written, the best first: `pcma`, `pcmu`.
    pub codecs: Vec<String>,
    /// Most calls at the same time.
    pub max_calls: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            prefixes: Vec::new(),
            priority: 10,
            caller_ids: Vec::new(),
            codecs: vec!["pcma".to_owned(), "pcmu".to_owned()],
            max_calls: 10,
        }
    }
}

impl Rules {
    pub(super) fn check(&self) -> Result<()> {
        let prefix = |text: &String| (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if self.prefixes.len() > 5000 || !self.prefixes.iter().all(prefix) {
            return Err(Error::field("rules.prefixes", "1 to 15 digits each, with the country code and without +"));
        }
        let number = |text: &String| Phone::parse(text, None).is_ok_and(|phone| phone.as_str() == text.as_str());
        if self.caller_ids.is_empty() || self.caller_ids.len() > 1000 || !self.caller_ids.iter().all(number) {
            return Err(Error::field("rules.caller_ids", "1 to 1000 of your numbers, such as +966112345678"));
        }
        if self.codecs.is_empty() || self.codecs.len() > 2 || self.codecs().len() != self.codecs.len() {
            return Err(Error::field("rules.codecs", "pcma, pcmu or both"));
        }
        if !(1..=1000).contains(&self.max_calls) {
            return Err(Error::field("rules.max_calls", "1 to 1000"));
        }
        Ok(())
    }

    /// How sound is written.
    pub fn codecs(&self) -> Vec<Codec> {
        let one = |name: &String| match name.as_str() {
            "pcma" => Some(Codec::Pcma),
            "pcmu" => Some(Codec::Pcmu),
            _ => None,
        };
        self.codecs.iter().filter_map(one).collect()
    }

    /// How many digits of a number fit; `None` when it is not taken at all.
    pub fn fits(&self, digits: &str) -> Option<usize> {
        if self.prefixes.is_empty() {
            return Some(0);
        }
        self.prefixes.iter().filter(|prefix| digits.starts_with(prefix.as_str())).map(String::len).max()
    }

    pub(super) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string(self).map_err(|_| store::Error::Column("rules"))?)
    }
}

/// An account at an operator. Rests sealed; the password is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Host name or address.
    pub host: String,
    /// Port; 5060 is usual.
    pub port: u16,
    /// How signalling travels.
    #[serde(default)]
    pub transport: TrunkTransport,
    /// The account; empty when the operator knows us by our address.
    #[serde(default)]
    pub user: String,
    /// Its secret.
    #[serde(default)]
    pub password: String,
    /// The operator's name in addresses, when it is not the host.
    #[serde(default)]
    pub domain: String,
    /// Say to the operator where we are.
    #[serde(default)]
    pub register: bool,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}:{}", self.user, self.host, self.port)
    }
}

impl Access {
    pub(super) fn check(&self) -> Result<()> {
        let plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_graphic());
        let host = |text: &str| plain(text, 253) && !text.contains(['/', '@', '<', '>', ';', '"', ' ']);
        let checks = [
            ("access.host", host(&self.host) && !self.host.is_empty(), "a host name or address"),
            ("access.port", self.port > 0, "1 to 65535"),
            ("access.user", plain(&self.user, 100), "at most 100 ASCII characters without spaces"),
            ("access.password", plain(&self.password, 100), "at most 100 ASCII characters without spaces"),
            ("access.domain", host(&self.domain), "a host name"),
            ("access.register", !self.register || !self.user.is_empty(), "registration needs user and password"),
        ];
        match checks.into_iter().find(|(_, sound, _)| !sound) {
            Some((field, _, detail)) => Err(Error::field(field, detail)),
            None => Ok(()),
        }
    }

    /// The operator's name in addresses.
    pub fn domain(&self) -> &str {
        if self.domain.is_empty() { &self.host } else { &self.domain }
    }
}

/// A way to an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trunk {
    /// Its id.
    pub id: TrunkId,
    /// What members call it.
    pub name: String,
    /// Whether it is used.
    pub state: TrunkState,
    /// Which calls it takes.
    pub rules: Rules,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Trunk {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            state: TrunkState::read(&row.take::<String>()?),
            rules: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("rules"))?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}
