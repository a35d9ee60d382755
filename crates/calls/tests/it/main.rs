//! What a communication platform adds to sending, through its public functions.

mod lookup;
mod numbers;
mod verify;
