//! Sending domains: the DNS records that prove them, and whether they are there.

mod add;
mod check;
mod list;
mod read;
mod remove;
mod rotate;

use kernel::Email;
use mail::domains::{self, Domain, Record};
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("domains": list, add, read, check, rotate, remove)
}

/// A sending domain.
#[derive(Serialize, ToSchema)]
#[schema(as = Domain)]
pub(super) struct DomainAnswer {
    /// Its id.
    #[schema(value_type = String)]
    id: kernel::DomainId,
    /// Its name.
    domain: String,
    /// Whether the last check found every record.
    verified: bool,
    /// When it was last checked.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    /// The host under it where bounces come back.
    return_path: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The records to publish: type, name, value, purpose.
    #[schema(value_type = Vec<Object>)]
    records: Vec<Record>,
    /// The last check, record by record.
    report: Json,
}

/// A domain with its records.
async fn shown(app: &App, ctx: &Ctx, domain: Domain) -> Result<DomainAnswer> {
    let records = domains::records(ctx, &domain, &app.mail_host).await?;
    Ok(DomainAnswer {
        id: domain.id,
        domain: domain.name,
        verified: domain.verified,
        checked_at: domain.checked_at,
        return_path: domain.return_path,
        created_at: domain.created_at,
        records,
        report: serde_json::from_str(&domain.report).unwrap_or_default(),
    })
}

/// The domain of this name or id.
async fn known(ctx: &Ctx, text: &str) -> Result<Domain> {
    if let Ok(id) = text.parse() {
        return Ok(domains::get(ctx, id).await?);
    }
    let name = Email::parse(&format!("x@{text}")).map_err(|_| Failure::not_found("sending domain"))?;
    domains::by_name(ctx, name.ascii_domain()).await?.ok_or_else(|| Failure::not_found("sending domain"))
}
