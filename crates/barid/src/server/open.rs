//! Opening the store: data, key store, master key; and making them ready to serve.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use kernel::{Clock, Rng};
use privacy::erasure;
use privacy::gate::Gate;
use store::{Actor, Core, Db, Vault};

use crate::config::{Config, Database, MasterKey, SCHEMAS};
use crate::machine::{OsRandom, SystemClock};
use crate::outcome::{Failure, Result};

/// Makes the data directory, readable by its owner only.
pub(super) fn make_directory(config: &Config) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.data).map_err(|error| {
        Failure::failed(format_args!(
            "the data directory {} cannot be made: {error}; name another with --data",
            config.data.display()
        ))
    })
}

/// Makes a master key file when the configuration names one that is not there; says whether it did.
pub(super) fn make_master_key(config: &Config) -> Result<bool> {
    let MasterKey::File(path) = &config.master_key else { return Ok(false) };
    if path.exists() {
        return Ok(false);
    }
    let mut key = [0u8; 32];
    OsRandom.fill(&mut key);
    let digits = u128::from_be_bytes(std::array::from_fn(|at| key[at]));
    let rest = u128::from_be_bytes(std::array::from_fn(|at| key[at + 16]));
    write_private(path, format!("{digits:032x}{rest:032x}\n").as_bytes())?;
    Ok(true)
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot = |error| Failure::failed(format_args!("{} cannot be written: {error}", path.display()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(cannot)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(cannot)
}

/// Opens data and keys and brings their schemas up to date.
pub(super) async fn open(config: &Config) -> Result<Core> {
    let master = config.master_key.fetch()?;
    let (data, keys) = match &config.database {
        Database::Sqlite => (Db::open_sqlite(&config.data_file()), Db::open_sqlite(&config.keys_file())),
        Database::Postgres(url) => (Db::open_postgres(url, SCHEMAS.0).await, Db::open_postgres(url, SCHEMAS.1).await),
    };
    let (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let data = data.map_err(Failure::failed)?;
    data.migrate(clock.now()).await.map_err(Failure::failed)?;
    let vault = Vault::open(keys.map_err(Failure::failed)?, master, Arc::clone(&clock), Arc::clone(&rng))
        .await
        .map_err(Failure::failed)?;
    Ok(Core::new(data, vault, clock, rng).standing_in(config.hosting.as_deref()))
}

/// Finishes what a stopped process left half done, and brings decisions of the safety log back into
/// data that lack them. Nothing may be served before.
pub(super) async fn make_ready(core: &Core, gate: &Gate) -> Result<()> {
    erasure::purge_destroyed(core).await.map_err(Failure::failed)?;
    erasure::resume(core, gate).await.map_err(Failure::failed)?;
    for workspace in core.vault.workspaces().await.map_err(Failure::failed)? {
        let ctx = core.ctx(workspace, Actor::System);
        if behind(&ctx).await? {
            let replayed = erasure::replay_if_behind(&ctx, gate).await.map_err(Failure::failed)?;
            if replayed.erased + replayed.restored > 0 {
                let (erased, restored) = (replayed.erased, replayed.restored);
                tracing::warn!(%workspace, erased, restored, "the data were older than the safety log; it was replayed");
            }
            mark(&ctx).await?;
        }
    }
    api::housekeeping::refuse_unreplayed(core).await.map_err(Failure::failed)
}

/// The place in the data that says how much of the safety log they have seen.
const SEEN: &str = "count/safety_log";

async fn behind(ctx: &store::Ctx) -> Result<bool> {
    let known = ctx.vault.safety_count(ctx.workspace).await.map_err(Failure::failed)?;
    let seen = store::feed::position(&ctx.db, ctx.workspace, SEEN).await.map_err(Failure::failed)?;
    Ok(seen != known)
}

/// Says in the data that they have seen the whole safety log; at a clean stop, and after a replay.
pub(super) async fn mark(ctx: &store::Ctx) -> Result<()> {
    let known = ctx.vault.safety_count(ctx.workspace).await.map_err(Failure::failed)?;
    let mut batch = ctx.batch();
    store::feed::advance(&mut batch, SEEN, known);
    ctx.db.apply(batch).await.map_err(Failure::failed)?;
    Ok(())
}
