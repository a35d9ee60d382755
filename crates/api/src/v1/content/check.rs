//! `POST /v1/content/check`

use content::{Compiled, Element, TemplateProblem};
use kernel::Locale;

use super::input::{Content, catalog, compiled};
use crate::v1::prelude::*;

/// What there is to say about content.
#[derive(Serialize, ToSchema)]
pub(super) struct CheckAnswer {
    /// Whether it compiles.
    ok: bool,
    /// What is wrong, by part, line and column, with what to do.
    problems: Vec<Json>,
    /// What its author should know.
    warnings: Vec<Json>,
    /// What the law asks for and a part lacks, such as `unsubscribe_link:html`.
    missing: Vec<String>,
    /// The elements, and whether each stands in the HTML and the text part.
    elements: Json,
    /// The personal fields that are read.
    fields: Vec<String>,
    /// The tags of people that are tested.
    tags: Vec<String>,
    /// The links whose clicks can be counted.
    links: Vec<Json>,
}

/// Check content without keeping it.
#[utoipa::path(post, path = "/v1/content/check", request_body = Content, security(("key" = ["campaigns:write"])),
    responses((status = 200, body = CheckAnswer)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Content>) -> Result<JsonBody<CheckAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let variants = input.read(&ctx).await?;
    let mut answer = CheckAnswer {
        ok: false,
        problems: Vec::new(),
        warnings: Vec::new(),
        missing: Vec::new(),
        elements: json!({}),
        fields: Vec::new(),
        tags: Vec::new(),
        links: Vec::new(),
    };
    match compiled(variants, catalog(&ctx).await?).await? {
        Err(problems) => {
            answer.problems = problems.iter().map(|(language, problem)| told(language.as_ref(), problem)).collect();
        }
        Ok(compiled) => {
            answer.ok = true;
            answer.elements = elements(&compiled.default);
            for one in compiled.all() {
                add(&mut answer, one);
            }
        }
    }
    Ok(JsonBody(answer))
}

fn told(language: Option<&Locale>, problem: &TemplateProblem) -> Json {
    let mut told = json!(problem);
    told["language"] = json!(language);
    told
}

fn elements(compiled: &Compiled) -> Json {
    let found = compiled.elements();
    let mut out = json!({});
    for element in Element::LEGITIMATE_INTEREST {
        let name = json!(element);
        out[name.as_str().unwrap_or_default()] =
            json!({ "html": found.in_html(*element), "text": found.in_text(*element) });
    }
    out
}

/// Adds what one language says to the answer.
fn add(answer: &mut CheckAnswer, compiled: &Compiled) {
    fn union<T: PartialEq + Clone>(into: &mut Vec<T>, more: &[T]) {
        for item in more {
            if !into.contains(item) {
                into.push(item.clone());
            }
        }
    }
    let missing: Vec<String> =
        compiled.elements().missing(Element::MARKETING).iter().map(|code| (*code).to_owned()).collect();
    union(&mut answer.missing, &missing);
    union(&mut answer.fields, compiled.fields());
    union(&mut answer.tags, compiled.tags());
    let links: Vec<Json> = compiled.links().iter().map(|link| json!(link)).collect();
    union(&mut answer.links, &links);
    let language = Some(compiled.language());
    answer.warnings.extend(compiled.warnings().iter().map(|warning| told(language, warning)));
}
