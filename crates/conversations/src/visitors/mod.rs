//! Visitors of web pages: subjects of their own, from the moment they begin to chat. Before that nothing of them is
//! kept anywhere; the token they hold names an id that nobody has used yet.

mod known;
mod personal;
mod token;

use kernel::{ContactId, NoticeId, Timestamp, VisitorId, WidgetId};
use people::subscribe::Proof;
use privacy::claims::{self, Statement};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, params};

pub use known::{Consents, follow_merges, link, link_contact, unlink};
pub use token::{LIFE, TICKET_LIFE, Ticket, Token, read_ticket, read_token, ticket, token};

use crate::events;
use crate::{Error, Result, raced};

pub(crate) const SEALED: &str = "visitor.sealed";

/// What is known of a visitor; sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// What they call themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address they gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The number they gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Their country, where they agreed to be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Their program, where they agreed to be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// The site's own name for them, when the site's server vouched for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
    /// The address was vouched for by the site's server.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vouched: bool,
    /// What the site says about them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

store::sql! {
    INSERT = "INSERT INTO visitor (workspace, id, widget, contact, outside, sealed, tracking, visits, banned_until, created_at, seen_at, version)
        VALUES ($1, $2, $3, NULL, $4, $5, $6, 1, NULL, $7, $7, 1)";
    UPDATE = "UPDATE visitor SET sealed = $3, tracking = $4, seen_at = $5, version = version + 1 WHERE workspace = $1 AND id = $2 AND version = $6";
    VISIT = "UPDATE visitor SET visits = visits + 1, seen_at = $3 WHERE workspace = $1 AND id = $2 AND seen_at < $4";
    ONE = "SELECT id, widget, contact, sealed, tracking, visits, banned_until, created_at, seen_at, version FROM visitor WHERE workspace = $1 AND id = $2";
    BY_OUTSIDE = "SELECT id, widget, contact, sealed, tracking, visits, banned_until, created_at, seen_at, version FROM visitor WHERE workspace = $1 AND outside = $2";
    OF_CONTACT = "SELECT id FROM visitor WHERE workspace = $1 AND contact = $2";
    BAN = "UPDATE visitor SET banned_until = $3 WHERE workspace = $1 AND id = $2";
    pub(crate) LINK = "UPDATE visitor SET contact = $3, version = version + 1 WHERE workspace = $1 AND id = $2";
    pub(crate) MOVE = "UPDATE visitor SET contact = $3 WHERE workspace = $1 AND contact = $2";
    pub(crate) UNLINK = "UPDATE visitor SET contact = NULL WHERE workspace = $1 AND contact = $2";
    pub(crate) ERASE = "DELETE FROM visitor WHERE workspace = $1 AND id = $2";
    pub(crate) DUE = "SELECT id, seen_at, id FROM visitor WHERE workspace = $1 AND seen_at < $2 ORDER BY seen_at LIMIT $3";
}

store::row! {
    struct VisitorRow {
        id: VisitorId,
        widget: Option<WidgetId>,
        contact: Option<ContactId>,
        sealed: Vec<u8>,
        tracking: bool,
        visits: u64,
        banned_until: Option<Timestamp>,
        created_at: Timestamp,
        seen_at: Timestamp,
        version: i64,
    }
}

/// A visitor.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Their id; the same octets name their subject in the vault.
    pub id: VisitorId,
    /// The widget through which they came first.
    pub widget: Option<WidgetId>,
    /// The contact, once it is known who they are.
    pub contact: Option<ContactId>,
    /// What is known.
    pub profile: Profile,
    /// They agreed to be seen.
    pub tracking: bool,
    /// How often they came.
    pub visits: u64,
    /// They may not chat until.
    pub banned_until: Option<Timestamp>,
    /// Since when they are known.
    pub created_at: Timestamp,
    /// When something was heard of them last.
    pub seen_at: Timestamp,
    version: i64,
}

impl Visitor {
    /// Their subject in the vault.
    pub const fn subject(&self) -> ContactId {
        subject_of(self.id)
    }

    /// Whether they may not chat now.
    pub fn is_banned(&self, now: Timestamp) -> bool {
        self.banned_until.is_some_and(|until| now < until)
    }
}

