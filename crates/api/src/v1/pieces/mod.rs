//! What editors keep: blocks to be used again, the looks of brands, earlier states of messages.

mod change;
mod create;
mod delete;
mod list;
mod read;

use axum::extract::DefaultBodyLimit;
use content::design::Design;
use content::pieces::{Kind, Listed as Kept, Piece};
use kernel::PieceId;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    let limit = DefaultBodyLimit::max(super::content::MAX_BODY);
    routes!("pieces": list, create, read, change, delete).map(|router| router.layer(limit))
}

/// Something that is kept for the editor.
#[derive(Serialize, ToSchema)]
#[schema(as = Piece)]
pub(super) struct PieceAnswer {
    /// Its id.
    #[schema(value_type = String)]
    id: PieceId,
    /// What it is for.
    kind: Kind,
    /// The message that an earlier state is of.
    about: Option<String>,
    /// Its name.
    name: String,
    /// When it was kept.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `usr_…`, `key_…`, `console` or `system`: who kept it.
    created_by: String,
    /// The document; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    design: Option<Design>,
}

impl From<Kept> for PieceAnswer {
    fn from(kept: Kept) -> Self {
        let Kept { id, kind, about, name, created_at, created_by } = kept;
        Self { id, kind, about: (!about.is_empty()).then_some(about), name, created_at, created_by, design: None }
    }
}

impl From<Piece> for PieceAnswer {
    fn from(piece: Piece) -> Self {
        Self { design: Some(piece.design), ..piece.listed.into() }
    }
}

/// Reads a document of a request; what is wrong in it is told at its place.
fn document(value: Json) -> Result<Design> {
    Design::read(value).map_err(|faults| Failure(content::faults_to_problem(&faults)))
}
