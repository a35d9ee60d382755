//! What the privacy engine shows of itself.

mod certificate;
mod create_hold;
mod datamap;
mod decide_retention;
mod erasures;
mod explain;
mod holds;
mod lift_hold;
mod pack;
mod retention;
mod retention_reports;
mod run_retention;
mod set_retention;
mod verify_certificate;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("privacy": erasures, certificate, pack, explain, verify_certificate, datamap,
        retention, set_retention, run_retention, retention_reports, decide_retention, holds, create_hold, lift_hold)
}
