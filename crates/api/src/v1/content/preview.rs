//! `POST /v1/content/preview`

use std::collections::{BTreeMap, BTreeSet};

use content::{Compiled, MergeValues, PlainLinks, Recipient, Rendered, Sender};
use kernel::{ContactId, Locale, SegmentId};
use people::contacts::{self, Standard};
use store::Ctx;

use super::finding::{self, Finding};
use super::input::{Content, catalog, compiled};
use crate::v1::prelude::*;

/// The size above which a large mail provider cuts a message off, in bytes.
const CLIPPED: usize = 102 * 1024;

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
    /// And in these saved segments.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    segments: BTreeSet<SegmentId>,
    /// Whether somebody made up fills the standard fields that are still empty.
    #[serde(default)]
    sample: bool,
    /// In which language; the contact's, or the content's, when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
    /// Why the person is written to, for the lawful notice; a sentence that stands in for it when absent.
    #[serde(default)]
    reason: Option<String>,
}

/// A message as one person would get it.
#[derive(Serialize, ToSchema)]
#[schema(as = ContentPreview)]
pub(super) struct PreviewAnswer {
    /// Whether there is a message; when not, `findings` says why.
    ok: bool,
    /// The subject.
    subject: String,
    /// The line shown beside the subject.
    preheader: String,
    /// The HTML part.
    html: String,
    /// The text part.
    text: String,
    /// The language that was picked.
    language: String,
    /// The direction of its layout, `ltr` or `rtl`.
    direction: &'static str,
    /// How large the HTML part is.
    bytes: usize,
    /// Whether that is more than some mail programs show (102 KB).
    clipped: bool,
    /// What there is to say about the variant that was picked, or about everything that does not compile.
    findings: Vec<Finding>,
}

/// Show content as one person would get it.
#[utoipa::path(post, path = "/v1/content/preview", request_body = PreviewRequest,
    security(("key" = ["campaigns:write"])), responses((status = 200, body = PreviewAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<PreviewRequest>,
) -> Result<JsonBody<PreviewAnswer>> {
    let ctx = caller.require("campaigns:write")?;
    let mut values = MergeValues { fields: input.values, tags: input.tags, segments: input.segments, reason: None };
    let mut language = input.language;
    if let Some(contact) = input.contact {
        caller.require("contacts:read")?;
        let spoken = fill(&ctx, contact, &mut values).await?;
        language = language.or(spoken);
    }
    let variants = input.content.read(&ctx).await?;
    let written = variants.default.language.clone();
    let compiled = match compiled(variants, catalog(&ctx).await?).await? {
        Ok(compiled) => compiled,
        Err(problems) => return Ok(JsonBody(nothing(&written, finding::of_problems(&problems)))),
    };
    let gone = campaigns::followed::gone(&ctx, &compiled).await?;
    if let Some(contact) = input.contact {
        values.segments.extend(campaigns::followed::of_contact(&ctx, &app.live, &compiled, contact).await?);
    }
    let picked = compiled.pick(language.as_ref());
    if input.sample {
        somebody(picked.language(), &mut values);
        // Somebody made up is in every segment, so that what is shown to some can be seen.
        values.segments.extend(picked.follows().iter().map(|followed| followed.segment));
    }
    let sender = sender(&ctx, picked, input.reason).await?;
    let mut shown = shown(picked, &Recipient { values: &values, sender: &sender }, app.outbound.public_url());
    let here = finding::of_problems(&gone).into_iter().filter(|found| found.is_about(picked, &compiled));
    shown.findings.splice(0..0, here);
    Ok(JsonBody(shown))
}

fn nothing(language: &Locale, findings: Vec<Finding>) -> PreviewAnswer {
    PreviewAnswer {
        ok: false,
        subject: String::new(),
        preheader: String::new(),
        html: String::new(),
        text: String::new(),
        language: language.to_string(),
        direction: language.direction().as_str(),
        bytes: 0,
        clipped: false,
        findings,
    }
}

fn shown(picked: &Compiled, recipient: &Recipient<'_>, base: &str) -> PreviewAnswer {
    let links = PlainLinks {
        unsubscribe: "#unsubscribe".into(),
        preferences: "#preferences".into(),
        view: "#view".into(),
        base: base.to_owned(),
    };
    let mut findings = finding::of_compiled(picked);
    if recipient.sender.postal_address == NO_ADDRESS {
        let detail = "the workspace has no postal address: fill it in in the settings".to_owned();
        findings.push(Finding::of_value(detail, picked.language()));
    }
    let mut out = Rendered::default();
    if let Err(error) = picked.render(recipient, &links, &mut out) {
        findings.push(Finding::of_value(error.to_string(), picked.language()));
        return nothing(picked.language(), findings);
    }
    PreviewAnswer {
        ok: true,
        subject: std::mem::take(&mut out.subject),
        preheader: picked.preheader(recipient),
        bytes: out.html.len(),
        clipped: out.html.len() > CLIPPED,
        html: std::mem::take(&mut out.html),
        text: std::mem::take(&mut out.text),
        language: picked.language().to_string(),
        direction: picked.direction().as_str(),
        findings,
    }
}

/// What a preview shows of an address that is not there yet.
const NO_ADDRESS: &str = "—";

/// Somebody who does not exist.
fn somebody(language: &Locale, values: &mut MergeValues) {
    let arabic = language.language() == "ar";
    let sample = if arabic {
        [("first_name", "لينا"), ("last_name", "حداد"), ("company", "مؤسسة النور"), ("country", "EG")]
    } else {
        [("first_name", "Lina"), ("last_name", "Haddad"), ("company", "Nour Foundation"), ("country", "EG")]
    };
    let more = [("email", "lina@example.com"), ("phone", "+201000000000"), ("time_zone", "Africa/Cairo")];
    for (name, value) in sample.into_iter().chain(more) {
        values.fields.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
    values.fields.entry("language".to_owned()).or_insert_with(|| language.to_string());
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

pub(in crate::v1) async fn sender(ctx: &Ctx, picked: &Compiled, reason: Option<String>) -> Result<Sender> {
    let workspace = accounts::workspaces::get(ctx).await?;
    let stand_in = match picked.language().language() {
        "ar" => "[سبب مراسلتك]",
        _ => "[why you are written to]",
    };
    let address = workspace.postal_address.trim();
    Ok(Sender {
        postal_address: if address.is_empty() { NO_ADDRESS } else { address }.to_owned(),
        name: workspace.name.clone(),
        organisation: workspace.name.clone(),
        list_name: workspace.name,
        reason: Some(reason.filter(|reason| !reason.trim().is_empty()).unwrap_or_else(|| stand_in.to_owned())),
        today: ctx.now().date(),
    })
}
