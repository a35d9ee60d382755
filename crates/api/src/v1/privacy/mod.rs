//! What the privacy engine shows of itself, and the records its decisions rest on.

mod activities;
mod approvals;
mod assessments;
mod certificate;
mod erasures;
mod explain;
mod pack;
mod packs;
mod screenings;
mod settings;
mod words;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("privacy": erasures, certificate, pack, explain)
        .merge(packs::routes())
        .merge(settings::routes())
        .merge(assessments::routes())
        .merge(approvals::routes())
        .merge(activities::routes())
        .merge(screenings::routes())
}

/// The endpoint that takes opt-out lists; kept apart, because its body never stands in memory.
pub(super) fn uploads() -> Routes {
    screenings::uploads()
}
