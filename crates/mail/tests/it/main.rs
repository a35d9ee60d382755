//! The mail crate from outside: real sockets, a scripted server, and independent readers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod authentication;
mod catcher;
mod domains;
mod inbound;
mod independent;
mod invitations;
mod path;
mod privacy_mail;
mod receivers;
mod reference;
mod replies;
mod sink;
mod smtp;
mod statements;
mod world;
