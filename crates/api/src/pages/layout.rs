//! What every page has around its content: language and direction, the style, and headers that let
//! nothing run and nothing be loaded.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use http_server::Failure;
use kernel::Code;

use super::markup::Html;
use super::words::Words;

const STYLE: &str = include_str!("style.css");

/// No script, no frame, nothing from elsewhere; the one style by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64.encode(digest(&SHA256, STYLE.as_bytes()).as_ref());
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
});

/// The same for a page that shows a message of this server in a sandboxed frame.
static FRAMING: LazyLock<String> = LazyLock::new(|| format!("{}; frame-src 'self'", *POLICY));

/// What pages of one kind have beyond the others: more style, a script of this server, other headers.
pub(super) struct Dress {
    style: String,
    policy: String,
    framed: String,
    script: &'static str,
}

impl Dress {
    /// The common style with more of it, and one script by its address.
    pub(super) fn new(style: &str, script: &'static str) -> Self {
        let style = format!("{STYLE}{style}");
        let hash = BASE64.encode(digest(&SHA256, style.as_bytes()).as_ref());
        let policy = |frames: &str| {
            format!(
                "default-src 'none'; style-src 'sha256-{hash}'; script-src 'self'; connect-src 'self'; form-action 'self'; \
                 frame-ancestors {frames}; base-uri 'none'"
            )
        };
        Self { policy: policy("'none'"), framed: policy("*"), style, script }
    }
}

/// A page.
pub(super) struct Page {
    words: Words,
    title: String,
    body: Html,
    status: StatusCode,
    organisation: Option<String>,
    /// Query parameters that a change of language keeps, ending in `&`.
    keep: String,
    policy: &'static LazyLock<String>,
    dress: Option<&'static Dress>,
    bare: bool,
    marks: Vec<(&'static str, String)>,
}

impl Page {
    /// A page with its title, which is also its heading.
    pub(super) fn new(words: Words, title: impl Into<String>, body: Html) -> Self {
        Self {
            words,
            title: title.into(),
            body,
            status: StatusCode::OK,
            organisation: None,
            keep: String::new(),
            policy: &POLICY,
            dress: None,
            bare: false,
            marks: Vec::new(),
        }
    }

    /// Puts a kind's style and script on.
    pub(super) fn dressed(mut self, dress: &'static Dress) -> Self {
        self.dress = Some(dress);
        self
    }

    /// Within a frame of somebody else's page: nothing around the content, and any page may frame it.
    pub(super) fn bare(mut self, bare: bool) -> Self {
        self.bare = bare;
        self
    }

    /// What the page's script is told, as `data-NAME` of the content.
    pub(super) fn mark(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.marks.push((name, value.into()));
        self
    }

    /// Whose page it is.
    pub(super) fn of(mut self, organisation: &str) -> Self {
        self.organisation = Some(organisation.to_owned());
        self
    }

    /// Lets the page show a message of this server in a frame.
    pub(super) fn framing(mut self) -> Self {
        self.policy = &FRAMING;
        self
    }

    /// Another status than 200.
    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Query parameters that a change of language keeps.
    pub(super) fn keep(mut self, query: String) -> Self {
        self.keep = query;
        self
    }

