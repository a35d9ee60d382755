//! Data subjects: what somebody says about the use of their data.

mod object;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("subjects": object)
}
