//! Commands about people.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Server;

/// On what basis the people of a file may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Basis {
    /// They consented.
    #[value(name = "consent")]
    Consent,
    /// They consented and confirmed it (needs the column `confirmed at`).
    #[value(name = "consent_doi")]
    ConsentDoi,
    /// They are customers (needs the date of sale).
    #[value(name = "soft_opt_in")]
    SoftOptIn,
    /// A balancing test allows it (needs an assessment and a reason).
    #[value(name = "legitimate_interest")]
    LegitimateInterest,
    /// A contract needs it.
    #[value(name = "contract")]
    Contract,
}

impl Basis {
    /// As the server reads it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::ConsentDoi => "consent_doi",
            Self::SoftOptIn => "soft_opt_in",
            Self::LegitimateInterest => "legitimate_interest",
            Self::Contract => "contract",
        }
    }
}

/// `barid import`.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV or TSV file with a header row
    #[arg(value_name = "FILE", required_unless_present = "resume")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// The topic (list) they join
    #[arg(long, value_name = "NAME", required_unless_present = "resume")]
    pub topic: Option<String>,
    /// Why they may be written to
    #[arg(long, value_enum, required_unless_present = "resume")]
    pub basis: Option<Basis>,
    /// Where the addresses come from
    #[arg(long, value_name = "TEXT", required_unless_present = "resume")]
    pub source: Option<String>,
    /// When they were collected (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", required_unless_present = "resume")]
    pub collected_on: Option<String>,
    /// A further column to keep; others are dropped (repeat for more)
    #[arg(long = "attribute", value_name = "COLUMN")]
    pub attributes: Vec<String>,
    /// For soft_opt_in: the date of the sale, when no column says it (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub sale_date: Option<String>,
    /// For legitimate_interest: the id of the assessment
    #[arg(long, value_name = "ID")]
    pub assessment: Option<String>,
    /// For legitimate_interest: the reason for writing to these people
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The page the whole file was read from, when no column "source url" says it
    #[arg(long, value_name = "URL")]
    pub source_url: Option<String>,
    /// The day that page was read, when no column "source date" says it (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", requires = "source_url")]
    pub source_date: Option<String>,
    /// SHA-256 of that page as it was, when no column "source hash" says it
    #[arg(long, value_name = "HEX", requires = "source_url")]
    pub source_hash: Option<String>,
    /// The list was bought
    #[arg(long)]
    pub purchased: bool,
    /// With --purchased: who sold the list
    #[arg(long, value_name = "TEXT", requires = "purchased")]
    pub vendor: Option<String>,
    /// With --purchased: the contract or invoice
    #[arg(long, value_name = "TEXT", requires = "purchased")]
    pub contract: Option<String>,
    /// With --purchased: how the seller collected the addresses
    #[arg(long, value_name = "TEXT", requires = "purchased")]
    pub collection: Option<String>,
    /// The consent covers counting opens and clicks, too
    #[arg(long)]
    pub tracking: bool,
    /// Read and check everything, change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Wait until the import is finished
    #[arg(long)]
    pub wait: bool,
    /// Follow an import that was uploaded before instead of uploading FILE again
    #[arg(long, value_name = "ID")]
    pub resume: Option<String>,
}

/// How people are written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets; cells that would be read as formulas are neutralised.
    Csv,
    /// One JSON document per line.
    Json,
}

/// `barid export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// The file's format
    #[arg(long, value_enum, default_value = "csv")]
    pub format: ExportFormat,
    /// Write here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `barid segment`.
#[derive(Debug, Subcommand)]
pub enum SegmentCommand {
    /// Count the people who match
    Count {
        #[command(flatten)]
        /// The server
        server: Server,
        /// The condition as JSON, or @FILE
        #[arg(long = "where", value_name = "JSON")]
        condition: String,
    },
}

/// `barid contact`.
#[derive(Debug, Subcommand)]
pub enum ContactCommand {
    /// Everything held: values with their source, evidence, messages with their basis
    Show {
        /// The person's e-mail address
        #[arg(value_name = "EMAIL")]
        email: String,
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Stop marketing to this person
    Unsubscribe {
        /// The person's e-mail address
        #[arg(value_name = "EMAIL")]
        email: String,
        #[command(flatten)]
        /// The server
        server: Server,
    },
    /// Erase this person for good and print the certificate
    Erase {
        /// The person's e-mail address
        #[arg(value_name = "EMAIL")]
        email: String,
        /// Yes, for good: there is no way back
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        /// The server
        server: Server,
    },
}