/// The subject under whose key a visitor's data rest.
pub const fn subject_of(id: VisitorId) -> ContactId {
    ContactId(id.0)
}

async fn opened(ctx: &Ctx, row: VisitorRow) -> Result<Visitor> {
    let subject = subject_of(row.id);
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    Ok(Visitor {
        id: row.id,
        widget: row.widget,
        contact: row.contact,
        profile: events::open(ctx, (subject, &keys), SEALED, &row.sealed)?,
        tracking: row.tracking,
        visits: row.visits,
        banned_until: row.banned_until,
        created_at: row.created_at,
        seen_at: row.seen_at,
        version: row.version,
    })
}

/// One visitor, if they ever began.
///
/// # Errors
/// When the store fails.
pub async fn find(ctx: &Ctx, id: VisitorId) -> Result<Option<Visitor>> {
    match ctx.db.get::<VisitorRow>(ONE, params![ctx.workspace, id]).await? {
        Some(row) => Ok(Some(opened(ctx, row).await?)),
        None => Ok(None),
    }
}

/// One visitor.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: VisitorId) -> Result<Visitor> {
    find(ctx, id).await?.ok_or(Error::NotFound("visitor"))
}

/// Many visitors, in their order; none where one is gone.
///
/// # Errors
/// When the store fails.
pub async fn get_many(ctx: &Ctx, ids: &[VisitorId]) -> Result<Vec<Option<Visitor>>> {
    let sets = ids.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<VisitorRow>> = ctx.db.many(ONE, sets).await?;
    let mut out = Vec::with_capacity(ids.len());
    for row in rows {
        out.push(match row.into_iter().next() {
            Some(row) => Some(opened(ctx, row).await?),
            None => None,
        });
    }
    Ok(out)
}

/// The visitor whom a site's server calls by this name.
///
/// # Errors
/// When the store fails.
pub async fn by_outside(ctx: &Ctx, name: &str) -> Result<Option<Visitor>> {
    let mark = ctx.keys().await?.blind("visitor", name);
    match ctx.db.opt::<VisitorRow>(BY_OUTSIDE, params![ctx.workspace, mark.to_vec()]).await? {
        Some(row) => Ok(Some(opened(ctx, row).await?)),
        None => Ok(None),
    }
}

/// Keeps a visitor who begins. Who is there already is left as they are.
///
/// # Errors
/// When the store fails.
pub async fn begin(ctx: &Ctx, id: VisitorId, widget: WidgetId, profile: &Profile) -> Result<Visitor> {
    if let Some(known) = find(ctx, id).await? {
        return Ok(known);
    }
    let subject = subject_of(id);
    // Keys that an interrupted beginning left are used again.
    let mut keys = ctx.vault.subject(ctx.workspace, subject).await?;
    if keys.data().is_err() {
        if keys.evidence().is_ok() {
            return Err(Error::State("this visitor was erased; begin anew"));
        }
        keys = match ctx.vault.create_subjects(ctx.workspace, &[subject]).await {
            Ok(mut keys) => keys.pop().unwrap_or_default(),
            Err(store::Error::Unique(_)) => ctx.vault.subject(ctx.workspace, subject).await?,
            Err(error) => return Err(error.into()),
        };
    }
    let sealed = events::seal(ctx, (subject, &keys), SEALED, profile)?;
    let outside = match &profile.outside {
        Some(name) => Some(ctx.keys().await?.blind("visitor", name).to_vec()),
        None => None,
    };
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, widget, outside, sealed, false, ctx.now()]);
    match ctx.db.apply(batch).await {
        Ok(_) | Err(store::Error::Unique(_)) => get(ctx, id).await,
        Err(error) => Err(error.into()),
    }
}

