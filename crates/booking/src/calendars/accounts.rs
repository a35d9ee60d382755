//! Connecting, listing, changing and leaving accounts.

use std::collections::HashMap;
use std::time::Duration;

use accounts::audit;
use kernel::{CalendarAccountId, CalendarId, HostId, Patch, RawId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Batch, Ctx, NewJob, WorkspaceKeys, params};

use super::model::{
    Access, Account, AccountKind, AccountRow, AccountState, CalendarChange, CalendarRow, CalendarView, Place,
};
use super::source::{CalendarSource, Dav, Failure, FeedFile, Found, Google, Http, Listing, Microsoft, Secret, oauth};
use super::{Calendars, choices, feeds, hosts, ics, queries, sync};
use crate::error::invalid;
use crate::{Error, Result};

/// Accounts of a host.
const MOST_ACCOUNTS: usize = 20;
/// Calendars of an account.
const MOST_CALENDARS: usize = 100;
/// How long taking copies out of a calendar that is left may take.
const FAREWELL: Duration = Duration::from_secs(20);

/// An account to be connected.
#[derive(Clone)]
pub struct Connect {
    /// Whose calendars these are.
    pub host: HostId,
    /// CalDAV or a feed; vendors are connected by [`Calendars::begin`].
    pub kind: AccountKind,
    /// The address of the server, the account, a calendar, or the feed.
    pub url: String,
    /// The name to sign in with, for CalDAV and protected feeds.
    pub username: Option<String>,
    /// The password, best one for this program only.
    pub password: Option<String>,
    /// What its owner calls it; the host name when absent.
    pub label: Option<String>,
    /// The host's own addresses, beside those the server tells.
    pub addresses: Vec<String>,
    /// The zone in which whole days are read, when not the host's.
    pub time_zone: Option<String>,
}

/// A change of an account; what is absent stays.
#[derive(Clone, Default)]
pub struct ChangeAccount {
    /// Another label.
    pub label: Option<String>,
    /// Another name to sign in with.
    pub username: Option<String>,
    /// Another password.
    pub password: Option<String>,
    /// Other addresses.
    pub addresses: Option<Vec<String>>,
    /// Another zone; null for the host's.
    pub time_zone: Patch<String>,
}

/// What a test found.
#[derive(Debug, Clone, Serialize)]
pub struct Tested {
    /// Whether it works.
    pub ok: bool,
    /// Why not.
    pub error: Option<String>,
    /// The calendars' names, and whether events can be written.
    pub calendars: Vec<(String, bool)>,
}

fn text(field: &'static str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(invalid(field, format!("at most {longest} characters on one line")));
    }
    Ok(text.to_owned())
}

fn addresses(list: &[String]) -> Result<Vec<String>> {
    if list.len() > 20 {
        return Err(invalid("addresses", "at most 20"));
    }
    list.iter()
        .map(|one| {
            let email =
                kernel::Email::parse(one).map_err(|_| invalid("addresses", "one of them is no e-mail address"))?;
            Ok(email.to_string().to_lowercase())
        })
        .collect()
}

fn zone(name: Option<&str>) -> Result<Option<String>> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
    let zone = ics::zone(name).ok_or_else(|| invalid("time_zone", "name a zone such as Asia/Riyadh"))?;
    Ok(Some(zone.iana_name().unwrap_or(name).to_owned()))
}

/// The problem of a connection that does not work, at the field that is probably at fault.
pub(super) fn refused(failure: Failure) -> Error {
    let (field, detail) = match failure {
        Failure::Blocked => {
            ("url", "the host is not among calendar_allowed_hosts of this server, or has a private address")
        }
        Failure::Dns => ("url", "the host's name does not resolve"),
        Failure::Connect => ("url", "nobody answers at this address"),
        Failure::Tls => ("url", "a password is only sent over https"),
        Failure::Timeout => ("url", "the server did not answer in time"),
        Failure::Unauthorised => ("password", "the server does not accept this name and password"),
        Failure::Forbidden => ("username", "the server does not allow this account to do that"),
        Failure::NotFound => ("url", "there is nothing at this address"),
        Failure::TooLarge => ("url", "the calendar is larger than 20 MB or has more than 50000 events"),
        Failure::Redirect => ("url", "the server sends elsewhere, where this password must not go"),
        Failure::NotACalendar => ("url", "what is there is no iCalendar file"),
        Failure::Status | Failure::Protocol | Failure::Conflict | Failure::Expired => {
            ("url", "the server does not answer as a calendar server does; check the address")
        }
    };
    invalid(field, detail)
}

