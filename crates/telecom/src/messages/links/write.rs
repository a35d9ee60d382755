//! Links as they stand in texts.

use kernel::{ContactId, DeliveryId, Locale, RawId, Timestamp};
use outbound::texts::{LinkTo, Words};
use privacy::gate::{Ask, ContentMeta};
use privacy::vocabulary::{Channel, Purpose};
use store::{Batch, Blind, Ctx, SubjectKeys, Value, WorkspaceKeys, params};

use super::super::accept::NewMessage;
use super::super::service::Sms;
use super::code::{PLACE, code};
use super::queries as sql;
use crate::Result;

/// How long a short link leads somewhere, in seconds: 90 days.
const LIFE: i64 = 90 * 86_400;
/// The number of the link to leave, which is no page of the content.
const LEAVE: i64 = -1;
/// Where the target is sealed.
pub(super) const SEALED: &str = "short_link.sealed";

/// Whose link it is.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Bound {
    /// The campaign; the message itself when there is none.
    pub(in super::super) source: RawId,
    /// The message.
    pub(in super::super) message: DeliveryId,
    /// The person.
    pub(in super::super) contact: ContactId,
}

/// What a short link leads to, about to be kept.
#[derive(Debug, Clone)]
pub(in super::super) struct ShortLink {
    code: String,
    source: RawId,
    /// `None` for a link that many share.
    owner: Option<(DeliveryId, ContactId)>,
    number: i64,
    kind: &'static str,
    counted: bool,
    language: String,
    /// In the clear when many share it, since it says nothing about anybody.
    target: Option<String>,
    sealed: Option<Vec<u8>>,
}

impl ShortLink {
    pub(in super::super) fn push(&self, batch: &mut Batch, ctx: &Ctx) {
        let (now, owner) = (ctx.now(), self.owner);
        let sealed = self.sealed.clone().map_or(Value::Null, Value::from);
        batch.push(
            sql::INSERT,
            params![
                self.code.as_str(),
                ctx.workspace,
                self.source,
                owner.map(|(message, _)| message),
                owner.map(|(_, contact)| contact),
                self.number,
                self.kind,
                self.counted,
                self.language.as_str(),
                now,
                now.plus_seconds(LIFE),
                self.target.clone(),
                sealed
            ],
        );
    }
}

/// Writes links short.
pub(in super::super) struct Shortener<'a> {
    base: &'a str,
}

/// What is known where the links of one message are written.
pub(in super::super) struct Place<'a> {
    pub(in super::super) keys: &'a WorkspaceKeys,
    pub(in super::super) subject: &'a SubjectKeys,
    pub(in super::super) language: &'a Locale,
    /// Whether the person lets their clicks be counted.
    pub(in super::super) tracked: bool,
    /// Whether pages are shortened at all; the link to leave always is.
    pub(in super::super) pages: bool,
}

impl<'a> Shortener<'a> {
    /// Under this address; `None` when there is none.
    pub(in super::super) fn new(base: &'a str) -> Option<Self> {
        (!base.is_empty()).then_some(Self { base })
    }

    fn url(&self, code: &str) -> String {
        format!("{}/s/{code}", self.base)
    }

    /// A text of somebody's own as it will be, but for the codes.
    pub(in super::super) fn measure(&self, text: &str) -> String {
        self.measured(&Words::plain(text), true)
    }

    /// Words as they will be, but for the codes.
    pub(in super::super) fn measured(&self, words: &Words, pages: bool) -> String {
        let short = self.url(PLACE);
        words.with(|link, url, out| {
            let written = if pages || link.to == LinkTo::Leave { &short } else { url };
            out.push_str(written);
        })
    }

    /// Words with their links as they are sent, and what those lead to.
    pub(in super::super) fn write(
        &self,
        ctx: &Ctx,
        place: &Place<'_>,
        (bound, words): (&Bound, &Words),
    ) -> (String, Vec<ShortLink>) {
        let mut made = Vec::new();
        let text = words.with(|link, url, out| {
            let (number, kind, shared) = match link.to {
                LinkTo::Leave => (LEAVE, "leave", false),
                LinkTo::Page { .. } if !place.pages => {
                    out.push_str(url);
                    return;
                }
                // Without leave to count, the link carries no person, unless its address does already.
                LinkTo::Page { number, own } => (i64::from(number), "page", !place.tracked && !own),
            };
            let link = if shared {
                Self::shared(place, (bound, number, url))
            } else {
                Self::own(ctx, place, (bound, number, kind, url))
            };
            out.push_str(&self.url(&link.code));
            made.push(link);
        });
        (text, made)
    }

    fn shared(place: &Place<'_>, (bound, number, url): (&Bound, i64, &str)) -> ShortLink {
        ShortLink {
            code: code(place.keys, &bound.source, number, url),
            source: bound.source,
            owner: None,
            number,
            kind: "page",
            counted: true,
            language: place.language.to_string(),
            target: Some(url.to_owned()),
            sealed: None,
        }
    }

    fn own(ctx: &Ctx, place: &Place<'_>, (bound, number, kind, url): (&Bound, i64, &'static str, &str)) -> ShortLink {
        let message: Blind = bound.message.into();
        let aad = ctx.aad(bound.contact, SEALED);
        // Without a key the person is being erased; the gate denies the message, and the link with it.
        let sealed = place.subject.data().ok().map(|key| key.seal(&aad, url.as_bytes(), ctx.rng.as_ref()));
        ShortLink {
            code: code(place.keys, &message, number, url),
            source: bound.source,
            owner: Some((bound.message, bound.contact)),
            number,
            kind,
            counted: place.tracked,
            language: place.language.to_string(),
            target: None,
            sealed,
        }
    }

    /// The links of a message of its own, outside of any campaign.
    pub(in super::super) async fn single(
        &self,
        sms: &Sms,
        ctx: &Ctx,
        (new, address): (&NewMessage, Blind),
        (bound, subject): (&Bound, &SubjectKeys),
    ) -> Result<(String, Vec<ShortLink>)> {
        let answers = sms.gate().preview(ctx, vec![tracking(bound.contact, address)]).await?;
        let keys = ctx.keys().await?;
        let language = if super::super::keywords::is_arabic(&new.text) { Locale::ar() } else { Locale::en() };
        let tracked = answers.iter().all(Result::is_ok);
        let place = Place { keys: &keys, subject, language: &language, tracked, pages: true };
        Ok(self.write(ctx, &place, (bound, &Words::plain(&new.text))))
    }
}

/// The question whether somebody's clicks may be counted.
pub(in super::super) fn tracking(subject: ContactId, address: Blind) -> Ask {
    Ask {
        subject,
        address,
        domain: address,
        channel: Channel::Sms,
        purpose: Purpose::ENGAGEMENT_TRACKING,
        topic: None,
        content: ContentMeta { hash: [0; 32], missing: Vec::new(), promotional: false },
        sender_verified: true,
    }
}

/// Whether a link still leads somewhere.
pub(super) fn is_over(expires_at: Timestamp, now: Timestamp) -> bool {
    now >= expires_at
}
