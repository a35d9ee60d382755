//! Google and Microsoft: the organisation's own applications there, and the way of a host's consent.

use accounts::audit;
use data_encoding::BASE64URL_NOPAD;
use kernel::{CalendarAccountId, HostId, RawId};
use serde::Serialize;
use store::{Ctx, params};

use super::accounts::{account_row, refused};
use super::model::{Access, Account, AccountKind, AccountRow, AccountState, opened, sealed};
use super::source::Failure;
use super::source::oauth::{self, Application};
use super::{Calendars, hosts, queries};
use crate::error::invalid;
use crate::{Error, Result};

const SEALED: &str = "calendar_provider.sealed";
const LABEL: &str = "calendar.oauth";
/// Seconds within which the vendor has to send the browser back.
const LASTS: i64 = 900;

/// A vendor as set up.
#[derive(Debug, Clone, Serialize)]
pub struct ProviderView {
    /// Which.
    pub kind: AccountKind,
    /// Whether an application is registered.
    pub configured: bool,
    /// Its public name.
    pub client_id: Option<String>,
    /// The address to enter at the vendor as the one to return to.
    pub redirect_uri: String,
}

/// An application registered at a vendor.
#[derive(Clone, Default)]
pub struct ProviderChange {
    /// Its public name.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Another address of the vendor's interface, such as a national cloud's.
    pub api_url: Option<String>,
    /// Another address of its consent page.
    pub auth_url: Option<String>,
    /// Another address where codes become tokens.
    pub token_url: Option<String>,
}

fn vendor(kind: AccountKind) -> Result<(&'static str, &'static str, &'static str, &'static str)> {
    match kind {
        AccountKind::Google => Ok((
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/calendar/v3",
            "https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.readonly",
        )),
        AccountKind::Microsoft => Ok((
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "https://graph.microsoft.com/v1.0",
            "offline_access Calendars.ReadWrite",
        )),
        _ => Err(invalid("kind", "google or microsoft")),
    }
}

impl Calendars {
    fn redirect(&self) -> String {
        format!("{}/app/booking/calendars/connected", self.public_url)
    }

    pub(super) async fn application(&self, ctx: &Ctx, kind: AccountKind) -> Result<Option<Application>> {
        let row: Option<(Vec<u8>,)> = ctx.db.get(queries::GET_PROVIDER, params![ctx.workspace, kind.as_str()]).await?;
        let Some((bytes,)) = row else { return Ok(None) };
        opened(ctx.keys().await?.as_ref(), SEALED, &bytes).map(Some)
    }

