//! Content from the outside: sources in, messages for one person out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod design;
mod escaping;
mod notice;
mod parts;
mod problems;
mod stored;
mod support;
mod tags;
