//! Recordings of calls.

mod delete;
mod file;
mod list;
mod read;

use calls::voice::RecordingView;
use kernel::{CallId, ContactId, RecordingId};

use crate::v1::prelude::*;

/// A recording without its sound.
#[derive(Serialize, ToSchema)]
pub(super) struct CallRecording {
    /// Its id.
    #[schema(value_type = String)]
    id: RecordingId,
    /// In which call.
    #[schema(value_type = String)]
    call: CallId,
    /// Of whom; null when the caller hid their number.
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// How long.
    seconds: u32,
    /// Why it ended: `full`, `silence` or `stopped`.
    ended: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<RecordingView> for CallRecording {
    fn from(view: RecordingView) -> Self {
        let RecordingView { id, call, contact, seconds, ended, created_at } = view;
        Self { id, call, contact, seconds, ended, created_at }
    }
}

pub(super) fn routes() -> Routes {
    routes!("recordings": list, read, file, delete)
}
