//! `/w/cookies/{workspace}/{site}`: the script that asks a site's visitors about cookies, the choices
//! they make, and the register of what the site loads.

mod register;
mod script;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_server::{Asset, Failure, Keep, Result, parse_json};
use kernel::{Code, CookieSiteId, Problem, WorkspaceId};
use privacy::cookies::{self, Choice, Site};
use store::{Actor, Ctx};

use super::layout::shown;
use super::letter::unknown;
use super::throttle::Throttle;
use super::visitor::Visitor;
use crate::App;

/// The longest report of a choice, in octets.
const LONGEST_CHOICE: usize = 4096;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/w/cookies/{workspace}/{site}/consent.js", get(serve_script))
        .route("/w/cookies/{workspace}/{site}/choice", axum::routing::post(choose))
        .route("/w/cookies/{workspace}/{site}/register", get(show_register))
        .layer(DefaultBodyLimit::max(LONGEST_CHOICE))
        .layer(Extension(Throttle::new(2, 30)))
}

async fn open(app: &App, workspace: &str, site: &str) -> Result<(Ctx, Site)> {
    let workspace: WorkspaceId = workspace.parse().map_err(|_| unknown())?;
    let site: CookieSiteId = site.parse().map_err(|_| unknown())?;
    let ctx = app.core.ctx(workspace, Actor::Person);
    if accounts::workspaces::find(&app.core, workspace).await?.is_none() {
        return Err(unknown().into());
    }
    match cookies::get(&ctx, site).await {
        Ok(site) => Ok((ctx, site)),
        Err(privacy::Error::NotFound(_)) => Err(unknown().into()),
        Err(error) => Err(error.into()),
    }
}

/// The script is meant for other people's pages.
fn shared(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn serve_script(
    State(app): State<App>,
    Path((workspace, site)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let (_, site) = open(&app, &workspace, &site).await?;
        let text = script::script(app.toolbox.public_url(), &workspace, &site)?;
        let asset = Asset::new(text, "text/javascript; charset=utf-8", Keep::Briefly);
        Ok::<_, Failure>(asset.respond(&method, &headers))
    };
    match answer.await {
        Ok(response) => shared(response),
        Err(failure) => failure.into_response(),
    }
}

async fn choose(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    Path((workspace, site)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let (ctx, site) = open(&app, &workspace, &site).await?;
        let origin = headers.get(header::ORIGIN).filter(|origin| is_ours(origin, &site));
        let origin = origin.cloned().ok_or_else(|| {
            Problem::new(Code::Forbidden, "this page is not one of the site's hosts; add it to the site's design")
        })?;
        let choice: Choice = parse_json(&body)?;
        let id = cookies::record(&ctx, &site, &choice, visitor.ip, &visitor.agent).await?;
        Ok::<_, Failure>((origin, id))
    };
    match answer.await {
        Ok((origin, id)) => {
            let mut response = (StatusCode::CREATED, axum::Json(serde_json::json!({ "proof": id }))).into_response();
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
            shared(response)
        }
        Err(failure) => failure.into_response(),
    }
}

fn is_ours(origin: &HeaderValue, site: &Site) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    !host.is_empty() && site.design.is_host(&host.to_ascii_lowercase())
}

async fn show_register(
    State(app): State<App>,
    visitor: Visitor,
    Path((workspace, site)): Path<(String, String)>,
) -> Response {
    let answer = async {
        let (ctx, site) = open(&app, &workspace, &site).await?;
        let workspace = accounts::workspaces::get(&ctx).await?;
        let words = visitor.words(&[], Some(&workspace.language));
        Ok(register::page(words, &workspace.name, &site).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}
