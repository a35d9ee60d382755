//! `GET /w/chat/{widget}/stream`: server-sent events.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use conversations::chat;
use conversations::hub::{Bye, Mailbox};
use conversations::visitors::{self, Token};
use futures_util::stream;
use http_server::{Failure, Result};
use kernel::Code;
use tokio::time::{Interval, MissedTickBehavior};

use super::feed::{Feed, Push};
use super::{Asked, answer, known};
use crate::App;

/// Between two comments that keep proxies from closing the connection.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

fn parameter<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    query?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// Who opens a stream: by a ticket that was not used before, or by the token.
pub(super) async fn opener(app: &App, asked: Asked, headers: &HeaderMap, query: Option<&str>) -> Result<super::Known> {
    let Some(text) = parameter(query, "ticket") else { return known(app, asked, headers).await };
    let refused = || Failure::new(Code::Unauthenticated, "the ticket does not hold; ask for another one");
    let ticket = visitors::read_ticket(&app.core, text).await?.ok_or_else(refused)?;
    super::belongs(&asked, ticket.token).ok_or_else(refused)?;
    if !app.shell.chat().spend(&ticket, app.core.now()) {
        return Err(refused());
    }
    // The ticket's minute is for opening; how long it stays open is the token's affair.
    let token = Token { until: app.core.now().plus_seconds(visitors::LIFE), ..ticket.token };
    Ok(super::Known { ctx: asked.ctx, widget: asked.widget, token })
}

/// After which number to go on: what the browser says on its own comes before what the address says.
pub(super) fn after(headers: &HeaderMap, query: Option<&str>) -> i64 {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    last.or_else(|| parameter(query, "after")?.parse().ok()).unwrap_or(0)
}

struct Stream {
    feed: Feed,
    mailbox: Mailbox,
    beat: Interval,
    begun: bool,
    over: bool,
}

fn write(out: &mut String, push: &Push) {
    if let Some(id) = push.id {
        let _ = writeln!(out, "id: {id}");
    }
    let _ = write!(out, "event: {}\ndata: {}\n\n", push.name, push.data);
}

impl Stream {
    async fn next(&mut self) -> Option<String> {
        if self.over {
            return None;
        }
        let mut out = String::new();
        let mut told = if self.begun {
            Vec::new()
        } else {
            self.begun = true;
            self.beat.tick().await;
            out.push_str("retry: 2000\n\n");
            self.feed.begin().await.unwrap_or_else(|_| vec![Push::bye(Bye::Shutdown)])
        };
        while told.is_empty() && out.is_empty() {
            tokio::select! {
                // What was taken out of the mailbox is told: nothing is awaited inside the choice but the taking.
                signal = self.mailbox.next() => {
                    told = self.feed.take(signal).await.unwrap_or_else(|_| vec![Push::bye(Bye::Shutdown)]);
                }
                _ = self.beat.tick() => out.push_str(": still here\n\n"),
            }
        }
        for push in &told {
            write(&mut out, push);
            self.over |= push.name == "bye";
        }
        Some(out)
    }
}

pub(super) async fn open(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answer(&app, &id, &headers, async |asked: Asked| {
        let known = opener(&app, asked, &headers, query.as_deref()).await?;
        chat::admit(&known.ctx, known.token.visitor).await?;
        let hub = app.shell.chat().hub();
        let (feed, mailbox) = Feed::open(hub, known.ctx.clone(), &known.token, after(&headers, query.as_deref()));
        hub.heard(known.ctx.workspace, known.token.visitor, known.ctx.now(), None);
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stream = Stream { feed, mailbox, beat, begun: false, over: false };
        let body = Body::from_stream(stream::unfold(stream, |mut stream| async move {
            let text = stream.next().await?;
            Some((Ok::<Bytes, Infallible>(Bytes::from(text)), stream))
        }));
        let mut response = body.into_response();
        let fields = response.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Proxies that gather answers would hold every event back.
        fields.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    })
    .await
}
