//! `/w/forms/{form_id}`: hosted sign-up forms. The answer is the same whether or not the address is
//! known; robots are kept out by a field that people do not see and by the time that typing takes,
//! without anybody else being asked.

mod show;
mod submit;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::Result;
use kernel::{Code, FormId, WorkspaceId};
use people::forms::{self, Form};
use people::{fields, topics};
use privacy::notices::{self, Notice};
use store::{Actor, Core, Ctx};
use tokio::sync::RwLock;

use super::layout::shown;
use super::letter::unknown;
use super::posted::Posted;
use super::throttle::Throttle;
use super::visitor::Visitor;
use super::words::Words;
use crate::App;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/w/forms/{form}", get(page).post(act))
        .layer(Extension(Throttle::new(6, 20)))
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

/// A form that is open, with what its page shows.
struct Open {
    ctx: Ctx,
    form: Form,
    organisation: String,
    words: Words,
    notice: Option<Notice>,
    /// The kind of each custom field, by key.
    kinds: HashMap<String, &'static str>,
}

impl Open {
    async fn load(app: &App, owners: &Owners, visitor: &Visitor, id: &str) -> Result<Self> {
        let id: FormId = id.parse().map_err(|_| unknown())?;
        let (ctx, form) = owners.find(&app.core, id).await?;
        let workspace = accounts::workspaces::get(&ctx).await?;
        let in_use = topics::get(&ctx, form.topic).await?.archived_at.is_none();
        if form.archived_at.is_some() || !in_use || !workspace.state.may_send() {
            return Err(kernel::Problem::new(Code::Gone, "this form is no longer in use").into());
        }
        let notice = match form.definition.notice {
            Some(id) => notices::get(&ctx, id).await.ok(),
            None => None,
        };
        let kinds = fields::list(&ctx).await?.into_iter().map(|(key, field)| (key, field.kind.as_str())).collect();
        let words = visitor.words(&[], Some(&workspace.language));
        Ok(Self { ctx, form, organisation: workspace.name, words, notice, kinds })
    }
}

async fn page(
    State(app): State<App>,
    Extension(owners): Extension<Owners>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let answer = async {
        let open = Open::load(&app, &owners, &visitor, &id).await?;
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
        let open = Open::load(&app, &owners, &visitor, &id).await?;
        submit::submit(&open, &visitor, &posted).await
    };
    shown(visitor.words(&[], None), answer.await)
}
