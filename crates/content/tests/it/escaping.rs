use crate::support::{body, catalog, html, plain_links, render, sender, tracked, values};
use content::{Body, MergeValues, Recipient, Rendered, Source, compile, designs};
use kernel::Locale;
use proptest::prelude::*;

const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'\r\nBcc: evil@example.com\n*|EMAIL|* {{ email }} {% if x %} javascript:x \u{E0F0}0\u{E0F1}";

#[test]
fn a_hostile_value_stays_a_value_everywhere() {
    let source = Source {
        subject: "For {{ first_name | fallback: \"you\" }}".to_owned(),
        preheader: Some("Dear {{ first_name | fallback: \"you\" }}".to_owned()),
        ..html(
            r#"<p title="{{ first_name | fallback: "x" }}" class={{ first_name | fallback: "x" }}>{{ first_name | fallback: "x" }}</p>
            <a href="{{ website | fallback: "https://a.example" }}">site</a>
            <a href="https://a.example/?q={{ first_name | fallback: "x" }}">find</a>
            <i style="color:{{ first_name | fallback: "red" }}">!</i><!-- {{ first_name | fallback: "x" }} -->"#,
        )
    };
    let out = render(
        &source,
        &values(&[("first_name", HOSTILE), ("website", "javascript:alert(1)"), ("email", "a@b.example")]),
    );
    assert!(!out.subject.contains(['\r', '\n']));
    assert!(out.subject.starts_with("For <img"));
    assert!(!out.html.contains("<img"));
    assert!(!out.html.contains("a@b.example"), "nothing in a value is a template");
    assert!(out.html.contains("<a href=\"#\">site</a>"));
    assert!(out.html.contains("?q=%3Cimg%20src"));
    assert!(out.html.contains("class=\"&lt;img"));
    assert!(out.html.contains("color:img srcx onerroralert1"));
    assert!(out.text.contains("*|EMAIL|* {{ email }}"));
}

