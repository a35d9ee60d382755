//! What became of devices, one line after another, each bound to the one before: clients remember the last line
//! they saw and notice when history was changed.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use kernel::{DeviceId, Timestamp, UserId};
use store::{Batch, Ctx, params};

use super::encoded;
use crate::Result;
use crate::model::codes;

/// The longest answer.
const MOST: u32 = 20_000;

codes! {
    /// What happened to a device.
    #[schema(as = ChatDeviceAction)]
    Action {
        /// It was made known.
        Added = "added",
        /// It may read.
        Approved = "approved",
        /// It may read, as the first one of all.
        ApprovedFirst = "approved_first",
        /// It may no longer.
        Revoked = "revoked",
    }
}

store::sql! {
    LAST = "SELECT n, hash FROM chat_device_log WHERE workspace = $1 ORDER BY n DESC LIMIT 1";
    INSERT = "INSERT INTO chat_device_log (workspace, n, device, member, action, by_member, by_device, public_key, hash, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ALL = "SELECT n, device, member, action, by_member, by_device, public_key, hash, at FROM chat_device_log WHERE workspace = $1 ORDER BY n LIMIT $2";
}

store::row! {
    /// A line of the log.
    #[derive(Debug, Clone)]
    pub struct Entry {
        /// Its number, from 1.
        pub n: i64,
        /// Which device.
        pub device: DeviceId,
        /// Whose.
        pub member: UserId,
        /// What happened.
        pub action: Action,
        /// Who did it; none is Barid itself.
        pub by: Option<UserId>,
        /// From which device.
        pub by_device: Option<DeviceId>,
        /// The device's public key.
        pub public_key: Vec<u8>,
        /// SHA-256 over the line before and this one.
        pub hash: Vec<u8>,
        /// When.
        pub at: Timestamp,
    }
}

/// What is to be written down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    pub(super) device: DeviceId,
    pub(super) member: UserId,
    pub(super) action: Action,
    pub(super) by: Option<UserId>,
    pub(super) by_device: Option<DeviceId>,
    pub(super) key: [u8; 32],
}

impl Fact {
    /// The hash of the line with this number after a line with that hash.
    fn hash(&self, before: &str, n: i64) -> Vec<u8> {
        let line = format!(
            "{before}\n{n}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.device,
            self.member,
            self.action,
            self.by.map(|by| by.to_string()).unwrap_or_default(),
            self.by_device.map(|by| by.to_string()).unwrap_or_default(),
            encoded(&self.key),
        );
        digest::digest(&digest::SHA256, line.as_bytes()).as_ref().to_vec()
    }
}

/// Writes a line; a batch that somebody else's line overtook fails on its number.
pub(super) async fn add(batch: &mut Batch, ctx: &Ctx, fact: Fact) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> = ctx.db.get(LAST, params![ctx.workspace]).await?;
    let (n, before) = last.map_or((0, vec![0; 32]), |last| last);
    let hash = fact.hash(&HEXLOWER.encode(&before), n + 1);
    batch.push(
        INSERT,
        params![
            ctx.workspace,
            n + 1,
            fact.device,
            fact.member,
            fact.action,
            fact.by,
            fact.by_device,
            fact.key.to_vec(),
            hash,
            ctx.now()
        ],
    );
    Ok(())
}

/// The log, the oldest line first.
///
/// # Errors
/// When the store fails.
pub async fn log(ctx: &Ctx) -> Result<Vec<Entry>> {
    Ok(ctx.db.all(ALL, params![ctx.workspace, MOST]).await?)
}
