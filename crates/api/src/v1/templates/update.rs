//! `PATCH /v1/templates/{id}`

use axum::response::{IntoResponse, Response};
use content::templates::{self, Template};
use kernel::TemplateId;
use store::Ctx;

use crate::v1::campaigns::actor_name;
use crate::v1::content::input::Content;
use crate::v1::meanwhile::{self, ChangedMeanwhile};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a design; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateChange {
    /// Another name.
    name: Option<String>,
    /// All of its content anew.
    content: Option<Content>,
    /// The revision the change was made against; another one is refused with `changed_meanwhile` and the design
    /// as it is now.
    revision: Option<i64>,
}

/// Somebody else changed the design meanwhile (a problem of RFC 9457 with more members).
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateChanged {
    /// What every problem says.
    #[serde(flatten)]
    #[schema(inline)]
    problem: ChangedMeanwhile,
    /// The design as it is now.
    #[schema(value_type = shapes::Template)]
    current: Json,
}

/// Change a saved design. Locked rows are changed, moved and removed by who has `templates:lock`; everybody else is
/// refused with `forbidden` and the places.
#[utoipa::path(patch, path = "/v1/templates/{id}", params(("id" = String, Path)), request_body = TemplateChange,
    security(("key" = ["templates:write"])), responses((status = 200, body = shapes::Template),
    (status = 409, body = TemplateChanged, content_type = "application/problem+json")))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<TemplateId>,
    JsonBody(input): JsonBody<TemplateChange>,
) -> Result<Response> {
    let ctx = caller.require("templates:write")?;
    let before = templates::get(&ctx, id).await?;
    if input.revision.is_some_and(|revision| revision != before.revision) {
        return changed(&ctx, before).await;
    }
    let named = input.revision.is_some();
    let source = match input.content {
        Some(given) => {
            let source = given.read(&ctx).await?;
            if !caller.may("templates:lock") {
                let (old, new) = (&before.source, &source);
                content::locks::kept((&old.default, &old.by_language), (&new.default, &new.by_language))?;
            }
            source
        }
        None => before.source,
    };
    let name = input.name.unwrap_or(before.name);
    match templates::update(&ctx, id, before.revision, &name, &source).await {
        // Somebody was faster by a moment.
        Err(content::Error::Store(store::Error::Guard(_))) if named => {
            changed(&ctx, templates::get(&ctx, id).await?).await
        }
        done => {
            done?;
            Ok(JsonBody(json!(templates::get(&ctx, id).await?)).into_response())
        }
    }
}

async fn changed(ctx: &Ctx, now: Template) -> Result<Response> {
    let by_name = actor_name(ctx, now.updated_by.as_deref()).await?;
    let problem = ChangedMeanwhile::new("design", now.revision, now.updated_at, (now.updated_by.clone(), by_name));
    Ok(meanwhile::answer(&TemplateChanged { problem, current: json!(now) }))
}
