//! Files that do not change while the server runs, with validators (RFC 9110 section 13).

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use data_encoding::BASE64URL_NOPAD;

/// A file to serve.
#[derive(Debug, Clone)]
pub struct Asset {
    body: Bytes,
    content_type: HeaderValue,
    etag: HeaderValue,
    cache: HeaderValue,
}

/// How long browsers may keep a file without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Its name changes with its content: for a year.
    Forever,
    /// Ask each time; unchanged costs no transfer.
    Ask,
    /// A few minutes.
    Briefly,
}

impl Asset {
    /// A file with its media type. The entity tag is made from the content.
    pub fn new(body: impl Into<Bytes>, content_type: &'static str, keep: Keep) -> Self {
        let body = body.into();
        let hash = digest(&SHA256, &body);
        let tag = format!("\"{}\"", BASE64URL_NOPAD.encode(&hash.as_ref()[..12]));
        Self {
            content_type: HeaderValue::from_static(content_type),
            etag: HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"-\"")),
            cache: HeaderValue::from_static(match keep {
                Keep::Forever => "public, max-age=31536000, immutable",
                Keep::Ask => "no-cache",
                Keep::Briefly => "public, max-age=300",
            }),
            body,
        }
    }

    /// The answer to a request for this file: whole, or 304 when the client has it already.
    pub fn respond(&self, method: &Method, headers: &HeaderMap) -> Response<Body> {
        let known = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes());
        let mut response = Response::new(Body::empty());
        let out = response.headers_mut();
        out.insert(header::ETAG, self.etag.clone());
        out.insert(header::CACHE_CONTROL, self.cache.clone());
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        out.insert(header::CONTENT_TYPE, self.content_type.clone());
        out.insert(header::CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        if *method != Method::HEAD {
            *response.body_mut() = Body::from(self.body.clone());
        }
        response
    }
}

/// The media type that goes with a file name's ending.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_has_the_file_is_told_so() {
        let asset = Asset::new("body", media_type("a/app.js"), Keep::Ask);
        let whole = asset.respond(&Method::GET, &HeaderMap::new());
        assert_eq!(whole.status(), StatusCode::OK);
        assert_eq!(whole.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        let tag = whole.headers()[header::ETAG].to_str().unwrap().to_owned();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, known.parse().unwrap());
            assert_eq!(asset.respond(&Method::GET, &headers).status(), StatusCode::NOT_MODIFIED, "{known}");
        }
        let other = Asset::new("bodx", "text/plain", Keep::Forever).respond(&Method::GET, &HeaderMap::new());
        assert_ne!(other.headers()[header::ETAG], tag.as_str());
    }
}
