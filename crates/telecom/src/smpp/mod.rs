//! SMPP 3.4: the protocol between messaging systems and operators.
//!
//! [`Pdu`] is the wire. [`Client`] is a bind to an operator that stays up; it takes a permit of the
//! gate by value. [`server`] is the other side, for customers who bind to us. Both run on
//! [`link::Link`], which knows which requests were written and which were answered: that is what
//! decides between "send it again" and "nobody knows".

mod body;
mod client;
pub mod coding;
mod link;
mod pace;
mod pdu;
mod receipt;
pub mod server;
mod status;
pub mod time;
mod tlv;
mod wire;

pub use body::{About, Address, Alert, Bind, BindMode, Data, IdResp, Message, Outbind, QueryResp, esm};
pub use client::{BindSettings, BindState, Client, Inbound, Submitted, Turn};
pub use link::{Limits, Link, Unanswered};
pub use pdu::{Body, HEADER, Head, LONGEST, Pdu};
pub use receipt::{Fate, IdFormat, Receipt, normal};
pub use status::{Refusal, Status};
pub use tlv::{Tlvs, tag};
pub use wire::PduError;
