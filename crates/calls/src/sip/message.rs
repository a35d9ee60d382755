//! Requests and responses (RFC 3261 section 7).

use super::address::{NameAddr, split_list};
use super::headers::{Headers, MOST};
use super::params::is_name;
use super::uri::Uri;
use super::via::Via;

/// Longest head.
pub(super) const LONGEST_HEAD: usize = 32 * 1024;
/// Longest body.
pub(super) const LONGEST_BODY: usize = 64 * 1024;

/// Why octets are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The head does not end.
    #[error("the head has no end")]
    Incomplete,
    /// More than is read.
    #[error("the message is too large")]
    TooLarge,
    /// The first line.
    #[error("the first line is neither a request's nor a response's")]
    StartLine,
    /// Another version of SIP.
    #[error("the version is not SIP/2.0")]
    Version,
    /// A line that is no header field.
    #[error("a line is no header field")]
    Header,
    /// A header field that must be there once.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A header field that may be there once only.
    #[error("{0} is there more than once")]
    Repeated(&'static str),
    /// Content-Length.
    #[error("Content-Length is no length, or more than there is")]
    ContentLength,
    /// CSeq.
    #[error("CSeq is not a number and the method")]
    CSeq,
    /// A URI.
    #[error("a URI cannot be read")]
    Uri,
    /// An address.
    #[error("an address cannot be read")]
    Address,
    /// Via.
    #[error("Via cannot be read")]
    Via,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a request asks for.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Method {
            $($(#[$doc])* $name,)*
            /// Something else, as it was written.
            Other(String),
        }

        impl Method {
            /// The name on the wire. Methods are compared with regard to case.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$name => $text,)* Self::Other(text) => text }
            }

            fn named(text: &str) -> Self {
                match text { $($text => Self::$name,)* other => Self::Other(other.to_owned()) }
            }
        }
    };
}

methods! {
    /// Begins a call or changes it.
    Invite = "INVITE",
    /// Confirms the final response to an INVITE.
    Ack = "ACK",
    /// Ends a call.
    Bye = "BYE",
    /// Takes an INVITE back.
    Cancel = "CANCEL",
    /// Says where somebody is.
    Register = "REGISTER",
    /// Asks what the other side can do, and whether it is there.
    Options = "OPTIONS",
    /// Carries something within a call.
    Info = "INFO",
    /// Changes a call that is not answered yet.
    Update = "UPDATE",
    /// Confirms a provisional response.
    Prack = "PRACK",
    /// Asks to call somebody else.
    Refer = "REFER",
    /// Tells of an event.
    Notify = "NOTIFY",
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// A request.
    Request {
        /// What it asks for.
        method: Method,
        /// Of whom.
        uri: Uri,
    },
    /// A response.
    Response {
        /// 100 to 699.
        status: u16,
        /// The same for people.
        reason: String,
    },
}

