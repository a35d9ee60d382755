//! What operators bring: receipts, and what people write.

use kernel::{Code, ContactId, EventId, Phone, Timestamp};
use people::contacts::{Draft, Origin};
use privacy::claims::{self, Statement};
use privacy::gate::{Withdrawal, record_engagement};
use privacy::provenance::Method;
use privacy::replies::{Intent, is_lone_cancel};
use privacy::suppression::{self, Lift, Reason};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, Scope};
use serde_json::json;
use store::{BoxFuture, Ctx, Feed, params};

use super::accept::{NewMessage, accept};
use super::calling_off;
use super::content::{Content, INCOMING};
use super::keywords::{Keyword, is_arabic, keyword};
use super::queries as sql;
use super::reassembly::{self, Key, Whole};
use super::receipts;
use super::service::Sms;
use crate::Result;
use crate::routes::Route;
use crate::smpp::coding::{Decoded, decode};
use crate::smpp::{Inbound, Message, Receipt, Status};

/// Longest text that is kept of one message.
const LONGEST: usize = 64 * 1024;

/// Takes what comes in over one route.
pub struct Incoming {
    sms: Sms,
    ctx: Ctx,
    route: Route,
}

impl Incoming {
    /// Over a route of a workspace.
    pub fn new(sms: Sms, ctx: Ctx, route: Route) -> Self {
        Self { sms, ctx, route }
    }

    /// Takes a message or a receipt; durable when it returns.
    ///
    /// # Errors
    /// The store's.
    pub async fn take(&self, message: &Message) -> Result<()> {
        if message.is_receipt() {
            return match Receipt::read(message) {
                Some(receipt) => receipts::take(&self.ctx, &self.route, &receipt).await,
                None => Ok(()),
            };
        }
        self.words(message).await
    }

    async fn words(&self, message: &Message) -> Result<()> {
        let (place, header) = reassembly::place(message);
        let octets = message.octets().get(header..).unwrap_or_default();
        let Decoded::Text(text) = decode(message.data_coding, octets, (self.route.rules.alphabet, header)) else {
            return Ok(());
        };
        // Names and short codes write to programs, not to organisations.
        let digits = message.source.text.trim_start_matches('+');
        let Ok(from) = Phone::parse(&format!("+{digits}"), None) else { return Ok(()) };
        let number = message.destination.text.trim_start_matches('+');
        let keys = self.ctx.keys().await?;
        let Some(part) = place.filter(|part| part.total > 1) else {
            return self.whole(&from, number, (&text, None)).await;
        };
        let key = Key { from: keys.mac("sms.inbound", from.as_str().as_bytes()), number, part };
        match reassembly::add(&self.ctx, key, &text).await? {
            Whole::Waiting => Ok(()),
            Whole::Complete(text) => self.whole(&from, number, (&text, Some(key))).await,
        }
    }

