//! `/v1` over a fixture, in process.

mod access;
mod accounts;
mod app;
mod app_campaigns;
mod audience;
mod audiences;
mod calendars;
mod campaigns;
mod chat;
mod chat_encryption;
mod contacts;
mod designs;
mod document;
mod foreign;
mod forms;
mod imports;
pub mod operations;
mod outreach;
mod permissions;
mod privacy;
mod registers;
mod replies;
mod requests;
mod retention;
mod rules;
mod settings;
mod world;
