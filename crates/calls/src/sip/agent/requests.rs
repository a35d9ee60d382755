//! What others ask for: calls, and changes and ends of calls.

use kernel::Timestamp;

use super::{ALLOW, Event, LegId, MOST_SESSIONS, UserAgent, answer_to, is_sdp, relayed_key, tagged};
use crate::sip::address::split_list;
use crate::sip::message::{Message, Method};
use crate::sip::sdp::Description;
use crate::sip::session::{Ended, Fate, Repeated, Session, State};
use crate::sip::transaction::{Peer, ServerKey};
use crate::sip::uri::Uri;

impl UserAgent {
    pub(super) fn request(&mut self, now: Timestamp, key: ServerKey, message: Message, from: Peer) {
        let refuse = |agent: &mut Self, status: u16| {
            let mut response = Message::response(&message, status);
            let tag = agent.token(8);
            tagged(&mut response, &tag);
            if status == 405 || status == 200 {
                response.headers.push("Allow", ALLOW);
            }
            if status == 200 {
                response.headers.push("Accept", "application/sdp");
            }
            agent.transactions.respond(now, &key, &response, &mut agent.out);
        };
        let required: Vec<&str> = message.headers.all("Require").flat_map(split_list).collect();
        if !required.is_empty() {
            let mut response = Message::response(&message, 420);
            response.headers.push("Unsupported", required.join(", "));
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        }
        let (Ok(caller), Ok(called)) = (message.from(), message.to()) else { return };
        if called.tag().is_some() {
            let found = self.sessions.iter().find(|(_, one)| one.is(message.call_id(), called.tag(), caller.tag()));
            match found.map(|(leg, _)| *leg) {
                Some(leg) => self.within(now, leg, key, message),
                None => refuse(self, 481),
            }
            return;
        }
        match message.method() {
            Some(Method::Options) => refuse(self, 200),
            Some(Method::Invite) => {
                let sound = message.headers.get("Content-Type").is_none_or(is_sdp) || message.body.is_empty();
                let readable = message.body.is_empty() || Description::parse(&message.body).is_some();
                if message.contact().is_none() {
                    refuse(self, 400);
                } else if !sound {
                    refuse(self, 415);
                } else if !readable {
                    refuse(self, 488);
                } else if self.sessions.len() >= MOST_SESSIONS {
                    refuse(self, 503);
                } else {
                    self.incoming(key, message, from);
                }
            }
            Some(Method::Refer) => refuse(self, 603),
            _ => refuse(self, 405),
        }
    }

    pub(super) fn incoming(&mut self, key: ServerKey, invite: Message, from: Peer) {
        let (Ok(remote), Ok(mut local), Ok((number, _))) = (invite.from(), invite.to(), invite.cseq()) else { return };
        let Some(contact) = invite.contact() else { return };
        self.last += 1;
        let leg = LegId(self.last);
        local.params.set("tag", Some(&self.token(8)));
        let contact_user = invite.uri().and_then(Uri::user).unwrap_or_else(|| "barid".to_owned());
        let session = Session {
            state: State::Incoming,
            call_id: invite.call_id().to_owned(),
            local,
            remote,
            contact_user,
            target: contact.uri,
            routes: invite.route("Record-Route"),
            cseq: 0,
            remote_cseq: Some(number),
            peer: from,
            asserted: None,
            media: None,
            description: (leg.0, 1),
            agreed: None,
            credentials: None,
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: Some((key.clone(), invite.clone())),
            repeated: None,
            offered: false,
            ack: None,
            deadline: None,
        };
        self.sessions.insert(leg, session);
        self.of_server.insert(key, leg);
        self.event(Event::Incoming { leg, invite: Box::new(invite), from });
    }

    /// A request within a call.
    pub(super) fn within(&mut self, now: Timestamp, leg: LegId, key: ServerKey, message: Message) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let number = message.cseq().map_or(0, |(number, _)| number);
        if session.remote_cseq.is_some_and(|last| number <= last) {
            let response = Message::response(&message, 500);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        }
        session.remote_cseq = Some(number);
        let plain = |status| answer_to(&message, status, session, &self.identity);
        match message.method() {
            Some(Method::Bye) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
                if let Some((key, invite)) = session.pending.take() {
                    let response = answer_to(&invite, 487, session, &self.identity);
                    self.transactions.respond(now, &key, &response, &mut self.out);
                }
                self.end(leg, Ended::new(Fate::TheyHungUp));
            }
            Some(Method::Invite) => self.changed(now, leg, key, message),
            Some(Method::Update) if !message.body.is_empty() => self.changed(now, leg, key, message),
            Some(Method::Info) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
                if let Some(pressed) = relayed_key(&message) {
                    self.event(Event::Key { leg, key: pressed });
                }
            }
            Some(Method::Options | Method::Update) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
            // To be sent elsewhere by the other side would be a call at somebody's expense.
            Some(Method::Refer) => {
                let response = plain(603);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
            _ => {
                let mut response = plain(405);
                response.headers.set("Allow", ALLOW);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
        }
    }

    /// A re-INVITE or UPDATE: they hold, take up or move the sound.
    pub(super) fn changed(&mut self, now: Timestamp, leg: LegId, key: ServerKey, message: Message) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let invite = message.method() == Some(&Method::Invite);
        let busy = session.state != State::Confirmed || session.repeated.is_some();
        let Some(media) = session.media.as_ref().filter(|_| !busy) else {
            let response = answer_to(&message, 491, session, &self.identity);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        };
        let description = (session.description.0, session.description.1 + 1);
        let (body, agreed) = if message.body.is_empty() {
            (Some(media.offer(description)), session.agreed)
        } else {
            match Description::parse(&message.body).and_then(|offer| media.answer(&offer, description)) {
                Some((body, agreed)) => (Some(body), Some(agreed)),
                None => (None, None),
            }
        };
        let Some(body) = body else {
            let response = answer_to(&message, 488, session, &self.identity);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        };
        session.description = description;
        session.offered = message.body.is_empty();
        session.agreed = agreed;
        if let Some(contact) = message.contact() {
            session.target = contact.uri;
        }
        let mut response = answer_to(&message, 200, session, &self.identity);
        response.headers.push("Content-Type", "application/sdp");
        response.body = body;
        if invite {
            let cseq = message.cseq().map_or(0, |(number, _)| number);
            session.repeated = Some(Repeated::new(response.octets(), cseq, now));
        }
        self.transactions.respond(now, &key, &response, &mut self.out);
        if let (Some(agreed), false) = (agreed, message.body.is_empty()) {
            self.event(Event::Media { leg, agreed });
        }
    }
}
