//! A chat's keys as they travel: each sealed to the devices that may read.

use std::collections::BTreeSet;
use std::fmt;

use kernel::{Code, ConversationId, DeviceId, Problem, RawId, ReceptionId, Timestamp, UserId, VisitorId};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use super::devices::{self, Device, DeviceState, eligible};
use super::reception::{Reception, of_group, receptions};
use super::{encoded, octets};
use crate::conversations::Conversation;
use crate::events;
use crate::hub::Hub;
use crate::model::AuthorKind;
use crate::work::Work;
use crate::{Error, Result, raced};

pub(super) const SEALED: &str = "conversation_share.sealed";
/// Keys of one conversation: each change of who may read makes one.
const MOST_KEYS: i64 = 500;

store::sql! {
    ADD = "INSERT INTO conversation_share (workspace, conversation, key_id, recipient, subject, n, sealed, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, conversation, key_id, recipient) DO NOTHING";
    NEWEST = "SELECT key_id, n FROM conversation_share WHERE workspace = $1 AND conversation = $2 ORDER BY n DESC LIMIT 1";
    NUMBER = "SELECT n FROM conversation_share WHERE workspace = $1 AND conversation = $2 AND key_id = $3 LIMIT 1";
    RECIPIENTS = "SELECT recipient FROM conversation_share WHERE workspace = $1 AND conversation = $2 AND key_id = $3";
    OF_RECIPIENT = "SELECT key_id, n, subject, sealed, at FROM conversation_share WHERE workspace = $1 AND conversation = $2 AND recipient = $3 ORDER BY n";
    pub(super) ERASE = "DELETE FROM conversation_share WHERE workspace = $1 AND subject = $2";
}

/// Who gets a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// A device.
    Device(DeviceId),
    /// A group's reception key.
    Reception(ReceptionId),
}

impl Recipient {
    fn raw(self) -> RawId {
        match self {
            Self::Device(id) => id.0,
            Self::Reception(id) => id.0,
        }
    }

    fn read(text: &str) -> Result<Self> {
        if let Ok(device) = text.parse() {
            return Ok(Self::Device(device));
        }
        let reception = text.parse().map_err(|_| Error::field("shares.recipient", "expected dev_… or rcp_…"))?;
        Ok(Self::Reception(reception))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(id) => id.fmt(f),
            Self::Reception(id) => id.fmt(f),
        }
    }
}

/// A key sealed to a recipient, as it comes in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ChatWrappedKey)]
#[serde(deny_unknown_fields)]
pub struct WrappedKey {
    /// `dev_…` or `rcp_…`.
    pub recipient: String,
    /// The encapsulated key: 32 octets, base64url.
    pub enc: String,
    /// The sealed key: 48 octets, base64url.
    pub ciphertext: String,
}

impl WrappedKey {
    /// The octets, of exactly the expected numbers.
    pub(super) fn octets(&self) -> Result<([u8; 32], [u8; 48])> {
        Ok((octets("shares.enc", &self.enc)?, octets("shares.ciphertext", &self.ciphertext)?))
    }
}

/// What rests sealed of a share.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    enc: String,
    ciphertext: String,
}

/// A share that a device may fetch.
#[derive(Debug, Clone)]
pub struct Share {
    /// Which key.
    pub key_id: String,
    /// For whom.
    pub recipient: Recipient,
    /// The encapsulated key, base64url.
    pub enc: String,
    /// The sealed key, base64url.
    pub ciphertext: String,
    /// When it was made.
    pub at: Timestamp,
}

/// How the keys of a conversation stand.
#[derive(Debug, Clone)]
pub struct Status {
    /// The newest key.
    pub key_id: Option<String>,
    /// Somebody who may no longer read has it: a new one is to be made.
    pub rotate: bool,
    /// Devices that may read.
    pub devices: Vec<Device>,
    /// Reception keys that may receive.
    pub reception: Vec<Reception>,
    /// Recipients without the newest key.
    pub missing: Vec<Recipient>,
}

/// What a device sees: its shares, and how the keys stand.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Shares for the device and for reception keys.
    pub shares: Vec<Share>,
    /// How the keys stand.
    pub status: Status,
}

