//! `GET /v1/privacy/requests/{id}`

use kernel::RequestId;
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
    /// Whom the data had been disclosed to and what they said when told (GDPR Art. 19).
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
    let told = told.iter().filter(|notice| notice.made_at >= request.received_at);
    Ok(JsonBody(RequestDetail {
        timeline: timeline.iter().map(|entry| json!(entry)).collect(),
        recipients: told.map(|notice| json!(notice)).collect(),
        pack_until: requests::pack_of(&ctx, id).await?.map(|pack| pack.1),
        request: view(&ctx, &request).await?,
    }))
}
