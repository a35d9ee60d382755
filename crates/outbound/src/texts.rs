//! Runs whose messages are texts for telephones.
//!
//! What a text weighs, what it costs and what becomes of it is known to the channel alone, which is not known here:
//! it gives the process a [`Texts`]. Whoever has many people to write to hands it what each of them is to read, and
//! it keeps them, with the gate's leave and their price set aside, as messages of the run. That a run was paused,
//! resumed or cancelled it hears from the jobs of [`RUN_QUEUE`].

use std::ops::Range;

use kernel::{CampaignId, ContactId, DeliveryId, Email, Locale, Phone, Problem, RawId, Timestamp};
use people::segments::conditions::{EventClass, EventKind};
use serde::{Deserialize, Serialize};
use store::{Batch, BoxFuture, Ctx, NewJob};

use crate::channel::Sender;
use crate::deliveries::{Counts, Run};

/// The queue whose jobs say that the state of a run of texts has changed.
pub const RUN_QUEUE: &str = "sms.run";

/// A text for one person, with its links told apart: the channel decides how they are written.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The text, with its links written out.
    pub text: String,
    /// Its links in order, none over another.
    pub links: Vec<WordLink>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words([pii])")
    }
}

/// A link of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordLink {
    /// The octets of [`Words::text`] that it takes.
    pub at: Range<usize>,
    /// Where it leads.
    pub to: LinkTo,
}

/// Where a link of a text leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkTo {
    /// To the address that stands there.
    Page {
        /// Its number in the content.
        number: u32,
        /// Whether the address differs from person to person.
        own: bool,
    },
    /// To the page by which people leave.
    Leave,
}

impl Words {
    /// A text with all its web addresses as links, numbered from 0.
    pub fn plain(text: &str) -> Self {
        let mut links = Vec::new();
        let mut from = 0;
        while let Some(start) = next_url(text, from) {
            let end = url_end(text, start);
            let number = u32::try_from(links.len()).unwrap_or(u32::MAX);
            links.push(WordLink { at: start..end, to: LinkTo::Page { number, own: true } });
            from = end;
        }
        Self { text: text.to_owned(), links }
    }

    /// The text with each link as `write` has it.
    pub fn with(&self, mut write: impl FnMut(&WordLink, &str, &mut String)) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for link in &self.links {
            let (Some(before), Some(url)) = (self.text.get(from..link.at.start), self.text.get(link.at.clone())) else {
                continue;
            };
            out.push_str(before);
            write(link, url, &mut out);
            from = link.at.end;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        out
    }
}

fn next_url(text: &str, from: usize) -> Option<usize> {
    let starts = |at: usize| {
        let rest = &text.as_bytes()[at..];
        [&b"http://"[..], b"https://"].iter().any(|scheme| {
            rest.len() > scheme.len()
                && rest[..scheme.len()].eq_ignore_ascii_case(scheme)
                && !rest[scheme.len()].is_ascii_whitespace()
        })
    };
    (from..text.len()).find(|&at| text.is_char_boundary(at) && starts(at))
}

/// Closing signs after an address do not belong to it.
fn url_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len());
    let mut url = &rest[..end];
    loop {
        url = match url.chars().next_back() {
            Some(c @ ('.' | ',' | ';' | ':' | '!' | '?' | '،' | '؛' | '؟' | '\'')) => {
                &url[..url.len() - c.len_utf8()]
            }
            Some(')') if !url.contains('(') => &url[..url.len() - 1],
            _ => return start + url.len(),
        };
    }
}

/// A text to be sent to one person.
#[derive(Debug, Clone)]
pub struct Text {
    /// The person.
    pub contact: ContactId,
    /// The number.
    pub phone: Phone,
    /// The language of the text.
    pub language: Locale,
    /// The words; a code when they could not be made for this person, who is denied for it then.
    pub says: Result<Words, &'static str>,
}

