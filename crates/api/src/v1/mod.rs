//! Barid's own API, `/v1`: JSON in and out, problems as RFC 9457, lists as `{"items", "next"}`, ids
//! with prefixes, instants as RFC 3339.
//!
//! The document at `/v1/openapi.json` is made of the very values that mount the handlers
//! ([`routes::Routes`]), so that it cannot name a route that is not there, or miss one that is.

mod account;
mod api_calls;
mod audit;
mod backup;
mod campaigns;
mod contacts;
mod content;
mod cookies;
mod domains;
mod fields;
mod forms;
mod imports;
mod keys;
mod ledger;
mod members;
mod meta;
mod outreach;
mod paging;
mod prelude;
mod privacy;
mod registers;
mod replies;
mod requests;
mod routes;
mod segments;
mod sequences;
mod session;
mod shapes;
mod signup;
mod stream;
mod subjects;
mod suppressions;
mod tags;
mod templates;
mod topics;
mod trail;
mod webhooks;
mod workspace;

use axum::Router;
use http_server::Toolbox;
use routes::Routes;

use crate::App;

/// Everything under `/v1` that takes a JSON body or none.
fn documents() -> Routes {
    Routes::default()
        .merge(session::routes())
        .merge(signup::routes())
        .merge(account::routes())
        .merge(workspace::routes())
        .merge(meta::routes())
        .merge(members::routes())
        .merge(keys::routes())
        .merge(audit::routes())
        .merge(api_calls::routes())
        .merge(contacts::routes())
        .merge(topics::routes())
        .merge(tags::routes())
        .merge(fields::routes())
        .merge(forms::routes())
        .merge(segments::routes())
        .merge(imports::routes())
        .merge(content::routes())
        .merge(templates::routes())
        .merge(campaigns::routes())
        .merge(sequences::routes())
        .merge(outreach::routes())
        .merge(domains::routes())
        .merge(ledger::routes())
        .merge(suppressions::routes())
        .merge(privacy::routes())
        .merge(cookies::routes())
        .merge(requests::routes())
        .merge(subjects::routes())
        .merge(registers::routes())
        .merge(replies::routes())
        .merge(webhooks::routes())
        .merge(backup::routes())
}

/// The router to mount. JSON endpoints honour `Idempotency-Key`; uploads, whose bodies never stand
/// in memory, do not.
pub fn router(toolbox: &Toolbox) -> Router<App> {
    toolbox.idempotent(documents().router).merge(imports::uploads().router).merge(privacy::uploads().router)
}

/// The OpenAPI 3.1 document of everything [`router`] mounts, as JSON.
pub fn openapi() -> String {
    documents().merge(imports::uploads()).merge(privacy::uploads()).document()
}
