//! Documents of the block editor: what is refused and where, what is mended, and that every document that can
//! be reached becomes a whole message.

use content::design::{Block, Design, Fault, repair};
use content::{Body, Compiled, Element, FindingCode, Severity, Source, compile};
use kernel::Locale;
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Value, json};

use crate::support::{catalog, compiled, render, tracked, values};

fn doc(text: &str) -> Value {
    json!({ "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": text }] }] })
}

fn footer_row() -> Value {
    json!({ "id": "end", "layout": [1], "cols": [[{ "id": "foot", "type": "footer" }]] })
}

/// A document of these blocks in one column, and the footer.
fn with(blocks: Value) -> Value {
    json!({ "v": 1, "dir": "ltr", "lang": "en", "rows": [{ "id": "r", "layout": [1], "cols": [blocks] }, footer_row()] })
}

/// Every block once.
fn blocks() -> Vec<Value> {
    vec![
        json!({ "id": "h", "type": "heading", "level": 1, "content": [{ "type": "text", "text": "Hello <you>" }] }),
        json!({ "id": "t", "type": "text", "content": { "type": "doc", "content": [
            { "type": "paragraph", "attrs": { "textAlign": null }, "content": [
                { "type": "text", "text": "Dear " },
                { "type": "merge", "attrs": { "field": "first_name", "fallback": "friend" }, "marks": [{ "type": "bold" }] },
                { "type": "hardBreak" },
                { "type": "text", "text": "see ", "marks": [{ "type": "link", "attrs": { "href": "https://a.example/?x=1&y=2" } }] },
                { "type": "text", "text": "this", "marks": [{ "type": "italic" }, { "type": "link", "attrs": { "href": "https://a.example/?x=1&y=2" } }] }
            ] },
            { "type": "bulletList", "content": [
                { "type": "listItem", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "one" }] }] },
                { "type": "listItem", "content": [
                    { "type": "paragraph", "content": [{ "type": "text", "text": "two" }] },
                    { "type": "orderedList", "attrs": { "start": 3, "type": null }, "content": [
                        { "type": "listItem", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "inner" }] }] }
                    ] }
                ] }
            ] },
            { "type": "blockquote", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "said", "marks": [
                { "type": "underline" }, { "type": "strike" }, { "type": "textStyle", "attrs": { "color": "#a00" } }] }] }] },
            { "type": "paragraph" }
        ] } }),
        json!({ "id": "b", "type": "button", "label": "Buy \"now\"", "url": "https://a.example/buy", "style": "outline" }),
        json!({ "id": "i", "type": "image", "src": "/i/ws_1/img_1", "alt": "A red door", "url": "https://a.example/door" }),
        json!({ "id": "deco", "type": "image", "src": "https://a.example/line.png", "decorative": true }),
        json!({ "id": "d", "type": "divider", "style": "dashed" }),
        json!({ "id": "s", "type": "spacer", "height": 20 }),
        json!({ "id": "so", "type": "social", "items": [{ "network": "youtube", "url": "https://v.example/us" }] }),
        json!({ "id": "m", "type": "menu", "items": [{ "label": "Shop", "url": "https://a.example/shop" }] }),
        json!({ "id": "v", "type": "video", "url": "https://v.example/1", "thumbnail": "https://v.example/1.jpg", "alt": "A film" }),
        json!({ "id": "ta", "type": "table", "header": true, "rows": [["Size", "Price"], ["S", "10"]] }),
        json!({ "id": "p", "type": "product", "columns": 2, "label": "Buy", "items": [
            { "name": "Cup", "text": "Blue", "price": "5", "old_price": "7", "image": "https://a.example/c.png", "url": "https://a.example/cup" },
            { "name": "Plate" }, { "name": "Bowl" }] }),
        json!({ "id": "q", "type": "quote", "content": doc("Good."), "cite": "Sara" }),
        json!({ "id": "c", "type": "code", "html": "<p>raw<script>x()</script> {{ first_name | fallback: \"you\" }}<br></p>" }),
        json!({ "id": "bo", "type": "booking", "label": "Choose a time", "url": "https://a.example/book" }),
        json!({ "id": "si", "type": "signup", "label": "Join", "url": "{{ website | fallback: \"https://a.example/\" }}" }),
    ]
}

fn whole() -> Value {
    with(Value::Array(blocks()))
}

fn read(value: Value) -> Design {
    Design::read(value).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn source(design: Design) -> Source {
    Source {
        language: design.lang.clone(),
        body: Body::Design(Box::new(design)),
        text: None,
        subject: "News".to_owned(),
        preheader: None,
    }
}

fn faults(value: Value) -> Vec<Fault> {
    Design::read(value).expect_err("the document is wrong")
}

fn place(value: Value) -> String {
    let found = faults(value);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].at.clone()
}