/// A request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: Start,
    /// The header fields without Content-Length, which is made from the body.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Message {
    /// A request with nothing in it yet.
    pub fn request(method: Method, uri: Uri) -> Self {
        Self { start: Start::Request { method, uri }, headers: Headers::default(), body: Vec::new() }
    }

    /// The response to a request: Via, From, To, Call-ID and CSeq are the request's (section 8.2.6).
    pub fn response(request: &Self, status: u16) -> Self {
        let reason = reason(status).to_owned();
        let mut headers = Headers::default();
        for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
            headers.copy(&request.headers, name);
        }
        Self { start: Start::Response { status, reason }, headers, body: Vec::new() }
    }

    /// The method of a request.
    pub fn method(&self) -> Option<&Method> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// Whom a request is to.
    pub fn uri(&self) -> Option<&Uri> {
        match &self.start {
            Start::Request { uri, .. } => Some(uri),
            Start::Response { .. } => None,
        }
    }

    /// The status of a response.
    pub fn status(&self) -> Option<u16> {
        match &self.start {
            Start::Response { status, .. } => Some(*status),
            Start::Request { .. } => None,
        }
    }

    /// The topmost Via.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn via(&self) -> Result<Via, Malformed> {
        let value = self.headers.get("Via").ok_or(Malformed::Missing("Via"))?;
        split_list(value).first().ok_or(Malformed::Via)?.parse()
    }

    /// Puts another Via in the place of the topmost one.
    pub(super) fn set_via(&mut self, via: &Via) {
        let mut all: Vec<String> = self.headers.all("Via").map(str::to_owned).collect();
        if let Some(first) = all.first_mut() {
            let rest: Vec<&str> = split_list(first).into_iter().skip(1).collect();
            *first = std::iter::once(via.to_string())
                .chain(rest.into_iter().map(str::to_owned))
                .collect::<Vec<_>>()
                .join(", ");
        }
        self.headers.remove("Via");
        for value in all.iter().rev() {
            self.headers.push_front("Via", value);
        }
    }

    /// From.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn from(&self) -> Result<NameAddr, Malformed> {
        self.headers.get("From").ok_or(Malformed::Missing("From"))?.parse()
    }

    /// To.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn to(&self) -> Result<NameAddr, Malformed> {
        self.headers.get("To").ok_or(Malformed::Missing("To"))?.parse()
    }

    /// The first Contact.
    pub fn contact(&self) -> Option<NameAddr> {
        self.headers.all("Contact").flat_map(split_list).next()?.parse().ok()
    }

    /// Call-ID.
    pub fn call_id(&self) -> &str {
        self.headers.get("Call-ID").unwrap_or_default()
    }

    /// The number and method of CSeq.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn cseq(&self) -> Result<(u32, Method), Malformed> {
        let value = self.headers.get("CSeq").ok_or(Malformed::Missing("CSeq"))?;
        let mut parts = value.split_ascii_whitespace();
        let (number, method) = (parts.next(), parts.next());
        match (number, method, parts.next()) {
            (Some(number), Some(method), None) if number.bytes().all(|b| b.is_ascii_digit()) => {
                let number = number.parse().ok().filter(|number| *number <= 0x7fff_ffff);
                Ok((number.ok_or(Malformed::CSeq)?, Method::named(method)))
            }
            _ => Err(Malformed::CSeq),
        }
    }

    /// The addresses of Record-Route or Route, in order.
    pub fn route(&self, name: &str) -> Vec<NameAddr> {
        self.headers.all(name).flat_map(split_list).filter_map(|part| part.parse().ok()).collect()
    }

    /// Whether everything is there that a message needs to be answered and matched (section 8.1.1).
    ///
    /// # Errors
    /// What is missing, repeated or unreadable.
    pub fn check(&self) -> Result<(), Malformed> {
        for name in ["From", "To", "Call-ID", "CSeq"] {
            match self.headers.count(name) {
                0 => return Err(Malformed::Missing(name)),
                1 => {}
                _ => return Err(Malformed::Repeated(name)),
            }
        }
        self.via()?;
        self.from()?;
        self.to()?;
        if self.call_id().is_empty() || self.call_id().len() > 512 {
            return Err(Malformed::Missing("Call-ID"));
        }
        let (_, method) = self.cseq()?;
        match self.method() {
            Some(of) if *of != method => Err(Malformed::CSeq),
            _ => Ok(()),
        }
    }

    /// The octets.
    pub fn octets(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512 + self.body.len());
        match &self.start {
            Start::Request { method, uri } => {
                out.extend_from_slice(format!("{} {uri} SIP/2.0\r\n", method.as_str()).as_bytes());
            }
            Start::Response { status, reason } => {
                let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
                out.extend_from_slice(format!("SIP/2.0 {status:03} {reason}\r\n").as_bytes());
            }
        }
        self.headers.write(&mut out);
        out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
        out.extend_from_slice(&self.body);
        out
    }
}

