//! `POST /w/chat/{widget}/session` and `…/ticket`: who somebody is.

use std::collections::BTreeMap;

use axum::Json as Body;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use conversations::visitors::{self, LIFE, Profile, TICKET_LIFE, Visitor as Kept};
use conversations::widgets;
use conversations::{conversations as rows, text};
use http_server::{Failure, Result, parse_json};
use kernel::{Code, Email, VisitorId};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::super::visitor::Visitor;
use super::{Asked, Known, Limits, answer, answer_known, view};
use crate::App;

/// Whom the site's server says that this is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    id: String,
    hash: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    identity: Option<Identity>,
}

/// What the site's server vouches for; attributes come from the page and are vouched for by nobody.
async fn vouched(asked: &Asked, identity: Identity, language: Option<&str>) -> Result<Profile> {
    let id = text::line("identity.id", &identity.id, 200)?;
    let email = identity.email.as_deref();
    if !widgets::is_named(&asked.ctx, &asked.widget, (&id, email), &identity.hash).await? {
        return Err(Failure::new(Code::Forbidden, "the hash does not fit the id and the address"));
    }
    let email = email.filter(|email| !email.is_empty());
    let email = email
        .map(|email| Email::parse(email).map_err(|_| super::wrong("identity.email", "expected an e-mail address")));
    let name = identity.name.as_deref().map(|name| text::line("identity.name", name, 200)).transpose()?;
    if identity.attributes.len() > 50 {
        return Err(super::wrong("identity.attributes", "at most 50"));
    }
    let mut attributes = Vec::with_capacity(identity.attributes.len());
    for (key, value) in identity.attributes {
        attributes
            .push((text::line("identity.attributes", &key, 64)?, text::optional("identity.attributes", &value, 500)?));
    }
    Ok(Profile {
        name,
        email: email.transpose()?.map(|email| email.to_string()),
        language: language.map(str::to_owned),
        outside: Some(id),
        vouched: true,
        attributes,
        ..Profile::default()
    })
}

/// Somebody whom the site's server names: the visitor they were before, or a new one that is kept, because a name
/// that is vouched for is worth finding again.
async fn named(app: &App, asked: &Asked, before: Option<VisitorId>, profile: Profile) -> Result<Kept> {
    let name = profile.outside.clone().unwrap_or_default();
    let kept = if let Some(kept) = visitors::by_outside(&asked.ctx, &name).await? {
        kept
    } else {
        // Somebody who has chatted without a name may be anybody: a name begins anew.
        let fresh = match before {
            Some(id) if visitors::find(&asked.ctx, id).await?.is_none() => id,
            _ => asked.ctx.id(),
        };
        visitors::begin(&asked.ctx, fresh, asked.widget.id, &profile).await?
    };
    let kept = visitors::change(&asked.ctx, kept.id, |known| {
        let own = &mut known.profile;
        own.name = profile.name.clone().or(own.name.take());
        own.email = profile.email.clone().or(own.email.take());
        own.language = profile.language.clone().or(own.language.take());
        own.vouched = own.vouched || profile.email.is_some();
        own.attributes.clone_from(&profile.attributes);
    })
    .await?;
    if kept.contact.is_none() && kept.profile.email.is_some() {
        visitors::link(&asked.ctx, app.shell.chat().hub(), &kept, &[]).await?;
    }
    Ok(kept)
}

async fn session(app: &App, asked: Asked, sent: Session) -> Result<Json> {
    let before = match &sent.token {
        Some(token) => {
            visitors::read_token(&app.core, token).await?.filter(|token| super::belongs(&asked, *token).is_some())
        }
        None => None,
    };
    let before = before.map(|token| token.visitor);
    let language = sent.lang.as_deref().filter(|tag| tag.parse::<kernel::Locale>().is_ok());
    let visitor = match sent.identity {
        Some(identity) => {
            let profile = vouched(&asked, identity, language).await?;
            named(app, &asked, before, profile).await?.id
        }
        None => before.unwrap_or_else(|| asked.ctx.id()),
    };
    let kept = visitors::find(&asked.ctx, visitor).await?;
    if kept.as_ref().is_some_and(|kept| kept.is_banned(asked.ctx.now())) {
        return Err(Failure::new(Code::Forbidden, "this chat is closed to you"));
    }
    if kept.is_some() {
        visitors::came(&asked.ctx, visitor).await?;
    }
    let row = rows::of_visitor(&asked.ctx, visitor).await?;
    let conversation = match &row {
        Some(row) => view::conversation(&asked.ctx, row).await?,
        None => Json::Null,
    };
    Ok(json!({
        "token": visitors::token(&asked.ctx, asked.widget.id, visitor).await?,
        "expires_in": LIFE,
        "visitor": visitor,
        "started": row.is_some(),
        "conversation": conversation,
    }))
}

pub(super) async fn open(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&app, &id, &headers, async |asked: Asked| {
        if !asked.widget.enabled {
            return Err(super::closed());
        }
        limits.address.spend(&visitor, asked.ctx.now())?;
        let sent: Session = parse_json(&body)?;
        Ok(Body(session(&app, asked, sent).await?))
    })
    .await
}

pub(super) async fn ticket(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &visitor)?;
        let ticket = visitors::ticket(&known.ctx, &known.token).await?;
        Ok(Body(json!({ "ticket": ticket, "expires_in": TICKET_LIFE })))
    })
    .await
}
