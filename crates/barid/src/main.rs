//! The Barid binary: the command line, the configuration, and the commands themselves.
//!
//! [`cli`] says what can be asked, [`config`] merges flags, environment and file, [`commands`] is the
//! map from one to the other. The server itself is in [`server`], commands that talk to a running one
//! are in [`client`], those that need none in [`offline`] and [`explain`]. Only this crate reads argv,
//! the environment and the machine's clock ([`machine`]).

mod cli;
mod client;
mod commands;
mod config;
mod explain;
mod machine;
mod offline;
mod outcome;
mod progress;
mod server;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let json = machine::arguments().any(|argument| argument == "--json");
    match cli::Cli::try_parse() {
        Ok(cli) => outcome::finish(commands::run(cli), json),
        Err(error) => outcome::refuse(&error, json),
    }
}
