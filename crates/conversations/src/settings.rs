//! Documents of settings, one per name.

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Ctx, params};

use crate::{Error, Result};

store::sql! {
    READ = "SELECT document FROM chat_settings WHERE workspace = $1 AND name = $2";
    WRITE = "INSERT INTO chat_settings (workspace, name, document, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, name) DO UPDATE SET document = $3, updated_at = $4";
}

/// A document; none when it was never written.
pub(crate) async fn read<T: DeserializeOwned>(ctx: &Ctx, name: &str) -> Result<Option<T>> {
    let row: Option<(String,)> = ctx.db.get(READ, params![ctx.workspace, name]).await?;
    row.map(|(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("settings"))).transpose()
}

/// Writes a document, and into the audit trail that it was written.
pub(crate) async fn write<T: Serialize + Sync>(ctx: &Ctx, name: &str, value: &T, action: &'static str) -> Result<()> {
    let text = serde_json::to_string(value).map_err(|_| Error::Corrupt("settings"))?;
    let mut batch = ctx.batch();
    batch.push(WRITE, params![ctx.workspace, name, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, action, &[]);
    ctx.db.apply(batch).await?;
    Ok(())
}
