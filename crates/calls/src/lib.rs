//! What a communication platform adds to sending: calls and their flows, numbers, verification, look-up.
//!
//! [`sip`] and [`rtp`] are the wire of calls; [`trunks`] are the ways to operators. [`flows`] say what happens
//! in a call, [`speech`] says it aloud. [`voice`] puts them together: a call is accepted with the gate's leave
//! and its price set aside, dialled with the gate's permit, led through its flow, and written down. [`verify`]
//! asks people for codes, [`lookup`] asks what a number is, and [`numbers`] are the organisation's own.

mod error;
pub mod flows;
pub mod lookup;
pub mod numbers;
pub mod rtp;
pub mod settings;
pub mod sip;
pub mod speech;
pub mod trunks;
pub mod verify;
pub mod voice;

pub use error::{Error, Result};

store::data_map!("calls", include_str!("../migrations/voice.txt"));
store::migration!("calls", 1, "voice", include_str!("../migrations/0001_voice.sql"));
