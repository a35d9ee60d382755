//! Barid's own checks: what a reviewer would otherwise have to look for by hand.
//!
//! Each module is one check: a pure function from texts to the list of what is wrong, beside the
//! few lines that read those texts from the [`Repository`]. [`run`] puts them together.

pub mod again;
pub mod arrows;
pub mod docs;
pub mod machine;
pub mod openapi;
pub mod problems;
mod repository;
pub mod requirements;
pub mod run;
pub mod tree;
pub mod words;

pub use repository::Repository;
