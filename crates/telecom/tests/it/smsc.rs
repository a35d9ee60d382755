//! A message centre that answers every submission as a script says, and delivers what it is told to.

use std::sync::Arc;

use parking_lot::Mutex;
use telecom::smpp::{Body, IdResp, Message, Status};
use tokio::sync::mpsc;

use crate::centre::{Centre, Session};

/// What the centre does with a submission.
pub enum Reaction {
    /// Takes it under this id.
    Take(String),
    /// Refuses it.
    Refuse(Status),
    /// Delivers this first, then takes it.
    DeliverThenTake(Message, String),
    /// Ends the connection without a word.
    Vanish,
    /// Has it and never says so.
    Keep,
}

type Script = Box<dyn FnMut(usize, &Message) -> Reaction + Send>;

/// The centre as the test sees it.
pub struct Smsc {
    pub port: u16,
    /// Everything that was submitted.
    pub got: Arc<Mutex<Vec<Message>>>,
    deliver: mpsc::UnboundedSender<Message>,
}

impl Smsc {
    pub async fn start(mut script: impl FnMut(usize, &Message) -> Reaction + Send + 'static) -> Self {
        let centre = Centre::new().await;
        let (deliver, queue) = mpsc::unbounded_channel();
        let got = Arc::<Mutex<Vec<Message>>>::default();
        let (port, seen) = (centre.port(), got.clone());
        tokio::spawn(async move {
            let mut queue = queue;
            let mut script: Script = Box::new(move |n, message| script(n, message));
            loop {
                let session = centre.bound().await;
                serve(session, &seen, (&mut script, &mut queue)).await;
            }
        });
        Self { port, got, deliver }
    }

    /// Takes everything, as `1`, `2`, ….
    pub async fn taking() -> Self {
        Self::start(|n, _| Reaction::Take((n + 1).to_string())).await
    }

    pub fn deliver(&self, message: Message) {
        self.deliver.send(message).unwrap();
    }

    pub fn texts(&self) -> usize {
        self.got.lock().len()
    }
}

async fn serve(
    mut session: Session,
    got: &Mutex<Vec<Message>>,
    (script, queue): (&mut Script, &mut mpsc::UnboundedReceiver<Message>),
) {
    let (mut sequence, mut peeked) = (10_000, [0]);
    loop {
        // Whole PDUs are small and come in one piece here, so nothing is lost when the other side is faster.
        tokio::select! {
            biased;
            Some(message) = queue.recv() => {
                sequence += 1;
                session.write(sequence, Status::OK, Body::Deliver(Box::new(message))).await;
            }
            there = session.0.peek(&mut peeked) => {
                if there.is_err() {
                    return;
                }
                let Some(pdu) = session.read().await else { return };
                let Body::Submit(message) = pdu.body else {
                    match pdu.body {
                        Body::EnquireLink => session.write(pdu.sequence, Status::OK, Body::EnquireLinkResp).await,
                        Body::Unbind => {
                            session.write(pdu.sequence, Status::OK, Body::UnbindResp).await;
                            return;
                        }
                        _ => {}
                    }
                    continue;
                };
                let count = { let mut got = got.lock(); got.push((*message).clone()); got.len() - 1 };
                match script(count, &message) {
                    Reaction::Take(id) => {
                        session.write(pdu.sequence, Status::OK, Body::SubmitResp(IdResp::new(id))).await;
                    }
                    Reaction::Refuse(status) => {
                        session.write(pdu.sequence, status, Body::SubmitResp(IdResp::default())).await;
                    }
                    Reaction::DeliverThenTake(first, id) => {
                        sequence += 1;
                        session.write(sequence, Status::OK, Body::Deliver(Box::new(first))).await;
                        // Our answer to it comes before anything else.
                        while !matches!(session.read().await.map(|pdu| pdu.body), Some(Body::DeliverResp(_)) | None) {}
                        session.write(pdu.sequence, Status::OK, Body::SubmitResp(IdResp::new(id))).await;
                    }
                    Reaction::Vanish => return,
                    Reaction::Keep => {}
                }
            }
        }
    }
}
