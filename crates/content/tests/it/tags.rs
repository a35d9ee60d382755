use crate::support::{body, compiled, html, render, try_render, values};
use content::RenderError;

#[test]
fn values_fall_back_when_missing_or_blank() {
    let tag = r#"Hi {{ first_name | fallback: "friend" }}!"#;
    assert_eq!(body(tag, &[("first_name", "Lina")]), "Hi Lina!");
    assert_eq!(body(tag, &[("first_name", "  ")]), "Hi friend!");
    assert_eq!(body(tag, &[]), "Hi friend!");
    assert_eq!(body("Hi {{ first_name | fallback: &quot;friend&quot; }}!", &[]), "Hi friend!");
    assert_eq!(body("Hi {{ first_name | fallback: “friend” }}!", &[]), "Hi friend!");
}

#[test]
fn filters_change_what_is_printed() {
    let fields = [("first_name", "lINA o'hara"), ("birthday", "1990-02-03")];
    assert_eq!(body(r#"{{ first_name | title | fallback: "x" }}"#, &fields), "Lina O&#39;hara");
    assert_eq!(body(r#"{{ first_name | upper | fallback: "x" }}"#, &fields), "LINA O&#39;HARA");
    assert_eq!(body(r#"{{ birthday | date: "%e %B" | fallback: "soon" }}"#, &fields), "3 February");
    assert_eq!(body(r#"{{ birthday | date: "%e %B" | fallback: "soon" }}"#, &[]), "soon");
    assert_eq!(body(r#"{{ today | date: "%d.%m.%Y" }} {{ current_year }} {{ "{{" }}"#, &[]), "21.11.2026 2026 {{");
}

#[test]
fn a_required_value_stops_the_message_of_who_lacks_it() {
    let compiled = compiled(&html("{{ plan | required }}"));
    assert_eq!(try_render(&compiled, &values(&[])).unwrap_err(), RenderError::MissingField("plan".to_owned()));
    assert!(try_render(&compiled, &values(&[("plan", "gold")])).is_ok());
}

#[test]
fn conditionals_nest_and_combine() {
    let template = r#"{% if plan == "gold" and not (country == "DE" or points < 10) %}A{% elsif tag "vip" %}B{% if email contains "EXAMPLE" %}b{% endif %}{% else %}C{% endif %}"#;
    assert_eq!(body(template, &[("plan", "gold"), ("country", "EG"), ("points", "12")]), "A");
    assert_eq!(body(template, &[("plan", "gold"), ("country", "EG"), ("points", "9.5")]), "C");
    assert_eq!(body(template, &[("plan", "gold"), ("country", "DE"), ("points", "12")]), "C");
    let mut vip = values(&[("email", "a@example.com")]);
    vip.tags.insert("vip".to_owned());
    assert_eq!(crate::support::inner(&render(&html(template), &vip).html), "Bb");
    let compiled = compiled(&html(template));
    assert_eq!(compiled.fields(), ["plan", "country", "points", "email"]);
    assert_eq!(compiled.tags(), ["vip"]);
}

#[test]
fn the_other_notation_means_the_same() {
    assert_eq!(
        body(
            "*|FNAME|* *|fname|* *|UPPER:LNAME|* *|MERGE5|* *|Plan|*",
            &[("first_name", "Lina"), ("last_name", "Saad"), ("plan", "gold")]
        ),
        "Lina Lina SAAD gold gold"
    );
    let template = "*|IF:PLAN=gold|*G*|ELSEIF:POINTS>=10|*P*|ELSE:|*-*|END:IF|**|IFNOT:PHONE|*no phone*|END:IF|*";
    assert_eq!(body(template, &[("plan", "gold")]), "Gno phone");
    assert_eq!(body(template, &[("points", "10"), ("phone", "+201")]), "P");
    assert_eq!(body(template, &[("points", "9"), ("phone", "+201")]), "-");
    assert_eq!(body("*|IF:PLAN|*yes*|END:IF|**|IF:REWARDS|*never*|END:IF|*", &[("plan", "x")]), "yes");
    assert_eq!(
        body(
            "*|LIST:NAME|*, *|LIST:COMPANY|*, *|LIST:ADDRESSLINE|*, *|MC:SUBJECT|*, *|CURRENT_YEAR|*, *|DATE:d/m/y|*",
            &[]
        ),
        "Monthly, Barid &amp; Sons, 1 River Road<br>Cairo, News, 2026, 21/11/26"
    );
    assert_eq!(
        body(
            r#"<a href="*|UNSUB|*">x</a><a href="https://a.example/?e=*%7CEMAIL%7C*">y</a>"#,
            &[("email", "a+b@c.example")]
        ),
        r#"<a href="https://b.example/u/tok?a=1&amp;b=2">x</a><a href="https://a.example/?e=a%2Bb%40c.example">y</a>"#
    );
}

#[test]
fn tags_without_fallback_of_the_other_notation_are_warned_about() {
    let compiled = compiled(&html("Hi *|FNAME|*, *|EMAIL|*"));
    let warnings = compiled.warnings();
    assert_eq!(warnings.len(), 1);
    assert_eq!((warnings[0].line, warnings[0].column), (1, 4));
    assert!(warnings[0].detail.contains("first_name | fallback"));
}