fn codes(compiled: &Compiled) -> Vec<(FindingCode, &str)> {
    compiled.unfinished().iter().map(|found| (found.code, found.at.as_deref().unwrap())).collect()
}

#[test]
fn every_block_becomes_html_and_text() {
    let design = read(whole());
    let kinds: Vec<_> = design.blocks().map(|(_, block)| block.kind()).collect();
    assert!(Block::TYPES.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    let source = source(design);
    let compiled = compiled(&source);
    assert_eq!(compiled.elements().missing(Element::MARKETING), [""; 0]);
    assert_eq!(codes(&compiled), []);
    assert_eq!(compiled.fields(), ["first_name", "website"]);
    let out = render(&source, &values(&[("first_name", "Lina & Co")]));
    for part in [
        "<title>News</title>",
        "Hello &lt;you&gt;</h1>",
        "<strong>Lina &amp; Co</strong>",
        "<em>this</em></a>",
        "<ol start=\"3\"",
        "https://b.example/i/ws_1/img_1",
        "alt=\"A red door\"",
        "Buy &quot;now&quot;",
        "alt=\"\"",
        "YouTube",
        "A film",
        ">Size</th>",
        "<s",
        "— Sara",
        "<p>raw Lina &amp; Co<br",
        "href=\"https://b.example/u/tok?a=1&amp;b=2\"",
    ] {
        assert!(out.html.contains(part), "{part}\n{}", out.html);
    }
    assert!(!out.html.contains("<script") && !out.html.contains('\u{E0F0}') && !out.html.contains("googleapis"));
    assert_eq!(
        out.text,
        "Hello <you>\n\nDear Lina & Co\nsee this (https://a.example/?x=1&y=2)\n\n- one\n- two\n  3. inner\n\n> said\n\n\
         Buy \"now\"\nhttps://a.example/buy\n\n[A red door]\nhttps://a.example/door\n\n----------\n\n\
         YouTube: https://v.example/us\n\nShop: https://a.example/shop\n\nA film\nWatch the video\nhttps://v.example/1\n\n\
         Size | Price\nS | 10\n\nCup\nBlue\n5 (7)\nhttps://a.example/cup\n\nPlate\n\nBowl\n\n> Good.\n— Sara\n\n\
         raw Lina & Co\n\nChoose a time\nhttps://a.example/book\n\nJoin\nhttps://a.example/\n\n\
         1 River Road\nCairo\n\nUnsubscribe: https://b.example/u/tok?a=1&b=2\nYour preferences: https://b.example/p/tok\n"
    );
}

#[test]
fn links_know_their_block_and_count_apart() {
    let value = with(json!([
        { "id": "one", "type": "button", "label": "A", "url": "https://a.example/" },
        { "id": "two", "type": "button", "label": "B", "url": "https://a.example/" }
    ]));
    let source = source(read(value));
    let links: Vec<_> =
        compiled(&source).links().iter().map(|link| (link.number, link.block.clone().unwrap())).collect();
    assert_eq!(links, [(0, "one".to_owned()), (1, "two".to_owned())]);
    let out = tracked(&source, &values(&[]));
    for number in ["t/0?", "t/1?"] {
        assert!(out.html.contains(number) && out.text.contains(number), "{}", out.text);
    }
}

#[test]
fn arabic_runs_right_to_left_and_a_block_may_turn() {
    let mut value = whole();
    value["dir"] = json!("rtl");
    value["lang"] = json!("ar");
    value["rows"][0]["layout"] = json!([2, 1]);
    value["rows"][0]["stack"] = json!("none");
    value["rows"][0]["cols"] = json!([
        [{ "id": "a", "type": "text", "content": doc("مرحبًا بكم") }],
        [{ "id": "b", "type": "text", "dir": "ltr", "content": doc("In English") }]
    ]);
    let out = render(&source(read(value)), &values(&[]));
    assert!(out.html.contains("<html lang=\"ar\" dir=\"rtl\""), "{}", out.html);
    assert!(!out.html.contains("direction:ltr") && out.html.contains("direction:rtl"), "{}", out.html);
    assert!(out.html.contains("<div dir=\"ltr\"><p style=\"margin:0;text-align:left\">In English"), "{}", out.html);
    assert!(out.html.contains("text-align:right\">مرحبًا") && out.html.contains("إلغاء الاشتراك"), "{}", out.html);
    assert!(out.text.contains("إلغاء الاشتراك: https://b.example/u/"));
}

#[test]
fn links_keep_their_order_among_words_of_the_other_direction() {
    let items = json!([{ "network": "facebook", "url": "https://a.example/1", "label": "Facebook" },
        { "network": "x", "url": "https://a.example/2", "label": "X" }]);
    for (dir, lang, mark) in [("rtl", "ar", "&#8207;"), ("ltr", "en", "&#8206;")] {
        let mut document = with(json!([{ "id": "so", "type": "social", "items": items }]));
        document["dir"] = json!(dir);
        document["lang"] = json!(lang);
        let out = render(&source(read(document)), &values(&[]));
        let between = out.html.split("Facebook</a>").nth(1).and_then(|rest| rest.split("<a").next());
        let character = if dir == "rtl" { "\u{200F}" } else { "\u{200E}" };
        assert!(between.is_some_and(|between| between.contains(mark) || between.contains(character)), "{between:?}");
    }
}

#[test]
fn the_distance_around_a_film_does_not_come_between_its_parts() {
    let video = json!({ "id": "v", "type": "video", "url": "https://v.example/1", "thumbnail": "https://v.example/1.jpg",
        "alt": "A film", "padding": { "block": 40, "inline": 24 } });
    let out = render(&source(read(with(json!([video])))), &values(&[]));
    assert!(out.html.contains("padding:40px 24px 0px") && out.html.contains("padding:10px 24px 40px"), "{}", out.html);
}

#[test]
fn what_is_missing_in_a_table_leaves_its_place() {
    let table = json!({ "id": "t", "type": "table", "rows": [["Day", "Price"], ["", " "]] });
    let product = json!({ "id": "p", "type": "product", "columns": 1, "items": [
        { "name": "Cup", "image": "https://a.example/c.png", "alt": "A cup" }, { "name": "Plate" }] });
    let out = render(&source(read(with(json!([table, product])))), &values(&[]));
    assert_eq!(out.html.matches(">&#160;</td>").count() + out.html.matches(">\u{A0}</td>").count(), 2, "{}", out.html);
    let plate = out.html.split("<td").find(|cell| cell.contains("Plate"));
    assert!(plate.is_some_and(|cell| cell.starts_with(" colspan=\"2\"")), "beside no picture: {plate:?}");
    let cup = out.html.split("<td").find(|cell| cell.contains("Cup"));
    assert!(cup.is_some_and(|cell| !cell.contains("colspan")), "{cup:?}");
}

#[test]
fn rows_are_shown_to_those_for_whom_their_condition_holds() {
    let mut value = with(json!([{ "id": "t", "type": "text", "content": doc("For gold") }]));
    value["rows"][0]["visible_if"] = json!("plan == \"gold\"");
    let source = source(read(value.clone()));
    assert_eq!(compiled(&source).fields(), ["plan"]);
    let gold = render(&source, &values(&[("plan", "gold")]));
    assert!(gold.html.contains("For gold") && gold.text.contains("For gold"));
    let other = render(&source, &values(&[]));
    assert!(!other.html.contains("For gold") && !other.text.contains("For gold") && other.text.contains("Unsubscribe"));
    value["rows"][0]["visible_if"] = json!("plam == 1");
    let found = compile(&self::source(read(value)), &catalog()).unwrap_err();
    assert_eq!((found[0].code, found[0].at.as_deref()), (FindingCode::UnknownField, Some("/rows/0/visible_if")));
}

#[test]
fn a_row_follows_a_saved_segment() {
    let segment = kernel::SegmentId([7; 16]);
    let mut value = with(json!([{ "id": "t", "type": "text", "content": doc("For members") }]));
    value["rows"][0]["visible_if"] = json!(format!("segment \"{segment}\" and not tag \"quiet\""));
    let message = source(read(value.clone()));
    let compiled = compiled(&message);
    let followed = &compiled.follows()[0];
    assert_eq!((followed.segment, followed.at.as_deref()), (segment, Some("/rows/0/visible_if")));
    assert_eq!((followed.gone().code, compiled.follows().len()), (FindingCode::UnknownSegment, 1));
    let member = content::MergeValues { segments: [segment].into(), ..values(&[]) };
    let shown = render(&message, &member);
    assert!(shown.html.contains("For members") && shown.text.contains("For members"));
    let stranger = render(&message, &values(&[]));
    assert!(!stranger.html.contains("For members") && !stranger.text.contains("For members"));
    value["rows"][0]["visible_if"] = json!("segment \"Members\"");
    let found = compile(&source(read(value)), &catalog()).unwrap_err();
    assert_eq!((found[0].code, found[0].at.as_deref()), (FindingCode::TagSyntax, Some("/rows/0/visible_if")));
}

#[test]
fn what_is_unfinished_is_kept_and_told_at_its_place() {
    let value = with(json!([
        { "id": "i", "type": "image", "src": "", "alt": " " },
        { "id": "b", "type": "button", "label": "Go", "url": "" },
        { "id": "t", "type": "text", "content": { "type": "doc", "content": [{ "type": "paragraph", "content": [
            { "type": "merge", "attrs": { "field": "first_name", "fallback": "" } },
            { "type": "merge", "attrs": { "field": "organisation", "fallback": "" } },
            { "type": "merge", "attrs": { "field": "email", "fallback": "" } } ] }] } }
    ]));
    let compiled = compiled(&source(read(value)));
    assert_eq!(
        codes(&compiled),
        [
            (FindingCode::MissingAlt, "/rows/0/cols/0/0/alt"),
            (FindingCode::MissingImage, "/rows/0/cols/0/0/src"),
            (FindingCode::MissingUrl, "/rows/0/cols/0/1/url"),
            (FindingCode::MissingFallback, "/rows/0/cols/0/2/content/content/0/content/0/attrs/fallback"),
        ]
    );
    assert!(compiled.unfinished().iter().all(|found| found.severity == Severity::Error));
}

#[test]
fn typed_tags_are_read_and_their_mistakes_have_a_place() {
    let text = "Dear {{ first_nam | fallback: \"x\" }}";
    let value = with(json!([{ "id": "t", "type": "text", "content": doc(text) }]));
    let found = compile(&source(read(value)), &catalog()).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    let found = &found[0];
    assert_eq!(found.at.as_deref(), Some("/rows/0/cols/0/0/content/content/0/content/0/text"));
    assert_eq!((found.code, found.line, found.column), (FindingCode::UnknownField, 1, 6));
    assert!(found.to_string().starts_with("design /rows/0/"), "{found}");
}

#[test]
fn warnings_name_what_an_author_should_know() {
    let mut value = with(json!([
        { "id": "h", "type": "heading", "level": 2, "content": [], "color": "#fefefe" },
        { "id": "b", "type": "button", "label": "Go", "url": "http://a.example/" },
        { "id": "c", "type": "code", "html": "<iframe src=x></iframe>" }
    ]));
    value["lang"] = json!("ar");
    let source = Source { language: Locale::en(), ..source(read(value)) };
    let compiled = compiled(&source);
    let found: Vec<_> =
        compiled.warnings().iter().map(|found| (found.code, found.at.as_deref().unwrap_or_default())).collect();
    for expected in [
        (FindingCode::Language, "/lang"),
        (FindingCode::EmptyBlock, "/rows/0/cols/0/0"),
        (FindingCode::LowContrast, "/rows/0/cols/0/0/color"),
        (FindingCode::NotHttps, "/rows/0/cols/0/1/url"),
        (FindingCode::Removed, "/rows/0/cols/0/2/html"),
    ] {
        assert!(found.contains(&expected), "{expected:?} {found:?}");
    }
}

#[test]
fn the_footer_carries_the_lawful_notice_when_it_is_asked_to() {
    let mut design = read(whole());
    let missing =
        |design: &Design| compiled(&source(design.clone())).elements().missing(Element::LEGITIMATE_INTEREST).len();
    assert_eq!(missing(&design), 6);
    design.carry_notice();
    assert_eq!(missing(&design), 0);
    let out = render(&source(design), &values(&[]));
    assert!(out.html.contains("style=\"color:inherit;text-decoration:underline\">"), "a link is read on every ground");
}

#[test]
fn a_preview_line_beside_the_document_goes_before_its_own() {
    let mut value = whole();
    value["preheader"] = json!("Inside");
    let inside = source(read(value));
    assert!(render(&inside, &values(&[])).html.contains(">Inside</div>"));
    let beside = Source { preheader: Some("Beside".to_owned()), ..inside };
    assert!(render(&beside, &values(&[])).html.contains(">Beside</div>"));
}

#[test]
fn faults_name_their_place() {
    let block = |block: Value| with(json!([block]));
    for (value, at) in [
        (json!(3), ""),
        (json!({ "v": 1 }), "/dir"),
        (json!({ "v": 1, "dir": "up", "lang": "en", "rows": [] }), "/dir"),
        (json!({ "v": 1, "dir": "ltr", "lang": "en", "rows": [] }), "/rows"),
        (block(json!("x")), "/rows/0/cols/0/0"),
        (block(json!({ "id": "x" })), "/rows/0/cols/0/0/type"),
        (block(json!({ "id": "x", "type": "blink" })), "/rows/0/cols/0/0/type"),
        (block(json!({ "id": "x", "type": "spacer", "height": 0 })), "/rows/0/cols/0/0/height"),
        (block(json!({ "id": "x", "type": "spacer", "height": "9" })), "/rows/0/cols/0/0/height"),
        (block(json!({ "id": "x", "type": "spacer" })), "/rows/0/cols/0/0/height"),
        (block(json!({ "id": "x", "type": "spacer", "height": 9, "a/b": 1 })), "/rows/0/cols/0/0/a~1b"),
        (block(json!({ "id": "", "type": "spacer", "height": 9 })), "/rows/0/cols/0/0/id"),
        (block(json!({ "id": "r", "type": "spacer", "height": 9 })), "/rows/0/cols/0/0/id"),
        (block(json!({ "id": "x", "type": "divider", "color": "red" })), "/rows/0/cols/0/0/color"),
        (block(json!({ "id": "x", "type": "button", "label": "", "url": "javascript:a()" })), "/rows/0/cols/0/0/url"),
        (block(json!({ "id": "x", "type": "image", "src": "/etc/passwd" })), "/rows/0/cols/0/0/src"),
        (block(json!({ "id": "x", "type": "image", "src": "data:image/png,x" })), "/rows/0/cols/0/0/src"),
        (block(json!({ "id": "x", "type": "table", "rows": [["a", "b"], ["c"]] })), "/rows/0/cols/0/0/rows/1"),
        (
            block(json!({ "id": "x", "type": "text", "content": { "type": "doc", "content": [{ "type": "image" }] } })),
            "/rows/0/cols/0/0/content/content/0/type",
        ),
        (
            block(
                json!({ "id": "x", "type": "heading", "level": 1, "content": [{ "type": "text", "text": "a", "marks": [
                { "type": "link", "attrs": { "href": "vbscript:x" } }] }] }),
            ),
            "/rows/0/cols/0/0/content/0/marks/0/attrs/href",
        ),
        (
            block(
                json!({ "id": "x", "type": "heading", "level": 1, "content": [{ "type": "text", "text": "a", "bold": true }] }),
            ),
            "/rows/0/cols/0/0/content/0/bold",
        ),
    ] {
        assert_eq!(place(value.clone()), at, "{value}");
    }
    for (pointer, new, at) in [
        ("/rows/0/layout", json!([3]), "/rows/0/layout"),
        ("/rows/0/layout", json!([1, 1]), "/rows/0/cols"),
        ("/rows/1/visible_if", json!("plan"), "/rows/1/visible_if"),
        ("/rows/0/style", json!({ "bg": "#12345" }), "/rows/0/style/bg"),
        ("/rows/0/style", json!({ "padding": { "block": 121, "inline": 0 } }), "/rows/0/style/padding/block"),
        ("/theme", json!({ "width": 100 }), "/theme/width"),
        ("/theme", json!({ "colour": 1 }), "/theme/colour"),
        ("/extra", json!(1), "/extra"),
    ] {
        let mut value = with(json!([]));
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[key] = new;
        assert_eq!(place(value), at, "{pointer}");
    }
    let secret = "a-value-that-is-nobodys-business";
    let told = faults(block(json!({ "id": "x", "type": "spacer", "height": secret })));
    assert!(!format!("{told:?}").contains(secret));
}

#[test]
fn bounds_hold() {
    let rows = |count: usize| -> Value {
        let row = |n: usize| json!({ "id": format!("r{n}"), "layout": [1], "cols": [[]] });
        let mut all: Vec<Value> = (1..count).map(row).collect();
        all.push(footer_row());
        json!({ "v": 1, "dir": "ltr", "lang": "en", "rows": all })
    };
    read(rows(200));
    assert_eq!(place(rows(201)), "/rows");
    let many = |count: usize| {
        let block = |n: usize| json!({ "id": format!("b{n}"), "type": "spacer", "height": 1 });
        with((1..count).map(block).collect())
    };
    read(many(500));
    assert_eq!(place(many(501)), "/rows");
    let mut deep = json!({ "type": "paragraph" });
    for _ in 0..9 {
        deep = json!({ "type": "blockquote", "content": [deep] });
    }
    let deep = with(json!([{ "id": "t", "type": "text", "content": { "type": "doc", "content": [deep] } }]));
    assert!(place(deep).starts_with("/rows/0/cols/0/0/content/content/0/content"));
    let long = with(json!([{ "id": "t", "type": "text", "content": doc(&"x".repeat(20_001)) }]));
    assert!(place(long).ends_with("/text"));
    let huge: Vec<Value> = (0..30)
        .map(|n| json!({ "id": format!("t{n}"), "type": "text", "content": doc(&"x".repeat(20_000)) }))
        .collect();
    assert_eq!(place(with(huge.into())), "");
}

#[test]
fn a_document_survives_writing_and_reading() {
    let design = read(whole());
    assert_eq!(read(design.to_json()), design);
    let source = source(design);
    let stored = serde_json::to_string(&source).unwrap();
    assert_eq!(serde_json::from_str::<Source>(&stored).unwrap(), source);
}

#[test]
fn repair_adds_what_is_missing_and_tells_it() {
    let whole_already = repair(whole(), "en").unwrap();
    assert!(whole_already.repairs.is_empty());
    let value = json!({ "theme": { "fancy": true }, "rows": [
        { "layout": [1], "cols": [[{ "type": "spacer", "height": 5, "x": 1 }, { "id": "a", "type": "spacer", "height": 6 }]] },
        { "id": "a", "layout": [1], "cols": [[{ "type": "button", "label": "L", "url": "" }]] }
    ] });
    let mended = repair(value, "ar").unwrap();
    assert_eq!(mended.design.dir, content::design::Dir::Rtl);
    let kinds: Vec<_> = mended.design.blocks().map(|(_, block)| block.kind()).collect();
    assert_eq!(kinds, ["spacer", "spacer", "button", "footer"]);
    let told: Vec<_> = mended.repairs.iter().map(|repair| repair.at.as_str()).collect();
    for at in [
        "/v",
        "/lang",
        "/dir",
        "/rows/0/id",
        "/rows/0/cols/0/0/id",
        "/rows/1/id",
        "/rows/2",
        "/theme/fancy",
        "/rows/0/cols/0/0/x",
    ] {
        assert!(told.contains(&at), "{at} {told:?}");
    }
    let hostile = with(json!([{ "type": "button", "label": "", "url": "javascript:x" }]));
    assert_eq!(repair(hostile, "en").unwrap_err()[0].at, "/rows/0/cols/0/0/url");
}

/// Words as people and attackers write them; none begins a tag, which would rightly be told as a mistake.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Zء-ي ]{0,12}",
        2 => "[<>\"'&;:/=!\\-#%()\\[\\]a-z\\n\\t]{0,14}",
        1 => Just("</td></table><script>x()</script>".to_owned()),
        1 => Just("to\u{202E}\u{2067}turn<p>\u{202D}\u{2068}".to_owned()),
        1 => Just("\u{E0F0}0\u{E0F1}<!-- --> ]]> &#x3C;b&#62; &nbsp".to_owned()),
        1 => "\\PC{0,10}",
        1 => any::<char>().prop_map(|c| c.to_string()),
    ]
    .prop_map(|words| words.replace("{{", "{ {").replace("{%", "{ %"))
}

