//! One message over the wire: its routes in order, its parts, and what became of each.

use std::sync::Arc;
use std::time::Duration;

use kernel::{RouteId, Timestamp};
use privacy::gate::{Handover, SendPermit};

use super::content::Content;
use crate::routes::{Live, LiveRoute, Route, order};
use crate::smpp::coding::{data_coding, encode, survives};
use crate::smpp::{Address, Client, Message, Refusal, Status, Submitted, Tlvs, esm, normal, tag, time};
use crate::sms::{Concatenation, Encoding, Originator, Reference, TonNpi, segment_as};

/// How long one message waits for a place on one bind: less than a permit lives.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A message ready to be cut and written.
pub(super) struct Parcel {
    pub(super) content: Content,
    pub(super) originator: Originator,
    pub(super) network: String,
    pub(super) expires_at: Timestamp,
    pub(super) now: Timestamp,
    /// What the parts share, and what decides among routes of equal weight.
    pub(super) dice: u64,
}

/// What became of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartSent {
    /// From 1.
    pub(super) number: u8,
    /// The operator's id, in normal form; empty when it was not taken.
    pub(super) remote: String,
    /// `sent`, `in_doubt` or `refused`.
    pub(super) state: &'static str,
    /// What the operator said.
    pub(super) code: String,
}

/// What became of the hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Handed {
    /// Some route took the first part; the state of each part is known.
    Begun {
        /// Which.
        route: RouteId,
        /// Every part.
        parts: Vec<PartSent>,
    },
    /// Nothing was taken by anybody.
    NotTaken {
        /// A code for people.
        reason: String,
        /// Trying again is pointless.
        permanent: bool,
        /// Waiting for one's turn is no attempt.
        busy: bool,
    },
    /// The permit was cancelled or ran out first.
    PermitLost,
}

/// Which routes said what, for the message's timeline.
pub(super) type Tried = Vec<(RouteId, String)>;

