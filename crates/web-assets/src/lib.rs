//! What a browser finds at `/`. The web application is not part of this version; a page in both
//! languages says where the API and the documentation are.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

/// The script that asks a site's visitors about cookies; empty when the web parts were not built.
pub const CONSENT: &str = include_str!(concat!(env!("OUT_DIR"), "/consent.js"));
/// The script that brings the others to a page; empty when the web parts were not built.
pub const LOADER: &str = include_str!(concat!(env!("OUT_DIR"), "/loader.js"));
/// The script of sign-up forms and pop-ups; empty when the web parts were not built.
pub const FORM: &str = include_str!(concat!(env!("OUT_DIR"), "/form.js"));

const PAGE: &str = include_str!("placeholder.html");

/// Only this page's own style may act.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The routes of the web application.
pub fn router() -> Router {
    Router::new().route("/", get(page))
}

async fn page() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(PAGE))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_speaks_both_languages_and_asks_nobody_else() {
        assert!(super::PAGE.contains("lang=\"en\"") && super::PAGE.contains("lang=\"ar\" dir=\"rtl\""));
        assert!(!super::PAGE.contains("http://") && !super::PAGE.contains("https://"));
    }
}
