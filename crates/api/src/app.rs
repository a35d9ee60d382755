use std::path::PathBuf;
use std::sync::Arc;

use accounts::Accounts;
use axum::extract::FromRef;
use booking::calendars::Calendars;
use booking::payments::Payments;
use calls::lookup::Lookups;
use calls::verify::Verify;
use calls::voice::Voice;
use http_server::Toolbox;
use mail::dns::Resolver;
use outbound::Outbound;
use outbound::webhooks::Webhooks;
use people::segments::live::Live;
use store::Core;
use telecom::customers::Desk;
use telecom::messages::Sms;

use crate::shell::Shell;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The store.
    pub core: Core,
    /// Sign-in, members, keys.
    pub accounts: Accounts,
    /// Sending: the gate, the channels, compiled content.
    pub outbound: Outbound,
    /// Audience indexes.
    pub live: Live,
    /// Outgoing webhooks.
    pub webhooks: Webhooks,
    /// Hosts' calendars outside.
    pub calendars: Calendars,
    /// Who takes the money for appointments.
    pub payments: Payments,
    /// Who takes the money for balances.
    pub tills: Arc<dyn billing::recharge::Tills>,
    /// Messages by SMS.
    pub sms: Sms,
    /// Customers who bind over SMPP.
    pub customers: Desk,
    /// Codes that verify numbers and addresses.
    pub verify: Verify,
    /// What networks know of numbers.
    pub lookups: Lookups,
    /// Calls.
    pub voice: Voice,
    /// Asks the DNS when a sending domain is checked.
    pub resolver: Resolver,
    /// The public name of this server's mail side, for a domain's return path.
    pub mail_host: Arc<str>,
    /// The server's toolbox.
    pub toolbox: Toolbox,
    /// Where staged files rest; the data directory.
    pub data: PathBuf,
    /// What the image library of a workspace may hold, in bytes.
    pub image_quota: u64,
    /// What the web app needs of the process.
    pub shell: Shell,
}

impl FromRef<App> for Toolbox {
    fn from_ref(app: &App) -> Self {
        app.toolbox.clone()
    }
}
