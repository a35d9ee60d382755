//! `GET /v1/contacts/{id}/provenance`

use kernel::ContactId;
use people::contacts::{self, Profile, Sourced};
use people::fields;
use privacy::answer::role;
use privacy::provenance;

use super::consent::EvidenceItem;
use crate::v1::prelude::*;

/// A value and the source it refers to.
#[derive(Serialize, ToSchema)]
pub(super) struct SourcedValue {
    /// The field, such as `company` or `attributes.plan`.
    field: String,
    /// What people call a custom field.
    label: Option<String>,
    /// The value.
    value: String,
    /// The id of its source, among `sources`.
    source: Option<String>,
}

/// Where values came from.
#[derive(Serialize, ToSchema)]
pub(super) struct ValueSource {
    id: String,
    /// `given`, `form`, `import`, `purchased`, `public_source`, `inferred_pattern`, `verified_by_tool`,
    /// `enrichment`, `api`, `chat` or `booking`.
    method: String,
    /// In words.
    source: String,
    /// When the values were collected.
    #[schema(format = Date)]
    collected_on: Option<String>,
    /// `member`, `api`, `person`, `system` or `console`.
    actor: String,
    /// Licence, contract, address of the page and the like.
    detail: Vec<EvidenceItem>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Every value of a person with its source.
#[derive(Serialize, ToSchema)]
pub(super) struct ProvenanceAnswer {
    values: Vec<SourcedValue>,
    sources: Vec<ValueSource>,
}

fn values(profile: &Profile, labels: &std::collections::BTreeMap<String, fields::Field>) -> Vec<SourcedValue> {
    let source = |index: u16| profile.source(&Sourced((), index)).map(|id| id.to_string());
    let plain = |field: &str, value: String, index: u16| SourcedValue {
        field: field.to_owned(),
        label: None,
        value,
        source: source(index),
    };
    let emails = profile.emails.iter().map(|value| plain("email", value.0.to_string(), value.1));
    let phones = profile.phones.iter().map(|value| plain("phone", value.0.clone(), value.1));
    let standard = profile.values.iter().map(|(field, value)| plain(field.as_str(), value.0.clone(), value.1));
    let custom = profile.attributes.iter().map(|(key, value)| SourcedValue {
        label: labels.get(key).map(|field| field.label.clone()),
        ..plain(
            &format!("attributes.{key}"),
            value.0.as_str().map_or_else(|| value.0.to_string(), str::to_owned),
            value.1,
        )
    });
    emails.chain(phones).chain(standard).chain(custom).collect()
}

/// Where every value of a person came from: how, from where, when, by whom, with its evidence.
#[utoipa::path(get, path = "/v1/contacts/{id}/provenance", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = ProvenanceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<ProvenanceAnswer>> {
    let ctx = caller.require("privacy:read")?;
    let contact = contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let profile = &contact.loaded.profile;
    let sources = provenance::get_many(&ctx, &profile.sources).await?.into_iter().map(|source| {
        let mut detail = Vec::new();
        super::consent::flat(&source.detail, "", &mut detail);
        ValueSource {
            id: source.id.to_string(),
            method: source.method.to_string(),
            source: source.source,
            collected_on: source.collected_on.map(|day| day.to_string()),
            actor: role(&source.actor).map_or_else(|| source.actor.clone(), str::to_owned),
            detail,
            created_at: source.created_at,
        }
    });
    let sources = sources.collect();
    Ok(JsonBody(ProvenanceAnswer { values: values(profile, &fields::list(&ctx).await?), sources }))
}
