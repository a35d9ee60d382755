//! Commands about what connects a workspace with the world: domains, ledger, keys, webhooks.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Server;

/// `barid domain`.
#[derive(Debug, Subcommand)]
pub enum DomainCommand {
    /// Add a sending domain; prints the DNS records to publish
    Add {
        /// The domain
        #[arg(value_name = "DOMAIN")]
        domain: String,
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Look up whether the records are published
    Check {
        /// The domain
        #[arg(value_name = "DOMAIN")]
        domain: String,
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// The workspace's sending domains
    List {
        #[command(flatten)]
        /// The server
        server: Server,
    },
}

/// `barid ledger verify`.
#[derive(Debug, Args)]
pub struct VerifyLedger {
    /// An export to verify offline; the server's own ledger when absent
    #[arg(value_name = "EXPORT.jsonl")]
    pub file: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere; without one, cutting off the end goes unnoticed
    #[arg(long, value_name = "FILE", requires = "file")]
    pub checkpoint: Option<PathBuf>,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Write the ledger as JSON lines
    Export {
        #[command(flatten)]
        /// The server
        server: Server,
        /// Write here instead of to standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Sign the ledger's head; keep the answer somewhere else
    Checkpoint {
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Check the chain; exit 1 names the first bad record
    Verify(VerifyLedger),
}

/// `barid key create`.
#[derive(Debug, Args)]
pub struct NewKey {
    /// What the key is for
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do, such as contacts:read (repeat for more)
    #[arg(long = "scope", value_name = "SCOPE", required_unless_present = "role", conflicts_with = "role")]
    pub scopes: Vec<String>,
    /// Everything a role may do: owner, admin, author, analyst, agent
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// When it ends, such as 2027-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub expires_at: Option<String>,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// The workspace's keys
    List {
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Make a key; it is shown once
    Create(NewKey),
    /// Revoke a key
    Revoke {
        /// The key's id
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        /// The server
        server: Server,
    },
}

/// `barid webhook add`.
#[derive(Debug, Args)]
pub struct NewWebhook {
    /// Where events go; the server's operator must have allowed the host
    #[arg(value_name = "URL")]
    pub url: String,
    /// A kind of event such as contact.created, or * (repeat for more)
    #[arg(long = "kind", value_name = "KIND", required = true)]
    pub kinds: Vec<String>,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid webhook replay`.
#[derive(Debug, Args)]
pub struct ReplayWebhook {
    /// The endpoint
    #[arg(value_name = "ID")]
    pub id: String,
    /// One event
    #[arg(long, value_name = "ID", required_unless_present = "from", conflicts_with_all = ["from", "to"])]
    pub event: Option<String>,
    /// Events from this instant on
    #[arg(long, value_name = "INSTANT")]
    pub from: Option<String>,
    /// Events before this instant
    #[arg(long, value_name = "INSTANT")]
    pub to: Option<String>,
    /// Only events that were not accepted
    #[arg(long)]
    pub undelivered_only: bool,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// An endpoint and nothing else.
#[derive(Debug, Args)]
pub struct OneWebhook {
    /// The endpoint
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid webhook`.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// The workspace's endpoints
    List {
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Add an endpoint; its secret is shown once
    Add(NewWebhook),
    /// Send a test event now
    Test(OneWebhook),
    /// Give it a new secret; the old one signs for another day
    Rotate(OneWebhook),
    /// Stop; events are held
    Pause(OneWebhook),
    /// Go on after a pause or after it was disabled
    Resume(OneWebhook),
    /// Send events again
    Replay(ReplayWebhook),
    /// The attempts, newest first
    Attempts(OneWebhook),
    /// Delete it with its history
    Delete(OneWebhook),
}
