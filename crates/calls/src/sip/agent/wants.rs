//! What is wanted of the agent: calls, answers, goodbyes, registrations.

use kernel::Timestamp;

use super::{ALLOW, Event, Invitation, LegId, Owner, UserAgent, answer_to, prove};
use crate::sip::address::NameAddr;
use crate::sip::digest::Challenge;
use crate::sip::message::{Message, Method};
use crate::sip::registration::{Registering, Registration};
use crate::sip::sdp::{Description, Local};
use crate::sip::session::{Ended, Fate, Repeated, Session, State};
use crate::sip::transaction::{GONE, Transport};

impl UserAgent {
    /// Calls somebody. Progress and outcome come as events.
    pub fn invite(&mut self, now: Timestamp, invitation: Invitation) -> LegId {
        self.last += 1;
        let leg = LegId(self.last);
        let mut from = invitation.from;
        from.params.set("tag", Some(&self.token(8)));
        let mut number = [0; 4];
        self.rng.fill(&mut number);
        let session = Session {
            state: State::Calling,
            call_id: format!("{}@{}", self.token(16), self.identity.udp.ip()),
            local: from,
            remote: NameAddr::new(invitation.to.clone()),
            contact_user: invitation.contact_user,
            target: invitation.to,
            routes: Vec::new(),
            cseq: u32::from_be_bytes(number) >> 12,
            remote_cseq: None,
            peer: invitation.peer,
            asserted: invitation.asserted,
            media: Some(invitation.media),
            description: (u64::from(u32::from_be_bytes(number)), 1),
            agreed: None,
            credentials: invitation.credentials,
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: None,
            repeated: None,
            offered: false,
            ack: None,
            deadline: Some(now.plus_micros(invitation.ring_for)),
        };
        self.sessions.insert(leg, session);
        self.send_invite(now, leg, None);
        leg
    }

    pub(super) fn send_invite(&mut self, now: Timestamp, leg: LegId, challenge: Option<&Challenge>) {
        let via = self.via(self.sessions.get(&leg).map_or(Transport::Udp, |session| session.peer.transport));
        let cnonce = self.token(8);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let mut request = session.request(Method::Invite, &self.identity);
        request.headers.push_front("Via", via);
        request.headers.push("Contact", session.contact(&self.identity));
        request.headers.push("Allow", ALLOW);
        if let Some(asserted) = &session.asserted {
            request.headers.push("P-Asserted-Identity", format_args!("<{asserted}>"));
        }
        if let (Some(challenge), Some(credentials)) = (challenge, &session.credentials) {
            prove(&mut request, challenge, credentials, &cnonce);
        }
        if let Some(media) = &session.media {
            request.headers.push("Content-Type", "application/sdp");
            request.body = media.offer(session.description);
        }
        let peer = session.peer;
        if let Some(key) = self.transactions.request(now, peer, request, &mut self.out) {
            session.invite = Some(key.clone());
            self.of_client.insert(key, Owner::Leg(leg));
        }
    }

    /// Says that it rings here.
    pub fn ring(&mut self, now: Timestamp, leg: LegId) {
        let Some(session) = self.sessions.get(&leg) else { return };
        let (State::Incoming, Some((key, invite))) = (session.state, &session.pending) else { return };
        let response = answer_to(invite, 180, session, &self.identity);
        let key = key.clone();
        self.transactions.respond(now, &key, &response, &mut self.out);
    }

