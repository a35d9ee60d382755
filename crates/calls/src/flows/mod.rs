//! Call flows: what is said and asked in a call, step by step.
//!
//! A [`Flow`] is checked when it is kept; [`Machine`] walks through it without doing anything itself: it says
//! what it wants, and is told what became of it.

mod check;
mod machine;
mod model;
mod store_flows;

pub use machine::{Machine, Outcome, Wish};
pub use model::{Action, Condition, Flow, Gather, Operator, Prompt, Say, Step, Terminator};
pub use store_flows::{FlowView, add, change, find, flow_of_number, list, numbers, remove, set_numbers};