    /// A whole message: kept, understood, acted upon.
    async fn whole(&self, from: &Phone, number: &str, (text, key): (&str, Option<Key<'_>>)) -> Result<()> {
        let ctx = &self.ctx;
        let text: String = text.chars().take(LONGEST).collect();
        let (keyword, intent) = keyword(&text);
        let Some(contact) = self.person(from).await? else { return Ok(()) };
        let called_off = if is_lone_cancel(&text) { calling_off::asked(&self.sms, ctx, contact).await? } else { None };
        let keyword = keyword.filter(|_| called_off.is_none());
        // What stops messages comes first: should anything after it fail, the operator brings it again.
        let acted = match keyword {
            _ if called_off.is_some() => Acted::Nothing,
            Some(Keyword::Stop) => self.stop(contact, from).await?,
            Some(Keyword::Start) => self.start(contact, (from, &text)).await?,
            Some(Keyword::Help) => Acted::Changed,
            None if matches!(intent, Intent::ComplaintLegal | Intent::Ambiguous) => {
                self.pause(contact, from, intent).await?;
                Acted::Nothing
            }
            None => Acted::Nothing,
        };
        if acted == Acted::Gone {
            return Ok(());
        }
        let subject = ctx.vault.subject(ctx.workspace, contact).await?;
        let content = Content {
            number: from.as_str().to_owned(),
            text: text.clone(),
            shown: None,
            flash: false,
            reference: None,
        };
        let Ok(sealed) = content.seal(ctx, (contact, INCOMING), &subject) else { return Ok(()) };
        let (id, now) = (ctx.id::<EventId>(), ctx.now());
        let (word, intent) = match &called_off {
            Some(_) => ("cancel", Intent::NotOptout),
            None => (keyword.map_or("", Keyword::as_str), intent),
        };
        let mut batch = ctx.batch();
        let about = params![ctx.workspace, id, contact, self.route.id, number, word, intent.as_str(), 0, now, sealed];
        batch.push(sql::INSERT_INBOUND, about);
        if let Some(key) = key {
            reassembly::taken(&mut batch, ctx, key);
        }
        record_engagement(&mut batch, ctx, contact, now);
        // Words are somebody's to answer; a stop ends what is open. What else is a keyword was answered already.
        let settled = called_off.as_ref().is_some_and(|(called_off, _)| called_off.settled);
        if matches!(keyword, None | Some(Keyword::Stop)) && !settled {
            outbound::lines::wrote(&mut batch, super::line::CHANNEL, id);
        }
        let data = json!({ "contact": contact, "channel": "sms", "keyword": word, "intent": intent.as_str() });
        batch.feed(Feed { kind: "message.received", entity: id.into(), data });
        match ctx.db.apply(batch).await {
            // Its last part was brought twice at the same time.
            Err(store::Error::Guard(_)) => return Ok(()),
            other => other?,
        };
        if let Some(called_off) = called_off {
            calling_off::answer(&self.sms, ctx, from, called_off).await;
        }
        if acted == Acted::Changed
            && let Some(keyword) = keyword
        {
            self.answer(keyword, (from, number), &text).await;
        }
        Ok(())
    }

    /// The person with this number; `None` for somebody who was erased and may not be kept again.
    async fn person(&self, from: &Phone) -> Result<Option<ContactId>> {
        let ctx = &self.ctx;
        if let Some(known) = people::contacts::by_phone(ctx, from).await? {
            return Ok(Some(known));
        }
        let draft = Draft { phones: vec![from.clone()], ..Draft::default() };
        let origin = Origin { method: Method::Api, source: "their own message".to_owned() };
        match people::contacts::create(ctx, draft, &origin).await {
            Ok(contact) => Ok(Some(contact)),
            Err(error) if error.problem().code == Code::BlockedTarget => Ok(None),
            Err(error) => match people::contacts::by_phone(ctx, from).await? {
                Some(known) => Ok(Some(known)),
                None => Err(error.into()),
            },
        }
    }

    /// Whether messages to this number are stopped already, by this channel or altogether.
    async fn is_stopped(&self, from: &Phone) -> Result<bool> {
        let keys = self.ctx.keys().await?;
        let found = suppression::check(&self.ctx, &[suppression::phone_hash(&keys, from)]).await?;
        Ok(found.iter().flatten().any(|block| matches!(block.scope, Scope::Channel(Channel::Sms) | Scope::Person)))
    }

    async fn withdraw(&self, contact: ContactId, from: &Phone, (scope, reason): (Scope, Reason)) -> Result<bool> {
        let keys = self.ctx.keys().await?;
        let withdrawal = Withdrawal {
            subject: contact,
            addresses: vec![suppression::phone_hash(&keys, from)],
            scope,
            reason,
            evidence: json!({ "channel": "sms", "route": self.route.id }),
        };
        Ok(self.sms.gate().withdraw(&self.ctx, withdrawal).await?.erasing)
    }

    async fn stop(&self, contact: ContactId, from: &Phone) -> Result<Acted> {
        let before = self.is_stopped(from).await?;
        let erasing = self.withdraw(contact, from, (Scope::Channel(Channel::Sms), Reason::Unsubscribe)).await?;
        Ok(match (erasing, before) {
            (true, _) => Acted::Gone,
            (false, true) => Acted::Nothing,
            (false, false) => {
                super::links::left(&self.ctx, contact).await?;
                Acted::Changed
            }
        })
    }

    /// A complaint with law in it, or words that may be an opt-out: sending stops until a human looked.
    async fn pause(&self, contact: ContactId, from: &Phone, intent: Intent) -> Result<()> {
        let how = match intent {
            Intent::ComplaintLegal => (Scope::Purpose(Purpose::MARKETING), Reason::Objection),
            _ => (Scope::Channel(Channel::Sms), Reason::Pause),
        };
        self.withdraw(contact, from, how).await.map(|_| ())
    }

    /// Who stopped messages and asks for them again has agreed anew, with their own telephone as the proof.
    async fn start(&self, contact: ContactId, (from, text): (&Phone, &str)) -> Result<Acted> {
        if !self.is_stopped(from).await? {
            return Ok(Acted::Nothing);
        }
        let ctx = &self.ctx;
        let (keys, now) = (ctx.keys().await?, ctx.now());
        let subject_keys = ctx.vault.subject(ctx.workspace, contact).await?;
        let asked = Lift {
            subject: contact,
            addresses: vec![suppression::phone_hash(&keys, from)],
            purpose: Purpose::MARKETING,
            channel: Channel::Sms,
            topic: None,
            confirmed_at: now,
        };
        let mut batch = ctx.batch();
        let lifted = suppression::lift(&mut batch, ctx, &keys, &subject_keys, &asked)?;
        claims::state(&mut batch, ctx, &keys, &subject_keys, again(contact, text, now))?;
        ctx.db.apply(batch).await?;
        lifted.remember(ctx).await?;
        Ok(Acted::Changed)
    }

    /// Answers a keyword, from the number that was written to where that is one of ours.
    async fn answer(&self, keyword: Keyword, (to, number): (&Phone, &str), text: &str) {
        if let Err(error) = self.try_answer(keyword, (to, number), text).await {
            tracing::warn!(%error, keyword = keyword.as_str(), "a keyword was not answered");
        }
    }

    async fn try_answer(&self, keyword: Keyword, (to, number): (&Phone, &str), text: &str) -> Result<()> {
        let ctx = &self.ctx;
        let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await;
        let workspace = workspace.map_err(|error| store::Error::Refused(error.problem()))?;
        let name = workspace.map(|found| found.name).unwrap_or_default();
        let pool = crate::senders::list(ctx).await?;
        let ours = pool.iter().find(|entry| entry.value.address() == number).map(|entry| entry.value.clone());
        let new = NewMessage {
            from: ours,
            purpose: Purpose::STATUTORY,
            basis: Some(BasisKind::LegalObligation),
            ..NewMessage::new(to.clone(), keyword.answer(is_arabic(text), &name))
        };
        accept(&self.sms, ctx, new).await.map(|_| ())
    }
}

/// What a keyword did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Acted {
    /// Nothing that is worth a confirmation.
    Nothing,
    /// Something: it is confirmed, once.
    Changed,
    /// The person is being erased; nothing of them is kept.
    Gone,
}

fn again(subject: ContactId, text: &str, at: Timestamp) -> Statement {
    Statement {
        subject,
        purpose: Purpose::MARKETING,
        channel: Channel::Sms,
        topic: None,
        basis: BasisKind::Consent,
        state: ConsentState::Given,
        at,
        expires_at: None,
        detail: json!({ "source": "sms keyword", "wording": text.chars().take(160).collect::<String>() }),
    }
}

impl Inbound for Incoming {
    fn deliver(&self, message: Message) -> BoxFuture<'_, std::result::Result<(), Status>> {
        Box::pin(async move {
            self.take(&message).await.map_err(|error| {
                tracing::warn!(%error, route = %self.route.id, "what an operator brought was not kept");
                Status::RECEIVER_TEMPORARY
            })
        })
    }
}
