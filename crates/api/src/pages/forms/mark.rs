//! What keeps robots out without asking anybody else: the signed mark of the instant at which a form was
//! shown, and, where a script runs, a little work for every address.

use aws_lc_rs::digest::{SHA256, digest};
use http_server::Result;
use kernel::Timestamp;

use super::open::Open;

const LABEL: &str = "form time";
/// Nobody types faster, in seconds.
pub(super) const FASTEST: i64 = 2;
/// A form left open longer is shown anew, in seconds.
const LIFE: i64 = 24 * 3600;
/// So many leading zero bits has the hash of a solution: some thousand attempts, a blink for one person.
pub(super) const BITS: u32 = 12;
/// The challenge is so much of a mark's end, in octets.
const CHALLENGE: usize = 22;
/// The longest mark, in octets.
const LONGEST: usize = 200;

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The form was shown a fitting while ago.
    InTime,
    /// There is no mark of ours, or it is too new or too old.
    Never,
    /// Another version of the form was shown.
    Otherwise,
}

/// The mark of the instant at which a form was shown.
pub(super) async fn mark(open: &Open) -> Result<String> {
    Ok(open.ctx.keys().await?.sign(LABEL, &payload(open, open.form.version, open.ctx.now())))
}

fn payload(open: &Open, version: i64, at: Timestamp) -> Vec<u8> {
    let mut payload = open.ctx.workspace.0.to_vec();
    payload.extend_from_slice(&open.form.id.0);
    payload.extend_from_slice(&version.to_be_bytes());
    payload.extend_from_slice(&at.0.to_be_bytes());
    payload
}

/// When and what somebody was shown who sends this mark.
pub(super) async fn shown(open: &Open, mark: &str) -> Result<Shown> {
    if mark.is_empty() || mark.len() > LONGEST {
        return Ok(Shown::Never);
    }
    let Some(read) = open.ctx.keys().await?.verify(LABEL, mark) else { return Ok(Shown::Never) };
    let number = |from: usize| Some(i64::from_be_bytes(read.get(from..from + 8)?.try_into().ok()?));
    let (Some(version), Some(at)) = (number(32), number(40)) else { return Ok(Shown::Never) };
    if read != payload(open, version, Timestamp(at)) {
        return Ok(Shown::Never);
    }
    let seconds = open.ctx.now().0.saturating_sub(at) / Timestamp::SECOND;
    Ok(match version == open.form.version {
        _ if !(FASTEST..LIFE).contains(&seconds) => Shown::Never,
        true => Shown::InTime,
        false => Shown::Otherwise,
    })
}

/// What the work of a mark begins with.
pub(super) fn challenge(mark: &str) -> &str {
    mark.len().checked_sub(CHALLENGE).and_then(|from| mark.get(from..)).unwrap_or(mark)
}

/// Whether the work for this mark and address was done: the SHA-256 of `challenge.address.nonce` begins with
/// [`BITS`] zero bits.
pub(super) fn is_worked(mark: &str, address: &str, nonce: u64) -> bool {
    let hash = digest(&SHA256, format!("{}.{address}.{nonce}", challenge(mark)).as_bytes());
    let mut first = [0; 4];
    first.copy_from_slice(&hash.as_ref()[..4]);
    u32::from_be_bytes(first).leading_zeros() >= BITS
}
