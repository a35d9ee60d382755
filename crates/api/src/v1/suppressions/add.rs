//! `POST /v1/suppressions`

use kernel::{ContactId, Email, Phone};
use people::contacts;
use privacy::gate::Withdrawal;
use privacy::suppression::{self, Reason};
use privacy::vocabulary::Scope;
use store::{Blind, Ctx};

use crate::v1::prelude::*;
use crate::v1::trail;

/// What is blocked: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    /// An e-mail address.
    #[serde(default)]
    email: Option<String>,
    /// A telephone number.
    #[serde(default)]
    phone: Option<String>,
    /// Every address of a domain.
    #[serde(default)]
    domain: Option<String>,
    /// For addresses and numbers: `unsubscribe_all` (the default), `objection`, `complaint`, or
    /// `legal_block`, which stops service messages too.
    #[serde(default)]
    reason: Option<String>,
    /// What proves it, in words; kept sealed.
    #[serde(default)]
    note: Option<String>,
}

struct Wanted {
    hash: Blind,
    scope: Scope,
    reason: Reason,
    contact: Option<ContactId>,
}

/// Block an address, a number or a domain, whether or not it is known.
#[utoipa::path(post, path = "/v1/suppressions", request_body = Block, security(("key" = ["privacy:write"])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<Block>,
) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    let wanted = wanted(&ctx, &input).await?;
    match wanted.contact {
        Some(subject) => {
            let withdrawal = Withdrawal {
                subject,
                addresses: vec![wanted.hash],
                scope: wanted.scope,
                reason: wanted.reason,
                evidence: json!({ "by": ctx.actor.to_string(), "note": input.note }),
            };
            app.outbound.gate().withdraw(&ctx, withdrawal).await?;
        }
        None => app.outbound.gate().suppress_many(&ctx, &[wanted.hash], &wanted.scope, wanted.reason).await?,
    }
    trail::note(&ctx, "suppression.added", &[]).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn wanted(ctx: &Ctx, input: &Block) -> Result<Wanted> {
    let keys = ctx.keys().await?;
    let reason = || -> Result<Reason, Problem> {
        match input.reason.as_deref() {
            None | Some("unsubscribe_all") => Ok(Reason::UnsubscribeAll),
            Some("objection") => Ok(Reason::Objection),
            Some("complaint") => Ok(Reason::Complaint),
            Some("legal_block") => Ok(Reason::LegalBlock),
            Some(_) => Err(Problem::field("reason", "use unsubscribe_all, objection, complaint or legal_block")),
        }
    };
    let scope = |reason| if reason == Reason::LegalBlock { Scope::Person } else { Scope::Address };
    match (&input.email, &input.phone, &input.domain) {
        (Some(text), None, None) => {
            let email = Email::parse(text).map_err(|error| Problem::field("email", error.to_string()))?;
            let (reason, contact) = (reason()?, contacts::by_email(ctx, &email).await?);
            Ok(Wanted { hash: suppression::email_hash(&keys, &email), scope: scope(reason), reason, contact })
        }
        (None, Some(text), None) => {
            let phone = Phone::parse(text, None).map_err(|error| Problem::field("phone", error.to_string()))?;
            let (reason, contact) = (reason()?, contacts::by_phone(ctx, &phone).await?);
            Ok(Wanted { hash: suppression::phone_hash(&keys, &phone), scope: scope(reason), reason, contact })
        }
        (None, None, Some(text)) => {
            if input.reason.as_deref().is_some_and(|reason| reason != "domain_block") {
                return Err(Failure(Problem::field("reason", "a domain is blocked as domain_block; leave it out")));
            }
            let any = Email::parse(&format!("x@{}", text.trim()))
                .map_err(|_| Problem::field("domain", "expected a domain such as example.com"))?;
            if suppression::is_free_mail(any.ascii_domain()) {
                let detail = "many unrelated people have addresses there; block the address instead";
                return Err(Failure(Problem::field("domain", detail)));
            }
            let hash = suppression::domain_hash(&keys, &any);
            Ok(Wanted { hash, scope: Scope::Domain, reason: Reason::DomainBlock, contact: None })
        }
        _ => Err(Failure(Problem::field("email", "give one of email, phone and domain"))),
    }
}
