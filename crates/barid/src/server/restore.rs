use std::fs;
use std::path::{Path, PathBuf};

use kernel::Clock;
use privacy::erasure;
use privacy::gate::Gate;
use serde_json::{Value as Json, json};
use store::{Actor, Db};

use super::open::{make_directory, mark, open};
use crate::commands::lock;
use crate::config::{Config, Database, SCHEMAS};
use crate::machine::SystemClock;
use crate::outcome::{Failure, Result};

/// Puts a backup's data in place of the present ones. The key store that is there stays, because it
/// knows what was erased and withdrawn since; only when there is none are the backup's keys used. The
/// safety log is replayed before anything can be served.
pub(crate) async fn restore(config: Config, file: PathBuf, keys: Option<PathBuf>) -> Result<Json> {
    make_directory(&config)?;
    let _lock = lock(&config)?;
    let present = match &config.database {
        Database::Sqlite => into_files(&config, &file, keys.as_deref())?,
        Database::Postgres(url) => into_schemas(url, &file, keys.as_deref()).await?,
    };
    let core = open(&config).await?;
    let gate = Gate::new();
    erasure::purge_destroyed(&core).await.map_err(Failure::failed)?;
    erasure::resume(&core, &gate).await.map_err(Failure::failed)?;
    let (mut erased, mut restored) = (0, 0);
    for workspace in core.vault.workspaces().await.map_err(Failure::failed)? {
        let ctx = core.ctx(workspace, Actor::Console);
        let replayed = erasure::replay(&ctx, &gate).await.map_err(Failure::failed)?;
        erased += replayed.erased;
        restored += replayed.restored;
        // What came back of people and messages whose time is over goes before anything is served.
        privacy::retention::run(&ctx, privacy::retention::Mode::Real, u64::MAX).await.map_err(Failure::failed)?;
        mark(&ctx).await?;
    }
    store::jobs::drain(&core, &[std::sync::Arc::new(gate.erasure_jobs()) as std::sync::Arc<dyn store::jobs::Handler>])
        .await
        .map_err(Failure::failed)?;
    core.db.checkpoint().await.map_err(Failure::failed)?;
    Ok(
        json!({ "erased_again": erased, "decisions_again": restored, "key_store": if present { "kept" } else { "restored" } }),
    )
}

fn no_key_store() -> Failure {
    Failure::input("there is no key store here; give the backup's keys with --keys FILE.keys")
}

/// Restores files of the data directory; answers whether a key store was there.
fn into_files(config: &Config, file: &Path, keys: Option<&Path>) -> Result<bool> {
    let present = config.keys_file().exists();
    if !present {
        replace(keys.ok_or_else(no_key_store)?, &config.keys_file())?;
    }
    replace(file, &config.data_file())?;
    Ok(present)
}

/// Restores schemas of a PostgreSQL database; answers whether a key store was there.
async fn into_schemas(url: &str, file: &Path, keys: Option<&Path>) -> Result<bool> {
    let now = SystemClock.now();
    let key_store = Db::open_postgres(url, SCHEMAS.1).await.map_err(Failure::failed)?;
    let present = !store::table_columns(&key_store).await.map_err(Failure::failed)?.is_empty();
    if !present {
        let keys = keys.ok_or_else(no_key_store)?;
        Db::restore_postgres_keys(url, SCHEMAS.1, keys, now).await.map_err(Failure::failed)?;
    }
    Db::restore_postgres(url, SCHEMAS.0, file, now).await.map_err(Failure::failed)?;
    Ok(present)
}

/// Copies a file beside its place first, so that a full disk leaves the present one untouched.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let cannot = |error| Failure::failed(format_args!("{} cannot be put in place: {error}", from.display()));
    let beside = to.with_extension("restoring");
    fs::copy(from, &beside).map_err(cannot)?;
    for suffix in ["-wal", "-shm"] {
        let mut log = to.as_os_str().to_owned();
        log.push(suffix);
        match fs::remove_file(&log) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(error)),
        }
    }
    fs::rename(&beside, to).map_err(cannot)
}
