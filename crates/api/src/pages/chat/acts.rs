//! What a visitor does: `POST /w/chat/{widget}/start`, `…/messages` and the rest.

use std::collections::BTreeMap;

use axum::Json as Body;
use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use conversations::chat::{self, FilledIn, Start, Values, Words};
use conversations::encryption::Sealed;
use conversations::events::{self, FormKind};
use conversations::hub::Page;
use conversations::visitors::{self, Leave, Profile};
use conversations::widgets::{self, Act};
use conversations::{conversations as rows, text};
use http_server::{Failure, Result, parse_json};
use kernel::{Code, FileId, GreetingId, GroupId};
use people::subscribe::Proof;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::super::visitor::Visitor;
use super::{Known, Limits, answer_known, view};
use crate::App;

/// A page as the visitor's browser tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageSent {
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    referrer: Option<String>,
}

impl PageSent {
    /// The address without query and fragment: what stands there may be anything.
    fn plain(&self) -> Option<String> {
        let plain = self.url.split(['?', '#']).next().unwrap_or_default();
        (plain.len() <= 2000 && plain.starts_with("http") && !plain.contains(char::is_control))
            .then(|| plain.to_owned())
    }

    fn seen(&self, now: kernel::Timestamp) -> Option<(Page, Option<String>)> {
        let title = text::optional("title", &self.title, 1000).ok()?;
        let from = self.referrer.as_deref().filter(|from| from.len() <= 2000 && from.starts_with("http"));
        let from = from.map(|from| from.split(['?', '#']).next().unwrap_or_default().to_owned());
        Some((Page { url: self.plain()?, title, at: now }, from))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StartSent {
    client_id: String,
    #[serde(default)]
    fields: BTreeMap<String, Json>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    page: Option<PageSent>,
    #[serde(default)]
    tracking: bool,
    /// The words with which they were asked.
    #[serde(default)]
    wording: Option<String>,
    /// The time zone of their browser, when they agree to be seen.
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    group: Option<GroupId>,
    #[serde(default)]
    lang: Option<String>,
}

fn language(asked: Option<&str>, known: &Known, from: &Visitor) -> String {
    let asked = asked.filter(|tag| tag.parse::<kernel::Locale>().is_ok()).map(str::to_owned);
    let default = known.widget.settings.languages.first().and_then(|tag| tag.parse().ok());
    asked.unwrap_or_else(|| from.words(&[], default.as_ref()).0.tag().to_owned())
}

fn country(zone: Option<&str>) -> Option<String> {
    conversations::countries::of_zone(zone?).map(str::to_owned)
}

fn proof(from: &Visitor, page: Option<&PageSent>) -> Proof {
    Proof { page: page.and_then(PageSent::plain), ..from.proof(String::new()) }
}

/// Reads a body and answers what `act` makes of it, within the limits.
async fn take<T: DeserializeOwned, A: axum::response::IntoResponse>(
    (app, limits, from): (&App, &Limits, &Visitor),
    (id, headers, body): (&str, &HeaderMap, &Bytes),
    act: impl AsyncFnOnce(Known, T) -> Result<A>,
) -> Response {
    answer_known(app, id, headers, async move |known: Known| {
        limits.spend(&known, from)?;
        let sent: T = parse_json(body)?;
        act(known, sent).await
    })
    .await
}

type Called = (State<App>, Extension<Limits>, Visitor, Path<String>, HeaderMap);

pub(super) async fn start((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: StartSent| {
        let (ctx, widget, hub) = (&known.ctx, &known.widget, app.shell.chat().hub());
        let language = language(sent.lang.as_deref(), &known, &from);
        let visitor = known.token.visitor;
        let form = widget.settings.forms.get(FormKind::PreChat);
        let fresh = match rows::of_visitor(ctx, visitor).await? {
            Some(row) => row.state == conversations::State::Closed,
            None => true,
        };
        let filled = if form.is_some() && (fresh || !sent.fields.is_empty()) {
            let proof = proof(&from, sent.page.as_ref());
            Some(FilledIn::read(widget, FormKind::PreChat, &sent.fields, &language, &proof)?)
        } else {
            None
        };
        // Nobody is seen who asked not to be, whatever a box says (Global Privacy Control).
        let tracking = sent.tracking && !from.private;
        let country = country(sent.zone.as_deref()).filter(|_| tracking);
        let profile = Profile {
            language: Some(language),
            browser: tracking.then(|| from.agent.clone()).filter(|agent| !agent.is_empty()),
            country: country.clone(),
            ..Profile::default()
        };
        let page = sent.page.as_ref().and_then(PageSent::plain);
        let group = sent.group.or_else(|| filled.as_ref().and_then(|filled| filled.group));
        let start = Start { client: sent.client_id, filled, text: sent.text, profile, page, group };
        let (row, events) = chat::start(ctx, hub, widget, visitor, start).await?;
        if tracking {
            let proof = proof(&from, sent.page.as_ref());
            let leave = Leave { given: true, wording: sent.wording, notice: widget.settings.notice, country, proof };
            visitors::agree(ctx, visitor, &leave).await?;
        }
        let seen = sent.page.as_ref().filter(|_| tracking).and_then(|page| page.seen(ctx.now()));
        hub.heard(ctx.workspace, visitor, ctx.now(), seen);
        Ok(Body(json!({
            "conversation": view::conversation(ctx, &row).await?,
            "events": view::events(ctx, &events, &id).await?,
        })))
    })
    .await
}

/// `after` and `limit` of a query string.
fn span(query: Option<&str>) -> (i64, u32) {
    let read = |name: &str| {
        query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
    };
    (read("after").unwrap_or(0).max(0), u32::try_from(read("limit").unwrap_or(200)).unwrap_or(200).clamp(1, 200))
}

pub(super) async fn events(
    (State(app), Extension(limits), from, Path(id), headers): Called,
    RawQuery(query): RawQuery,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        let (after, limit) = span(query.as_deref());
        let row = chat::current(&known.ctx, known.token.visitor).await?;
        let page = events::after(&known.ctx, row.id, after, limit).await?;
        Ok(Body(json!({
            "events": view::events(&known.ctx, &page, &id).await?,
            // Where to go on: notes of members take places that are not shown.
            "next": page.last().map_or(after, |event| event.seq),
            "last_seq": row.last_seq,
            "conversation": view::conversation(&known.ctx, &row).await?,
        })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Postback {
    event_seq: i64,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageSent {
    client_id: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    file: Option<FileId>,
    #[serde(default)]
    postback: Option<Postback>,
    #[serde(default)]
    encrypted: Option<Sealed>,
}

impl MessageSent {
    fn words(self) -> Result<(String, Words)> {
        let words = match (self.text, self.file, self.postback, self.encrypted) {
            (text, Some(file), None, None) => Words::File(file, text),
            (None, None, Some(postback), None) => Words::Postback(postback.event_seq, postback.value),
            (Some(text), None, None, None) => Words::Text(text),
            (None, None, None, Some(sealed)) => Words::Sealed(sealed),
            _ => return Err(super::wrong("text", "expected a text, a file, a postback or what was sealed")),
        };
        Ok((self.client_id, words))
    }
}

/// Says something; also for the WebSocket.
pub(super) async fn said(app: &App, known: &Known, sent: MessageSent, widget: &str) -> Result<Json> {
    let (client, words) = sent.words()?;
    let hub = app.shell.chat().hub();
    let given = chat::say(&known.ctx, hub, known.token.visitor, &client, words).await?;
    hub.heard(known.ctx.workspace, known.token.visitor, known.ctx.now(), None);
    Ok(json!({ "event": view::event(&known.ctx, &given.event, widget).await?, "repeated": given.repeated }))
}

pub(super) async fn say((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: MessageSent| {
        Ok(Body(said(&app, &known, sent, &id).await?))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypingSent {
    on: bool,
}

/// Tells members that the visitor types; nothing is kept.
pub(super) async fn types(app: &App, known: &Known, sent: &TypingSent) -> Result<()> {
    if known.widget.settings.features.typing
        && let Some(row) = rows::of_visitor(&known.ctx, known.token.visitor).await?
    {
        app.shell.chat().hub().typing(known.ctx.workspace, &row, None, sent.on);
    }
    Ok(())
}

pub(super) async fn typing((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.address.spend(&from, known.ctx.now())?;
        let sent: TypingSent = parse_json(&body)?;
        if limits.lets_pass(&known) {
            types(&app, &known, &sent).await?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeekSent {
    text: String,
}

/// Shows members what is typed, where the widget says so and the visitor is told. It is nowhere afterwards.
pub(super) async fn peeks(app: &App, known: &Known, sent: PeekSent) -> Result<()> {
    if !known.widget.settings.features.sneak_peek {
        return Err(Failure::new(Code::Conflict, "what is typed is not shown here before it is sent"));
    }
    let text = text::optional("text", &sent.text, text::LONGEST)?;
    if let Some(row) = rows::of_visitor(&known.ctx, known.token.visitor).await? {
        if row.is_encrypted() {
            let detail = "what is typed is not shown where the chat is encrypted end to end";
            return Err(Failure::new(Code::EndToEndEncrypted, detail));
        }
        app.shell.chat().hub().peek(known.ctx.workspace, row.id, text);
    }
    Ok(())
}

pub(super) async fn peek((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.address.spend(&from, known.ctx.now())?;
        let sent: PeekSent = parse_json(&body)?;
        if limits.lets_pass(&known) {
            peeks(&app, &known, sent).await?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeenSent {
    seq: i64,
}

/// The visitor has read up to there.
pub(super) async fn sees(app: &App, known: &Known, sent: &SeenSent) -> Result<()> {
    let row = chat::current(&known.ctx, known.token.visitor).await?;
    rows::mark_seen(&known.ctx, app.shell.chat().hub(), &row, None, sent.seq).await?;
    Ok(())
}

pub(super) async fn seen((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: SeenSent| {
        sees(&app, &known, &sent).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

pub(super) async fn page((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: PageSent| {
        let (ctx, visitor) = (&known.ctx, known.token.visitor);
        let agreed = visitors::find(ctx, visitor).await?.is_some_and(|visitor| visitor.tracking) && !from.private;
        if !agreed {
            return Err(Failure::new(Code::Conflict, "pages are told only with leave"));
        }
        app.shell.chat().hub().heard(ctx.workspace, visitor, ctx.now(), sent.seen(ctx.now()));
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentSent {
    tracking: bool,
    /// The words with which they were asked.
    #[serde(default)]
    wording: Option<String>,
    /// The time zone of their browser.
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    page: Option<PageSent>,
}

pub(super) async fn consent((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: ConsentSent| {
        let (ctx, visitor) = (&known.ctx, known.token.visitor);
        let tracking = sent.tracking && !from.private;
        let leave = Leave {
            given: tracking,
            wording: sent.wording,
            notice: known.widget.settings.notice,
            country: country(sent.zone.as_deref()),
            proof: proof(&from, sent.page.as_ref()),
        };
        visitors::agree(ctx, visitor, &leave).await?;
        if !tracking {
            app.shell.chat().hub().forget_pages(ctx.workspace, visitor);
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormSent {
    client_id: String,
    #[serde(default)]
    fields: Values,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    page: Option<PageSent>,
}

pub(super) async fn form(
    (State(app), Extension(limits), from, Path((id, kind)), headers): (
        State<App>,
        Extension<Limits>,
        Visitor,
        Path<(String, String)>,
        HeaderMap,
    ),
    body: Bytes,
) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: FormSent| {
        let (ctx, widget, hub) = (&known.ctx, &known.widget, app.shell.chat().hub());
        let kind: FormKind = kind.parse().map_err(|_| Failure::not_found("form"))?;
        let language = language(sent.lang.as_deref(), &known, &from);
        let filled = FilledIn::read(widget, kind, &sent.fields, &language, &proof(&from, sent.page.as_ref()))?;
        let visitor = known.token.visitor;
        if kind == FormKind::Offline && rows::of_visitor(ctx, visitor).await?.is_none() {
            // Nobody is there: the form is how it begins.
            let start = Start {
                client: format!("{}-start", sent.client_id.chars().take(48).collect::<String>()),
                filled: None,
                text: None,
                profile: Profile { language: Some(language), ..Profile::default() },
                page: sent.page.as_ref().and_then(PageSent::plain),
                group: filled.group,
            };
            chat::start(ctx, hub, widget, visitor, start).await?;
        }
        let (event, row) = chat::fill_in(ctx, hub, widget, visitor, (&sent.client_id, filled)).await?;
        let event = match &event {
            Some(event) => view::event(ctx, event, &id).await?,
            None => None,
        };
        Ok(Body(json!({ "event": event, "conversation": view::conversation(ctx, &row).await? })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatingSent {
    score: Option<i64>,
    #[serde(default)]
    comment: Option<String>,
}

pub(super) async fn rate((State(app), Extension(limits), from, Path(id), headers): Called, body: Bytes) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: RatingSent| {
        if !known.widget.settings.features.rating {
            return Err(Failure::new(Code::Conflict, "nothing is rated here"));
        }
        let hub = app.shell.chat().hub();
        chat::rate(&known.ctx, hub, known.token.visitor, sent.score, sent.comment.as_deref()).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TranscriptSent {
    email: String,
}

pub(super) async fn transcript(
    (State(app), Extension(limits), from, Path(id), headers): Called,
    body: Bytes,
) -> Response {
    take((&app, &limits, &from), (&id, &headers, &body), async |known: Known, sent: TranscriptSent| {
        if !known.widget.settings.features.transcript {
            return Err(Failure::new(Code::Conflict, "transcripts are not sent here"));
        }
        limits.uploads.spend(&from, known.ctx.now())?;
        chat::transcript(&known.ctx, app.shell.chat().hub(), known.token.visitor, &sent.email).await?;
        Ok(StatusCode::ACCEPTED)
    })
    .await
}

pub(super) async fn leave((State(app), Extension(limits), from, Path(id), headers): Called) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        chat::leave(&known.ctx, app.shell.chat().hub(), known.token.visitor).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GreetingSent {
    id: GreetingId,
    action: Act,
}

pub(super) async fn greeting(
    (State(app), Extension(limits), from, Path(id), headers): Called,
    body: Bytes,
) -> Response {
    super::answer(&app, &id, &headers, async |asked: super::Asked| {
        limits.address.spend(&from, asked.ctx.now())?;
        let sent: GreetingSent = parse_json(&body)?;
        widgets::note_greeting(&asked.ctx, asked.widget.id, sent.id, sent.action).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
