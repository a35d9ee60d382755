//! What others answer to the requests of our calls, and what follows from it.

use kernel::Timestamp;

use super::Output;
use super::{Event, LegId, MOST_PROOFS, UserAgent};
use crate::sip::digest::Challenge;
use crate::sip::message::{Message, Method};
use crate::sip::sdp::Description;
use crate::sip::session::{Ended, Fate, Session, State};
use crate::sip::transaction::{ClientKey, Peer};

impl UserAgent {
    /// A response to an INVITE or BYE of ours.
    pub(super) fn answered(&mut self, now: Timestamp, leg: LegId, key: &ClientKey, response: &Message) {
        let status = response.status().unwrap_or(500);
        let Some(session) = self.sessions.get_mut(&leg) else {
            self.of_client.remove(key);
            return;
        };
        if key.1 == "BYE" {
            if status < 200 {
                return;
            }
            self.of_client.remove(key);
            let challenge = Challenge::of(response).filter(|_| session.credentials.is_some());
            match challenge.filter(|_| session.proofs <= MOST_PROOFS) {
                Some(challenge) => {
                    session.proofs += 1;
                    self.bye(now, leg, Some(&challenge));
                }
                None => self.end(leg, Ended::new(Fate::HungUp)),
            }
            return;
        }
        match status {
            ..=100 => {
                session.ringing = true;
                if session.cancelling.is_some() {
                    self.cancel(now, leg);
                }
            }
            101..200 => {
                session.ringing = true;
                if session.cancelling.is_some() {
                    self.cancel(now, leg);
                    return;
                }
                let early = Description::parse(&response.body)
                    .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
                self.event(Event::Progress { leg, status, early });
            }
            200..300 => self.accepted(now, leg, response),
            _ => {
                self.of_client.remove(key);
                if session.invite.as_ref() != Some(key) || session.state != State::Calling {
                    return;
                }
                let known = session.credentials.is_some() && session.cancelling.is_none();
                if let Some(challenge) = Challenge::of(response).filter(|_| known) {
                    session.proofs += 1;
                    if session.proofs == 1 || (challenge.stale && session.proofs <= MOST_PROOFS) {
                        self.send_invite(now, leg, Some(&challenge));
                        return;
                    }
                }
                let ended = match session.cancelling {
                    Some(fate) => Ended { fate, status: Some(status) },
                    None => Ended::refused(status),
                };
                self.end(leg, ended);
            }
        }
    }

    /// Our INVITE was accepted, perhaps again, perhaps by several.
    pub(super) fn accepted(&mut self, now: Timestamp, leg: LegId, response: &Message) {
        let Ok(number) = response.cseq().map(|(number, _)| number) else { return };
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let tag = response.to().ok().and_then(|to| to.tag().map(str::to_owned));
        if session.state != State::Calling {
            if session.remote.tag() == tag.as_deref() {
                if let Some((to, octets)) = session.ack.clone() {
                    self.out.push_back(Output::Transmit { to, octets });
                }
                return;
            }
            self.refuse_fork(now, leg, response);
            return;
        }
        session.join(response);
        let ack = self.ack(leg, number);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        session.ack = ack;
        session.state = State::Confirmed;
        session.deadline = None;
        if let Some(fate) = session.cancelling {
            self.hang_up_for(now, leg, fate);
            return;
        }
        let agreed = Description::parse(&response.body)
            .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
        session.agreed = agreed;
        match agreed {
            Some(agreed) => self.event(Event::Answered { leg, agreed }),
            None => self.hang_up_for(now, leg, Fate::NoMedia),
        }
    }

    /// Sends the ACK to an accepting response; answers it, for when that is repeated.
    pub(super) fn ack(&mut self, leg: LegId, number: u32) -> Option<(Peer, Vec<u8>)> {
        let session = self.sessions.get(&leg)?;
        let hop = session.hop();
        let mut ack = session.numbered(Method::Ack, number, &self.identity);
        ack.headers.push_front("Via", self.via(hop.transport));
        let octets = ack.octets();
        self.out.push_back(Output::Transmit { to: hop, octets: octets.clone() });
        Some((hop, octets))
    }

    /// Somebody else answered the same call: they get their ACK and a goodbye (section 13.2.2.4).
    pub(super) fn refuse_fork(&mut self, now: Timestamp, leg: LegId, response: &Message) {
        let Some(session) = self.sessions.get(&leg) else { return };
        let mut fork = Session {
            state: State::Ending,
            call_id: session.call_id.clone(),
            local: session.local.clone(),
            remote: session.remote.clone(),
            contact_user: session.contact_user.clone(),
            target: session.target.clone(),
            routes: Vec::new(),
            cseq: session.cseq,
            remote_cseq: None,
            peer: session.peer,
            asserted: None,
            media: None,
            description: session.description,
            agreed: None,
            credentials: session.credentials.clone(),
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: None,
            repeated: None,
            offered: false,
            ack: None,
            deadline: None,
        };
        fork.join(response);
        let Ok((number, _)) = response.cseq() else { return };
        self.last += 1;
        let other = LegId(self.last);
        self.sessions.insert(other, fork);
        let ack = self.ack(other, number);
        if let Some(fork) = self.sessions.get_mut(&other) {
            fork.ack = ack;
        }
        self.bye(now, other, None);
    }

    pub(super) fn acknowledged(&mut self, now: Timestamp, ack: &Message) {
        let (Ok(from), Ok(to), Ok((number, _))) = (ack.from(), ack.to(), ack.cseq()) else { return };
        let Some((leg, session)) = self
            .sessions
            .iter_mut()
            .find(|(_, session)| session.is(ack.call_id(), to.tag(), from.tag()))
            .map(|(leg, session)| (*leg, session))
        else {
            return;
        };
        if session.repeated.as_ref().is_none_or(|repeated| repeated.cseq != number) {
            return;
        }
        session.repeated = None;
        if std::mem::take(&mut session.offered) {
            session.agreed = Description::parse(&ack.body)
                .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
        }
        if session.state == State::Ending {
            self.bye(now, leg, None);
            return;
        }
        let first = session.state == State::Accepted;
        if first {
            session.state = State::Confirmed;
        }
        match session.agreed {
            Some(agreed) if first => self.event(Event::Answered { leg, agreed }),
            Some(agreed) => self.event(Event::Media { leg, agreed }),
            None => self.hang_up_for(now, leg, Fate::NoMedia),
        }
    }
}
