//! Beginning a verification, sending its code again, taking it back.

use std::net::IpAddr;

use kernel::{Locale, NumberKind, Timestamp, VerificationId, VerificationServiceId};
use serde_json::json;
use store::{Batch, Blind, Ctx, Feed, NewJob, params};

use super::carry::{Address, Carried, Parcel};
use super::expire::QUEUE;
use super::model::{Kept, NO_SERVICE, Sent, Terms, Verification, VerificationState, Way, Whom};
use super::queries as sql;
use super::services::{self, Settings};
use super::words::Words;
use super::{Error, Result, Verify, rules, view, watch};

/// The sealed column.
pub(super) const SEALED: &str = "verification.sealed";
/// Longest name that the application gives a verification.
const REFERENCE: usize = 100;

/// What is asked for.
#[derive(Clone, Default)]
pub struct NewVerification {
    /// A telephone number or a mail address.
    pub to: String,
    /// By the settings of this service; else by the defaults.
    pub service: Option<VerificationServiceId>,
    /// By this way and no other.
    pub channel: Option<Way>,
    /// The words, with `{code}`.
    pub text: Option<String>,
    /// From what.
    pub originator: Option<String>,
    /// Digits of the code.
    pub code_length: Option<u8>,
    /// For how many seconds the code is good.
    pub expires_in: Option<u32>,
    /// How many codes may come back.
    pub max_attempts: Option<u32>,
    /// The web site that may read the code.
    pub web_otp: Option<String>,
    /// In which language.
    pub locale: Option<Locale>,
    /// What the application calls it; kept sealed.
    pub reference: Option<String>,
    /// The end user's own network address, as the application saw it; kept as a keyed hash.
    pub client: Option<IpAddr>,
    /// It must not leave this machine; its code is the beginning of [`rules::TRIAL_CODE`].
    pub trial: bool,
}

impl std::fmt::Debug for NewVerification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewVerification([pii])")
    }
}

impl NewVerification {
    /// The service's settings with the request's own over them.
    fn over(&self, mut settings: Settings) -> Result<Settings> {
        settings.code_length = self.code_length.unwrap_or(settings.code_length);
        settings.expires_in = self.expires_in.unwrap_or(settings.expires_in);
        settings.max_attempts = self.max_attempts.unwrap_or(settings.max_attempts);
        settings.originator = self.originator.clone().or(settings.originator);
        settings.web_otp = self.web_otp.clone().or(settings.web_otp);
        if let Some(channel) = self.channel {
            settings.channels = vec![channel];
        }
        settings.check()?;
        if let Some(text) = &self.text {
            rules::check_text("text", text)?;
        }
        if self.reference.as_ref().is_some_and(|reference| reference.chars().count() > REFERENCE) {
            return Err(Error::field("reference", "at most 100 characters"));
        }
        Ok(settings)
    }
}

/// The ways on which an address can be reached, of those that are wanted.
fn ladder(address: &Address, wanted: &[Way], asked: bool) -> Result<Vec<Way>> {
    let phone = match address {
        Address::Email(_) if asked && wanted != [Way::Email] => {
            return Err(Error::field("channel", "a mail address is reached by email"));
        }
        Address::Email(_) => return Ok(vec![Way::Email]),
        Address::Phone(phone) => phone,
    };
    let kind = phone.kind();
    if matches!(kind, NumberKind::PremiumRate | NumberKind::SharedCost) {
        return Err(Error::field("to", "calls and messages to such numbers cost whoever answers to them"));
    }
    let wanted: Vec<Way> = wanted.iter().copied().filter(|way| *way != Way::Email).collect();
    if wanted.is_empty() {
        return Err(Error::field("channel", "a number is reached by sms or voice"));
    }
    let reached: Vec<Way> = wanted.into_iter().filter(|way| *way == Way::Voice || kind.takes_sms()).collect();
    if reached.is_empty() {
        return Err(Error::field("to", "this line takes no text messages; use voice"));
    }
    Ok(reached)
}

/// Everything about a verification before it is there.
struct Waiting {
    id: VerificationId,
    service: VerificationServiceId,
    address: Blind,
    block: Blind,
    country: String,
    origin: Option<Blind>,
    way: Way,
    code: Blind,
    max_attempts: u32,
    terms: Terms,
    expires: Timestamp,
    trial: bool,
    limits: (u32, u32),
}

