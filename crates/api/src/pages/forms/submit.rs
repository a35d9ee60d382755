//! What happens with a form that was filled in, on the hosted page or on somebody else's.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::{Code, Problem};
use people::forms::{NEEDED, Submission, Submitted, submit as take};
use people::subscribe::Proof;

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::signal::heed;
use super::super::visitor::Visitor;
use super::mark::{Shown, shown};
use super::open::Open;
use super::show::{self, AGREED, BIRTH_DATE, Filled, TOPICS, TRAP};

/// What came of it.
pub(super) enum Outcome {
    /// The same for everybody: who is known is nobody's business.
    Thanks,
    /// Too young; nothing is kept.
    TooYoung,
    /// The fields at fault and the words that say so.
    Wrong(BTreeMap<String, &'static str>),
}

/// Takes what was filled in. `page` is where the words were read.
pub(super) async fn receive(open: &Open, visitor: &Visitor, submission: Submission, page: String) -> Result<Outcome> {
    let agent = Some(visitor.agent.clone()).filter(|agent| !agent.is_empty());
    let page = Some(page).filter(|page| !page.is_empty());
    let proof = Proof { ip: visitor.ip, user_agent: agent, page, ..Proof::default() };
    match take(&open.ctx, &open.form, submission, proof).await {
        Ok(Submitted::Joined(joined)) => {
            if let Some(first) = joined.first() {
                heed(visitor, &open.ctx, first.contact(), "sign-up form").await?;
            }
            Ok(Outcome::Thanks)
        }
        Ok(Submitted::TooYoung) => Ok(Outcome::TooYoung),
        Err(people::Error::Refused(problem)) if problem.code == Code::InvalidInput => {
            Ok(Outcome::Wrong(explain(open, &problem)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a submission of the hosted page; answers with the thanks or with the form and what is wrong.
pub(super) async fn submit(open: &Open, visitor: &Visitor, posted: &Posted) -> Result<Response> {
    if !posted.get(TRAP).is_empty() {
        return Ok(thanks(open));
    }
    let mut filled = Filled::default();
    for field in &open.form.definition.fields {
        let name = format!("v-{}", field.key);
        filled.values.insert(field.key.clone(), posted.get(&name).to_owned());
    }
    filled.topics = posted.all(TOPICS).filter_map(|id| id.parse().ok()).collect();
    if shown(open, posted.get("shown")).await? != Shown::InTime {
        filled.remark = Some("form.once_more");
        return Ok(show::form(open, &filled).await?.into_response());
    }
    let submission = Submission {
        language: open.words.0.tag().to_owned(),
        values: filled.values.clone(),
        agreed: posted.get(AGREED) == "yes",
        topics: filled.topics.iter().copied().collect(),
        birth_date: posted.get(BIRTH_DATE).to_owned(),
    };
    match receive(open, visitor, submission, open.hosted.clone()).await? {
        Outcome::Thanks => Ok(thanks(open)),
        Outcome::TooYoung => Ok(too_young(open)),
        Outcome::Wrong(wrong) => {
            filled.wrong = wrong;
            Ok(show::form(open, &filled).await?.into_response())
        }
    }
}

/// Which fields are wrong, and how to say it in the page's language.
fn explain(open: &Open, problem: &Problem) -> BTreeMap<String, &'static str> {
    let mut wrong = BTreeMap::new();
    for found in &problem.fields {
        let known = open.form.definition.fields.iter().map(|field| field.key.as_str());
        let known = known.chain([AGREED, TOPICS, BIRTH_DATE]);
        let field = known.into_iter().find(|key| *key == found.field || found.field.ends_with(&format!(".{key}")));
        let text = match field {
            Some(AGREED) => "form.not_agreed",
            Some(TOPICS) => "form.no_topic",
            Some(_) if found.detail == NEEDED => "form.needed",
            Some(BIRTH_DATE) => "form.birth_date_wrong",
            Some("email") => "form.email",
            Some("phone") => "form.phone",
            Some("first_name" | "last_name" | "company") => "form.too_long",
            _ => "form.not_readable",
        };
        wrong.entry(field.unwrap_or(&found.field).to_owned()).or_insert(text);
    }
    wrong
}

fn thanks(open: &Open) -> Response {
    let words = open.words;
    let texts = open.form.definition.texts(words.0.tag());
    let mut body = Html::new();
    body.raw("<p class=\"note good\" role=\"status\">");
    if texts.thanks.is_empty() {
        body.text(words.get("form.thanks"));
    } else {
        body.raw("<span class=\"pre\" dir=\"auto\">").text(&texts.thanks).raw("</span>");
    }
    body.raw("</p>\n<p>").text(words.get("form.confirm")).raw("</p>\n");
    Page::new(words, words.get("form.thanks_title"), body).of(&open.organisation).into_response()
}

fn too_young(open: &Open) -> Response {
    let words = open.words;
    let mut body = Html::new();
    body.raw("<p class=\"note\" role=\"status\">").text(words.get("form.too_young")).raw("</p>\n");
    Page::new(words, words.get("form.too_young_title"), body).of(&open.organisation).into_response()
}
