use std::fmt;

use kernel::Problem;

/// Why a condition or a contact document was refused: where, and what to do. Never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct SegmentError {
    /// The place, such as `where.and[2].op`.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl From<SegmentError> for Problem {
    fn from(error: SegmentError) -> Self {
        Self::field(error.path, error.reason)
    }
}

/// A place in a JSON document, built on the way down without allocating.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The document's name.
    Root(&'a str),
    /// A member of an object.
    Key(&'a Path<'a>, &'a str),
    /// An element of an array.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(crate) const fn key(&'a self, name: &'a str) -> Self {
        Self::Key(self, name)
    }

    pub(crate) const fn index(&'a self, index: usize) -> Self {
        Self::Index(self, index)
    }

    /// An error at this place.
    pub(crate) fn error(&self, reason: impl Into<String>) -> SegmentError {
        SegmentError { path: self.to_string(), reason: reason.into() }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Key(parent, name) => write!(f, "{parent}.{name}"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
