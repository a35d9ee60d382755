//! `GET /w/chat/{widget}/ws`: the same as the stream, and what the visitor does, over one WebSocket (RFC 6455).
//!
//! Buffers are small: a connection that is idle, as most are, costs a few kilobytes and no more.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use conversations::chat;
use conversations::hub::{Bye, Mailbox, Signal};
use conversations::visitors::Token;
use conversations::widgets;
use http_server::{Failure, Result};
use kernel::Code;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use store::Ctx;
use tokio::time::Interval;

use super::super::visitor::Visitor;
use super::feed::{Feed, Push};
use super::stream::{HEARTBEAT, after, opener};
use super::{Known, Limits, acts, asked, shared};
use crate::App;

/// The largest frame, in octets.
const LARGEST: usize = 64 * 1024;
/// How long a write may take before the reader counts as gone.
const WRITE: Duration = Duration::from_secs(10);
/// Pings without an answer after which the other side counts as gone.
const SILENT: u32 = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    r#type: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    data: Json,
}

#[expect(clippy::too_many_arguments, reason = "each one is an extractor")]
pub(super) async fn open(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let opened = async {
        let (asked, origin) = asked(&app, &id, &headers).await?;
        let known = opener(&app, asked, &headers, query.as_deref()).await?;
        limits.spend(&known, &visitor)?;
        chat::admit(&known.ctx, known.token.visitor).await?;
        Ok::<_, Failure>((known, origin))
    };
    let (known, origin) = match opened.await {
        Ok(opened) => opened,
        Err(failure) => return shared(failure.into_response(), None),
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return shared(rejection.into_response(), origin),
    };
    let after = after(&headers, query.as_deref());
    let waiting = Box::new(((app, known), (limits, visitor), (id, after)));
    upgrade
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .on_upgrade(move |socket| {
            let (known, from, place) = *waiting;
            Box::pin(run(Box::new(Line::new(socket, known, from, place))))
        })
}

/// One open connection. It rests in one box, and what it seldom does in boxes of their own, so that the task of
/// an idle one is small.
struct Line {
    socket: WebSocket,
    feed: Feed,
    mailbox: Mailbox,
    beat: Interval,
    silent: u32,
    /// Apart, for the socket cannot be shared between threads and what a frame asks for is done by several.
    person: Arc<Person>,
}

/// Who is at the other end.
struct Person {
    app: App,
    ctx: Ctx,
    token: Token,
    limits: Limits,
    visitor: Visitor,
    widget: Box<str>,
}

/// The other side has gone, or must go.
enum End {
    Gone,
    Bye(Bye),
}

async fn run(mut line: Box<Line>) {
    let end = match line.talk().await {
        Err(end) => end,
        Ok(never) => match never {},
    };
    let bye = match end {
        End::Gone => None,
        End::Bye(bye) => Some(bye),
    };
    Box::pin(line.end(bye)).await;
}