/// Reads a datagram: without Content-Length its rest is the body.
///
/// # Errors
/// What is wrong with it.
pub fn parse(octets: &[u8]) -> Result<Message, Malformed> {
    let octets = trim_start(octets);
    let head = head_end(octets)?.ok_or(Malformed::Incomplete)?;
    let (mut message, length) = parse_head(&octets[..head])?;
    let rest = &octets[head..];
    let body = match length {
        Some(length) => rest.get(..length).ok_or(Malformed::ContentLength)?,
        None => rest,
    };
    if body.len() > LONGEST_BODY {
        return Err(Malformed::TooLarge);
    }
    message.body = body.to_vec();
    Ok(message)
}

/// Where the body begins; `None` when the head has no end yet.
pub(super) fn head_end(octets: &[u8]) -> Result<Option<usize>, Malformed> {
    let mut at = 0;
    while let Some(end) = octets[at..].iter().position(|byte| *byte == b'\n') {
        let line = &octets[at..at + end];
        at += end + 1;
        if at > LONGEST_HEAD {
            return Err(Malformed::TooLarge);
        }
        if line.is_empty() || line == b"\r" {
            return Ok(Some(at));
        }
    }
    if octets.len() > LONGEST_HEAD { Err(Malformed::TooLarge) } else { Ok(None) }
}

/// Empty lines before a message are kept alive with, and mean nothing (section 7.5).
pub(super) fn trim_start(octets: &[u8]) -> &[u8] {
    let begin = octets.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(octets.len());
    &octets[begin..]
}

/// Reads a head; answers the message without its body, and how long that is.
pub(super) fn parse_head(head: &[u8]) -> Result<(Message, Option<usize>), Malformed> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let start = parse_start(lines.next().ok_or(Malformed::StartLine)?)?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            let (_, value) = fields.last_mut().ok_or(Malformed::Header)?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(Malformed::Header)?;
        let name = name.trim_end();
        if name.is_empty() || !name.bytes().all(is_name) || fields.len() == MOST {
            return Err(Malformed::Header);
        }
        fields.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut headers = Headers::default();
    for (name, value) in fields {
        headers.push_read(&name, value.trim().to_owned());
    }
    let length = if headers.count("Content-Length") == 0 {
        None
    } else {
        let mut all = headers.all("Content-Length");
        let first = all.next().unwrap_or_default();
        if all.any(|other| other != first) || first.is_empty() || !first.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Malformed::ContentLength);
        }
        let length: usize = first.parse().map_err(|_| Malformed::ContentLength)?;
        if length > LONGEST_BODY {
            return Err(Malformed::TooLarge);
        }
        Some(length)
    };
    headers.remove("Content-Length");
    Ok((Message { start, headers, body: Vec::new() }, length))
}

fn parse_start(line: &str) -> Result<Start, Malformed> {
    let bad = Malformed::StartLine;
    let first = line.split(' ').next().unwrap_or_default();
    if first.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("SIP/")) {
        let (version, rest) = line.split_once(' ').ok_or(bad)?;
        if !version.eq_ignore_ascii_case("SIP/2.0") {
            return Err(Malformed::Version);
        }
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let digits = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
        let status: u16 = status.parse().ok().filter(|status| digits && (100..700).contains(status)).ok_or(bad)?;
        return Ok(Start::Response { status, reason: reason.to_owned() });
    }
    let (method, rest) = line.split_once(' ').ok_or(bad)?;
    let (uri, version) = rest.rsplit_once(' ').ok_or(bad)?;
    if method.is_empty() || method.len() > 64 || !method.bytes().all(|b| is_name(b) && !b"/:&$[]".contains(&b)) {
        return Err(bad);
    }
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        let other = version.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("SIP/"));
        return Err(if other { Malformed::Version } else { bad });
    }
    Ok(Start::Request { method: Method::named(method), uri: uri.parse()? })
}

/// The usual words for a status.
pub(super) const fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        415 => "Unsupported Media Type",
        420 => "Bad Extension",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        483 => "Too Many Hops",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "Version Not Supported",
        603 => "Decline",
        _ => "Unknown",
    }
}
