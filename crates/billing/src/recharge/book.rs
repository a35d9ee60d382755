//! The book of recharges: rows, and the one way in which they move.

use kernel::{ContactId, EventId, PaymentId, Timestamp, UserId};
use serde_json::json;
use store::{Batch, Ctx, Feed, WorkspaceKeys, params, sql};

use super::{Consent, Kind, Recharge, State, setting};
use crate::{Error, Micros, Result, balance};

/// Columns as they are bound into seals.
const SESSION: &str = "recharge.session";
const PAGE: &str = "recharge.page";
/// Attempts to move what others move at the same time.
const ROUNDS: usize = 10;

sql! {
    INSERT = "INSERT INTO recharge (workspace, id, kind, state, amount, currency, made_by, subject, consent, consented_at, reason,
            attempts, act_by, created_at, settled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14)";
    GET = "SELECT id, kind, state, amount, currency, made_by, subject, consent, consented_at, session, page, reason, attempts, act_by, created_at,
            settled_at
        FROM recharge WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, kind, state, amount, currency, made_by, subject, consent, consented_at, session, page, reason, attempts, act_by, created_at,
            settled_at
        FROM recharge WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    SET_SESSION = "UPDATE recharge SET session = $3 WHERE workspace = $1 AND id = $2 AND session IS NULL";
    SET_PAGE = "UPDATE recharge SET page = $3 WHERE workspace = $1 AND id = $2";
    TRIED = "UPDATE recharge SET attempts = attempts + 1 WHERE workspace = $1 AND id = $2";
    MOVE = "UPDATE recharge SET state = $4, reason = $5, page = $6, act_by = $7, settled_at = $8
        WHERE workspace = $1 AND id = $2 AND state = $3";
    /// Payments of methods since an instant that took money, or still may.
    pub(crate) TAKEN = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM recharge
        WHERE workspace = $1 AND id >= $2 AND kind = 'auto' AND created_at >= $3 AND state IN ('charging', 'needs_action', 'paid', 'mismatched')";
    DUE = "SELECT NULL, created_at, id FROM recharge WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END = "DELETE FROM recharge WHERE workspace = $1 AND id = $2";
}

store::personal!(store::PersonalTable {
    table: "recharge",
    class: "tax",
    subject: "subject",
    columns: &["session", "page"],
    erase: &[],
    kept: Some("tax law wants books kept; they name the provider's order, the agreement, and who agreed by an id"),
    collect: Some(collect),
});

store::retention!(store::RetentionRule {
    table: "recharge",
    class: "tax",
    covers: &[],
    event: "the recharge was made",
    due_by: store::DueBy::Id,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});

sql! {
    OF_SUBJECT = "SELECT id, state, amount, currency, consent, created_at FROM recharge WHERE workspace = $1 AND subject = $2 ORDER BY id LIMIT 1000";
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    type Row = (PaymentId, String, Micros, String, Option<EventId>, Timestamp);
    Box::pin(async move {
        let rows: Vec<Row> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let show = |(id, state, amount, currency, consent, at): Row| json!({ "id": id, "state": state, "amount": amount.to_string(), "currency": currency, "agreement": consent, "at": at });
        Ok(rows.into_iter().map(show).collect())
    })
}

store::row! {
    struct Kept {
        id: PaymentId,
        kind: String,
        state: String,
        amount: Micros,
        currency: String,
        made_by: String,
        subject: Option<ContactId>,
        consent: Option<EventId>,
        consented_at: Option<Timestamp>,
        session: Option<Vec<u8>>,
        page: Option<Vec<u8>>,
        reason: Option<String>,
        attempts: u32,
        act_by: Option<Timestamp>,
        created_at: Timestamp,
        settled_at: Option<Timestamp>,
    }
}

pub(crate) fn text(keys: &WorkspaceKeys, column: &str, sealed: Option<&[u8]>) -> Result<Option<String>> {
    let Some(sealed) = sealed else { return Ok(None) };
    Ok(Some(String::from_utf8(keys.open(column, sealed)?).map_err(|_| store::Error::Seal("recharge"))?))
}

impl Kept {
    fn open(self, keys: &WorkspaceKeys) -> Result<Recharge> {
        let consent = match (self.subject, self.consent, self.consented_at) {
            (Some(subject), Some(event), Some(at)) => Some(Consent { event, at, by: UserId(subject.0) }),
            _ => None,
        };
        Ok(Recharge {
            session: text(keys, SESSION, self.session.as_deref())?,
            page: text(keys, PAGE, self.page.as_deref())?,
            id: self.id,
            kind: if self.kind == Kind::Auto.as_str() { Kind::Auto } else { Kind::Page },
            state: State::read(&self.state),
            amount: self.amount,
            currency: self.currency,
            by: self.made_by,
            consent,
            reason: self.reason,
            act_by: self.act_by,
            created_at: self.created_at,
            settled_at: self.settled_at,
            subject: self.subject,
            event: self.consent,
            attempts: self.attempts,
        })
    }
}