/// How the keys of a conversation stand.
///
/// # Errors
/// When the store fails.
pub async fn status(ctx: &Ctx, row: &Conversation) -> Result<Status> {
    let all = devices::list(ctx).await?;
    let known = receptions(ctx, &all).await?;
    let mut who = of_group(ctx, row.group).await?;
    if let Some(who) = &mut who {
        who.extend(row.assignee);
        who.extend(crate::conversations::members(ctx, row.id).await?.into_iter().map(|one| one.user));
    }
    let may: Vec<Device> = eligible(&all, who.as_ref()).into_iter().cloned().collect();
    let newest_of = |group| known.iter().rev().find(|one| one.active && one.group == group);
    let reception: Vec<Reception> = newest_of(row.group).or_else(|| newest_of(None)).into_iter().cloned().collect();
    let newest: Option<(RawId, i64)> = ctx.db.get(NEWEST, params![ctx.workspace, row.id]).await?;
    let held: BTreeSet<RawId> = match newest {
        Some((key, _)) => {
            let rows: Vec<(RawId,)> = ctx.db.all(RECIPIENTS, params![ctx.workspace, row.id, key]).await?;
            rows.into_iter().map(|row| row.0).collect()
        }
        None => BTreeSet::new(),
    };
    let rotate = !withdrawn(&all, &known).is_disjoint(&held);
    let wanted = may.iter().map(|one| Recipient::Device(one.id));
    let wanted = wanted.chain(reception.iter().map(|one| Recipient::Reception(one.id)));
    let missing = wanted.filter(|one| newest.is_some() && !held.contains(&one.raw())).collect();
    let key_id = newest.map(|(key, _)| encoded(&key));
    Ok(Status { key_id, rotate, devices: may, reception, missing })
}

/// Who may no longer read: devices that were revoked, and reception keys of which such a device has a share.
fn withdrawn(devices: &[Device], receptions: &[Reception]) -> BTreeSet<RawId> {
    let ended = devices.iter().filter(|device| device.state == DeviceState::Revoked).map(|device| device.id.0);
    let exposed = receptions.iter().filter(|one| one.exposed).map(|one| one.id.0);
    ended.chain(exposed).collect()
}

/// Whether nothing more may be sealed under a key: somebody has it who may no longer read, and whoever writes can have
/// another one. A visitor's page makes keys; a member waits for it, and writes under the newest one until then.
pub(super) async fn is_over(ctx: &Ctx, id: ConversationId, key: RawId, by: AuthorKind) -> Result<bool> {
    let held: Vec<(RawId,)> = ctx.db.all(RECIPIENTS, params![ctx.workspace, id, key]).await?;
    let devices = devices::list(ctx).await?;
    let withdrawn = withdrawn(&devices, &receptions(ctx, &devices).await?);
    if !held.iter().any(|(recipient,)| withdrawn.contains(recipient)) {
        return Ok(false);
    }
    let newest: Option<(RawId, i64)> = ctx.db.get(NEWEST, params![ctx.workspace, id]).await?;
    Ok(by == AuthorKind::Visitor || newest.is_none_or(|(newest, _)| newest != key))
}

/// Whether anybody has a share of a key.
pub(super) async fn is_known(ctx: &Ctx, id: ConversationId, key: RawId) -> Result<bool> {
    Ok(number(ctx, id, key).await?.is_some())
}

async fn number(ctx: &Ctx, id: ConversationId, key: RawId) -> Result<Option<i64>> {
    let row: Option<(i64,)> = ctx.db.get(NUMBER, params![ctx.workspace, id, key]).await?;
    Ok(row.map(|row| row.0))
}

