//! A form with what has to be known to show it.

use std::collections::HashMap;

use axum::http::HeaderValue;
use http_server::Result;
use kernel::{Code, FormId, Problem, WorkspaceId};
use people::forms::{self, Form};
use people::topics::Topic;
use people::{fields, topics};
use privacy::notices::{self, Notice};
use store::{Actor, Ctx};

use super::super::letter::unknown;
use super::super::visitor::Visitor;
use super::super::words::Words;
use crate::App;

/// A form that is open, with what its page or script shows.
pub(super) struct Open {
    pub(super) ctx: Ctx,
    pub(super) form: Form,
    pub(super) organisation: String,
    pub(super) words: Words,
    pub(super) notice: Option<Notice>,
    /// The kind of each custom field, by key.
    pub(super) kinds: HashMap<String, &'static str>,
    /// The topics to choose from; empty where there is no choice.
    pub(super) topics: Vec<Topic>,
    /// The address of the hosted page.
    pub(super) hosted: String,
}

impl Open {
    /// A form as somebody finds it who may be anybody.
    ///
    /// # Errors
    /// `gone` when the form, its topic or the workspace is out of use.
    pub(super) async fn load(app: &App, (ctx, form): (Ctx, Form), visitor: &Visitor) -> Result<Self> {
        let workspace = accounts::workspaces::get(&ctx).await?;
        let in_use = topics::get(&ctx, form.topic).await?.archived_at.is_none();
        if form.archived_at.is_some() || !in_use || !workspace.state.may_send() {
            return Err(Problem::new(Code::Gone, "this form is no longer in use").into());
        }
        let words = visitor.words(&[], Some(&workspace.language));
        Self::with(app, (ctx, form), workspace.name, words).await
    }

    /// A form for whomever it is shown to.
    pub(super) async fn with(app: &App, (ctx, form): (Ctx, Form), organisation: String, words: Words) -> Result<Self> {
        let notice = match form.definition.notice {
            Some(id) => notices::get(&ctx, id).await.ok(),
            None => None,
        };
        let kinds = fields::list(&ctx).await?.into_iter().map(|(key, field)| (key, field.kind.as_str())).collect();
        let topics = if form.definition.topics.is_empty() { Vec::new() } else { forms::offered(&ctx, &form).await? };
        let hosted = format!("{}/w/forms/{}", app.toolbox.public_url(), form.id);
        Ok(Self { ctx, form, organisation, words, notice, kinds, topics, hosted })
    }
}

/// The value of `access-control-allow-origin` for a page that asks; nothing when no page does.
///
/// # Errors
/// `forbidden` when the page may not show this form.
pub(super) fn allowed(app: &App, form: &Form, origin: Option<&HeaderValue>) -> Result<Option<HeaderValue>> {
    let Some(origin) = origin else { return Ok(None) };
    let text = origin.to_str().unwrap_or_default();
    let rest = app.toolbox.public_url().strip_prefix(text).filter(|_| !text.is_empty());
    let own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if own || form.definition.allows(text) {
        return Ok(Some(origin.clone()));
    }
    let detail = "this page is not one of the form's origins; add it to the form";
    Err(Problem::new(Code::Forbidden, detail).into())
}

/// A form by the ids in its address.
pub(super) async fn named(app: &App, workspace: &str, form: &str) -> Result<(Ctx, Form)> {
    let workspace: WorkspaceId = workspace.parse().map_err(|_| unknown())?;
    let form: FormId = form.parse().map_err(|_| unknown())?;
    if accounts::workspaces::find(&app.core, workspace).await?.is_none() {
        return Err(unknown().into());
    }
    let ctx = app.core.ctx(workspace, Actor::Person);
    match forms::get(&ctx, form).await {
        Ok(form) => Ok((ctx, form)),
        Err(people::Error::NotFound(_)) => Err(unknown().into()),
        Err(error) => Err(error.into()),
    }
}