fn tags() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => words(),
        1 => Just("{{ first_name | fallback: \"<b>\" }}".to_owned()),
        1 => Just("{{ nobody }} {{".to_owned()),
        1 => Just("*|FNAME|* {% if plan %}x{% endif %}".to_owned()),
        1 => Just("{% if plan %}".to_owned()),
    ]
}

fn url() -> impl Strategy<Value = String> {
    prop_oneof![
        words().prop_map(|words| format!("https://a.example/{}", words.replace(char::is_control, ""))),
        Just("mailto:a@b.example?subject=a&body=\"><x>".to_owned()),
        Just("{{ unsubscribe_url }}".to_owned()),
        Just("http://a.example/\"onload='x'".to_owned()),
        Just(String::new()),
    ]
}

fn inline() -> impl Strategy<Value = Value> {
    let mark = prop_oneof![
        Just(json!({ "type": "bold" })),
        Just(json!({ "type": "strike" })),
        Just(json!({ "type": "textStyle", "attrs": { "color": "#fff" } })),
        url().prop_map(|url| json!({ "type": "link", "attrs": { "href": url } })),
    ];
    let marks = prop::collection::vec(mark, 0..3);
    prop_oneof![
        4 => (words(), marks.clone()).prop_map(|(text, marks)| json!({ "type": "text", "text": text, "marks": marks })),
        1 => Just(json!({ "type": "hardBreak" })),
        1 => (words(), marks).prop_map(|(fallback, marks)| json!({
            "type": "merge", "attrs": { "field": "first_name", "fallback": fallback }, "marks": marks })),
    ]
}

