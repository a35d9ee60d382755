//! `POST /v1/contacts/{id}/enrich`

use std::collections::BTreeMap;

use kernel::{ContactId, Date};
use people::contacts::{self, Draft, Enrichment, Standard};
use privacy::provenance::{Method, Page};

use crate::v1::prelude::*;

/// Values from elsewhere, with everything that must be known about their origin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnrichmentInput {
    /// Standard fields by name, such as `company`.
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// Custom fields by key.
    #[serde(default)]
    attributes: BTreeMap<String, Json>,
    /// `enrichment` (the default), `public_source`, `inferred_pattern` or `verified_by_tool`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    method: Option<Method>,
    /// The provider, page or register.
    source: String,
    /// Under which licence or terms the values may be used.
    licence: String,
    /// `legitimate_interest` with an assessment, `consent` or `contract`.
    basis: String,
    /// The assessment behind a legitimate interest.
    #[serde(default)]
    assessment: Option<String>,
    /// Where exactly.
    #[serde(default)]
    url: Option<String>,
    /// The day on which the page was read.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    read_on: Option<Date>,
    /// SHA-256 of the page as it was read: 64 hexadecimal digits.
    #[serde(default)]
    sha256: Option<String>,
    /// When the source collected them.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    collected_on: Option<Date>,
}

/// What became of the values.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrichmentAnswer {
    /// Fields that have a value now which they did not have.
    added: Vec<String>,
    /// Fields that had a value already, which stays.
    kept: Vec<String>,
    /// When the person must have been told at the latest, and whether they were (GDPR Art. 14).
    notice: Option<Json>,
}

/// Add values from an enrichment provider or public source, where the contact has none yet. Without source, licence and
/// basis nothing is written.
#[utoipa::path(post, path = "/v1/contacts/{id}/enrich", params(("id" = String, Path)), request_body = EnrichmentInput,
    security(("key" = ["contacts:write"])), responses((status = 200, body = EnrichmentAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(input): JsonBody<EnrichmentInput>,
) -> Result<JsonBody<EnrichmentAnswer>> {
    let ctx = caller.require("contacts:write")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let mut draft = Draft { attributes: input.attributes, ..Draft::default() };
    for (name, value) in input.values {
        let field = Standard::named(&name)
            .ok_or_else(|| Failure(Problem::field(format!("values.{name}"), "is no standard field")))?;
        draft.values.insert(field, value);
    }
    let basis = input
        .basis
        .parse()
        .map_err(|_| Failure(Problem::field("basis", "expected legitimate_interest, consent or contract")))?;
    let enrichment = Enrichment {
        draft,
        method: input.method.unwrap_or(Method::Enrichment),
        source: input.source,
        licence: input.licence,
        basis,
        assessment: input.assessment,
        page: Page { url: input.url, read_on: input.read_on, sha256: input.sha256 },
        collected_on: input.collected_on,
    };
    let done = contacts::enrich(&ctx, id, enrichment).await?;
    Ok(JsonBody(EnrichmentAnswer { added: done.added, kept: done.kept, notice: done.notice.map(|duty| json!(duty)) }))
}
