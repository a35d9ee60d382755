//! What a communication platform adds to sending: numbers, verification, look-up, call flows.

pub mod rtp;
pub mod sip;
