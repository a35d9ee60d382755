//! SMS and voice: messages, calls, verifications, numbers, routes.

mod balance;
mod call_flows;
mod calls;
mod channels;
mod lookup;
mod messages;
mod numbers;
mod originators;
mod recharging;
mod recordings;
mod routes;
mod smpp_accounts;
mod trunks;
mod verification_services;
mod verifications;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(messages::routes())
        .merge(routes::routes())
        .merge(originators::routes())
        .merge(balance::routes())
        .merge(recharging::routes())
        .merge(verifications::routes())
        .merge(verification_services::routes())
        .merge(lookup::routes())
        .merge(numbers::routes())
        .merge(smpp_accounts::routes())
        .merge(trunks::routes())
        .merge(call_flows::routes())
        .merge(calls::routes())
        .merge(recordings::routes())
        .merge(channels::routes())
}
