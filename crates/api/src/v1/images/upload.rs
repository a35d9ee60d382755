//! `POST /v1/images`

use axum::body::Bytes;
use content::images;

use super::ImageAnswer;
use crate::v1::prelude::*;
use crate::v1::trail;

/// What is said about a picture.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// Its name, for members; `picture` when absent.
    name: Option<String>,
}

/// Upload a picture: PNG, JPEG, GIF or WebP of at most 5 MB.
///
/// The body is the file. What it is stands in its first octets; what the request says about it counts for nothing.
#[utoipa::path(post, path = "/v1/images", params(UploadQuery),
    request_body(content = String, content_type = "application/octet-stream"), security(("key" = ["templates:write"])),
    responses((status = 201, body = ImageAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<UploadQuery>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, JsonBody<ImageAnswer>)> {
    let ctx = caller.require("templates:write")?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::from(images::Error::TooLarge),
        _ => Problem::new(Code::MalformedBody, "the picture did not arrive whole"),
    })?;
    let name = query.name.as_deref().unwrap_or("picture");
    let image = images::add(&ctx, name, body.to_vec(), app.image_quota).await?;
    trail::note(&ctx, "image.uploaded", &[&image.id]).await?;
    Ok((StatusCode::CREATED, JsonBody(ImageAnswer::of(ctx.workspace, image))))
}
