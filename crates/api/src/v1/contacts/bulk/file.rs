//! `GET /v1/contacts/bulk/{id}/file`

use axum::response::Response;
use kernel::JobId;
use people::bulk;

use crate::v1::prelude::*;
use crate::v1::{stream, trail};

/// The file that an export wrote, as CSV. Kept for seven days.
#[utoipa::path(get, path = "/v1/contacts/bulk/{id}/file", params(("id" = String, Path)),
    security(("key" = ["contacts:export"])), responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn handle(caller: Caller, Path(id): Path<JobId>) -> Result<Response> {
    let ctx = caller.require("contacts:export")?;
    if !bulk::get(&ctx, id).await?.has_file() {
        return Err(Failure::not_found("file"));
    }
    trail::note(&ctx, "contacts.exported", &[&id]).await?;
    let body = stream::written(move |mut out| async move {
        bulk::file(&ctx, id, |part| {
            let failed = |error: std::io::Error| Problem::new(Code::Unavailable, error.to_string());
            std::io::Write::write_all(&mut out, part).map_err(failed)?;
            Ok(())
        })
        .await?;
        Ok::<_, people::Error>(out)
    });
    Ok(stream::file(body, "text/csv; charset=utf-8", Some("contacts.csv")))
}
