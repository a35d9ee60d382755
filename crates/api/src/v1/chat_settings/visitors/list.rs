//! `GET /v1/visitors`

use conversations::{conversations as rows, visitors};

use crate::v1::conversations::visits::{VisitView, visit_of};
use crate::v1::prelude::*;

/// Visitors who are there now, the newest first. What they look at is shown only when they agreed to be seen.
#[utoipa::path(get, path = "/v1/visitors", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<VisitView>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<VisitView>>> {
    let ctx = caller.require("conversations:read")?;
    let visits = app.shell.chat().hub().visits(ctx.workspace, ctx.now());
    let ids: Vec<_> = visits.iter().map(|visit| visit.visitor).collect();
    let known = visitors::get_many(&ctx, &ids).await?;
    let mut items = Vec::with_capacity(visits.len());
    for (visit, visitor) in visits.into_iter().zip(known) {
        let row = rows::of_visitor(&ctx, visit.visitor).await?;
        items.extend(visit_of(visitor.as_ref(), Some(visit), row.as_ref(), ctx.now()));
    }
    Ok(JsonBody(items.into()))
}
