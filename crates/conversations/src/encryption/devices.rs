//! Members' devices: a public key each, approved by somebody who has one already.

use std::collections::BTreeSet;

use kernel::{Code, DeviceId, Pii, Problem, Timestamp, UserId};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use super::log::{self, Action};
use super::{encoded, octets};
use crate::conversations::Members;
use crate::hub::{Hub, Signal};
use crate::model::codes;
use crate::{Error, Result, raced, text};

const NAME: &str = "chat_device.name";
/// Live devices of one member.
const OF_MEMBER: usize = 10;
/// Devices of a workspace, those that hold no longer included.
const MOST: u32 = 5000;

codes! {
    /// Whether a device may read.
    #[schema(as = ChatDeviceState)]
    DeviceState {
        /// Nobody has said yes.
        Pending = "pending",
        /// It may.
        Approved = "approved",
        /// It may no longer, for good.
        Revoked = "revoked",
    }
}

store::sql! {
    ALL = "SELECT id, member, name, public_key, state, added_at, approved_at, approved_by, revoked_at FROM chat_device WHERE workspace = $1 ORDER BY id LIMIT $2";
    INSERT = "INSERT INTO chat_device (workspace, id, member, name, public_key, state, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    APPROVE = "UPDATE chat_device SET state = $3, approved_at = $4, approved_by = $5 WHERE workspace = $1 AND id = $2 AND state = $6";
    REVOKE = "UPDATE chat_device SET state = $3, revoked_at = $4 WHERE workspace = $1 AND id = $2 AND state <> $3";
    pub(super) ERASE = "DELETE FROM chat_device WHERE workspace = $1 AND member = $2";
}

store::row! {
    struct DeviceRow {
        id: DeviceId,
        member: UserId,
        name: Vec<u8>,
        public_key: Vec<u8>,
        state: DeviceState,
        added_at: Timestamp,
        approved_at: Option<Timestamp>,
        approved_by: Option<UserId>,
        revoked_at: Option<Timestamp>,
    }
}

/// A member's device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose.
    pub member: UserId,
    /// What its owner calls it.
    pub name: Pii<String>,
    /// Its X25519 public key.
    pub public_key: [u8; 32],
    /// Whether it may read.
    pub state: DeviceState,
    /// Since when it is known.
    pub added_at: Timestamp,
    /// Since when it may read.
    pub approved_at: Option<Timestamp>,
    /// Who said so.
    pub approved_by: Option<UserId>,
    /// Since when it may no longer.
    pub revoked_at: Option<Timestamp>,
}

/// Every device of the workspace, those that hold no longer included. Devices of somebody who is no member any more
/// are revoked on the way.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Device>> {
    let all = read(ctx).await?;
    let live = |device: &Device| device.state != DeviceState::Revoked;
    if !all.iter().any(live) {
        return Ok(all);
    }
    let members = Members::read(ctx).await?;
    let gone: Vec<DeviceId> =
        all.iter().filter(|device| live(device) && !members.has(device.member)).map(|device| device.id).collect();
    if gone.is_empty() {
        return Ok(all);
    }
    for id in gone {
        end(ctx, id, None).await?;
    }
    read(ctx).await
}

