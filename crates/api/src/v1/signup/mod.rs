//! `POST /v1/signup`

mod create;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("signup": create)
}
