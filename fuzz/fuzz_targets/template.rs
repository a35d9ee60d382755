//! Authors' MJML and HTML with merge tags of both notations, compiled and rendered with hostile values.
#![no_main]

use std::collections::BTreeMap;

use content::{Body, FieldCatalog, MergeValues, PlainLinks, Recipient, Rendered, Sender, Source, compile};
use libfuzzer_sys::fuzz_target;

const HOSTILE: &str = "\"><script>\r\nBcc: x@example.org\u{202e}{{ first_name }}*|FNAME|*";

fuzz_target!(|input: (bool, &str, &str)| {
    let (mjml, subject, body) = input;
    let body = if mjml { Body::Mjml(body.to_owned()) } else { Body::Html(body.to_owned()) };
    let Ok(language) = "ar".parse() else { return };
    let source = Source { body, text: None, subject: subject.to_owned(), preheader: None, language };
    let catalog = FieldCatalog::standard();
    let Ok(compiled) = compile(&source, &catalog) else { return };
    let fields = compiled.fields().iter().map(|name| (name.clone(), HOSTILE.to_owned()));
    let values = MergeValues { fields: fields.collect::<BTreeMap<_, _>>(), ..MergeValues::default() };
    let Ok(today) = "2026-11-21T00:00:00Z".parse::<kernel::Timestamp>() else { return };
    let sender = Sender {
        postal_address: "1 Street".to_owned(),
        name: "Sender".to_owned(),
        organisation: "Organisation".to_owned(),
        list_name: "List".to_owned(),
        reason: None,
        today: today.date(),
    };
    let link = || "https://example.org/".to_owned();
    let links = PlainLinks { unsubscribe: link(), preferences: link(), view: link(), base: String::new() };
    let mut rendered = Rendered::default();
    if compiled.render(&Recipient { values: &values, sender: &sender }, &links, &mut rendered).is_ok() {
        assert!(!rendered.subject.contains(['\r', '\n']));
    }
});