    /// The vendors and whether an application is registered there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn providers(&self, ctx: &Ctx) -> Result<Vec<ProviderView>> {
        let mut out = Vec::new();
        for kind in [AccountKind::Google, AccountKind::Microsoft] {
            let known = self.application(ctx, kind).await?;
            out.push(ProviderView {
                kind,
                configured: known.is_some(),
                client_id: known.map(|known| known.client_id),
                redirect_uri: self.redirect(),
            });
        }
        Ok(out)
    }

    /// Keeps the application of the organisation at a vendor.
    ///
    /// # Errors
    /// A wrong field; an address that may not be contacted.
    pub async fn save_provider(&self, ctx: &Ctx, kind: AccountKind, change: ProviderChange) -> Result<ProviderView> {
        let (auth, token, api, scope) = vendor(kind)?;
        let fits = |text: &str| (1..=500).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
        if !fits(&change.client_id) || !fits(&change.client_secret) {
            return Err(invalid("client_id", "copy the application's id and secret from the vendor's console"));
        }
        let auth_url = change.auth_url.unwrap_or_else(|| auth.to_owned());
        let token_url = change.token_url.unwrap_or_else(|| token.to_owned());
        let api_url = change.api_url.unwrap_or_else(|| api.to_owned());
        for (field, url) in [("token_url", &token_url), ("api_url", &api_url)] {
            self.client.check(url).map_err(|blocked| invalid(field, blocked.to_string()))?;
        }
        if !auth_url.starts_with("https://") && !auth_url.starts_with("http://127.0.0.1") {
            return Err(invalid("auth_url", "an https address"));
        }
        let application = Application {
            client_id: change.client_id,
            client_secret: change.client_secret,
            auth_url,
            token_url,
            api_url,
            scope: scope.to_owned(),
        };
        let keys = ctx.keys().await?;
        let mut batch = ctx.batch();
        batch.push(
            queries::SAVE_PROVIDER,
            params![ctx.workspace, kind.as_str(), sealed(&keys, SEALED, &application)?, ctx.now()],
        );
        audit::record(&mut batch, ctx, "calendar.provider", &[]);
        ctx.db.apply(batch).await?;
        Ok(ProviderView {
            kind,
            configured: true,
            client_id: Some(application.client_id),
            redirect_uri: self.redirect(),
        })
    }

    /// Begins to connect a vendor's account: the account waits, and the browser is to go to the address.
    ///
    /// # Errors
    /// When no application is registered at the vendor.
    pub async fn begin(
        &self,
        ctx: &Ctx,
        (host, kind): (HostId, AccountKind),
        label: Option<String>,
        time_zone: Option<String>,
    ) -> Result<(CalendarAccountId, String)> {
        vendor(kind)?;
        hosts::exists(ctx, host).await?;
        let application = self
            .application(ctx, kind)
            .await?
            .ok_or_else(|| Error::Conflict("register the organisation's application at the vendor first".to_owned()))?;
        if let Some(zone) = &time_zone {
            super::ics::zone(zone).ok_or_else(|| invalid("time_zone", "name a zone such as Asia/Riyadh"))?;
        }
        let mut random = [0u8; 32];
        ctx.rng.fill(&mut random);
        let verifier = BASE64URL_NOPAD.encode(&random);
        let id: CalendarAccountId = ctx.id();
        let keys = ctx.keys().await?;
        let mut payload = ctx.workspace.0.to_vec();
        payload.extend_from_slice(&id.0);
        payload.extend_from_slice(&ctx.now().plus_seconds(LASTS).0.to_be_bytes());
        let state = keys.sign(LABEL, &payload);
        let url = oauth::address(&application, &self.redirect(), &state, &verifier).map_err(refused)?;
        let label = label.unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
        let access = Access {
            label,
            address: application.api_url,
            verifier: Some(verifier),
            zone: time_zone,
            ..Access::default()
        };
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_ACCOUNT,
            params![
                ctx.workspace,
                id,
                host,
                kind.as_str(),
                AccountRow::seal(&keys, &access)?,
                AccountState::Connecting.as_str(),
                ctx.actor.to_string(),
                ctx.now()
            ],
        );
        ctx.db.apply(batch).await?;
        Ok((id, url))
    }

    /// Ends what [`Calendars::begin`] began, with what the vendor gave the browser. Only the member who began may
    /// end it: nobody can be made to hand a calendar to somebody else.
    ///
    /// # Errors
    /// A state that is forged, old, used or another member's; a code that the vendor does not take.
    pub async fn finish(&self, ctx: &Ctx, code: &str, state: &str) -> Result<Account> {
        let stale = || invalid("state", "this connection was begun too long ago or by somebody else; begin anew");
        let keys = ctx.keys().await?;
        let payload = keys.verify(LABEL, state).ok_or_else(stale)?;
        let id: RawId = payload.get(16..32).and_then(|id| id.try_into().ok()).ok_or_else(stale)?;
        let until = payload.get(32..40).and_then(|at| at.try_into().ok()).map(i64::from_be_bytes).ok_or_else(stale)?;
        if payload.get(..16) != Some(ctx.workspace.0.as_slice()) || until < ctx.now().0 {
            return Err(stale());
        }
        let row = account_row(ctx, CalendarAccountId(id)).await?;
        if row.created_by != ctx.actor.to_string() || row.state != AccountState::Connecting.as_str() {
            return Err(stale());
        }
        let mut access = row.access(&keys)?;
        let application = self.application(ctx, row.kind()).await?.ok_or_else(stale)?;
        let verifier = access.verifier.take().ok_or_else(stale)?;
        let redirect = self.redirect();
        let tokens = oauth::exchange(&self.client, &application, (code, &verifier, &redirect), ctx.now())
            .await
            .map_err(|failure| match failure {
                Failure::Unauthorised => invalid("code", "the vendor does not take this code; begin anew"),
                other => refused(other),
            })?;
        access.tokens = Some(tokens);
        let mut batch = ctx.batch();
        let save = |access: &Access| -> Result<Vec<store::Value>> {
            Ok(params![
                ctx.workspace,
                row.id,
                AccountRow::seal(&keys, access)?,
                AccountState::Active.as_str(),
                ctx.now()
            ])
        };
        batch.guard(queries::UPDATE_ACCOUNT, save(&access)?);
        ctx.db.apply(batch).await?;
        let row = account_row(ctx, row.id).await?;
        let source = self.source(ctx, &row).await?.map_err(refused)?;
        let listing = source.list().await.map_err(refused)?;
        if access.label.is_empty() {
            access.label = listing.addresses.iter().find(|one| one.contains('@')).cloned().unwrap_or_default();
        }
        access.addresses = listing.addresses;
        let mut batch = ctx.batch();
        batch.guard(queries::UPDATE_ACCOUNT, save(&access)?);
        self.keep_calendars(ctx, &mut batch, (row.id, row.host, row.kind()), listing.calendars).await?;
        audit::record(&mut batch, ctx, "calendar.connected", &[&row.id]);
        ctx.db.apply(batch).await?;
        self.account(ctx, row.id).await
    }
}
