//! What a communication platform adds to sending, through its public functions.

mod dialogs;
mod messages;
mod sound;
mod voice;
