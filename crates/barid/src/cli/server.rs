//! Commands about the server itself, and the offline ones.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Server;
use crate::config::Layer;

/// A language Barid speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Arabic.
    Ar,
    /// English.
    En,
}

/// `barid init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The name of the first workspace
    #[arg(long, env = "BARID_WORKSPACE", value_name = "NAME")]
    pub workspace: String,
    /// The owner's e-mail address; at the console it counts as confirmed
    #[arg(long, env = "BARID_OWNER_EMAIL", value_name = "ADDRESS")]
    pub owner_email: String,
    /// The owner's password
    #[arg(long, env = "BARID_OWNER_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub owner_password: String,
    /// The postal address that stands in every message
    #[arg(long, env = "BARID_POSTAL_ADDRESS", value_name = "TEXT")]
    pub postal_address: Option<String>,
    /// The workspace's language
    #[arg(long, env = "BARID_LANGUAGE", value_enum, default_value = "en")]
    pub language: Language,
    #[command(flatten)]
    /// The server's configuration
    pub layer: Layer,
}

/// `barid access`.
#[derive(Debug, Args)]
pub struct Access {
    /// The workspace: its id, or its name in addresses
    #[arg(value_name = "WORKSPACE")]
    pub workspace: String,
    /// Why (10 to 1000 characters); the workspace's audit trail keeps it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// For how long, 1 to 480 minutes
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub minutes: u32,
    /// What may be done, as scopes of keys (repeat for more); reading when absent
    #[arg(long = "may", value_name = "SCOPE")]
    pub may: Vec<String>,
    #[command(flatten)]
    /// The server's configuration
    pub layer: Layer,
}

/// `barid erasure …`.
#[derive(Debug, Subcommand)]
pub enum ErasureCommand {
    /// Verify a certificate from its file alone: exit 0 when it is genuine, 1 when it is not
    Verify {
        /// The certificate, as JSON
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The workspace's key: 64 hexadecimal digits, or a file made by `barid ledger checkpoint --json`
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

/// `barid backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where the data go; keys go into FILE.keys beside it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Overwrite files that are there
    #[arg(long)]
    pub force: bool,
    /// Beside the data directory, without a key: the directory
    #[arg(long, env = "BARID_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Beside the data directory, without a key: the PostgreSQL database, when it is one
    #[arg(long, env = "BARID_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup's data
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The backup's keys, when the key store itself was lost
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    #[command(flatten)]
    /// The server's configuration
    pub layer: Layer,
}

/// `barid migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Only list the steps that would be taken
    #[arg(long)]
    pub plan: bool,
    #[command(flatten)]
    /// The server's configuration
    pub layer: Layer,
}

/// `barid explain`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Explain {
    /// May this message go to this person now, and why
    Gate,
    /// What a reply asks for
    Reply,
    /// What a bounce or complaint means
    Bounce,
    /// Whether a person matches a condition, and why
    Segment,
    /// When a term ends: a request, an incident, a record, a consent
    Due,
    /// Which times can be booked, and why others cannot
    Slots,
}
