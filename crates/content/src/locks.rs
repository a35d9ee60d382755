//! Rows that are locked: who may not change them finds them as they were, in every language, whatever way the change
//! came. A message may be written around them; what begins it and what ends it stays there.

use std::collections::BTreeMap;

use kernel::{Code, FieldProblem, Locale, Problem};

use crate::design::{Block, Design, Fault, Row};
use crate::source::{Body, Source};

/// What is said of each place.
const CHANGED: &str = "this row is locked: leave it as it is, or ask somebody who may change locked rows";
const REMOVED: &str = "this row is locked and was taken away: put it back, or ask somebody who may change locked rows";
const MOVED: &str = "this row is locked and stands elsewhere: put it back, or ask somebody who may change locked rows";

/// The locked rows with their places.
fn locked(design: &Design) -> impl Iterator<Item = (usize, &Row)> {
    design.rows.iter().enumerate().filter(|(_, row)| row.locked)
}

fn place(design: &Design, id: &str) -> Option<usize> {
    design.rows.iter().position(|row| row.id == id)
}

/// What a change did to locked rows. Places are those of the new document; of a row that is gone, of the old one.
pub fn touched(before: &Design, after: &Design) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut last = None;
    for (old, row) in locked(before) {
        let Some(new) = place(after, &row.id) else {
            faults.push(Fault { at: format!("/rows/{old}"), detail: REMOVED.to_owned() });
            continue;
        };
        if let Some(other) = after.rows.get(new).filter(|other| *other != row) {
            faults.push(Fault { at: first_difference(new, row, other), detail: CHANGED.to_owned() });
        }
        if last.is_some_and(|last| new < last) {
            faults.push(Fault { at: format!("/rows/{new}"), detail: MOVED.to_owned() });
        }
        last = Some(new);
    }
    if faults.is_empty() {
        faults.extend(edges(before, after));
    }
    faults
}

