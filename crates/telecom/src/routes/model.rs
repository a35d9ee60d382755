use std::time::Duration;

use billing::Micros;
use kernel::{RouteId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};

use crate::smpp::coding::DefaultAlphabet;
use crate::smpp::{BindMode, BindSettings, IdFormat, Limits};
use crate::{Error, Result};

/// Whether a route is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteState {
    /// Binds are open and messages leave.
    Active,
    /// Binds stay open for receipts and what comes in; nothing new leaves.
    Draining,
    /// Nothing is open.
    Paused,
}

impl RouteState {
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

/// For which parts of a message an operator sends receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipts {
    /// One for each.
    #[default]
    EachPart,
    /// One that stands for all parts.
    OneForAll,
}

/// Which messages a route takes, and before which other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Beginnings of numbers, digits with the country code; empty for all numbers.
    pub prefixes: Vec<String>,
    /// Networks (MCC and MNC); a route that names them takes messages whose network is known to be one.
    pub networks: Vec<String>,
    /// Lower is tried first, among routes that fit a number equally well.
    pub priority: u16,
    /// Share among routes of the same priority.
    pub weight: u16,
    /// What a part costs the organisation.
    pub cost: Micros,
    /// How the operator writes message ids.
    pub ids: IdFormat,
    /// For which parts it sends receipts.
    pub receipts: Receipts,
    /// What its default alphabet is.
    pub alphabet: DefaultAlphabet,
    /// References of sixteen bits for messages in parts.
    pub long_references: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            prefixes: Vec::new(),
            networks: Vec::new(),
            priority: 10,
            weight: 1,
            cost: Micros(0),
            ids: IdFormat::Auto,
            receipts: Receipts::EachPart,
            alphabet: DefaultAlphabet::Gsm7,
            long_references: false,
        }
    }
}

impl Rules {
    pub(super) fn check(&self) -> Result<()> {
        let digits = |text: &String, least: usize, most: usize| {
            (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        if self.prefixes.len() > 5000 || !self.prefixes.iter().all(|prefix| digits(prefix, 1, 15)) {
            return Err(Error::field("rules.prefixes", "1 to 15 digits each, with the country code and without +"));
        }
        if self.networks.len() > 5000 || !self.networks.iter().all(|network| digits(network, 5, 6)) {
            return Err(Error::field("rules.networks", "MCC and MNC in five or six digits each"));
        }
        if self.weight == 0 {
            return Err(Error::field("rules.weight", "1 or more; pause the route to stop using it"));
        }
        if !self.cost.is_sound() {
            return Err(Error::field("rules.cost", "0 or more"));
        }
        Ok(())
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
    /// Port; 2775 is usual, 3550 with TLS.
    pub port: u16,
    /// TLS from the first octet.
    #[serde(default)]
    pub tls: bool,
    /// The account.
    pub system_id: String,
    /// Its secret.
    pub password: String,
    /// What the operator calls the kind of system.
    #[serde(default)]
    pub system_type: String,
    /// Sessions at the same time.
    #[serde(default = "one")]
    pub binds: u8,
    /// Separate sessions for sending and receiving.
    #[serde(default)]
    pub separate: bool,
    /// Most parts a second over all sessions.
    #[serde(default = "hundred")]
    pub per_second: u32,
    /// Most parts of a session that may wait for their response.
    #[serde(default = "window")]
    pub window: u16,
}

const fn one() -> u8 {
    1
}

const fn hundred() -> u32 {
    100
}

const fn window() -> u16 {
    32
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}:{}", self.system_id, self.host, self.port)
    }
}

impl Access {
    pub(super) fn check(&self) -> Result<()> {
        let plain = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_graphic());
        let host = |text: &str| plain(text, 253) && !text.is_empty() && !text.contains(['/', '@']);
        let checks = [
            ("access.host", host(&self.host), "a host name or address"),
            ("access.port", self.port > 0, "1 to 65535"),
            ("access.system_id", plain(&self.system_id, 15) && !self.system_id.is_empty(), "1 to 15 ASCII characters"),
            ("access.password", plain(&self.password, 64), "at most 64 ASCII characters"),
            ("access.system_type", plain(&self.system_type, 12), "at most 12 ASCII characters"),
            ("access.binds", (1..=16).contains(&self.binds), "1 to 16"),
            ("access.per_second", (1..=10_000).contains(&self.per_second), "1 to 10000"),
            ("access.window", (1..=1000).contains(&self.window), "1 to 1000"),
        ];
        match checks.into_iter().find(|(_, sound, _)| !sound) {
            Some((field, _, detail)) => Err(Error::field(field, detail)),
            None => Ok(()),
        }
    }

    /// The sessions to open.
    pub(super) fn binds(&self, tls: Option<&std::sync::Arc<rustls::ClientConfig>>) -> Vec<BindSettings> {
        let modes: &[BindMode] =
            if self.separate { &[BindMode::Transmitter, BindMode::Receiver] } else { &[BindMode::Transceiver] };
        let each = (self.per_second / u32::from(self.binds)).max(1);
        let bind = |mode: &BindMode| BindSettings {
            tls: tls.filter(|_| self.tls).cloned(),
            mode: *mode,
            system_type: self.system_type.clone(),
            per_second: each,
            limits: Limits { window: self.window.into(), ..Limits::default() },
            back_off: Duration::from_secs(1),
            ..BindSettings::new(self.host.clone(), self.port, self.system_id.clone(), self.password.clone())
        };
        (0..self.binds).flat_map(|_| modes.iter().map(bind)).collect()
    }
}

/// A way to an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// What members call it.
    pub name: String,
    /// Whether it is used.
    pub state: RouteState,
    /// Which messages it takes.
    pub rules: Rules,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Route {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            state: RouteState::read(&row.take::<String>()?),
            rules: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("rules"))?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}
