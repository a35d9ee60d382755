//! SMS and voice: messages, calls, verifications, numbers, routes.

mod balance;
mod lookup;
mod messages;
mod numbers;
mod originators;
mod routes;
mod smpp_accounts;
mod verification_services;
mod verifications;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(messages::routes())
        .merge(routes::routes())
        .merge(originators::routes())
        .merge(balance::routes())
        .merge(verifications::routes())
        .merge(verification_services::routes())
        .merge(lookup::routes())
        .merge(numbers::routes())
        .merge(smpp_accounts::routes())
}
