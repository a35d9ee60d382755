//! Greetings that a widget shows by itself.

mod create;
mod delete;
mod list;
mod update;

use conversations::widgets::{Greeting, GreetingDraft};
use kernel::{GreetingId, WidgetId};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("greetings": create, delete, list, update)
}

/// A greeting, as it is written: name, text, buttons, how often, from and until when, conditions.
#[derive(Deserialize, ToSchema)]
#[serde(transparent)]
pub(super) struct GreetingInput(GreetingDraft);

/// A greeting with what became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatGreeting {
    /// Its id.
    #[schema(value_type = String)]
    id: GreetingId,
    /// Whose.
    #[schema(value_type = String)]
    widget: WidgetId,
    /// What it is: name, text, buttons, how often, from and until when, conditions.
    greeting: GreetingDraft,
    /// Whether it rests on what was looked at before, so that it needs leave.
    needs_tracking: bool,
    /// How often it was seen.
    shown: u64,
    /// How often it was taken up.
    accepted: u64,
    /// How often it was put away.
    dismissed: u64,
}

impl ChatGreeting {
    fn of(one: Greeting) -> Self {
        Self {
            id: one.id,
            widget: one.widget,
            needs_tracking: one.needs_tracking(),
            greeting: one.draft,
            shown: one.shown,
            accepted: one.accepted,
            dismissed: one.dismissed,
        }
    }
}