impl Line {
    fn new(
        socket: WebSocket,
        (app, known): (App, Known),
        (limits, visitor): (Limits, Visitor),
        (widget, after): (String, i64),
    ) -> Self {
        let (hub, Known { ctx, token, .. }) = (app.shell.chat().hub().clone(), known);
        let (feed, mailbox) = Feed::open(&hub, ctx.clone(), &token, after);
        hub.heard(ctx.workspace, token.visitor, ctx.now(), None);
        let beat = tokio::time::interval(HEARTBEAT);
        let person = Arc::new(Person { app, ctx, token, limits, visitor, widget: widget.into() });
        Self { socket, feed, mailbox, beat, silent: 0, person }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(WRITE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Bye(Bye::SlowConsumer)),
        }
    }

    async fn push(&mut self, all: Vec<Push>) -> Result<(), End> {
        for push in all {
            let over = push.name == "bye";
            let text = json!({ "type": push.name, "id": push.id, "data": push.data }).to_string();
            self.send(Message::Text(text.into())).await?;
            if over {
                return Err(End::Gone);
            }
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), End> {
        let first = self.feed.begin().await.map_err(|_| End::Bye(Bye::Shutdown))?;
        self.push(first).await?;
        self.beat.tick().await;
        Ok(())
    }

    async fn told(&mut self, signal: Signal) -> Result<(), End> {
        let told = self.feed.take(signal).await.map_err(|_| End::Bye(Bye::Shutdown))?;
        self.push(told).await
    }

    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        Box::pin(self.begin()).await?;
        loop {
            tokio::select! {
                signal = self.mailbox.next() => Box::pin(self.told(signal)).await?,
                came = self.socket.recv() => match came {
                    Some(Ok(message)) => Box::pin(self.came(message)).await?,
                    Some(Err(error)) => {
                        let large = error.to_string().contains("too long") || error.to_string().contains("too large");
                        return Err(if large { End::Bye(Bye::TooLarge) } else { End::Gone });
                    }
                    None => return Err(End::Gone),
                },
                _ = self.beat.tick() => {
                    self.silent += 1;
                    if self.silent > SILENT {
                        return Err(End::Gone);
                    }
                    Box::pin(self.send(Message::Ping(Vec::new().into()))).await?;
                }
            }
        }
    }

    async fn came(&mut self, message: Message) -> Result<(), End> {
        self.silent = 0;
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => return Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) => return Err(End::Bye(Bye::BadFrame)),
        };
        let Ok(frame) = serde_json::from_str::<Frame>(&text) else { return Err(End::Bye(Bye::BadFrame)) };
        if frame.id.as_ref().is_some_and(|id| id.len() > 64) {
            return Err(End::Bye(Bye::BadFrame));
        }
        if frame.r#type == "ping" {
            return self.send(Message::Text(json!({ "type": "pong", "id": frame.id }).to_string().into())).await;
        }
        let person = Arc::clone(&self.person);
        let answer = match person.act(&frame.r#type, frame.data).await {
            Ok(data) => json!({ "type": "ok", "id": frame.id, "data": data }),
            Err(Failure(problem)) => json!({
                "type": "error",
                "id": frame.id,
                "data": {
                    "code": problem.code.as_str(),
                    "status": problem.code.status(),
                    "title": problem.code.title(),
                    "detail": problem.detail,
                    "fields": problem.fields,
                    "retry_after": problem.retry_after,
                },
            }),
        };
        self.send(Message::Text(answer.to_string().into())).await
    }

    async fn end(&mut self, bye: Option<Bye>) {
        if let Some(bye) = bye {
            let push = Push::bye(bye);
            let text = json!({ "type": push.name, "id": null, "data": push.data }).to_string();
            let _ = tokio::time::timeout(WRITE, self.socket.send(Message::Text(text.into()))).await;
        }
        let code = match bye {
            Some(Bye::TooLarge) => close_code::SIZE,
            Some(Bye::BadFrame) => close_code::UNSUPPORTED,
            Some(Bye::Banned) => close_code::POLICY,
            _ => close_code::AWAY,
        };
        let reason = bye.map_or("", Bye::as_str);
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = tokio::time::timeout(WRITE, self.socket.send(Message::Close(Some(frame)))).await;
    }
}

impl Person {
    /// What a frame asks for, by the widget as it is now.
    async fn act(&self, kind: &str, data: Json) -> Result<Json> {
        let widget = widgets::get(&self.ctx, self.token.widget).await?;
        let known = Known { ctx: self.ctx.clone(), widget, token: self.token };
        if matches!(kind, "typing" | "peek") {
            if !self.limits.lets_pass(&known) {
                return Ok(Json::Null);
            }
        } else {
            self.limits.spend(&known, &self.visitor)?;
        }
        let app = &self.app;
        match kind {
            "message" => acts::said(app, &known, read(data)?, &self.widget).await,
            "typing" => acts::types(app, &known, &read(data)?).await.map(|()| Json::Null),
            "peek" => acts::peeks(app, &known, read(data)?).await.map(|()| Json::Null),
            "seen" => acts::sees(app, &known, &read(data)?).await.map(|()| Json::Null),
            _ => Err(super::wrong("type", "expected message, typing, peek, seen or ping")),
        }
    }
}

fn read<T: DeserializeOwned>(data: Json) -> Result<T> {
    serde_json::from_value(data).map_err(|_| Failure::new(Code::InvalidInput, "the frame's data is not as expected"))
}
