use kernel::{EventId, Timestamp};
use serde::Serialize;

use super::ask::Ask;
use crate::vocabulary::BasisKind;

/// Why a message may go: stored on the delivery row, and told to whoever asks "why did we write
/// to her?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The reason code.
    pub reason: String,
    /// The row of the rule pack that decided.
    pub rule: String,
    /// The rule pack's version.
    pub pack: String,
    /// The lawful basis it rests on.
    pub basis: Option<BasisKind>,
    /// The ledger event that states this basis.
    pub event: Option<EventId>,
    /// Not before this instant (quiet hours, a frequency cap); the gate is asked again then.
    pub until: Option<Timestamp>,
    /// Whether the message counts towards the workspace's frequency cap.
    #[serde(skip)]
    pub(super) counted: bool,
}

/// Why a message may not go, or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// The reason code.
    pub reason: String,
    /// The row of the rule pack that decided.
    pub rule: String,
    /// The rule pack's version.
    pub pack: String,
    /// When asking again makes sense; `None` is final.
    pub until: Option<Timestamp>,
}

impl Denial {
    /// Whether the message waits rather than dies.
    pub const fn is_deferral(&self) -> bool {
        self.until.is_some()
    }
}

/// The gate's leave to queue one message: made only by [`super::Gate::authorise_many`], consumed by
/// the insert of the delivery row. It can be neither copied nor stored.
///
/// ```compile_fail,E0451
/// # fn forge(ask: privacy::gate::Ask, grant: privacy::gate::Grant) -> privacy::gate::Queued {
/// privacy::gate::Queued { ask, grant }
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn copy(queued: privacy::gate::Queued) -> (privacy::gate::Queued, privacy::gate::Queued) {
/// (queued.clone(), queued)
/// # }
/// ```
/// ```compile_fail,E0382
/// # fn twice(queued: privacy::gate::Queued) -> [privacy::gate::Grant; 2] {
/// [queued.into_grant(), queued.into_grant()]
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn store(queued: privacy::gate::Queued) -> String {
/// serde_json::to_string(&queued).unwrap()
/// # }
/// ```
#[derive(Debug)]
#[must_use = "insert the delivery row with it"]
pub struct Queued {
    ask: Ask,
    grant: Grant,
}

impl Queued {
    pub(super) const fn new(ask: Ask, grant: Grant) -> Self {
        Self { ask, grant }
    }

    /// What was asked.
    pub const fn ask(&self) -> &Ask {
        &self.ask
    }

    /// Not before this instant.
    pub const fn not_before(&self) -> Option<Timestamp> {
        self.grant.until
    }

    /// Gives the leave up for what is stored on the delivery row.
    pub fn into_grant(self) -> Grant {
        self.grant
    }
}
