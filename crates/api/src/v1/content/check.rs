//! `POST /v1/content/check`

use content::{Compiled, Element};

use super::finding::{self, Finding};
use super::input::{Content, catalog, compiled};
use crate::v1::prelude::*;

/// What there is to say about content.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = ContentCheck)]
pub(super) struct CheckAnswer {
    /// Whether it compiles.
    ok: bool,
    /// Whether it can be sent as marketing: it compiles, and no finding is an error.
    sendable: bool,
    /// Everything that was found, in all languages.
    findings: Vec<Finding>,
    /// Of these, what keeps it from being compiled.
    problems: Vec<Finding>,
    /// Of these, what its author should know.
    warnings: Vec<Finding>,
    /// What the law asks for and a part lacks, such as `unsubscribe_link:html`.
    missing: Vec<String>,
    /// Which elements stand in which part of the default language.
    elements: ElementsAnswer,
    /// The personal fields that are read.
    fields: Vec<String>,
    /// The tags of people that are tested.
    tags: Vec<String>,
    /// The links whose clicks can be counted.
    links: Vec<LinkAnswer>,
}

/// Whether an element stands in each part, for everybody.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = ContentElement)]
struct ElementAnswer {
    html: bool,
    text: bool,
}

/// What the law or the format asks a message to contain.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = ContentElements)]
struct ElementsAnswer {
    unsubscribe_link: ElementAnswer,
    postal_address: ElementAnswer,
    notice_reason: ElementAnswer,
    notice_processing: ElementAnswer,
    notice_rights: ElementAnswer,
}

/// A link whose clicks can be counted.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ContentLink)]
struct LinkAnswer {
    /// Its number, from 0.
    number: u32,
    /// The URL as written, merge tags included.
    url: String,
    /// Whether it differs from person to person.
    dynamic: bool,
    /// The id of the block of a design that it stands in.
    block: Option<String>,
}

/// Check content without keeping it.
#[utoipa::path(post, path = "/v1/content/check", request_body = Content, security(("key" = ["campaigns:write"])),
    responses((status = 200, body = CheckAnswer)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Content>) -> Result<JsonBody<CheckAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let variants = input.read(&ctx).await?;
    let mut answer = CheckAnswer::default();
    match compiled(variants, catalog(&ctx).await?).await? {
        Err(problems) => {
            answer.problems = finding::of_problems(&problems);
            answer.findings.clone_from(&answer.problems);
        }
        Ok(compiled) => {
            answer.findings = finding::of_problems(&campaigns::followed::gone(&ctx, &compiled).await?);
            answer.ok = true;
            answer.elements = elements(&compiled.default);
            for one in compiled.all() {
                add(&mut answer, one);
            }
        }
    }
    answer.sendable = answer.ok && !answer.findings.iter().any(Finding::is_error);
    Ok(JsonBody(answer))
}

fn elements(compiled: &Compiled) -> ElementsAnswer {
    let found = compiled.elements();
    let of = |element| ElementAnswer { html: found.in_html(element), text: found.in_text(element) };
    ElementsAnswer {
        unsubscribe_link: of(Element::UnsubscribeLink),
        postal_address: of(Element::PostalAddress),
        notice_reason: of(Element::NoticeReason),
        notice_processing: of(Element::NoticeProcessing),
        notice_rights: of(Element::NoticeRights),
    }
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
    let link = |link: &content::Link| LinkAnswer {
        number: link.number,
        url: link.url.clone(),
        dynamic: link.dynamic,
        block: link.block.clone(),
    };
    let links: Vec<LinkAnswer> = compiled.links().iter().map(link).collect();
    union(&mut answer.links, &links);
    let findings = finding::of_compiled(compiled);
    answer.warnings.extend(findings.iter().filter(|found| !found.is_error()).cloned());
    answer.findings.extend(findings);
}
