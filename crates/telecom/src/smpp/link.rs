//! One session, whichever side opened it: requests with their responses, a window, a pace, what the
//! other side sends, and how it all ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use store::BoxFuture;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::pdu::{Body, HEADER, Head, Pdu};
use super::status::Status;
use super::wire::PduError;

/// A connection, plain or TLS.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Requests of the other side that are being answered at the same time.
const ANSWERING: usize = 64;
/// PDUs that wait to be written.
const WRITING: usize = 256;
/// Octets written in one go.
const TOGETHER: usize = 64;
/// How long a session that ends waits for responses, and then for the other side's goodbye.
const DRAIN: Duration = Duration::from_secs(3);
/// Mistakes of the other side on one session before it is ended.
const MISTAKES: u32 = 20;

/// How a session behaves.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests that may wait for their response at the same time.
    pub window: usize,
    /// How long a response may take.
    pub response: Duration,
    /// How long the other side may be silent before it is asked whether it is there.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { window: 32, response: Duration::from_secs(20), silence: Duration::from_secs(30) }
    }
}

/// What answers the other side's requests. Responses, enquire_link and unbind are not its business.
pub trait Answers: Send + Sync {
    /// The response to a request; it carries the request's sequence number already.
    fn answer(&self, request: Body) -> BoxFuture<'_, (Status, Body)>;
}

/// Why a request has no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It was never written: doing it again cannot double it.
    #[error("the session ended before the request was written")]
    NotWritten,
    /// It was written, and the session ended or the time was over: it may have been taken.
    #[error("the session ended before the response came")]
    Lost,
}

/// A request on its way to the wire.
struct Outgoing {
    octets: Vec<u8>,
    written: Option<Arc<AtomicBool>>,
}

struct Pending {
    answer: oneshot::Sender<Pdu>,
    _place: Option<OwnedSemaphorePermit>,
}

struct Shared {
    out: mpsc::Sender<Outgoing>,
    pending: Mutex<HashMap<u32, Pending>>,
    window: Arc<Semaphore>,
    sequence: AtomicU32,
    closed: watch::Sender<bool>,
    limits: Limits,
}

/// A session that runs. Cheap to clone; ends when [`Link::close`] is called or the other side goes.
#[derive(Clone)]
pub struct Link(Arc<Shared>);

/// A place in the window: taken before a request is written, given back with its response.
pub struct Place(OwnedSemaphorePermit);

impl Link {
    /// Runs a session over a stream that is past the bind.
    pub(super) fn start(stream: Box<dyn Stream>, limits: Limits, answers: Arc<dyn Answers>) -> Self {
        let (out, queue) = mpsc::channel(WRITING);
        let shared = Arc::new(Shared {
            out,
            pending: Mutex::new(HashMap::new()),
            window: Arc::new(Semaphore::new(limits.window.max(1))),
            // The bind had number 1.
            sequence: AtomicU32::new(2),
            closed: watch::Sender::new(false),
            limits,
        });
        let (reading, writing) = tokio::io::split(stream);
        let link = Self(shared);
        tokio::spawn(write(writing, queue, link.clone()));
        tokio::spawn(read(BufReader::with_capacity(1 << 16, reading), link.clone(), answers));
        link
    }

    /// Whether the session has ended.
    pub fn is_closed(&self) -> bool {
        *self.0.closed.borrow()
    }

    /// Waits for the session's end.
    pub async fn closed(&self) {
        let _ = self.0.closed.subscribe().wait_for(|closed| *closed).await;
    }