/// What opens the message and what closes it, before the footer, goes on doing so.
fn edges(before: &Design, after: &Design) -> Vec<Fault> {
    let is_footer = |row: &&Row| row.cols.iter().flatten().any(|block| matches!(block, Block::Footer(_)));
    let opens = |rows: &[Row]| rows.iter().take_while(|row| row.locked).map(|row| row.id.clone()).collect::<Vec<_>>();
    let closes = |rows: &[Row]| {
        let without_footer = rows.iter().rev().skip_while(|row| is_footer(row) && !row.locked);
        without_footer.take_while(|row| row.locked).map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    // Where nothing but locked rows is, none of them is told to be the beginning or the end.
    if before.rows.iter().all(|row| row.locked || is_footer(&row)) {
        return Vec::new();
    }
    // A longer beginning is no harm: somebody may have taken away what stood between two locked rows.
    let kept = |old: Vec<String>, new: Vec<String>| {
        old.into_iter().enumerate().find(|(at, id)| new.get(*at) != Some(id)).map(|(_, id)| id)
    };
    [kept(opens(&before.rows), opens(&after.rows)), kept(closes(&before.rows), closes(&after.rows))]
        .into_iter()
        .flatten()
        .filter_map(|id| place(after, &id))
        .map(|at| Fault { at: format!("/rows/{at}"), detail: MOVED.to_owned() })
        .collect()
}

/// Where two states of a row begin to differ.
fn first_difference(at: usize, old: &Row, new: &Row) -> String {
    let blocks = old.cols.iter().zip(&new.cols).enumerate().find_map(|(c, (was, is))| {
        let differs = (0..was.len().max(is.len())).find(|b| was.get(*b) != is.get(*b))?;
        Some(format!("/rows/{at}/cols/{c}/{differs}"))
    });
    let own = [
        ("locked", old.locked != new.locked),
        ("layout", old.layout != new.layout || old.cols.len() != new.cols.len()),
        ("stack", old.stack != new.stack),
        ("style", old.style != new.style),
        ("visible_if", old.visible_if != new.visible_if),
    ];
    match (own.iter().find(|(_, differs)| *differs), blocks) {
        (Some((member, _)), _) => format!("/rows/{at}/{member}"),
        (None, Some(block)) => block,
        (None, None) => format!("/rows/{at}"),
    }
}

/// What became of a locked design; as code it has lost every locked row.
fn of_body(before: &Body, after: &Body) -> Vec<Fault> {
    match (before, after) {
        (Body::Design(before), Body::Design(after)) => touched(before, after),
        (Body::Design(before), Body::Mjml(_) | Body::Html(_)) => {
            locked(before).map(|(at, _)| Fault { at: format!("/rows/{at}"), detail: REMOVED.to_owned() }).collect()
        }
        (Body::Mjml(_) | Body::Html(_), _) => Vec::new(),
    }
}

/// Refuses a change of a message that touches locked rows in any of its languages. A language that is new is held
/// against the first one: it carries the same locked rows. A language may be given up as a whole.
///
/// # Errors
/// `forbidden`, a field for each place, such as `design:/rows/0/cols/0/1` or `variants.ar.design:/rows/3`.
pub fn kept(
    (before, others_before): (&Source, &BTreeMap<Locale, Source>),
    (after, others_after): (&Source, &BTreeMap<Locale, Source>),
) -> Result<(), Problem> {
    let known = |language: &Locale| {
        let own = (before.language == *language).then_some(before);
        own.or_else(|| others_before.get(language)).unwrap_or(before)
    };
    let mut fields = faults(&known(&after.language).body, &after.body, "");
    for (language, source) in others_after {
        fields.extend(faults(&known(language).body, &source.body, &format!("variants.{language}.")));
    }
    refused(fields)
}

/// Refuses a change of a document that touches locked rows.
///
/// # Errors
/// As [`kept`].
pub fn kept_in(before: &Design, after: &Design) -> Result<(), Problem> {
    let named = touched(before, after).into_iter().map(|fault| named(fault, "")).collect();
    refused(named)
}

fn faults(before: &Body, after: &Body, prefix: &str) -> Vec<FieldProblem> {
    of_body(before, after).into_iter().map(|fault| named(fault, prefix)).collect()
}

fn named(fault: Fault, prefix: &str) -> FieldProblem {
    FieldProblem { field: format!("{prefix}design:{}", fault.at), detail: fault.detail }
}

fn refused(fields: Vec<FieldProblem>) -> Result<(), Problem> {
    let Some(first) = fields.first() else { return Ok(()) };
    let detail = format!("{}: {}", first.field, first.detail);
    Err(Problem { fields, ..Problem::new(Code::Forbidden, detail) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text(id: &str, words: &str) -> Value {
        json!({ "id": id, "type": "text", "align": "start", "content": { "type": "doc", "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": words }] }] } })
    }

    fn row(id: &str, locked: bool, blocks: Value) -> Value {
        let mut row = json!({ "id": id, "layout": [1], "stack": "normal", "style": {}, "cols": [blocks] });
        if locked {
            row["locked"] = json!(true);
        }
        row
    }

    fn design(rows: Vec<Value>) -> Design {
        let theme = json!({ "width": 600, "font": "plex", "radius": 8, "bg": "#ffffff", "surface": "#ffffff",
            "text": "#000000", "link": "#0000aa", "brand": "#0000aa", "dark": null });
        let footer = row(
            "end",
            false,
            json!([{ "id": "foot", "type": "footer", "text": "", "view_link": false,
            "notice": false, "align": "center" }]),
        );
        let rows: Vec<Value> = rows.into_iter().chain([footer]).collect();
        Design::read(json!({ "v": 2, "dir": "ltr", "lang": "en", "theme": theme, "preheader": "", "rows": rows }))
            .unwrap()
    }

    fn head() -> Value {
        row("head", true, json!([text("a", "Nur"), text("b", "News")]))
    }

    fn body(id: &str) -> Value {
        row(id, false, json!([text(&format!("{id}-t"), "words")]))
    }

    fn close() -> Value {
        row("close", true, json!([text("z", "Yours")]))
    }

    fn at(before: &Design, after: &Design) -> Vec<String> {
        touched(before, after).into_iter().map(|fault| fault.at).collect()
    }

    #[test]
    fn everything_around_locked_rows_can_be_written() {
        let before = design(vec![head(), body("one"), close()]);
        for rows in [
            vec![head(), body("one"), close()],
            vec![head(), close()],
            vec![head(), body("two"), body("one"), body("three"), close()],
        ] {
            assert_eq!(at(&before, &design(rows)), Vec::<String>::new());
        }
        let frame = design(vec![head(), close()]);
        assert_eq!(at(&frame, &design(vec![head(), body("one"), close()])), Vec::<String>::new());
    }

    #[test]
    fn a_locked_row_is_not_changed_moved_or_removed() {
        let before = design(vec![head(), body("one"), close()]);
        let told = |rows| at(&before, &design(rows));
        let rewritten = row("head", true, json!([text("a", "Nur"), text("b", "Offers")]));
        assert_eq!(told(vec![rewritten, body("one"), close()]), ["/rows/0/cols/0/1"]);
        let shorter = row("head", true, json!([text("a", "Nur")]));
        assert_eq!(told(vec![shorter, body("one"), close()]), ["/rows/0/cols/0/1"]);
        let unlocked = row("head", false, json!([text("a", "Nur"), text("b", "News")]));
        assert_eq!(told(vec![unlocked, body("one"), close()]), ["/rows/0/locked"]);
        let mut hidden = head();
        hidden["visible_if"] = json!("tag \"vip\"");
        assert_eq!(told(vec![hidden, body("one"), close()]), ["/rows/0/visible_if"]);
        assert_eq!(told(vec![body("one"), close()]), ["/rows/0"]);
        assert_eq!(told(vec![close(), body("one"), head()]), ["/rows/0"]);
        // Something before what begins the message, something behind what ends it.
        assert_eq!(told(vec![body("two"), head(), body("one"), close()]), ["/rows/1"]);
        assert_eq!(told(vec![head(), body("one"), close(), body("two")]), ["/rows/2"]);
    }

    #[test]
    fn every_language_is_held_to_it() {
        let source = |language: &str, body: Body| Source {
            body,
            text: None,
            subject: "s".to_owned(),
            preheader: None,
            language: language.parse().unwrap(),
        };
        let whole = || Body::Design(Box::new(design(vec![head(), body("one")])));
        let bare = || Body::Design(Box::new(design(vec![body("one")])));
        let (en, none) = (source("en", whole()), BTreeMap::new());
        let with = |body| BTreeMap::from([("ar".parse::<Locale>().unwrap(), source("ar", body))]);
        let fields = |after: &Source, others: &BTreeMap<Locale, Source>| {
            let problem = kept((&en, &none), (after, others)).unwrap_err();
            assert_eq!(problem.code, Code::Forbidden);
            problem.fields.into_iter().map(|field| field.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&source("en", bare()), &none), ["design:/rows/0"]);
        assert_eq!(fields(&source("en", Body::Html("<p>x</p>".to_owned())), &none), ["design:/rows/0"]);
        assert_eq!(fields(&en, &with(bare())), ["variants.ar.design:/rows/0"]);
        // Naming the other language the first one is no way around it.
        assert_eq!(fields(&source("ar", bare()), &none), ["design:/rows/0"]);
        kept((&en, &none), (&en, &with(whole()))).unwrap();
        kept((&en, &with(whole())), (&en, &none)).unwrap();
    }

    proptest::proptest! {
        #[test]
        fn a_document_never_offends_against_itself(count in 0_usize..6, locks in 0_u8..64) {
            let rows = (0..count).map(|at| {
                let id = format!("r{at}");
                row(&id, locks & (1 << at) != 0, json!([text(&format!("{id}-t"), "x")]))
            }).collect();
            let design = design(rows);
            proptest::prop_assert!(touched(&design, &design).is_empty());
        }
    }
}
