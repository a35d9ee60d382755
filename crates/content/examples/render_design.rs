//! Turns a document of the block editor into the HTML that people get, to look at it, and tells how long it
//! took: `cargo run --release -p barid-content --example render_design FILE.json > out.html`. Without a file it
//! measures a document of sixty blocks.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock")]

use std::time::Instant;

use content::design::Design;
use content::{Body, FieldCatalog, MergeValues, PlainLinks, Recipient, Rendered, Sender, Source, compile};
use serde_json::{Value, json};

const ROUNDS: u32 = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1);
    let value: Value = match &file {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => sixty(),
    };
    let design = Design::read(value).map_err(|faults| format!("{faults:#?}"))?;
    let source = Source {
        language: design.lang.clone(),
        body: Body::Design(Box::new(design)),
        text: None,
        subject: "A design".to_owned(),
        preheader: None,
    };
    let catalog = FieldCatalog::standard();
    let start = Instant::now();
    let compiled = compile(&source, &catalog).map_err(|problems| format!("{problems:#?}"))?;
    for found in compiled.warnings().iter().chain(compiled.unfinished()) {
        eprintln!("{found}");
    }
    let first = start.elapsed();
    let (values, sender, links) = reader(&source)?;
    let mut out = Rendered::default();
    if file.is_some() {
        compiled.render(&Recipient { values: &values, sender: &sender }, &links, &mut out)?;
        println!("{}", out.html);
        eprintln!("{}", out.text);
        return Ok(());
    }
    let start = Instant::now();
    for _ in 0..ROUNDS {
        compile(&source, &catalog).map_err(|problems| format!("{problems:#?}"))?;
    }
    let each = start.elapsed() / ROUNDS;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        compiled.render(&Recipient { values: &values, sender: &sender }, &links, &mut out)?;
    }
    let message = start.elapsed() / ROUNDS;
    println!(
        "60 blocks, {} bytes of HTML: document to message {each:?} (the first {first:?}), each further reader {message:?}",
        out.html.len()
    );
    Ok(())
}

fn reader(source: &Source) -> Result<(MergeValues, Sender, PlainLinks), Box<dyn std::error::Error>> {
    let arabic = source.language.language() == "ar";
    let (name, address) = if arabic {
        ("لينا", "١٢ شارع النيل، القاهرة")
    } else {
        ("Lina", "12 River Road, Cairo")
    };
    let fields = [("first_name", name), ("email", "lina@example.org")];
    let values = MergeValues {
        fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..MergeValues::default()
    };
    let sender = Sender {
        postal_address: address.to_owned(),
        name: name.to_owned(),
        organisation: if arabic { "مكتبة ضفاف" } else { "Riverside Books" }.to_owned(),
        list_name: "News".to_owned(),
        reason: Some("You signed up for it.".to_owned()),
        today: "2026-11-21".parse()?,
    };
    let links = PlainLinks {
        unsubscribe: "https://b.example/u/token".to_owned(),
        preferences: "https://b.example/p/token".to_owned(),
        view: "https://b.example/v/token".to_owned(),
        base: std::env::var("DESIGN_BASE").unwrap_or_default(),
    };
    Ok((values, sender, links))
}

fn sixty() -> Value {
    let text = "A newsletter has sentences like this one, which are neither very short nor very long. ".repeat(4);
    let mut rows: Vec<Value> = (0..15)
        .map(|n| {
            json!({
                "id": format!("r{n}"), "layout": [1, 2],
                "cols": [
                    [{ "id": format!("i{n}"), "type": "image", "src": "https://example.org/a.jpg", "alt": "A picture" }],
                    [
                        { "id": format!("h{n}"), "type": "heading", "level": 2, "content": [{ "type": "text", "text": "A heading" }] },
                        { "id": format!("t{n}"), "type": "text", "content": { "type": "doc", "content": [
                            { "type": "paragraph", "content": [
                                { "type": "text", "text": text },
                                { "type": "merge", "attrs": { "field": "first_name", "fallback": "friend" } }
                            ] }
                        ] } },
                        { "id": format!("b{n}"), "type": "button", "label": "Read on", "url": "https://example.org/x" }
                    ]
                ]
            })
        })
        .collect();
    rows.push(json!({ "id": "end", "layout": [1], "cols": [[{ "id": "foot", "type": "footer" }]] }));
    json!({ "v": 1, "dir": "ltr", "lang": "en", "theme": { "dark": {} }, "rows": rows })
}
