//! What is handed over, and how it ended.

use std::fmt;
use std::io;

use kernel::{Code, Email, Problem};

use super::reply::Reply;

/// Where in the conversation something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Before the greeting arrived.
    Greeting,
    /// EHLO or HELO.
    Hello,
    /// STARTTLS or the TLS handshake.
    Tls,
    /// AUTH.
    Login,
    /// MAIL FROM, and a RSET before it.
    Mail,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// While the content was written.
    Content,
    /// After the final dot.
    Final,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "greeting",
            Self::Hello => "hello",
            Self::Tls => "tls",
            Self::Login => "login",
            Self::Mail => "mail",
            Self::Recipient => "recipient",
            Self::Data => "data",
            Self::Content => "content",
            Self::Final => "after the final dot",
        })
    }
}

/// Why a connection was of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// None of the server's addresses took the connection.
    #[error("the mail server cannot be reached ({0})")]
    Connect(io::ErrorKind),
    /// The server said nothing for too long.
    #[error("the mail server did not answer in time ({0})")]
    Timeout(Phase),
    /// The server closed the connection.
    #[error("the mail server closed the connection ({0})")]
    Closed(Phase),
    /// The server said something that cannot be an answer.
    #[error("the mail server does not keep to SMTP ({0})")]
    Protocol(Phase),
    /// The server refused the session itself.
    #[error("the mail server refused the session ({phase}: {reply})")]
    Session {
        /// At what.
        phase: Phase,
        /// Its reply.
        reply: Reply,
    },
    /// The TLS handshake failed; the text is the TLS library's.
    #[error("no TLS with the mail server: {0}")]
    Handshake(String),
    /// TLS is required, or needed to protect the password, and the server does not offer it.
    #[error("the mail server does not offer TLS; use smtps://, or a server on this machine")]
    NoTls,
    /// A password is configured and the server offers neither AUTH PLAIN nor LOGIN.
    #[error("the mail server offers no way to sign in (AUTH PLAIN or LOGIN)")]
    NoLogin,
    /// Nobody could say where the recipient's domain takes mail.
    #[error("the name servers did not answer")]
    Names,
    /// Sending was stopped on our side.
    #[error("sending was stopped")]
    Stopped,
}

impl Failure {
    /// The problem to show to the operator.
    pub fn problem(&self) -> Problem {
        Problem::new(Code::Unavailable, self.to_string())
    }
}

/// How a hand-over ended: exactly one per message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took responsibility.
    Accepted {
        /// Its last reply.
        reply: Reply,
    },
    /// The server, or what it announced, refused this message.
    Refused {
        /// 5xx: asking again is pointless. Otherwise it may be tried later.
        permanent: bool,
        /// At what.
        phase: Phase,
        /// Its reply, with the enhanced code.
        reply: Reply,
    },
    /// The permission to send was gone before the first octet.
    Lost,
    /// The server cannot have taken the message: it may be sent again.
    NotStarted {
        /// Why.
        cause: Failure,
    },
    /// The whole message left and no reply came: the server may have taken it.
    InDoubt {
        /// Why.
        cause: Failure,
    },
}

/// The permission to send was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the permission to send was withdrawn")]
pub struct Lost;

/// Kept while a message is being handed over, and dropped when that has ended.
pub type Guard = Box<dyn Send>;

/// The right to hand a message over, asked right before its first octet. Any
/// `FnOnce() -> Result<Guard, Lost>` is one.
pub trait Handover: Send {
    /// Claims the right. Must not block.
    fn begin(self: Box<Self>) -> Result<Guard, Lost>;
}

impl<F: FnOnce() -> Result<Guard, Lost> + Send> Handover for F {
    fn begin(self: Box<Self>) -> Result<Guard, Lost> {
        self()
    }
}

/// One message for one recipient.
pub struct Parcel {
    /// Where bounces go; `None` is the null return path of notices about mail.
    pub return_path: Option<Email>,
    /// The recipient.
    pub recipient: Email,
    /// Whether the headers hold raw UTF-8 ([`crate::mime::Message::needs_smtputf8`]).
    pub international: bool,
    /// The message: CR LF line ends, not dot-stuffed.
    pub content: Vec<u8>,
    /// Asked right before the envelope.
    pub handover: Box<dyn Handover>,
}

impl Parcel {
    /// Whether the next hop must offer SMTPUTF8.
    pub fn needs_smtputf8(&self) -> bool {
        self.international
            || self.recipient.needs_smtputf8()
            || self.return_path.as_ref().is_some_and(Email::needs_smtputf8)
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parcel({} octets)", self.content.len())
    }
}
