//! Accounts: who may bind, from where, and what they may send.

use std::collections::BTreeSet;
use std::net::IpAddr;

use accounts::secret;
use accounts::users::password::{self, Cost, Verdict};
use kernel::{SmppAccountId, Timestamp, WorkspaceId};
use privacy::vocabulary::{BasisKind, Purpose};
use serde::{Deserialize, Serialize};
use store::{Core, Ctx, FromRow, Row, params};

use super::queries as sql;
use crate::smpp::coding::DefaultAlphabet;
use crate::sms::Originator;
use crate::{Error, Result};

/// Most accounts of a workspace.
const MOST: usize = 200;
/// Characters of a secret that Barid makes: as many as widely used clients take.
const MADE: usize = 16;

/// What an account may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What it is called.
    pub name: String,
    /// Originators it may use; empty for all of the workspace's.
    pub originators: BTreeSet<String>,
    /// Our own numbers (digits) whose messages are handed to it.
    pub numbers: BTreeSet<String>,
    /// Sessions at the same time, 1 to 50.
    pub binds: u32,
    /// Submissions a second over all sessions, 1 to 10 000.
    pub per_second: u32,
    /// Addresses or networks (`203.0.113.0/24`) that it may come from; empty for all.
    pub networks: BTreeSet<String>,
    /// What its messages are for.
    pub purpose: String,
    /// On which basis, when that is not on record: `contract`, `subject_request` or `legal_obligation`.
    pub basis: Option<String>,
    /// What it takes `data_coding` 0 to be.
    pub alphabet: DefaultAlphabet,
    /// Its messages are checked, kept and answered, but never leave and cost nothing.
    pub test: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            originators: BTreeSet::new(),
            numbers: BTreeSet::new(),
            binds: 2,
            per_second: 50,
            networks: BTreeSet::new(),
            purpose: Purpose::SERVICE.as_str().to_owned(),
            basis: None,
            alphabet: DefaultAlphabet::Gsm7,
            test: false,
        }
    }
}

/// A network in CIDR form, or one address.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

fn within(peer: IpAddr, (network, bits): (IpAddr, u8)) -> bool {
    let left = |whole: u32| whole - u32::from(bits);
    match (peer.to_canonical(), network) {
        (IpAddr::V4(peer), IpAddr::V4(network)) => {
            let shift = left(32);
            shift == 32 || peer.to_bits() >> shift == network.to_bits() >> shift
        }
        (IpAddr::V6(peer), IpAddr::V6(network)) => {
            let shift = left(128);
            shift == 128 || peer.to_bits() >> shift == network.to_bits() >> shift
        }
        _ => false,
    }
}

impl Settings {
    fn check(&self) -> Result<()> {
        let named = (1..=60).contains(&self.name.trim().chars().count()) && !self.name.chars().any(char::is_control);
        if !named {
            return Err(Error::field("name", "1 to 60 characters"));
        }
        if !(1..=50).contains(&self.binds) {
            return Err(Error::field("binds", "1 to 50"));
        }
        if !(1..=10_000).contains(&self.per_second) {
            return Err(Error::field("per_second", "1 to 10000"));
        }
        if self.originators.len() > 500 || self.originators.iter().any(|one| one.parse::<Originator>().is_err()) {
            return Err(Error::field("originators", "numbers, short codes or names of the workspace's"));
        }
        let digits = |text: &String| (3..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if self.numbers.len() > 1000 || !self.numbers.iter().all(digits) {
            return Err(Error::field("numbers", "digits with their country code, or short codes"));
        }
        if self.networks.len() > 100 || self.networks.iter().any(|text| network(text).is_none()) {
            return Err(Error::field("networks", "addresses such as 203.0.113.7, or networks such as 203.0.113.0/24"));
        }
        let Ok(purpose) = Purpose::new(&self.purpose) else {
            return Err(Error::field("purpose", "service, marketing or another purpose of the workspace"));
        };
        match self.basis() {
            Ok(None) => Ok(()),
            Ok(Some(BasisKind::Contract | BasisKind::SubjectRequest | BasisKind::LegalObligation))
                if purpose != Purpose::MARKETING =>
            {
                Ok(())
            }
            _ => Err(Error::field("basis", "contract, subject_request or legal_obligation, and none for marketing")),
        }
    }

    /// The basis that is stated for its messages.
    pub(super) fn basis(&self) -> Result<Option<BasisKind>> {
        let read = self.basis.as_deref().map(str::parse::<BasisKind>).transpose();
        read.map_err(|_| Error::field("basis", "contract, subject_request or legal_obligation"))
    }

    /// Whether it may come from there.
    pub fn lets_in(&self, peer: IpAddr) -> bool {
        self.networks.is_empty()
            || self.networks.iter().filter_map(|text| network(text)).any(|network| within(peer, network))
    }

    /// Whether it may send as this.
    pub(super) fn may_use(&self, originator: &Originator) -> bool {
        let same = |one: &String| one.parse::<Originator>().is_ok_and(|one| one == *originator);
        self.originators.is_empty() || self.originators.iter().any(same)
    }
}

/// Whether an account may bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It may.
    Active,
    /// It may not; what waits for it is kept.
    Paused,
}

