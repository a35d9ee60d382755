//! Commands about campaigns.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::Server;

/// `barid campaign create`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("content").required(true).args(["mjml", "html"])))]
pub struct CreateCampaign {
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// What it is called inside the house
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The sender: 'Name <address>'
    #[arg(long, value_name = "SENDER")]
    pub from: String,
    /// Where answers go, when not to the sender
    #[arg(long, value_name = "ADDRESS")]
    pub reply_to: Option<String>,
    /// The subject, with merge tags
    #[arg(long, value_name = "TEXT")]
    pub subject: String,
    /// The line that inboxes show after the subject
    #[arg(long, value_name = "TEXT")]
    pub preheader: Option<String>,
    /// The content as MJML
    #[arg(long, value_name = "FILE")]
    pub mjml: Option<PathBuf>,
    /// The content as HTML
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// The text part; made from the content when absent
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
    /// The topic it is sent under
    #[arg(long, value_name = "NAME")]
    pub topic: String,
    /// The purpose of processing
    #[arg(long, value_name = "PURPOSE", default_value = "marketing")]
    pub purpose: String,
    /// Only the topic's people in this saved segment
    #[arg(long, value_name = "ID")]
    pub segment: Option<String>,
    /// Why people are written to, when it rests on legitimate interest
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// A campaign to people who did not ask: needs --segment, --targeting, --activity, --assessment and --reason
    #[arg(long)]
    pub prospecting: bool,
    /// With --prospecting: who is targeted, in words
    #[arg(long, value_name = "TEXT", requires = "prospecting")]
    pub targeting: Option<String>,
    /// With --prospecting: the registered business activity of the offer
    #[arg(long, value_name = "ID", requires = "prospecting")]
    pub activity: Option<String>,
    /// With --prospecting: the assessment of legitimate interest
    #[arg(long, value_name = "ID", requires = "prospecting")]
    pub assessment: Option<String>,
    /// The language of the content (BCP 47)
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
}

/// `barid campaign send`.
#[derive(Debug, Args)]
pub struct SendCampaign {
    /// The campaign
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// Seconds during which it can still be called back
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub grace: u32,
    /// Wait until everything is sent
    #[arg(long)]
    pub wait: bool,
}

/// `barid campaign test`.
#[derive(Debug, Args)]
pub struct TestCampaign {
    /// The campaign
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// Who gets the test (repeat for more)
    #[arg(long, value_name = "ADDRESS", required = true)]
    pub to: Vec<String>,
}

/// `barid campaign schedule`.
#[derive(Debug, Args)]
pub struct ScheduleCampaign {
    /// The campaign
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    /// The server
    pub server: Server,
    /// When it starts, such as 2026-12-01T09:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub at: String,
}

/// A campaign and nothing else.
#[derive(Debug, Args)]
pub struct OneCampaign {
    /// The campaign
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    /// The server
    pub server: Server,
}

/// `barid campaign`.
#[derive(Debug, Subcommand)]
pub enum CampaignCommand {
    /// Make a draft
    Create(Box<CreateCampaign>),
    /// Who would get it, who would not, and why
    Preflight(OneCampaign),
    /// Send it to a few addresses
    Test(TestCampaign),
    /// Send it
    Send(SendCampaign),
    /// Stop handing over for now
    Pause(OneCampaign),
    /// Go on
    Resume(OneCampaign),
    /// Stop for good; what has left has left
    Cancel(OneCampaign),
    /// Send it later
    Schedule(ScheduleCampaign),
    /// What came of it
    Report(OneCampaign),
}
