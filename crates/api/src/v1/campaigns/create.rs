//! `POST /v1/campaigns`

use std::collections::BTreeMap;

use campaigns::CampaignDraft;
use content::design::Design;
use kernel::{CampaignId, Email, Locale, SegmentId};
use people::topics;
use privacy::vocabulary::Purpose;

use super::prospecting::ProspectingInput;
use super::sender;
use crate::v1::content::input::{Content, Variant};
use crate::v1::prelude::*;

/// A campaign to be drafted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCampaign {
    /// Its name, for members.
    name: String,
    /// From whom: `Name <address>`. The workspace's `default_sender` when absent.
    #[serde(default)]
    from: Option<String>,
    /// Where answers go, when not to the sender.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reply_to: Option<Email>,
    /// Who gets it: subscribers of this topic, by id or name …
    topic: String,
    /// … who are in this segment.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    segment: Option<SegmentId>,
    /// `marketing` (the default) or `service`.
    #[serde(default)]
    purpose: Option<String>,
    /// Why people are written to, when it rests on legitimate interest; to prospects a template with merge tags.
    #[serde(default)]
    reason: Option<String>,
    /// What a campaign to people who did not ask states.
    #[serde(default)]
    prospecting: Option<ProspectingInput>,
    /// Whether opens and clicks are counted of people who allow it; yes when absent.
    #[serde(default)]
    track: Option<bool>,
    /// The subject, with merge tags.
    subject: String,
    /// The body as MJML …
    #[serde(default)]
    mjml: Option<String>,
    /// … or as HTML …
    #[serde(default)]
    html: Option<String>,
    /// … or as a document of the block editor.
    #[serde(default)]
    #[schema(value_type = Option<Design>)]
    design: Option<Json>,
    /// The text part; made from the body when absent.
    #[serde(default)]
    text: Option<String>,
    /// The line shown beside the subject.
    #[serde(default)]
    preheader: Option<String>,
    /// The language of the content; the workspace's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
    /// The content in other languages, by language tag.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Variant>)]
    variants: BTreeMap<Locale, Variant>,
}

/// A campaign that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeCampaign {
    /// Its id.
    #[schema(value_type = String)]
    id: CampaignId,
}

/// Draft a campaign. Mistakes in the template are told with part, line and column.
#[utoipa::path(post, path = "/v1/campaigns", request_body = NewCampaign, security(("key" = ["campaigns:write"])),
    responses((status = 201, body = MadeCampaign)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewCampaign>,
) -> Result<(StatusCode, JsonBody<MadeCampaign>)> {
    let ctx = caller.require("campaigns:write")?;
    let (from_name, from_email) = sender::read_or_default(&ctx, input.from).await?;
    let content = Content {
        subject: input.subject,
        mjml: input.mjml,
        html: input.html,
        design: input.design,
        text: input.text,
        preheader: input.preheader,
        language: input.language,
        variants: input.variants,
    };
    let content = content.read(&ctx).await?;
    let draft = CampaignDraft {
        name: input.name,
        from_name,
        from_email,
        reply_to: input.reply_to,
        topic: topics::find(&ctx, &input.topic).await?.id,
        segment: input.segment,
        purpose: input.purpose.as_deref().map_or(Ok(Purpose::MARKETING), purpose)?,
        reason: input.reason,
        prospecting: input.prospecting.map(Into::into),
        track: input.track.unwrap_or(true),
        content: content.default,
        variants: content.by_language,
    };
    let campaign = campaigns::create(&ctx, &app.outbound, draft).await?;
    Ok((StatusCode::CREATED, JsonBody(MadeCampaign { id: campaign.id })))
}

/// Reads a purpose.
pub(super) fn purpose(code: &str) -> Result<Purpose, Problem> {
    Purpose::new(code).map_err(|error| Problem::field("purpose", error.to_string()))
}
