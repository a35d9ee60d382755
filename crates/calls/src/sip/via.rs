//! Via: where responses go (RFC 3261 section 18.2.2, RFC 3581).

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use super::message::Malformed;
use super::params::Params;
use super::uri::host_port;

/// What begins the branch of everybody who follows RFC 3261.
pub(super) const COOKIE: &str = "z9hG4bK";

/// One hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// `UDP`, `TCP`, …
    pub transport: String,
    /// The host that sent it, as it says.
    pub host: String,
    /// The port, as it says.
    pub port: Option<u16>,
    /// `branch`, `received`, `rport`, …
    pub params: Params,
}

impl Via {
    /// Our own, which asks for responses to where the request came from.
    pub fn ours(transport: &str, at: SocketAddr, branch: &str) -> Self {
        let host = match at {
            SocketAddr::V4(at) => at.ip().to_string(),
            SocketAddr::V6(at) => format!("[{}]", at.ip()),
        };
        let params = Params::default().with("branch", Some(branch)).with("rport", None);
        Self { transport: transport.to_owned(), host, port: Some(at.port()), params }
    }

    /// The transaction's name.
    pub fn branch(&self) -> Option<&str> {
        self.params.get("branch").filter(|branch| !branch.is_empty())
    }

    /// Whether the branch is unique, as RFC 3261 wants.
    pub fn is_unique(&self) -> bool {
        self.branch().is_some_and(|branch| {
            branch.len() > COOKIE.len() && branch.get(..COOKIE.len()).is_some_and(|at| at.eq_ignore_ascii_case(COOKIE))
        })
    }

    /// Who says they sent it.
    pub fn sent_by(&self) -> String {
        format!("{}:{}", self.host.to_ascii_lowercase(), self.port.unwrap_or(5060))
    }
}

impl FromStr for Via {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bad = Malformed::Via;
        let (name, rest) = text.trim().split_once('/').ok_or(bad)?;
        let (version, rest) = rest.split_once('/').ok_or(bad)?;
        if !name.trim().eq_ignore_ascii_case("SIP") || version.trim() != "2.0" {
            return Err(bad);
        }
        let rest = rest.trim_start();
        let (transport, rest) = rest.split_once(|c: char| c.is_ascii_whitespace()).ok_or(bad)?;
        if transport.is_empty() || transport.len() > 16 || !transport.bytes().all(|b| b.is_ascii_graphic() && b != b';')
        {
            return Err(bad);
        }
        let (place, params) = rest.split_once(';').unwrap_or((rest, ""));
        let (host, port) = host_port(place).ok_or(bad)?;
        let params = Params::parse(params).ok_or(bad)?;
        Ok(Self { transport: transport.to_ascii_uppercase(), host, port, params })
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIP/2.0/{} {}", self.transport, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)
    }
}
