//! What texts would weigh and cost, and what speaks against them. Many people are in few countries, so prices are
//! looked up once per country and kind of originator.

use std::collections::HashMap;

use billing::prices::{self, Wanted};
use billing::{Micros, balance};
use kernel::{ContactId, Phone};
use outbound::texts::{LinkTo, Quote, Terms, Text, Weight, Words};
use store::{Ctx, params};

use super::super::links::Shortener;
use super::super::queries::KNOWN_SENDER;
use super::super::service::Sms;
use crate::senders::{self, Entry};
use crate::settings::{self, Settings};
use crate::sms::{Originator, Reference, Segments, segment, septets};
use crate::{Error, Result};

/// What a campaign's texts are held against.
pub(super) struct Desk<'a> {
    pub(super) settings: Settings,
    pool: Vec<Entry>,
    asked: Option<Originator>,
    shorten: bool,
    /// Whether something that has no price may be sent all the same: the balance is only counted.
    unpriced: bool,
    shortener: Option<Shortener<'a>>,
    prices: HashMap<(String, &'static str), Option<Micros>>,
}

/// A text that can be sent.
pub(super) struct Fit {
    pub(super) country: String,
    pub(super) originator: Originator,
    pub(super) encoding: &'static str,
    pub(super) parts: usize,
    pub(super) price: Micros,
}

/// Why one cannot, and as much as is known of it.
pub(super) struct Misfit {
    pub(super) reason: &'static str,
    pub(super) country: String,
    encoding: &'static str,
    parts: usize,
    from: Option<String>,
}

impl<'a> Desk<'a> {
    pub(super) async fn open(sms: &'a Sms, ctx: &Ctx, terms: &Terms) -> Result<Self> {
        let asked = terms.from.as_deref().map(str::parse::<Originator>).transpose()?;
        let balance = balance::get(ctx).await?;
        Ok(Self {
            settings: settings::get(ctx).await?,
            pool: senders::list(ctx).await?,
            asked,
            shorten: terms.shorten,
            unpriced: !balance.is_limited(),
            shortener: Shortener::new(sms.public_url()),
            prices: HashMap::new(),
        })
    }

    pub(super) fn shortener(&self) -> Option<&Shortener<'a>> {
        self.shortener.as_ref()
    }

    pub(super) fn shortens(&self) -> bool {
        self.shorten
    }

    /// The text as it will be, but for the codes of its short links.
    pub(super) fn measured(&self, words: &Words) -> String {
        match &self.shortener {
            Some(shortener) => shortener.measured(words, self.shorten),
            None => words.text.clone(),
        }
    }

    /// Judges one text; `known` is the originator that this person knows from before.
    pub(super) async fn judge(
        &mut self,
        ctx: &Ctx,
        (phone, words): (&Phone, &Words),
        (known, dice): (Option<&str>, u64),
    ) -> Result<Result<Fit, Misfit>> {
        let text = self.measured(words);
        let weighed = segment(&text, Reference::Short);
        let (encoding, parts) = match &weighed {
            Ok(Segments { encoding, parts }) => (encoding.as_str(), parts.len()),
            Err(too_long) => ("UCS2", too_long.parts),
        };
        let country = phone.country().unwrap_or_default();
        let misfit = |reason, country: String| Misfit { reason, country, encoding, parts, from: None };
        if !self.settings.countries.contains(&country) {
            return Ok(Err(misfit("country_not_allowed", country)));
        }
        if weighed.is_err() || parts > self.settings.parts {
            return Ok(Err(misfit("too_many_parts", country)));
        }
        let Ok(originator) = senders::choose(&self.pool, self.asked.as_ref(), known, (&country, dice)) else {
            return Ok(Err(misfit("no_originator", country)));
        };
        let Some(unit) = self.unit(ctx, &country, originator.kind()).await? else {
            return Ok(Err(Misfit { from: Some(originator.to_string()), ..misfit("unpriced", country) }));
        };
        Ok(Ok(Fit { country, originator, encoding, parts, price: unit.times(parts as u64) }))
    }

    async fn unit(&mut self, ctx: &Ctx, country: &str, sender: &'static str) -> Result<Option<Micros>> {
        let key = (country.to_owned(), sender);
        if let Some(known) = self.prices.get(&key) {
            return Ok(*known);
        }
        let wanted = Wanted { service: "sms", country, network: "", sender };
        let found = prices::of(ctx, wanted).await?.or(self.unpriced.then_some(Micros(0)));
        self.prices.insert(key, found);
        Ok(found)
    }
}

