//! Content: from what an author writes (MJML or HTML, a subject, perhaps a text part) to what one
//! person receives.
//!
//! [`compile`] reads a [`Source`] once: merge tags of both notations become marks, MJML becomes
//! HTML, the text part is made when none is given, and every part becomes a flat list of
//! operations with the escaping of each value decided. [`Compiled::render`] walks that list for
//! each recipient. Authors' mistakes are [`TemplateProblem`]s with line and column; what the law
//! asks for is told by [`Compiled::elements`], what is read of a person by [`Compiled::fields`].

mod colour;
mod compile;
mod compiled;
mod dates;
pub mod design;
mod document;
pub mod escape;
mod fields;
mod html;
pub mod images;
pub mod locks;
pub mod look;
mod lower;
mod mjml;
mod notice;
pub mod pieces;
mod plain;
pub mod reason;
mod render;
mod scan;
mod source;
pub mod starters;
mod tags;
pub mod templates;
mod values;
pub mod versions;
mod visible;

pub use compile::{CompiledVariants, VariantProblem, compile, compile_with};
pub use compiled::{Compiled, Element, Elements, Followed, Link};
pub use fields::{FieldCatalog, FieldInfo};
pub use render::{Links, RenderError, Rendered, System, Values};
pub use source::{
    Body, FindingCode, MAX_BODY, MAX_LINE, Part, Severity, Source, TemplateProblem, Variants, faults_to_problem,
    to_problem,
};
pub use values::{MergeValues, PlainLinks, Recipient, Sender};
pub use versions::{Error, Version, VersionId, Versions};

/// Starter designs.
pub mod designs {
    /// A newsletter in English (MJML).
    pub const NEWSLETTER_EN: &str = include_str!("../designs/newsletter.en.mjml");
    /// A newsletter in Arabic (MJML, right to left).
    pub const NEWSLETTER_AR: &str = include_str!("../designs/newsletter.ar.mjml");
    /// A first letter to a company, in English (MJML), with the three slots of the lawful notice.
    pub const OUTREACH_EN: &str = include_str!("../designs/outreach.en.mjml");
    /// A first letter to a company, in Arabic (MJML, right to left).
    pub const OUTREACH_AR: &str = include_str!("../designs/outreach.ar.mjml");
}

store::data_map!("content", include_str!("../migrations/columns.txt"));