impl AccountState {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }
}

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose customer.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: SmppAccountId,
    /// How it names itself when it binds.
    pub system_id: String,
    /// Whether it may bind.
    pub state: AccountState,
    /// What it may do.
    pub settings: Settings,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Account {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            workspace: row.take()?,
            id: row.take()?,
            system_id: row.take()?,
            state: if row.take::<String>()? == "active" { AccountState::Active } else { AccountState::Paused },
            settings: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("settings"))?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

/// An account with the hash of its secret.
pub(super) struct Sealed {
    secret: String,
    pub(super) account: Account,
}

impl FromRow for Sealed {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { secret: row.take()?, account: Account::from_row(row)? })
    }
}

impl Sealed {
    /// Compares a secret, on a thread where it may take its time.
    pub(super) async fn opens_with(&self, given: String) -> bool {
        let known = self.secret.clone();
        let compared = tokio::task::spawn_blocking(move || password::verify(&given, &known, Cost::default()));
        matches!(compared.await, Ok(Verdict::Right | Verdict::Outdated))
    }
}

/// What comparing a secret with nobody's takes.
pub(super) async fn nobody(given: String, cost: Cost) {
    let _ = tokio::task::spawn_blocking(move || password::hash(&given, cost, &Still).is_some()).await;
}

/// Randomness where none is needed: what comes of it is thrown away.
struct Still;

impl kernel::Rng for Still {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

pub(super) async fn by_system_id(core: &Core, system_id: &str) -> store::Result<Option<Sealed>> {
    core.db.opt(sql::BY_SYSTEM_ID, params![system_id]).await
}

/// A secret and its hash.
async fn secret(ctx: &Ctx, given: Option<String>, cost: Cost) -> Result<(String, String)> {
    let made = || secret::base32().encode(&secret::random::<10>(ctx.rng.as_ref())).chars().take(MADE).collect();
    let text: String = given.unwrap_or_else(made);
    if !(8..=64).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::field("secret", "8 to 64 visible ASCII characters"));
    }
    let (plain, rng) = (text.clone(), std::sync::Arc::clone(&ctx.rng));
    let hashed = tokio::task::spawn_blocking(move || password::hash(&plain, cost, rng.as_ref())).await;
    match hashed {
        Ok(Some(hash)) => Ok((text, hash)),
        _ => Err(store::Error::Column("secret").into()),
    }
}

fn written(settings: &Settings) -> Result<String> {
    settings.check()?;
    Ok(serde_json::to_string(settings).map_err(|_| store::Error::Column("settings"))?)
}

