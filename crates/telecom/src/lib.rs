//! The SMS and voice channels: encoding, SMPP, SIP and RTP.
//!
//! [`sms`] is what a text becomes on the air; [`smpp`] is the protocol that carries it to and from
//! operators.

pub mod smpp;
pub mod sms;
