use std::fmt::Write;

use super::build::{Activity, Record};
use crate::controller::Party;

/// The columns of the CSV.
const COLUMNS: [&str; 9] =
    ["code", "name", "concept", "basis", "role", "subjects", "retention", "tables", "recipients and transfers"];

fn cells(activity: &Activity) -> [String; 9] {
    let tables = activity.tables.iter().map(|table| format!("{} ({})", table.table, table.columns.join(", ")));
    let recipients = activity.recipients.iter().map(|one| {
        let mechanism = one.mechanism.map_or("", |mechanism| mechanism.as_str());
        format!("{}, {}, {} {}", one.name, one.location, mechanism, one.scheme.as_deref().unwrap_or_default())
            .trim()
            .to_owned()
    });
    [
        activity.code.clone(),
        activity.name.clone(),
        activity.concept.clone(),
        activity.basis.clone(),
        activity.role.to_owned(),
        activity.subjects.join(", "),
        activity.retention.clone(),
        tables.collect::<Vec<_>>().join("; "),
        recipients.collect::<Vec<_>>().join("; "),
    ]
}

/// A cell of CSV: quoted, and disarmed where a spreadsheet would take it for a formula.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// The record as CSV (RFC 4180), one line per activity, with a byte order mark for spreadsheets.
pub fn csv(record: &Record) -> String {
    let mut out = String::from("\u{feff}");
    let mut line = |cells: &[String]| {
        out.push_str(&cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    };
    line(&COLUMNS.map(str::to_owned));
    for activity in &record.activities {
        line(&cells(activity));
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn party(out: &mut String, title: &str, party: &Party) {
    let parts = [&party.name, &party.address, &party.email, &party.phone];
    let text = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    if !text.is_empty() {
        let _ = writeln!(out, "<dt>{title}</dt><dd>{}</dd>", escaped(&text));
    }
}

/// The record as one page to read, print or hand to an authority. It stands alone: nothing is loaded.
pub fn html(record: &Record) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Record of processing activities</title>\
         <style>body{font:1rem/1.5 sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse}\
         th,td{border:1px solid #999;padding:.3rem .5rem;text-align:start;vertical-align:top}dt{font-weight:600}\
         </style></head><body>\n<h1>Record of processing activities</h1>\n",
    );
    let _ = writeln!(out, "<p>GDPR Art. 30, as of {}</p>\n<dl>", record.at);
    party(&mut out, "Controller", &record.controller.controller);
    for joint in &record.controller.joint {
        party(&mut out, "Joint controller", joint);
    }
    if let Some(representative) = &record.controller.representative {
        party(&mut out, "Representative", representative);
    }
    if let Some(dpo) = &record.controller.dpo {
        party(&mut out, "Data protection officer", dpo);
    }
    for place in &record.controller.hosting {
        let _ = writeln!(out, "<dt>Hosting</dt><dd>{} {}</dd>", escaped(&place.what), escaped(&place.place));
    }
    out.push_str("</dl>\n");
    if !record.lacks.is_empty() {
        let _ = writeln!(out, "<p><strong>Missing: {}</strong></p>", record.lacks.join(", "));
    }
    out.push_str("<table><thead><tr>");
    for column in COLUMNS {
        let _ = write!(out, "<th>{column}</th>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for activity in &record.activities {
        out.push_str("<tr>");
        for cell in cells(activity) {
            let _ = write!(out, "<td dir=\"auto\">{}</td>", escaped(&cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n<h2>Measures (Art. 30(1)(g))</h2>\n<ul>\n");
    for measure in &record.measures {
        let _ = writeln!(out, "<li>{}</li>", escaped(measure));
    }
    out.push_str("</ul>\n</body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_in_a_spreadsheet_or_a_browser() {
        assert_eq!(quoted("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(escaped("<script>\"&"), "&lt;script&gt;&quot;&amp;");
    }
}
