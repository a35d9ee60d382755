//! `PATCH /v1/workspace`

use accounts::members::Role;
use accounts::workspaces;
use kernel::Locale;
use privacy::gate;
use serde_json::Map;
use store::Ctx;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Changes to a workspace; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkspaceChange {
    /// A new name.
    name: Option<String>,
    /// Another language.
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
    /// Another postal address.
    postal_address: Option<String>,
    /// Settings such as `default_sender`; null removes one.
    #[schema(value_type = Option<Object>)]
    settings: Option<Map<String, Json>>,
    /// The roles that need a second factor.
    #[schema(value_type = Option<Vec<String>>)]
    second_factor: Option<Vec<Role>>,
    /// The gate's settings: `min_age`, `approvals_required_on`, `quiet`, `frequency`, `destinations`,
    /// `paused`; null sets one back.
    #[schema(value_type = Option<Object>)]
    gate: Option<Map<String, Json>>,
    /// The version the change was made against.
    version: Option<i64>,
}

impl WorkspaceChange {
    fn only_gate(&self) -> bool {
        self.name.is_none()
            && self.language.is_none()
            && self.postal_address.is_none()
            && self.settings.is_none()
            && self.second_factor.is_none()
            && self.version.is_none()
    }
}

/// Change the workspace.
#[utoipa::path(patch, path = "/v1/workspace", request_body = WorkspaceChange,
    security(("key" = ["workspace:write"])), responses((status = 200, body = shapes::Workspace)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<WorkspaceChange>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("workspace:write")?;
    let gate = match &input.gate {
        Some(change) => Some(merged(gate::settings(&ctx).await?, change)?),
        None => None,
    };
    let alone = gate.is_some() && input.only_gate();
    let change = workspaces::Change {
        name: input.name,
        language: input.language,
        postal_address: input.postal_address,
        settings: input.settings,
        second_factor: input.second_factor,
        version: input.version,
    };
    // A change of the gate alone is none of the workspace: its version stays.
    if !alone {
        workspaces::update(&ctx, change).await?;
    }
    if let Some(settings) = gate {
        configure(&ctx, &settings).await?;
    }
    Ok(JsonBody(shown(&ctx).await?))
}

/// The settings after a change (RFC 7396, top level only).
fn merged(before: gate::Settings, change: &Map<String, Json>) -> Result<gate::Settings> {
    let mut settings = json!(before);
    for (name, value) in change {
        settings[name.as_str()] = value.clone();
    }
    if let Some(members) = settings.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    http_server::parse_json(settings.to_string().as_bytes()).map_err(|mut problem| {
        for field in &mut problem.fields {
            field.field = format!("gate.{}", field.field);
        }
        Failure(problem)
    })
}

async fn configure(ctx: &Ctx, settings: &gate::Settings) -> Result<()> {
    gate::configure(ctx, settings).await?;
    trail::note(ctx, "gate.configured", &[&ctx.workspace]).await?;
    Ok(())
}
