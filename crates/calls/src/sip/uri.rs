//! SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966).

use std::fmt;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::str::FromStr;

use super::message::Malformed;
use super::params::Params;

/// Longest URI that is read.
const LONGEST: usize = 4096;

/// An address of somebody or something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uri {
    /// `sip:` or `sips:`.
    Sip {
        /// `sips:`.
        secure: bool,
        /// Who, as it was written (escapes and password included).
        user: Option<String>,
        /// Where: a name, an IPv4 address, or an IPv6 address in brackets.
        host: String,
        /// The port, when it was said.
        port: Option<u16>,
        /// Parameters: `transport`, `lr`, `user`, …
        params: Params,
        /// Headers behind `?`, as they were written.
        headers: Option<String>,
    },
    /// `tel:` with what follows.
    Tel(String),
    /// Another scheme, as it was written.
    Other(String),
}

impl Uri {
    /// A plain `sip:` address.
    pub fn sip(user: Option<&str>, host: &str, port: Option<u16>) -> Self {
        Self::Sip {
            secure: false,
            user: user.map(escape),
            host: host.to_owned(),
            port,
            params: Params::default(),
            headers: None,
        }
    }

    /// Who is meant: the user without password, parameters and escapes, or the number of a `tel:`.
    pub fn user(&self) -> Option<String> {
        let text = match self {
            Self::Sip { user, .. } => user.as_deref()?,
            Self::Tel(rest) => rest,
            Self::Other(_) => return None,
        };
        let text = text.split([':', ';']).next().unwrap_or_default();
        Some(unescape(text))
    }

    /// The parameters.
    pub fn params(&self) -> Option<&Params> {
        match self {
            Self::Sip { params, .. } => Some(params),
            _ => None,
        }
    }

    /// The host as an IP address, when it is one.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Sip { host, .. } => host.trim_start_matches('[').trim_end_matches(']').parse().ok(),
            _ => None,
        }
    }

    /// The port, when it was said.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Sip { port, .. } => *port,
            _ => None,
        }
    }
}

impl FromStr for Uri {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bad = Malformed::Uri;
        if text.is_empty() || text.len() > LONGEST || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(bad);
        }
        let (scheme, rest) = text.split_once(':').ok_or(bad)?;
        if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
            return Err(bad);
        }
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "sip" => false,
            "sips" => true,
            "tel" => return Ok(Self::Tel(rest.to_owned())),
            _ => return Ok(Self::Other(text.to_owned())),
        };
        if text.contains(['<', '>', '"']) {
            return Err(bad);
        }
        // Users may have `;` and `?` before their `@`; hosts may not have an `@`.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) if !user.is_empty() => (Some(user.to_owned()), rest),
            Some(_) => return Err(bad),
            None => (None, rest),
        };
        let (rest, headers) = match rest.split_once('?') {
            Some((rest, headers)) => (rest, Some(headers.to_owned())),
            None => (rest, None),
        };
        let (place, params) = rest.split_once(';').unwrap_or((rest, ""));
        let (host, port) = host_port(place).ok_or(bad)?;
        Ok(Self::Sip { secure, user, host, port, params: Params::parse(params).ok_or(bad)?, headers })
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sip { secure, user, host, port, params, headers } => {
                f.write_str(if *secure { "sips:" } else { "sip:" })?;
                if let Some(user) = user {
                    write!(f, "{user}@")?;
                }
                f.write_str(host)?;
                if let Some(port) = port {
                    write!(f, ":{port}")?;
                }
                write!(f, "{params}")?;
                if let Some(headers) = headers {
                    write!(f, "?{headers}")?;
                }
                Ok(())
            }
            Self::Tel(rest) => write!(f, "tel:{rest}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// `host[:port]`, where an IPv6 address stands in brackets.
pub(super) fn host_port(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.trim();
    let (host, port) = if text.starts_with('[') {
        let end = text.find(']')?;
        let (host, rest) = text.split_at(end + 1);
        host[1..end].parse::<std::net::Ipv6Addr>().ok()?;
        match rest.trim() {
            "" => (host, None),
            rest => (host, Some(rest.strip_prefix(':')?)),
        }
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host.trim(), Some(port)),
            None => (text, None),
        }
    };
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if host.is_empty() || host.len() > 255 || !(host.starts_with('[') || host.bytes().all(named)) {
        return None;
    }
    let port = match port.map(str::trim) {
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => Some(port.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((host.to_owned(), port))
}

fn escape(user: &str) -> String {
    let mut out = String::with_capacity(user.len());
    for byte in user.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,?/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let code = code.and_then(|two| std::str::from_utf8(two).ok()).and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(byte) = code {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Uri;

    #[test]
    fn parts_are_found() {
        let uri: Uri = "sip:+966;ext=1:pw@[2001:db8::1]:5070;transport=tcp;lr?subject=x".parse().unwrap();
        assert_eq!(uri.user().as_deref(), Some("+966"));
        assert_eq!((uri.ip(), uri.port()), ("2001:db8::1".parse().ok(), Some(5070)));
        assert_eq!(uri.params().unwrap().get("Transport"), Some("tcp"));
        assert!(uri.params().unwrap().has("lr"));
        assert_eq!(uri.to_string(), "sip:+966;ext=1:pw@[2001:db8::1]:5070;transport=tcp;lr?subject=x");
        assert_eq!("sip:j%40s0n@example.com".parse::<Uri>().unwrap().user().as_deref(), Some("j@s0n"));
        assert_eq!("tel:+1-201;phone-context=x".parse::<Uri>().unwrap().user().as_deref(), Some("+1-201"));
        assert_eq!(Uri::sip(Some("a@b c"), "h", None).to_string(), "sip:a%40b%20c@h");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "sip:", "sip:@h", "sip:a@", "sip:a@h:port", "sip:a@h:70000", "nothing", "sip:a b@h", "sip:<a@h>"]
        {
            assert!(text.parse::<Uri>().is_err(), "{text}");
        }
    }
}
