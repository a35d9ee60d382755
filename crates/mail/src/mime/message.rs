//! The message and its order of headers.

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::Offset;
use kernel::{Email, Locale, Timestamp};

use super::body::Encoding;
use super::header::{Field, is_atext};

/// A name and an address. The name may be anything; the address is valid by its type.
#[derive(Debug, Clone, Copy)]
pub struct Mailbox<'a> {
    /// The display name; empty for none.
    pub name: &'a str,
    /// The address.
    pub email: &'a Email,
}

/// Where the recipient gets out (RFC 2369 and, for one click, RFC 8058).
#[derive(Debug, Clone, Copy)]
pub struct Unsubscribe<'a> {
    /// The https address that acts on POST. An https address also brings List-Unsubscribe-Post.
    pub url: &'a str,
    /// The address that acts on any mail, written after the https one.
    pub mailto: Option<&'a str>,
}

/// The stable name of a stream of mail (RFC 2919).
#[derive(Debug, Clone, Copy)]
pub struct ListId<'a> {
    /// What people read.
    pub label: &'a str,
    /// The identifier, shaped like a domain; never changes when the list is renamed.
    pub id: &'a str,
}

/// What a message follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Follows<'a> {
    /// Nothing.
    #[default]
    Nothing,
    /// A message of our own, by the part of its Message-ID before the `@`.
    Ours(&'a str),
    /// What somebody else wrote, after what that refers to; without angle brackets. The last one is answered.
    Theirs(&'a [String]),
}

/// Whether a machine sent a message on its own (RFC 3834).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Automatic {
    /// A person sent it, or it goes to a list: no header.
    #[default]
    No,
    /// Something happened: `auto-generated`.
    Generated,
    /// It answers one message: `auto-replied`.
    Replied,
}

impl Automatic {
    /// For what is not an answer.
    pub const fn of(generated: bool) -> Self {
        if generated { Self::Generated } else { Self::No }
    }
}

/// A calendar object (RFC 5545) that goes with a message, as iMIP (RFC 6047) asks: one more alternative of the
/// text, which mail programs show as an invitation, and a file for those that do not.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// The method, the same as in the text.
    pub method: &'a str,
    /// The iCalendar text.
    pub text: &'a str,
}

/// A message for one recipient.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The part of Message-ID before the `@`; also decides the boundary.
    pub id: &'a str,
    /// What this one follows, for In-Reply-To and References (RFC 5322 3.6.4).
    pub follows: Follows<'a>,
    /// The part of Message-ID after the `@`: the sending domain (A-label).
    pub id_domain: &'a str,
    /// When it was written.
    pub date: Timestamp,
    /// Seconds east of UTC in which the date is shown.
    pub utc_offset: i32,
    /// Who writes.
    pub from: Mailbox<'a>,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<Mailbox<'a>>,
    /// To whom.
    pub to: Mailbox<'a>,
    /// The subject.
    pub subject: &'a str,
    /// The plain text part.
    pub text: &'a str,
    /// The HTML part, the same content.
    pub html: Option<&'a str>,
    /// The language it is written in.
    pub language: Option<&'a Locale>,
    /// How to get out; always present in marketing mail.
    pub unsubscribe: Option<Unsubscribe<'a>>,
    /// The stream it belongs to.
    pub list: Option<ListId<'a>>,
    /// Feedback-ID: up to four fields, the last one constant per sender; empty for none.
    pub feedback: &'a [&'a str],
    /// Whether a machine sent this on its own.
    pub automatic: Automatic,
    /// The calendar object that goes with it.
    pub invitation: Option<Calendar<'a>>,
}

/// Why a message cannot be built. Each is a mistake of the caller, not of a merge value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MimeError {
    /// Message-ID needs a dot-atom on both sides.
    #[error("the message id may have letters, digits and . - _ only")]
    MessageId,
    /// The unsubscribe address is not one https (or loopback http) or mailto address in ASCII.
    #[error("the unsubscribe address must be an ASCII URL without spaces, at most 900 characters")]
    Unsubscribe,
    /// The list id is not shaped like a domain.
    #[error("the list id must look like a domain, at most 128 characters")]
    ListId,
    /// Feedback-ID has more than four fields, or one with a character that is not allowed.
    #[error("Feedback-ID takes at most four fields of letters, digits and . - _")]
    Feedback,
    /// The method of a calendar object is a word in capitals.
    #[error("the method of an invitation is a word such as REQUEST")]
    Method,
    /// The offset is a day or more.
    #[error("the offset from UTC is out of range")]
    Zone,
}

impl From<MimeError> for kernel::Problem {
    fn from(error: MimeError) -> Self {
        Self::new(kernel::Code::InvalidInput, error.to_string())
    }
}

