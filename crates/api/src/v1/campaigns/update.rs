//! `PATCH /v1/campaigns/{id}`

use std::collections::BTreeMap;

use campaigns::{Campaign, CampaignDraft};
use content::design::Design;
use kernel::{CampaignId, Email, Locale, Patch, SegmentId};
use people::topics;

use super::prospecting::ProspectingInput;
use super::{create, sender, shown};
use crate::v1::content::input::{self, Variant};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a draft; what is absent stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignChange {
    /// Its name.
    #[serde(default)]
    name: Option<String>,
    /// From whom: `Name <address>`.
    #[serde(default)]
    from: Option<String>,
    /// Where answers go.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reply_to: Patch<Email>,
    /// Another topic, by id or name.
    #[serde(default)]
    topic: Option<String>,
    /// Another segment of it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    segment: Patch<SegmentId>,
    /// `marketing` or `service`.
    #[serde(default)]
    purpose: Option<String>,
    /// Why people are written to.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reason: Patch<String>,
    /// What a campaign to people who did not ask states; all of it anew.
    #[serde(default)]
    #[schema(value_type = Option<ProspectingInput>)]
    prospecting: Patch<ProspectingInput>,
    /// Whether opens and clicks are counted.
    #[serde(default)]
    track: Option<bool>,
    /// The subject.
    #[serde(default)]
    subject: Option<String>,
    /// Another body, as MJML …
    #[serde(default)]
    mjml: Option<String>,
    /// … or as HTML …
    #[serde(default)]
    html: Option<String>,
    /// … or as a document of the block editor.
    #[serde(default)]
    #[schema(value_type = Option<Design>)]
    design: Option<Json>,
    /// The text part.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    text: Patch<String>,
    /// The line shown beside the subject.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    preheader: Patch<String>,
    /// The language of the content.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
    /// All of the other languages anew.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, Variant>>)]
    variants: Option<BTreeMap<Locale, Variant>>,
    /// The version the change was made against.
    #[serde(default)]
    version: Option<i64>,
}

/// Change a draft.
#[utoipa::path(patch, path = "/v1/campaigns/{id}", params(("id" = String, Path)), request_body = CampaignChange,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(mut input): JsonBody<CampaignChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:write")?;
    let Campaign { mut draft, version, .. } = campaigns::get(&ctx, id).await?;
    if let Some(topic) = &input.topic {
        draft.topic = topics::find(&ctx, topic).await?.id;
    }
    let version = input.version.take().unwrap_or(version);
    apply(&mut draft, input)?;
    let campaign = campaigns::update(&ctx, &app.outbound, id, version, draft).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}

fn apply(draft: &mut CampaignDraft, input: CampaignChange) -> Result<(), Problem> {
    fn set<T>(field: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *field = value;
        }
    }
    if let Some(from) = &input.from {
        (draft.from_name, draft.from_email) = sender::read(from)?;
    }
    if let Some(code) = &input.purpose {
        draft.purpose = create::purpose(code)?;
    }
    set(&mut draft.name, input.name);
    set(&mut draft.track, input.track);
    draft.reply_to = input.reply_to.apply(draft.reply_to.take());
    draft.segment = input.segment.apply(draft.segment.take());
    draft.prospecting = match input.prospecting {
        Patch::Absent => draft.prospecting.take(),
        Patch::Null => None,
        Patch::Value(value) => Some(value.into()),
    };
    draft.reason = input.reason.apply(draft.reason.take());
    let content = &mut draft.content;
    set(&mut content.subject, input.subject);
    set(&mut content.language, input.language);
    content.text = input.text.apply(content.text.take());
    content.preheader = input.preheader.apply(content.preheader.take());
    if input.mjml.is_some() || input.html.is_some() || input.design.is_some() {
        content.body = input::body("", input.mjml, input.html, input.design)?;
    }
    if let Some(variants) = input.variants {
        draft.variants = input::sources(variants)?;
    }
    Ok(())
}