/// Makes an account; answers its secret, which cannot be had again. One is made when none is given.
///
/// # Errors
/// [`Error::Field`] naming what is wrong; a system id that somebody has.
pub async fn add(
    ctx: &Ctx,
    system_id: &str,
    given: Option<String>,
    settings: &Settings,
    cost: Cost,
) -> Result<(Account, String)> {
    let sound = (3..=15).contains(&system_id.len())
        && system_id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if !sound {
        return Err(Error::field("system_id", "3 to 15 ASCII letters, digits, - _ and ."));
    }
    let text = written(settings)?;
    let before = list(ctx).await?;
    if before.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 200 accounts"));
    }
    let (secret, hash) = secret(ctx, given, cost).await?;
    let id: SmppAccountId = ctx.id();
    let mut batch = ctx.batch();
    let state = AccountState::Active.as_str();
    batch.push(sql::INSERT, params![ctx.workspace, id, system_id, hash, state, text, ctx.now()]);
    if before.is_empty() {
        // What happened before there was anybody to tell is not told.
        let head = store::feed::head(&ctx.db, ctx.workspace).await?;
        batch.push(sql::BEGIN_CURSOR, params![ctx.workspace, head]);
    }
    accounts::audit::record(&mut batch, ctx, "smpp_account.created", &[&id]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Unique(_)) => Err(Error::field("system_id", "somebody has it already")),
        other => {
            other?;
            Ok((get(ctx, id).await?, secret))
        }
    }
}

/// Changes what an account may do.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub(super) async fn change(ctx: &Ctx, id: SmppAccountId, state: AccountState, settings: &Settings) -> Result<Account> {
    let text = written(settings)?;
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(sql::UPDATE, params![ctx.workspace, id, state.as_str(), text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "smpp_account.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

pub(super) async fn renew(ctx: &Ctx, id: SmppAccountId, given: Option<String>, cost: Cost) -> Result<String> {
    get(ctx, id).await?;
    let (secret, hash) = secret(ctx, given, cost).await?;
    let mut batch = ctx.batch();
    batch.guard(sql::SET_SECRET, params![ctx.workspace, id, hash, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "smpp_account.secret_changed", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(secret)
}

pub(super) async fn remove(ctx: &Ctx, id: SmppAccountId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE, params![ctx.workspace, id]);
    batch.push(sql::DELETE_OUTBOX, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "smpp_account.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One account.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: SmppAccountId) -> Result<Account> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("SMPP account"))
}

/// Every account, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Account>> {
    Ok(ctx.db.all(sql::LIST, params![ctx.workspace]).await?)
}

/// How much waits to be handed to an account.
///
/// # Errors
/// The store's.
pub async fn waiting(ctx: &Ctx, id: SmppAccountId) -> Result<u64> {
    Ok(ctx.db.one::<(u64,)>(sql::WAITING, params![ctx.workspace, id]).await?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_let_in_who_is_in_them() {
        let settings = |networks: &[&str]| Settings {
            name: "x".into(),
            networks: networks.iter().map(|text| (*text).to_owned()).collect(),
            ..Settings::default()
        };
        let lets = |networks: &[&str], peer: &str| settings(networks).lets_in(peer.parse().unwrap());
        assert!(lets(&[], "203.0.113.7"));
        assert!(lets(&["203.0.113.0/24"], "203.0.113.7") && !lets(&["203.0.113.0/24"], "203.0.114.7"));
        assert!(lets(&["203.0.113.7"], "::ffff:203.0.113.7") && !lets(&["203.0.113.7"], "203.0.113.8"));
        assert!(lets(&["2001:db8::/32"], "2001:db8:1::9") && !lets(&["2001:db8::/32"], "2001:db9::1"));
        assert!(lets(&["0.0.0.0/0"], "1.2.3.4") && !lets(&["0.0.0.0/0"], "::1"));
        for wrong in ["x", "1.2.3.4/33", "1.2.3.4/x", "::/129"] {
            assert!(settings(&[wrong]).check().is_err(), "{wrong}");
        }
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let named = || Settings { name: "Shop".into(), ..Settings::default() };
        assert!(named().check().is_ok());
        for wrong in [
            Settings::default(),
            Settings { binds: 0, ..named() },
            Settings { per_second: 0, ..named() },
            Settings { originators: ["this name is far too long".to_owned()].into(), ..named() },
            Settings { numbers: ["+966".to_owned()].into(), ..named() },
            Settings { basis: Some("whim".into()), ..named() },
            Settings { basis: Some("contract".into()), purpose: "marketing".into(), ..named() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
