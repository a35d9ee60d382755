//! Sequences: two to ten messages to the same person with pauses between them, which stop when the
//! person answers, leaves, complains, bounces, converts, or has been written to often enough.
//!
//! Everybody enrolled has a row that says where they stand ([`PersonState`]); it holds ids and
//! instants only. A durable job looks who is due and makes a **wave** for each step: one run of
//! [`outbound`], so every step asks the gate anew and is counted like any other message. What
//! became of a wave's deliveries moves its people on. Answers come in as signals
//! ([`outbound::series`]).

mod jobs;
mod lifecycle;
mod model;
mod people;
pub(crate) mod queries;
mod report;
mod wave;
mod window;

pub use jobs::{EnrolJob, SignalJob, StepJob, WaveJob};
pub use lifecycle::{create, delete, enrol, get, list, pause, resume, start, stop, update};
pub use model::{PersonState, Sequence, SequenceDraft, SequenceState, Step};
pub use people::{Enrolled, enrolled, release};
pub use report::{Report, StepReport, report};
pub use window::Window;
