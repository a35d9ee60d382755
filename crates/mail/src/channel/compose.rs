//! From an envelope to a message: the headers that lists, receivers and answers need.

use kernel::{Email, Timestamp};
use outbound::{Envelope, ListHeaders, Thread};
use privacy::vocabulary::Purpose;
use store::WorkspaceKeys;

use super::sending::SendingDomain;
use crate::address::{Kind, delivery_payload, local_part, with_token};
use crate::mime::{Automatic, Calendar, Follows, ListId, Mailbox, Message, Unsubscribe};

/// Feedback-ID ends with one value that never changes for a sender; mailbox providers group by it.
const FEEDBACK_SENDER: &str = "barid";

/// Longest List-Id; a sending domain that is longer does without.
const LIST_ID: usize = 128;

/// A message ready to be signed.
pub(super) struct Composed {
    pub(super) content: Vec<u8>,
    pub(super) return_path: Email,
    /// Whether its headers hold raw UTF-8.
    pub(super) international: bool,
}

/// What the messages of one sending domain share.
pub(super) struct Composer<'a> {
    pub(super) keys: &'a WorkspaceKeys,
    pub(super) domain: &'a SendingDomain,
    /// Whether mail to our own addresses reaches us.
    pub(super) inbound: bool,
    pub(super) now: Timestamp,
}

/// The texts that list headers are made of.
struct List<'e> {
    headers: &'e ListHeaders,
    id: String,
    mailto: Option<String>,
}

impl Composer<'_> {
    /// The message. An error is a code; it is a mistake of configuration, never of a merge value.
    pub(super) fn compose(
        &self,
        envelope: &Envelope,
        recipient: &Email,
        purpose: &Purpose,
    ) -> Result<Composed, &'static str> {
        let payload = delivery_payload(envelope.workspace, envelope.delivery);
        let address = |kind| with_token(self.keys, kind, &payload, &self.domain.return_path).ok_or("return_path");
        let return_path = address(Kind::Bounce)?;
        let id = local_part(self.keys, Kind::Reply, &payload).ok_or("message_id")?;
        let sender = envelope.sender.as_ref();
        let answers = match &sender.reply_to {
            None if self.inbound => Email::parse(&format!("{id}@{}", self.domain.return_path)).ok(),
            _ => None,
        };
        let reply_to = sender.reply_to.as_ref().or(answers.as_ref());
        let list = envelope.list.as_ref().map(|headers| List {
            headers,
            id: format!("{}.{}", headers.id, self.domain.name),
            mailto: local_part(self.keys, Kind::Unsubscribe, &payload)
                .map(|local| format!("mailto:{local}@{}", self.domain.return_path)),
        });
        let mut feedback: Vec<&str> = Vec::with_capacity(4);
        if let Some(list) = &list {
            feedback.extend(list.headers.feedback.split(':').take(2));
            feedback.extend([purpose.as_str(), FEEDBACK_SENDER]);
        }
        let name = envelope.recipient_name.as_ref().map_or("", |name| name.expose());
        let first = match envelope.thread {
            Some(Thread::Delivery(first)) => {
                local_part(self.keys, Kind::Reply, &delivery_payload(envelope.workspace, first))
            }
            _ => None,
        };
        let (follows, automatic) = match (&envelope.thread, &first) {
            (Some(Thread::Letter(letter)), _) => {
                let automatic = if letter.is_automatic() { Automatic::Replied } else { Automatic::No };
                (Follows::Theirs(letter.references()), automatic)
            }
            (_, Some(first)) => (Follows::Ours(first), Automatic::of(list.is_none())),
            (_, None) => (Follows::Nothing, Automatic::of(list.is_none())),
        };
        let invitation = envelope.invitation.as_ref().map(|invitation| {
            let answers = reply_to.unwrap_or(&sender.email);
            (invitation.method.as_str(), invitation.answered_at(&answers.to_string()))
        });
        let message = Message {
            id: &id,
            follows,
            id_domain: &self.domain.name,
            date: self.now,
            utc_offset: 0,
            from: Mailbox { name: &sender.name, email: &sender.email },
            reply_to: reply_to.map(|email| Mailbox { name: &sender.name, email }),
            to: Mailbox { name, email: recipient },
            subject: envelope.subject.expose(),
            text: envelope.text.expose(),
            html: envelope.html.as_ref().map(|html| html.expose().as_str()),
            language: Some(&envelope.language),
            unsubscribe: list
                .as_ref()
                .map(|list| Unsubscribe { url: &list.headers.unsubscribe, mailto: list.mailto.as_deref() }),
            list: list
                .as_ref()
                .filter(|list| list.id.len() <= LIST_ID)
                .map(|list| ListId { label: &list.headers.label, id: &list.id }),
            feedback: &feedback,
            automatic,
            invitation: invitation.as_ref().map(|(method, text)| Calendar { method, text }),
        };
        let international = message.needs_smtputf8();
        let content = message.build().map_err(|error| {
            tracing::error!(%error, "a message cannot be built");
            "message"
        })?;
        Ok(Composed { content, return_path, international })
    }
}
