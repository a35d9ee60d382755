//! E-mail as a channel of outbound: from an envelope and its permit to octets at the next hop.
//!
//! A message is composed, signed by its domain's keys off the event loop and handed over. The permit is used up right before the message's first octet leaves, inside the
//! hand-over itself; whatever waits before that point can still be stopped by a withdrawal.

mod compose;
mod hop;
mod outcome;
mod sending;
mod signing;

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Email, WorkspaceId};
use outbound::{Envelope, Sender, Sent};
use parking_lot::Mutex;
use privacy::gate::SendPermit;
use privacy::suppression::email_hash;
use privacy::vocabulary::Channel as ChannelKind;
use store::{BoxFuture, Core};

use crate::smtp::{Guard, Handover, Lost, Parcel};

pub(crate) use hop::About;
pub use hop::NextHop;
use sending::SendingDomains;
use signing::Signing;

/// How long a message may wait for a mail server that others wait for too, when every recipient's
/// server is its own: as long as its permit lives.
const PATIENCE: Duration = Duration::from_secs(privacy::gate::LIFE as u64);

/// How the channel behaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// The relay adds DKIM signatures; Barid does not.
    pub relay_signs: bool,
    /// Mail to our own addresses reaches us: answers are asked to come to a signed address.
    pub inbound: bool,
}

/// E-mail. One per process.
pub struct MailChannel {
    core: Core,
    hop: NextHop,
    settings: Settings,
    domains: SendingDomains,
    signing: Signing,
}

impl MailChannel {
    /// A channel that hands everything to `hop`.
    pub fn new(core: Core, hop: NextHop, settings: Settings) -> Self {
        let domains = SendingDomains::new(core.clone(), hop.is_local(), !settings.relay_signs);
        Self { core, hop, settings, domains, signing: Signing::default() }
    }

    /// Stops: what waits is told that it was not started, connections end after their present message.
    pub fn close(&self) {
        self.hop.close();
    }

    async fn hand_over(&self, permit: SendPermit, envelope: Envelope) -> Result<Sent, Sent> {
        let recipient = Email::parse(envelope.recipient.expose()).map_err(|_| outcome::impossible("address"))?;
        let keys = self.core.vault.keys(envelope.workspace).await.map_err(|_| outcome::later("store"))?;
        // The permit is for one message, address and channel, and this is the last place to look.
        let bound = (permit.delivery(), permit.channel(), permit.address());
        if bound != (envelope.delivery, ChannelKind::Email, email_hash(&keys, &recipient)) {
            return Err(outcome::impossible("permit_mismatch"));
        }
        let workspace = envelope.workspace;
        let name = envelope.sender.email.ascii_domain();
        let domain = self.domains.get(workspace, name).await.map_err(|_| outcome::later("store"))?;
        let domain = domain.filter(|domain| domain.verified || self.hop.is_local());
        let Some(domain) = domain else { return Err(outcome::impossible("sender_not_verified")) };
        let now = self.core.clock.now();
        let message = compose::Composer { keys: &keys, domain: &domain, inbound: self.settings.inbound, now }
            .compose(&envelope, &recipient, permit.purpose())
            .map_err(outcome::impossible)?;
        drop(envelope);
        let content = match &domain.signer {
            None => message.content,
            Some(signer) if signer.is_empty() => return Err(outcome::later("no_signing_key")),
            Some(signer) => {
                self.signing.sign(signer, message.content, now).await.map_err(|_| outcome::later("signing"))?
            }
        };
        let about = About { workspace, delivery: permit.delivery(), subject: permit.subject() };
        let (handover, held) = stoppable(permit, Arc::clone(&self.core.clock));
        let parcel = Parcel {
            return_path: Some(message.return_path),
            recipient,
            international: message.international,
            content,
            handover,
        };
        Ok(self.outcome(about, parcel, &held).await)
    }

    async fn outcome(&self, about: About, parcel: Parcel, held: &Held) -> Sent {
        let mut ending = std::pin::pin!(self.hop.send(about, parcel));
        if self.hop.is_shared() {
            return outcome::sent(ending.await);
        }
        match tokio::time::timeout(PATIENCE, &mut ending).await {
            Ok(ended) => outcome::sent(ended),
            // Its turn did not come. Taking the permit back is what makes it safe to try again.
            Err(_) if held.lock().take().is_some() => Sent::Busy,
            Err(_) => outcome::sent(ending.await),
        }
    }
}

/// The permit of a message that waits for its turn; empty once the hand-over began.
type Held = Arc<Mutex<Option<SendPermit>>>;

/// The hand-over of a permit that can be taken back until it begins.
fn stoppable(permit: SendPermit, clock: Arc<dyn Clock>) -> (Box<dyn Handover>, Held) {
    let held: Held = Arc::new(Mutex::new(Some(permit)));
    let waiting = Arc::clone(&held);
    let begin = move || -> Result<Guard, Lost> {
        let permit = waiting.lock().take().ok_or(Lost)?;
        let handover = permit.begin(clock.now()).map_err(|_| Lost)?;
        Ok(Box::new(handover))
    };
    (Box::new(begin), held)
}

impl outbound::Channel for MailChannel {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        Box::pin(async move { self.hand_over(permit, envelope).await.unwrap_or_else(|refused| refused) })
    }

    fn sender_verified<'a>(&'a self, workspace: WorkspaceId, sender: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let found = self.domains.read(workspace, sender.email.ascii_domain()).await;
            match found {
                Ok(domain) => domain.is_some_and(|domain| domain.verified || self.hop.is_local()),
                Err(error) => {
                    tracing::error!(%error, "a sending domain cannot be read");
                    false
                }
            }
        })
    }
}
