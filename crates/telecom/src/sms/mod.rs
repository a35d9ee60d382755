//! Short messages: characters, parts, headers and senders. Pure: no network, no time of its own.

mod alphabet;
mod header;
mod originator;
mod reassemble;
mod segment;
mod septets;

pub use alphabet::{ESCAPE, Septets, septets, text_of};
pub use header::{Concatenation, HeaderError, UserDataHeader};
pub use originator::{Originator, OriginatorError, TonNpi};
pub use reassemble::{Added, Assembly, PATIENCE};
pub use segment::{Encoding, Explained, MOST_PARTS, Part, Reference, Segments, TooLong, explain, segment, segment_as};
pub use septets::{fill_bits, pack, unpack};
