//! Cursors of paged lists: opaque to callers, the last item's key inside. A cursor only chooses
//! where a list goes on within what its caller may read anyway, so it needs no signature.

use data_encoding::BASE64URL_NOPAD;
use kernel::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

const MAX_CHARS: usize = 1024;

/// The cursor for `key`, the sort key of the last item shown.
pub fn encode<T: Serialize>(key: &T) -> String {
    BASE64URL_NOPAD.encode(serde_json::json!(key).to_string().as_bytes())
}

/// The key inside a cursor.
pub fn decode<T: DeserializeOwned>(cursor: &str) -> Result<T, Problem> {
    let bad = || Problem::field("cursor", "is not a cursor of this list; start again without one");
    if cursor.len() > MAX_CHARS {
        return Err(bad());
    }
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| bad())?;
    serde_json::from_slice(&bytes).map_err(|_| bad())
}

/// A page out of one item more than was asked for: the surplus one only says that there are more.
pub fn page<T, K: Serialize>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> kernel::Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| encode(&key(last)));
    kernel::Page { items, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_nonsense_does_not() {
        let key = (7_i64, "abc".to_owned());
        assert_eq!(decode::<(i64, String)>(&encode(&key)), Ok(key));
        for text in ["", "!", "e30", &"a".repeat(5000)] {
            assert!(decode::<(i64, String)>(text).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,60}") {
            let _ = decode::<(i64, String)>(&text);
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let first = page(vec![1, 2, 3], 2, |n| *n);
        assert_eq!((first.items.as_slice(), decode::<i32>(&first.next.unwrap())), ([1, 2].as_slice(), Ok(2)));
        assert!(page(vec![1, 2], 2, |n| *n).next.is_none());
        assert!(page(Vec::<i32>::new(), 2, |n| *n).next.is_none());
    }
}
