use std::fs;
use std::path::{Path, PathBuf};

use privacy::erasure;
use privacy::gate::Gate;
use serde_json::{Value as Json, json};
use store::Actor;

use super::open::{make_directory, mark, open};
use crate::commands::lock;
use crate::config::{Config, Database};
use crate::outcome::{Failure, Result};

/// Puts a backup's data in place of the present ones. The key store that is there stays, because it
/// knows what was erased and withdrawn since; only when there is none are the backup's keys used. The
/// safety log is replayed before anything can be served.
pub(crate) async fn restore(config: Config, file: PathBuf, keys: Option<PathBuf>) -> Result<Json> {
    if config.database != Database::Sqlite {
        return Err(Failure::failed(
            "on PostgreSQL restore the schema `barid` with pg_restore and start Barid: it replays the safety log of the schema `barid_keys`, which must not be restored",
        ));
    }
    make_directory(&config)?;
    let _lock = lock(&config)?;
    let present = config.keys_file().exists();
    if !present {
        let keys = keys.as_ref().ok_or_else(|| {
            Failure::input(format_args!(
                "there is no key store in {}; give the backup's keys with --keys FILE.keys",
                config.data.display()
            ))
        })?;
        replace(keys, &config.keys_file())?;
    }
    replace(&file, &config.data_file())?;
    let core = open(&config).await?;
    let gate = Gate::new();
    erasure::resume(&core, &gate).await.map_err(Failure::failed)?;
    let (mut erased, mut restored) = (0, 0);
    for workspace in core.vault.workspaces().await.map_err(Failure::failed)? {
        let ctx = core.ctx(workspace, Actor::Console);
        let replayed = erasure::replay(&ctx, &gate).await.map_err(Failure::failed)?;
        erased += replayed.erased;
        restored += replayed.restored;
        mark(&ctx).await?;
    }
    core.db.checkpoint().await.map_err(Failure::failed)?;
    Ok(
        json!({ "erased_again": erased, "decisions_again": restored, "key_store": if present { "kept" } else { "restored" } }),
    )
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
