//! The first run: who owns the installation, and what is to be done before the first campaign.

mod answers;
mod checklist;
mod claim;
mod dismiss;
mod onboarding;
mod read;

pub(super) use onboarding::{Onboarding, change};

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("setup": read, claim, checklist, dismiss, answers)
}
