//! The three slots: what they list is what the message reads, and none may be missing in any part.

use std::collections::BTreeSet;

use content::{Body, Element, FieldCatalog, Source, compile, compile_with, designs};
use kernel::Locale;
use proptest::prelude::*;

use crate::support::{catalog, html, mjml, render, values};

const FOOTER: &str = r#"<a href="{{ unsubscribe_url }}">out</a> {{ postal_address }}"#;
const SLOTS: [(&str, &str); 3] = [
    ("{{ notice_reason }}", "notice_reason"),
    ("{{ notice_processing }}", "notice_processing"),
    ("{{ notice_rights }}", "notice_rights"),
];

#[test]
fn a_slot_that_is_removed_is_named_with_its_part() {
    let whole = |without: Option<usize>| {
        let kept = SLOTS.iter().enumerate().filter(|(at, _)| Some(*at) != without);
        format!(
            "{} {{{{ postal_address }}}} {{{{ unsubscribe_url }}}}",
            kept.map(|(_, slot)| slot.0).collect::<Vec<_>>().join("\n")
        )
    };
    let body = |without| format!("<p>{}</p>{FOOTER}", whole(without));
    let missing =
        |source: &Source| compile(source, &catalog()).unwrap().elements().missing(Element::LEGITIMATE_INTEREST);
    let complete = Source { text: Some(whole(None)), ..html(&body(None)) };
    assert_eq!(missing(&complete), Vec::<&str>::new());
    for (at, (_, name)) in SLOTS.iter().enumerate() {
        let in_html = Source { body: Body::Html(body(Some(at))), ..complete.clone() };
        assert_eq!(missing(&in_html), [format!("{name}:html")]);
        let in_text = Source { text: Some(whole(Some(at))), ..complete.clone() };
        assert_eq!(missing(&in_text), [format!("{name}:text")]);
        let told = Element::explain(&format!("{name}:text")).unwrap();
        assert!(told.contains(name) && told.ends_with("text part"), "{told}");
        // For some people only is for nobody.
        let sometimes = body(None).replace(SLOTS[at].0, &format!("{{% if plan %}}{}{{% endif %}}", SLOTS[at].0));
        assert_eq!(missing(&Source { body: Body::Html(sometimes), ..complete.clone() }), [format!("{name}:html")]);
    }
}

#[test]
fn a_slot_that_nobody_sees_is_missing() {
    let slots = "{{ notice_reason }} {{ notice_processing }} {{ notice_rights }}";
    let missing = |body: &str| {
        let source =
            Source { text: Some(format!("{slots} {{{{ postal_address }}}} {{{{ unsubscribe_url }}}}")), ..html(body) };
        compile(&source, &catalog()).unwrap().elements().missing(Element::LEGITIMATE_INTEREST)
    };
    let three: Vec<&str> = vec!["notice_reason:html", "notice_processing:html", "notice_rights:html"];
    assert_eq!(missing(&format!("<p>{slots}</p>{FOOTER}")), Vec::<&str>::new());
    for hidden in [
        "<div style=\"display:none\">SLOTS</div>",
        "<div style=\"visibility: hidden\"><p>SLOTS</p></div>",
        "<p style=\"font-size:0\">SLOTS</p>",
        "<p style=\"color:#ffffff\">SLOTS</p>",
        "<p style=\"position:absolute;left:-9999px\">SLOTS</p>",
        "<template>SLOTS</template>",
        "<!-- SLOTS -->",
        "<style>.quiet{display:none}</style><p class=\"quiet\">SLOTS</p>",
    ] {
        assert_eq!(missing(&format!("{}{FOOTER}", hidden.replace("SLOTS", slots))), three, "{hidden}");
    }
    for (footer, lacks) in [
        ("<div hidden><a href=\"{{ unsubscribe_url }}\">out</a></div> {{ postal_address }}", "unsubscribe_link:html"),
        ("<a href=\"{{ unsubscribe_url }}\"></a> {{ postal_address }}", "unsubscribe_link:html"),
        (
            "<a href=\"{{ unsubscribe_url }}\"><b style=\"display:none\">out</b></a> {{ postal_address }}",
            "unsubscribe_link:html",
        ),
        ("<a href=\"{{ unsubscribe_url }}\">out</a> <i title=\"{{ postal_address }}\">*</i>", "postal_address:html"),
    ] {
        assert!(missing(&format!("<p>{slots}</p>{footer}")).contains(&lacks), "{footer}");
    }
    let picture = "<a href=\"{{ unsubscribe_url }}\"><img src=\"https://x.example/out.png\" alt=\"out\"></a> {{ postal_address }}";
    assert_eq!(missing(&format!("<p>{slots}</p>{picture}")), Vec::<&str>::new());
}

