//! Handing messages over within a session, pipelined or in lock-step.

use tokio::sync::oneshot;

use super::content;
use super::outcome::{Failure, Guard, Outcome, Parcel, Phase};
use super::reply::Reply;
use super::session::Session;

/// Where one message's outcome goes. Whatever happens to the task that holds it, an outcome is
/// told: dropping it says what is known at that moment.
pub(super) struct Ticket {
    to: Option<oneshot::Sender<Outcome>>,
    /// Whether the final dot may have left.
    left: bool,
}

impl Ticket {
    pub(super) fn new(to: oneshot::Sender<Outcome>) -> Self {
        Self { to: Some(to), left: false }
    }

    pub(super) fn tell(mut self, outcome: Outcome) {
        self.send(outcome);
    }

    fn send(&mut self, outcome: Outcome) {
        if let Some(to) = self.to.take() {
            let _ = to.send(outcome);
        }
    }

    /// Whether nobody waits for the outcome any more.
    fn is_abandoned(&self) -> bool {
        self.to.as_ref().is_none_or(oneshot::Sender::is_closed)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let cause = Failure::Stopped;
        self.send(if self.left { Outcome::InDoubt { cause } } else { Outcome::NotStarted { cause } });
    }
}

/// A message waiting for its turn.
pub(super) struct Job {
    pub(super) parcel: Parcel,
    pub(super) ticket: Ticket,
}

/// A message whose right to be sent was claimed.
struct Started {
    parcel: Envelope,
    ticket: Ticket,
    guard: Guard,
}

struct Envelope {
    mail: String,
    recipient: String,
    content: Vec<u8>,
}

impl Started {
    /// Ends the hand-over first and tells its outcome after that.
    fn end(self, outcome: Outcome) {
        drop(self.guard);
        self.ticket.tell(outcome);
    }
}

/// What the replies to an envelope mean.
enum Verdict {
    Go,
    Refused { phase: Phase, reply: Reply, closing: bool },
}

impl Session {
    /// Hands over `first` and whatever `next` yields, until there is no more, `limit` transactions were
    /// begun in this session, or the session broke (the error; every message has been told its outcome).
    pub(super) async fn hand_over(
        &mut self,
        first: Job,
        pipelined: bool,
        limit: usize,
        next: &mut (dyn FnMut() -> Option<Job> + Send),
    ) -> Result<(), Failure> {
        let mut waiting = Some(first);
        let mut written: Option<Started> = None;
        loop {
            let current = if let Some(started) = written.take() {
                started
            } else {
                let Some(started) = self.claim(&mut waiting, limit, next) else { return Ok(()) };
                if pipelined {
                    self.out.clear();
                    self.write_envelope(&started.parcel);
                    if let Err(cut) = self.wire.write(&self.out, Phase::Mail, self.timeouts.block).await {
                        started.end(Outcome::NotStarted { cause: cut.cause.clone() });
                        return Err(cut.cause);
                    }
                }
                started
            };
            match self.envelope(&current.parcel, pipelined).await {
                Err(cause) => {
                    current.end(Outcome::NotStarted { cause: cause.clone() });
                    return Err(cause);
                }
                Ok(Verdict::Refused { phase, reply, closing }) => {
                    let broken = Failure::Session { phase, reply: reply.clone() };
                    current.end(Outcome::Refused { permanent: reply.is_permanent(), phase, reply });
                    if closing {
                        return Err(broken);
                    }
                }
                Ok(Verdict::Go) => {
                    written = self.content(current, pipelined, limit, next).await?;
                }
            }
        }
    }