/// Changes what is known of a visitor.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn change(ctx: &Ctx, id: VisitorId, act: impl Fn(&mut Visitor)) -> Result<Visitor> {
    raced(|| async {
        let before = get(ctx, id).await?;
        let mut visitor = before.clone();
        act(&mut visitor);
        if visitor.profile == before.profile && visitor.tracking == before.tracking {
            return Ok(visitor);
        }
        let keys = ctx.vault.subject(ctx.workspace, visitor.subject()).await?;
        let sealed = events::seal(ctx, (visitor.subject(), &keys), SEALED, &visitor.profile)?;
        let mut batch = ctx.batch();
        batch.guard(UPDATE, params![ctx.workspace, id, sealed, visitor.tracking, ctx.now(), visitor.version]);
        match ctx.db.apply(batch).await {
            Ok(_) => Ok(visitor),
            Err(store::Error::Guard(_)) => Err(crate::Error::Raced),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// What somebody said about being seen, and what proves it.
#[derive(Clone)]
pub struct Leave {
    /// They agree; otherwise they take it back.
    pub given: bool,
    /// The words beside the switch, when the page said them.
    pub wording: Option<String>,
    /// The notice that was shown.
    pub notice: Option<NoticeId>,
    /// The country in which they seem to be.
    pub country: Option<String>,
    /// From where.
    pub proof: Proof,
}

/// A visitor agrees that members see which pages they look at, or takes that back. Both are evidence in the ledger:
/// looking at what somebody's device does needs consent that can be shown (ePrivacy Directive Art. 5(3), GDPR
/// Art. 7(1)). What was seen under it goes with it.
///
/// # Errors
/// [`Error::NotFound`]; wording that is too long.
pub async fn agree(ctx: &Ctx, id: VisitorId, leave: &Leave) -> Result<Visitor> {
    let wording = leave.wording.as_deref().map(|words| crate::text::optional("wording", words, 2000)).transpose()?;
    raced(|| async {
        let before = get(ctx, id).await?;
        if before.tracking == leave.given {
            return Ok(before);
        }
        let mut visitor = Visitor { tracking: leave.given, ..before };
        if leave.given {
            visitor.profile.country = leave.country.clone().or(visitor.profile.country);
        } else {
            (visitor.profile.browser, visitor.profile.country) = (None, None);
        }
        let subject = visitor.subject();
        let (keys, own) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
        let sealed = events::seal(ctx, (subject, &own), SEALED, &visitor.profile)?;
        let statement = Statement {
            subject,
            purpose: Purpose::ENGAGEMENT_TRACKING,
            channel: Channel::Chat,
            topic: None,
            basis: BasisKind::Consent,
            state: if leave.given { ConsentState::Given } else { ConsentState::Withdrawn },
            at: ctx.now(),
            expires_at: None,
            detail: json!({
                "source": "chat",
                "evidence": true,
                "wording": wording,
                "notice": leave.notice,
                "ip": leave.proof.ip,
                "user_agent": leave.proof.user_agent,
                "page": leave.proof.page,
            }),
        };
        let mut batch = ctx.batch();
        batch.guard(UPDATE, params![ctx.workspace, id, sealed, visitor.tracking, ctx.now(), visitor.version]);
        claims::state(&mut batch, ctx, &keys, &own, statement)?;
        match ctx.db.apply(batch).await {
            Ok(_) => Ok(visitor),
            Err(store::Error::Guard(_)) => Err(crate::Error::Raced),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// A visitor came again: a visit more, unless the last one is less than half an hour ago.
///
/// # Errors
/// When the store fails.
pub async fn came(ctx: &Ctx, id: VisitorId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(VISIT, params![ctx.workspace, id, ctx.now(), ctx.now().plus_seconds(-1800)]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Keeps a visitor from chatting until an instant; none lets them again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn ban(ctx: &Ctx, hub: &crate::hub::Hub, id: VisitorId, until: Option<Timestamp>) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(BAN, params![ctx.workspace, id, until]);
    let action = if until.is_some() { "visitor.banned" } else { "visitor.unbanned" };
    accounts::audit::record(&mut batch, ctx, action, &[&id]);
    ctx.db.apply(batch).await?;
    if until.is_some() {
        hub.end_visitor(ctx.workspace, id, crate::hub::Bye::Banned);
    }
    Ok(())
}

/// The visitors that are a contact.
///
/// # Errors
/// When the store fails.
pub async fn of_contact(ctx: &Ctx, contact: ContactId) -> Result<Vec<VisitorId>> {
    let rows: Vec<(VisitorId,)> = ctx.db.all(OF_CONTACT, params![ctx.workspace, contact]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