    /// Answers a call that came in, with our side of the sound.
    pub fn accept(&mut self, now: Timestamp, leg: LegId, media: Local) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        if session.state != State::Incoming {
            return;
        }
        let Some((key, invite)) = session.pending.take() else { return };
        session.media = Some(media);
        let mut response = answer_to(&invite, 200, session, &self.identity);
        let Some(media) = &session.media else { return };
        response.headers.push("Content-Type", "application/sdp");
        if invite.body.is_empty() {
            session.offered = true;
            response.body = media.offer(session.description);
        } else {
            let agreed = Description::parse(&invite.body).and_then(|offer| media.answer(&offer, session.description));
            if let Some((body, agreed)) = agreed {
                response.body = body;
                session.agreed = Some(agreed);
            } else {
                let refusal = answer_to(&invite, 488, session, &self.identity);
                self.transactions.respond(now, &key, &refusal, &mut self.out);
                self.end(leg, Ended { fate: Fate::NoMedia, status: Some(488) });
                return;
            }
        }
        session.state = State::Accepted;
        let cseq = invite.cseq().map_or(0, |(number, _)| number);
        session.repeated = Some(Repeated::new(response.octets(), cseq, now));
        self.transactions.respond(now, &key, &response, &mut self.out);
    }

    /// Refuses a call that came in.
    pub fn reject(&mut self, now: Timestamp, leg: LegId, status: u16) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let Some((key, invite)) = session.pending.take().filter(|_| session.state == State::Incoming) else { return };
        let response = answer_to(&invite, status, session, &self.identity);
        self.transactions.respond(now, &key, &response, &mut self.out);
        self.end(leg, Ended { fate: Fate::HungUp, status: Some(status) });
    }

    /// Ends a call, whatever its state.
    pub fn hang_up(&mut self, now: Timestamp, leg: LegId) {
        self.hang_up_for(now, leg, Fate::HungUp);
    }

    pub(super) fn hang_up_for(&mut self, now: Timestamp, leg: LegId, fate: Fate) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        match session.state {
            State::Calling => {
                session.cancelling.get_or_insert(fate);
                self.cancel(now, leg);
            }
            State::Incoming => self.reject(now, leg, 480),
            State::Accepted | State::Confirmed => {
                session.state = State::Ending;
                // Who was called says goodbye only to somebody who knows of the answer (section 15).
                let known = session.repeated.is_none();
                self.event(Event::Ended { leg, ended: Ended::new(fate) });
                if known {
                    self.bye(now, leg, None);
                }
            }
            State::Ending => {}
        }
    }

    /// Takes our INVITE back, as soon as something came back (section 9.1).
    pub(super) fn cancel(&mut self, now: Timestamp, leg: LegId) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        session.deadline = Some(now.plus_micros(GONE));
        if !session.ringing || session.cancelled {
            return;
        }
        let Some((sent, to)) = session.invite.as_ref().and_then(|key| self.transactions.sent(key)) else { return };
        session.cancelled = true;
        let Some(uri) = sent.uri().cloned() else { return };
        let mut cancel = Message::request(Method::Cancel, uri);
        cancel.headers.copy(&sent.headers, "Via");
        cancel.headers.push("Max-Forwards", 70);
        for name in ["Route", "From", "To", "Call-ID"] {
            cancel.headers.copy(&sent.headers, name);
        }
        let number = sent.cseq().map_or(0, |(number, _)| number);
        cancel.headers.push("CSeq", format_args!("{number} CANCEL"));
        self.transactions.request(now, to, cancel, &mut self.out);
    }

    pub(super) fn bye(&mut self, now: Timestamp, leg: LegId, challenge: Option<&Challenge>) {
        let cnonce = self.token(8);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let mut request = session.request(Method::Bye, &self.identity);
        let hop = session.hop();
        if let (Some(challenge), Some(credentials)) = (challenge, &session.credentials) {
            prove(&mut request, challenge, credentials, &cnonce);
        }
        let via = self.via(hop.transport);
        request.headers.push_front("Via", via);
        if let Some(key) = self.transactions.request(now, hop, request, &mut self.out) {
            self.of_client.insert(key, Owner::Leg(leg));
        }
    }

    /// Registers under a name of the caller's, or takes another account under it.
    pub fn register(&mut self, now: Timestamp, name: u64, registration: Registration) {
        if self.registrations.get(&name).is_some_and(|one| one.of == registration && !one.leaving) {
            return;
        }
        let made = Registering::new(registration, self.token(16), self.token(8));
        self.registrations.insert(name, made);
        self.send_register(now, name, None);
    }

    /// Takes a registration back.
    pub fn unregister(&mut self, now: Timestamp, name: u64) {
        let Some(one) = self.registrations.get_mut(&name) else { return };
        one.leaving = true;
        self.send_register(now, name, None);
    }

    pub(super) fn send_register(&mut self, now: Timestamp, name: u64, challenge: Option<&Challenge>) {
        let cnonce = self.token(8);
        let Some(peer) = self.registrations.get(&name).map(|one| one.of.peer) else { return };
        let via = self.via(peer.transport);
        let Some(one) = self.registrations.get_mut(&name) else { return };
        let mut request = one.request(&self.identity);
        if let Some(challenge) = challenge {
            prove(&mut request, challenge, &one.of.credentials, &cnonce);
        }
        request.headers.push_front("Via", via);
        one.at = None;
        one.key = self.transactions.request(now, peer, request, &mut self.out);
        if let Some(key) = &one.key {
            self.of_client.insert(key.clone(), Owner::Registration(name));
        }
    }
}
