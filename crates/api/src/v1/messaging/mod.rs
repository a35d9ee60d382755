//! SMS and voice: messages, calls, verifications, numbers, routes.

mod balance;
mod channels;
mod messages;
mod originators;
mod routes;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(messages::routes())
        .merge(routes::routes())
        .merge(originators::routes())
        .merge(balance::routes())
        .merge(channels::routes())
}