#[test]
fn the_outreach_designs_are_complete_in_both_parts() {
    for (design, language) in [(designs::OUTREACH_EN, Locale::en()), (designs::OUTREACH_AR, Locale::ar())] {
        let source = mjml(design, language);
        let compiled = compile(&source, &FieldCatalog::standard()).unwrap();
        assert_eq!(compiled.elements().missing(Element::LEGITIMATE_INTEREST), Vec::<&str>::new());
        assert_eq!(compiled.fields(), ["first_name", "company"]);
    }
}

#[test]
fn the_notice_speaks_the_language_of_the_message() {
    let source = |tag: &str| Source {
        language: tag.parse().unwrap(),
        ..html("<p>{{ notice_processing }} {{ notice_rights }}</p>")
    };
    for (tag, words) in [
        ("fr-FR", "votre adresse e-mail"),
        ("de", "Ihre E-Mail-Adresse"),
        ("ar-EG", "عنوان بريدك الإلكتروني"),
        ("ru", "ваш адрес электронной почты"),
        ("fi", "your e-mail address"),
    ] {
        assert!(render(&source(tag), &values(&[])).text.contains(words), "{tag}");
    }
}

const FIELDS: [&str; 6] = ["first_name", "last_name", "company", "country", "plan", "points"];
/// How each is called in the English notice.
const LABELS: [&str; 6] =
    ["your first name", "your last name", "the company you work for", "your country", "plan", "points"];

/// One way to read a field in one of the places of a message.
fn read(field: &str, way: usize) -> String {
    match way {
        0 => format!("{{{{ {field} | fallback: \"-\" }}}}"),
        1 => format!("{{% if {field} %}}x{{% endif %}}"),
        2 => format!("{{% if not ({field} == \"a\" and email) %}}x{{% else %}}y{{% endif %}}"),
        3 => format!("{{% if email %}}a{{% elsif {field} contains \"z\" %}}b{{% endif %}}"),
        4 => format!("*|IF:{}|*x*|END:IF|*", field.to_uppercase()),
        _ => format!("<a href=\"https://a.example/?q={{{{ {field} | fallback: \"-\" }}}}\">x</a>"),
    }
}

proptest! {
    /// Static analysis sees every read, in subject, preview line, HTML, text and reason, also inside conditions
    /// and links; the notice lists those fields and no other.
    #[test]
    fn the_listed_fields_are_the_fields_read(uses in proptest::collection::vec((0usize..6, 0usize..6, 0usize..5), 0..7)) {
        let (mut subject, mut preheader, mut body, mut text) = ("News ".to_owned(), "p ".to_owned(), String::new(), String::new());
        let (mut also, mut expected) = (Vec::new(), BTreeSet::new());
        for (field, way, place) in uses {
            expected.insert(LABELS[field]);
            let plain_way = if way == 5 { 0 } else { way };
            match place {
                0 => subject.push_str(&read(FIELDS[field], plain_way)),
                1 => preheader.push_str(&read(FIELDS[field], plain_way)),
                2 => body.push_str(&read(FIELDS[field], way)),
                3 => text.push_str(&read(FIELDS[field], plain_way)),
                _ => also.push(FIELDS[field].to_owned()),
            }
        }
        let source = Source {
            subject,
            preheader: Some(preheader),
            text: Some(format!("{text} {{{{ notice_processing }}}}")),
            ..html(&format!("<div>{body}</div><p>{{{{ notice_processing }}}}</p>"))
        };
        let compiled = compile_with(&source, &catalog(), &also).unwrap();
        let read: BTreeSet<&str> = compiled
            .fields()
            .iter()
            .filter_map(|name| FIELDS.iter().position(|field| field == name).map(|at| LABELS[at]))
            .collect();
        prop_assert_eq!(&read, &expected);
        let out = crate::support::try_render(&compiled, &values(&[])).unwrap();
        for part in [&out.html, &out.text] {
            let list = part.split("we process only: ").nth(1).unwrap().split(", and only to send").next().unwrap();
            let listed: BTreeSet<&str> = list.split(", ").filter(|label| *label != "your e-mail address").collect();
            prop_assert_eq!(&listed, &expected);
        }
    }
}
