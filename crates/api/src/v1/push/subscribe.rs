//! `POST /v1/push/subscriptions`

use super::{PushSubscription, slice, way};
use crate::v1::prelude::*;

/// The keys of a browser, as its `PushSubscription` gives them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PushKeys {
    /// Its point, base64url.
    p256dh: String,
    /// Its secret, base64url.
    auth: String,
}

/// A browser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPushSubscription {
    /// Where it is reached.
    endpoint: String,
    /// Its keys.
    keys: PushKeys,
    /// What you call it.
    #[serde(default)]
    label: String,
    /// `en` or `ar`; `en` when absent.
    #[serde(default)]
    language: Option<String>,
}

/// Have a browser of yours told. The same browser again changes what stands there.
#[utoipa::path(post, path = "/v1/push/subscriptions", request_body = NewPushSubscription,
    security(("session" = ["conversations:read"])), responses((status = 201, body = PushSubscription)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewPushSubscription>,
) -> Result<(StatusCode, JsonBody<PushSubscription>)> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let language = match input.language.as_deref().unwrap_or("en") {
        language @ ("en" | "ar") => language.to_owned(),
        _ => return Err(Problem::field("language", "expected en or ar").into()),
    };
    let NewPushSubscription { endpoint, keys, label, .. } = input;
    let target = slice::Target { endpoint, p256dh: keys.p256dh, auth: keys.auth, label, language };
    let kept = way(&app)?.subscribe(&ctx, session.user, target).await?;
    Ok((StatusCode::CREATED, JsonBody(PushSubscription::of(kept))))
}
