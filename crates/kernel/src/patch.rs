//! Three-state fields of a partial update.

use serde::{Deserialize, Deserializer};

/// A field of a PATCH: left out, set to null, or set to a value. Use with `#[serde(default)]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field was not in the document: leave it.
    #[default]
    Absent,
    /// The field was null: clear it.
    Null,
    /// The field has a new value.
    Value(T),
}

impl<T> Patch<T> {
    /// The value after the patch, given the one before.
    pub fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Absent => before,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;

    #[derive(serde::Deserialize)]
    struct Body {
        #[serde(default)]
        name: Patch<String>,
    }

    #[test]
    fn three_states() {
        let read = |text| serde_json::from_str::<Body>(text).unwrap().name;
        assert_eq!(read("{}").apply(Some("a".into())), Some("a".to_owned()));
        assert_eq!(read(r#"{"name":null}"#).apply(Some("a".into())), None);
        assert_eq!(read(r#"{"name":"b"}"#).apply(None), Some("b".to_owned()));
    }
}