    /// The next message that may be sent here: not abandoned, acceptable by what the server announced, and
    /// still permitted. Others are told their outcome.
    fn claim(
        &mut self,
        waiting: &mut Option<Job>,
        limit: usize,
        next: &mut (dyn FnMut() -> Option<Job> + Send),
    ) -> Option<Started> {
        while self.handed < limit {
            let Job { parcel, ticket } = waiting.take().or_else(&mut *next)?;
            if ticket.is_abandoned() {
                continue;
            }
            if let Some(reply) = self.objection(&parcel) {
                ticket.tell(Outcome::Refused { permanent: true, phase: Phase::Mail, reply });
                continue;
            }
            let mail = self.mail_command(&parcel);
            let recipient = format!("RCPT TO:<{}>\r\n", parcel.recipient.wire());
            match parcel.handover.begin() {
                Err(_) => ticket.tell(Outcome::Lost),
                Ok(guard) => {
                    self.handed += 1;
                    let parcel = Envelope { mail, recipient, content: parcel.content };
                    return Some(Started { parcel, ticket, guard });
                }
            }
        }
        None
    }

    /// What the server would say, judging by what it announced.
    fn objection(&self, parcel: &Parcel) -> Option<Reply> {
        if parcel.needs_smtputf8() && !self.offers.smtputf8 {
            return Some(Reply::local(550, "5.6.7", "the server does not take internationalised addresses"));
        }
        if self.offers.size > 0 && parcel.content.len() > self.offers.size {
            return Some(Reply::local(552, "5.3.4", "the message is larger than the server takes"));
        }
        None
    }

    fn mail_command(&self, parcel: &Parcel) -> String {
        let mut line = String::with_capacity(120);
        line.push_str("MAIL FROM:<");
        if let Some(path) = &parcel.return_path {
            line.push_str(&path.wire());
        }
        line.push('>');
        if self.offers.has_size {
            line.push_str(" SIZE=");
            line.push_str(&parcel.content.len().to_string());
        }
        if parcel.needs_smtputf8() {
            if self.offers.eight_bit {
                line.push_str(" BODY=8BITMIME");
            }
            line.push_str(" SMTPUTF8");
        }
        line.push_str("\r\n");
        line
    }

    fn write_envelope(&mut self, envelope: &Envelope) {
        if self.dirty {
            self.out.extend_from_slice(b"RSET\r\n");
        }
        self.out.extend_from_slice(envelope.mail.as_bytes());
        self.out.extend_from_slice(envelope.recipient.as_bytes());
        self.out.extend_from_slice(b"DATA\r\n");
    }

    /// The reply to a command that was pipelined, or the command and its reply.
    async fn answer(&mut self, line: &str, phase: Phase, pipelined: bool) -> Result<Reply, Failure> {
        let reply = if pipelined {
            let limit = if phase == Phase::Data { self.timeouts.data } else { self.timeouts.command };
            self.wire.reply(phase, limit).await?
        } else {
            self.command(line, phase).await?
        };
        let sensible = reply.is_positive() || reply.is_negative() || (phase == Phase::Data && reply.code == 354);
        if sensible { Ok(reply) } else { Err(Failure::Protocol(phase)) }
    }

    /// Goes through the envelope up to 354.
    async fn envelope(&mut self, envelope: &Envelope, pipelined: bool) -> Result<Verdict, Failure> {
        if self.dirty {
            let reply = self.answer("RSET\r\n", Phase::Mail, pipelined).await?;
            if !reply.is_positive() {
                return Err(Failure::Session { phase: Phase::Mail, reply });
            }
            self.dirty = false;
        }
        let mut refused: Option<(Phase, Reply)> = None;
        for (line, phase) in [
            (envelope.mail.as_str(), Phase::Mail),
            (envelope.recipient.as_str(), Phase::Recipient),
            ("DATA\r\n", Phase::Data),
        ] {
            let reply = match self.answer(line, phase, pipelined).await {
                Ok(reply) => reply,
                // It gave its reason and hung up before answering the rest.
                Err(_) if refused.is_some() => return Ok(close(refused, phase)),
                Err(cause) => return Err(cause),
            };
            if reply.code == 421 {
                return Ok(close(refused.or(Some((phase, reply))), phase));
            }
            if phase == Phase::Data && reply.code == 354 {
                let Some((phase, reply)) = refused else {
                    // Anything said beyond 354 belongs to no question: replies would be taken for others'.
                    return if self.wire.is_quiet() { Ok(Verdict::Go) } else { Err(Failure::Protocol(phase)) };
                };
                return self.take_back(phase, reply).await;
            }
            if phase == Phase::Mail && reply.is_positive() {
                self.dirty = true;
            }
            if reply.is_negative() {
                refused.get_or_insert((phase, reply));
                if !pipelined {
                    break;
                }
            } else if phase == Phase::Data {
                return Err(Failure::Protocol(phase));
            }
        }
        match refused {
            Some((phase, reply)) => Ok(Verdict::Refused { phase, reply, closing: !self.wire.is_quiet() }),
            None => Err(Failure::Protocol(Phase::Data)),
        }
    }

