//! Which sites may show a form: origins (RFC 6454) such as `https://www.example.com`, or
//! `https://*.example.com` for a domain and all below it.

/// The most origins of a form.
pub(super) const MOST: usize = 50;
/// The longest address, in octets.
const LONGEST: usize = 2000;

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
    };
    (1..=253).contains(&host.len()) && host.split('.').all(label)
}

/// Scheme, host and port.
fn split(origin: &str) -> Option<(&str, &str, Option<u16>)> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port.parse().ok()?)),
        Some(_) => return None,
        None => (rest, None),
    };
    matches!(scheme, "https" | "http").then_some((scheme, host, port))
}

/// Whether a text is the pattern of an origin.
pub fn is_pattern(text: &str) -> bool {
    split(text).is_some_and(|(_, host, _)| {
        let base = host.strip_prefix("*.");
        is_host(base.unwrap_or(host)) && base.is_none_or(|base| base.contains('.'))
    })
}

/// Whether a page of this origin is meant by one of the patterns.
pub fn covers(patterns: &[String], origin: &str) -> bool {
    let Some((scheme, host, port)) = split(origin) else { return false };
    patterns.iter().filter_map(|pattern| split(pattern)).any(|(wanted, pattern, expected)| {
        let same = match pattern.strip_prefix("*.") {
            Some(base) => host == base || host.strip_suffix(base).is_some_and(|before| before.ends_with('.')),
            None => host == pattern,
        };
        same && scheme == wanted && port == expected
    })
}

/// Whether an address is a path of the embedding site, or lies on one of the form's origins.
pub(super) fn is_own(url: &str, allowed: &[String]) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if url.len() > LONGEST || url.contains(odd) {
        return false;
    }
    if let Some(path) = url.strip_prefix('/') {
        return !path.starts_with('/');
    }
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    covers(allowed, &format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn origins_mean_what_they_say() {
        for right in ["https://shop.example", "http://localhost:3000", "https://*.shop.example", "http://127.0.0.1:81"]
        {
            assert!(is_pattern(right), "{right}");
        }
        for wrong in [
            "",
            "shop.example",
            "https://",
            "https://Shop.example",
            "https://shop.example/",
            "https://*.com",
            "https://a.example:x",
            "https://a.example:99999",
            "ftp://a.example",
            "https://user@a.example",
            "https://*",
        ] {
            assert!(!is_pattern(wrong), "{wrong}");
        }
        let patterns = ["https://*.shop.example".to_owned(), "http://localhost:3000".to_owned()];
        for (origin, expected) in [
            ("https://shop.example", true),
            ("https://www.shop.example", true),
            ("https://badshop.example", false),
            ("http://shop.example", false),
            ("https://shop.example:8443", false),
            ("http://localhost:3000", true),
            ("http://localhost", false),
            ("null", false),
        ] {
            assert_eq!(covers(&patterns, origin), expected, "{origin}");
        }
    }

    #[test]
    fn addresses_stay_at_home() {
        let patterns = ["https://shop.example".to_owned()];
        for (url, expected) in [
            ("/thanks", true),
            ("https://shop.example/thanks?x#y", true),
            ("//evil.example", false),
            ("https://shop.example@evil.example/", false),
            ("https://shop.example.evil.example", false),
            ("javascript:alert(1)", false),
            ("/\\evil.example", false),
            ("https://shop.example\\@evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_own(url, &patterns), expected, "{url}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let patterns = [text.clone()];
            let _ = (is_pattern(&text), covers(&patterns, &text), is_own(&text, &patterns));
        }
    }
}
