//! Telecom against itself, against scripted centres and against hostile octets.
#![expect(clippy::unwrap_used, reason = "a test's fixture panics when it cannot be made")]

mod calling_off;
mod campaigns;
mod centre;
mod chat_apps;
mod client;
mod customers;
mod messages;
mod pdus;
mod server;
mod smsc;
mod stub;
mod world;
