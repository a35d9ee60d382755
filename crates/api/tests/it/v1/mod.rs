//! `/v1` over a fixture, in process.

mod accounts;
mod audiences;
mod campaigns;
mod contacts;
mod document;
mod foreign;
mod imports;
mod operations;
mod permissions;
mod privacy;
mod retention;
mod settings;
mod world;
