//! Security incidents and the notices about them.

mod affect;
mod affected;
mod close;
mod create;
mod draft;
mod edit;
mod list;
mod note;
mod notice;
mod notices;
mod read;
mod send;
mod timeline;
mod update;
mod waive;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("incidents": list, create, read, update, timeline, note, affected, notices, draft, waive, close, notice, edit, send, affect)
}