    /// Ends the session at once.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
        self.0.window.close();
        // Whoever waits learns it from the dropped sender.
        self.0.pending.lock().clear();
    }

    /// Waits a little for responses that are under way, says goodbye, and ends.
    pub async fn unbind(&self) {
        let all = self.0.limits.window.max(1) as u32;
        let drained = tokio::time::timeout(DRAIN, self.0.window.acquire_many(all)).await;
        let _ = tokio::time::timeout(DRAIN, self.control(Body::Unbind)).await;
        drop(drained);
        self.close();
    }

    /// A place in the window.
    ///
    /// # Errors
    /// [`Unanswered::NotWritten`] when the session ends first.
    pub async fn place(&self) -> Result<Place, Unanswered> {
        Arc::clone(&self.0.window).acquire_owned().await.map(Place).map_err(|_| Unanswered::NotWritten)
    }

    /// Sends a request in a place of the window and waits for the response.
    ///
    /// # Errors
    /// [`Unanswered`] says whether it may have been taken.
    pub async fn request(&self, place: Place, body: Body) -> Result<Pdu, Unanswered> {
        self.ask(Some(place.0), body).await
    }

    /// Requests about the session itself do not wait behind messages.
    async fn control(&self, body: Body) -> Result<Pdu, Unanswered> {
        self.ask(None, body).await
    }

    async fn ask(&self, place: Option<OwnedSemaphorePermit>, body: Body) -> Result<Pdu, Unanswered> {
        let shared = &self.0;
        let sequence = self.next();
        let written = Arc::new(AtomicBool::new(false));
        let (answer, answered) = oneshot::channel();
        shared.pending.lock().insert(sequence, Pending { answer, _place: place });
        // The session may have ended between the look and the entry.
        if self.is_closed() {
            shared.pending.lock().remove(&sequence);
            return Err(Unanswered::NotWritten);
        }
        let octets = Pdu::request(sequence, body).octets();
        let sent = shared.out.send(Outgoing { octets, written: Some(Arc::clone(&written)) });
        let answered = async {
            sent.await.map_err(|_| ())?;
            answered.await.map_err(|_| ())
        };
        if let Ok(Ok(pdu)) = tokio::time::timeout(shared.limits.response, answered).await {
            return Ok(pdu);
        }
        shared.pending.lock().remove(&sequence);
        Err(if written.load(Ordering::Acquire) { Unanswered::Lost } else { Unanswered::NotWritten })
    }

    /// Numbers go from 1 to 0x7fffffff and round again.
    fn next(&self) -> u32 {
        let next = |number: u32| Some(if number >= 0x7fff_ffff { 1 } else { number + 1 });
        self.0.sequence.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(1)
    }

    async fn respond(&self, pdu: Pdu) {
        let _ = self.0.out.send(Outgoing { octets: pdu.octets(), written: None }).await;
    }
}

async fn write(mut stream: impl AsyncWrite + Unpin, mut queue: mpsc::Receiver<Outgoing>, link: Link) {
    let (mut ready, mut octets) = (Vec::with_capacity(TOGETHER), Vec::new());
    let mut last_words = false;
    while !last_words {
        tokio::select! {
            biased;
            _ = queue.recv_many(&mut ready, TOGETHER) => {}
            () = link.closed() => {
                // What was answered before the end, such as unbind_resp, still goes out.
                last_words = true;
                while let Ok(one) = queue.try_recv() {
                    if one.written.is_none() { ready.push(one); }
                }
            }
        }
        octets.clear();
        for one in ready.drain(..) {
            octets.extend(&one.octets);
            if let Some(written) = one.written {
                written.store(true, Ordering::Release);
            }
        }
        let sent = async {
            stream.write_all(&octets).await?;
            stream.flush().await
        };
        if !octets.is_empty() && !matches!(tokio::time::timeout(link.0.limits.response, sent).await, Ok(Ok(()))) {
            break;
        }
    }
    link.close();
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.shutdown()).await;
}

/// What came in.
pub(super) enum Incoming {
    /// A PDU.
    Pdu(Pdu),
    /// Octets that are none; the stream is in step.
    Damaged(Head, PduError),
}

/// Reads one PDU.
///
/// # Errors
/// When the stream ends or its length fields make no sense: it cannot be followed any further.
pub(super) async fn read_pdu(stream: &mut (impl AsyncRead + Unpin)) -> Result<Incoming, Option<PduError>> {
    let mut octets = [0; HEADER];
    stream.read_exact(&mut octets).await.map_err(|_| None)?;
    let head = Head::read(&octets).map_err(Some)?;
    let mut body = vec![0; head.length as usize - HEADER];
    stream.read_exact(&mut body).await.map_err(|_| None)?;
    Ok(match Pdu::read(&head, &body) {
        Ok(pdu) => Incoming::Pdu(pdu),
        Err(error) => Incoming::Damaged(head, error),
    })
}

