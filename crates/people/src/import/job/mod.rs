//! An import as a durable job. The file is staged in sealed parts under a key of its own; rows are
//! parsed on one thread while the chunk before is being sealed and the one before that commits.
//! One commit holds a chunk's people, memberships, evidence (one ledger record), feed entry,
//! rejects, report and the place in the file: a crash goes on exactly there.

mod build;
mod parse;
mod people;
mod queries;
mod report;
mod run;
mod stage;
mod start;

pub(crate) use queries::{INSERT_PART, PART};
pub use report::{Import, Report, State, cancel, first_rejects, get, list, reject_code, rejects, write_rejects};
pub use run::{Imports, QUEUE};
pub(crate) use stage::{LIFE, discard};
pub use stage::{MAX_FILE, Staged, Upload, sweep};
pub use start::{Purchase, Settings, TO_BE_MADE, start, start_mapped, start_with};

/// Rows read per commit. Blind indexes scatter a commit's rows over all of their pages, each of which is then
/// written whole: many rows at once share pages. More would hold back other writers for longer than half a
/// second, and take more memory.
const CHUNK: usize = 12_000;
