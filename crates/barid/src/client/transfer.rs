//! Files up and down, streamed: nothing is held whole in memory.

use std::io::Write;
use std::path::{Path, PathBuf};

use futures_util::stream;
use reqwest::Response;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::http::unreachable;
use crate::outcome::{Failure, Result};
use crate::progress::Progress;

const CHUNK: usize = 256 * 1024;

fn file_failure(path: &Path, verb: &str, error: &std::io::Error) -> Failure {
    let detail = format!("{} cannot be {verb}: {error}", path.display());
    let there = matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory);
    if there && verb == "read" { Failure::input(detail) } else { Failure::failed(detail) }
}

/// A request body that reads a file as it is sent, and the file's size.
pub async fn upload(path: &Path) -> Result<(reqwest::Body, u64)> {
    let unreadable = |error| file_failure(path, "read", &error);
    let file = File::open(path).await.map_err(unreadable)?;
    let meta = file.metadata().await.map_err(unreadable)?;
    if meta.is_dir() {
        return Err(Failure::input(format_args!("{} is a directory, not a file", path.display())));
    }
    let size = meta.len();
    let start = (file, 0u64, Progress::new("octets uploaded", Some(size)));
    let chunks = stream::try_unfold(start, |(mut file, sent, mut progress)| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        let sent = sent + read as u64;
        progress.at(sent, None);
        std::io::Result::Ok((read > 0).then_some((chunk, (file, sent, progress))))
    });
    Ok((reqwest::Body::wrap_stream(chunks), size))
}

/// Opens a new file that only its owner may read: what comes from a server is personal.
async fn create(path: &Path, replace: bool) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    if replace {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    options.open(path).await.map_err(|error| file_failure(path, "written", &error))
}

/// Writes an answer into a file; a half-written one is removed.
pub async fn download(mut response: Response, path: &Path, replace: bool) -> Result<u64> {
    let partial = PathBuf::from(format!("{}.part", path.display()));
    if !replace && path.exists() {
        return Err(Failure::input(format_args!(
            "{} is there already; name another file or say --force",
            path.display()
        )));
    }
    let mut file = create(&partial, true).await?;
    let mut progress = Progress::new("octets written", response.content_length());
    let mut written = 0;
    let copied: Result<()> = async {
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            file.write_all(&chunk).await.map_err(|error| file_failure(&partial, "written", &error))?;
            written += chunk.len() as u64;
            progress.at(written, None);
        }
        file.sync_all().await.map_err(|error| file_failure(&partial, "written", &error))
    }
    .await;
    drop(progress);
    let moved = match copied {
        Ok(()) => tokio::fs::rename(&partial, path).await.map_err(|error| file_failure(path, "written", &error)),
        Err(failure) => Err(failure),
    };
    if moved.is_err() {
        let _ = tokio::fs::remove_file(&partial).await;
    }
    moved.map(|()| written)
}

/// Copies an answer to standard output.
pub async fn print(mut response: Response) -> Result<()> {
    let mut out = std::io::stdout();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        match out.write_all(&chunk).and_then(|()| out.flush()) {
            Ok(()) => {}
            // A reader that has seen enough (`| head`) is no failure.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(Failure::failed(format_args!("standard output: {error}"))),
        }
    }
    Ok(())
}

/// Reads a small text file that is sent as part of a document.
pub fn read_text(path: &Path, longest: u64) -> Result<String> {
    let unreadable = |error| file_failure(path, "read", &error);
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > longest {
        return Err(Failure::input(format_args!("{} is larger than {} MiB", path.display(), longest >> 20)));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        Failure::input(format_args!("{} is not UTF-8 (octet {})", path.display(), error.utf8_error().valid_up_to()))
    })
}
