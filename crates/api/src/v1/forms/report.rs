//! `GET /v1/forms/{id}/report`

use kernel::{Date, FormId};
use people::forms;

use super::shapes;
use crate::v1::prelude::*;

/// Which days are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// The first day (UTC); 29 days before the last one when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day; today when absent. At most 366 days.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// How often a form was seen, sent and confirmed on each day.
#[utoipa::path(get, path = "/v1/forms/{id}/report", params(("id" = String, Path), Span),
    security(("key" = ["forms:read"])), responses((status = 200, body = shapes::FormReport)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<FormId>,
    Query(span): Query<Span>,
) -> Result<JsonBody<forms::Report>> {
    let ctx = caller.require("forms:read")?;
    let form = forms::get(&ctx, id).await?;
    Ok(JsonBody(forms::report(&ctx, form.id, span.from, span.to).await?))
}
