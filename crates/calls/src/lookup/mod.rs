//! Look-up: what is known of a number. [`kernel::NumberPlan`] says what the plans say, without asking anybody;
//! [`Lookups::ask`] asks a provider what the network says (HLR), for money, and remembers it for a day.

mod error;
mod provider;

use std::sync::Arc;

use billing::prices::Wanted;
use billing::{Micros, balance, prices};
use kernel::{LookupId, NumberPlan, Phone, Timestamp};
use outbound::webhooks::{Blocked, GuardedClient, Lookup, Policy};
use serde::Serialize;
use store::{Blind, Ctx, DueBy, PersonalTable, RetentionRule, params};
use url::Host;

pub use error::{Error, Result};
pub use provider::{HttpProvider, Known, Provider, Reach};

/// How long an answer is remembered, in seconds.
const FRESH: i64 = 86_400;
/// After so many seconds whoever asked is no more, and what was set aside goes back.
const LOST: i64 = 300;
/// The sealed column.
const SECRET: &str = "lookup_provider.secret";
/// The longest key of a provider, in octets.
const LONGEST_SECRET: usize = 500;
/// The state of a question that is under way.
const ASKING: &str = "asking";

/// Asks a provider what networks know of numbers.
pub const CONNECTOR: &str = "lookup";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Processor,
    carries: &["telephone numbers"],
    foreign: true,
});

store::data_map!("calls", include_str!("../../migrations/numbers.txt"));
store::migration!("calls", 12, "numbers", include_str!("../../migrations/0012_numbers.sql"));

store::sql! {
    CONNECT = "INSERT INTO lookup_provider (workspace, url, secret, connected_by, connected_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace) DO UPDATE SET url = excluded.url, secret = excluded.secret, connected_by = excluded.connected_by,
            connected_at = excluded.connected_at";
    PROVIDER = "SELECT url, secret, connected_at FROM lookup_provider WHERE workspace = $1";
    DISCONNECT = "DELETE FROM lookup_provider WHERE workspace = $1";
    REMEMBERED = "SELECT id, state, network, country, ported, roaming, at FROM lookup
        WHERE workspace = $1 AND number = $2 AND at > $3 AND state <> $4 ORDER BY at DESC LIMIT 1";
    ASK = "INSERT INTO lookup (workspace, id, number, state, price, at) VALUES ($1, $2, $3, $4, $5, $6)";
    ANSWERED = "UPDATE lookup SET state = $3, network = $4, country = $5, ported = $6, roaming = $7, at = $8
        WHERE workspace = $1 AND id = $2 AND state = $9";
    DROP = "DELETE FROM lookup WHERE workspace = $1 AND id = $2";
    UNANSWERED = "SELECT id FROM lookup WHERE workspace = $1 AND id < $2 AND state = $3 ORDER BY id LIMIT 500";
    DUE = "SELECT NULL, at, id FROM lookup WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
}

store::personal!(PersonalTable {
    table: "lookup",
    class: "technical.day",
    subject: "",
    columns: &["number"],
    erase: &[],
    kept: Some("what a network said of a number's keyed hash, without anybody's name; gone after a day"),
    collect: None,
});
store::retention!(RetentionRule {
    table: "lookup",
    class: "technical.day",
    covers: &[],
    event: "the question",
    due_by: DueBy::Id,
    find: DUE,
    end: &[DROP],
    before: None,
    after: None,
});

/// What a network said of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The question.
    pub id: LookupId,
    /// What was said.
    pub status: Reach,
    /// The network that serves the number now (MCC and MNC).
    pub network: Option<String>,
    /// Its country.
    pub country: Option<String>,
    /// Whether it left the network that it was first given by.
    pub ported: Option<bool>,
    /// Whether it is abroad.
    pub roaming: Option<bool>,
    /// Whether it was remembered: nothing was asked and nothing is charged.
    pub remembered: bool,
    /// What it cost.
    pub price: Micros,
    /// When the network was asked.
    pub at: Timestamp,
}

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub url: String,
    /// Since when.
    pub connected_at: Timestamp,
}

