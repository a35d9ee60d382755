//! SMS and voice: messages, calls, verifications, numbers, routes.

mod balance;
mod call_flows;
mod calls;
mod messages;
mod originators;
mod recordings;
mod routes;
mod trunks;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(messages::routes())
        .merge(routes::routes())
        .merge(originators::routes())
        .merge(balance::routes())
        .merge(trunks::routes())
        .merge(call_flows::routes())
        .merge(calls::routes())
        .merge(recordings::routes())
}
