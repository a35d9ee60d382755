//! What happens with a form that was filled in.

use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::{Code, Problem};
use people::forms::{Submission, submit as take};
use people::subscribe::{Proof, Subscribed};

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::signal::heed;
use super::super::visitor::Visitor;
use super::Open;
use super::show::{self, AGREED, Filled, TRAP};

/// Nobody types faster, in seconds.
const FASTEST: i64 = 2;
/// A form left open longer is shown anew, in seconds.
const LIFE: i64 = 24 * 3600;

/// Takes a submission; answers with the thanks or with the form and what is wrong.
pub(super) async fn submit(open: &Open, visitor: &Visitor, posted: &Posted) -> Result<Response> {
    if !posted.get(TRAP).is_empty() {
        return Ok(thanks(open));
    }
    let mut filled = Filled::default();
    for field in &open.form.definition.fields {
        let name = format!("v-{}", field.key);
        filled.values.insert(field.key.clone(), posted.get(&name).to_owned());
    }
    let now = open.ctx.now();
    let typed_for = show::shown_at(open, posted.get("shown")).await?.map(|at| (now.0 - at.0) / 1_000_000);
    if !typed_for.is_some_and(|seconds| (FASTEST..LIFE).contains(&seconds)) {
        filled.remark = Some("form.once_more");
        return Ok(show::form(open, &filled).await?.into_response());
    }
    let submission = Submission {
        language: open.words.0.tag().to_owned(),
        values: filled.values.clone(),
        agreed: posted.get(AGREED) == "yes",
    };
    let agent = Some(visitor.agent.clone()).filter(|agent| !agent.is_empty());
    let proof = Proof { ip: visitor.ip, user_agent: agent, ..Proof::default() };
    match take(&open.ctx, &open.form, submission, proof).await {
        Ok(Subscribed::Requested(contact) | Subscribed::Joined(contact) | Subscribed::Already(contact)) => {
            heed(visitor, &open.ctx, contact, "sign-up form").await?;
            Ok(thanks(open))
        }
        Err(people::Error::Refused(problem)) if problem.code == Code::InvalidInput => {
            filled.wrong = Some(explain(open, &problem));
            Ok(show::form(open, &filled).await?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Which field is wrong, and how to say it in the page's language.
fn explain(open: &Open, problem: &Problem) -> (String, &'static str) {
    let named = problem.fields.first().map_or("", |field| field.field.as_str());
    let known = open.form.definition.fields.iter().map(|field| field.key.as_str()).chain([AGREED]);
    let field = known.into_iter().find(|key| *key == named || named.ends_with(&format!(".{key}")));
    let Some(field) = field else { return (named.to_owned(), "form.not_readable") };
    let empty = problem.fields.first().is_some_and(|field| field.detail == "this field is needed");
    let text = match field {
        AGREED => "form.not_agreed",
        _ if empty => "form.needed",
        "email" => "form.email",
        "phone" => "form.phone",
        "first_name" | "last_name" | "company" => "form.too_long",
        _ => "form.not_readable",
    };
    (field.to_owned(), text)
}

/// The same for everybody: who is known is nobody's business.
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
