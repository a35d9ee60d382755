//! Web Push: members' browsers that are told while no window is open.

mod key;
mod list;
mod subscribe;
mod test;
mod unsubscribe;

use conversations::push::{self as slice, Push, Subscription};
use kernel::PushId;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("push": key, list, subscribe, unsubscribe, test)
}

/// A browser that is told.
#[derive(Serialize, ToSchema)]
pub(super) struct PushSubscription {
    /// Its id.
    #[schema(value_type = String)]
    id: PushId,
    /// What you call it.
    label: String,
    /// The host of its push service.
    service: String,
    /// In which language it is told.
    language: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Told last.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
    /// What the push service answered last: an HTTP status, or 0 when it could not be reached.
    last_status: Option<i64>,
}

impl PushSubscription {
    fn of(one: Subscription) -> Self {
        let service = one.target.endpoint.split('/').nth(2).unwrap_or_default().to_owned();
        Self {
            id: one.id,
            label: one.target.label,
            service,
            language: one.target.language,
            created_at: one.created_at,
            used_at: one.used_at,
            last_status: one.last_status,
        }
    }
}

/// How pushes leave, if they do.
fn way(app: &App) -> Result<&Push> {
    let way = app.shell.chat().push().filter(|push| push.is_enabled());
    way.ok_or_else(|| Failure::new(Code::Conflict, "the operator of this server named no push service"))
}