fn is_dot_atom(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_uri(text: &str, schemes: &[&str]) -> bool {
    text.len() <= 900
        && schemes.iter().any(|scheme| text.starts_with(scheme))
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b','))
}

impl Message<'_> {
    /// Whether the next hop must offer SMTPUTF8 (RFC 6531): an address in a header has a local
    /// part outside ASCII.
    pub fn needs_smtputf8(&self) -> bool {
        self.from.email.needs_smtputf8()
            || self.to.email.needs_smtputf8()
            || self.reply_to.is_some_and(|reply_to| reply_to.email.needs_smtputf8())
    }

    /// The message as octets: CR LF line ends, header lines up to 78 where tokens allow, body lines up to 76.
    pub fn build(&self) -> Result<Vec<u8>, MimeError> {
        let size = self.text.len() + self.html.map_or(0, str::len);
        let mut out = Vec::with_capacity(size + size / 2 + 2048);
        self.write(&mut out)?;
        Ok(out)
    }

    /// Appends the message to `out`. After an error `out` holds nothing useful.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), MimeError> {
        self.check()?;
        self.identity(out)?;
        self.list(out);
        line(out, "MIME-Version", "1.0");
        if let Some(language) = self.language {
            line(out, "Content-Language", language.as_str());
        }
        match (self.html, self.invitation) {
            (None, None) => part(out, "text/plain; charset=utf-8", self.text),
            (_, None) => self.alternative(out),
            (_, Some(invitation)) => self.mixed(out, invitation),
        }
        Ok(())
    }

    fn check(&self) -> Result<(), MimeError> {
        let follows = match self.follows {
            Follows::Nothing => true,
            Follows::Ours(id) => is_dot_atom(id, 64),
            Follows::Theirs(ids) => ids.iter().all(|id| outbound::is_message_id(id)),
        };
        if !is_dot_atom(self.id, 64) || !follows || !is_dot_atom(self.id_domain, 253) {
            return Err(MimeError::MessageId);
        }
        if let Some(unsubscribe) = self.unsubscribe
            && !(is_uri(unsubscribe.url, &["https://", "http://"])
                && unsubscribe.mailto.is_none_or(|mailto| is_uri(mailto, &["mailto:"])))
        {
            return Err(MimeError::Unsubscribe);
        }
        if self.list.is_some_and(|list| !is_dot_atom(list.id, 128)) {
            return Err(MimeError::ListId);
        }
        let field_is_valid = |field: &&str| {
            field.len() <= 64 && field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        let is_word = |word: &str| (1..=20).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_uppercase());
        if self.invitation.is_some_and(|invitation| !is_word(invitation.method)) {
            return Err(MimeError::Method);
        }
        if self.feedback.len() > 4 || !self.feedback.iter().all(field_is_valid) {
            return Err(MimeError::Feedback);
        }
        Ok(())
    }

    fn identity(&self, out: &mut Vec<u8>) -> Result<(), MimeError> {
        let offset = Offset::from_seconds(self.utc_offset).map_err(|_| MimeError::Zone)?;
        let date = self.date.to_jiff().to_zoned(offset.to_time_zone());
        out.extend_from_slice(b"Date: ");
        DateTimePrinter::new().print_zoned(&date, &mut *out).map_err(|_| MimeError::Zone)?;
        out.extend_from_slice(b"\r\n");
        mailbox(out, "From", self.from);
        mailbox(out, "To", self.to);
        if let Some(reply_to) = self.reply_to {
            mailbox(out, "Reply-To", reply_to);
        }
        let mut subject = Field::start(out, "Subject");
        subject.text(self.subject);
        subject.end();
        let mut id = Field::start(out, "Message-ID");
        id.token(&format!("<{}@{}>", self.id, self.id_domain));
        id.end();
        match self.follows {
            Follows::Nothing => {}
            Follows::Ours(first) => Self::refers(out, &[format!("{first}@{}", self.id_domain)]),
            Follows::Theirs(ids) => Self::refers(out, ids),
        }
        Ok(())
    }

    fn refers(out: &mut Vec<u8>, ids: &[String]) {
        let Some(last) = ids.last() else { return };
        for (name, ids) in [("In-Reply-To", std::slice::from_ref(last)), ("References", ids)] {
            let mut field = Field::start(out, name);
            for id in ids {
                field.token(&format!("<{id}>"));
            }
            field.end();
        }
    }

    fn list(&self, out: &mut Vec<u8>) {
        if let Some(unsubscribe) = self.unsubscribe {
            let mut field = Field::start(out, "List-Unsubscribe");
            match unsubscribe.mailto {
                None => field.token(&format!("<{}>", unsubscribe.url)),
                Some(mailto) => field.token(&format!("<{}>,", unsubscribe.url)).token(&format!("<{mailto}>")),
            };
            field.end();
            line(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        if let Some(list) = self.list {
            // RFC 2919 bounds the whole field at 255 octets: a long label is cut on a character.
            let label = list.label.char_indices().nth(24).map_or(list.label, |(end, _)| &list.label[..end]);
            let mut field = Field::start(out, "List-Id");
            field.phrase(label).token(&format!("<{}>", list.id));
            field.end();
        }
        if !self.feedback.is_empty() {
            let mut field = Field::start(out, "Feedback-ID");
            field.token(&self.feedback.join(":"));
            field.end();
        }
        match self.automatic {
            Automatic::No => {}
            Automatic::Generated => line(out, "Auto-Submitted", "auto-generated"),
            Automatic::Replied => line(out, "Auto-Submitted", "auto-replied"),
        }
    }

    /// Neither encoding can produce "=_", so a boundary cannot occur inside a part.
    fn boundary(&self, start: &str) -> String {
        start.chars().chain(self.id.chars().filter(char::is_ascii_alphanumeric)).take(60).collect()
    }

    fn multipart(out: &mut Vec<u8>, kind: &str, boundary: &str) {
        for piece in ["Content-Type: multipart/", kind, ";\r\n boundary=\"", boundary, "\"\r\n\r\n"] {
            out.extend_from_slice(piece.as_bytes());
        }
    }

    fn delimiter(out: &mut Vec<u8>, boundary: &str, end: &str) {
        for piece in ["--", boundary, end, "\r\n"] {
            out.extend_from_slice(piece.as_bytes());
        }
    }

    fn alternative(&self, out: &mut Vec<u8>) {
        let boundary = self.boundary("=_");
        Self::multipart(out, "alternative", &boundary);
        Self::delimiter(out, &boundary, "");
        part(out, "text/plain; charset=utf-8", self.text);
        if let Some(html) = self.html {
            Self::delimiter(out, &boundary, "");
            part(out, "text/html; charset=utf-8", html);
        }
        // The last alternative is the one that programs show when they can (RFC 2046 section 5.1.4).
        if let Some(invitation) = self.invitation {
            Self::delimiter(out, &boundary, "");
            part(out, &format!("text/calendar; charset=utf-8; method={}", invitation.method), invitation.text);
        }
        Self::delimiter(out, &boundary, "--");
    }

    fn mixed(&self, out: &mut Vec<u8>, invitation: Calendar<'_>) {
        let boundary = self.boundary("=_m");
        Self::multipart(out, "mixed", &boundary);
        Self::delimiter(out, &boundary, "");
        self.alternative(out);
        Self::delimiter(out, &boundary, "");
        line(out, "Content-Disposition", "attachment; filename=\"invitation.ics\"");
        part(out, "application/ics; name=\"invitation.ics\"", invitation.text);
        Self::delimiter(out, &boundary, "--");
    }
}

fn mailbox(out: &mut Vec<u8>, name: &'static str, mailbox: Mailbox<'_>) {
    let mut field = Field::start(out, name);
    field.phrase(mailbox.name).address(mailbox.email);
    field.end();
}

/// A field whose short value comes from this crate or was checked.
fn line(out: &mut Vec<u8>, name: &'static str, value: &str) {
    for piece in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(piece.as_bytes());
    }
}

