//! The image library.

mod list;
mod remove;
mod upload;
mod uses;

use axum::extract::DefaultBodyLimit;
use content::images;
use kernel::{ImageId, WorkspaceId};

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("images": list, remove)
}

/// The endpoint that takes files; their bodies are no JSON.
pub(super) fn uploads() -> Routes {
    routes!("images": upload).map(|router| router.layer(DefaultBodyLimit::max(images::MAX_BYTES + 1)))
}

/// A picture of the library.
#[derive(Serialize, ToSchema)]
#[schema(as = Image)]
pub(super) struct ImageAnswer {
    /// Its id.
    #[schema(value_type = String)]
    id: ImageId,
    /// Where it is served, from the root of the public URL; what the `src` of a design takes.
    url: String,
    /// Its name, for members.
    name: String,
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    r#type: String,
    /// Its width in pixels.
    width: i64,
    /// Its height in pixels.
    height: i64,
    /// Its size.
    bytes: i64,
    /// When it was uploaded.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl ImageAnswer {
    fn of(workspace: WorkspaceId, image: images::Image) -> Self {
        Self {
            id: image.id,
            url: images::path(workspace, image.id),
            name: image.name,
            r#type: image.kind,
            width: image.width,
            height: image.height,
            bytes: image.bytes,
            created_at: image.created_at,
        }
    }
}