type Remembered = (LookupId, String, Option<String>, Option<String>, Option<bool>, Option<bool>, Timestamp);

/// Look-ups of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lookups(GuardedClient);

impl Lookups {
    /// Providers on the hosts that `policy` allows.
    ///
    /// # Errors
    /// When the TLS set-up of this machine does not work.
    pub fn new(policy: Policy, lookup: Arc<dyn Lookup>) -> outbound::webhooks::Result<Self> {
        Ok(Self(GuardedClient::new(policy, lookup, provider::WHOLE)?))
    }

    /// Connects a provider.
    ///
    /// # Errors
    /// An address that may not be contacted or that others could listen to, a key that cannot be one.
    pub async fn connect(&self, ctx: &Ctx, url: &str, secret: &str) -> Result<Standing> {
        let why = |blocked: Blocked| {
            Error::field("url", format_args!("{blocked}; whoever runs this server names it in lookup_allowed_hosts"))
        };
        let url = self.0.check(url).map_err(why)?;
        let here = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            _ => false,
        };
        if url.scheme() != "https" && !here {
            return Err(Error::field("url", "an https address"));
        }
        if secret.is_empty() || secret.len() > LONGEST_SECRET || !secret.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::field("key", "as the provider shows it: no spaces, at most 500 characters"));
        }
        let sealed = ctx.keys().await?.seal(SECRET, secret.as_bytes());
        let mut batch = ctx.batch();
        batch.push(CONNECT, params![ctx.workspace, url.as_str(), sealed, ctx.actor.to_string(), ctx.now()]);
        accounts::audit::record(&mut batch, ctx, "lookup.connected", &[]);
        ctx.db.apply(batch).await?;
        Ok(Standing { url: url.into(), connected_at: ctx.now() })
    }

    async fn provider(&self, ctx: &Ctx) -> Result<HttpProvider> {
        let row: Option<(String, Vec<u8>, Timestamp)> = ctx.db.get(PROVIDER, params![ctx.workspace]).await?;
        let (url, sealed, _) = row.ok_or(Error::NoProvider)?;
        // The operator may have taken the host off the list since it was connected.
        let url = self.0.check(&url).map_err(|_| Error::Provider("is no longer among lookup_allowed_hosts"))?;
        let secret = ctx.keys().await?.open(SECRET, &sealed)?;
        let secret = String::from_utf8(secret).map_err(|_| store::Error::Seal(SECRET))?;
        Ok(HttpProvider::new(self.0.clone(), url, secret))
    }

    /// Asks what the network knows of a number; within a day the same answer is given again for nothing. A trial
    /// asks nobody: it answers `active`.
    ///
    /// # Errors
    /// [`Error::NoProvider`], [`Error::Provider`], or billing's; nothing is charged then.
    pub async fn ask(&self, ctx: &Ctx, number: &Phone, trial: bool) -> Result<Answer> {
        let country = number.country().unwrap_or_default();
        let price = price(ctx, &country).await?;
        if trial {
            return Ok(tried(ctx, country, price));
        }
        let hash = ctx.keys().await?.mac("lookup", number.as_str().as_bytes());
        if let Some(answer) = remembered(ctx, hash).await? {
            return Ok(answer);
        }
        let provider = self.provider(ctx).await?;
        ask_with(ctx, &provider, number, (hash, price)).await
    }
}

async fn remembered(ctx: &Ctx, hash: Blind) -> Result<Option<Answer>> {
    let about = params![ctx.workspace, hash, ctx.now().plus_seconds(-FRESH), ASKING];
    let row: Option<Remembered> = ctx.db.opt(REMEMBERED, about).await?;
    Ok(row.map(|(id, state, network, country, ported, roaming, at)| Answer {
        id,
        status: Reach::named(&state).unwrap_or(Reach::Unknown),
        network,
        country,
        ported,
        roaming,
        remembered: true,
        price: Micros(0),
        at,
    }))
}