/// How the texts of a run are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// From which originator; `None` lets the workspace's originators decide by country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Whether links are written short.
    #[serde(default)]
    pub shorten: bool,
    /// For how many seconds it may be delivered; `None` for the longest that operators try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<u32>,
}

/// How one text would travel, and what it would cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The country of the number (ISO 3166), when it is known.
    pub country: Option<String>,
    /// The stable name of the alphabet: `GSM_7BIT` or `UCS2`.
    pub encoding: &'static str,
    /// How many parts.
    pub parts: u32,
    /// The originator.
    pub from: Option<String>,
    /// What all parts together cost, in millionths of the balance's currency.
    pub price_micros: i64,
    /// Why it would not be taken: `country_not_allowed`, `no_originator`, `too_many_parts` or `unpriced`.
    pub refused: Option<&'static str>,
}

/// How a wording would travel, whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// `GSM_7BIT` or `UCS2`.
    pub encoding: &'static str,
    /// How many parts.
    pub parts: u32,
    /// The first characters, at most ten, because of which the whole text is UCS-2.
    pub because: Vec<char>,
    /// Whether it says by which word people stop messages.
    pub says_stop: bool,
    /// Whether it says by which word people ask for help.
    pub says_help: bool,
}

/// What a run of texts came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextFigures {
    /// Messages by state, denials and failures by reason.
    pub counts: Counts,
    /// Messages that telephones have.
    pub delivered: u64,
    /// Messages that were sent and of which no receipt says yet what became of them.
    pub unconfirmed: u64,
    /// Messages whose validity ended, or for which no receipt ever came.
    pub expired: u64,
    /// Messages that wait because the run is paused.
    pub held: u64,
    /// Parts of all messages that were not denied.
    pub parts: u64,
    /// What is charged so far, in millionths.
    pub cost_micros: i64,
    /// What is set aside for messages under way, in millionths.
    pub reserved_micros: i64,
    /// Parts and money by country.
    pub by_country: Vec<CountryFigures>,
    /// Clicks by link number and by who caused them.
    pub clicks: Vec<LinkFigures>,
    /// Clicks hour by hour.
    pub hours: Vec<HourFigures>,
    /// People who followed a link, as far as they allow counting.
    pub clicked: u64,
    /// People who left by an answer or the link to leave.
    pub left: u64,
}

/// What went to one country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CountryFigures {
    /// The country (ISO 3166).
    pub country: String,
    /// Messages that were not denied.
    pub messages: u64,
    /// Their parts.
    pub parts: u64,
    /// What was charged, in millionths.
    pub cost_micros: i64,
}

/// Clicks of one link.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkFigures {
    /// The number in the content.
    pub number: u32,
    /// All and different people, by class.
    pub clicks: crate::tracking::ByClass,
}

/// Clicks of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourFigures {
    /// The hour's first instant.
    pub at: Timestamp,
    /// Clicks by class.
    pub clicks: crate::tracking::ByClass,
}

/// What the channel of texts can do for a run.
pub trait Texts: Send + Sync {
    /// What each text would weigh and cost, and what speaks against it. Nothing is kept.
    fn quote<'a>(
        &'a self,
        ctx: &'a Ctx,
        terms: &'a Terms,
        texts: &'a [Text],
    ) -> BoxFuture<'a, Result<Vec<Quote>, Problem>>;

    /// What a wording weighs.
    ///
    /// # Errors
    /// A problem with `text` when it has more parts than can be counted.
    fn weigh(&self, terms: &Terms, words: &Words) -> Result<Weight, Problem>;

    /// Whether the workspace has this originator, or any at all when none is named.
    fn originates<'a>(&'a self, ctx: &'a Ctx, from: Option<&'a str>) -> BoxFuture<'a, Result<bool, Problem>>;

    /// Keeps the texts as messages of the run: allowed ones queued with their price set aside, the others denied with
    /// the reason. Who has a message of the run already keeps that one.
    ///
    /// # Errors
    /// `insufficient_balance` or `rate_limited` (a cap) when not all could be kept; those before are.
    fn accept<'a>(
        &'a self,
        ctx: &'a Ctx,
        run: &'a Run,
        terms: &'a Terms,
        texts: Vec<Text>,
    ) -> BoxFuture<'a, Result<(), Problem>>;

    /// How many messages of a run stand where; those that a pause holds count as queued.
    fn counts<'a>(&'a self, ctx: &'a Ctx, source: RawId) -> BoxFuture<'a, Result<Counts, Problem>>;

    /// Everything that is known of a run's messages together.
    fn figures<'a>(&'a self, ctx: &'a Ctx, source: RawId) -> BoxFuture<'a, Result<TextFigures, Problem>>;

    /// Sends one text to somebody's own telephone, at their request, outside of any run.
    fn try_out<'a>(&'a self, ctx: &'a Ctx, terms: &'a Terms, text: Text) -> BoxFuture<'a, Result<DeliveryId, Problem>>;
}

