//! Personal values that refuse to be printed.

use std::fmt;

/// A personal value. `Debug` and `Display` print `[pii]`, so that a log line or a panic message
/// never carries it; [`Pii::expose`] is the deliberate way out, easy to find in a review.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Wraps a personal value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for sealing, sending or showing to its owner.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

#[cfg(test)]
mod tests {
    use super::Pii;

    #[test]
    fn printing_shows_nothing() {
        let value = Pii::new("lina@example.com");
        assert_eq!(format!("{value} {value:?}"), "[pii] [pii]");
        assert_eq!(*value.expose(), "lina@example.com");
    }
}
