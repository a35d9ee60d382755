//! The saved payment method: agreed to, entered at the provider, shown, withdrawn and forgotten.
//!
//! A row is `pending` while the provider's page is open, `active` once the provider keeps the method, and `leaving` from
//! the withdrawal until the provider has confirmed that it forgot. What a person recognises the method by rests under the
//! key of the member who agreed, and goes with the withdrawal or the member; the token rests under the workspace's key, so
//! that the provider can still be told to forget.

use kernel::{ContactId, EventId, PaymentMethodId, Timestamp, UserId};
use privacy::agreements::OF;
use privacy::vocabulary::ConsentState;
use serde_json::json;
use store::{Ctx, SubjectKeys, params, sql};

use super::agreed::{self, AUTO_RECHARGE, Consent, SAVED_METHOD};
use super::{Agreeing, Tills, job, setting};
use crate::payment::Refusal;
use crate::payment::saved::{Display, SetUp, SetUpState, Token};
use crate::{Error, Result, balance};

/// Columns as they are bound into seals.
const TOKEN: &str = "payment_method.token";
const SESSION: &str = "payment_method.session";
const PAGE: &str = "payment_method.page";
const DISPLAY: &str = "payment_method.display";
/// Seconds for which a page is open.
const OPEN: i64 = 23 * 3600;

sql! {
    INSERT = "INSERT INTO payment_method (workspace, id, state, kind, subject, consent, consented_at, attempts, created_at, changed_at)
        VALUES ($1, $2, 'pending', '', $3, $4, $5, 0, $5, $5)";
    ONE = "SELECT id, state, kind, subject, consent, consented_at, token, display, session, page, reason, attempts, created_at, changed_at
        FROM payment_method WHERE workspace = $1 AND id = $2";
    ALL = "SELECT id, state, kind, subject, consent, consented_at, token, display, session, page, reason, attempts, created_at, changed_at
        FROM payment_method WHERE workspace = $1 ORDER BY id DESC LIMIT 100";
    OPENED = "UPDATE payment_method SET session = $3, page = $4, token = $5 WHERE workspace = $1 AND id = $2 AND state = 'pending'";
    KEPT = "UPDATE payment_method SET state = 'active', kind = $3, token = $4, display = $5, session = NULL, page = NULL, changed_at = $6
        WHERE workspace = $1 AND id = $2 AND state = 'pending'";
    /// Every other method leaves when one comes: there is one at a time.
    REPLACED = "UPDATE payment_method SET state = 'leaving', display = NULL, page = NULL, changed_at = $3
        WHERE workspace = $1 AND id <> $2 AND state <> 'leaving'";
    LEAVES = "UPDATE payment_method SET state = 'leaving', display = NULL, page = NULL, changed_at = $3
        WHERE workspace = $1 AND id = $2 AND state <> 'leaving'";
    NOT_YET = "UPDATE payment_method SET attempts = attempts + 1, reason = $3 WHERE workspace = $1 AND id = $2 AND state = 'leaving'";
    LEARNT = "UPDATE payment_method SET token = $3 WHERE workspace = $1 AND id = $2 AND state = 'leaving'";
    FORGET = "DELETE FROM payment_method WHERE workspace = $1 AND id = $2";
    /// The member is gone, and their agreement with them; the provider is told by the job that looks every hour.
    ERASE = "UPDATE payment_method SET state = 'leaving', display = NULL, page = NULL WHERE workspace = $1 AND subject = $2";
}

store::personal!(store::PersonalTable {
    table: "payment_method",
    class: "account.member",
    subject: "subject",
    columns: &["token", "display", "session", "page"],
    erase: &[ERASE],
    kept: None,
    collect: Some(collect),
});

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    keys: &'a SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<Kept> = ctx.db.all(ALL, params![ctx.workspace]).await?;
        let mut out = Vec::new();
        for row in rows.into_iter().filter(|row| row.subject == subject) {
            let display = shown(ctx, &row, keys).map_err(|error| store::Error::Refused(error.problem()))?;
            out.push(json!({ "state": row.state, "kind": row.kind, "agreement": row.consent, "agreed_at": row.consented_at, "method": display }));
        }
        Ok(out)
    })
}

