//! `POST /v1/campaigns`

use std::collections::BTreeMap;

use campaigns::CampaignDraft;
use campaigns::texts::Terms;
use content::design::Design;
use kernel::{CampaignId, Email, Locale, SegmentId};
use people::topics;
use privacy::vocabulary::Purpose;
use store::Ctx;

use super::prospecting::ProspectingInput;
use super::{sender, texts};
use crate::v1::content::input::{Content, Variant};
use crate::v1::prelude::*;

/// A campaign to be drafted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCampaign {
    /// Its name, for members.
    name: String,
    /// `email` (the default) or `sms`. By SMS a campaign has `text`, `language`, `variants` with a `text` each,
    /// `originator`, `shorten` and `validity`, and nothing else of what is said here about content and sender.
    #[serde(default)]
    channel: Option<String>,
    /// By SMS: from which of the workspace's originators; when absent, one that each country allows.
    #[serde(default)]
    originator: Option<String>,
    /// By SMS: whether web addresses are written short, so that clicks of people who allow it are counted; yes when
    /// absent.
    #[serde(default)]
    shorten: Option<bool>,
    /// By SMS: for how many seconds a message may be delivered, 60 to 172800; two days when absent.
    #[serde(default)]
    validity: Option<u32>,
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
    /// The subject, with merge tags; by e-mail it is required.
    #[serde(default)]
    subject: Option<String>,
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
    /// The text part; made from the body when absent. By SMS the words, with merge tags.
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
    let draft = match input.channel.as_deref() {
        None | Some("email") => by_mail(&ctx, input).await?,
        Some("sms") => by_sms(&ctx, input).await?,
        Some(_) => return Err(Problem::field("channel", "expected email or sms").into()),
    };
    let campaign = campaigns::create(&ctx, &app.outbound, draft).await?;
    Ok((StatusCode::CREATED, JsonBody(MadeCampaign { id: campaign.id })))
}

async fn by_mail(ctx: &Ctx, input: NewCampaign) -> Result<CampaignDraft> {
    texts::only_sms(&[
        ("originator", input.originator.is_some()),
        ("shorten", input.shorten.is_some()),
        ("validity", input.validity.is_some()),
    ])?;
    let (from_name, from_email) = sender::read_or_default(ctx, input.from).await?;
    let content = Content {
        subject: input.subject.ok_or_else(|| Problem::field("subject", "is required"))?,
        mjml: input.mjml,
        html: input.html,
        design: input.design,
        text: input.text,
        preheader: input.preheader,
        language: input.language,
        variants: input.variants,
    };
    let content = content.read(ctx).await?;
    Ok(CampaignDraft {
        name: input.name,
        from_name,
        from_email,
        reply_to: input.reply_to,
        topic: topics::find(ctx, &input.topic).await?.id,
        segment: input.segment,
        purpose: input.purpose.as_deref().map_or(Ok(Purpose::MARKETING), purpose)?,
        reason: input.reason,
        prospecting: input.prospecting.map(Into::into),
        track: input.track.unwrap_or(true),
        content: content.default,
        variants: content.by_language,
        texts: None,
    })
}

async fn by_sms(ctx: &Ctx, input: NewCampaign) -> Result<CampaignDraft> {
    texts::only_mail(&[
        ("from", input.from.is_some()),
        ("reply_to", input.reply_to.is_some()),
        ("subject", input.subject.is_some()),
        ("mjml", input.mjml.is_some()),
        ("html", input.html.is_some()),
        ("design", input.design.is_some()),
        ("preheader", input.preheader.is_some()),
        ("reason", input.reason.is_some()),
        ("prospecting", input.prospecting.is_some()),
    ])?;
    let language = match input.language {
        Some(language) => language,
        None => accounts::workspaces::get(ctx).await?.language,
    };
    let text = input.text.ok_or_else(|| Problem::field("text", "something to say"))?;
    let variants = input.variants.into_iter().map(|(language, variant)| (language, variant.only_text())).collect();
    let sender = outbound::texts::sender("");
    Ok(CampaignDraft {
        name: input.name,
        from_name: sender.name,
        from_email: sender.email,
        reply_to: None,
        topic: topics::find(ctx, &input.topic).await?.id,
        segment: input.segment,
        purpose: input.purpose.as_deref().map_or(Ok(Purpose::MARKETING), purpose)?,
        reason: None,
        prospecting: None,
        track: input.track.unwrap_or(true),
        content: campaigns::texts::source(text, language),
        variants: texts::variants(variants)?,
        texts: Some(Terms {
            from: input.originator.as_deref().map(texts::originator).transpose()?,
            shorten: input.shorten.unwrap_or(true),
            validity: input.validity,
        }),
    })
}

/// Reads a purpose.
pub(super) fn purpose(code: &str) -> Result<Purpose, Problem> {
    Purpose::new(code).map_err(|error| Problem::field("purpose", error.to_string()))
}