fn tried(ctx: &Ctx, country: String, price: Micros) -> Answer {
    Answer {
        id: ctx.id(),
        status: Reach::Active,
        network: None,
        country: Some(country).filter(|country| !country.is_empty()),
        ported: Some(false),
        roaming: Some(false),
        remembered: false,
        price,
        at: ctx.now(),
    }
}

async fn price(ctx: &Ctx, country: &str) -> Result<Micros> {
    let wanted = Wanted { service: "lookup", country, network: "", sender: "" };
    match prices::of(ctx, wanted).await? {
        Some(price) => Ok(price),
        None if balance::get(ctx).await?.is_limited() => Err(billing::Error::Unpriced.into()),
        None => Ok(Micros(0)),
    }
}

/// The price is set aside before the question leaves, and charged when it was answered.
async fn ask_with(
    ctx: &Ctx,
    provider: &dyn Provider,
    number: &Phone,
    (hash, price): (Blind, Micros),
) -> Result<Answer> {
    balance::get(ctx).await?;
    let id: LookupId = ctx.id();
    let call = ctx.clone();
    let reserved = ctx.db.tx(move |tx| {
        if !balance::reserve(tx, &call, id.into(), price)? {
            return Ok(false);
        }
        tx.exec(ASK, params![call.workspace, id, hash, ASKING, price, call.now()])?;
        Ok(true)
    });
    if !reserved.await? {
        return Err(billing::Error::Insufficient.into());
    }
    let said = provider.ask(number).await;
    let mut batch = ctx.batch();
    let known = match said {
        Ok(known) => known,
        Err(why) => {
            balance::release(&mut batch, ctx, id.into());
            batch.push(DROP, params![ctx.workspace, id]);
            ctx.db.apply(batch).await?;
            return Err(Error::Provider(why));
        }
    };
    let now = ctx.now();
    let row = params![
        ctx.workspace,
        id,
        known.status.as_str(),
        known.network.clone(),
        known.country.clone(),
        known.ported,
        known.roaming,
        now,
        ASKING
    ];
    batch.push(ANSWERED, row);
    balance::settle(&mut batch, ctx, id.into(), price);
    ctx.db.apply(batch).await?;
    let Known { status, network, country, ported, roaming } = known;
    Ok(Answer { id, status, network, country, ported, roaming, remembered: false, price, at: now })
}

/// Who is asked, when somebody is.
///
/// # Errors
/// The store's.
pub async fn standing(ctx: &Ctx) -> Result<Option<Standing>> {
    let row: Option<(String, Vec<u8>, Timestamp)> = ctx.db.get(PROVIDER, params![ctx.workspace]).await?;
    Ok(row.map(|(url, _, connected_at)| Standing { url, connected_at }))
}

/// Forgets the provider.
///
/// # Errors
/// The store's.
pub async fn disconnect(ctx: &Ctx) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(DISCONNECT, params![ctx.workspace]);
    accounts::audit::record(&mut batch, ctx, "lookup.disconnected", &[]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Gives back what was set aside for questions whose asker died before the answer.
///
/// # Errors
/// The store's.
pub async fn recover(ctx: &Ctx) -> Result<()> {
    let before: LookupId = store::first_id_at(ctx.now().plus_seconds(-LOST)).into();
    let lost: Vec<(LookupId,)> = ctx.db.all(UNANSWERED, params![ctx.workspace, before, ASKING]).await?;
    for (id,) in lost {
        let mut batch = ctx.batch();
        balance::release(&mut batch, ctx, id.into());
        batch.push(DROP, params![ctx.workspace, id]);
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

/// What the plans say of a number; a whole number is needed before a network can be asked.
///
/// # Errors
/// [`Error::Field`] when it is nothing that a number could be.
pub fn plan(text: &str, country: Option<&str>) -> Result<NumberPlan> {
    NumberPlan::of(text, country).map_err(|error| Error::field("number", error))
}
