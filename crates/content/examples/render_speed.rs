//! How long one rendering takes: `cargo run --release -p barid-content --example render_speed`.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock")]

use std::time::Instant;

use content::{Body, FieldCatalog, MergeValues, PlainLinks, Recipient, Rendered, Sender, Source, compile};
use kernel::Locale;

const ROUNDS: u32 = 200_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let filler = "<p>Some sentences that are the same for everybody, as most of a newsletter is.</p>".repeat(50);
    let html = format!(
        "<html><body><h1>Hi {{{{ first_name | fallback: \"friend\" }}}}</h1>{filler}<p>{{{{ first_name | upper | fallback: \"friend\" }}}}, \
         {{{{ company | fallback: \"you\" }}}}, {{{{ email }}}}, {{{{ country | fallback: \"-\" }}}}</p><a href=\"https://example.org/1\">1</a>\
         <a href=\"https://example.org/2?a=1&amp;b=2\">2</a><a href=\"https://example.org/3?c={{{{ country | fallback: \"-\" }}}}\">3</a>\
         <a href=\"{{{{ unsubscribe_url }}}}\">out</a> {{{{ postal_address }}}}</body></html>"
    );
    let source = Source {
        body: Body::Html(html),
        text: None,
        subject: "Hi *|FNAME|*".to_owned(),
        preheader: None,
        language: Locale::en(),
    };
    let compiled = compile(&source, &FieldCatalog::standard()).map_err(|problems| format!("{problems:?}"))?;
    let fields = [("first_name", "Lina"), ("email", "lina@example.org"), ("country", "EG"), ("company", "A & B")];
    let values = MergeValues {
        fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..MergeValues::default()
    };
    let sender = Sender {
        postal_address: "1 River Road, Cairo".to_owned(),
        name: "Lina".to_owned(),
        organisation: "Org".to_owned(),
        list_name: "News".to_owned(),
        reason: None,
        today: "2026-11-21".parse()?,
    };
    let links = PlainLinks {
        unsubscribe: "https://b.example/u/token".to_owned(),
        preferences: "https://b.example/p/token".to_owned(),
        view: "https://b.example/v/token".to_owned(),
        base: "https://b.example".to_owned(),
    };
    let mut out = Rendered::default();
    let start = Instant::now();
    for _ in 0..ROUNDS {
        compiled.render(&Recipient { values: &values, sender: &sender }, &links, &mut out)?;
    }
    let each = start.elapsed() / ROUNDS;
    println!("{} bytes of HTML, {} bytes of text: {each:?} a message", out.html.len(), out.text.len());
    Ok(())
}
