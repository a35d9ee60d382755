use crate::support::{compiled, html, mjml, problem, problems};
use content::{Element, Part, Source, to_problem};
use kernel::Locale;

#[test]
fn every_mistake_says_where_and_what_to_do() {
    assert!(
        problem("Hi\n  {{ first_name }}")
            .starts_with("2:3 first_name may be missing for some people: write {{ first_name | fallback")
    );
    assert_eq!(
        problem("{{ frist_name | fallback: \"x\" }}"),
        "1:1 unknown merge tag frist_name: did you mean first_name?"
    );
    assert_eq!(problem("a *|NOPE|*"), "1:3 unknown merge tag *|NOPE|*: create the field first, or remove the tag");
    assert!(problem("a {{ first_name").starts_with("1:3 {{ is never closed: add }}"));
    assert!(problem("a *|FNAME b").starts_with("1:3 *| is never closed: add |*"));
    assert!(problem("{% if plan %}x").starts_with("1:1 this if never ends"));
    assert!(problem("x{% endif %}").starts_with("1:2 end of an if that never began"));
    assert!(problem("x*|ELSE:|*").starts_with("1:2 else without an if"));
    assert!(problem("{% if plan %}{% else %}{% else %}{% endif %}").contains("only endif may follow"));
    assert!(problem("{% if plan = %}x{% endif %}").contains("compare plan with"));
    assert!(problem("{% for x %}").contains("unknown word"));
    assert!(problem("{{ plan | fallback: \"x\" | shout }}").contains("unknown filter"));
}

#[test]
fn values_are_refused_where_no_escaping_is_safe() {
    for template in [
        "<script>{{ email }}</script>",
        "<style>{{ email }}</style>",
        "<p onclick=\"{{ email }}\">",
        "<p {{ email }}>",
        "<{{ email }}>",
        "<!--[if {{ email }}]>x<![endif]-->",
    ] {
        assert!(problem(template).contains("cannot stand"), "{template}");
    }
    assert!(problem("<a title=\"{% if plan %}\">x</a>{% endif %}").contains("must end where it began"));
    assert!(problem("<a {% if plan %}href=\"{% endif %}\">").contains("must end where it began"));
}

#[test]
fn mjml_mistakes_have_lines() {
    let source = "<mjml>\n<mj-body>\n<mj-section>\n<mj-column>\n<mj-text>{{ first_name | fallback: \"a\" }}</mj-text>\n</mj-section>\n</mj-body>\n</mjml>";
    let found = problems(&mjml(source, Locale::en()));
    assert_eq!((found[0].part, found[0].line, found[0].column), (Part::Mjml, 4, 1), "{found:?}");
    assert!(found[0].detail.contains("<mj-column> is never closed"));
    let found = problems(&mjml("<mjml><mj-body>\n  <mj-text color=\"red>x</mj-text></mj-body></mjml>", Locale::en()));
    assert_eq!(found[0].line, 2, "{found:?}");
    let found = problems(&mjml("<mjml><mj-body>\n<mj-sektion></mj-sektion></mj-body></mjml>", Locale::en()));
    assert_eq!((found[0].line, found[0].column), (2, 1));
    assert!(found[0].detail.contains("no MJML component"), "{}", found[0].detail);
    let found = problems(&mjml("<p>no</p>", Locale::en()));
    assert!(found[0].detail.contains("must start with <mjml>"));
    let shallow = format!("<mj-text>{}x{}</mj-text>", "<div>".repeat(74), "</div>".repeat(74));
    let shallow = format!("<mjml><mj-body><mj-section><mj-column>{shallow}</mj-column></mj-section></mj-body></mjml>");
    compiled(&mjml(&shallow, Locale::en()));
    let deep = format!("<mjml><mj-body>{}{}</mj-body></mjml>", "<div>".repeat(5000), "</div>".repeat(5000));
    assert!(problems(&mjml(&deep, Locale::en()))[0].detail.contains("too deeply"));
}

#[test]
fn subject_and_sizes_are_checked() {
    let found = problems(&Source { subject: "Hi {{ first_name }}".to_owned(), ..html("x") });
    assert_eq!((found[0].part, found[0].column), (Part::Subject, 4));
    assert!(problems(&Source { subject: " ".to_owned(), ..html("x") })[0].detail.contains("empty"));
    assert!(problems(&html(&"x".repeat(600_000)))[0].detail.contains("too many"));
    let problem = to_problem(&found);
    assert_eq!(problem.code, kernel::Code::TemplateInvalid);
    assert_eq!(problem.fields[0].field, "subject:1:4");
}

#[test]
fn missing_elements_have_names_part_by_part() {
    let nothing = compiled(&html("x")).elements();
    assert_eq!(
        nothing.missing(Element::MARKETING),
        ["unsubscribe_link:html", "unsubscribe_link:text", "postal_address:html", "postal_address:text"]
    );
    let footer = r#"<a href="{{ unsubscribe_url }}">out</a> {{ postal_address }} {{ lawful_notice }}"#;
    assert!(compiled(&html(footer)).elements().missing(Element::LEGITIMATE_INTEREST).is_empty());
    let source = Source { text: Some("{{ unsubscribe_url }} {{ notice_reason }}".to_owned()), ..html(footer) };
    assert_eq!(
        compiled(&source).elements().missing(Element::LEGITIMATE_INTEREST),
        ["postal_address:text", "notice_processing:text", "notice_rights:text"]
    );
    // What only some see, or nobody, does not count.
    let hidden = "{% if plan %}{{ unsubscribe_url }}{% endif %}<!-- {{ postal_address }} -->";
    assert_eq!(compiled(&html(hidden)).elements().missing(Element::MARKETING).len(), 4);
}
