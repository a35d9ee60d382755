//! `POST /v1/content/preview`

use std::collections::{BTreeMap, BTreeSet};

use content::{MergeValues, PlainLinks, Recipient, Rendered, Sender};
use kernel::{ContactId, Locale};
use people::contacts::{self, Standard};
use store::Ctx;

use super::input::{Content, catalog, compiled};
use crate::v1::prelude::*;

/// Content, and for whom it is shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewRequest {
    /// The content.
    content: Content,
    /// As this contact would get it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// Or with these values of personal fields.
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// And these tags.
    #[serde(default)]
    tags: BTreeSet<String>,
    /// In which language; the contact's, or the content's, when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
}

/// A message as one person would get it.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewAnswer {
    /// The subject.
    subject: String,
    /// The HTML part.
    html: String,
    /// The text part.
    text: String,
    /// The language that was picked.
    language: String,
    /// Its direction, `ltr` or `rtl`.
    direction: &'static str,
}

/// Show content as one person would get it.
#[utoipa::path(post, path = "/v1/content/preview", request_body = PreviewRequest,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = PreviewAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<PreviewRequest>,
) -> Result<JsonBody<PreviewAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let variants = input.content.read(&ctx).await?;
    let compiled = compiled(variants, catalog(&ctx).await?).await?;
    let compiled = compiled.map_err(|problems| content::Error::Template(problems).problem())?;
    let mut values = MergeValues { fields: input.values, tags: input.tags, reason: None };
    let mut language = input.language;
    if let Some(contact) = input.contact {
        caller.require("contacts:read")?;
        let spoken = fill(&ctx, contact, &mut values).await?;
        language = language.or(spoken);
    }
    let picked = compiled.pick(language.as_ref());
    let sender = sender(&ctx).await?;
    let links =
        PlainLinks { unsubscribe: "#unsubscribe".into(), preferences: "#preferences".into(), view: "#view".into() };
    let mut out = Rendered::default();
    picked
        .render(&Recipient { values: &values, sender: &sender }, &links, &mut out)
        .map_err(|error| Problem::new(Code::TemplateInvalid, error.to_string()))?;
    Ok(JsonBody(PreviewAnswer {
        subject: std::mem::take(&mut out.subject),
        html: std::mem::take(&mut out.html),
        text: std::mem::take(&mut out.text),
        language: picked.language().to_string(),
        direction: picked.language().direction().as_str(),
    }))
}

/// Takes the values of a contact, and tells their language.
async fn fill(ctx: &Ctx, id: ContactId, values: &mut MergeValues) -> Result<Option<Locale>> {
    let contact = contacts::get(ctx, people::ReadFor::Work, id).await?;
    let profile = &contact.loaded.profile;
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            values.fields.entry(name.to_owned()).or_insert(value);
        }
    };
    put("email", profile.email().map(ToString::to_string));
    put("phone", profile.phone().map(str::to_owned));
    for field in Standard::ALL {
        put(field.as_str(), profile.value(field).map(str::to_owned));
    }
    for (key, value) in &profile.attributes {
        let text = value.0.as_str().map_or_else(|| value.0.to_string(), str::to_owned);
        put(key, Some(text));
    }
    values.tags.extend(contact.tags.iter().map(|tag| tag.1.clone()));
    Ok(profile.value(Standard::Language).and_then(|tag| tag.parse().ok()))
}

async fn sender(ctx: &Ctx) -> Result<Sender> {
    let workspace = accounts::workspaces::get(ctx).await?;
    Ok(Sender {
        postal_address: workspace.postal_address,
        name: workspace.name.clone(),
        organisation: workspace.name.clone(),
        list_name: workspace.name,
        reason: None,
        today: ctx.now().date(),
    })
}
