//! Conversations, through its public functions.
