use std::collections::BTreeMap;

use crate::support::{catalog, html, mjml, render, try_render, values};
use content::{CompiledVariants, Source, Variants, designs};
use kernel::Locale;

#[test]
fn the_root_tells_language_and_direction() {
    let fragment = render(&html("<p>x</p>"), &values(&[])).html;
    assert_eq!(
        fragment,
        "<!doctype html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\"></head><body><p>x</p></body></html>"
    );
    let wrong = Source {
        language: Locale::ar(),
        ..html(
            "<!DOCTYPE html>\n<HTML class=\"a\" lang=\"en\" dir='ltr'><head></head><body class=\"b\">x</body></html>",
        )
    };
    assert_eq!(
        render(&wrong, &values(&[])).html,
        "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\" class=\"a\"><head></head><body class=\"b\">x</body></html>"
    );
    let no_body = html("<html><head><title>t</title></head>x</html>");
    assert_eq!(
        render(&no_body, &values(&[])).html,
        "<html lang=\"en\" dir=\"ltr\"><head><title>t</title></head><body>x</body></html>"
    );
}

#[test]
fn arabic_mjml_runs_right_to_left() {
    let source =
        "<mjml><mj-body><mj-section><mj-column><mj-text>مرحبًا</mj-text></mj-column></mj-section></mj-body></mjml>";
    let out = render(&mjml(source, Locale::ar()), &values(&[])).html;
    assert!(out.contains("<html lang=\"ar\" dir=\"rtl\""), "{out}");
    assert!(!out.contains("direction:ltr") && out.contains("direction:rtl"), "{out}");
    assert!(out.contains("text-align:right"), "{out}");
    assert!(!out.contains("googleapis"));
    let out = render(&mjml(designs::NEWSLETTER_AR, Locale::ar()), &values(&[("first_name", "لينا")]));
    assert!(out.html.contains("مرحبًا لينا،") && !out.html.contains("direction:ltr"));
    assert!(out.text.contains("مرحبًا لينا،"), "{}", out.text);
}

#[test]
fn conditionals_between_components_choose_blocks() {
    let source = r#"<mjml><mj-body>{% if plan == "gold" %}<mj-section><mj-column><mj-text>GOLD</mj-text></mj-column></mj-section>{% else %}
        <mj-section><mj-column><mj-text>OTHER</mj-text>{% if phone %}<mj-text>PHONE</mj-text>{% endif %}</mj-column></mj-section>{% endif %}</mj-body></mjml>"#;
    let source = mjml(source, Locale::en());
    let gold = render(&source, &values(&[("plan", "gold"), ("phone", "1")]));
    assert!(gold.html.contains("GOLD") && !gold.html.contains("OTHER") && !gold.html.contains("PHONE"));
    assert_eq!(gold.text.trim(), "GOLD");
    let other = render(&source, &values(&[("phone", "1")]));
    assert!(!other.html.contains("GOLD") && other.html.contains("OTHER") && other.html.contains("PHONE"));
    assert!(!other.html.contains("<!---->"));
}

#[test]
fn the_text_part_is_made_from_the_html() {
    let source = html(
        r#"<head><title>no</title><style>p{}</style></head><h1>News  of
        May</h1><p>Dear <b>{{ first_name | fallback: "friend" }}</b>,<br>look at <a href="https://a.example/x?a=1&amp;b=2">our&nbsp;site</a>.</p>
        <div style="display: none">hidden</div><ul><li>one</li><li>two</li></ul><ol><li>first</li></ol>
        <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>{% if plan %}<p>Plan {{ plan | fallback: "" }}</p>{% endif %}
        <img src="x.png" alt="A logo"><img src="y.png" alt=""><hr><p>سلام &amp; محبة</p><a href="{{ unsubscribe_url }}">Unsubscribe</a><br>{{ postal_address }}
        <a href="https://c.example">https://c.example</a><a href="mailto:m@x.example">write</a><!--[if mso]><p>outlook</p><![endif]-->"#,
    );
    let expected = "News of May\n\nDear friend,\nlook at our site (https://a.example/x?a=1&b=2).\n\n- one\n- two\n\n1. first\n\na b\nc\n\nA logo\n\n----------\n\nسلام & محبة\n\nUnsubscribe (https://b.example/u/tok?a=1&b=2)\n1 River Road\nCairo https://c.example write (m@x.example)\n";
    assert_eq!(render(&source, &values(&[])).text.replace("\n\n\n", "\n\n"), expected);
    let with = render(&source, &values(&[("plan", "gold")])).text;
    assert!(with.contains("c\n\nPlan gold\n\nA logo"), "{with:?}");
}