/// What stands for the sender of a run of texts, where a run must name one: mail to it goes nowhere (RFC 2606).
pub fn sender(name: &str) -> Sender {
    #[expect(clippy::expect_used, reason = "a constant; a test reads it")]
    let email = Email::parse("texts@sms.invalid").expect("an address");
    Sender { name: name.to_owned(), email, reply_to: None }
}

/// Says in a batch that the state of a run of texts changes in it.
pub fn changed(batch: &mut Batch, source: RawId) {
    let text = crate::runs::hex(source);
    batch.job(NewJob::now(RUN_QUEUE, serde_json::json!({ "source": text })).key(text));
}

/// Something that happened to a text of a run, for people's timelines and segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The operator took it.
    Sent,
    /// A telephone has it.
    Delivered,
    /// A link was followed.
    Clicked(EventClass),
    /// The person left by it.
    Unsubscribed,
}

/// Puts what happened to a text of a run into a batch.
pub fn happened(
    batch: &mut Batch,
    ctx: &Ctx,
    what: Happened,
    (contact, source, message): (ContactId, RawId, DeliveryId),
    at: Timestamp,
) {
    let (kind, class) = match what {
        Happened::Sent => (EventKind::Sent, EventClass::Human),
        Happened::Delivered => (EventKind::Delivered, EventClass::Human),
        Happened::Clicked(class) => (EventKind::Clicked, class),
        Happened::Unsubscribed => (EventKind::Unsubscribed, EventClass::Human),
    };
    crate::events::push(batch, ctx, kind, class, (contact, source, message), at);
}

/// The campaign that a source stands for, as feeds and answers name it.
pub fn campaign(source: RawId) -> CampaignId {
    CampaignId(source)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::{Words, sender};

    fn urls(text: &str) -> Vec<&str> {
        let words = Words::plain(text);
        let found: Vec<_> = words.links.iter().map(|link| link.at.clone()).collect();
        found.into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn addresses_are_found_without_what_closes_a_sentence() {
        assert_eq!(
            urls("See https://a.example/x?y=1. Or (HTTP://b.example), now"),
            ["https://a.example/x?y=1", "HTTP://b.example"]
        );
        assert_eq!(urls("زوروا https://a.example/عرض، اليوم"), ["https://a.example/عرض"]);
        assert_eq!(urls("https:// and http and ftp://x"), Vec::<&str>::new());
        assert_eq!(urls("https://a.example/(x)"), ["https://a.example/(x)"]);
        assert_eq!(sender("x").email.to_string(), "texts@sms.invalid");
    }

    #[test]
    fn links_are_written_anew() {
        let words = Words::plain("A https://a.example/1 b https://b.example.");
        let text = words.with(|link, url, out| write!(out, "<{}:{}>", link.at.len(), url.len()).unwrap());
        assert_eq!(text, "A <19:19> b <17:17>.");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_text(text in any::<String>()) {
            let words = Words::plain(&text);
            prop_assert_eq!(words.with(|_, url, out| out.push_str(url)), text);
        }
    }
}
