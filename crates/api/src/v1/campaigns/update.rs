//! `PATCH /v1/campaigns/{id}`

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use campaigns::{Campaign, CampaignDraft};
use content::design::Design;
use kernel::{CampaignId, Email, Locale, Patch, SegmentId};
use people::topics;
use store::Ctx;

use super::prospecting::ProspectingInput;
use super::{actor_name, create, sender, shown, texts};
use crate::v1::content::input::{self, Variant};
use crate::v1::meanwhile::{self, ChangedMeanwhile};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a draft; what is absent stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignChange {
    /// Its name.
    #[serde(default)]
    name: Option<String>,
    /// By SMS: another originator; null lets each country decide.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    originator: Patch<String>,
    /// By SMS: whether web addresses are written short.
    #[serde(default)]
    shorten: Option<bool>,
    /// By SMS: for how many seconds a message may be delivered.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    validity: Patch<u32>,
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
    /// The same; another one is refused with `changed_meanwhile` and the campaign as it is now.
    #[serde(default)]
    revision: Option<i64>,
}

/// Somebody else changed the campaign meanwhile (a problem of RFC 9457 with more members).
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignChanged {
    /// What every problem says.
    #[serde(flatten)]
    #[schema(inline)]
    problem: ChangedMeanwhile,
    /// The campaign as it is now.
    #[schema(value_type = shapes::Campaign)]
    current: Json,
}

/// Change a draft. Locked rows of its content are changed, moved and removed by who has `templates:lock`; everybody else
/// is refused with `forbidden` and the places.
#[utoipa::path(patch, path = "/v1/campaigns/{id}", params(("id" = String, Path)), request_body = CampaignChange,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = shapes::Campaign),
    (status = 409, body = CampaignChanged, content_type = "application/problem+json")))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(mut input): JsonBody<CampaignChange>,
) -> Result<Response> {
    let ctx = caller.require("campaigns:write")?;
    let before = campaigns::get(&ctx, id).await?;
    let revision = input.revision.take();
    if revision.is_some_and(|revision| revision != before.version) {
        return changed(&ctx, before).await;
    }
    let Campaign { mut draft, version, .. } = before;
    if let Some(topic) = &input.topic {
        draft.topic = topics::find(&ctx, topic).await?.id;
    }
    let version = input.version.take().unwrap_or(version);
    let (content, variants) = (draft.content.clone(), draft.variants.clone());
    apply(&mut draft, input)?;
    if !caller.may("templates:lock") {
        content::locks::kept((&content, &variants), (&draft.content, &draft.variants))?;
    }
    match campaigns::update(&ctx, &app.outbound, id, version, draft).await {
        // Somebody was faster by a moment.
        Err(campaigns::Error::Store(store::Error::Guard(_))) if revision.is_some() => {
            changed(&ctx, campaigns::get(&ctx, id).await?).await
        }
        done => Ok(JsonBody(shown(&ctx, done?).await?).into_response()),
    }
}

async fn changed(ctx: &Ctx, now: Campaign) -> Result<Response> {
    let by_name = actor_name(ctx, now.updated_by.as_deref()).await?;
    let problem = ChangedMeanwhile::new("campaign", now.version, now.updated_at, (now.updated_by.clone(), by_name));
    let current = shown(ctx, now).await?;
    Ok(meanwhile::answer(&CampaignChanged { problem, current }))
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn apply_sms(draft: &mut CampaignDraft, input: CampaignChange) -> Result<(), Problem> {
    texts::only_mail(&[
        ("from", input.from.is_some()),
        ("reply_to", matches!(input.reply_to, Patch::Value(_))),
        ("subject", input.subject.is_some()),
        ("mjml", input.mjml.is_some()),
        ("html", input.html.is_some()),
        ("design", input.design.is_some()),
        ("preheader", matches!(input.preheader, Patch::Value(_))),
        ("reason", matches!(input.reason, Patch::Value(_))),
        ("prospecting", matches!(input.prospecting, Patch::Value(_))),
    ])?;
    if let Some(code) = &input.purpose {
        draft.purpose = create::purpose(code)?;
    }
    set(&mut draft.name, input.name);
    set(&mut draft.track, input.track);
    draft.segment = input.segment.apply(draft.segment.take());
    if let Some(terms) = &mut draft.texts {
        terms.from = match input.originator {
            Patch::Value(text) => Some(texts::originator(&text)?),
            other => other.apply(terms.from.take()),
        };
        set(&mut terms.shorten, input.shorten);
        terms.validity = input.validity.apply(terms.validity.take());
    }
    set(&mut draft.content.language, input.language);
    match input.text {
        Patch::Absent => {}
        Patch::Null => return Err(Problem::field("text", "something to say")),
        Patch::Value(text) => draft.content.text = Some(text),
    }
    if let Some(variants) = input.variants {
        let words = variants.into_iter().map(|(language, variant)| (language, variant.only_text())).collect();
        draft.variants = texts::variants(words)?;
    }
    Ok(())
}

fn apply(draft: &mut CampaignDraft, input: CampaignChange) -> Result<(), Problem> {
    if draft.texts.is_some() {
        return apply_sms(draft, input);
    }
    texts::only_sms(&[
        ("originator", !matches!(input.originator, Patch::Absent)),
        ("shorten", input.shorten.is_some()),
        ("validity", !matches!(input.validity, Patch::Absent)),
    ])?;
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
