//! The web application, built into the program: its page, its scripts, its fonts.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The script that shows a booking page on other people's pages; empty when the web parts were not built.
pub const BOOKING: &str = include_str!(concat!(env!("OUT_DIR"), "/booking.js"));
/// The script that asks a site's visitors about cookies; empty when the web parts were not built.
pub const CONSENT: &str = include_str!(concat!(env!("OUT_DIR"), "/consent.js"));
/// The script that brings the others to a page; empty when the web parts were not built.
pub const LOADER: &str = include_str!(concat!(env!("OUT_DIR"), "/loader.js"));
/// The script of sign-up forms and pop-ups; empty when the web parts were not built.
pub const FORM: &str = include_str!(concat!(env!("OUT_DIR"), "/form.js"));

/// The script of the live chat; empty when the web parts were not built.
pub const CHAT: &str = include_str!(concat!(env!("OUT_DIR"), "/chat.js"));
/// The part of the live chat that brings files; empty when the web parts were not built.
pub const CHAT_FILES: &str = include_str!(concat!(env!("OUT_DIR"), "/chat-files.js"));
/// The part of the live chat that encrypts end to end; empty when the web parts were not built.
pub const CHAT_SEALED: &str = include_str!(concat!(env!("OUT_DIR"), "/chat-sealed.js"));
/// The script that answers to `window.LiveChatWidget`; empty when the web parts were not built.
pub const LIVECHAT: &str = include_str!(concat!(env!("OUT_DIR"), "/livechat.js"));

/// A file of the application, as it is and compressed.
struct File {
    name: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Scripts come from here alone. Styles may stand in the page because previews of mail inherit this
/// policy (HTML, 7.1: `srcdoc` documents), and mail is styled inline; nothing is loaded from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// The names of files under this path never change their content.
const HASHED: &str = "assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The routes of the web application: its page wherever it has a place, and its files.
pub fn router() -> Router {
    let mut router = Router::new();
    for place in ["/", "/app", "/app/", "/app/{*place}", "/sign-in", "/forgot", "/setup"] {
        router = router.route(place, get(page));
    }
    // The worker that shows notifications stands at the root, because it may only speak for what is below it.
    for (place, name) in [("/icon.svg", "icon.svg"), ("/push.js", "push.js")] {
        router = router.route(place, get(move |headers: HeaderMap| async move { file(name, &headers) }));
    }
    router.route(
        "/assets/{*name}",
        get(|Path(name): Path<String>, headers: HeaderMap| async move { file(&format!("{HASHED}{name}"), &headers) }),
    )
}

async fn page(headers: HeaderMap) -> Response {
    let mut response = file("index.html", &headers);
    let more = response.headers_mut();
    more.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    more.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    let Ok(place) = FILES.binary_search_by(|file| file.name.cmp(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = &FILES[place];
    let (encoding, bytes) = packed(file, headers);
    let mut response = bytes.into_response();
    let more = response.headers_mut();
    more.insert(header::CONTENT_TYPE, kind(name));
    more.insert(header::CACHE_CONTROL, if name.starts_with(HASHED) { FOREVER } else { ASK });
    more.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    more.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        more.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form that the other end reads (RFC 9110, 12.5.3).
fn packed(file: &File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let reads = |wanted: &str| {
        accepted.split(',').any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            parts.next() == Some(wanted) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    match file {
        File { brotli: Some(bytes), .. } if reads("br") => (Some("br"), bytes),
        File { gzip: Some(bytes), .. } if reads("gzip") => (Some("gzip"), bytes),
        File { plain, .. } => (None, plain),
    }
}

fn kind(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    const FILE: File = File { name: "x.js", plain: b"plain", gzip: Some(b"gz"), brotli: Some(b"br") };

    #[test]
    fn the_page_is_always_there_and_names_no_other_host() {
        let index = FILES.iter().find(|file| file.name == "index.html").expect("built or placeholder");
        let text = String::from_utf8_lossy(index.plain);
        assert!(text.contains("Barid") && !text.contains("https://"));
        assert!(FILES.is_sorted_by_key(|file| file.name), "found by halving");
    }

    #[test]
    fn the_smallest_readable_form_is_served() {
        assert_eq!(packed(&FILE, &asking("gzip, br")).0, Some("br"));
        assert_eq!(packed(&FILE, &asking("gzip, br;q=0")).0, Some("gzip"));
        assert_eq!(packed(&FILE, &asking("identity")).1, b"plain");
        assert_eq!(packed(&FILE, &HeaderMap::new()).1, b"plain");
    }

    #[test]
    fn names_lead_to_files_and_nowhere_else() {
        assert_eq!(file("index.html", &HeaderMap::new()).status(), StatusCode::OK);
        assert_eq!(file("assets/../index.html", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
