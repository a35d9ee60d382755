//! The ports from which the sound of calls is sent, and the thread that serves them: a turn every twenty milliseconds must not
//! wait for whatever else a server is doing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use parking_lot::Mutex;
use tokio::net::UdpSocket;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// The ports from which the sound of calls is sent. Their thread begins with the first call.
#[derive(Debug)]
pub struct Ports {
    range: Arc<Range>,
    thread: Mutex<Option<Arc<Thread>>>,
}

impl Ports {
    /// Ports from `first` to `last`; pairs begin with an even one (RFC 3550 section 11).
    pub fn new(first: u16, last: u16) -> Self {
        let first = first.div_ceil(2) * 2;
        let range = Range { first, last: last.max(first + 1), next: AtomicU16::new(first) };
        Self { range: Arc::new(range), thread: Mutex::default() }
    }

    /// A pair of sockets that nobody uses, and the thread that they belong to.
    pub(super) async fn open(&self, ip: IpAddr) -> io::Result<(Pair, Arc<Thread>)> {
        let thread = self.thread()?;
        let range = Arc::clone(&self.range);
        let opened = thread.handle.spawn(async move { range.open(ip).await });
        Ok((opened.await.map_err(io::Error::other)??, thread))
    }

    fn thread(&self) -> io::Result<Arc<Thread>> {
        let mut thread = self.thread.lock();
        let started = match thread.take() {
            Some(started) => started,
            None => Arc::new(Thread::start()?),
        };
        *thread = Some(Arc::clone(&started));
        Ok(started)
    }
}

/// A socket for sound and, when its port is free, one for what is said about it.
pub(super) type Pair = (UdpSocket, Option<UdpSocket>);

#[derive(Debug)]
struct Range {
    first: u16,
    last: u16,
    next: AtomicU16,
}

impl Range {
    async fn open(&self, ip: IpAddr) -> io::Result<Pair> {
        let pairs = (self.last - self.first).div_ceil(2);
        for _ in 0..pairs {
            let step = |port: u16| Some(if port + 3 > self.last { self.first } else { port + 2 });
            let port = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or(self.first);
            if let Ok(sound) = UdpSocket::bind(SocketAddr::new(ip, port)).await {
                return Ok((sound, UdpSocket::bind(SocketAddr::new(ip, port + 1)).await.ok()));
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "every port for sound is in use"))
    }
}

/// A thread with a loop of its own; it ends with whoever holds this last.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) handle: Handle,
    _open: oneshot::Sender<()>,
}

impl Thread {
    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (open, closed) = oneshot::channel();
        std::thread::Builder::new().name("sound".to_owned()).spawn(move || {
            let _ = runtime.block_on(closed);
        })?;
        Ok(Self { handle, _open: open })
    }
}
