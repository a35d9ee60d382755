//! What a communication platform adds to sending, through its public functions.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dialogs;
mod lookup;
mod messages;
mod numbers;
mod sound;
mod verify;
mod voice;