fn rich() -> impl Strategy<Value = Value> {
    let line = prop::collection::vec(inline(), 0..4);
    let leaf = line.prop_map(|content| json!({ "type": "paragraph", "content": content })).boxed();
    let node = leaf.prop_recursive(3, 12, 3, |inner| {
        let nodes = prop::collection::vec(inner, 0..3);
        (nodes, 0..3).prop_map(|(nodes, kind)| match kind {
            0 => json!({ "type": "blockquote", "content": nodes }),
            1 => json!({ "type": "bulletList", "content": [{ "type": "listItem", "content": nodes }] }),
            _ => json!({ "type": "orderedList", "attrs": { "start": 7 }, "content": [{ "type": "listItem", "content": nodes }] }),
        })
    });
    prop::collection::vec(node, 0..3).prop_map(|content| json!({ "type": "doc", "content": content }))
}

fn block() -> impl Strategy<Value = Value> {
    let one = |value: BoxedStrategy<Value>| value;
    Union::new([
        one((prop::collection::vec(inline(), 0..3), 1..4).prop_map(|(content, level)| json!({ "type": "heading", "level": level, "content": content })).boxed()),
        one((rich(), prop_oneof![Just(Value::Null), Just(json!("#eee"))]).prop_map(|(content, color)| json!({ "type": "text", "content": content, "color": color, "align": "end" })).boxed()),
        one((words(), url(), any::<bool>(), 0..3usize).prop_map(|(label, url, wide, kind)| json!({ "type": (["button", "booking", "signup"][kind]), "label": label, "url": url, "wide": wide })).boxed()),
        one((words(), url(), any::<bool>()).prop_map(|(alt, url, decorative)| json!({ "type": "image", "src": "/i/ws/1", "alt": alt, "url": url, "decorative": decorative, "width": 90 })).boxed()),
        one(Just(json!({ "type": "divider", "width": 3 })).boxed()),
        one((1..200u16).prop_map(|height| json!({ "type": "spacer", "height": height })).boxed()),
        one((words(), url()).prop_map(|(label, url)| json!({ "type": "social", "items": [{ "network": "x", "url": url, "label": label }] })).boxed()),
        one((words(), url()).prop_map(|(label, url)| json!({ "type": "menu", "items": [{ "label": label, "url": url }] })).boxed()),
        one((words(), url()).prop_map(|(alt, url)| json!({ "type": "video", "url": url, "thumbnail": "https://a.example/'x\"", "alt": alt })).boxed()),
        one((words(), words()).prop_map(|(a, b)| json!({ "type": "table", "rows": [[a, b], [b, a]] })).boxed()),
        one((words(), url(), 1..4).prop_map(|(name, url, columns)| json!({ "type": "product", "columns": columns, "label": name, "items": [
            { "name": name, "text": name, "price": name, "old_price": name, "image": "/i/a", "alt": name, "url": url }, { "name": name }] })).boxed()),
        one((rich(), words()).prop_map(|(content, cite)| json!({ "type": "quote", "content": content, "cite": cite })).boxed()),
        one(words().prop_map(|html| json!({ "type": "code", "html": html })).boxed()),
        one((words(), any::<bool>()).prop_map(|(text, notice)| json!({ "type": "footer", "text": text, "notice": notice })).boxed()),
    ])
}