/// The keyed hash by which a calendar's place, or an object's name within it, is known.
pub(super) fn mark(keys: &WorkspaceKeys, label: &str, text: &str) -> RawId {
    // Servers write the same path with and without percent signs.
    let plain: Vec<u8> = percent_decoded(text);
    keys.mac(label, &plain)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|c| char::from(*c).to_digit(16));
        match (bytes[index], hex(index + 1), hex(index + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                index += 3;
            }
            (other, ..) => {
                out.push(other);
                index += 1;
            }
        }
    }
    out
}

impl Calendars {
    /// The way to an account's calendars, with a token that is still good.
    pub(super) async fn source(
        &self,
        ctx: &Ctx,
        account: &AccountRow,
    ) -> Result<std::result::Result<Box<dyn CalendarSource>, Failure>> {
        let keys = ctx.keys().await?;
        let mut access = account.access(&keys)?;
        let kind = account.kind();
        if matches!(kind, AccountKind::Google | AccountKind::Microsoft) {
            let Some(application) = self.application(ctx, kind).await? else { return Ok(Err(Failure::Unauthorised)) };
            let Some(tokens) = access.tokens.clone() else { return Ok(Err(Failure::Unauthorised)) };
            let tokens = if tokens.expires_at <= ctx.now() {
                let fresh = match oauth::refresh(&self.client, &application, &tokens, ctx.now()).await {
                    Ok(fresh) => fresh,
                    Err(failure) => return Ok(Err(failure)),
                };
                access.tokens = Some(fresh.clone());
                let mut batch = ctx.batch();
                let sealed = AccountRow::seal(&keys, &access)?;
                batch.push(
                    queries::UPDATE_ACCOUNT,
                    params![ctx.workspace, account.id, sealed, account.state.clone(), account.updated_at],
                );
                ctx.db.apply(batch).await?;
                fresh
            } else {
                tokens
            };
            access.address = application.api_url;
            let secret = Secret::Bearer(tokens.access.into());
            return Ok(self.built(kind, &access, secret));
        }
        let secret = password(&access);
        Ok(self.built(kind, &access, secret))
    }

    fn built(
        &self,
        kind: AccountKind,
        access: &Access,
        secret: Secret,
    ) -> std::result::Result<Box<dyn CalendarSource>, Failure> {
        let http = Http::new(self.client.clone(), &access.address, secret)?;
        Ok(match kind {
            AccountKind::Caldav => Box::new(Dav::new(http)),
            AccountKind::Feed => Box::new(FeedFile::new(http)),
            AccountKind::Google => Box::new(Google::new(http)),
            AccountKind::Microsoft => Box::new(Microsoft::new(http)),
        })
    }

    async fn looked_at(&self, kind: AccountKind, access: &Access) -> std::result::Result<Listing, Failure> {
        let listing = self.built(kind, access, password(access))?.list().await?;
        if listing.calendars.is_empty() { Err(Failure::NotFound) } else { Ok(listing) }
    }

    fn access(new: &Connect) -> Result<Access> {
        if matches!(new.kind, AccountKind::Google | AccountKind::Microsoft) {
            return Err(invalid("kind", "caldav or feed; Google and Microsoft are connected in the browser"));
        }
        // Calendar programs hand out feeds under a scheme of their own.
        let url = new.url.trim();
        let url = match url.get(..9) {
            Some(scheme) if scheme.eq_ignore_ascii_case("webcal://") => format!("https://{}", &url[9..]),
            _ => url.to_owned(),
        };
        if new.kind == AccountKind::Caldav && (new.username.is_none() || new.password.is_none()) {
            return Err(invalid("username", "a CalDAV server wants a name and a password"));
        }
        Ok(Access {
            label: text("label", new.label.as_deref().unwrap_or_default(), 100)?,
            address: url,
            username: text("username", new.username.as_deref().unwrap_or_default(), 200)?,
            password: text("password", new.password.as_deref().unwrap_or_default(), 500)?,
            addresses: addresses(&new.addresses)?,
            zone: zone(new.time_zone.as_deref())?,
            tokens: None,
            verifier: None,
        })
    }

