//! `POST /v1/imports`

use axum::body::Body;
use futures_util::StreamExt;
use kernel::ImportId;
use people::import::job::{self, Settings, Upload};

use super::settings::{ImportQuery, Said};
use crate::v1::prelude::*;
use crate::v1::trail;

/// An import that has begun.
#[derive(Serialize, ToSchema)]
pub(super) struct Begun {
    /// Its id; ask for its state.
    #[schema(value_type = String)]
    id: ImportId,
}

/// Import people from a CSV or TSV file of at most 4 GiB.
///
/// The body is the file. It is kept sealed while it is worked off in the background.
#[utoipa::path(post, path = "/v1/imports", params(ImportQuery),
    request_body(content = String, content_type = "text/csv"), security(("key" = ["contacts:import"])),
    responses((status = 202, body = Begun)))]
pub(super) async fn handle(
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Body,
) -> Result<(StatusCode, JsonBody<Begun>)> {
    let ctx = caller.require("contacts:import")?;
    let said = Said::read(pairs)?;
    let topic = said.topic(&caller, &ctx).await?;
    let mut upload = Upload::begin(&ctx).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Failure::new(Code::MalformedBody, "the file did not arrive whole"))?;
        upload.write(&chunk).await?;
    }
    let staged = upload.finish().await?;
    let settings = Settings {
        topic,
        origin: said.origin,
        attributes: said.attributes,
        purchased: said.purchased,
        tracking: said.tracking,
        dry_run: said.dry_run,
    };
    let id = job::start_mapped(&ctx, staged, (settings, said.targets), Some(said.purchase)).await?;
    trail::note(&ctx, "import.started", &[&id, &topic]).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(Begun { id })))
}
