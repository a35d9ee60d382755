//! What can be asked on the command line. Every flag has an environment variable `BARID_…` beside it
//! where a value of its kind can outlive one call.

mod ask;
mod campaigns;
mod connected;
mod people;
mod server;

use clap::{Parser, Subcommand};

pub use ask::Ask;
pub use campaigns::{CampaignCommand, CreateCampaign, SendCampaign};
pub use connected::{DomainCommand, KeyCommand, LedgerCommand, NewKey, ReplayWebhook, WebhookCommand};
pub use people::{ContactCommand, Export, ExportFormat, Import, SegmentCommand};
pub use server::{Access, Backup, ErasureCommand, Explain, Init, Language, Migrate, Restore};

use crate::config::Layer;

/// Barid: one place to talk to your people, lawfully.
///
/// Exit codes: 0 done, 1 failed, 2 wrong use or invalid input. Every option can be given as an
/// environment variable shown beside it.
#[derive(Debug, Parser)]
#[command(name = "barid", version, about, long_about, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// Print exactly one JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// Where the server is and who asks.
#[derive(Debug, Clone, clap::Args)]
pub struct Server {
    /// The server's address
    #[arg(long, env = "BARID_SERVER", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub server: String,
    /// An API key (`barid key create` makes one)
    #[arg(long, env = "BARID_KEY", value_name = "KEY", hide_env_values = true)]
    pub key: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a data directory with a workspace, its owner and a first API key
    Init(Box<Init>),
    /// Run the server
    Serve(Box<Layer>),
    /// Run a server with sample people and a mail catcher; nothing leaves this machine
    Demo(Box<Layer>),
    /// Import people from a CSV or TSV file
    Import(Box<Import>),
    /// Write all people to a file
    Export(Export),
    /// Write, check, send and follow campaigns
    #[command(subcommand)]
    Campaign(CampaignCommand),
    /// Ask who matches a condition
    #[command(subcommand)]
    Segment(SegmentCommand),
    /// Look at one person, unsubscribe or erase them
    #[command(subcommand)]
    Contact(ContactCommand),
    /// Set up sending domains and check their DNS records
    #[command(subcommand)]
    Domain(DomainCommand),
    /// Export, sign and verify the consent ledger
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Check certificates of erasure
    #[command(subcommand)]
    Erasure(ErasureCommand),
    /// Open a workspace in an emergency: for a limited time, with a reason; its owners are told
    Access(Box<Access>),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Tell other systems what happens
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Ask any endpoint of the API (docs/api): what has no command of its own has this one
    Api(Box<Ask>),
    /// Back up a running server into FILE (data) and FILE.keys (keys; keep 7 days at most)
    Backup(Backup),
    /// Restore a backup; the key store that is there stays, erasures since the backup are repeated
    Restore(Box<Restore>),
    /// Check this machine and its set-up: what is wrong, where, and what to do
    Doctor(Box<Layer>),
    /// Bring the database's schema up to date
    Migrate(Box<Migrate>),
    /// Print the API's description (OpenAPI 3.1)
    Openapi,
    /// Replay decisions offline: one JSON document per line in, one per line out
    #[command(subcommand)]
    Explain(Explain),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    fn walk(command: &clap::Command, visit: &mut dyn FnMut(&clap::Command)) {
        visit(command);
        for child in command.get_subcommands() {
            walk(child, visit);
        }
    }

    #[test]
    fn everything_has_a_help_text() {
        walk(&Cli::command(), &mut |command| {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments().filter(|argument| !argument.is_global_set()) {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
        });
    }

    #[test]
    fn the_contracts_command_lines_are_understood() {
        for line in [
            "init --data d --workspace W --owner-email o@example.com --owner-password p --postal-address A --language ar --json",
            "serve --data d --listen 127.0.0.1:0 --public-url https://x.example --database postgres://h/d \
             --smtp-relay smtp://u:p@h:25 --relay-signs --inbound-smtp 127.0.0.1:2525 --config f --tls-cert c --tls-key k \
             --resolver 127.0.0.1:53 --mx-port 2525",
            "demo --listen 127.0.0.1:0",
            "import f.csv --server http://h --key k --topic T --basis consent_doi --source S --collected-on 2026-01-01 --wait --json",
            "campaign create --server http://h --key k --name N --from X --subject S --mjml f --topic T --purpose marketing --json",
            "campaign create --name N --from X --subject S --html f --text t --topic T",
            "campaign preflight cmp_x --json",
            "campaign send cmp_x --grace 5 --wait --json",
            "campaign report cmp_x --json",
            "segment count --server http://h --key k --where {} --json",
            "contact show a@example.com --json",
            "contact unsubscribe a@example.com",
            "contact erase a@example.com --yes --json",
            "domain add example.com --json",
            "ledger export --server http://h --key k",
            "ledger checkpoint",
            "ledger verify e.jsonl --checkpoint c",
            "ledger verify --server http://h --key k",
            "erasure verify c.json --key abc --json",
            "access ws_x --reason because --minutes 30 --may contacts:read --data d --json",
            "backup f",
            "restore f --keys k --data d",
            "doctor",
            "openapi",
            "api GET /v1/contacts?limit=2 --json",
            "api post /v1/privacy/explain --input f.json --server http://h --key k",
            "migrate --plan",
            "export",
            "explain gate",
            "explain reply",
            "explain bounce",
            "explain segment",
        ] {
            let words = std::iter::once("barid").chain(line.split_whitespace());
            Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn contradictions_are_refused() {
        for line in [
            "",
            "campaign create --name N --from X --subject S --topic T",
            "campaign create --name N --from X --subject S --topic T --mjml a --html b",
            "contact erase a@example.com",
            "import f.csv --topic T --basis hope --source S --collected-on 2026-01-01",
            "webhook replay whk_x",
        ] {
            let words = std::iter::once("barid").chain(line.split_whitespace());
            assert!(Cli::try_parse_from(words).is_err(), "{line}");
        }
    }
}