/// Keeps shares of a key; a key that nobody has becomes the newest one.
///
/// # Errors
/// Recipients that may not read, octets of other lengths.
async fn keep(ctx: &Ctx, hub: &Hub, id: ConversationId, (key_id, shares): (&str, &[WrappedKey])) -> Result<()> {
    let key: RawId = octets("key_id", key_id)?;
    if shares.is_empty() || shares.len() > 200 {
        return Err(Error::field("shares", "expected 1 to 200"));
    }
    raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        if !work.row.is_encrypted() {
            return Err(Error::State("the conversation is not encrypted end to end"));
        }
        let status = status(ctx, &work.row).await?;
        let n = if let Some(n) = number(ctx, id, key).await? {
            n
        } else {
            let newest: Option<(RawId, i64)> = ctx.db.get(NEWEST, params![ctx.workspace, id]).await?;
            newest.map_or(1, |(_, n)| n + 1)
        };
        if n > MOST_KEYS {
            return Err(Error::State("the conversation has too many keys"));
        }
        for share in shares {
            let recipient = Recipient::read(&share.recipient)?;
            let allowed = match recipient {
                Recipient::Device(device) => status.devices.iter().any(|one| one.id == device),
                Recipient::Reception(reception) => status.reception.iter().any(|one| one.id == reception),
            };
            if !allowed {
                return Err(Error::field("shares.recipient", "may not read this conversation"));
            }
            share.octets()?;
            let kept = Kept { enc: share.enc.clone(), ciphertext: share.ciphertext.clone() };
            let sealed = events::seal(ctx, (work.row.subject, work.keys()), SEALED, &kept)?;
            let values = params![ctx.workspace, id, key, recipient.raw(), work.row.subject, n, sealed, ctx.now()];
            work.batch.push(ADD, values);
        }
        work.commit(hub).await.map(|_| ())
    })
    .await
}

/// Shares that the visitor's page made.
///
/// # Errors
/// [`Error::State`] before anything began or where nothing is encrypted; recipients that may not read.
pub async fn by_visitor(ctx: &Ctx, hub: &Hub, visitor: VisitorId, keys: (&str, &[WrappedKey])) -> Result<()> {
    crate::chat::admit(ctx, visitor).await?;
    let row = crate::chat::current(ctx, visitor).await?;
    keep(ctx, hub, row.id, keys).await
}

/// Shares that a member's device made: of a key of which it has one itself, or of a new one.
///
/// # Errors
/// `forbidden` for a device that may not read.
pub async fn add_shares(
    ctx: &Ctx,
    hub: &Hub,
    id: ConversationId,
    (member, device): (UserId, DeviceId),
    keys: (&str, &[WrappedKey]),
) -> Result<()> {
    let device = devices::own(ctx, member, device).await?;
    let row = crate::conversations::get(ctx, id).await?;
    let status = status(ctx, &row).await?;
    let opened = shares_of(ctx, &row, device.id).await?;
    let key: RawId = octets("key_id", keys.0)?;
    let fresh = !is_known(ctx, id, key).await?;
    let has_it = opened.iter().any(|share| share.key_id == keys.0);
    let may = status.devices.iter().any(|one| one.id == device.id);
    if !(has_it || fresh && may) {
        return Err(Problem::new(Code::Forbidden, "this device has no share of that key itself").into());
    }
    keep(ctx, hub, id, keys).await
}

type ShareRow = (RawId, i64, kernel::ContactId, Vec<u8>, Timestamp);

/// Shares for a device and for the reception keys of which it has one.
async fn shares_of(ctx: &Ctx, row: &Conversation, device: DeviceId) -> Result<Vec<Share>> {
    let all = devices::list(ctx).await?;
    let known = receptions(ctx, &all).await?;
    let holds = |one: &&Reception| one.shares.iter().any(|share| share.device == device);
    let receptions = known.iter().filter(holds).map(|one| Recipient::Reception(one.id));
    let recipients: Vec<Recipient> = std::iter::once(Recipient::Device(device)).chain(receptions).collect();
    let sets = recipients.iter().map(|one| params![ctx.workspace, row.id, one.raw()]).collect();
    let rows: Vec<Vec<ShareRow>> = ctx.db.many(OF_RECIPIENT, sets).await?;
    let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    let mut out = Vec::new();
    for (recipient, rows) in recipients.into_iter().zip(rows) {
        for (key, _, subject, sealed, at) in rows {
            let kept: Kept = events::open(ctx, (subject, &keys), SEALED, &sealed)?;
            out.push(Share { key_id: encoded(&key), recipient, enc: kept.enc, ciphertext: kept.ciphertext, at });
        }
    }
    Ok(out)
}

/// What a member's device may fetch.
///
/// # Errors
/// `forbidden` for a device that is not theirs or not approved.
pub async fn shares_for(ctx: &Ctx, row: &Conversation, (member, device): (UserId, DeviceId)) -> Result<Opened> {
    let device = devices::own(ctx, member, device).await?;
    Ok(Opened { shares: shares_of(ctx, row, device.id).await?, status: status(ctx, row).await? })
}
