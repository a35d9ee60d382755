//! Conversations over SMS: what a member answers leaves from the number that the person wrote to, as a service
//! message that rests on their own request.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use billing::balance;
use kernel::{ContactId, EventId, Phone, Problem};
use outbound::lines::{CameIn, Carried, Carrier, Line, Parcel, Quote, Stands, Words};
use privacy::gate::{Ask, ContentMeta};
use privacy::suppression;
use privacy::vocabulary::{BasisKind, Channel};
use serde_json::json;
use store::{BoxFuture, Ctx, params};

use super::accept::{NewMessage, accept, sender, unit_price};
use super::content::{Content, INCOMING};
use super::keywords::Keyword;
use super::model::{InboundView, MessageState};
use super::queries as sql;
use super::service::Sms;
use crate::sms::{Originator, Reference, segment};
use crate::{Error, Result, senders, settings};

/// The channel's code in conversations.
pub(super) const CHANNEL: &str = "sms";

/// Carries conversations over SMS.
pub struct SmsLine(Sms);

impl SmsLine {
    /// Over the process's messages.
    pub fn new(sms: Sms) -> Self {
        Self(sms)
    }

    async fn reach_by(&self, ctx: &Ctx, contact: ContactId, account: Option<&str>) -> Result<Line> {
        let loaded = people::contacts::get(ctx, people::ReadFor::Work, contact).await?.loaded;
        let Some(to) = loaded.profile.phone().and_then(|phone| Phone::parse(phone, None).ok()) else {
            return Err(Error::Conflict("this contact has no phone number"));
        };
        let country = to.country().unwrap_or_default();
        let from = match account {
            Some(account) => Some(ours(ctx, account).await?.ok_or_else(|| {
                Error::field("account", "is no sender of this workspace that people can answer; add it first")
            })?),
            None => None,
        };
        let new = NewMessage { from, ..NewMessage::new(to.clone(), "?") };
        let chosen = match sender(ctx, &new, (Some(contact), &country)).await {
            Ok(chosen) if chosen.two_way() => chosen,
            // A name cannot be answered: a conversation needs a number.
            Ok(_) | Err(Error::Sender(_)) if account.is_none() => two_way(ctx, &country).await?,
            Ok(_) => return Err(Error::field("account", "people cannot answer a name; choose a number")),
            Err(error) => return Err(error),
        };
        Ok(Line { channel: CHANNEL.to_owned(), account: chosen.address().to_owned(), address: to.as_str().to_owned() })
    }

    async fn quoted(&self, ctx: &Ctx, parcel: &Parcel) -> Result<Quote> {
        let (new, country) = message(ctx, parcel).await?;
        let rules = settings::get(ctx).await?;
        let mut quote = Quote::default();
        let text = if new.text.is_empty() { " " } else { new.text.as_str() };
        let segments = segment(text, Reference::Short)?;
        let most = match segments.parts.len() {
            1 => segments.encoding.alone(),
            _ => segments.encoding.together(Reference::Short),
        };
        quote.parts = u32::try_from(segments.parts.len()).unwrap_or(u32::MAX);
        quote.encoding = Some(segments.encoding.as_str());
        let last = segments.parts.last().map_or(0, |part| part.units);
        quote.left = u32::try_from(most.saturating_sub(last)).ok();
        for c in text.chars().filter(|c| crate::sms::septets(*c).is_none()) {
            if quote.because.len() < 10 && !quote.because.contains(&c) {
                quote.because.push(c);
            }
        }
        if !rules.countries.contains(&country) {
            quote.refused = Some(Error::Country(country).problem());
            return Ok(quote);
        }
        if segments.parts.len() > rules.parts {
            let detail = format!("{} parts; the workspace's limit is {}", segments.parts.len(), rules.parts);
            quote.refused = Some(Problem::field("text", detail));
            return Ok(quote);
        }
        let originator = match sender(ctx, &new, (Some(parcel.subject), &country)).await {
            Ok(originator) => originator,
            Err(error) => {
                quote.refused = Some(error.problem());
                return Ok(quote);
            }
        };
        match unit_price(ctx, &new, &country, &originator).await {
            Ok(unit) => quote.price_micros = unit.times(segments.parts.len() as u64).0,
            Err(error) => quote.refused = Some(error.problem()),
        }
        let balance = balance::get(ctx).await?;
        if quote.refused.is_none()
            && balance.is_limited()
            && balance.available.0.saturating_add(balance.credit.0) < quote.price_micros
        {
            quote.refused = Some(billing::Error::Insufficient.problem());
        }
        if quote.refused.is_none() {
            quote.refused = self.denied(ctx, parcel, (&new, &originator)).await?;
        }
        Ok(quote)
    }

    /// What the gate has against it. A basis that is missing is stated when the message is taken.
    async fn denied(
        &self,
        ctx: &Ctx,
        parcel: &Parcel,
        (new, originator): (&NewMessage, &Originator),
    ) -> Result<Option<Problem>> {
        let keys = ctx.keys().await?;
        let address = suppression::phone_hash(&keys, &new.to);
        let ask = Ask {
            subject: parcel.subject,
            address,
            domain: address,
            channel: Channel::Sms,
            purpose: new.purpose.clone(),
            topic: None,
            content: ContentMeta {
                hash: Content::hash(&new.text, &originator.to_string()),
                missing: Vec::new(),
                promotional: false,
            },
            sender_verified: true,
        };
        let answer = self.0.gate().preview(ctx, vec![ask]).await?.pop();
        Ok(match answer {
            Some(Err(denial)) if denial.until.is_none() && !lacks_basis(&denial.reason) => {
                Some(outbound::Error::Denied(denial.reason).problem())
            }
            _ => None,
        })
    }
}