fn part(out: &mut Vec<u8>, kind: &str, text: &str) {
    let encoding = Encoding::of(text);
    line(out, "Content-Type", kind);
    line(out, "Content-Transfer-Encoding", encoding.name());
    out.extend_from_slice(b"\r\n");
    encoding.write(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn message<'a>(from: &'a Email, to: &'a Email, subject: &'a str, name: &'a str) -> Message<'a> {
        Message {
            id: "msg_01k",
            follows: Follows::Nothing,
            id_domain: "news.example.com",
            date: "2026-11-01T09:30:00Z".parse().unwrap(),
            utc_offset: 7200,
            from: Mailbox { name: "Nour Books", email: from },
            reply_to: None,
            to: Mailbox { name, email: to },
            subject,
            text: "Hello\nthere",
            html: Some("<p>Hello</p>"),
            language: None,
            unsubscribe: Some(Unsubscribe {
                url: "https://b.example.com/u/abc",
                mailto: Some("mailto:u+abc@bounce.example.com"),
            }),
            list: Some(ListId { label: "News", id: "news.example.com" }),
            feedback: &["cmp", "ws", "marketing", "barid"],
            automatic: Automatic::No,
            invitation: None,
        }
    }

    #[test]
    fn an_invitation_is_an_alternative_and_a_file() {
        let (from, to) = (email("a@example.com"), email("b@example.org"));
        let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:موعد\r\nEND:VCALENDAR\r\n";
        let mut message = message(&from, &to, "Appointment", "Lina");
        message.invitation = Some(Calendar { method: "REQUEST", text });
        let bytes = message.build().unwrap();
        let read = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let kinds: Vec<String> = read
            .parts
            .iter()
            .map(|part| {
                let kind = mail_parser::MimeHeaders::content_type(part).unwrap();
                format!("{}/{} {}", kind.ctype(), kind.subtype().unwrap(), kind.attribute("method").unwrap_or_default())
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "multipart/mixed ",
                "multipart/alternative ",
                "text/plain ",
                "text/html ",
                "text/calendar REQUEST",
                "application/ics "
            ]
        );
        // The last line end belongs to the boundary (RFC 2046 section 5.1.1).
        assert_eq!(String::from_utf8_lossy(read.parts[4].contents()), text.trim_end());
        assert_eq!(String::from_utf8_lossy(read.parts[5].contents()), text.trim_end());
        assert_eq!(mail_parser::MimeHeaders::attachment_name(&read.parts[5]), Some("invitation.ics"));
        message.invitation = Some(Calendar { method: "X\r\nBcc: y", text });
        assert_eq!(message.build(), Err(MimeError::Method));
    }

    #[test]
    fn headers_stand_as_the_standards_ask() {
        let (from, to) = (email("a@example.com"), email("b@example.org"));
        let bytes = message(&from, &to, "Offers", "Lina").build().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for expected in [
            "Date: Sun, 1 Nov 2026 11:30:00 +0200\r\n",
            "From: Nour Books <a@example.com>\r\n",
            "Message-ID: <msg_01k@news.example.com>\r\n",
            "List-Unsubscribe: <https://b.example.com/u/abc>,\r\n <mailto:u+abc@bounce.example.com>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "List-Id: News <news.example.com>\r\n",
            "Feedback-ID: cmp:ws:marketing:barid\r\n",
            "Hello\r\nthere\r\n",
            "\r\n--=_msg01k--\r\n",
        ] {
            assert!(text.contains(expected), "{expected:?} in {text}");
        }
        assert!(!text.contains("Precedence"));
        assert!(text.find("text/plain").unwrap() < text.find("text/html").unwrap());
    }

    #[test]
    fn mistakes_of_the_caller_are_named() {
        let (from, to) = (email("a@example.com"), email("b@example.org"));
        let good = message(&from, &to, "s", "n");
        assert_eq!(Message { id: "a b", ..good }.build(), Err(MimeError::MessageId));
        assert_eq!(Message { follows: Follows::Ours("a>\r\nBcc: y"), ..good }.build(), Err(MimeError::MessageId));
        let second =
            String::from_utf8(Message { follows: Follows::Ours("msg_first"), ..good }.build().unwrap()).unwrap();
        assert!(
            second
                .contains("In-Reply-To: <msg_first@news.example.com>\r\nReferences: <msg_first@news.example.com>\r\n")
        );
        let out = Unsubscribe { url: "https://x/\r\nBcc: y", mailto: None };
        assert_eq!(Message { unsubscribe: Some(out), ..good }.build(), Err(MimeError::Unsubscribe));
        assert_eq!(Message { feedback: &["a"; 5], ..good }.build(), Err(MimeError::Feedback));
        assert_eq!(Message { list: Some(ListId { label: "", id: "a b" }), ..good }.build(), Err(MimeError::ListId));
        assert_eq!(Message { utc_offset: 1_000_000, ..good }.build(), Err(MimeError::Zone));
    }

    #[test]
    fn an_international_local_part_is_raw_and_asks_for_smtputf8() {
        let (from, to) = (email("a@example.com"), email("لينا@مثال.إختبار"));
        let message = message(&from, &to, "s", "لينا");
        assert!(message.needs_smtputf8());
        let text = String::from_utf8(message.build().unwrap()).unwrap();
        assert!(text.contains("<لينا@xn--mgbh0fb.xn--kgbechtv>"));
    }

    proptest! {
        #[test]
        fn no_value_starts_a_header(subject in "(?s).{0,80}", name in "(?s).{0,80}", label in "(?s).{0,80}") {
            let (from, to) = (email("a@example.com"), email("b@example.org"));
            let mut message = message(&from, &to, &subject, &name);
            message.list = Some(ListId { label: &label, id: "news.example.com" });
            let bytes = message.build().unwrap();
            prop_assert!(bytes.is_ascii());
            let text = String::from_utf8(bytes).unwrap();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> = head.split("\r\n").filter(|l| !l.starts_with(' ')).map(|l| l.split(':').next().unwrap()).collect();
            prop_assert_eq!(names, vec!["Date", "From", "To", "Subject", "Message-ID", "List-Unsubscribe",
                "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "MIME-Version", "Content-Type"]);
            prop_assert!(text.split("\r\n").all(|l| l.len() <= 78 && !l.contains(['\r', '\n'])));
        }
    }
}
