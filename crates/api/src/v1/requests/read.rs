//! `GET /v1/privacy/requests/{id}`

use kernel::RequestId;
use outbound::webhooks::call_secret;
use privacy::disclosures::{self, Notify};
use privacy::requests::{self, recipients};

use super::{RequestView, view};
use crate::v1::prelude::*;

/// A request with everything around it.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestDetail {
    #[serde(flatten)]
    request: RequestView,
    /// What happened: `at`, `kind`, `actor`, `note`.
    timeline: Vec<Json>,
    /// Whom the data had been disclosed to and what they said when told (GDPR Art. 19); for those told by a
    /// signed call, with `privacy:write`, the `secret` that they verify it with.
    recipients: Vec<Json>,
    /// Until when the access pack can be downloaded.
    #[schema(value_type = Option<String>, format = DateTime)]
    pack_until: Option<Timestamp>,
}

/// One request.
#[utoipa::path(get, path = "/v1/privacy/requests/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = RequestDetail)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RequestId>) -> Result<JsonBody<RequestDetail>> {
    let ctx = caller.require("privacy:read")?;
    let request = requests::get(&ctx, id).await?;
    let timeline = requests::timeline(&ctx, id).await?;
    let told = match request.subject {
        Some(subject) => recipients::of_subject(&ctx, subject).await?,
        None => Vec::new(),
    };
    let keys = ctx.keys().await?;
    let may_set_up = caller.require("privacy:write").is_ok();
    let mut shown = Vec::new();
    for notice in told.iter().filter(|notice| notice.made_at >= request.received_at) {
        let mut one = json!(notice);
        if let (true, Some(disclosed)) = (may_set_up, disclosures::get(&ctx, notice.disclosure).await?)
            && let Some(Notify::Url(url)) = &disclosed.notify
        {
            one["secret"] = json!(call_secret(&keys, url));
        }
        shown.push(one);
    }
    Ok(JsonBody(RequestDetail {
        timeline: timeline.iter().map(|entry| json!(entry)).collect(),
        recipients: shown,
        pack_until: requests::pack_of(&ctx, id).await?.map(|pack| pack.1),
        request: view(&ctx, &request).await?,
    }))
}
