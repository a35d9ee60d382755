//! The SMS and voice channels, through its public functions.