    /// Tries an account without keeping anything.
    ///
    /// # Errors
    /// Input that cannot work; what the server says is in the answer.
    pub async fn test(&self, new: &Connect) -> Result<Tested> {
        let access = Self::access(new)?;
        Ok(match self.looked_at(new.kind, &access).await {
            Ok(listing) => Tested {
                ok: true,
                error: None,
                calendars: listing.calendars.into_iter().map(|found| (found.name, found.writable)).collect(),
            },
            Err(failure) => Tested { ok: false, error: Some(failure.code()), calendars: Vec::new() },
        })
    }

    /// Connects an account: finds its calendars, keeps them, and begins to read them. Calendars that can be
    /// written block times; the first of a host who has none yet gets the host's bookings.
    ///
    /// # Errors
    /// A wrong field, with what the server said; too many accounts.
    pub async fn connect(&self, ctx: &Ctx, new: Connect) -> Result<Account> {
        let mut access = Self::access(&new)?;
        hosts::exists(ctx, new.host).await?;
        let rows: Vec<AccountRow> = ctx.db.all(queries::LIST_ACCOUNTS, params![ctx.workspace]).await?;
        if rows.iter().filter(|row| row.host == new.host).count() >= MOST_ACCOUNTS {
            return Err(Error::Conflict(format!(
                "a host has at most {MOST_ACCOUNTS} calendar accounts; remove one first"
            )));
        }
        let listing = self.looked_at(new.kind, &access).await.map_err(refused)?;
        if access.label.is_empty() {
            access.label = url::Url::parse(&access.address)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_default();
        }
        let id: CalendarAccountId = ctx.id();
        let keys = ctx.keys().await?;
        for address in &listing.addresses {
            if !access.addresses.contains(address) {
                access.addresses.push(address.clone());
            }
        }
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_ACCOUNT,
            params![
                ctx.workspace,
                id,
                new.host,
                new.kind.as_str(),
                AccountRow::seal(&keys, &access)?,
                AccountState::Active.as_str(),
                ctx.actor.to_string(),
                ctx.now()
            ],
        );
        audit::record(&mut batch, ctx, "calendar.connected", &[&id]);
        self.keep_calendars(ctx, &mut batch, (id, new.host, new.kind), listing.calendars).await?;
        ctx.db.apply(batch).await?;
        self.account(ctx, id).await
    }

    /// Adds what was found and is not known yet, and starts reading it.
    pub(super) async fn keep_calendars(
        &self,
        ctx: &Ctx,
        batch: &mut Batch,
        (account, host, kind): (CalendarAccountId, HostId, AccountKind),
        found: Vec<Found>,
    ) -> Result<()> {
        let keys = ctx.keys().await?;
        let of_host: Vec<CalendarRow> = ctx.db.all(queries::CALENDARS_OF_HOST, params![ctx.workspace, host]).await?;
        let mut known = HashMap::new();
        for row in of_host.iter().filter(|row| row.account == account) {
            known.insert(row.place(&keys)?.place, row);
        }
        let mut wants_target = !of_host.iter().any(|row| row.target);
        for calendar in found.into_iter().take(MOST_CALENDARS) {
            let place = Place { place: calendar.place, name: calendar.name };
            let sealed = CalendarRow::seal(&keys, &place)?;
            if let Some(row) = known.get(&place.place) {
                batch.push(queries::RENAME_CALENDAR, params![ctx.workspace, row.id, sealed, calendar.writable]);
                continue;
            }
            let id: CalendarId = ctx.id();
            let target = wants_target && calendar.writable && calendar.primary;
            wants_target &= !target;
            let conflicts = calendar.writable || kind == AccountKind::Feed;
            let mark = mark(&keys, "calendar.place", &place.place);
            batch.push(
                queries::INSERT_CALENDAR,
                params![ctx.workspace, id, account, host, mark, sealed, conflicts, target, calendar.writable],
            );
            batch.job(sync_job(id));
        }
        Ok(())
    }

    /// One account with its calendars.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn account(&self, ctx: &Ctx, id: CalendarAccountId) -> Result<Account> {
        let row = account_row(ctx, id).await?;
        shown(ctx, row).await
    }

    /// The workspace's accounts, or one host's, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn accounts(&self, ctx: &Ctx, host: Option<HostId>) -> Result<Vec<Account>> {
        let rows: Vec<AccountRow> = ctx.db.all(queries::LIST_ACCOUNTS, params![ctx.workspace]).await?;
        let mut out = Vec::new();
        for row in rows.into_iter().filter(|row| host.is_none_or(|host| row.host == host)) {
            out.push(shown(ctx, row).await?);
        }
        Ok(out)
    }

    /// Changes an account. New credentials are tried before they are kept.
    ///
    /// # Errors
    /// [`Error::NotFound`], a wrong field.
    pub async fn change(&self, ctx: &Ctx, id: CalendarAccountId, change: ChangeAccount) -> Result<Account> {
        let row = account_row(ctx, id).await?;
        let keys = ctx.keys().await?;
        let mut access = row.access(&keys)?;
        let credentials = change.username.is_some() || change.password.is_some();
        if let Some(label) = &change.label {
            access.label = text("label", label, 100)?;
        }
        if let Some(username) = &change.username {
            access.username = text("username", username, 200)?;
        }
        if let Some(password) = &change.password {
            access.password = text("password", password, 500)?;
        }
        if let Some(list) = &change.addresses {
            access.addresses = addresses(list)?;
        }
        access.zone = zone(change.time_zone.apply(access.zone.clone()).as_deref())?;
        let mut state = row.state.clone();
        if credentials {
            if matches!(row.kind(), AccountKind::Google | AccountKind::Microsoft) {
                return Err(invalid("password", "this account is connected in the browser; connect it anew there"));
            }
            self.looked_at(row.kind(), &access).await.map_err(refused)?;
            AccountState::Active.as_str().clone_into(&mut state);
        }
        let mut batch = ctx.batch();
        batch.guard(
            queries::UPDATE_ACCOUNT,
            params![ctx.workspace, id, AccountRow::seal(&keys, &access)?, state, ctx.now()],
        );
        // What was read was read for other addresses or another zone.
        batch.push(queries::READ_ANEW, params![ctx.workspace, id]);
        for calendar in calendars_of(ctx, id).await? {
            batch.job(sync_job(calendar.id));
        }
        audit::record(&mut batch, ctx, "calendar.changed", &[&id]);
        ctx.db.apply(batch).await?;
        self.account(ctx, id).await
    }

    /// Reads an account's calendars as soon as possible, and looks for new ones.
    ///
    /// # Errors
    /// [`Error::NotFound`]; a failure of the server is told by the calendars.
    pub async fn sync_now(&self, ctx: &Ctx, id: CalendarAccountId) -> Result<()> {
        let row = account_row(ctx, id).await?;
        let mut batch = ctx.batch();
        if let Ok(source) = self.source(ctx, &row).await?
            && let Ok(Ok(listing)) = tokio::time::timeout(Duration::from_secs(10), source.list()).await
        {
            if row.state == AccountState::Unauthorised.as_str() {
                batch.push(queries::ACCOUNT_STATE, params![ctx.workspace, id, AccountState::Active.as_str()]);
            }
            self.keep_calendars(ctx, &mut batch, (id, row.host, row.kind()), listing.calendars).await?;
        }
        for calendar in calendars_of(ctx, id).await? {
            batch.job(sync_job(calendar.id));
        }
        ctx.db.apply(batch).await?;
        Ok(())
    }

    /// Leaves an account: copies of coming bookings are taken out of its calendars as far as they answer, then
    /// everything known of them is deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn leave(&self, ctx: &Ctx, id: CalendarAccountId) -> Result<()> {
        let row = account_row(ctx, id).await?;
        let calendars = calendars_of(ctx, id).await?;
        let _ = tokio::time::timeout(FAREWELL, self.take_copies_out(ctx, &row, &calendars)).await;
        let mut batch = ctx.batch();
        batch.guard(queries::DELETE_ACCOUNT, params![ctx.workspace, id]);
        for calendar in calendars {
            forget(&mut batch, calendar.id);
        }
        audit::record(&mut batch, ctx, "calendar.disconnected", &[&id]);
        ctx.db.apply(batch).await?;
        Ok(())
    }

    /// Disconnects everything of a host who is gone: their secrets, what was read of their time, and the feeds that
    /// were published for them.
    pub(super) async fn part_with(&self, ctx: &Ctx, host: HostId) -> Result<()> {
        let rows: Vec<AccountRow> = ctx.db.all(queries::LIST_ACCOUNTS, params![ctx.workspace]).await?;
        for row in rows.into_iter().filter(|row| row.host == host) {
            match self.leave(ctx, row.id).await {
                Ok(()) | Err(Error::NotFound(_) | Error::Store(store::Error::Guard(_))) => {}
                Err(error) => return Err(error),
            }
        }
        for feed in feeds::published(ctx, Some(host)).await? {
            feeds::withdraw(ctx, feed.id).await?;
        }
        Ok(())
    }

    /// Changes what a calendar is used for.
    ///
    /// # Errors
    /// [`Error::NotFound`]; a target that cannot be written.
    pub async fn use_calendar(&self, ctx: &Ctx, id: CalendarId, change: CalendarChange) -> Result<CalendarView> {
        let row = calendar_row(ctx, id).await?;
        let target = change.target.unwrap_or(row.target);
        if target && !row.writable {
            return Err(invalid("target", "this calendar can only be read"));
        }
        let mut batch = ctx.batch();
        if target && !row.target {
            batch.push(queries::NO_TARGET, params![ctx.workspace, row.host, false]);
        }
        let conflicts = change.conflicts.unwrap_or(row.conflicts);
        batch.guard(queries::USE_CALENDAR, params![ctx.workspace, id, conflicts, target]);
        audit::record(&mut batch, ctx, "calendar.used", &[&id]);
        ctx.db.apply(batch).await?;
        let settings = choices::settings(ctx).await?;
        calendar_row(ctx, id).await?.shown(ctx.keys().await?.as_ref(), settings.stale_before(ctx.now()))
    }
}

