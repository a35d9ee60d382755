//! Who must not be written to, by keyed hash. The rows survive erasure, imports, restores and
//! merges without telling anybody whom they concern: the hash is keyed with a key of its own and
//! links to no contact.
//!
//! A row is found by the hash of a person, an address (`email:…`, `phone:…`) or a domain
//! (`domain:…`), and says how far it reaches. Imports can add rows, never remove them; only the
//! person's own fresh double opt-in lifts a block, and a re-verified address its bounce.

mod lift;

pub(crate) use lift::{LIFT_SUPPRESSION, LIFTED};
pub use lift::{Lift, Lifted, lift, lift_bounce, resume};

use kernel::{ContactId, Email, EventId, Phone, Timestamp};
use serde::Serialize;
use store::{Batch, Blind, Ctx, WorkspaceKeys, params};

use crate::vocabulary::{Scope, vocabulary};
use crate::{Error, Result};

store::sql! {
    INSERT_SUPPRESSION = "INSERT INTO suppression (workspace, hash, scope, reason, at, event)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, hash, scope, reason) DO NOTHING";
    pub(crate) SUPPRESSIONS_OF = "SELECT scope, reason, at FROM suppression WHERE workspace = $1 AND hash = $2";
    pub(crate) SUPPRESSIONS_OF_THREE = "SELECT hash, scope, reason, at FROM suppression
        WHERE workspace = $1 AND hash IN ($2, $3, $4)";
    COPY_SUPPRESSION = "INSERT INTO suppression (workspace, hash, scope, reason, at, event)
        SELECT workspace, $3, scope, reason, at, event FROM suppression
        WHERE workspace = $1 AND hash = $2 ON CONFLICT (workspace, hash, scope, reason) DO NOTHING";
    SUPPRESSION_COUNTS = "SELECT scope, reason, CAST(count(*) AS BIGINT) FROM suppression
        WHERE workspace = $1 GROUP BY scope, reason ORDER BY scope, reason";
}

vocabulary! {
    /// Why somebody must not be written to, strongest first.
    Reason as "suppression reason" {
        /// The person was erased and asked for nothing since.
        Erased = "erased",
        /// A court, an authority or counsel says so.
        LegalBlock = "legal_block",
        /// A spam complaint.
        Complaint = "complaint",
        /// An objection to direct marketing (GDPR Art. 21).
        Objection = "objection",
        /// The person left everything.
        UnsubscribeAll = "unsubscribe_all",
        /// The mailbox does not exist.
        HardBounce = "hard_bounce",
        /// A company asked to be left alone.
        DomainBlock = "domain_block",
        /// The person left one purpose, channel or topic.
        Unsubscribe = "unsubscribe",
        /// Too many soft bounces.
        SoftLimit = "soft_limit",
        /// Sending waits for a human's decision.
        Pause = "pause",
    }
}

impl Reason {
    /// Whether the person spoke (rather than a mail server or a member of staff).
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::Complaint | Self::Objection | Self::UnsubscribeAll | Self::Unsubscribe)
    }

    /// Whether it counts as an objection rather than a withdrawal.
    pub const fn is_objection(self) -> bool {
        matches!(self, Self::Complaint | Self::Objection)
    }
}

/// Domains where anybody gets an address: nobody speaks for all who have one there.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "ymail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "t-online.de",
    "freenet.de",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "proton.me",
    "protonmail.com",
    "tutanota.com",
    "posteo.de",
    "mailbox.org",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "wanadoo.fr",
    "libero.it",
    "virgilio.it",
    "qq.com",
    "163.com",
    "zoho.com",
    "fastmail.com",
    "maktoob.com",
];

/// Whether a domain (A-label) belongs to a provider of mailboxes for everybody; such a domain is never
/// blocked as a company.
pub fn is_free_mail(ascii_domain: &str) -> bool {
    let domain = ascii_domain.to_ascii_lowercase();
    FREE_MAIL.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
}

/// The hash of an e-mail address.
pub fn email_hash(keys: &WorkspaceKeys, email: &Email) -> Blind {
    keys.suppression(&format!("email:{}", email.normal()))
}

/// The hash of a telephone number.
pub fn phone_hash(keys: &WorkspaceKeys, phone: &Phone) -> Blind {
    keys.suppression(&format!("phone:{}", phone.as_str()))
}

/// The hash of an e-mail address's domain.
pub fn domain_hash(keys: &WorkspaceKeys, email: &Email) -> Blind {
    keys.suppression(&format!("domain:{}", email.ascii_domain()))
}

/// The hash of a person, whatever the address.
pub fn subject_hash(keys: &WorkspaceKeys, subject: ContactId) -> Blind {
    keys.suppression(&format!("subject:{subject}"))
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suppressed {
    /// How far it reaches.
    pub scope: Scope,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub at: Timestamp,
}

pub(crate) fn read(scope: &str, reason: &str, at: Timestamp) -> Result<Suppressed> {
    let corrupt = || Error::Corrupt("suppression");
    Ok(Suppressed { scope: scope.parse().map_err(|_| corrupt())?, reason: reason.parse().map_err(|_| corrupt())?, at })
}

/// Adds a block in the caller's batch. Outside of imports use [`crate::gate::Gate::withdraw`], which
/// also writes the safety log and stops what is under way.
pub fn add(batch: &mut Batch, hash: Blind, scope: &Scope, (reason, at): (Reason, Timestamp), event: Option<EventId>) {
    let workspace = batch.workspace();
    batch.push(INSERT_SUPPRESSION, params![workspace, hash, scope.to_string(), reason.as_str(), at, event]);
}

/// Gives another hash the same blocks.
pub(crate) fn copy(batch: &mut Batch, ctx: &Ctx, from: Blind, to: Blind) {
    batch.push(COPY_SUPPRESSION, params![ctx.workspace, from, to]);
}

/// The blocks of each hash, strongest first.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn check(ctx: &Ctx, hashes: &[Blind]) -> Result<Vec<Vec<Suppressed>>> {
    let sets = hashes.iter().map(|hash| params![ctx.workspace, *hash]).collect();
    let rows: Vec<Vec<(String, String, Timestamp)>> = ctx.db.many(SUPPRESSIONS_OF, sets).await?;
    rows.into_iter()
        .map(|rows| {
            let mut found =
                rows.into_iter().map(|(scope, reason, at)| read(&scope, &reason, at)).collect::<Result<Vec<_>>>()?;
            found.sort_by_key(|block| block.reason);
            Ok(found)
        })
        .collect()
}

/// How many blocks there are of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How far they reach.
    pub scope: Scope,
    /// Why.
    pub reason: Reason,
    /// How many.
    pub count: u64,
}

/// What an administrator may see: counts by scope and reason, never whom.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn counts(ctx: &Ctx) -> Result<Vec<Count>> {
    let rows: Vec<(String, String, u64)> = ctx.db.all(SUPPRESSION_COUNTS, params![ctx.workspace]).await?;
    rows.into_iter()
        .map(|(scope, reason, count)| {
            let Suppressed { scope, reason, .. } = read(&scope, &reason, Timestamp(0))?;
            Ok(Count { scope, reason, count })
        })
        .collect()
}

store::personal!(store::PersonalTable {
    table: "suppression",
    class: "suppression",
    subject: "",
    columns: &["hash"],
    erase: &[],
    kept: Some("keyed hashes that keep the person from being written to again; they link to nothing else"),
    collect: None,
});
