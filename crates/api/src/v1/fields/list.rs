//! `GET /v1/fields`

use people::fields;
use people::segments::conditions::Field;

use crate::v1::paging::CountsQuery;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every custom field, by key; with `counts` how many people have a value.
#[utoipa::path(get, path = "/v1/fields", params(CountsQuery), security(("key" = ["fields:read"])),
    responses((status = 200, body = Listed<shapes::Field>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CountsQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("fields:read")?;
    let fields = fields::list(&ctx).await?;
    let columns = fields.keys().map(|key| Field::Attribute(key.as_str().into())).collect();
    let holders = query.holders(&app, &ctx, columns).await?;
    let shown = fields.values().map(|field| {
        let mut shown = json!(field);
        if let Some(holders) = &holders {
            let name = format!("attributes.{}", field.key);
            shown["people"] = json!(holders.fields.get(&name).copied().unwrap_or_default());
        }
        shown
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
