//! `POST /v1/forms/preview`

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::TopicId;
use people::forms::{self, Definition, Form};
use people::topics;

use super::shapes;
use crate::pages::forms::{preview, preview_policy};
use crate::v1::prelude::*;

/// A form to look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormPreview {
    /// Its definition, saved or not.
    #[schema(value_type = shapes::FormDefinition)]
    definition: Definition,
    /// The form's own topic, by id or name, where there is a choice of topics.
    topic: Option<String>,
    /// In which language, `en` or `ar`.
    #[serde(default = "english")]
    language: String,
    /// `form`, or `thanks` for what stands there once it was sent.
    #[serde(default)]
    show: Show,
}

#[derive(Deserialize, Default, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Show {
    #[default]
    Form,
    Thanks,
}

fn english() -> String {
    "en".to_owned()
}

/// Show a form before it is saved, as a page for a sandboxed frame. It runs the script that other people's
/// pages load; what comes up by itself is up at once, and nothing is sent or counted.
#[utoipa::path(post, path = "/v1/forms/preview", request_body = FormPreview, security(("key" = ["forms:read"])),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<FormPreview>,
) -> Result<Response> {
    let ctx = caller.require("forms:read")?;
    if !["en", "ar"].contains(&input.language.as_str()) {
        return Err(Problem::field("language", "en or ar").into());
    }
    let topic = match &input.topic {
        Some(topic) => topics::find(&ctx, topic).await?.id,
        None if input.definition.topics.is_empty() => TopicId([0; 16]),
        None => return Err(Problem::field("topic", "name the form's own topic, which stands among the others").into()),
    };
    forms::check(&ctx, topic, &input.definition).await?;
    let now = ctx.now();
    let form = Form {
        id: ctx.id(),
        name: String::new(),
        topic,
        definition: input.definition,
        version: 0,
        archived_at: None,
        created_at: now,
        updated_at: now,
    };
    let done = input.show == Show::Thanks;
    let html = preview(&app, ctx, form, (&input.language, done)).await?;
    let script = format!("{}/w/form.js", app.toolbox.public_url());
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    if let Ok(policy) = HeaderValue::from_str(&format!("{}; frame-ancestors 'self'", preview_policy(&script))) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
