//! Requests of data subjects (GDPR Art. 15-21): who asked for what, when it must be answered, how it
//! was verified that they may ask, and what became of it.
//!
//! A request goes from `received` over `challenged` (a single-use link was mailed to the address on
//! file) and `verified` to `in_progress` and one of its ends: `fulfilled`, `refused` with a lawful
//! ground, `withdrawn`, or `expired` when nobody followed the link. Nothing is released before it is
//! verified. What was asked in words rests sealed under a key of the request's own, which is
//! destroyed when the request is closed: what stays for five years is a shell of type, instants,
//! states and the hash of the result, with the explanation of a refusal under the evidence key.

mod act;
mod challenge;
mod intake;
mod model;
mod pack;
pub mod recipients;
mod redact;
mod rows;
mod settings;
mod tick;

use kernel::{ContactId, Email, RequestId};

pub use act::{Outcome, extend, fulfilled, note, open, open_as, refuse, start, tell_received, verify, withdraw};
pub use challenge::{CHALLENGE_LIFE, challenge, find, redeem, status_of, status_token, token};
pub use intake::{INTAKE_QUEUE, Intake, intake, read as read_intake, settle as settle_intake};
pub use model::{
    Authentication, Authenticity, By, Content, Entry, Ground, New, Request, RequestKind, RequestState, Via,
    corrections_from, rights_authority,
};
pub use pack::{PACK_FORMAT, PACK_LIFE, PackParts, assemble, keep_pack, pack_of};
pub use redact::{Redactor, addresses_in};
pub use rows::{get, list, of_subject, open_of_subject, timeline};
pub use settings::Settings;
pub use tick::tick;

/// The queue of mails about requests; outbound sends them. Payload: `kind` and `request`, for a
/// challenge also `challenge`, for a reminder `percent`.
pub const NOTICE_QUEUE: &str = "privacy.request_notice";

/// The key of a request's own content: it dies when the request is closed.
const fn own(id: RequestId) -> ContactId {
    ContactId(id.0)
}

/// How an address is remembered in lists of own addresses: `email:` and its normal form.
pub fn email_mark(email: &Email) -> String {
    format!("email:{}", email.normal())
}
