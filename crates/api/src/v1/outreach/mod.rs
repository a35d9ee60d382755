//! What keeps outreach lawful over time: hygiene, and the duty to tell people where data come from.

mod hygiene;
mod notices;
mod policy;
mod run;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("outreach": hygiene, policy, run, notices)
}
