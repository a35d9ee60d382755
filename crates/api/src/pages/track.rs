//! `/t/o/{token}.gif` and `/t/c/{token}/{n}`: opens and clicks.
//!
//! The answer never waits for the record of it. Where a click leads stands in the content that was
//! really sent, never in the URL, so nobody can borrow the redirect. A browser that says Global
//! Privacy Control is shown the picture and led to the target, and nothing is recorded.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::Timestamp;
use outbound::tracking::{self, Signals, Tokened, delivery_of_tracking_token};
use outbound::{DeliveryRow, SentCopy};
use tokio::sync::Semaphore;

use super::layout::{discreet, neutral, shown};
use super::letter;
use super::visitor::Visitor;
use crate::App;

/// How many records may be under way; what comes beyond is counted and forgotten.
const MOST: u32 = 4096;

/// A transparent picture of one point, GIF89a.
const PIXEL: [u8; 43] =
    *b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0\x21\xf9\x04\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";

pub(super) fn router(hits: Hits) -> Router<App> {
    Router::new().route("/t/o/{file}", get(open)).route("/t/c/{token}/{number}", get(click)).layer(Extension(hits))
}

/// Opens and clicks that are being recorded behind the answers. The store groups their commits.
#[derive(Debug, Clone)]
pub struct Hits(Arc<Semaphore>);

impl Default for Hits {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST as usize)))
    }
}

impl Hits {
    pub(super) fn record(&self, app: &App, work: impl Future<Output = Result<()>> + Send + 'static) {
        let counter = |name, help| app.toolbox.metrics().counter(name, help).with(&[]).inc();
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else {
            counter("barid_hits_dropped_total", "Opens and clicks not recorded because too many came at once.");
            return;
        };
        tokio::spawn(async move {
            if let Err(failure) = work.await {
                tracing::warn!(code = failure.0.code.as_str(), "an open or click was not recorded");
            }
            drop(permit);
        });
    }

    /// Returns when everything that was begun is recorded: for the end of the process, and for tests.
    pub async fn settled(&self) {
        // The semaphore is never closed.
        let _ = self.0.acquire_many(MOST).await;
    }
}

/// A request's signs of who made it, kept beyond the request.
pub(super) struct Observed {
    pub(super) visitor: Visitor,
    pub(super) at: Timestamp,
    pub(super) click: bool,
}

impl Observed {
    pub(super) fn signals(&self) -> Signals<'_> {
        Signals {
            head: self.visitor.head,
            prefetch: self.visitor.prefetch,
            user_agent: &self.visitor.agent,
            sent_at: None,
            at: self.at,
            links_just_followed: 0,
            click: self.click,
        }
    }
}

async fn open(
    State(app): State<App>,
    Extension(hits): Extension<Hits>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Response {
    if let Some(token) = file.strip_suffix(".gif").filter(|token| letter::plausible(token) && !visitor.private) {
        let (core, token) = (app.core.clone(), token.to_owned());
        let observed = Observed { at: core.now(), visitor, click: false };
        hits.record(&app, async move {
            if let Some(Tokened { ctx, delivery }) = delivery_of_tracking_token(&core, &token).await {
                tracking::open(&ctx, delivery, observed.signals()).await?;
            }
            Ok(())
        });
    }
    let mut response = PIXEL.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    discreet(response.headers_mut());
    response
}

async fn click(
    State(app): State<App>,
    Extension(hits): Extension<Hits>,
    visitor: Visitor,
    Path((token, number)): Path<(String, String)>,
) -> Response {
    let words = visitor.words(&[], None);
    shown(words, follow(&app, &hits, visitor, (&token, &number)).await)
}

async fn follow(app: &App, hits: &Hits, visitor: Visitor, (token, number): (&str, &str)) -> Result<Response> {
    let nowhere = || neutral(visitor.words(&[], None)).into_response();
    let Ok(number) = number.parse::<u32>() else { return Ok(nowhere()) };
    if !letter::plausible(token) {
        return Ok(nowhere());
    }
    let Some(Tokened { ctx, delivery }) = delivery_of_tracking_token(&app.core, token).await else {
        return Ok(nowhere());
    };
    let Some(row) = DeliveryRow::find(&ctx, delivery).await? else { return Ok(nowhere()) };
    let Some(copy) = SentCopy::load(app.outbound.versions(), &ctx, &row).await? else { return Ok(nowhere()) };
    let Some(location) = copy.link(number).as_deref().and_then(location) else { return Ok(nowhere()) };
    if !visitor.private {
        let observed = Observed { at: ctx.now(), visitor, click: true };
        hits.record(app, async move {
            tracking::click(&ctx, (delivery, number), observed.signals()).await?;
            Ok(())
        });
    }
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    discreet(response.headers_mut());
    Ok(response)
}

/// A target as a Location header: web addresses only, everything beyond ASCII percent-encoded.
pub(super) fn location(url: &str) -> Option<HeaderValue> {
    let scheme = url.split_once("://")?.0.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    HeaderValue::from_str(&out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_targets() {
        let of = |url: &str| location(url).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(of("https://example.org/a?b=c#d").as_deref(), Some("https://example.org/a?b=c#d"));
        assert_eq!(of("https://example.org/بريد").as_deref(), Some("https://example.org/%D8%A8%D8%B1%D9%8A%D8%AF"));
        assert_eq!(of("http://e/\r\nset-cookie: x").as_deref(), Some("http://e/%0D%0Aset-cookie:%20x"));
        assert_eq!(of("javascript://%0Aalert(1)"), None);
        assert_eq!(of("data:text/html,x"), None);
        assert_eq!(of("//evil.example"), None);
    }

    #[test]
    fn the_picture_is_43_bytes() {
        assert_eq!((PIXEL.len(), &PIXEL[..6], PIXEL[42]), (43, &b"GIF89a"[..], 0x3b));
    }
}
