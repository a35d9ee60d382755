//! Versions of privacy notices, and what was announced.

mod announcements;
mod differences;
mod list;
mod publish;
mod readability;
mod template;
mod version;
mod versions;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("notices": list, publish, versions, version, differences, template, readability, announcements)
}
