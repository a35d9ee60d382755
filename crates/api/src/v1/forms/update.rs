//! `PATCH /v1/forms/{id}`

use kernel::FormId;
use people::forms::{self, Definition};
use people::topics;

use super::shapes;
use crate::v1::prelude::*;

/// Changes to a form; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormChange {
    /// What members call it.
    name: Option<String>,
    /// The topic people join, by id or name.
    topic: Option<String>,
    /// Fields, words, notice, tags: all of them anew.
    #[schema(value_type = Option<shapes::FormDefinition>)]
    definition: Option<Definition>,
    /// The version the change was made against.
    version: Option<i64>,
    /// Whether it is out of use.
    archived: Option<bool>,
}

/// Change a form.
#[utoipa::path(patch, path = "/v1/forms/{id}", params(("id" = String, Path)), request_body = FormChange,
    security(("key" = ["forms:write"])), responses((status = 200, body = shapes::Form)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<FormId>,
    JsonBody(input): JsonBody<FormChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("forms:write")?;
    let before = forms::get(&ctx, id).await?;
    if input.version.is_some_and(|version| version != before.version) {
        return Err(Failure::new(Code::VersionConflict, "it was changed meanwhile; read it again"));
    }
    if let Some(wanted) = input.archived.filter(|wanted| *wanted != before.archived_at.is_some()) {
        forms::archive(&ctx, id, wanted).await?;
    }
    if input.name.is_some() || input.topic.is_some() || input.definition.is_some() {
        let topic = match &input.topic {
            Some(topic) => topics::find(&ctx, topic).await?.id,
            None => before.topic,
        };
        let name = input.name.unwrap_or_else(|| before.name.clone());
        let definition = input.definition.unwrap_or_else(|| before.definition.clone());
        forms::update(&ctx, &before, &name, topic, definition).await?;
    }
    super::read_again(&ctx, id).await
}