fn row() -> impl Strategy<Value = Value> {
    let layouts = prop_oneof![Just(vec![1]), Just(vec![1, 2]), Just(vec![1, 1, 1, 1])];
    layouts.prop_flat_map(|layout: Vec<u8>| {
        let columns = prop::collection::vec(prop::collection::vec(block(), 0..3), layout.len());
        let stack = prop_oneof![Just("normal"), Just("reverse"), Just("none")];
        let bg = prop_oneof![Just(json!({})), Just(json!({ "bg": "#102030" })), Just(json!({ "bg": "#fdf6ec" }))];
        let shown = prop_oneof![Just(Value::Null), Just(json!("plan == \"gold\" or tag \"vip\"")),
            Just(json!(format!("not segment \"{}\"", kernel::SegmentId([3; 16]))))];
        (columns, stack, bg, shown, any::<bool>()).prop_map(move |(cols, stack, style, shown, locked)| {
            json!({ "layout": layout, "cols": cols, "stack": stack, "style": style, "visible_if": shown, "locked": locked })
        })
    })
}

fn document() -> impl Strategy<Value = Value> {
    let dark = prop_oneof![Just(Value::Null), Just(json!({}))];
    (prop::collection::vec(row(), 0..5), any::<bool>(), dark, words()).prop_map(|(rows, rtl, dark, preheader)| {
        let (dir, lang) = if rtl { ("rtl", "ar") } else { ("ltr", "en") };
        json!({ "v": 2, "dir": dir, "lang": lang, "theme": { "dark": dark }, "preheader": preheader, "rows": rows })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever an editor can make becomes a message: valid MJML, both parts, the footer in each, nothing of an
    /// author's or a reader's words as markup.
    #[test]
    fn every_document_becomes_a_whole_message(value in document()) {
        let design = repair(value, "en").map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?.design;
        let rtl = design.dir == content::design::Dir::Rtl;
        let source = source(design);
        let compiled = compile(&source, &catalog()).map_err(|found| TestCaseError::fail(format!("{found:?}")))?;
        prop_assert_eq!(compiled.elements().missing(Element::MARKETING), [""; 0]);
        for plan in ["gold", ""] {
            let out = render(&source, &values(&[("first_name", "<x-evil a='1'>"), ("plan", plan)]));
            prop_assert!(out.html.contains("</html>") && out.text.contains("/u/tok"), "{}", out.html);
            prop_assert!(!out.html.contains("<x-evil") && !out.html.contains("<script") && !out.html.contains("<x>"), "{}", out.html);
            let mark = '\u{E0F0}';
            prop_assert!(!out.html.contains("onload='x'") && !out.html.contains(mark) && !out.text.contains(mark));
            prop_assert!(!rtl || !out.html.contains("direction:ltr"), "{}", out.html);
            let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!out.html.contains(turns) && !out.text.contains(turns), "{}", out.html);
        }
    }

    /// Merge tags typed by hand either work or are told with their place; nothing panics.
    #[test]
    fn typed_tags_work_or_are_told(text in tags(), label in tags(), html in tags()) {
        let value = with(json!([
            { "id": "t", "type": "text", "content": doc(&text) },
            { "id": "b", "type": "button", "label": label, "url": "https://a.example/" },
            { "id": "c", "type": "code", "html": html }
        ]));
        match compile(&source(read(value)), &catalog()) {
            Ok(compiled) => prop_assert_eq!(compiled.elements().missing(Element::MARKETING), [""; 0]),
            Err(found) => prop_assert!(
                found.iter().all(|found| found.at.as_deref().is_some_and(|at| at.starts_with("/rows/0/cols/0/"))),
                "{:?}", found
            ),
        }
    }

    /// No JSON makes the reader panic, and what it accepts it writes and reads again alike.
    #[test]
    fn no_json_panics(text in "[\\[\\]{}\",:a-z0-9 ]{0,60}", value in document(), key in "[a-z_]{0,6}") {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let _ = Design::read(value.clone());
            let _ = repair(value, "xx");
        }
        let mut value = value;
        if let Some(row) = value["rows"].get_mut(0) {
            row[key] = json!([text]);
        }
        let _ = Design::read(value.clone());
        if let Ok(mended) = repair(value, "en") {
            prop_assert_eq!(Design::read(mended.design.to_json()), Ok(mended.design));
        }
    }
}

