//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use kernel::Timestamp;

/// The cookie's name over https: the prefix makes browsers refuse it from anywhere else (RFC 6265bis).
const SECURE_NAME: &str = "__Host-barid";
const PLAIN_NAME: &str = "barid";

const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The token of the session cookie, when the request has one.
pub(crate) fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name(secure)).then_some(value))
}

/// A Set-Cookie value that keeps `token` until `until`.
pub(crate) fn set(token: &str, until: Timestamp, now: Timestamp, secure: bool) -> HeaderValue {
    let age = (until.as_seconds() - now.as_seconds()).max(0);
    write(&format!("{}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax", name(secure)), secure)
}

/// A Set-Cookie value that removes the cookie.
pub(crate) fn clear(secure: bool) -> HeaderValue {
    write(&format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", name(secure)), secure)
}

fn write(text: &str, secure: bool) -> HeaderValue {
    let text = if secure { format!("{text}; Secure") } else { text.to_owned() };
    // Tokens are base64url, so the text is always a header value.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_written_and_read() {
        let now = Timestamp(0);
        let plain = set("abc", now.plus_seconds(60), now, false);
        assert_eq!(plain, "barid=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
        let secure = set("abc", now.plus_seconds(60), now, true);
        assert_eq!(secure, "__Host-barid=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; barid=abc; __Host-barid=def"));
        assert_eq!(token(&headers, false), Some("abc"));
        assert_eq!(token(&headers, true), Some("def"));
        assert_eq!(token(&HeaderMap::new(), true), None);
    }
}
