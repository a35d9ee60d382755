//! How this process sends mail, as far as members may know: no credentials.

use serde::Serialize;
use utoipa::ToSchema;

/// Where mail goes from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The built-in catcher keeps every message; nothing leaves.
    Catcher,
    /// A relay takes it.
    Relay,
    /// To the recipients' mail servers.
    Direct,
    /// There is no channel for mail.
    #[default]
    None,
}

/// The relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SendingRelay)]
pub struct RelayShown {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls` or `implicit`.
    pub tls: String,
    /// Whether Barid signs in to it.
    pub login: bool,
    /// Whether the relay adds the DKIM signatures.
    pub signs: bool,
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SendingWay {
    /// Where it goes.
    pub mode: Mode,
    /// The relay, when there is one.
    pub relay: Option<RelayShown>,
    /// Whether bounces, complaints and answers come in by mail.
    pub inbound: bool,
}

impl Mode {
    /// Messages a second, by experience: what a relay takes over a few connections, what mailbox providers
    /// take from one machine. For estimates only.
    pub const fn per_second(self) -> u32 {
        match self {
            Self::Catcher => 500,
            Self::Relay => 50,
            Self::Direct | Self::None => 10,
        }
    }
}
