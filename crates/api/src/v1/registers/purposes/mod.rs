//! The catalogue of purposes and their reviews.

mod add;
mod list;
mod retire;
mod reviewed;
mod reviews;
mod transition;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("purposes": list, add, retire, reviews, transition, reviewed)
}