async fn read(mut stream: BufReader<impl AsyncRead + Unpin>, link: Link, answers: Arc<dyn Answers>) {
    let busy = Arc::new(Semaphore::new(ANSWERING));
    let (mut asked, mut mistakes) = (false, 0);
    loop {
        // Waiting for the first octet takes nothing from the stream, so it can be given up and begun again.
        let silence = link.0.limits.silence;
        let something = tokio::select! {
            something = tokio::time::timeout(silence, stream.fill_buf()) => something,
            () = link.closed() => return,
        };
        if something.is_err() {
            if asked {
                break;
            }
            asked = true;
            tokio::spawn(enquire(link.clone()));
            continue;
        }
        let read = tokio::select! {
            read = tokio::time::timeout(silence, read_pdu(&mut stream)) => read,
            () = link.closed() => return,
        };
        match read {
            // A PDU that begins and does not end.
            Err(_) => break,
            Ok(Err(error)) => {
                if let Some(error) = error {
                    link.respond(Pdu { status: error.status(), sequence: 0, body: Body::GenericNack }).await;
                }
                break;
            }
            Ok(Ok(Incoming::Damaged(head, error))) => {
                mistakes += 1;
                tracing::debug!(%error, "a damaged PDU");
                if head.is_response() {
                    // The request has an answer, though nobody can say which.
                    link.0.pending.lock().remove(&head.sequence);
                } else {
                    link.respond(head.refusal(error.status())).await;
                }
                if mistakes >= MISTAKES {
                    break;
                }
            }
            Ok(Ok(Incoming::Pdu(pdu))) => {
                if !take(&link, pdu, &busy, &answers).await {
                    // The last response is on its way; the writer sends it before it ends.
                    break;
                }
            }
        }
        asked = false;
    }
    link.close();
}

/// Asks whether the other side is there; ends the session when it does not say so.
async fn enquire(link: Link) {
    if link.control(Body::EnquireLink).await.is_err() {
        link.close();
    }
}

/// Deals with one PDU; `false` when the session is over.
async fn take(link: &Link, pdu: Pdu, busy: &Arc<Semaphore>, answers: &Arc<dyn Answers>) -> bool {
    let sequence = pdu.sequence;
    match pdu.body {
        Body::EnquireLink => {
            link.respond(Pdu { status: Status::OK, sequence, body: Body::EnquireLinkResp }).await;
        }
        Body::Unbind => {
            link.respond(Pdu { status: Status::OK, sequence, body: Body::UnbindResp }).await;
            return false;
        }
        Body::Bind(_) => {
            let head = Head { length: 0, command: pdu.body.command(), status: Status::OK, sequence };
            link.respond(head.refusal(Status::ALREADY_BOUND)).await;
        }
        Body::Submit(_) | Body::Deliver(_) | Body::Data(_) | Body::Query(_) | Body::Cancel(_) => {
            // Back-pressure: the other side waits on its socket while this many are being dealt with.
            let Ok(place) = Arc::clone(busy).acquire_owned().await else { return false };
            let (link, answers) = (link.clone(), Arc::clone(answers));
            tokio::spawn(async move {
                let (status, body) = answers.answer(pdu.body).await;
                link.respond(Pdu { status, sequence, body }).await;
                drop(place);
            });
        }
        Body::Alert(_) | Body::Outbind(_) => {}
        _ => {
            if let Some(pending) = link.0.pending.lock().remove(&sequence) {
                let _ = pending.answer.send(pdu);
            }
        }
    }
    true
}

/// Writes one PDU outside a running session: the handshake.
pub(super) async fn write_pdu(stream: &mut (impl AsyncWrite + Unpin), pdu: &Pdu) -> std::io::Result<()> {
    stream.write_all(&pdu.octets()).await?;
    stream.flush().await
}
