//! Barid's own API, `/v1`: JSON in and out, problems as RFC 9457, lists as `{"items", "next"}`, ids
//! with prefixes, instants as RFC 3339.
//!
//! The document at `/v1/openapi.json` is made of the very values that mount the handlers
//! ([`routes::Routes`]), so that it cannot name a route that is not there, or miss one that is.

mod account;
mod activity;
mod api_calls;
mod audit;
mod backup;
mod booking;
mod campaigns;
mod chat_settings;
mod contacts;
mod content;
mod conversations;
mod cookies;
mod domains;
mod fields;
mod forms;
mod images;
mod imports;
mod keys;
mod ledger;
mod live;
mod meanwhile;
mod members;
mod messaging;
mod meta;
mod outreach;
mod paging;
mod pieces;
mod preferences;
mod prelude;
mod presence;
mod privacy;
mod push;
mod registers;
mod replies;
mod reports;
mod requests;
mod routes;
mod samples;
mod segments;
mod sending;
mod sequences;
mod session;
mod setup;
mod shapes;
mod signup;
mod starters;
mod stream;
mod subjects;
mod suppressions;
mod tags;
mod templates;
mod topics;
mod trail;
mod views;
mod webhooks;
mod workspace;

use accounts::users::Session;
use axum::Router;
use http_server::{Caller, Failure, Result, Toolbox};
use kernel::Code;
use routes::Routes;
use store::Ctx;

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
        .merge(starters::routes())
        .merge(images::routes())
        .merge(pieces::routes())
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
        .merge(reports::routes())
        .merge(webhooks::routes())
        .merge(backup::routes())
        .merge(preferences::routes())
        .merge(views::routes())
        .merge(setup::routes())
        .merge(sending::routes())
        .merge(samples::routes())
        .merge(activity::routes())
        .merge(live::routes())
        .merge(presence::routes())
        .merge(conversations::routes())
        .merge(push::routes())
        .merge(booking::routes())
        .merge(messaging::routes())
}

/// The context of a signed-in member, for what no key may do.
fn member(caller: &Caller) -> Result<Ctx> {
    session_of(caller)?;
    Ok(caller.ctx())
}

/// The session a request came with.
fn session_of(caller: &Caller) -> Result<Session> {
    caller
        .session()
        .copied()
        .ok_or_else(|| Failure::new(Code::Unauthenticated, "this is for signed-in members; sign in"))
}

/// The router to mount. JSON endpoints honour `Idempotency-Key`; uploads, whose bodies never stand
/// in memory, do not.
pub fn router(toolbox: &Toolbox) -> Router<App> {
    toolbox
        .idempotent(documents().router)
        .merge(imports::uploads().router)
        .merge(privacy::uploads().router)
        .merge(images::uploads().router)
        .merge(conversations::uploads().router)
}

/// The OpenAPI 3.1 document of everything [`router`] mounts, as JSON.
pub fn openapi() -> String {
    documents()
        .merge(imports::uploads())
        .merge(privacy::uploads())
        .merge(images::uploads())
        .merge(conversations::uploads())
        .document()
}
