//! `GET /w/chat/{widget}/ws`: the same as the stream, and what the visitor does, over one WebSocket (RFC 6455).
//!
//! Buffers are small: a connection that is idle, as most are, costs a few kilobytes and no more.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use conversations::chat;
use conversations::hub::{Bye, Mailbox};
use http_server::{Failure, Result};
use kernel::Code;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

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
    upgrade
        .read_buffer_size(2048)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .on_upgrade(move |socket| async move {
            let hub = app.shell.chat().hub().clone();
            let (feed, mailbox) = Feed::open(&hub, known.ctx.clone(), &known.token, after);
            hub.heard(known.ctx.workspace, known.token.visitor, known.ctx.now(), None);
            let mut line = Line { socket, app, known, limits, visitor, widget: id, silent: 0 };
            let bye = line.run(feed, mailbox).await;
            line.end(bye).await;
        })
}

struct Line {
    socket: WebSocket,
    app: App,
    known: Known,
    limits: Limits,
    visitor: Visitor,
    widget: String,
    silent: u32,
}

/// The other side has gone, or must go.
enum End {
    Gone,
    Bye(Bye),
}

impl Line {
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

    async fn run(&mut self, mut feed: Feed, mut mailbox: Mailbox) -> Option<Bye> {
        let end = match self.talk(&mut feed, &mut mailbox).await {
            Err(end) => end,
            Ok(never) => match never {},
        };
        match end {
            End::Gone => None,
            End::Bye(bye) => Some(bye),
        }
    }

    async fn talk(&mut self, feed: &mut Feed, mailbox: &mut Mailbox) -> Result<std::convert::Infallible, End> {
        let failed = |_| End::Bye(Bye::Shutdown);
        let first = feed.begin().await.map_err(failed)?;
        self.push(first).await?;
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.tick().await;
        loop {
            tokio::select! {
                signal = mailbox.next() => {
                    let told = feed.take(signal).await.map_err(failed)?;
                    self.push(told).await?;
                }
                came = self.socket.recv() => match came {
                    Some(Ok(message)) => self.came(message).await?,
                    Some(Err(error)) => {
                        let large = error.to_string().contains("too long") || error.to_string().contains("too large");
                        return Err(if large { End::Bye(Bye::TooLarge) } else { End::Gone });
                    }
                    None => return Err(End::Gone),
                },
                _ = beat.tick() => {
                    self.silent += 1;
                    if self.silent > SILENT {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
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
        let by = (&self.app, &self.known, &self.limits, &self.visitor);
        let answer = match act(by, &self.widget, (&frame.r#type, frame.data)).await {
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

    async fn end(mut self, bye: Option<Bye>) {
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

/// What a frame asks for. It borrows no socket, which cannot be shared between threads.
async fn act(
    (app, known, limits, visitor): (&App, &Known, &Limits, &Visitor),
    widget: &str,
    (kind, data): (&str, Json),
) -> Result<Json> {
    if matches!(kind, "typing" | "peek") {
        if !limits.lets_pass(known) {
            return Ok(Json::Null);
        }
    } else {
        limits.spend(known, visitor)?;
    }
    match kind {
        "message" => acts::said(app, known, read(data)?, widget).await,
        "typing" => acts::types(app, known, &read(data)?).await.map(|()| Json::Null),
        "peek" => acts::peeks(app, known, read(data)?).await.map(|()| Json::Null),
        "seen" => acts::sees(app, known, &read(data)?).await.map(|()| Json::Null),
        _ => Err(super::wrong("type", "expected message, typing, peek, seen or ping")),
    }
}

fn read<T: DeserializeOwned>(data: Json) -> Result<T> {
    serde_json::from_value(data).map_err(|_| Failure::new(Code::InvalidInput, "the frame's data is not as expected"))
}
