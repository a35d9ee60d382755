use std::io::{self, Read};

use kernel::{ImportId, Problem, RawId};
use store::vault::FileKey;
use store::{Core, Ctx, params};
use tokio::sync::mpsc;

use super::queries;
use crate::Result;
use crate::import::{Detector, Encoding, FileError};

/// Bytes of one staged part.
const PART: usize = 1 << 20;
/// The largest file, in bytes: 4 GiB.
pub const MAX_FILE: u64 = 4 << 30;
/// Seconds a staged file or a rejects file lives: seven days.
pub(crate) const LIFE: i64 = 7 * 86_400;

/// A file on its way in. It rests sealed under a key that is destroyed when the import ends.
pub struct Upload {
    ctx: Ctx,
    id: ImportId,
    key: FileKey,
    part: u64,
    buffer: Vec<u8>,
    detector: Detector,
    bytes: u64,
    lines: u64,
}

/// A file that has come in whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staged {
    /// The import it is for.
    pub id: ImportId,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its size.
    pub bytes: u64,
    /// Its line ends, about.
    pub lines: u64,
}

impl Upload {
    /// Begins to take a file.
    pub async fn begin(ctx: &Ctx) -> Result<Self> {
        let id: ImportId = ctx.id();
        let key = ctx.vault.create_file(ctx.workspace, id.into(), ctx.now().plus_seconds(LIFE)).await?;
        let buffer = Vec::with_capacity(PART);
        Ok(Self { ctx: ctx.clone(), id, key, part: 0, buffer, detector: Detector::new(), bytes: 0, lines: 0 })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the file is larger than [`MAX_FILE`]; what was staged is removed.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_FILE {
            discard(&self.ctx, self.id.into()).await?;
            return Err(Problem::new(kernel::Code::PayloadTooLarge, "a file has at most 4 GiB; split it").into());
        }
        self.lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.detector.feed(bytes);
        while !bytes.is_empty() {
            let step = bytes.len().min(PART - self.buffer.len());
            self.buffer.extend_from_slice(&bytes[..step]);
            bytes = &bytes[step..];
            if self.buffer.len() == PART {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let sealed = self.key.seal(self.part, &self.buffer);
        let mut batch = self.ctx.batch();
        batch.push(queries::INSERT_PART, params![self.ctx.workspace, RawId::from(self.id), self.part, sealed]);
        self.ctx.db.apply(batch).await?;
        self.part += 1;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the upload and tells the file's encoding.
    ///
    /// # Errors
    /// When the encoding is not one of those an import reads; what was staged is removed.
    pub async fn finish(mut self) -> Result<Staged> {
        if !self.buffer.is_empty() {
            self.flush().await?;
        }
        match std::mem::take(&mut self.detector).finish() {
            Ok(encoding) => Ok(Staged { id: self.id, encoding, bytes: self.bytes, lines: self.lines }),
            Err(error) => {
                discard(&self.ctx, self.id.into()).await?;
                Err(Problem::from(FileError::from(error)).into())
            }
        }
    }
}

/// Destroys the key of a staged file, then its parts.
pub(crate) async fn discard(ctx: &Ctx, file: RawId) -> Result<()> {
    ctx.vault.destroy_file(ctx.workspace, file).await?;
    let mut batch = ctx.batch();
    batch.push(queries::DELETE_PARTS, params![ctx.workspace, file]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Removes staged files and rejects files past their life; answers how many.
pub async fn sweep(core: &Core) -> Result<usize> {
    let expired = core.vault.expired_files(core.now()).await?;
    for (workspace, file) in &expired {
        discard(&core.ctx(*workspace, store::Actor::System), *file).await?;
    }
    Ok(expired.len())
}

/// Reads a staged file from a blocking thread; a task fetches and opens the parts ahead of it.
pub(super) struct Parts {
    coming: mpsc::Receiver<io::Result<Vec<u8>>>,
    part: Vec<u8>,
    from: usize,
}

impl Parts {
    pub(super) async fn open(ctx: &Ctx, file: RawId) -> Result<Self> {
        let key = ctx.vault.file(ctx.workspace, file).await?;
        let (send, coming) = mpsc::channel(2);
        tokio::spawn(fetch(ctx.clone(), file, key, send));
        Ok(Self { coming, part: Vec::new(), from: 0 })
    }
}

async fn fetch(ctx: Ctx, file: RawId, key: FileKey, send: mpsc::Sender<io::Result<Vec<u8>>>) {
    for number in 0u64.. {
        let row = ctx.db.opt::<(Vec<u8>,)>(queries::PART, params![ctx.workspace, file, number]).await;
        let part = match row {
            Ok(Some((sealed,))) => key.open(number, &sealed).map_err(io::Error::other),
            Ok(None) => return,
            Err(error) => Err(io::Error::other(error)),
        };
        let failed = part.is_err();
        if send.send(part).await.is_err() || failed {
            return;
        }
    }
}

impl Read for Parts {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.from == self.part.len() {
            match self.coming.blocking_recv() {
                Some(part) => (self.part, self.from) = (part?, 0),
                None => return Ok(0),
            }
        }
        let step = out.len().min(self.part.len() - self.from);
        out[..step].copy_from_slice(&self.part[self.from..self.from + step]);
        self.from += step;
        Ok(step)
    }
}
