//! Long answers, produced while they are sent.

use std::future::Future;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

/// Bytes gathered before they are handed over.
const CHUNK: usize = 64 * 1024;
/// Chunks that wait for a slow reader; a writer that is further ahead waits for it.
const AHEAD: usize = 4;

/// Takes what is written and hands it to the client. Writing blocks while the client is slow, and
/// fails when it has gone.
pub(super) struct ChunkWriter {
    buffer: Vec<u8>,
    send: SyncSender<io::Result<Bytes>>,
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK)));
        self.send.send(Ok(chunk)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

/// A body that `make` writes, on a thread of its own: it may block and hold what is not `Send`.
/// A failure cuts the answer off, so that nobody takes a part for the whole.
pub(super) fn written<F, T, E>(make: impl FnOnce(ChunkWriter) -> F + Send + 'static) -> Body
where
    F: Future<Output = Result<T, E>>,
    T: Write,
    E: std::fmt::Display,
{
    let (send, receive) = sync_channel(AHEAD);
    let failed = send.clone();
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let writer = ChunkWriter { buffer: Vec::with_capacity(CHUNK), send };
        let done = match runtime.block_on(make(writer)) {
            Ok(mut writer) => writer.flush().map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = done {
            let _ = failed.send(Err(io::Error::other(error)));
        }
    });
    Body::from_stream(stream::unfold(receive, next))
}

async fn next(receive: Receiver<io::Result<Bytes>>) -> Option<(io::Result<Bytes>, Receiver<io::Result<Bytes>>)> {
    let received = tokio::task::spawn_blocking(move || receive.recv().ok().map(|chunk| (chunk, receive)));
    received.await.ok().flatten()
}

/// A body with its media type; with a file name, browsers save it.
pub(super) fn file(body: Body, media_type: &'static str, name: Option<&str>) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = name.and_then(|name| HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).ok());
    if let Some(disposition) = disposition {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
