//! JSON in canonical form (RFC 8785): members sorted by UTF-16 code units, no white space, so that
//! whoever holds a receipt can write the signed octets again.

use serde_json::Value as Json;

/// The largest integer that every JSON reader keeps exactly (RFC 8785, 3.2.2.3).
const EXACT: u64 = (1 << 53) - 1;

/// The canonical form; `None` when a number is no integer within ±(2⁵³ − 1): receipts have none.
pub fn canonical(value: &Json) -> Option<String> {
    let mut out = String::with_capacity(1024);
    write(value, &mut out)?;
    Some(out)
}

fn write(value: &Json, out: &mut String) -> Option<()> {
    match value {
        Json::Object(members) => {
            let mut sorted: Vec<(&String, &Json)> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                text(name, out)?;
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Json::Number(number) => {
            let exact = number.as_u64().map_or_else(
                || number.as_i64().is_some_and(|negative| negative.unsigned_abs() <= EXACT),
                |positive| positive <= EXACT,
            );
            out.push_str(&exact.then(|| number.to_string())?);
        }
        Json::String(string) => text(string, out)?,
        Json::Bool(_) | Json::Null => out.push_str(&value.to_string()),
    }
    Some(())
}

/// serde_json escapes exactly what RFC 8785 escapes, in the same way.
fn text(string: &str, out: &mut String) -> Option<()> {
    out.push_str(&serde_json::to_string(string).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16() {
        // RFC 8785, 3.2.3: a character outside the basic plane sorts by its surrogates.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "ö": 7});
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical(&value).unwrap(), expected);
    }

    #[test]
    fn numbers_are_exact_integers_or_refused() {
        assert_eq!(canonical(&json!([0, -1, 9_007_199_254_740_991_u64])).unwrap(), "[0,-1,9007199254740991]");
        for wrong in [json!(1.5), json!(1e300), json!(u64::MAX), json!(i64::MIN)] {
            assert_eq!(canonical(&wrong), None);
        }
    }

    proptest! {
        #[test]
        fn the_form_reads_back_and_is_stable(names in proptest::collection::vec(".{0,8}", 0..8), texts in proptest::collection::vec(".{0,20}", 8)) {
            let value: Json = names.iter().cloned().zip(texts.iter().map(|text| json!([text, null, true]))).collect();
            let once = canonical(&value).unwrap();
            let read: Json = serde_json::from_str(&once).unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(canonical(&read).unwrap(), once);
        }
    }
}
