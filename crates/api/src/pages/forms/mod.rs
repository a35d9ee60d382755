//! `/w/forms/{form}`: hosted sign-up forms, which need no script; `/w/forms/{workspace}/{form}` with
//! `/w/loader.js` and `/w/form.js`: the same forms on other people's pages. The answer is the same whether
//! or not the address is known; robots are kept out by a field that people do not see, by the time that
//! typing takes and, where a script runs, by a little work, without anybody else being asked.

mod mark;
mod open;
mod preview;
mod remote;
mod script;
mod show;
mod submit;
mod view;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_server::Result;
use kernel::{FormId, WorkspaceId};
use people::forms::{self, Form};
use store::{Actor, Core, Ctx};
use tokio::sync::RwLock;

use super::layout::shown;
use super::letter::unknown;
use super::posted::Posted;
use super::throttle::Throttle;
use super::visitor::Visitor;
use crate::App;
use open::Open;
use remote::Views;

pub(crate) use preview::{page as preview, policy as preview_policy};

/// The longest submission, in octets.
const LONGEST: usize = 256 * 1024;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/w/loader.js", get(script::loader))
        .route("/w/form.js", get(script::form))
        .route("/w/chat.js", get(script::chat))
        .route("/w/chat-files.js", get(script::chat_files))
        .route("/w/chat-sealed.js", get(script::chat_sealed))
        .route("/w/livechat.js", get(script::livechat))
        .route("/w/booking.js", get(script::booking))
        .route("/w/forms/{form}", get(page).post(act))
        .route("/w/forms/{workspace}/{form}", get(remote::describe).post(remote::send).options(remote::preflight))
        .route("/w/forms/{workspace}/{form}/shown", post(remote::begin).options(remote::preflight))
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(Extension(Throttle::new(6, 20)))
        .layer(Extension(Views(Throttle::new(2, 60))))
        .layer(Extension(Owners::default()))
}

/// The most forms whose workspace is remembered.
const MOST_OWNERS: usize = 10_000;

/// Whose form is whose: the URL names only the form.
#[derive(Clone, Default)]
struct Owners(Arc<RwLock<HashMap<FormId, WorkspaceId>>>);

impl Owners {
    async fn find(&self, core: &Core, id: FormId) -> Result<(Ctx, Form)> {
        let known = self.0.read().await.get(&id).copied();
        let candidates = match known {
            Some(workspace) => vec![workspace],
            None => accounts::workspaces::all(core).await?,
        };
        for workspace in candidates {
            let ctx = core.ctx(workspace, Actor::Person);
            match forms::get(&ctx, id).await {
                Ok(form) => {
                    let mut owners = self.0.write().await;
                    if owners.len() >= MOST_OWNERS {
                        owners.clear();
                    }
                    owners.insert(id, workspace);
                    return Ok((ctx, form));
                }
                Err(people::Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(unknown().into())
    }
}

async fn page(
    State(app): State<App>,
    Extension(owners): Extension<Owners>,
    Extension(Views(throttle)): Extension<Views>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let answer = async {
        let id: FormId = id.parse().map_err(|_| unknown())?;
        let open = Open::load(&app, owners.find(&app.core, id).await?, &visitor).await?;
        let seen = !visitor.head && !visitor.prefetch;
        if seen && throttle.spend(&visitor, app.core.now()).is_ok() {
            forms::seen(&open.ctx, open.form.id).await?;
        }
        Ok(show::form(&open, &show::Filled::default()).await?.into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn act(
    State(app): State<App>,
    Extension(owners): Extension<Owners>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let id: FormId = id.parse().map_err(|_| unknown())?;
        let open = Open::load(&app, owners.find(&app.core, id).await?, &visitor).await?;
        submit::submit(&open, &visitor, &posted).await
    };
    shown(visitor.words(&[], None), answer.await)
}
