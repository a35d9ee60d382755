//! Requests of data subjects, where they meet what is known about people: whose request it is, and
//! doing what was asked. The requests themselves are [`privacy::requests`].

mod by_mail;
mod fulfil;
mod pack;
mod receive;
mod stranger;

pub use by_mail::by_mail;
pub use fulfil::{Fulfilled, by_hand, fulfil, restrict, settled, unless_manual};
pub use receive::{Intakes, find_subject, receive};
