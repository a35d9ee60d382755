use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use kernel::ContactId;
use store::{Ctx, params};

use super::event::{Opened, open};
use super::queries::RECORD_HASH;
use crate::Result;

/// An event about a person, with the hash of the record that carries it.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The event.
    pub event: Opened,
    /// The record's hash, in hex; what the chain goes on from.
    pub hash: String,
}

/// Every event of one person, newest first, with the hashes by which it is found in an exported chain.
///
/// # Errors
/// When the store fails, or an event does not verify.
pub async fn history(ctx: &Ctx, subject: ContactId) -> Result<Vec<Evidence>> {
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let mut events = open(ctx, &*ctx.keys().await?, subject, &subject_keys).await?;
    events.reverse();
    let mut seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
    seqs.dedup();
    let sets = seqs.iter().map(|seq| params![ctx.workspace, *seq]).collect();
    let hashes: Vec<Vec<(Vec<u8>,)>> = ctx.db.many(RECORD_HASH, sets).await?;
    let hashes: BTreeMap<i64, String> =
        seqs.into_iter().zip(hashes).filter_map(|(seq, hash)| Some((seq, HEXLOWER.encode(&hash.first()?.0)))).collect();
    let hash = |seq: i64| hashes.get(&seq).cloned().unwrap_or_default();
    Ok(events.into_iter().map(|event| Evidence { hash: hash(event.seq), event }).collect())
}
