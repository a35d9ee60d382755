//! Documents as text for people: one line per value, indented by nesting.

use std::fmt::Write;

use serde_json::Value as Json;

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::Null => Some("-".to_owned()),
        Json::Bool(true) => Some("yes".to_owned()),
        Json::Bool(false) => Some("no".to_owned()),
        Json::Number(number) => Some(number.to_string()),
        // Values come from people; a terminal must not obey them.
        Json::String(text) => {
            Some(text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect())
        }
        Json::Array(items) if items.is_empty() => Some("none".to_owned()),
        Json::Object(fields) if fields.is_empty() => Some("none".to_owned()),
        Json::Array(items) => {
            let all: Option<Vec<String>> = items
                .iter()
                .map(|item| (!item.is_object() && !item.is_array()).then(|| scalar(item)).flatten())
                .collect();
            all.map(|all| all.join(", "))
        }
        Json::Object(_) => None,
    }
}

fn write(out: &mut String, value: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('_', " ");
                if let Some(text) = scalar(value) {
                    _ = writeln!(out, "{indent}{name}: {}", text.replace('\n', &format!("\n{indent}  ")));
                } else {
                    _ = writeln!(out, "{indent}{name}:");
                    write(out, value, depth + 1);
                }
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(text) = scalar(item) {
                    _ = writeln!(out, "{indent}{text}");
                } else {
                    if index > 0 {
                        out.push('\n');
                    }
                    write(out, item, depth);
                }
            }
        }
        other => _ = writeln!(out, "{indent}{}", scalar(other).unwrap_or_default()),
    }
}

/// A document as indented lines.
pub fn lines(value: &Json) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_read_like_lists() {
        let document = json!({"a_b": 1, "list": ["x", true], "none": [], "deep": {"c": null}, "rows": [{"d": "e\u{1b}[31m"}, {"d": 2}]});
        assert_eq!(
            lines(&document),
            "a b: 1\ndeep:\n  c: -\nlist: x, yes\nnone: none\nrows:\n  d: e\u{fffd}[31m\n\n  d: 2\n"
        );
    }
}
