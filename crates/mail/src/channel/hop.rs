use kernel::{ContactId, DeliveryId, WorkspaceId};

use crate::catcher::Catcher;
use crate::smtp::{Outcome, Parcel};
use crate::transport::Transport;

/// Where messages go.
pub enum NextHop {
    /// A relay, or each recipient's own mail server.
    Smtp(Box<Transport>),
    /// The mail catcher: nothing leaves.
    Catcher(Catcher),
}

/// Whose message a parcel is; only the catcher asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) workspace: WorkspaceId,
    pub(crate) delivery: DeliveryId,
    pub(crate) subject: ContactId,
}

impl From<Transport> for NextHop {
    fn from(transport: Transport) -> Self {
        Self::Smtp(Box::new(transport))
    }
}

impl From<Catcher> for NextHop {
    fn from(catcher: Catcher) -> Self {
        Self::Catcher(catcher)
    }
}

impl NextHop {
    /// Whether it is on this machine: mail under domains that are not verified may go there.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Smtp(transport) => transport.is_loopback(),
            Self::Catcher(_) => true,
        }
    }

    /// Whether every message goes to the same place, so that none waits for another one's slow server.
    pub(super) const fn is_shared(&self) -> bool {
        match self {
            Self::Smtp(transport) => transport.is_relay(),
            Self::Catcher(_) => true,
        }
    }

    pub(super) async fn send(&self, about: About, parcel: Parcel) -> Outcome {
        match self {
            Self::Smtp(transport) => transport.send(parcel).await,
            Self::Catcher(catcher) => catcher.keep(about, parcel).await,
        }
    }

    pub(super) fn close(&self) {
        if let Self::Smtp(transport) = self {
            transport.close();
        }
    }
}