store::row! {
    struct Kept {
        id: PaymentMethodId,
        state: String,
        kind: String,
        subject: ContactId,
        consent: EventId,
        consented_at: Timestamp,
        token: Option<Vec<u8>>,
        display: Option<Vec<u8>>,
        session: Option<Vec<u8>>,
        page: Option<Vec<u8>>,
        reason: Option<String>,
        attempts: u32,
        created_at: Timestamp,
        changed_at: Timestamp,
    }
}

/// A method that can be charged.
#[derive(Debug, Clone)]
pub(crate) struct Active {
    pub(crate) subject: ContactId,
    pub(crate) event: EventId,
    pub(crate) token: Token,
}

/// A method as members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Its id.
    pub id: PaymentMethodId,
    /// What it is recognised by.
    pub display: Display,
    /// The agreement.
    pub consent: Consent,
    /// Since when the provider keeps it.
    pub saved_at: Timestamp,
}

/// A page that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The method that is to be.
    pub id: PaymentMethodId,
    /// Where it is entered.
    pub url: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// A method that was withdrawn and that the provider has not forgotten yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Which.
    pub id: PaymentMethodId,
    /// Since when.
    pub since: Timestamp,
    /// How often the provider was told.
    pub attempts: u32,
    /// Why it did not, the last time.
    pub reason: Option<String>,
}

/// Everything there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// The method.
    pub method: Option<Method>,
    /// The page that is open.
    pub pending: Option<Pending>,
    /// What is still to be forgotten.
    pub leaving: Vec<Leaving>,
}

fn shown(ctx: &Ctx, row: &Kept, keys: &SubjectKeys) -> Result<Option<Display>> {
    let Some(sealed) = row.display.as_deref() else { return Ok(None) };
    let Ok(key) = keys.data() else { return Ok(None) };
    let plain = key.open(&ctx.aad(row.subject, DISPLAY), sealed)?;
    Ok(Some(serde_json::from_slice(&plain).map_err(|_| store::Error::Seal("payment_method"))?))
}

async fn one(ctx: &Ctx, id: PaymentMethodId) -> Result<Kept> {
    let row: Option<Kept> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("payment method"))
}

async fn opened(ctx: &Ctx, column: &str, sealed: Option<&[u8]>) -> Result<Option<String>> {
    super::book::text(ctx.keys().await?.as_ref(), column, sealed)
}

async fn token(ctx: &Ctx, row: &Kept) -> Result<Option<Token>> {
    let text = opened(ctx, TOKEN, row.token.as_deref()).await?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| store::Error::Seal("payment_method").into())).transpose()
}

async fn sealed(ctx: &Ctx, token: &Token) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(token).map_err(|_| store::Error::Seal("payment_method"))?;
    Ok(ctx.keys().await?.seal(TOKEN, &plain))
}

/// The method, the open page, and what is still to be forgotten.
///
/// # Errors
/// When the store fails.
pub async fn get(ctx: &Ctx) -> Result<Saved> {
    let rows: Vec<Kept> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    let mut saved = Saved::default();
    for row in rows {
        match row.state.as_str() {
            "active" if agreed::check(ctx, row.subject, SAVED_METHOD, row.consent).await?.is_some() => {
                let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
                let consent = Consent { event: row.consent, at: row.consented_at, by: UserId(row.subject.0) };
                let display = shown(ctx, &row, &keys)?.unwrap_or(Display::Other);
                saved.method = Some(Method { id: row.id, display, consent, saved_at: row.changed_at });
            }
            "pending" => {
                let url = opened(ctx, PAGE, row.page.as_deref()).await?;
                saved.pending = Some(Pending { id: row.id, url, since: row.created_at });
            }
            _ => saved.leaving.push(Leaving {
                id: row.id,
                since: row.changed_at,
                attempts: row.attempts,
                reason: row.reason,
            }),
        }
    }
    Ok(saved)
}

