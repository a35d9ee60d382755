//! People from files. A file is read as a stream (encoding, delimiter, header, rows), every row
//! becomes a typed [`Row`] or a [`Reject`] with its line and reason, and a durable job stores the
//! rows chunk by chunk: one commit holds a chunk's people, their evidence in the ledger and the
//! place in the file, so that a crash resumes exactly there.

pub mod basis;
mod country;
mod encoding;
mod file;
mod header;
pub mod inspect;
pub mod instant;
pub mod job;
mod records;
mod rejects;
pub(crate) mod row;
pub mod values;

pub use basis::{Basis, Claim, Need, Origin};
pub use country::Country;
pub use encoding::{Detector, Encoding, UnknownEncoding, Utf8Reader};
pub use file::{FileError, Position, Rows};
pub use header::{Column, Columns, Header, HeaderError, Meaning, Target, attribute_key};
pub use job::{Imports, Settings, Staged, Upload, start};
pub use records::MAX_RECORD;
pub use rejects::RejectsWriter;
pub use row::{Evidence, Reject, Row, Warning};
