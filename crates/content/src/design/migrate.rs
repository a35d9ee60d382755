//! Older versions of the document become the current one, a step for each version.

use serde_json::Value;

use super::Fault;

/// The current version of the document.
pub const VERSION: u32 = 2;

/// Changes a document of version `n` (its place in [`STEPS`] plus one) into one of version `n + 1`.
type Step = fn(&mut Value);

/// The chain: `STEPS[0]` leads from version 1 to version 2, and so on.
const STEPS: &[Step] = &[locks];

/// Version 2 knows rows that are locked. In version 1 none was, whatever a hand wrote there.
fn locks(value: &mut Value) {
    for row in value.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(members) = row.as_object_mut() {
            members.remove("locked");
        }
    }
}

/// A document of the current version.
pub(super) fn to_current(value: Value) -> Result<Value, Vec<Fault>> {
    along(STEPS, value)
}

fn along(steps: &[Step], mut value: Value) -> Result<Value, Vec<Fault>> {
    let fault = |at: &str, detail: String| Err(vec![Fault { at: at.to_owned(), detail }]);
    let Some(members) = value.as_object() else {
        return fault("", "a document is a JSON object".to_owned());
    };
    let newest = steps.len() as u64 + 1;
    let found = match members.get("v") {
        None => return fault("/v", "is missing: write the version of the document, \"v\": 2".to_owned()),
        Some(version) => version.as_u64(),
    };
    let Some(mut version) = found.filter(|version| (1..=newest).contains(version)) else {
        return fault("/v", format!("this Barid reads documents of the versions 1 to {newest}"));
    };
    while version < newest {
        if let Some(step) = steps.get(version as usize - 1) {
            step(&mut value);
        }
        version += 1;
        value["v"] = version.into();
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renames(value: &mut Value) {
        let name = value["name"].take();
        value["title"] = name;
        if let Some(members) = value.as_object_mut() {
            members.remove("name");
        }
    }

    fn doubles(value: &mut Value) {
        value["width"] = (value["width"].as_u64().unwrap_or_default() * 2).into();
    }

    #[test]
    fn each_version_takes_the_steps_it_still_needs() {
        let steps: &[Step] = &[renames, doubles];
        let newest = json!({ "v": 3, "title": "a", "width": 10 });
        for old in
            [json!({ "v": 1, "name": "a", "width": 5 }), json!({ "v": 2, "title": "a", "width": 5 }), newest.clone()]
        {
            assert_eq!(along(steps, old), Ok(newest.clone()));
        }
    }

    #[test]
    fn version_one_has_no_locks() {
        let old = json!({ "v": 1, "rows": [{ "id": "a", "locked": "yes" }, 7, { "id": "b" }] });
        assert_eq!(to_current(old), Ok(json!({ "v": 2, "rows": [{ "id": "a" }, 7, { "id": "b" }] })));
        let new = json!({ "v": 2, "rows": [{ "id": "a", "locked": true }] });
        assert_eq!(to_current(new.clone()), Ok(new));
        assert_eq!(to_current(json!({ "v": 1, "rows": 3 })), Ok(json!({ "v": 2, "rows": 3 })));
    }

    #[test]
    fn versions_that_are_missing_wrong_or_unknown_are_refused_at_their_place() {
        assert_eq!(VERSION as usize, STEPS.len() + 1);
        for (value, at) in [
            (json!([]), ""),
            (json!({}), "/v"),
            (json!({ "v": 0 }), "/v"),
            (json!({ "v": "1" }), "/v"),
            (json!({ "v": 1.5 }), "/v"),
            (json!({ "v": u64::MAX }), "/v"),
            (json!({ "v": VERSION + 1 }), "/v"),
        ] {
            assert_eq!(to_current(value).unwrap_err()[0].at, at);
        }
    }
}
