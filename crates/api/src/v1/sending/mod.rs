//! How mail leaves, and whether it arrives.

mod read;
mod set_sender;
mod state;
mod test;

use accounts::workspaces;
use outbound::notices::default_sender;
use privacy::vocabulary::Channel;
use store::Ctx;

use super::prelude::*;
use super::setup::Onboarding;
use crate::shell::Mode;
use crate::shell::sending::RelayShown;

pub(super) fn routes() -> Routes {
    routes!("sending": read, set_sender, test, state)
}

/// Who writes when nothing else is said.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingSender {
    /// The display name.
    name: String,
    /// The address.
    email: String,
    /// Where answers go, when not to the sender.
    reply_to: Option<String>,
}

/// The domain of that address.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingDomain {
    /// The domain.
    domain: String,
    /// Whether it may send.
    verified: bool,
}

/// How serious a warning is.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SendingLevel {
    /// To be mended.
    Warning,
    /// To be known.
    Info,
}

/// Something about the way out.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingWarning {
    /// `no_default_sender`, `sender_domain_not_verified`, `public_url_loopback`, `public_url_not_https`,
    /// `no_inbound`, `direct_needs_port_25`, `relay_loopback` or `nothing_leaves`.
    code: &'static str,
    /// How serious.
    level: SendingLevel,
}

/// How mail leaves.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingAnswer {
    /// Where mail goes from here.
    mode: Mode,
    /// The relay, when there is one; no credentials.
    relay: Option<RelayShown>,
    /// Whether bounces, complaints and answers come in by mail.
    inbound: bool,
    /// Where caught messages are shown, when nothing leaves.
    catcher_url: Option<&'static str>,
    /// Who writes when nothing else is said.
    default_sender: Option<SendingSender>,
    /// The domain of that address.
    sender_domain: Option<SendingDomain>,
    /// How people reach this server; links in messages begin with it.
    public_url: String,
    /// When a test was sent last.
    #[schema(value_type = Option<String>, format = DateTime)]
    tested_at: Option<Timestamp>,
    /// What to look at.
    warnings: Vec<SendingWarning>,
}

/// Whether an address of this machine itself is meant.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').split(']').next().unwrap_or_default();
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host of a URL, without port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.starts_with('[') { authority } else { authority.split(':').next().unwrap_or_default() }
}

/// Shows how mail leaves a workspace.
pub(super) async fn shown(app: &App, ctx: &Ctx) -> Result<SendingAnswer> {
    let workspace = workspaces::get(ctx).await?;
    let way = app.shell.sending();
    let public_url = app.toolbox.public_url().to_owned();
    let mut warnings = Vec::new();
    let mut warn = |code, level| warnings.push(SendingWarning { code, level });
    let (mut sender, mut domain) = (None, None);
    match default_sender(&workspace) {
        Err(_) => warn("no_default_sender", SendingLevel::Warning),
        Ok(found) => {
            let verified = match app.outbound.channels().get(Channel::Email) {
                Some(channel) => channel.sender_verified(ctx.workspace, &found).await,
                None => false,
            };
            if !verified {
                warn("sender_domain_not_verified", SendingLevel::Warning);
            }
            domain = Some(SendingDomain { domain: found.email.ascii_domain().to_owned(), verified });
            sender = Some(SendingSender {
                name: found.name,
                email: found.email.to_string(),
                reply_to: found.reply_to.map(|email| email.to_string()),
            });
        }
    }
    let local = is_loopback(host(&public_url));
    if local && way.mode != Mode::Catcher {
        warn("public_url_loopback", SendingLevel::Warning);
    }
    if !local && !app.toolbox.secure() {
        warn("public_url_not_https", SendingLevel::Warning);
    }
    match way.mode {
        Mode::Catcher | Mode::None => warn("nothing_leaves", SendingLevel::Info),
        Mode::Direct => warn("direct_needs_port_25", SendingLevel::Info),
        Mode::Relay => {
            if way.relay.as_ref().is_some_and(|relay| is_loopback(&relay.host)) {
                warn("relay_loopback", SendingLevel::Info);
            }
        }
    }
    if !way.inbound && matches!(way.mode, Mode::Relay | Mode::Direct) {
        warn("no_inbound", SendingLevel::Warning);
    }
    Ok(SendingAnswer {
        mode: way.mode,
        relay: way.relay.clone(),
        inbound: way.inbound,
        catcher_url: (way.mode == Mode::Catcher).then_some("/catcher"),
        default_sender: sender,
        sender_domain: domain,
        public_url,
        tested_at: Onboarding::of(&workspace).tested_at,
        warnings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_are_known() {
        for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80/x", "https://127.8.8.8/"] {
            assert!(is_loopback(host(url)), "{url}");
        }
        for url in ["https://post.example.org", "http://10.0.0.1:8080", "http://[2001:db8::1]"] {
            assert!(!is_loopback(host(url)), "{url}");
        }
    }
}
