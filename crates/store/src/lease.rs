//! Leases: at most one node holds a name at a time. Used for work that must not run twice.

use kernel::Timestamp;

use crate::{Db, Result, params, sql};

sql! {
    TAKE = "INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET owner = $2, until = $3 WHERE lease.until <= $4 OR lease.owner = $2";
    OTHERS = "SELECT CAST(count(*) AS BIGINT) FROM lease WHERE name > $1 AND name < $2 AND owner <> $3 AND until > $4";
    RELEASE = "DELETE FROM lease WHERE name = $1 AND owner = $2";
}

/// Takes or renews the lease; false when somebody else holds it at `now`.
///
/// # Errors
/// When the database fails.
pub async fn take(db: &Db, name: &str, owner: &str, now: Timestamp, seconds: i64) -> Result<bool> {
    let values = params![name, owner, now.plus_seconds(seconds), now];
    db.tx(move |tx| Ok(tx.exec(TAKE, values.clone())? == 1)).await
}

/// How many others hold a lease whose name begins with `prefix` (which ends in `/`) at `now`.
///
/// # Errors
/// When the database fails.
pub async fn others(db: &Db, prefix: &str, owner: &str, now: Timestamp) -> Result<u64> {
    // '0' follows '/' in every collation that sorts by octet.
    let end = format!("{}0", prefix.trim_end_matches('/'));
    Ok(db.one::<(u64,)>(OTHERS, params![prefix, end, owner, now]).await?.0)
}

/// Gives the lease back.
///
/// # Errors
/// When the database fails.
pub async fn release(db: &Db, name: &str, owner: &str) -> Result<()> {
    let values = params![name, owner];
    db.tx(move |tx| tx.exec(RELEASE, values.clone()).map(|_| ())).await
}