/// The originators that these people know from before, in order.
///
/// # Errors
/// The store's.
pub(super) async fn known(ctx: &Ctx, people: impl Iterator<Item = ContactId>) -> Result<Vec<Option<String>>> {
    let sets = people.map(|contact| params![ctx.workspace, contact]).collect();
    let found: Vec<Vec<(String,)>> = ctx.db.many(KNOWN_SENDER, sets).await?;
    Ok(found.into_iter().map(|rows| rows.into_iter().next().map(|(value,)| value)).collect())
}

/// What each text would weigh and cost.
///
/// # Errors
/// [`Error::Field`] when the terms name no originator, or the store's.
pub(super) async fn quote(sms: &Sms, ctx: &Ctx, terms: &Terms, texts: &[Text]) -> Result<Vec<Quote>> {
    let mut desk = Desk::open(sms, ctx, terms).await?;
    let known = known(ctx, texts.iter().map(|text| text.contact)).await?;
    let empty = Words::default();
    let mut out = Vec::with_capacity(texts.len());
    for (text, known) in texts.iter().zip(known) {
        let words = text.says.as_ref().unwrap_or(&empty);
        let judged = desk.judge(ctx, (&text.phone, words), (known.as_deref(), 0)).await?;
        out.push(match (judged, &text.says) {
            (Ok(fit), says) => Quote {
                country: Some(fit.country),
                encoding: fit.encoding,
                parts: fit.parts as u32,
                from: Some(fit.originator.to_string()),
                price_micros: fit.price.0,
                refused: says.as_ref().err().copied(),
            },
            (Err(misfit), says) => Quote {
                country: Some(misfit.country).filter(|country| !country.is_empty()),
                encoding: misfit.encoding,
                parts: misfit.parts as u32,
                from: misfit.from,
                price_micros: 0,
                refused: Some(says.as_ref().err().copied().unwrap_or(misfit.reason)),
            },
        });
    }
    Ok(out)
}

/// What a wording weighs.
///
/// # Errors
/// [`Error::Field`] when it has more parts than can be counted.
pub(super) fn weigh(sms: &Sms, terms: &Terms, words: &Words) -> Result<Weight> {
    let text = match Shortener::new(sms.public_url()) {
        Some(shortener) => shortener.measured(words, terms.shorten),
        None => words.text.clone(),
    };
    let segments = segment(&text, Reference::Short)?;
    let mut because: Vec<char> = Vec::new();
    for c in text.chars().filter(|c| septets(*c).is_none()) {
        if because.len() < 10 && !because.contains(&c) {
            because.push(c);
        }
    }
    let (says_stop, says_help) = super::super::keywords::named(&text);
    let leaves = words.links.iter().any(|link| link.to == LinkTo::Leave);
    Ok(Weight {
        encoding: segments.encoding.as_str(),
        parts: segments.parts.len() as u32,
        because,
        says_stop: says_stop || leaves,
        says_help,
    })
}

/// Whether the workspace has this originator, or any.
///
/// # Errors
/// [`Error::Field`] when it is none, or the store's.
pub(super) async fn originates(ctx: &Ctx, from: Option<&str>) -> Result<bool> {
    let asked = from.map(str::parse::<Originator>).transpose().map_err(Error::from)?;
    let pool = senders::list(ctx).await?;
    Ok(match asked {
        Some(asked) => pool.iter().any(|entry| entry.value == asked),
        None => pool.iter().any(|entry| entry.rules.weight > 0),
    })
}
