//! What a communication platform adds to sending: numbers, verification, look-up, call flows.

pub mod lookup;
pub mod numbers;
pub mod verify;