/// What the transaction decided.
enum Claimed {
    Kept,
    TooSoon(&'static str, u32),
}

/// Seconds until so much time has passed since `at`.
fn left(at: Timestamp, seconds: i64, now: Timestamp) -> u32 {
    let micros = at.plus_seconds(seconds).0 - now.0;
    u32::try_from((micros.max(0) as u64).div_ceil(Timestamp::SECOND as u64)).unwrap_or(u32::MAX).max(1)
}

fn claim(tx: &mut store::Tx<'_>, ctx: &Ctx, new: &Waiting) -> store::Result<Claimed> {
    let (ws, now) = (ctx.workspace, ctx.now());
    let (a_day, an_hour) = new.limits;
    if let Some(origin) = new.origin {
        let begun: Vec<(Timestamp,)> = tx.all(sql::OF_ORIGIN, params![ws, origin, now.plus_seconds(-3600), an_hour])?;
        if begun.len() >= an_hour as usize {
            let wait = begun.first().map_or(3600, |(at,)| left(*at, 3600, now));
            return Ok(Claimed::TooSoon("too many codes were asked for from this address", wait));
        }
    }
    let begun: Vec<(Timestamp, Timestamp)> =
        tx.all(sql::OF_ADDRESS, params![ws, new.address, now.plus_seconds(-86_400), a_day])?;
    let cooldown = i64::from(new.terms.cooldown);
    if let Some((sent, _)) = begun.iter().find(|(sent, _)| sent.plus_seconds(cooldown) > now) {
        return Ok(Claimed::TooSoon("a code was sent just now", left(*sent, cooldown, now)));
    }
    if begun.len() >= a_day as usize {
        let wait = begun.last().map_or(86_400, |(_, at)| left(*at, 86_400, now));
        return Ok(Claimed::TooSoon("too many codes went to this recipient today", wait));
    }
    let mut batch = ctx.batch();
    let live: Option<(VerificationId, Timestamp, Timestamp)> =
        tx.opt(sql::LIVE, params![ws, new.service, new.address])?;
    if let Some((id, _, expires)) = live {
        let how = if expires <= now {
            (VerificationState::Expired, None)
        } else {
            (VerificationState::Cancelled, Some("superseded"))
        };
        end(&mut batch, ctx, id, how);
    }
    let terms = serde_json::to_string(&new.terms).map_err(|_| store::Error::Column("terms"))?;
    batch.push(
        sql::CLAIM,
        params![
            ws,
            new.id,
            new.service,
            new.address,
            new.block,
            new.country.as_str(),
            new.origin,
            ctx.actor.to_string(),
            new.way.as_str(),
            new.trial,
            VerificationState::Pending,
            &new.code[..],
            new.max_attempts,
            terms,
            now,
            new.expires
        ],
    );
    batch.job(NewJob::now(QUEUE, json!({})).key("all").at(new.expires));
    tx.apply(batch).map(|_| Claimed::Kept)
}

/// Ends a verification that is pending, and says so.
pub(super) fn end(
    batch: &mut Batch,
    ctx: &Ctx,
    id: VerificationId,
    (state, reason): (VerificationState, Option<&'static str>),
) {
    batch.push(sql::END, params![ctx.workspace, id, state, reason, ctx.now(), VerificationState::Pending]);
    told(batch, id, (event(state), json!({ "reason": reason })));
}

pub(super) const fn event(state: VerificationState) -> &'static str {
    match state {
        VerificationState::Pending => "verification.created",
        VerificationState::Verified => "verification.verified",
        VerificationState::Failed => "verification.failed",
        VerificationState::Expired => "verification.expired",
        VerificationState::Cancelled => "verification.cancelled",
    }
}

pub(super) fn told(batch: &mut Batch, id: VerificationId, (kind, data): (&'static str, serde_json::Value)) {
    batch.feed(Feed { kind, entity: id.into(), data });
}

/// Whoever asks for too many at once waits.
async fn spare(ctx: &Ctx, most: u32) -> Result<()> {
    let since = ctx.now().plus_seconds(-60);
    let about = params![ctx.workspace, ctx.actor.to_string(), since, most];
    let begun: Vec<(Timestamp,)> = ctx.db.all(sql::OF_CALLER, about).await?;
    match begun.first() {
        Some((at,)) if begun.len() >= most as usize => {
            Err(Error::TooSoon { what: "too many codes in a minute", seconds: left(*at, 60, ctx.now()) })
        }
        _ => Ok(()),
    }
}

impl Verify {
    /// Begins a verification: the code is on its way when this returns. One that is open for the same address and
    /// service is taken back.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::TooSoon`], [`Error::Pumping`], or what whoever carries the code says; then
    /// nothing was kept and nothing is charged.
    pub async fn begin(&self, ctx: &Ctx, new: NewVerification) -> Result<Verification> {
        let service = match new.service {
            Some(id) => Some(services::get(ctx, id).await?),
            None => None,
        };
        let settings = new.over(service.as_ref().map(|known| known.settings.clone()).unwrap_or_default())?;
        let to = Address::read(&new.to)?;
        let channels = ladder(&to, &settings.channels, new.channel.is_some())?;
        let way = rules::next_way(&channels, 0, self.speaks());
        let way = way.ok_or_else(|| Error::field("channel", "voice is not set up"))?;
        spare(ctx, settings.per_caller_a_minute).await?;
        let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
        let language = workspace.as_ref().map_or_else(Locale::en, |known| known.language.clone());
        let organisation = service.as_ref().map(|known| known.name.clone());
        let organisation = organisation.or(workspace.map(|known| known.name)).unwrap_or_default();
        let locale = new.locale.clone().unwrap_or(language);
        let keys = ctx.keys().await?;
        let id: VerificationId = ctx.id();
        let (label, country) = match &to {
            Address::Phone(phone) => ("verify.phone", phone.country().unwrap_or_default()),
            Address::Email(_) => ("verify.email", String::new()),
        };
        let normal = to.normal();
        let block = match &to {
            Address::Phone(_) => watch::block(&keys, &normal),
            Address::Email(_) => keys.mac("verify.mailbox", normal.as_bytes()),
        };
        if !new.trial && matches!(to, Address::Phone(_)) {
            watch::ask(ctx, (block, &country)).await?;
        }
        let code = if new.trial {
            rules::trial_code(settings.code_length).to_owned()
        } else {
            rules::code(&keys, id, settings.code_length)
        };
        let text = worded(&new, &settings, (&locale, &organisation));
        let whose = if new.trial { "trial" } else { "" };
        let waiting = Waiting {
            id,
            service: service.as_ref().map_or(NO_SERVICE, |known| known.id),
            address: keys.mac(label, format!("{whose}{normal}").as_bytes()),
            block,
            country,
            origin: new.client.map(|client| keys.mac("verify.client", client.to_canonical().to_string().as_bytes())),
            way,
            code: rules::sealed_code(&keys, id, &code),
            max_attempts: settings.max_attempts,
            terms: Terms {
                code_length: settings.code_length,
                cooldown: settings.cooldown,
                max_sends: settings.max_sends,
                channels,
                locale: locale.to_string(),
                text,
                organisation,
                originator: settings.originator.clone(),
            },
            expires: ctx.now().plus_seconds(settings.expires_in.into()),
            trial: new.trial,
            limits: (settings.per_recipient_a_day, settings.per_address_an_hour),
        };
        let (call, terms) = (ctx.clone(), waiting.terms.clone());
        let claimed = ctx.db.tx(move |tx| claim(tx, &call, &waiting)).await;
        match claimed {
            Ok(Claimed::Kept) => {}
            Ok(Claimed::TooSoon(what, seconds)) => return Err(Error::TooSoon { what, seconds }),
            Err(store::Error::Unique(_)) => {
                return Err(Error::TooSoon { what: "a code was sent just now", seconds: settings.cooldown });
            }
            Err(error) => return Err(error.into()),
        }
        let whom = Whom { to: normal, reference: new.reference };
        let kept = view::kept(ctx, id).await?;
        match self.send(ctx, (&kept, &terms, &whom), (way, &code)).await {
            Ok(()) => Ok(view::kept(ctx, id).await?.view),
            Err(error) => {
                let mut batch = ctx.batch();
                batch.push(sql::UNDO, params![ctx.workspace, id]);
                ctx.db.apply(batch).await?;
                Err(error)
            }
        }
    }

    /// Hands a code over and writes down that it left.
    async fn send(
        &self,
        ctx: &Ctx,
        (kept, terms, whom): (&Kept, &Terms, &Whom),
        (way, code): (Way, &str),
    ) -> Result<()> {
        let view = &kept.view;
        let to = Address::read(&whom.to)?;
        let locale: Locale = terms.locale.parse().unwrap_or_else(|_| Locale::en());
        let seconds = (view.expires_at.0 - ctx.now().0) / Timestamp::SECOND;
        let parcel = Parcel {
            to: &to,
            code,
            text: &terms.text,
            organisation: &terms.organisation,
            from: terms.originator.as_deref(),
            locale: &locale,
            validity: u32::try_from(seconds.clamp(60, 86_400)).unwrap_or(60),
            verification: view.id,
            sends: kept.sends,
            trial: view.trial,
        };
        let Carried { contact, message } = self.carry(ctx, way, &parcel).await?;
        let first = view.sent.is_empty();
        let mut sent = view.sent.clone();
        sent.push(Sent { channel: way, at: ctx.now(), message });
        let log = serde_json::to_string(&sent).map_err(|_| store::Error::Column("log"))?;
        let subject = ctx.vault.subject(ctx.workspace, contact).await?;
        let plain = serde_json::to_vec(whom).map_err(|_| store::Error::Column("whom"))?;
        // Somebody erased since has no key, and nothing of them is kept.
        let sealed = subject.data().ok().map(|key| key.seal(&ctx.aad(contact, SEALED), &plain, ctx.rng.as_ref()));
        let mut batch = ctx.batch();
        batch.guard(sql::LEFT, params![ctx.workspace, view.id, contact, way.as_str(), log, sealed]);
        let data = json!({ "contact": contact, "channel": way, "message": message, "test": view.trial });
        if first {
            told(&mut batch, view.id, ("verification.created", data.clone()));
        }
        told(&mut batch, view.id, ("verification.sent", data));
        ctx.db.apply(batch).await?;
        Ok(())
    }

    /// Sends the same code once more, by the next way of its ladder or by the one that is asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TooSoon`]; [`Error::Conflict`] when it is over or was sent often enough.
    pub async fn resend(
        &self,
        ctx: &Ctx,
        id: VerificationId,
        (channel, trial): (Option<Way>, bool),
    ) -> Result<Verification> {
        let kept = view::of_kind(ctx, id, trial).await?;
        view::open(&kept.view, ctx.now())?;
        let terms = kept.terms.clone();
        if kept.sends >= terms.max_sends {
            return Err(Error::Conflict("the code was sent as often as it may be"));
        }
        let whom = view::whom(ctx, &kept).await?.ok_or(Error::Over("the address is no longer kept"))?;
        let channels = match channel {
            Some(channel) => ladder(&Address::read(&whom.to)?, &[channel], true)?,
            None => terms.channels.clone(),
        };
        let step = if channel.is_some() { 0 } else { kept.sends };
        let way = rules::next_way(&channels, step, self.speaks());
        let way = way.ok_or_else(|| Error::field("channel", "voice is not set up"))?;
        let now = ctx.now();
        let cooled = now.plus_seconds(-i64::from(terms.cooldown));
        let mut batch = ctx.batch();
        let about = params![ctx.workspace, id, now, VerificationState::Pending, terms.max_sends, cooled];
        batch.guard(sql::AGAIN, about);
        match ctx.db.apply(batch).await {
            Err(store::Error::Guard(_)) => {
                let seconds = left(kept.sent_at, terms.cooldown.into(), now);
                return Err(Error::TooSoon { what: "a code was sent just now", seconds });
            }
            other => other?,
        };
        let code = if trial {
            rules::trial_code(terms.code_length).to_owned()
        } else {
            rules::code(ctx.keys().await?.as_ref(), id, terms.code_length)
        };
        if let Err(error) = self.send(ctx, (&kept, &terms, &whom), (way, &code)).await {
            let mut batch = ctx.batch();
            batch.push(sql::NOT_AGAIN, params![ctx.workspace, id, kept.sent_at]);
            ctx.db.apply(batch).await?;
            return Err(error);
        }
        Ok(view::kept(ctx, id).await?.view)
    }
}

/// What the message says: the request's words, the service's, or Barid's own.
fn worded(new: &NewVerification, settings: &Settings, (locale, organisation): (&Locale, &str)) -> String {
    let words = Words::of(locale);
    let own = settings.texts.get(locale.as_str()).or_else(|| settings.texts.get(locale.language()));
    let text = new.text.as_deref().or(own.map(String::as_str)).unwrap_or(words.sms());
    if new.to.contains('@') {
        return text.to_owned();
    }
    let text = text.replace("{organisation}", organisation).replace("{span}", &words.span(settings.expires_in));
    rules::with_lines(&text, settings.web_otp.as_deref(), settings.app_hash.as_deref())
}

/// Takes a verification back: its code is good for nothing any more.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it is over.
pub async fn cancel(ctx: &Ctx, id: VerificationId, trial: bool) -> Result<Verification> {
    let kept = view::of_kind(ctx, id, trial).await?;
    view::open(&kept.view, ctx.now())?;
    let mut batch = ctx.batch();
    let (state, pending) = (VerificationState::Cancelled, VerificationState::Pending);
    batch.guard(sql::END, params![ctx.workspace, id, state, "cancelled", ctx.now(), pending]);
    told(&mut batch, id, (event(state), json!({ "reason": "cancelled" })));
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::Conflict("this verification is over")),
        other => {
            other?;
            Ok(view::kept(ctx, id).await?.view)
        }
    }
}