fn password(access: &Access) -> Secret {
    if access.username.is_empty() && access.password.is_empty() {
        Secret::None
    } else {
        Secret::Password(access.username.as_str().into(), access.password.as_str().into())
    }
}

/// The job that reads a calendar.
pub(super) fn sync_job(id: CalendarId) -> NewJob {
    NewJob::now(sync::QUEUE, json!({ "calendar": id })).key(id.to_string())
}

/// Deletes everything of a calendar.
pub(super) fn forget(batch: &mut Batch, id: CalendarId) {
    let workspace = batch.workspace();
    batch.push(queries::DELETE_BUSY, params![workspace, id]);
    batch.push(queries::DELETE_COPIES_IN, params![workspace, id]);
    batch.push(queries::DELETE_CALENDAR, params![workspace, id]);
    store::jobs::cancel(batch, sync::QUEUE, &id.to_string());
}

pub(super) async fn account_row(ctx: &Ctx, id: CalendarAccountId) -> Result<AccountRow> {
    ctx.db.opt(queries::GET_ACCOUNT, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("calendar account"))
}

pub(super) async fn calendar_row(ctx: &Ctx, id: CalendarId) -> Result<CalendarRow> {
    ctx.db.opt(queries::GET_CALENDAR, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("calendar"))
}

pub(super) async fn calendars_of(ctx: &Ctx, account: CalendarAccountId) -> Result<Vec<CalendarRow>> {
    Ok(ctx.db.all(queries::CALENDARS_OF_ACCOUNT, params![ctx.workspace, account]).await?)
}

/// Whose calendar it is.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn host_of(ctx: &Ctx, id: CalendarId) -> Result<HostId> {
    Ok(calendar_row(ctx, id).await?.host)
}

async fn shown(ctx: &Ctx, row: AccountRow) -> Result<Account> {
    let keys = ctx.keys().await?;
    let before: Timestamp = choices::settings(ctx).await?.stale_before(ctx.now());
    let calendars = calendars_of(ctx, row.id).await?;
    let calendars = calendars.iter().map(|calendar| calendar.shown(&keys, before)).collect::<Result<_>>()?;
    row.shown(&keys, calendars)
}