/// A recharge.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: PaymentId) -> Result<Recharge> {
    let row: Option<Kept> = ctx.db.opt(GET, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("payment"))?.open(ctx.keys().await?.as_ref())
}

/// A recharge that is to be written down.
pub(crate) struct New<'a> {
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) amount: Micros,
    pub(crate) currency: &'a str,
    /// What an automatic one rests on.
    pub(crate) consent: Option<Consent>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) act_by: Option<Timestamp>,
}

/// Adds a recharge to the batch, made now by whoever acts. One that is not open from the start is settled at once.
pub(crate) fn insert(batch: &mut Batch, ctx: &Ctx, id: PaymentId, new: &New<'_>) {
    batch.push(
        INSERT,
        params![
            ctx.workspace,
            id,
            new.kind.as_str(),
            new.state.as_str(),
            new.amount,
            new.currency,
            ctx.actor.to_string(),
            new.consent.map(|consent| ContactId(consent.by.0)),
            new.consent.map(|consent| consent.event),
            new.consent.map(|consent| consent.at),
            new.reason,
            new.act_by,
            ctx.now(),
            (!new.state.is_open()).then(|| ctx.now())
        ],
    );
}

/// Recharges before `before`, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, before: Option<PaymentId>, limit: u32) -> Result<Vec<Recharge>> {
    let before = before.unwrap_or(PaymentId([0xff; 16]));
    let rows: Vec<Kept> = ctx.db.all(LIST, params![ctx.workspace, before, limit]).await?;
    let keys = ctx.keys().await?;
    rows.into_iter().map(|row| row.open(&keys)).collect()
}

/// Writes down the provider's name of the order; false when one is written down already.
pub(crate) async fn name_session(ctx: &Ctx, id: PaymentId, session: &str) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.guard(SET_SESSION, params![ctx.workspace, id, ctx.keys().await?.seal(SESSION, session.as_bytes())]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

pub(crate) async fn set_page(ctx: &Ctx, id: PaymentId, page: &str) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(SET_PAGE, params![ctx.workspace, id, ctx.keys().await?.seal(PAGE, page.as_bytes())]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Counts an attempt to reach the provider.
pub(crate) async fn tried(ctx: &Ctx, id: PaymentId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(TRIED, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Where a recharge goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct To {
    pub(crate) reason: Option<String>,
    pub(crate) page: Option<String>,
    pub(crate) act_by: Option<Timestamp>,
}

impl To {
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::default() }
    }
}

/// Moves a recharge, with everything that follows from it, in one commit: the balance, the settings, the feed. False when
/// it stands there already or cannot go there. Somebody else may move it at the same time: then it is looked at again.
pub(crate) async fn step(ctx: &Ctx, id: PaymentId, next: State, to: &To) -> Result<bool> {
    balance::get(ctx).await?;
    for _ in 0..ROUNDS {
        let now = get(ctx, id).await?;
        if !now.state.may_become(next) {
            return Ok(false);
        }
        if once(ctx, &now, next, to).await? {
            return Ok(true);
        }
    }
    Err(Error::State("this payment is changing; try again"))
}

async fn once(ctx: &Ctx, from: &Recharge, next: State, to: &To) -> Result<bool> {
    let keys = ctx.keys().await?;
    let page = to.page.as_deref().map(|page| keys.seal(PAGE, page.as_bytes()));
    let settled = (!next.is_open()).then(|| ctx.now());
    let mut batch = ctx.batch();
    batch.guard(
        MOVE,
        params![
            ctx.workspace,
            from.id,
            from.state.as_str(),
            next.as_str(),
            to.reason.clone(),
            page,
            to.act_by,
            settled
        ],
    );
    match next {
        State::Paid => balance::credit(&mut batch, ctx, (from.id, entry_kind(from.kind)), from.amount),
        State::Refunded if from.state == State::Paid => {
            balance::debit(&mut batch, ctx, "refund", from.amount);
        }
        _ => {}
    }
    if let Some(kind) = told(from.kind, next) {
        let data = json!({
            "payment": from.id, "kind": from.kind.as_str(), "state": next.as_str(), "reason": to.reason,
            "amount_micros": from.amount, "consent": from.event,
        });
        batch.feed(Feed { kind, entity: ctx.workspace.into(), data });
    }
    if from.kind == Kind::Auto {
        setting::follow(&mut batch, ctx, from, (next, to)).await?;
    }
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

const fn entry_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Page => "payment",
        Kind::Auto => "recharge",
    }
}

/// What webhooks are told of.
pub(crate) const fn told(kind: Kind, next: State) -> Option<&'static str> {
    match (next, kind) {
        (State::Paid, _) => Some("balance.recharged"),
        (State::Failed | State::Mismatched | State::Refused, _) | (State::Cancelled, Kind::Auto) => {
            Some("balance.recharge_failed")
        }
        (State::NeedsAction, _) => Some("balance.recharge_needs_action"),
        _ => None,
    }
}