#[test]
fn a_link_given_by_a_value_must_be_a_web_link() {
    let link = r#"<a href="{{ website | fallback: "https://a.example/d" }}">x</a>"#;
    assert_eq!(
        body(link, &[("website", "https://x.example/a b?c=1&d=2")]),
        "<a href=\"https://x.example/a%20b?c=1&amp;d=2\">x</a>"
    );
    assert_eq!(body(link, &[]), "<a href=\"https://a.example/d\">x</a>");
    assert_eq!(body(link, &[("website", " JavaScript:alert(1)")]), "<a href=\"#\">x</a>");
    assert_eq!(
        body(r#"<a href="java{{ plan | fallback: "x" }}">x</a>"#, &[("plan", "script:alert(1)")]),
        "<a href=\"javascript%3Aalert%281%29\">x</a>"
    );
}

#[test]
fn tracking_turns_links_into_numbers_and_adds_a_pixel() {
    let source = html(
        r##"<a href="https://a.example/?a=1&amp;b=2">one</a> <a href="https://b.example/?q={{ plan | fallback: "p" }}">two</a>
        <a href="https://a.example/?a=1&amp;b=2">again</a> <a href="mailto:x@y.example">m</a> <a href="#top">t</a> <a href="{{ unsubscribe_url }}">u</a>"##,
    );
    let compiled = crate::support::compiled(&source);
    let urls: Vec<_> = compiled.links().iter().map(|link| (link.number, link.url.as_str(), link.dynamic)).collect();
    assert_eq!(
        urls,
        [(0, "https://a.example/?a=1&b=2", false), (1, "https://b.example/?q={{ plan | fallback: \"p\" }}", true)]
    );
    let out = tracked(&source, &values(&[]));
    assert_eq!(out.html.matches("https://b.example/t/0?to=26").count(), 2, "{}", out.html);
    assert_eq!(out.html.matches("https://b.example/t/1?to=22").count(), 1);
    assert!(
        out.html.contains("mailto:x@y.example") && out.html.contains("#top") && out.html.contains("/u/tok?a=1&amp;b=2")
    );
    assert!(out.html.contains("<img src=\"https://b.example/t/open\" width=\"1\""));
    assert_eq!(out.text.matches("https://b.example/t/0?to=26").count(), 2, "{}", out.text);
    let plain = render(&source, &values(&[]));
    assert!(!plain.html.contains("<img") && plain.html.contains("https://a.example/?a=1&amp;b=2"));
}

fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{{ first_name | fallback: \"x\" }}".to_owned()),
        Just("*|FNAME|*".to_owned()),
        Just("{% if plan == \"a\" %}".to_owned()),
        Just("*|IF:PLAN=a|*".to_owned()),
        Just("{% else %}".to_owned()),
        Just("{% endif %}".to_owned()),
        Just("{% if plan == \"a\" %}<b>{{ first_name | required }}</b>{% else %}no{% endif %}".to_owned()),
        Just(
            "<a href=\"https://x.example/{{ first_name | required }}?{{ email }}\" title='{{ email }}'>*|FNAME|*</a>"
                .to_owned()
        ),
        Just("<p class=*|FNAME|*>".to_owned()),
        Just("{{ unsubscribe_url }}".to_owned()),
        Just("{{ lawful_notice }}".to_owned()),
        Just("<a href=\"".to_owned()),
        Just("<a href=https://x.example/".to_owned()),
        Just("\">".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("<!--[if mso]>".to_owned()),
        Just("<![endif]-->".to_owned()),
        Just("<mj-section>".to_owned()),
        Just("</mj-section>".to_owned()),
        Just("<mj-text>".to_owned()),
        Just("</mj-text>".to_owned()),
        Just("<style>".to_owned()),
        Just("</style>".to_owned()),
        Just("https://y.example/)".to_owned()),
        "[<>\"'=&;{}%|*a-z \\n/:!\u{E0F0}\u{E0F1}مé-]{0,12}",
        "\\PC{0,8}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_template_panics_and_no_value_escapes(template in template(), subject in "\\PC{1,40}", text in template()) {
        let value = "\u{1}<x-evil a='1'>\"\r\nx-evil: 1";
        for body in [
            Body::Html(template.clone()),
            Body::Mjml(format!("<mjml><mj-body>{template}</mj-body></mjml>")),
            Body::Mjml(template.clone()),
        ] {
            for given in [None, Some(text.clone())] {
                let source = Source { body: body.clone(), text: given, subject: subject.clone(), preheader: Some(template.chars().take(90).collect()), language: Locale::ar() };
                let Ok(compiled) = compile(&source, &catalog()) else { continue };
                let mut out = Rendered::default();
                let values = values(&[("first_name", value), ("plan", "a"), ("email", value)]);
                compiled.render(&Recipient { values: &values, sender: &sender() }, &plain_links(), &mut out).unwrap();
                prop_assert!(!out.html.contains("<x-evil"), "{}", out.html);
                prop_assert!(!out.html.contains("a='1'"), "{}", out.html);
                prop_assert!(!out.subject.chars().any(char::is_control));
                for marks in [&out.html, &out.text] {
                    prop_assert!(!marks.contains('\u{1}'), "control character");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_value_is_harmless_in_every_context(value in "\\PC{0,60}|[<>\"'&\\r\\n\\x00-\\x1f:/a-z]{0,60}") {
        let source = Source {
            subject: "S {{ first_name | fallback: \"x\" }}".to_owned(),
            ..html(r#"<p title='{{ first_name | fallback: "x" }}'>{{ first_name | fallback: "x" }}</p><a href="{{ first_name | fallback: "x" }}">l</a><a href="https://e.example/{{ first_name | fallback: "x" }}">l</a>"#)
        };
        let out = render(&source, &values(&[("first_name", &value)]));
        let empty = render(&source, &MergeValues::default());
        let signs = |html: &str| (html.matches('<').count(), html.matches('>').count(), html.matches('"').count(), html.matches('\'').count());
        prop_assert_eq!(signs(&out.html), signs(&empty.html));
        prop_assert!(!out.subject.chars().any(char::is_control));
        prop_assert!(!out.html.to_lowercase().contains("href=\"javascript:"));
    }
}

#[test]
fn the_designs_compile_and_are_complete() {
    for (design, language) in [(designs::NEWSLETTER_EN, Locale::en()), (designs::NEWSLETTER_AR, Locale::ar())] {
        let source = crate::support::mjml(design, language);
        let compiled = crate::support::compiled(&source);
        assert_eq!(compiled.elements().missing(content::Element::MARKETING), [""; 0]);
        assert!(compiled.warnings().is_empty(), "{:?}", compiled.warnings());
        assert_eq!(compiled.fields(), ["first_name"]);
        assert_eq!(compiled.links().len(), 1);
    }
}