/// Whether all that is missing is a basis.
pub(crate) fn lacks_basis(reason: &str) -> bool {
    reason == "no_basis" || reason == "consent_withdrawn" || reason.starts_with("basis_")
}

/// The sender of the workspace that has this address.
async fn ours(ctx: &Ctx, account: &str) -> Result<Option<Originator>> {
    let digits = account.trim_start_matches('+');
    let pool = senders::list(ctx).await?;
    Ok(pool
        .into_iter()
        .map(|entry| entry.value)
        .find(|value| value.address() == digits || value.to_string() == account))
}

/// A number of the workspace that may be used in a country.
async fn two_way(ctx: &Ctx, country: &str) -> Result<Originator> {
    let pool = senders::list(ctx).await?;
    let found = pool.into_iter().find(|entry| entry.value.two_way() && entry.usable_in(country).is_ok());
    let none =
        || Error::Sender("a conversation needs a number that people can answer; add one to the senders".to_owned());
    found.map(|entry| entry.value).ok_or_else(none)
}

/// The message that a parcel is, and the country it goes to.
async fn message(ctx: &Ctx, parcel: &Parcel) -> Result<(NewMessage, String)> {
    if parcel.words.file.is_some() {
        return Err(Error::field("file", "files cannot be sent by SMS; send a link"));
    }
    if parcel.words.template.is_some() {
        return Err(Error::field("template", "is for WhatsApp only"));
    }
    let to = Phone::parse(&parcel.line.address, None).map_err(|_| Error::field("to", "expected a phone number"))?;
    let country = to.country().unwrap_or_default();
    let new = NewMessage {
        id: Some(parcel.id),
        // The number that the person knows, unless it was taken away meanwhile.
        from: ours(ctx, &parcel.line.account).await?,
        basis: Some(BasisKind::SubjectRequest),
        ..NewMessage::new(to, spelled(&parcel.words))
    };
    Ok((new, country))
}

/// Words with their choices written below, each on a line with its number.
fn spelled(words: &Words) -> String {
    let mut out = words.text.clone();
    for (place, (label, _)) in words.choices.iter().enumerate() {
        let _ = write!(out, "\n{}. {label}", place + 1);
    }
    out
}

impl Carrier for SmsLine {
    fn channels(&self) -> &'static [&'static str] {
        &[CHANNEL]
    }

    fn reach<'a>(
        &'a self,
        ctx: &'a Ctx,
        _: &'a str,
        contact: ContactId,
        account: Option<&'a str>,
    ) -> BoxFuture<'a, std::result::Result<Line, Problem>> {
        Box::pin(async move { Ok(self.reach_by(ctx, contact, account).await?) })
    }

    fn quote<'a>(&'a self, ctx: &'a Ctx, parcel: &'a Parcel) -> BoxFuture<'a, std::result::Result<Quote, Problem>> {
        Box::pin(async move { Ok(self.quoted(ctx, parcel).await?) })
    }

    fn carry<'a>(&'a self, ctx: &'a Ctx, parcel: Parcel) -> BoxFuture<'a, std::result::Result<Carried, Problem>> {
        Box::pin(async move {
            let (new, _) = message(ctx, &parcel).await?;
            let kept = accept(&self.0, ctx, new).await?;
            Ok(Carried {
                state: stands(kept.state),
                reason: kept.reason,
                parts: kept.parts,
                price_micros: kept.price.0,
            })
        })
    }

    fn came_in<'a>(
        &'a self,
        ctx: &'a Ctx,
        message: EventId,
    ) -> BoxFuture<'a, std::result::Result<Option<CameIn>, Problem>> {
        Box::pin(async move { Ok(opened(ctx, message).await?) })
    }
}

/// Where a message stands, in words that all channels have.
const fn stands(state: MessageState) -> Stands {
    match state {
        MessageState::Queued | MessageState::Sending | MessageState::Held => Stands::Queued,
        MessageState::Sent => Stands::Sent,
        MessageState::Delivered => Stands::Delivered,
        MessageState::Failed => Stands::Failed,
        MessageState::Denied => Stands::Denied,
        MessageState::Cancelled => Stands::Cancelled,
        MessageState::InDoubt => Stands::InDoubt,
        MessageState::Expired => Stands::Expired,
    }
}

async fn opened(ctx: &Ctx, message: EventId) -> Result<Option<CameIn>> {
    let row: Option<InboundView> = ctx.db.get(sql::GET_INBOUND, params![ctx.workspace, message]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let words = super::view::open(ctx, row.contact, INCOMING, row.sealed.take()).await?;
    let Some((number, text, _)) = words else { return Ok(None) };
    let mut notes = BTreeMap::new();
    if row.missing > 0 {
        notes.insert("missing".to_owned(), json!(row.missing));
    }
    if row.keyword.is_empty() && row.intent != "not_optout" {
        notes.insert("intent".to_owned(), json!(row.intent));
    }
    Ok(Some(CameIn {
        subject: row.contact,
        contact: Some(row.contact),
        name: None,
        language: super::keywords::is_arabic(&text).then(|| "ar".to_owned()),
        line: Line { channel: CHANNEL.to_owned(), account: row.number.clone(), address: number },
        text,
        choice: None,
        files: Vec::new(),
        stop: row.keyword == Keyword::Stop.as_str(),
        notes,
    }))
}

#[cfg(test)]
mod tests {
    use super::{Words, spelled};

    #[test]
    fn choices_are_written_below_the_words() {
        let choices = vec![("Yes".to_owned(), "y".to_owned()), ("لا".to_owned(), "n".to_owned())];
        let words = Words { text: "Shall we?".into(), choices, ..Words::default() };
        assert_eq!(spelled(&words), "Shall we?\n1. Yes\n2. لا");
    }
}
