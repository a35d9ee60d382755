//! Messages by SMS: sent, followed, received.

mod cancel;
mod insights;
mod list;
mod preview;
mod read;
mod received;
mod send;
mod set_settings;
mod settings;
mod shapes;
mod timeline;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("messages": list, send, preview, received, insights, settings, set_settings, read, timeline, cancel)
}
