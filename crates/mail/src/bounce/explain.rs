//! From a whole message to its class.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::Serialize;

use super::{Class, classify, complaint, report};
use crate::address::{Found, Kind};
use crate::smtp::EnhancedCode;

/// Most octets of a message that are looked at; a report comes first in the message.
const READ: usize = 1 << 20;

/// What kind of message it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A feedback report (RFC 5965).
    Feedback,
    /// A delivery status report (RFC 3464).
    Status,
    /// A delivery status report that something is late; nothing has ended.
    Delayed,
    /// Anything else, read by its words.
    Words,
}

/// What a message that came back means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The class.
    pub class: Class,
    /// The enhanced code that decided, or stands beside it.
    pub status: Option<String>,
    /// Our token, not verified.
    pub token: Option<String>,
    /// Whether the first hit suppresses.
    pub suppress: bool,
    /// What it was read from.
    #[serde(skip)]
    pub form: Form,
}

/// Explains a delivery report, a complaint, or a plain-text non-delivery message. Never fails: what
/// cannot be read is [`Class::Unknown`] or [`Class::NotABounce`].
pub fn explain_bounce(raw: &[u8]) -> Explained {
    let raw = &raw[..raw.len().min(READ)];
    let Some(message) = MessageParser::default().parse(raw) else {
        return explained((Class::Unknown, None), None, Form::Words);
    };
    let token = token(&message).map(|found| found.text);
    if let Some(part) = part(&message, "feedback-report") {
        return explained((complaint::class(&part), None), token, Form::Feedback);
    }
    if let Some(part) = part(&message, "delivery-status").or_else(|| part(&message, "global-delivery-status")) {
        let (found, is_late) = by_report(&part);
        return explained(found, token, if is_late { Form::Delayed } else { Form::Status });
    }
    explained(by_text(&message, token.is_some()), token, Form::Words)
}

fn explained((class, status): (Class, Option<EnhancedCode>), token: Option<String>, form: Form) -> Explained {
    Explained { class, status: status.map(|code| code.to_string()), token, suppress: class.suppresses(), form }
}

/// The text of the first part `message/<subtype>`.
fn part(message: &Message<'_>, subtype: &str) -> Option<String> {
    message.parts.iter().find(|part| is_type(part, "message", subtype)).map(text_of)
}

fn is_type(part: &MessagePart<'_>, main: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case(main) && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case(subtype))
    })
}

fn text_of(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        PartType::Message(inner) => String::from_utf8_lossy(inner.raw_message()).into_owned(),
        PartType::Multipart(_) => String::new(),
    }
}

/// The worst recipient of a report decides; our own messages have one. Also whether it is only late.
fn by_report(text: &str) -> ((Class, Option<EnhancedCode>), bool) {
    let recipients = report::recipients(text);
    let rank = |action: &str| match action {
        "failed" => 0,
        "delayed" => 1,
        "" => 2,
        _ => 3,
    };
    let Some(recipient) = recipients.iter().min_by_key(|recipient| rank(&recipient.action)) else {
        return ((Class::Unknown, None), false);
    };
    let inner = report::enhanced_in(&recipient.diagnostic);
    // A status such as 5.0.0 leaves the subject open: the server's own words are more exact.
    let status = match recipient.status {
        Some(code) if code.subject == 0 && code.detail == 0 => {
            inner.filter(|inner| inner.class == code.class).or(Some(code))
        }
        Some(code) => Some(code),
        None => inner,
    };
    let class = match recipient.action.as_str() {
        "delivered" | "relayed" | "expanded" => Class::Delivered,
        "delayed" => match classify(status, report::basic_in(&recipient.diagnostic), &recipient.diagnostic) {
            class @ (Class::Full | Class::Policy) => class,
            _ => Class::Transient,
        },
        _ => classify(status, report::basic_in(&recipient.diagnostic), &recipient.diagnostic),
    };
    ((class, status), recipient.action == "delayed")
}

/// A message without a report part: a bounce by its sender, subject or return path, read by its words.
fn by_text(message: &Message<'_>, has_bounce_token: bool) -> (Class, Option<EnhancedCode>) {
    let subject = kernel::fold(message.subject().unwrap_or_default());
    if !is_bounce(message, &subject, has_bounce_token) {
        return (Class::NotABounce, None);
    }
    let mut text = subject;
    text.push('\n');
    // What was returned must not be taken for the report: only what stands before it is read.
    let body = message.body_text(0).unwrap_or_default();
    let end = RETURNED.iter().filter_map(|mark| body.find(mark)).min().unwrap_or(body.len());
    text.extend(body[..end].chars().take(8000));
    let enhanced = report::enhanced_in(&text);
    (classify(enhanced, report::basic_in(&text), &text), enhanced)
}