    /// The server refused the sender or recipient and asks for content all the same: it gets a lone dot
    /// (RFC 2920 section 3.1), which carries nothing to anyone.
    async fn take_back(&mut self, phase: Phase, reply: Reply) -> Result<Verdict, Failure> {
        let dot = self.wire.write(b".\r\n", Phase::Content, self.timeouts.block).await;
        let answered = dot.is_ok() && self.wire.reply(Phase::Final, self.timeouts.end).await.is_ok();
        self.dirty = false;
        Ok(Verdict::Refused { phase, reply, closing: !answered || !self.wire.is_quiet() })
    }

    /// Writes the content, with the next message's envelope when there is one, and waits for the reply.
    /// Returns that next message.
    async fn content(
        &mut self,
        mut current: Started,
        pipelined: bool,
        limit: usize,
        next: &mut (dyn FnMut() -> Option<Job> + Send),
    ) -> Result<Option<Started>, Failure> {
        self.dirty = false;
        self.out.clear();
        content::append(&mut self.out, &std::mem::take(&mut current.parcel.content));
        let end = self.out.len();
        let following = if pipelined { self.claim(&mut None, limit, next) } else { None };
        if let Some(following) = &following {
            self.write_envelope(&following.parcel);
        }
        current.ticket.left = true;
        let reply = match self.wire.write(&self.out, Phase::Content, self.timeouts.block).await {
            // Without the whole final dot the server has no message.
            Err(cut) if cut.written < end => {
                current.end(Outcome::NotStarted { cause: cut.cause.clone() });
                return Err(stop(following, cut.cause));
            }
            Err(cut) => Err(cut.cause),
            Ok(()) => self.wire.reply(Phase::Final, self.timeouts.end).await,
        };
        let reply = match reply {
            Ok(reply) if reply.is_positive() || reply.is_negative() => reply,
            Ok(_) => {
                current.end(Outcome::InDoubt { cause: Failure::Protocol(Phase::Final) });
                return Err(stop(following, Failure::Protocol(Phase::Final)));
            }
            Err(cause) => {
                current.end(Outcome::InDoubt { cause: cause.clone() });
                return Err(stop(following, cause));
            }
        };
        let broken = if reply.code == 421 {
            Some(Failure::Session { phase: Phase::Final, reply: reply.clone() })
        } else if following.is_none() && !self.wire.is_quiet() {
            Some(Failure::Protocol(Phase::Final))
        } else {
            None
        };
        current.end(if reply.is_positive() {
            Outcome::Accepted { reply }
        } else {
            Outcome::Refused { permanent: reply.is_permanent(), phase: Phase::Final, reply }
        });
        match broken {
            Some(cause) => Err(stop(following, cause)),
            None => Ok(following),
        }
    }
}

fn close(refused: Option<(Phase, Reply)>, phase: Phase) -> Verdict {
    let (phase, reply) =
        refused.unwrap_or_else(|| (phase, Reply::local(421, "4.4.2", "the server closed the connection")));
    Verdict::Refused { phase, reply, closing: true }
}

/// The next message's envelope went out, its content did not.
fn stop(following: Option<Started>, cause: Failure) -> Failure {
    if let Some(following) = following {
        following.end(Outcome::NotStarted { cause: cause.clone() });
    }
    cause
}