#[test]
fn the_starters_are_complete_in_both_languages() {
    use content::starters;
    let english = starters::all(&Locale::en());
    let arabic = starters::all(&Locale::ar());
    assert_eq!(english.len(), 24);
    for (one, other) in english.iter().zip(&arabic) {
        assert_eq!(one.id, other.id);
        assert!(one.name.is_ascii() && !other.name.is_ascii() && !other.description.is_empty(), "{}", one.id);
        assert_eq!(one.design.dir == content::design::Dir::Rtl, one.language == Locale::ar(), "{}", one.id);
        assert!(one.id.ends_with(one.language.as_str()), "{}", one.id);
        let source = Source { subject: one.subject.to_owned(), ..source(one.design.clone()) };
        let compiled = compiled(&source);
        assert_eq!(compiled.elements().missing(Element::MARKETING), [""; 0], "{}", one.id);
        assert_eq!((compiled.unfinished(), compiled.warnings()), (&[][..], &[][..]), "{}", one.id);
        let known = |src: &str| src.strip_prefix("/i/starters/").is_some_and(|name| starters::picture(name).is_some());
        for (at, block) in one.design.blocks() {
            if let Block::Image(image) = block {
                assert!(known(&image.src), "{}{at}", one.id);
            }
        }
        for name in ["لينا", ""] {
            let out = render(&source, &values(&[("first_name", name)]));
            assert!(out.html.len() < 40_000 && out.text.len() > 300, "{}", one.id);
            assert!(one.language != Locale::ar() || !out.html.contains("direction:ltr"), "{}", one.id);
        }
    }
}

/// The API's document names each type once, and nothing that it refers to is missing.
#[test]
fn the_schemas_of_a_design_are_whole() {
    use utoipa::{PartialSchema, ToSchema};
    let mut named = vec![("Design".to_owned(), Design::schema())];
    <Design as ToSchema>::schemas(&mut named);
    let text = serde_json::to_string(&named).unwrap();
    for target in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        let found: Vec<_> = named.iter().filter(|(name, _)| name == target).collect();
        assert!(!found.is_empty(), "{target}");
        let same = |one: &&(String, _)| serde_json::to_value(&one.1).unwrap();
        assert!(found.iter().all(|one| same(one) == same(&found[0])), "{target}");
    }
    assert!(text.contains("RichListItem") && text.contains("ImageBlock"));
}
