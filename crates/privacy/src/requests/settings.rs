use jiff::tz::TimeZone;
use kernel::{Email, Timestamp};
use serde::Deserialize;
use store::Ctx;

use super::RequestKind;
use crate::{Result, clocks};

/// How a workspace handles requests: its setting `data_requests`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Days within which requests shall be answered; the legal date when that is earlier.
    pub target_days: u16,
    /// The same for requests about children.
    pub child_days: u16,
    /// The zone in which days end.
    pub time_zone: String,
    /// Types that wait for a member once they are verified; all others answer themselves.
    pub manual: Vec<RequestKind>,
    /// The address at which requests arrive by mail.
    pub mailbox: Option<Email>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { target_days: 30, child_days: 3, time_zone: "UTC".to_owned(), manual: Vec::new(), mailbox: None }
    }
}

impl Settings {
    /// The workspace's settings; the defaults where it has none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(ctx: &Ctx) -> Result<Self> {
        let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace)
            .await
            .map_err(|error| crate::Error::Store(store::Error::Refused(error.problem())))?;
        Ok(workspace.and_then(|workspace| workspace.setting("data_requests")).unwrap_or_default())
    }

    /// The zone in which days end.
    pub fn zone(&self) -> TimeZone {
        clocks::zone_or_utc(&self.time_zone)
    }

    /// Whether a term's last day is a Saturday or Sunday; remarked, never shifted.
    pub fn ends_on_weekend(&self, due: Timestamp) -> bool {
        clocks::ends_on_weekend(due, &self.zone())
    }

    /// The internal target and the legal date of a request.
    pub(super) fn terms(&self, received: Timestamp, child: bool) -> (Timestamp, Timestamp) {
        let (zone, days) = (self.zone(), if child { self.child_days } else { self.target_days });
        (clocks::internal_target(received, &zone, days), clocks::request_due(received, &zone))
    }
}
