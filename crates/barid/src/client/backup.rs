//! `barid backup`: the running server streams a consistent copy of its data and of its keys.

use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::json;

use super::http::Client;
use super::transfer::download;
use crate::cli::Backup;
use crate::outcome::{Done, Failure, Report, Result};

/// Writes FILE and FILE.keys. The data are fetched first: every key that they need was committed
/// before them, so the keys fetched afterwards open all of it.
///
/// # Errors
/// Files that are there already (exit 2), or a server that refuses.
pub async fn backup(backup: Backup) -> Result<Done> {
    let client = Client::new(&backup.server)?;
    let keys = keys_file(&backup)?;
    let answer = client.send(client.request(Method::GET, &["v1", "backup", "data"])).await?;
    let data_octets = download(answer, &backup.file, backup.force).await?;
    let answer = client.send(client.request(Method::GET, &["v1", "backup", "keys"])).await?;
    let keys_octets = download(answer, &keys, backup.force).await?;
    Ok(report(&backup, &keys, (data_octets, keys_octets)))
}

/// FILE.keys, once it is sure that nothing is overwritten unasked.
///
/// # Errors
/// Files that are there already (exit 2).
pub fn keys_file(backup: &Backup) -> Result<PathBuf> {
    let keys = PathBuf::from(format!("{}.keys", backup.file.display()));
    for file in [&backup.file, &keys] {
        if !backup.force && file.exists() {
            return Err(Failure::input(format_args!(
                "{} is there already; name another file or say --force",
                file.display()
            )));
        }
    }
    Ok(keys)
}

/// What was written where.
pub fn report(backup: &Backup, keys: &Path, (data_octets, keys_octets): (u64, u64)) -> Done {
    let document = json!({
        "file": backup.file.display().to_string(), "octets": data_octets,
        "keys": keys.display().to_string(), "keys_octets": keys_octets,
    });
    let text = format!(
        "{} ({data_octets} octets) holds the data and may be kept.\n{} ({keys_octets} octets) holds the keys: store it elsewhere, for 7 days at most.",
        backup.file.display(),
        keys.display()
    );
    Done::Report(Report::new(document, text))
}
