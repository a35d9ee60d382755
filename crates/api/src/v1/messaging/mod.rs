//! SMS and voice: messages, calls, verifications, numbers, routes.

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
}
