//! The DNS records a sending domain needs.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::Ctx;

use super::{Domain, Result, StoredKey, keys};

/// How long a key that no longer signs stays published: mail under way must still verify.
const OVERLAP: i64 = 7 * Timestamp::DAY;

/// What a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Which hosts may use the return path (RFC 7208).
    Spf,
    /// A signing key (RFC 6376).
    Dkim,
    /// What receivers do with mail that fails (RFC 9989).
    Dmarc,
    /// Where bounces come back.
    ReturnPath,
}

/// A record to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// What it is for.
    pub purpose: RecordKind,
    /// `TXT` or `MX`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name, without a final dot.
    pub name: String,
    /// The value; a TXT value as one text, see [`crate::dkim::txt_strings`] for zone files.
    pub value: String,
}

/// The records for `domain`, when mail leaves from and bounces come back to `host`, the name of
/// this server.
pub async fn records(ctx: &Ctx, domain: &Domain, host: &str) -> Result<Vec<Record>> {
    Ok(of(domain, &keys(ctx, domain.id).await?, host, ctx.now()))
}

pub(super) fn of(domain: &Domain, keys: &[StoredKey], host: &str, now: Timestamp) -> Vec<Record> {
    let txt = |purpose, name: String, value: String| Record { purpose, kind: "TXT", name, value };
    let mut records = vec![txt(RecordKind::Spf, domain.return_path.clone(), format!("v=spf1 a:{host} ~all"))];
    for key in keys {
        let expired = key.retired_at.is_some_and(|at| now >= at.plus_micros(OVERLAP));
        // An empty p= tells that the key was withdrawn (RFC 6376 section 3.6.1).
        let value = if expired {
            key.record.split("p=").next().unwrap_or_default().to_owned() + "p="
        } else {
            key.record.clone()
        };
        records.push(txt(RecordKind::Dkim, format!("{}._domainkey.{}", key.selector, domain.name), value));
    }
    records.push(txt(RecordKind::Dmarc, format!("_dmarc.{}", domain.name), "v=DMARC1; p=none".to_owned()));
    records.push(Record {
        purpose: RecordKind::ReturnPath,
        kind: "MX",
        name: domain.return_path.clone(),
        value: format!("10 {host}."),
    });
    records
}