async fn read(ctx: &Ctx) -> Result<Vec<Device>> {
    let rows: Vec<DeviceRow> = ctx.db.all(ALL, params![ctx.workspace, MOST]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keys = ctx.keys().await?;
    rows.into_iter()
        .map(|row| {
            let name = String::from_utf8(keys.open(NAME, &row.name)?).map_err(|_| Error::Corrupt("device"))?;
            Ok(Device {
                id: row.id,
                member: row.member,
                name: Pii::new(name),
                public_key: row.public_key.try_into().map_err(|_| Error::Corrupt("device"))?,
                state: row.state,
                added_at: row.added_at,
                approved_at: row.approved_at,
                approved_by: row.approved_by,
                revoked_at: row.revoked_at,
            })
        })
        .collect()
}

/// A member's own approved device.
///
/// # Errors
/// `forbidden` when it is not theirs, or not approved.
pub async fn own(ctx: &Ctx, member: UserId, id: DeviceId) -> Result<Device> {
    let mut all = list(ctx).await?.into_iter();
    all.find(|device| device.id == id && device.member == member && device.state == DeviceState::Approved)
        .ok_or_else(|| Problem::new(Code::Forbidden, "this is no approved device of yours").into())
}

fn told(batch: &mut Batch, ctx: &Ctx, (what, id, member): (&'static str, DeviceId, UserId)) {
    batch.feed(Feed { kind: "chat_device.changed", entity: id.0, data: json!({}) });
    accounts::audit::record(batch, ctx, what, &[&id, &member]);
}

/// Makes a member's device known; it waits for approval.
///
/// # Errors
/// A key that is none or is known already, too many devices.
pub async fn add(ctx: &Ctx, hub: &Hub, member: UserId, (name, public_key): (&str, &str)) -> Result<Device> {
    let name = text::line("name", name, 120)?;
    let key: [u8; 32] = octets("public_key", public_key)?;
    if key == [0; 32] {
        // The point at infinity: every shared secret with it is zero (RFC 7748, section 6.1).
        return Err(Error::field("public_key", "is no key"));
    }
    let id = raced(|| async {
        let all = list(ctx).await?;
        if all.iter().any(|device| device.public_key == key) {
            return Err(Problem::new(Code::AlreadyExists, "this key is known already; make a new one").into());
        }
        let live = all.iter().filter(|device| device.member == member && device.state != DeviceState::Revoked).count();
        if live >= OF_MEMBER {
            return Err(Error::State("a member has at most ten devices; revoke one first"));
        }
        if all.len() >= MOST as usize {
            return Err(Error::State("the workspace has too many devices"));
        }
        let (id, sealed): (DeviceId, _) = (ctx.id(), ctx.keys().await?.seal(NAME, name.as_bytes()));
        let mut batch = ctx.batch();
        let state = DeviceState::Pending;
        batch.push(INSERT, params![ctx.workspace, id, member, sealed, key.to_vec(), state, ctx.now()]);
        log::add(
            &mut batch,
            ctx,
            log::Fact { device: id, member, action: Action::Added, by: Some(member), by_device: None, key },
        )
        .await?;
        told(&mut batch, ctx, ("chat_device.added", id, member));
        apply(ctx, batch).await?;
        Ok(id)
    })
    .await?;
    hub.tell_agents(ctx.workspace, &Signal::Devices);
    one(ctx, id).await
}

async fn apply(ctx: &Ctx, batch: Batch) -> Result<()> {
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(()),
        Err(store::Error::Guard(_) | store::Error::Unique(_)) => Err(Error::Raced),
        Err(error) => Err(error.into()),
    }
}

async fn one(ctx: &Ctx, id: DeviceId) -> Result<Device> {
    list(ctx).await?.into_iter().find(|device| device.id == id).ok_or(Error::NotFound("device"))
}

/// Who approves a device, and from which one.
#[derive(Debug, Clone, Copy)]
pub struct Approval {
    /// The member.
    pub by: UserId,
    /// They may manage conversations.
    pub manages: bool,
    /// Their own approved device in whose browser they said so.
    pub by_device: Option<DeviceId>,
}

/// Approves a device: somebody who manages conversations and has an approved device, or its owner from another one
/// of theirs. The first one of all is approved by whoever manages.
///
/// # Errors
/// `forbidden`; [`Error::State`] for one that waits no longer.
pub async fn approve(ctx: &Ctx, hub: &Hub, id: DeviceId, approval: Approval) -> Result<Device> {
    let forbidden = |detail: &str| Error::from(Problem::new(Code::Forbidden, detail));
    raced(|| async {
        let all = list(ctx).await?;
        let device = all.iter().find(|device| device.id == id).ok_or(Error::NotFound("device"))?;
        match device.state {
            DeviceState::Pending => {}
            DeviceState::Approved => return Ok(()),
            DeviceState::Revoked => return Err(Error::State("the device was revoked; add a new key")),
        }
        let first = !all.iter().any(|device| device.state == DeviceState::Approved);
        let action = if first {
            if !approval.manages {
                return Err(forbidden("somebody who manages conversations approves the first device"));
            }
            Action::ApprovedFirst
        } else {
            let from = approval.by_device.ok_or_else(|| forbidden("approve it from an approved device of yours"))?;
            let theirs =
                all.iter().any(|one| one.id == from && one.member == approval.by && one.state == DeviceState::Approved);
            if !theirs || !(approval.manages || device.member == approval.by) {
                return Err(forbidden("approve it from an approved device of yours"));
            }
            Action::Approved
        };
        let by_device = approval.by_device.filter(|_| !first);
        let mut batch = ctx.batch();
        let (state, from) = (DeviceState::Approved, DeviceState::Pending);
        batch.guard(APPROVE, params![ctx.workspace, id, state, ctx.now(), approval.by, from]);
        let fact = log::Fact {
            device: id,
            member: device.member,
            action,
            by: Some(approval.by),
            by_device,
            key: device.public_key,
        };
        log::add(&mut batch, ctx, fact).await?;
        told(&mut batch, ctx, ("chat_device.approved", id, device.member));
        apply(ctx, batch).await
    })
    .await?;
    hub.tell_agents(ctx.workspace, &Signal::Devices);
    one(ctx, id).await
}

/// Revokes a device for good. Keys that it holds are to be changed: their conversations say so.
///
/// # Errors
/// [`Error::NotFound`]; `forbidden` when it is somebody else's and the member does not manage.
pub async fn revoke(ctx: &Ctx, hub: &Hub, id: DeviceId, (by, manages): (UserId, bool)) -> Result<Device> {
    let device = one(ctx, id).await?;
    if device.member != by && !manages {
        return Err(Problem::new(Code::Forbidden, "this device is somebody else's").into());
    }
    end(ctx, id, Some(by)).await?;
    hub.tell_agents(ctx.workspace, &Signal::Devices);
    one(ctx, id).await
}

async fn end(ctx: &Ctx, id: DeviceId, by: Option<UserId>) -> Result<()> {
    raced(|| async {
        let all = read(ctx).await?;
        let device = all.iter().find(|device| device.id == id).ok_or(Error::NotFound("device"))?;
        if device.state == DeviceState::Revoked {
            return Ok(());
        }
        let mut batch = ctx.batch();
        batch.guard(REVOKE, params![ctx.workspace, id, DeviceState::Revoked, ctx.now()]);
        let fact = log::Fact {
            device: id,
            member: device.member,
            action: Action::Revoked,
            by,
            by_device: None,
            key: device.public_key,
        };
        log::add(&mut batch, ctx, fact).await?;
        told(&mut batch, ctx, ("chat_device.revoked", id, device.member));
        apply(ctx, batch).await
    })
    .await
}

impl Device {
    /// What people compare.
    pub fn fingerprint(&self) -> String {
        super::fingerprint(&self.public_key)
    }

    /// The public key as it is written.
    pub fn written_key(&self) -> String {
        encoded(&self.public_key)
    }
}

/// Approved devices of these members; of everybody when none of them has one.
pub(super) fn eligible<'a>(all: &'a [Device], who: Option<&BTreeSet<UserId>>) -> Vec<&'a Device> {
    /// So many devices get a share of a key.
    const RECIPIENTS: usize = 200;
    let approved = || all.iter().filter(|device| device.state == DeviceState::Approved);
    let own: Vec<&Device> = match who {
        Some(who) => approved().filter(|device| who.contains(&device.member)).take(RECIPIENTS).collect(),
        None => Vec::new(),
    };
    if own.is_empty() { approved().take(RECIPIENTS).collect() } else { own }
}