/// Lines after which reports quote the returned message.
const RETURNED: &[&str] = &[
    "--- Below this line is a copy",
    "------ This is a copy",
    "----- Original message -----",
    "-----Original Message-----",
    "----- Unsent message follows -----",
    "--- The header of the original message",
    "\nReturn-Path:",
    "\nReceived: ",
];

fn is_bounce(message: &Message<'_>, subject: &str, has_bounce_token: bool) -> bool {
    let automatic = header(message, "Auto-Submitted")
        .is_some_and(|value| value.to_ascii_lowercase().contains("auto-replied"))
        || header(message, "X-Autoreply").is_some()
        || header(message, "X-Autorespond").is_some();
    if header(message, "X-Failed-Recipients").is_some() {
        return true;
    }
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
    let local = from.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let daemon = matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mail-daemon" | "mdaemon" | "maildelivery");
    let titled = SUBJECTS.iter().any(|phrase| subject.contains(phrase));
    if automatic && !titled {
        return false;
    }
    daemon || titled || has_bounce_token && header(message, "Return-Path").is_some_and(|path| path.trim() == "<>")
}

/// Subjects of non-delivery reports, folded.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "mail delivery failed",
    "delivery status notification",
    "delivery failure",
    "delivery has failed",
    "failure notice",
    "returned mail",
    "mail delivery system",
    "delivery report",
    "unzustellbar",
    "echec de la remise",
    "non remis",
    "تعذر تسليم",
    "تعذر التسليم",
    "فشل تسليم",
    "لم يتم التسليم",
];