#[test]
fn a_given_text_part_is_used_and_its_links_are_numbered_with_the_html_ones() {
    let source = Source {
        text: Some("See https://a.example/x, or (https://c.example/y).\r\n{{ postal_address }}".to_owned()),
        ..html("<a href='https://a.example/x'>x</a>")
    };
    let compiled = crate::support::compiled(&source);
    assert_eq!(
        compiled.links().iter().map(|l| l.url.as_str()).collect::<Vec<_>>(),
        ["https://a.example/x", "https://c.example/y"]
    );
    let out = crate::support::tracked(&source, &values(&[]));
    assert_eq!(out.text, "See https://b.example/t/0?to=19, or (https://b.example/t/1?to=19).\n1 River Road\nCairo");
}

#[test]
fn the_preview_line_is_hidden_at_the_start_or_where_the_author_wants_it() {
    let source = Source {
        preheader: Some("For {{ first_name | fallback: \"you\" }} & all".to_owned()),
        ..html("<body><p>x</p></body>")
    };
    let out = render(&source, &values(&[]));
    assert!(
        out.html.contains("<body><div style=\"display:none;") && out.html.contains(">For you &amp; all</div><p>x"),
        "{}",
        out.html
    );
    assert_eq!(out.text, "x\n");
    let own = Source {
        preheader: Some("Line".to_owned()),
        ..html("<!--*|IF:MC_PREVIEW_TEXT|*--><span>*|MC_PREVIEW_TEXT|*</span><!--*|END:IF|*-->")
    };
    assert!(render(&own, &values(&[])).html.ends_with("<body><span>Line</span></body></html>"));
}

#[test]
fn the_notice_lists_exactly_the_fields_that_are_read() {
    let source = html("{{ first_name | fallback: \"x\" }}{% if plan %}!{% endif %}<p>{{ lawful_notice }}</p>");
    let out = render(&source, &values(&[]));
    assert!(out.html.contains("You met us at the fair. Of your data we process only: your e-mail address, your first name, plan, and only to send you this message. See, change or delete your data, or tell us never to write again: <a href=\"https://b.example/p/tok\""), "{}", out.html);
    assert!(out.text.contains("again: https://b.example/p/tok"));
    let arabic = render(&Source { language: Locale::ar(), ..source }, &values(&[]));
    assert!(arabic.text.contains("اسمك الأول"));
}

#[test]
fn each_person_gets_the_variant_of_their_language() {
    let variants = Variants {
        default: html("en"),
        by_language: BTreeMap::from([(Locale::ar(), Source { language: Locale::ar(), ..html("ar") })]),
    };
    let compiled = CompiledVariants::compile(&variants, &catalog()).unwrap();
    let pick = |tag: &str| {
        let locale: Locale = tag.parse().unwrap();
        try_render(compiled.pick(Some(&locale)), &values(&[])).unwrap().text
    };
    assert_eq!((pick("ar-EG"), pick("en-GB"), pick("de")), ("ar\n".to_owned(), "en\n".to_owned(), "en\n".to_owned()));
    let json = variants.to_json();
    assert_eq!(serde_json::from_str::<Variants>(&json).unwrap(), variants);
}

#[test]
fn attributes_survive_mjml() {
    let source = r#"<mjml><mj-body><mj-section><mj-column><mj-image alt='مرحبًا "بك" {{ first_name | fallback: "صديقًا" }}' src="https://a.example/x.png" href="https://a.example/?q={{ plan | fallback: "p" }}" /></mj-column></mj-section></mj-body></mjml>"#;
    let source = mjml(source, Locale::ar());
    assert_eq!(crate::support::compiled(&source).links().len(), 1);
    let out = render(&source, &values(&[]));
    assert!(!out.html.contains("\\u{") && out.html.contains("صديقًا"), "{}", out.html);
    assert_eq!(out.text.trim(), "مرحبًا \"بك\" صديقًا (https://a.example/?q=p)");
}