/// The method that can be charged.
pub(crate) async fn active(ctx: &Ctx) -> Result<Option<Active>> {
    let rows: Vec<Kept> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    for row in rows.into_iter().filter(|row| row.state == "active") {
        if let Some(token) = token(ctx, &row).await?.filter(|token| token.method.is_some()) {
            return Ok(Some(Active { subject: row.subject, event: row.consent, token }));
        }
    }
    Ok(None)
}

/// The member who acts agrees that the provider keeps a method, and is given the page on which to enter it.
///
/// # Errors
/// [`Error::Person`] for anybody but a member; [`Error::State`] without a provider; whatever the provider says.
pub async fn begin(ctx: &Ctx, tills: &dyn Tills, agreeing: &Agreeing) -> Result<(PaymentMethodId, String)> {
    agreed::member(ctx)?;
    let till = tills.till(ctx.workspace)?;
    let currency = balance::get(ctx).await?.currency;
    // A page that is open already is given up: nobody should find two.
    for row in ctx.db.all::<Kept>(ALL, params![ctx.workspace]).await?.into_iter().filter(|row| row.state == "pending") {
        leave(ctx, &row, (ConsentState::Expired, "another_page")).await?;
    }
    let id: PaymentMethodId = ctx.id();
    let mut batch = ctx.batch();
    let about = json!({ "method": id, OF: id });
    let (member, event) = agreed::give(&mut batch, ctx, SAVED_METHOD, (agreeing, "agree.saved_method"), about).await?;
    batch.push(INSERT, params![ctx.workspace, id, member, event, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "payment_method.agreed", &[&id, &event]);
    batch.job(job::method(id).at(ctx.now().plus_seconds(600)));
    ctx.db.apply(batch).await?;
    let page = format!("{}/app/messaging/balance", tills.public_url());
    let about = SetUp {
        method: id,
        success_url: format!("{page}?saved={id}"),
        cancel_url: format!("{page}?turned_back={id}"),
        expires_at: ctx.now().plus_seconds(OPEN),
        currency,
    };
    let made = async {
        let customer = till.customer(id).await?;
        let page = till.set_up(&customer, &about, ctx.now()).await?;
        Ok::<_, Refusal>((customer, page))
    };
    match made.await {
        Ok((customer, page)) => {
            let keys = ctx.keys().await?;
            let token = sealed(ctx, &Token { customer, method: None }).await?;
            let mut batch = ctx.batch();
            let (session, url) = (keys.seal(SESSION, page.session.as_bytes()), keys.seal(PAGE, page.url.as_bytes()));
            batch.push(OPENED, params![ctx.workspace, id, session, url, token]);
            ctx.db.apply(batch).await?;
            Ok((id, page.url))
        }
        Err(refusal) => {
            leave(ctx, &one(ctx, id).await?, (ConsentState::Invalidated, "no_page")).await?;
            Err(refusal.into())
        }
    }
}

/// Asks the provider what became of a method's page, or tells it to forget. Answers whether there is more to do.
///
/// # Errors
/// [`Error::NotFound`]; whatever the provider says.
pub async fn look(ctx: &Ctx, tills: &dyn Tills, id: PaymentMethodId) -> Result<bool> {
    let row = one(ctx, id).await?;
    match row.state.as_str() {
        "pending" => finish(ctx, tills, &row).await,
        "leaving" => forget(ctx, tills, &row).await.map(|gone| !gone),
        // Erased with its member, or the agreement ended otherwise: nothing is kept without one.
        _ => match agreed::check(ctx, row.subject, SAVED_METHOD, row.consent).await? {
            Some(_) => Ok(false),
            None => leave(ctx, &row, (ConsentState::Invalidated, "no_consent")).await.map(|()| true),
        },
    }
}

async fn finish(ctx: &Ctx, tills: &dyn Tills, row: &Kept) -> Result<bool> {
    let over = ctx.now() >= row.created_at.plus_seconds(OPEN + 3600);
    let Some(session) = opened(ctx, SESSION, row.session.as_deref()).await? else {
        // The process ended before the page was there.
        if ctx.now() >= row.created_at.plus_seconds(3600) {
            leave(ctx, row, (ConsentState::Expired, "no_page")).await?;
        }
        return Ok(true);
    };
    match tills.till(ctx.workspace)?.look_at_set_up(&session).await? {
        SetUpState::Kept { token, display } => keep(ctx, row, (&token, display)).await.map(|()| false),
        SetUpState::Expired => leave(ctx, row, (ConsentState::Expired, "page_expired")).await.map(|()| true),
        SetUpState::Open { .. } if over => {
            leave(ctx, row, (ConsentState::Expired, "page_expired")).await.map(|()| true)
        }
        SetUpState::Open { .. } => Ok(true),
    }
}

/// The provider keeps the method: it takes the place of the one before.
async fn keep(ctx: &Ctx, row: &Kept, (token, display): (&Token, Display)) -> Result<()> {
    if agreed::check(ctx, row.subject, SAVED_METHOD, row.consent).await?.is_none() {
        return leave(ctx, row, (ConsentState::Invalidated, "no_consent")).await;
    }
    let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    let display = display.without_card_numbers();
    let plain = serde_json::to_vec(&display).map_err(|_| store::Error::Seal("payment_method"))?;
    let shown = keys.data()?.seal(&ctx.aad(row.subject, DISPLAY), &plain, ctx.rng.as_ref());
    let mut batch = ctx.batch();
    batch.guard(KEPT, params![ctx.workspace, row.id, display.kind(), sealed(ctx, token).await?, shown, ctx.now()]);
    batch.push(REPLACED, params![ctx.workspace, row.id, ctx.now()]);
    if let Some(before) = get(ctx).await?.method {
        let about = (ContactId(before.consent.by.0), SAVED_METHOD, Some(before.id));
        agreed::end(&mut batch, ctx, about, (ConsentState::Expired, "replaced")).await?;
        batch.job(job::method(before.id));
    }
    accounts::audit::record(&mut batch, ctx, "payment_method.saved", &[&row.id]);
    super::look_soon(&mut batch);
    match ctx.db.apply(batch).await {
        // Told twice, it is kept once; withdrawn meanwhile, it leaves.
        Err(store::Error::Guard(_)) => Ok(()),
        other => Ok(other.map(|_| ())?),
    }
}

/// From now on it is not used, and the job makes the provider forget it.
async fn leave(ctx: &Ctx, row: &Kept, (state, why): (ConsentState, &str)) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(LEAVES, params![ctx.workspace, row.id, ctx.now()]);
    if agreed::check(ctx, row.subject, SAVED_METHOD, row.consent).await?.is_some() {
        agreed::end(&mut batch, ctx, (row.subject, SAVED_METHOD, Some(row.id)), (state, why)).await?;
    }
    batch.job(job::method(row.id));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Makes the provider forget; true when it has, and with it the row.
async fn forget(ctx: &Ctx, tills: &dyn Tills, row: &Kept) -> Result<bool> {
    match told_to_forget(ctx, tills, row).await {
        Ok(()) => {
            let mut batch = ctx.batch();
            batch.push(FORGET, params![ctx.workspace, row.id]);
            accounts::audit::record(&mut batch, ctx, "payment_method.forgotten", &[&row.id]);
            ctx.db.apply(batch).await?;
            Ok(true)
        }
        Err(Error::Store(error)) => Err(error.into()),
        Err(error) => {
            let reason = match &error {
                Error::Provider(Refusal::Unreachable) => "unreachable",
                Error::Provider(Refusal::Key) => "key_refused",
                Error::State(_) => "no_provider",
                _ => "provider_refused",
            };
            let mut batch = ctx.batch();
            batch.push(NOT_YET, params![ctx.workspace, row.id, reason]);
            ctx.db.apply(batch).await?;
            tracing::warn!(method = %row.id, reason, "the provider has not forgotten a payment method yet");
            Ok(false)
        }
    }
}

async fn told_to_forget(ctx: &Ctx, tills: &dyn Tills, row: &Kept) -> Result<()> {
    let Some(mut token) = token(ctx, row).await? else {
        // The provider never had anything.
        return Ok(());
    };
    let till = tills.till(ctx.workspace)?;
    if let (None, Some(session)) = (&token.method, opened(ctx, SESSION, row.session.as_deref()).await?) {
        // A page that is open could still bring a method.
        match till.close(&session).await {
            Ok(()) | Err(Refusal::Gone) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        match till.look_at_set_up(&session).await {
            Ok(SetUpState::Kept { token: known, .. }) => token = known,
            Ok(_) | Err(Refusal::Gone) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        let mut batch = ctx.batch();
        batch.push(LEARNT, params![ctx.workspace, row.id, sealed(ctx, &token).await?]);
        ctx.db.apply(batch).await?;
    }
    Ok(till.forget(&token).await?)
}

/// Withdraws both agreements: nothing is taken any more, what was shown of the method is deleted at once, and the provider
/// is told to forget it, now and, if that fails, again until it has. `Saved::leaving` says what it still has.
///
/// # Errors
/// When the store fails.
pub async fn withdraw(ctx: &Ctx, tills: &dyn Tills) -> Result<Saved> {
    let rows: Vec<Kept> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    let mut batch = ctx.batch();
    let mut ended: Vec<(ContactId, &'static str)> = Vec::new();
    if let Some(row) = setting::row(ctx).await?.filter(|row| row.enabled) {
        setting::off(&mut batch, ctx, &row, Some("method_withdrawn"));
        ended.push((row.subject, AUTO_RECHARGE));
        accounts::audit::record(&mut batch, ctx, "auto_recharge.withdrawn", &[&row.consent]);
    }
    for row in rows.iter().filter(|row| row.state != "leaving") {
        batch.push(LEAVES, params![ctx.workspace, row.id, ctx.now()]);
        batch.job(job::method(row.id));
        if !ended.contains(&(row.subject, SAVED_METHOD)) {
            ended.push((row.subject, SAVED_METHOD));
        }
        accounts::audit::record(&mut batch, ctx, "payment_method.withdrawn", &[&row.id, &row.consent]);
    }
    agreed::withdraw(ctx, batch, &ended, "withdrawn").await?;
    for row in &rows {
        match one(ctx, row.id).await {
            Ok(row) => {
                forget(ctx, tills, &row).await?;
            }
            // The job was quicker.
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    get(ctx).await
}

/// Enqueues what is still to be forgotten, of members who were erased since and of agreements that have ended: nobody
/// else would think of it. Recharging that no agreement covers any more is turned off.
///
/// # Errors
/// When the store fails, or the ledger does not verify.
pub async fn tend(ctx: &Ctx) -> Result<()> {
    setting::tend(ctx).await?;
    let mut batch = ctx.batch();
    let mut any = false;
    for row in ctx.db.all::<Kept>(ALL, params![ctx.workspace]).await? {
        if row.state == "leaving" || agreed::check(ctx, row.subject, SAVED_METHOD, row.consent).await?.is_none() {
            batch.job(job::method(row.id));
            any = true;
        }
    }
    if any {
        ctx.db.apply(batch).await?;
    }
    Ok(())
}
