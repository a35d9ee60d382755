use std::collections::BTreeMap;

use content::{
    Body, Compiled, FieldCatalog, Links, MergeValues, PlainLinks, Recipient, RenderError, Rendered, Sender, Source,
    TemplateProblem, compile,
};
use kernel::Locale;

pub fn html(body: &str) -> Source {
    Source {
        body: Body::Html(body.to_owned()),
        text: None,
        subject: "News".to_owned(),
        preheader: None,
        language: Locale::en(),
    }
}

pub fn mjml(body: &str, language: Locale) -> Source {
    Source { body: Body::Mjml(body.to_owned()), language, ..html("") }
}

pub fn catalog() -> FieldCatalog {
    FieldCatalog::standard()
        .with("plan", "plan", &["MERGE5"])
        .with("points", "points", &[])
        .with("website", "website", &[])
        .with("birthday", "birthday", &[])
}

pub fn compiled(source: &Source) -> Compiled {
    compile(source, &catalog()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn problems(source: &Source) -> Vec<TemplateProblem> {
    compile(source, &catalog()).expect_err("the template is wrong")
}

/// One problem, as `line:column detail`.
pub fn problem(body: &str) -> String {
    let found = problems(&html(body));
    assert_eq!(found.len(), 1, "{found:#?}");
    format!("{}:{} {}", found[0].line, found[0].column, found[0].detail)
}

pub fn sender() -> Sender {
    Sender {
        postal_address: "1 River Road\nCairo".to_owned(),
        name: "Lina".to_owned(),
        organisation: "Barid & Sons".to_owned(),
        list_name: "Monthly".to_owned(),
        reason: Some("You met us at the fair.".to_owned()),
        today: "2026-11-21".parse().unwrap(),
    }
}

pub fn values(fields: &[(&str, &str)]) -> MergeValues {
    let fields: BTreeMap<String, String> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    MergeValues { fields, ..MergeValues::default() }
}

pub fn plain_links() -> PlainLinks {
    PlainLinks {
        unsubscribe: "https://b.example/u/tok?a=1&b=2".to_owned(),
        preferences: "https://b.example/p/tok".to_owned(),
        view: "https://b.example/v/tok".to_owned(),
        base: "https://b.example".to_owned(),
    }
}

pub struct Tracked;

impl Links for Tracked {
    fn link(&self, number: u32, url: &str, out: &mut String) {
        use std::fmt::Write;
        let _ = write!(out, "https://b.example/t/{number}?to={}", url.len());
    }
    fn unsubscribe(&self, out: &mut String) {
        plain_links().unsubscribe(out);
    }
    fn preferences(&self, out: &mut String) {
        plain_links().preferences(out);
    }
    fn view(&self, out: &mut String) {
        plain_links().view(out);
    }
    fn base(&self, out: &mut String) {
        plain_links().base(out);
    }
    fn pixel(&self, out: &mut String) -> bool {
        out.push_str("https://b.example/t/open");
        true
    }
}

pub fn try_render(compiled: &Compiled, values: &MergeValues) -> Result<Rendered, RenderError> {
    let mut out = Rendered::default();
    compiled.render(&Recipient { values, sender: &sender() }, &plain_links(), &mut out)?;
    Ok(out)
}

pub fn render(source: &Source, values: &MergeValues) -> Rendered {
    try_render(&compiled(source), values).unwrap()
}

pub fn tracked(source: &Source, values: &MergeValues) -> Rendered {
    let mut out = Rendered::default();
    compiled(source).render(&Recipient { values, sender: &sender() }, &Tracked, &mut out).unwrap();
    out
}

/// The rendered body of an HTML fragment.
pub fn body(fragment: &str, fields: &[(&str, &str)]) -> String {
    inner(&render(&html(fragment), &values(fields)).html).to_owned()
}

pub fn inner(html: &str) -> &str {
    let start = html.find("<body>").unwrap() + "<body>".len();
    &html[start..html.find("</body>").unwrap()]
}
