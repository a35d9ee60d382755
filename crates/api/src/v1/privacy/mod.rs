//! What the privacy engine shows of itself, and the records its decisions rest on.

mod activities;
mod approvals;
mod assessments;
mod certificate;
mod check_receipt;
mod create_hold;
mod datamap;
mod decide_retention;
mod erasures;
mod explain;
mod holds;
mod lift_hold;
mod pack;
mod packs;
mod reads;
mod retention;
mod retention_reports;
mod run_retention;
mod screenings;
mod set_retention;
mod settings;
mod shapes;
mod verify_certificate;
mod words;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("privacy": erasures, certificate, pack, explain, check_receipt, verify_certificate, datamap,
        retention, set_retention, run_retention, retention_reports, decide_retention, holds, create_hold, lift_hold, reads)
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
