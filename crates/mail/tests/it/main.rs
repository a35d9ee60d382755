//! The mail crate from outside: real sockets, a scripted server, and independent readers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod domains;
mod inbound;
mod independent;
mod sink;
mod smtp;
