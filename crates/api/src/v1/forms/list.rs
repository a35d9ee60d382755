//! `GET /v1/forms`

use people::forms;

use super::shapes;
use crate::v1::prelude::*;

/// Every form, oldest first.
#[utoipa::path(get, path = "/v1/forms", security(("key" = ["forms:read"])), responses((status = 200, body = Listed<shapes::Form>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("forms:read")?;
    let figures = forms::recent(&ctx).await?;
    let forms = forms::list(&ctx).await?;
    let shown = forms.iter().map(|form| super::shown(form, figures.get(&form.id).copied().unwrap_or_default()));
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