/// Cuts a message for a route's alphabet.
fn cut(parcel: &Parcel, route: &Route) -> Vec<Message> {
    let text = &parcel.content.text;
    let alphabet = route.rules.alphabet;
    let fits = Encoding::of(text) == Encoding::Gsm7 && survives(text, alphabet);
    let encoding = if fits { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let reference = if route.rules.long_references { Reference::Long } else { Reference::Short };
    // The text was cut before it was accepted; in the longer encoding it may have more parts than can be
    // counted only if it had more than a hundred in the shorter one.
    let Ok(segments) = segment_as(encoding, text, reference) else { return Vec::new() };
    let total = segments.parts.len();
    let left = (parcel.expires_at.0 - parcel.now.0) / Timestamp::SECOND;
    let base = Message {
        source: Address { kind: parcel.originator.ton_npi(), text: parcel.originator.address().to_owned() },
        destination: Address {
            kind: TonNpi::INTERNATIONAL,
            text: parcel.content.number.trim_start_matches('+').to_owned(),
        },
        validity: time::relative(u32::try_from(left.max(60)).unwrap_or(u32::MAX)),
        registered_delivery: 1,
        data_coding: data_coding(encoding, parcel.content.flash),
        tlvs: Tlvs::default(),
        ..Message::default()
    };
    let part = |(n, part): (usize, &crate::sms::Part<'_>)| {
        let mut message = base.clone();
        if total > 1 {
            let header = Concatenation {
                reference: parcel.dice as u16,
                long: route.rules.long_references,
                total: total as u8,
                number: n as u8 + 1,
            };
            let header = Concatenation {
                reference: if header.long { header.reference } else { header.reference & 0xff },
                ..header
            };
            message.esm_class = esm::HEADER;
            message.short_message = header.octets();
        }
        let header = message.short_message.len();
        message.short_message.extend(encode(encoding, part.text, (alphabet, header)));
        if message.short_message.len() > 254 {
            let payload = std::mem::take(&mut message.short_message);
            message.tlvs = message.tlvs.with(tag::MESSAGE_PAYLOAD, payload);
        }
        message
    };
    segments.parts.iter().enumerate().map(part).collect()
}

/// Hands a message over: the first part by the best route that takes it, the others after it by the same.
/// Another route is tried only when it is certain that none has taken anything.
pub(super) async fn hand_over(routes: &[Arc<LiveRoute>], permit: SendPermit, parcel: Parcel) -> (Handed, Tried) {
    let known: Vec<Route> = routes.iter().map(|live| live.route.clone()).collect();
    let digits = parcel.content.number.trim_start_matches('+');
    let ordered = order(&known, digits, &parcel.network, parcel.dice);
    let (mut tried, mut leave) = (Tried::new(), Leave::Permit(permit));
    let mut refused = Refusals::default();
    for candidate in &ordered {
        let Some(live) = routes.iter().find(|live| live.route.id == candidate.route.id) else { continue };
        let Some(client) = live.ready() else {
            let (up, _) = live.up();
            refused.unready(&mut tried, live.route.id, if up > 0 { "throttled" } else { "not_bound" });
            continue;
        };
        let turn = match client.turn(PATIENCE).await {
            Ok(turn) => turn,
            Err(reason) => {
                refused.unready(&mut tried, live.route.id, reason);
                continue;
            }
        };
        let parts = cut(&parcel, &live.route);
        let Some(first) = parts.first() else {
            let reason = "too_many_parts".to_owned();
            return (Handed::NotTaken { reason, permanent: true, busy: false }, tried);
        };
        leave = match leave.begin(parcel.now) {
            Some(leave) => leave,
            None => return (Handed::PermitLost, tried),
        };
        let Leave::Begun(begun) = &leave else { return (Handed::PermitLost, tried) };
        match turn.submit(begun, first.clone()).await {
            Submitted::Accepted(id) => {
                let mut sent = vec![taken(1, &id)];
                sent.extend(further(client, begun, &parts).await);
                return (Handed::Begun { route: live.route.id, parts: sent }, tried);
            }
            Submitted::InDoubt => {
                let doubt = part(1, "in_doubt", "response_lost");
                return (Handed::Begun { route: live.route.id, parts: vec![doubt] }, tried);
            }
            Submitted::NotStarted(reason) => refused.unready(&mut tried, live.route.id, reason),
            Submitted::PermitLost => return (Handed::PermitLost, tried),
            Submitted::Refused(status) => {
                if refused.status(&mut tried, live.route.id, status) {
                    break;
                }
            }
        }
    }
    (refused.summary(ordered.is_empty()), tried)
}

/// The permit, or the hand-over that it began.
enum Leave {
    Permit(SendPermit),
    Begun(Handover),
}

impl Leave {
    fn begin(self, now: Timestamp) -> Option<Self> {
        match self {
            Self::Permit(permit) => permit.begin(now).ok().map(Self::Begun),
            begun @ Self::Begun(_) => Some(begun),
        }
    }
}

/// The other parts, one after the other. One that is refused does not keep the rest back: parts may be
/// read alone, and what was sent is paid for.
async fn further(client: &Client, begun: &Handover, parts: &[Message]) -> Vec<PartSent> {
    let mut all = Vec::with_capacity(parts.len());
    for (n, message) in parts.iter().enumerate().skip(1) {
        let number = n as u8 + 1;
        all.push(match client.submit_further(begun, message).await {
            Submitted::Accepted(id) => taken(number, &id),
            Submitted::InDoubt => part(number, "in_doubt", "response_lost"),
            Submitted::NotStarted(reason) => part(number, "refused", reason),
            Submitted::PermitLost => part(number, "refused", "permit_lost"),
            Submitted::Refused(status) => part(number, "refused", &status.to_string()),
        });
    }
    all
}

fn taken(number: u8, id: &str) -> PartSent {
    let remote = if id.is_empty() { String::new() } else { normal(id) };
    PartSent { number, remote, state: "sent", code: String::new() }
}

fn part(number: u8, state: &'static str, code: &str) -> PartSent {
    PartSent { number, remote: String::new(), state, code: code.to_owned() }
}

/// What routes that took nothing said, put together.
#[derive(Default)]
struct Refusals {
    last: Option<String>,
    busy: bool,
    later: bool,
}

impl Refusals {
    fn unready(&mut self, tried: &mut Tried, route: RouteId, reason: &str) {
        tried.push((route, reason.to_owned()));
        self.busy |= matches!(reason, "throttled" | "window_full");
        self.later |= !self.busy;
        self.last.get_or_insert_with(|| reason.to_owned());
    }

    /// Notes what a route said; `true` when no other one need be asked.
    fn status(&mut self, tried: &mut Tried, route: RouteId, status: Status) -> bool {
        tried.push((route, status.to_string()));
        self.last = Some(status.to_string());
        match status.refusal() {
            Refusal::Slower => self.busy = true,
            Refusal::Temporary => self.later = true,
            Refusal::Route => {}
            Refusal::Destination => {
                (self.busy, self.later) = (false, false);
                return true;
            }
        }
        false
    }

    fn summary(self, none: bool) -> Handed {
        if none {
            return Handed::NotTaken { reason: "no_route".to_owned(), permanent: false, busy: false };
        }
        let permanent = !self.busy && !self.later;
        let busy = self.busy && !self.later;
        Handed::NotTaken { reason: self.last.unwrap_or_else(|| "no_route".to_owned()), permanent, busy }
    }
}

/// The routes of a workspace that are open.
pub(super) fn routes(live: &Live, workspace: kernel::WorkspaceId) -> Vec<Arc<LiveRoute>> {
    live.of(workspace).values().cloned().collect()
}
