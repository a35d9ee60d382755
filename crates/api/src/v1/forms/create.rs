//! `POST /v1/forms`

use people::forms::{self, Definition, Figures};
use people::topics;

use super::shapes;
use crate::v1::prelude::*;

/// A form to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewForm {
    /// What members call it.
    name: String,
    /// The topic people join, by id or name.
    topic: String,
    /// Fields, words in English and Arabic, the notice shown, tags everybody gets.
    #[schema(value_type = shapes::FormDefinition)]
    definition: Definition,
}

/// Make a form.
#[utoipa::path(post, path = "/v1/forms", request_body = NewForm, security(("key" = ["forms:write"])),
    responses((status = 201, body = shapes::Form)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<NewForm>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("forms:write")?;
    let topic = topics::find(&ctx, &input.topic).await?.id;
    let form = forms::create(&ctx, &input.name, topic, input.definition).await?;
    Ok((StatusCode::CREATED, JsonBody(super::shown(&form, Figures::default()))))
}