    fn into_html(self) -> String {
        let language = self.words.0;
        let mut out = Html::new();
        out.raw("<!doctype html>\n<html lang=\"").raw(language.tag()).raw("\" dir=\"").raw(language.direction());
        out.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n");
        out.raw("<title>").text(&self.title);
        if let Some(organisation) = &self.organisation {
            out.raw(" · ").text(organisation);
        }
        out.raw("</title>\n<style>").raw(self.dress.map_or(STYLE, |dress| &dress.style)).raw("</style>\n");
        if let Some(dress) = self.dress {
            out.raw("<script defer src=\"").raw(dress.script).raw("\"></script>\n");
        }
        out.raw(if self.bare { "</head>\n<body class=\"bare\">\n" } else { "</head>\n<body>\n" });
        out.raw("<div class=\"sheet\">\n");
        if let Some(organisation) = &self.organisation {
            out.raw("<header><p class=\"from\">").bdi(organisation).raw("</p></header>\n");
        }
        out.raw("<main");
        for (name, value) in &self.marks {
            out.raw(" data-").raw(name).raw("=\"").text(value).raw("\"");
        }
        out.raw(">\n<h1>").text(&self.title).raw("</h1>\n").add(&self.body).raw("</main>\n<footer><nav>");
        let other = language.other();
        out.raw("<a lang=\"")
            .raw(other.tag())
            .raw("\" hreflang=\"")
            .raw(other.tag())
            .raw("\" href=\"?")
            .text(&self.keep);
        out.raw("lang=").raw(other.tag()).raw("\">").text(self.words.get("language.other"));
        out.raw("</a></nav></footer>\n</div>\n</body>\n</html>\n");
        out.into_string()
    }
}

/// What keeps a page out of caches, indexes and referrers.
pub(super) fn discreet(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let language = self.words.0.tag();
        let status = self.status;
        let policy: &'static str = match self.dress {
            Some(dress) if self.bare => &dress.framed,
            Some(dress) => &dress.policy,
            None => self.policy,
        };
        let mut response = (status, self.into_html()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
        if let Ok(policy) = HeaderValue::from_str(policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        discreet(headers);
        response
    }
}

/// A paragraph.
pub(super) fn paragraph(text: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<p>").add(text).raw("</p>\n");
    out
}

/// The page for links that lead nowhere: the same for forged, old and erased ones.
pub(super) fn neutral(words: Words) -> Page {
    let body = paragraph(&words.html("neutral.text", &[]));
    Page::new(words, words.get("neutral.title"), body).status(StatusCode::NOT_FOUND)
}

/// The answer of a handler, or the page that says why there is none.
pub(super) fn shown(words: Words, answer: http_server::Result<Response>) -> Response {
    let problem = match answer {
        Ok(response) => return response,
        Err(Failure(problem)) => problem,
    };
    let (title, text, status) = match problem.code {
        Code::NotFound => return neutral(words).into_response(),
        Code::Gone => ("trouble.gone_title", "trouble.gone", StatusCode::GONE),
        Code::RateLimited => ("trouble.slow_title", "trouble.slow", StatusCode::TOO_MANY_REQUESTS),
        code => {
            tracing::warn!(code = code.as_str(), "a public page failed");
            ("trouble.title", "trouble.text", StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    let body = paragraph(&words.html(text, &[]));
    let mut response = Page::new(words, words.get(title), body).status(status).into_response();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of a colour such as `#0b6e63` or `#fff` (WCAG 2.2).
    fn luminance(hex: &str) -> f64 {
        let digits = hex.trim_start_matches('#');
        let wide = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    #[test]
    fn colours_can_be_read_in_light_and_dark() {
        let palettes: Vec<&str> = STYLE.split("--paper:").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        assert_eq!(palettes.len(), 2);
        for palette in palettes {
            let palette = format!("--paper:{palette}");
            let of = |name: &str| {
                let token = palette.split(';').find_map(|token| token.strip_prefix(&format!("--{name}:"))).unwrap();
                luminance(token)
            };
            for (front, back, least) in [
                ("ink", "sheet", 7.0),
                ("ink", "field", 7.0),
                ("soft", "sheet", 4.5),
                ("brand", "sheet", 4.5),
                ("brand", "paper", 4.5),
                ("on-brand", "brand", 4.5),
                ("bad", "sheet", 4.5),
                ("bad", "bad-tint", 4.5),
                ("good", "good-tint", 4.5),
                ("edge", "sheet", 3.0),
            ] {
                let (a, b) = (of(front), of(back));
                let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(ratio >= least, "{front} on {back}: {ratio:.2}");
            }
        }
    }
}
