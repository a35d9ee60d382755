//! The Barid binary.
fn main() {}
