//! `POST /v1/contacts/{id}/bases`

use kernel::ContactId;
use people::contacts;
use privacy::claims::{self, Stated};

use super::bases::BasisOnRecord;
use crate::v1::prelude::*;

/// A lawful basis and what it rests on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what the privacy engine reads")]
pub(super) struct BasisStatement {
    /// `consent`, `express_consent`, `express_written_consent`, `explicit_consent`, `soft_opt_in`,
    /// `legitimate_interest`, `implied_consent`, `inferred_consent`, `contract`, `legal_obligation` or
    /// `subject_request`.
    basis: String,
    /// For what, by its code in the catalogue of purposes.
    purpose: String,
    /// By which channel.
    channel: String,
    /// For one topic only, by its id.
    topic: Option<String>,
    /// When it arose; now when absent.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Until when it holds. Implied consent ends two years after a purchase and six months after an
    /// enquiry, whatever is said here.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// What it rests on. Consents: `evidence`, `source`, `wording` or a confirmed `doi`, and `notice`. Soft opt-in:
    /// `relationship`, `collected_in`, `sale_at`, `similar_goods`, `opt_out_offered_at_collection`,
    /// `opt_out_offered_each_time`, `max_age_months`. Legitimate interest: `assessment`, `reason`, `provenance`,
    /// `art14_notice`, `address_published_for_marketing`. Implied consent: `kind` (`purchase`, `enquiry`,
    /// `published`), `relevant_to_role`, `no_refusal_statement`.
    #[schema(value_type = Object)]
    detail: Option<Json>,
}

/// State a lawful basis with its evidence. It goes into the ledger under your name.
///
/// It takes no block away, and does not undo a later withdrawal.
#[utoipa::path(post, path = "/v1/contacts/{id}/bases", params(("id" = String, Path)), request_body = BasisStatement,
    security(("key" = ["contacts:write"])), responses((status = 201, body = BasisOnRecord)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(stated): JsonBody<Stated>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("contacts:write")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    if let Some(topic) = stated.topic {
        people::topics::get(&ctx, topic).await?;
    }
    Ok((StatusCode::CREATED, JsonBody(json!(claims::record(&ctx, id, stated).await?))))
}
