use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use store::Db;

use crate::cli::Backup;
use crate::client::backup as files;
use crate::config::{Config, Database, Layer, SCHEMAS};
use crate::outcome::{Done, Failure, Result};

/// Backs up beside the data directory, without a server's help: for operators of several workspaces
/// and for a server that is down. A running server goes on meanwhile.
pub(crate) async fn backup(backup: Backup) -> Result<Done> {
    let layer = Layer { data: backup.data.clone(), database: backup.database.clone(), ..Layer::default() };
    let config = Config::load(layer)?;
    let keys = files::keys_file(&backup)?;
    let (data, key_store) = match &config.database {
        Database::Sqlite => (sqlite(&config.data_file())?, sqlite(&config.keys_file())?),
        Database::Postgres(url) => (
            Db::open_postgres(url, SCHEMAS.0).await.map_err(Failure::failed)?,
            Db::open_postgres(url, SCHEMAS.1).await.map_err(Failure::failed)?,
        ),
    };
    let written = (copy(&data, &backup.file).await?, copy(&key_store, &keys).await?);
    Ok(files::report(&backup, &keys, written))
}

fn sqlite(path: &Path) -> Result<Db> {
    if !path.is_file() {
        return Err(Failure::input(format_args!(
            "{} is not there; name the data directory with --data, or a server with --server and --key",
            path.display()
        )));
    }
    Db::open_sqlite(path).map_err(Failure::failed)
}

/// Writes beside the target first, so that a full disk leaves no half backup under its name.
async fn copy(db: &Db, to: &Path) -> Result<u64> {
    let cannot = |error| Failure::failed(format_args!("{} cannot be written: {error}", to.display()));
    let mut beside = to.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    if let Err(error) = db.backup_file(beside.clone()).await {
        let _ = fs::remove_file(&beside);
        return Err(Failure::failed(error));
    }
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o600)).map_err(cannot)?;
    fs::rename(&beside, to).map_err(cannot)?;
    Ok(fs::metadata(to).map_err(cannot)?.len())
}
