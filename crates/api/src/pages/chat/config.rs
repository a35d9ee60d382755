//! `GET /w/chat/{widget}/config`: everything that the page needs to draw the launcher and the forms.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Json as Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use conversations::encryption::{self, Encryption};
use conversations::widgets::{self, FieldKind, Form, FormField, Settings, Widget};
use conversations::{groups, routing};
use http_server::Result;
use kernel::Timestamp;
use serde_json::{Value as Json, json};
use store::Ctx;

use super::super::visitor::Visitor;
use super::{Asked, answer};
use crate::App;

type Words = BTreeMap<String, Json>;

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../../i18n/en/chat.json")).unwrap_or_default());
static ARABIC: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../../i18n/ar/chat.json")).unwrap_or_default());

/// The language to speak: what the page asks for, what the browser asks for, what the widget begins with.
fn language(settings: &Settings, visitor: &Visitor) -> &'static str {
    let asked = visitor.words(&[], settings.languages.first().and_then(|tag| tag.parse().ok()).as_ref()).0.tag();
    let speaks = |tag: &str| settings.languages.iter().any(|known| known == tag);
    match (speaks(asked), settings.languages.first().map(String::as_str)) {
        (true, _) => asked,
        (false, Some("ar")) => "ar",
        _ => "en",
    }
}

fn words(settings: &Settings, language: &str) -> Words {
    let mut words = if language == "ar" { ARABIC.clone() } else { ENGLISH.clone() };
    if let Some(own) = settings.texts.get(language) {
        words.extend(own.iter().map(|(key, text)| (key.clone(), Json::String(text.clone()))));
    }
    words
}

fn field(settings: &Settings, field: &FormField, language: &str, groups: &[groups::Group]) -> Json {
    let own = field.options.iter().map(|one| json!({ "value": one.value, "label": one.label.get(language) }));
    let options: Vec<Json> = if field.kind == FieldKind::Group {
        groups.iter().map(|group| json!({ "value": group.id, "label": group.name })).collect()
    } else {
        own.collect()
    };
    json!({
        "key": field.key,
        "kind": field.kind,
        "label": field.label.get(language),
        "help": field.help.get(language),
        "required": field.required,
        "options": options,
        "purpose": field.purpose,
        "notice": settings.notice.map(|id| json!({ "id": id, "url": null, "text": null })),
        "max_length": if field.kind == FieldKind::Textarea { 8000 } else { 1000 },
    })
}

fn form(settings: &Settings, form: &Form, language: &str, groups: &[groups::Group]) -> Json {
    if !form.enabled {
        return Json::Null;
    }
    let fields: Vec<Json> = form.fields.iter().map(|one| field(settings, one, language, groups)).collect();
    json!({ "intro": form.intro.get(language), "fields": fields })
}

/// Whether somebody is there, and when somebody is next.
async fn opening(ctx: &Ctx, widget: &Widget, groups: &[groups::Group]) -> Result<(bool, Option<Timestamp>, bool)> {
    let now = ctx.now();
    let own = widget.settings.group.or(routing::rules(ctx).await?.fallback.group);
    let own = own.and_then(|id| groups.iter().find(|group| group.id == id));
    let group = own.or(if groups.len() == 1 { groups.first() } else { None });
    let hours = widget.settings.hours.as_ref().or(group.and_then(|group| group.settings.hours.as_ref()));
    let open = hours.is_none_or(|hours| hours.is_open(now));
    let (waiting, _) = routing::waiting(ctx).await?;
    let full = group.is_some_and(|group| waiting >= group.settings.queue_limit);
    Ok((open, hours.and_then(|hours| hours.opens_at(now)), full))
}

async fn greetings(ctx: &Ctx, widget: &Widget, language: &str) -> Result<Vec<Json>> {
    let now = ctx.now();
    let all = widgets::greetings(ctx, widget.id).await?;
    let live =
        all.into_iter().filter(|one| one.draft.enabled && one.draft.active_until.is_none_or(|until| now < until));
    Ok(live
        .map(|one| {
            let buttons = one.draft.buttons.iter().map(
                |button| json!({ "label": button.label.get(language), "action": button.action, "value": button.value }),
            );
            json!({
                "id": one.id,
                "text": one.draft.text.get(language),
                "buttons": buttons.collect::<Vec<_>>(),
                "needs_tracking": one.needs_tracking(),
                "once": one.draft.once,
                "active_from": one.draft.active_from,
                "active_until": one.draft.active_until,
                "match": one.draft.matches,
                "conditions": one.conditions(),
            })
        })
        .collect())
}

async fn config(asked: &Asked, visitor: &Visitor) -> Result<Json> {
    let (ctx, widget) = (&asked.ctx, &asked.widget);
    let settings = &widget.settings;
    let language = language(settings, visitor);
    let groups = groups::list(ctx).await?;
    let (open, opens_at, queue_full) = opening(ctx, widget, &groups).await?;
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
    let notice = match settings.notice {
        Some(id) => privacy::notices::get(ctx, id).await.ok(),
        None => None,
    };
    let notice = notice.map(|notice| json!({ "id": notice.id, "url": null, "text": notice.body }));
    let forms = &settings.forms;
    let encryption = match settings.encryption {
        Encryption::EndToEnd => json!({ "mode": "end_to_end", "ready": encryption::is_ready(ctx).await?,
            "off": encryption::OFF, "suite": encryption::SUITE }),
        Encryption::Off => Json::Null,
    };
    Ok(json!({
        "widget": widget.id,
        "name": workspace.map(|workspace| workspace.name).unwrap_or_default(),
        "lang": language,
        "dir": if language == "ar" { "rtl" } else { "ltr" },
        "languages": settings.languages,
        "open": open,
        "opens_at": opens_at,
        "hours": settings.hours,
        "queue_full": queue_full,
        "theme": settings.theme,
        "words": words(settings, language),
        "features": settings.features,
        "files": settings.files,
        "forms": {
            "pre_chat": form(settings, &forms.pre_chat, language, &groups),
            "ask_mail": form(settings, &forms.ask_mail, language, &groups),
            "post_chat": form(settings, &forms.post_chat, language, &groups),
            "offline": form(settings, &forms.offline, language, &groups),
        },
        "greetings": greetings(ctx, widget, language).await?,
        "limits": { "text_bytes": conversations::text::LONGEST },
        "identity_required": settings.identity_required,
        "notice": notice,
        "encryption": encryption,
    }))
}

pub(super) async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&app, &id, &headers, async |asked: Asked| {
        if !asked.widget.enabled {
            return Err(super::closed());
        }
        let mut response = Body(config(&asked, &visitor).await?).into_response();
        // Opening hours pass; a minute of an old answer does no harm.
        let brief = HeaderValue::from_static("public, max-age=60");
        response.headers_mut().insert(header::CACHE_CONTROL, brief);
        Ok(response)
    })
    .await
}