fn header<'m>(message: &'m Message<'_>, name: &str) -> Option<&'m str> {
    message.headers_raw().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Headers that name the address a message was sent to.
const RECIPIENTS: &[&str] = &["To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Cc"];
/// Headers of our own message, as a report returns them.
const OURS: &[&str] =
    &["Return-Path", "List-Unsubscribe", "Reply-To", "Message-ID", "X-Original-Return-Path", "Sender"];

/// Our token: in the address the report came to, in the feedback report, or in the returned message.
pub(crate) fn token(message: &Message<'_>) -> Option<Found> {
    let mut others = None;
    let mut keep = |found: Found| {
        if found.kind == Kind::Bounce {
            return Some(found);
        }
        others.get_or_insert(found);
        None
    };
    for (name, value) in message.headers_raw() {
        if RECIPIENTS.iter().any(|wanted| name.eq_ignore_ascii_case(wanted))
            && let Some(found) = in_text(value).and_then(&mut keep)
        {
            return Some(found);
        }
    }
    for part in &message.parts {
        if is_type(part, "message", "feedback-report") {
            let text = text_of(part);
            if let Some(found) =
                complaint::addresses(&text).iter().filter_map(|value| in_text(value)).find_map(&mut keep)
            {
                return Some(found);
            }
        }
        let returned = match &part.body {
            PartType::Message(inner) => String::from_utf8_lossy(inner.raw_message()).into_owned(),
            _ if is_type(part, "text", "rfc822-headers") => text_of(part),
            _ => continue,
        };
        let end = returned.find("\r\n\r\n").into_iter().chain(returned.find("\n\n")).min().unwrap_or(returned.len());
        let head = &returned[..end];
        for (name, value) in report::fields(head) {
            if OURS.iter().any(|wanted| name.eq_ignore_ascii_case(wanted))
                && let Some(found) = in_text(&value).and_then(&mut keep)
            {
                return Some(found);
            }
        }
    }
    others
}

fn in_text(value: &str) -> Option<Found> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | ':' | '"' | '?'))
        .take(50)
        .filter(|word| word.contains('@'))
        .find_map(Found::in_address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "mfrggzdfmztwq2lknnwg23tpoa";

    fn dsn(action: &str, status: &str, diagnostic: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.net\r\nTo: <b+{TOKEN}@bounce.example.com>\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; lina@example.net\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@example.com\r\nSubject: Offers\r\n\r\nspam spam\r\n--x--\r\n"
        )
    }

    fn explain(raw: &str) -> Explained {
        explain_bounce(raw.as_bytes())
    }

    #[test]
    fn a_report_about_an_unknown_address() {
        let found = explain(&dsn("failed", "5.1.1", "smtp; 550 5.1.1 no such user"));
        assert_eq!(
            found,
            Explained {
                class: Class::HardAddress,
                status: Some("5.1.1".into()),
                token: Some(TOKEN.into()),
                suppress: true,
                form: Form::Status,
            }
        );
    }

    #[test]
    fn bare_line_feeds_read_the_same() {
        let raw = dsn("failed", "5.1.1", "smtp; 550 5.1.1 no such user");
        assert_eq!(explain(&raw.replace("\r\n", "\n")), explain(&raw));
    }

    #[test]
    fn actions_and_vague_codes() {
        for (action, status, diagnostic, class, code) in [
            ("delayed", "4.4.1", "smtp; 451 timed out", Class::Transient, "4.4.1"),
            ("failed", "4.4.7", "smtp; expired", Class::Transient, "4.4.7"),
            ("failed", "5.2.2", "smtp; 552 5.2.2 over quota", Class::Full, "5.2.2"),
            ("failed", "5.0.0", "smtp; 550 5.7.1 blocked", Class::Policy, "5.7.1"),
            ("failed", "5.0.0", "smtp; 550 no such user", Class::HardAddress, "5.0.0"),
            ("delivered", "2.0.0", "smtp; 250 ok", Class::Delivered, "2.0.0"),
            ("failed", "5.6.7", "smtp; 550 5.6.7 no", Class::Eai, "5.6.7"),
        ] {
            let found = explain(&dsn(action, status, diagnostic));
            assert_eq!((found.class, found.status.as_deref()), (class, Some(code)), "{action} {status} {diagnostic}");
            assert_eq!(found.form == Form::Delayed, action == "delayed");
        }
    }

    #[test]
    fn complaints_find_the_token_in_the_returned_message() {
        let raw = format!(
            "From: fbl@isp.example\r\nTo: abuse@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nA report.\r\n\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <b+{TOKEN}@bounce.example.com>\r\nFrom: a@example.com\r\nSubject: Offers\r\n\r\nhi\r\n--x--\r\n"
        );
        let found = explain(&raw);
        assert_eq!(
            found,
            Explained {
                class: Class::Complaint,
                status: None,
                token: Some(TOKEN.into()),
                suppress: true,
                form: Form::Feedback
            }
        );
        assert_eq!(explain(&raw.replace("abuse\r\nUser", "not-spam\r\nUser")).class, Class::NotSpam);
        for kept in ["List-Unsubscribe: <https://x/u>, <mailto:u+", "Message-ID: <r+"] {
            assert_eq!(explain(&raw.replace("Return-Path: <b+", kept)).token.as_deref(), Some(TOKEN));
        }
    }

    #[test]
    fn plain_text_reports_are_read_by_their_words() {
        let plain = |from: &str, subject: &str, body: &str| {
            explain(&format!(
                "From: {from}\r\nTo: b+{TOKEN}@bounce.example.com\r\nSubject: {subject}\r\n\r\n{body}\r\n"
            ))
        };
        let qmail =
            plain("MAILER-DAEMON@mx", "failure notice", "<x@y>:\r\nSorry, no mailbox here by that name. (#5.1.1)");
        assert_eq!((qmail.class, qmail.status.as_deref()), (Class::HardAddress, Some("5.1.1")));
        let exim = plain("Mailer-Daemon@mx", "Mail delivery failed", "host mx [10.5.1.1]: 550 mailbox is full");
        assert_eq!((exim.class, exim.status), (Class::Full, None));
        let quoted = plain(
            "MAILER-DAEMON@mx",
            "failure notice",
            "user unknown\r\n--- Below this line is a copy\r\nno spam 5.7.1",
        );
        assert_eq!(quoted.class, Class::HardAddress);
        assert_eq!(plain("postmaster@mx", "Undeliverable: x", "Something happened").class, Class::Unknown);
        let vacation = plain("lina@example.net", "Out of office", "user unknown to me is back on Monday");
        assert_eq!((vacation.class, vacation.suppress), (Class::NotABounce, false));
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = explain_bounce(&octets);
        }

        #[test]
        fn torn_reports_are_survived(from in 0_usize..900, length in 0_usize..300, noise in "\\PC{0,20}") {
            let mut raw = dsn("failed", "5.1.1", "smtp; 550").into_bytes();
            let from = from.min(raw.len());
            let to = (from + length).min(raw.len());
            raw.splice(from..to, noise.into_bytes());
            let _ = explain_bounce(&raw);
        }
    }
}
