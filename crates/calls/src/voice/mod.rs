//! Calls: accepted with the gate's leave and the money set aside, dialled with its permit, led through a
//! flow, and written down. Calls that come in are led through the flow of the number that was called.

mod accept;
mod codes;
mod conduct;
mod connect;
mod inbound;
mod model;
mod personal;
mod place;
mod queries;
mod record;
mod service;
mod view;

pub use accept::{NewCall, Said, accept, cancel};
pub use codes::{CodeCall, call_with_code, code_flow};
pub use model::{CallState, CallStep, CallView, RecordingView};
pub use place::{PlaceCalls, QUEUE, recover};
pub use service::{Options, TrunkStanding, Voice};
pub use view::{Words, delete_recording, find, list, recording, recording_file, recordings, timeline};

/// Flows that calls fetch: whoever answers learns the call's numbers and the keys that were pressed.
pub const FETCH_CONNECTOR: &str = "calls.flows";

privacy::connector!(privacy::connectors::Connector {
    code: FETCH_CONNECTOR,
    role: privacy::processors::Role::Processor,
    carries: &["telephone numbers", "keys that were pressed in calls"],
    foreign: false,
});
