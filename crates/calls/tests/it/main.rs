//! What a communication platform adds to sending, through its public functions.

mod lookup;
mod numbers;
mod verify;
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dialogs;
mod messages;
mod sound;
mod voice;
