//! Look-up: what is known of a number.

mod ask;
mod connect;
mod disconnect;
mod provider;
mod read;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("lookup": provider, connect, disconnect, read, ask)
}

/// How a number without country code is read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CountryQuery {
    /// The country (ISO 3166) that the number is dialled in; absent when it has its country code.
    #[param(example = "SA")]
    country: Option<String>,
}
