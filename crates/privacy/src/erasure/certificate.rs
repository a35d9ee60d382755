use aws_lc_rs::signature::KeyPair;
use data_encoding::HEXLOWER;
use kernel::{ContactId, EventId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::{Ctx, PersonalTable, RetentionRule, params};

use super::{ERASURE_OF, ERASURES, signed};
use crate::retention::{HoldKind, InForce};
use crate::{Error, Result};

/// What happened to one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedTable {
    /// The table.
    pub table: String,
    /// Its retention class.
    pub class: String,
    /// Whether rows were deleted.
    pub erased: bool,
    /// Why rows stay, when they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// Until when they stay at the latest, when they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The kind of hold that keeps the rows for now; they are erased once it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// The class that the hold keeps, when it is another than the table's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_class: Option<String>,
    /// The provision by which the rows may stay in spite of the erasure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
}

impl ErasedTable {
    /// Whether the hold that kept the rows is still there.
    pub(super) fn is_held(&self, holds: &InForce, subject: ContactId) -> bool {
        let class = self.held_class.as_ref().unwrap_or(&self.class);
        self.held.is_some() && holds.stops(class, Some(subject))
    }
}

/// By which provision a hold keeps what the person wants erased.
const fn article(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Tax => "GDPR Art. 17(3)(b): fiscal law demands the records",
        HoldKind::Dispute => "GDPR Art. 17(3)(e): establishing, exercising or defending legal claims",
        HoldKind::GovernmentOrder => "GDPR Art. 17(3)(b): an authority's or a court's order",
    }
}

/// The classes that a table's rows belong to: its own, and those of parts that end earlier (the content of a
/// message, whose traffic stays longer). A hold on any of them keeps the rows.
fn classes(table: &PersonalTable) -> impl Iterator<Item = &'static str> {
    let (name, own) = (table.table, table.class);
    let parts = RetentionRule::all().into_iter().filter(move |rule| rule.table == name).map(|rule| rule.class);
    std::iter::once(own).chain(parts)
}

/// A signed statement that a person was erased. It names nobody: the contact's id means nothing
/// any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The certificate.
    pub id: EventId,
    /// How it is signed; absent in the first ones.
    #[serde(default = "signed::first", skip_serializing_if = "signed::is_first")]
    pub version: u32,
    /// Whose data it concerned.
    pub workspace: WorkspaceId,
    /// The contact that was.
    pub subject: ContactId,
    /// When erasure was asked for.
    pub requested_at: Timestamp,
    /// When it was carried out.
    pub completed_at: Timestamp,
    /// How many keyed hashes keep the person from being written to again.
    pub suppressed: usize,
    /// Table by table.
    pub tables: Vec<ErasedTable>,
    /// What lies outside of this server's reach, said honestly.
    pub note: String,
    /// The workspace's Ed25519 key, in hex.
    pub public_key: String,
    /// The signature over everything else, in hex.
    pub signature: String,
}

const NOTE: &str = "The data key was destroyed and the rows deleted, in this database and by key in every backup of it. \
    Evidence that law makes us keep stays sealed and is readable for legal claims only. Mail already delivered is out of reach.";

impl Certificate {
    fn message(&self) -> Option<Vec<u8>> {
        if !signed::is_first(&self.version) {
            return signed::octets(self.version, serde_json::to_value(self).ok()?);
        }
        serde_json::to_vec(&Self { signature: String::new(), ..self.clone() }).ok()
    }

    pub(super) async fn sign(
        ctx: &Ctx,
        (subject, held): (ContactId, &InForce),
        (requested_at, completed_at): (Timestamp, Timestamp),
        suppressed: usize,
    ) -> Result<Self> {
        let pair = crate::ledger::signing_key(ctx).await?;
        let settings = crate::retention::settings(ctx).await?;
        let until = |table: &PersonalTable| {
            let period = settings.period_of(table.class);
            (table.kept.is_some() && period.length() > 0).then(|| period.after(completed_at))
        };
        let hold = |table: &PersonalTable| {
            let found = classes(table).find_map(|class| Some((class, held.which(class, subject)?)));
            found.filter(|_| !table.erase.is_empty())
        };
        let mut tables: Vec<ErasedTable> = PersonalTable::all()
            .filter(|table| !table.erase.is_empty() || (table.kept.is_some() && !table.subject.is_empty()))
            .map(|table| {
                let held = hold(table);
                ErasedTable {
                    table: table.table.to_owned(),
                    class: table.class.to_owned(),
                    erased: !table.erase.is_empty() && held.is_none(),
                    kept: table.kept.map(str::to_owned),
                    until: until(table),
                    held: held.map(|(_, hold)| hold.kind.to_string()),
                    held_class: held.map(|(class, _)| class.to_owned()).filter(|class| class != table.class),
                    article: held.map(|(_, hold)| article(hold.kind).to_owned()),
                }
            })
            .collect();
        tables.sort_by(|a, b| a.table.cmp(&b.table));
        let mut certificate = Self {
            id: ctx.id(),
            version: signed::VERSION,
            workspace: ctx.workspace,
            subject,
            requested_at,
            completed_at,
            suppressed,
            tables,
            note: NOTE.to_owned(),
            public_key: HEXLOWER.encode(pair.public_key().as_ref()),
            signature: String::new(),
        };
        certificate.signature = signed::sign(&pair, serde_json::json!(certificate))?;
        Ok(certificate)
    }

    /// Whether a hold keeps something that is to be erased later.
    pub fn is_partial(&self) -> bool {
        self.tables.iter().any(|table| table.held.is_some())
    }

    /// Whether the signature is the named key's own. Needs nothing but the certificate; compare the key
    /// with the one that the workspace's ledger checkpoints carry.
    pub fn is_authentic(&self) -> bool {
        self.message().is_some_and(|message| signed::fits(&self.public_key, &self.signature, &message))
    }

    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::Corrupt("certificate"))
    }
}

/// The certificate of a person who was erased; `None` for anybody else.
///
/// # Errors
/// When the store fails.
pub async fn certificate(ctx: &Ctx, subject: ContactId) -> Result<Option<Certificate>> {
    let row: Option<(String,)> = ctx.db.opt(ERASURE_OF, params![ctx.workspace, subject]).await?;
    row.map(|(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("certificate"))).transpose()
}

/// Certificates, newest first, before a given one.
///
/// # Errors
/// When the store fails.
pub async fn certificates(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Certificate>> {
    let before = before.unwrap_or(EventId([0xff; 16]));
    let rows: Vec<(EventId, String)> = ctx.db.all(ERASURES, params![ctx.workspace, before, limit]).await?;
    rows.iter().map(|(_, text)| serde_json::from_str(text).map_err(|_| Error::Corrupt("certificate"))).collect()
}
