//! Keys under which a group receives: the private half rests sealed to its members' devices, so that a device that
//! is approved later reads what waited in the queue.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{DeviceId, GroupId, ReceptionId, Timestamp, UserId};
use store::{Ctx, params};

use super::devices::{self, Device, DeviceState, eligible};
use super::octets;
use super::shares::WrappedKey;
use crate::{Error, Result, groups};

/// Reception keys of a workspace.
const MOST: usize = 1000;

store::sql! {
    INSERT = "INSERT INTO chat_reception (workspace, id, grp, public_key, created_at) VALUES ($1, $2, $3, $4, $5)";
    ALL = "SELECT id, grp, public_key, created_at FROM chat_reception WHERE workspace = $1 ORDER BY id LIMIT 1000";
    SHARE = "INSERT INTO chat_reception_share (workspace, reception, device, enc, ciphertext, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, reception, device) DO NOTHING";
    SHARES = "SELECT reception, device, enc, ciphertext FROM chat_reception_share WHERE workspace = $1";
}

/// A share of a reception key, for one device.
#[derive(Debug, Clone)]
pub struct ReceptionShare {
    /// For which device.
    pub device: DeviceId,
    /// The encapsulated key.
    pub enc: Vec<u8>,
    /// The sealed private half.
    pub ciphertext: Vec<u8>,
}

/// A key under which a group receives.
#[derive(Debug, Clone)]
pub struct Reception {
    /// Its id.
    pub id: ReceptionId,
    /// The group; none is everybody.
    pub group: Option<GroupId>,
    /// Its X25519 public key.
    pub public_key: Vec<u8>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Its shares.
    pub shares: Vec<ReceptionShare>,
    /// It has a share, and no device that has one was revoked.
    pub active: bool,
    /// Some device that has a share was revoked: what was sealed to it is to be sealed anew.
    pub exposed: bool,
}

type Row = (ReceptionId, Option<GroupId>, Vec<u8>, Timestamp);
type ShareRow = (ReceptionId, DeviceId, Vec<u8>, Vec<u8>);

/// Every reception key, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn receptions(ctx: &Ctx, devices: &[Device]) -> Result<Vec<Reception>> {
    let rows: Vec<Row> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut shares: BTreeMap<ReceptionId, Vec<ReceptionShare>> = BTreeMap::new();
    for (reception, device, enc, ciphertext) in ctx.db.all::<ShareRow>(SHARES, params![ctx.workspace]).await? {
        shares.entry(reception).or_default().push(ReceptionShare { device, enc, ciphertext });
    }
    let approved: BTreeSet<DeviceId> =
        devices.iter().filter(|one| one.state == DeviceState::Approved).map(|one| one.id).collect();
    Ok(rows
        .into_iter()
        .map(|(id, group, public_key, created_at)| {
            let shares = shares.remove(&id).unwrap_or_default();
            let exposed = shares.iter().any(|share| !approved.contains(&share.device));
            Reception { id, group, public_key, created_at, active: !shares.is_empty() && !exposed, exposed, shares }
        })
        .collect())
}

impl Reception {
    /// Approved devices of those who may answer that have no share yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn missing<'a>(&self, ctx: &Ctx, devices: &'a [Device]) -> Result<Vec<&'a Device>> {
        let who = of_group(ctx, self.group).await?;
        let mut missing = eligible(devices, who.as_ref());
        missing.retain(|device| !self.shares.iter().any(|share| share.device == device.id));
        Ok(missing)
    }
}

/// The members of a group; none for everybody.
pub(super) async fn of_group(ctx: &Ctx, group: Option<GroupId>) -> Result<Option<BTreeSet<UserId>>> {
    let Some(group) = group else { return Ok(None) };
    let groups = groups::list(ctx).await?;
    Ok(groups.into_iter().find(|known| known.id == group).map(|group| group.members.into_keys().collect()))
}

/// Makes a reception key known; it is used once some device has a share.
///
/// # Errors
/// A key that is none, a group that does not exist, too many keys.
pub async fn create(ctx: &Ctx, group: Option<GroupId>, public_key: &str) -> Result<ReceptionId> {
    let key: [u8; 32] = octets("public_key", public_key)?;
    if let Some(group) = group {
        groups::get(ctx, group).await.map_err(|_| Error::field("group", "there is no such group"))?;
    }
    let all: Vec<Row> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    if all.len() >= MOST {
        return Err(Error::State("the workspace has too many reception keys"));
    }
    let id: ReceptionId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, group, key.to_vec(), ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "chat_reception.created", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// Gives further devices a share; whoever gives holds the key: it is new, or their device has one.
///
/// # Errors
/// [`Error::NotFound`]; recipients that are no approved devices of the group; `forbidden` without a share.
pub async fn add_shares(ctx: &Ctx, id: ReceptionId, by: DeviceId, shares: &[WrappedKey]) -> Result<()> {
    let devices = devices::list(ctx).await?;
    let all = receptions(ctx, &devices).await?;
    let reception = all.iter().find(|one| one.id == id).ok_or(Error::NotFound("reception key"))?;
    let holds = reception.shares.is_empty() || reception.shares.iter().any(|share| share.device == by);
    if !holds {
        return Err(kernel::Problem::new(kernel::Code::Forbidden, "this device has no share of the key itself").into());
    }
    if shares.is_empty() || shares.len() > 200 {
        return Err(Error::field("shares", "expected 1 to 200"));
    }
    let who = of_group(ctx, reception.group).await?;
    let allowed = eligible(&devices, who.as_ref());
    let mut batch = ctx.batch();
    for share in shares {
        let device: DeviceId =
            share.recipient.parse().map_err(|_| Error::field("shares.recipient", "expected a device"))?;
        if !allowed.iter().any(|one| one.id == device) && device != by {
            return Err(Error::field("shares.recipient", "is no approved device of the group"));
        }
        let (enc, ciphertext) = share.octets()?;
        batch.push(SHARE, params![ctx.workspace, id, device, enc.to_vec(), ciphertext.to_vec(), ctx.now()]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}
