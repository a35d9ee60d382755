//! One connection's octets: bounded reads, counted writes, a time-out on each wait.

use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::outcome::{Failure, Phase};
use super::reply::Reply;

/// Most unread octets of a server that talks without end.
const UNREAD: usize = 256 * 1024;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A write that did not end well, and how many octets the connection had taken before.
pub(super) struct Cut {
    pub(super) written: usize,
    pub(super) cause: Failure,
}

pub(super) struct Wire {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, unread: Vec::with_capacity(1024) }
    }

    /// The next reply, waiting at most `limit` for all of it.
    pub(super) async fn reply(&mut self, phase: Phase, limit: Duration) -> Result<Reply, Failure> {
        if let Some(reply) = self.buffered(phase)? {
            return Ok(reply);
        }
        timeout(limit, async {
            loop {
                let read = self.stream.read_buf(&mut self.unread).await.map_err(|_| Failure::Closed(phase))?;
                if read == 0 {
                    return Err(Failure::Closed(phase));
                }
                if let Some(reply) = self.buffered(phase)? {
                    return Ok(reply);
                }
                if self.unread.len() > UNREAD {
                    return Err(Failure::Protocol(phase));
                }
            }
        })
        .await
        .unwrap_or(Err(Failure::Timeout(phase)))
    }

    fn buffered(&mut self, phase: Phase) -> Result<Option<Reply>, Failure> {
        if self.unread.is_empty() {
            return Ok(None);
        }
        let Some((reply, used)) = Reply::parse(&self.unread).map_err(|_| Failure::Protocol(phase))? else {
            return Ok(None);
        };
        self.unread.drain(..used);
        Ok(Some(reply))
    }

    /// Writes everything; `limit` bounds each step, not the whole, so that a slow line is no failure.
    pub(super) async fn write(&mut self, octets: &[u8], phase: Phase, limit: Duration) -> Result<(), Cut> {
        let mut written = 0;
        while written < octets.len() {
            match timeout(limit, self.stream.write(&octets[written..])).await {
                Ok(Ok(count)) if count > 0 => written += count,
                Ok(_) => return Err(Cut { written, cause: Failure::Closed(phase) }),
                Err(_) => return Err(Cut { written, cause: Failure::Timeout(phase) }),
            }
        }
        match timeout(limit, self.stream.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Cut { written, cause: Failure::Closed(phase) }),
            Err(_) => Err(Cut { written, cause: Failure::Timeout(phase) }),
        }
    }

    /// Whether the server has said nothing that nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.unread.is_empty()
    }

    /// Whether an idle connection is still good: open, and nothing (such as 421) was said meanwhile.
    pub(super) fn is_idle(&mut self) -> bool {
        self.unread.is_empty() && self.stream.read_buf(&mut self.unread).now_or_never().is_none()
    }

    /// Gives the bare stream up for a TLS handshake. What was sent before it in the clear is not
    /// trusted: any unread octet is an attack (CVE-2011-0411).
    pub(super) fn into_stream(self) -> Result<Box<dyn Stream>, Failure> {
        if self.unread.is_empty() { Ok(self.stream) } else { Err(Failure::Protocol(Phase::Tls)) }
    }
}
