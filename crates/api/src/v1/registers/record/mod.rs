//! The record of processing activities, who answers for it, and the self-assessment.

mod activities;
mod assurance;
mod controller;
mod set_controller;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("record": activities, controller, set_controller, assurance)
}
