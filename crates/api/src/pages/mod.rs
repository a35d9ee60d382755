//! The pages that people reach from their mail: unsubscribe, preference centre, confirmation, view
//! in a browser, sign-up forms, and the addresses of opens and clicks.
//!
//! They need no script, no cookie and nothing from elsewhere, speak Arabic and English, and tell
//! nobody whether an address is known. GET never changes anything. Mail programs of many people
//! share one network address, so these routes are not to be limited per address as a whole; forms
//! and account links limit themselves.

mod account;
mod book;
mod calendar_feed;
pub mod catcher;
pub(crate) mod chat;
mod chat_apps;
mod confirm;
mod cookies;
pub(crate) mod forms;
mod images;
mod layout;
mod letter;
mod markup;
mod pay;
mod posted;
mod preferences;
mod privacy;
mod registers;
mod short;
mod signal;
mod throttle;
mod track;
mod unsubscribe;
mod view;
mod visitor;
mod words;

use axum::Router;

pub use track::Hits;

use crate::App;

/// Every public page.
pub fn router() -> Router<App> {
    router_with(Hits::default())
}

/// Every public page; `hits` tells when the opens and clicks that came in are recorded.
pub fn router_with(hits: Hits) -> Router<App> {
    Router::new()
        .merge(unsubscribe::router())
        .merge(confirm::router())
        .merge(preferences::router())
        .merge(view::router())
        .merge(images::router())
        .merge(track::router(hits.clone()))
        .merge(short::router(hits))
        .merge(forms::router())
        .merge(chat::router())
        .merge(chat_apps::router())
        .merge(account::router())
        .merge(signal::router())
        .merge(cookies::router())
        .merge(privacy::router())
        .merge(registers::router())
        .merge(calendar_feed::router())
        .merge(book::router())
        .merge(pay::router())
}
