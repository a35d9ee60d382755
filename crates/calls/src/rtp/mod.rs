//! Sound over the network: RTP (RFC 3550), G.711, keys (RFC 4733), a small jitter buffer, and the loop
//! that sends a frame every twenty milliseconds.

mod events;
mod g711;
mod jitter;
mod media;
mod packet;
mod ports;
mod rtcp;
mod tones;
mod wav;

pub use events::{KeyEvent, Keys, Pressed, key_of, number_of};
pub use g711::{alaw, alaw_to_linear, linear, ulaw, ulaw_to_linear, write};
pub use jitter::{Jitter, Next};
pub use media::{Ended, Heard, Media, Order, Recording, Stats};
pub use packet::Packet;
pub use ports::Ports;
pub use rtcp::{Counts, goodbye, sender_report};
pub use tones::{Detector, tone};
pub use wav::{WavError, read_wav, resample, wav_of_ulaw};

/// Samples a second.
pub const RATE: u32 = 8000;
/// Samples of a frame of twenty milliseconds.
pub const FRAME: usize = 160;
