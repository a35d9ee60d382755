//! Verifications: a code goes out and comes back.

mod cancel;
mod check;
mod create;
mod list;
mod read;
mod resend;
mod set_watch;
mod shapes;
mod watch;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("verifications": list, create, watch, set_watch, read, check, resend, cancel)
}
