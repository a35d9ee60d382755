//! `/book/…`: where people book appointments, see what they booked, move it and call it off.
//!
//! Everything works without a script: what the visitor chose stands in the address ([`asked`]), days are links,
//! times are buttons. With the page's own script the browser's zone is taken, months turn without a reload, and a
//! frame tells the page around it how high it is. GET never acts; holding a time, booking, moving and calling off
//! are POSTs. Every time is shown with its zone and the part of its day ([`booking::speech`]), and in the host's zone too
//! where that is another time.

mod asked;
mod change;
mod details;
mod find;
mod list;
mod money;
mod month;
mod pay;
mod picker;
mod seen;
mod shop;
mod submit;
mod times;
mod zones;

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use booking::offer::Wanted;
use booking::reservations;
use http_server::{Asset, Keep};
use kernel::Code;

use super::layout::{Dress, shown};
use super::posted::Posted;
use super::throttle::Throttle;
use super::visitor::Visitor;
use crate::App;
use asked::Asked;
use details::Filled;
use find::Search;
use picker::Remark;
use shop::Stall;

/// The longest form, in octets.
const LONGEST: usize = 256 * 1024;
/// The field that people do not see.
const TRAP: &str = "website";
/// Where the script is.
const SCRIPT: &str = "/book/page.js";

static DRESS: LazyLock<Dress> = LazyLock::new(|| Dress::new(include_str!("style.css"), SCRIPT));
static PROGRAM: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(include_str!("page.js"), "text/javascript; charset=utf-8", Keep::Briefly));

/// A limit for looking at times, which costs more than other pages.
#[derive(Clone)]
struct Looks(Throttle);

pub(super) fn router() -> Router<App> {
    Router::new()
        .route(SCRIPT, get(script))
        .route("/book/b/{token}", get(seen::page).post(pay::begin))
        .route("/book/pay/{workspace}/webhook", post(pay::notice))
        .route("/book/i/{file}", get(seen::calendar))
        .route("/book/c/{token}", get(change::cancel_page).post(change::cancel))
        .route("/book/r/{token}", get(change::move_page).post(change::act))
        .route("/book/{workspace}", get(list::page))
        .route("/book/{workspace}/{event}", get(page).post(hold))
        .route("/book/{workspace}/{event}/details", get(form).post(submit))
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(Extension(Throttle::new(6, 30)))
        .layer(Extension(Looks(Throttle::new(1, 240))))
}

async fn script(method: Method, headers: HeaderMap) -> Response {
    PROGRAM.respond(&method, &headers)
}

/// The search for free times that a page asks for.
fn search<'a>(stall: &'a Stall, asked: &Asked) -> Search<'a> {
    let now = stall.shop.ctx.now();
    let base = Wanted {
        duration: Some(stall.duration(asked)),
        host: stall.host(asked),
        hold: asked.hold,
        ..Wanted::between(now, now)
    };
    Search { ctx: &stall.shop.ctx, of: &stall.of, clock: &stall.clock, base }
}

async fn page(
    State(app): State<App>,
    Extension(Looks(throttle)): Extension<Looks>,
    visitor: Visitor,
    asked: Asked,
    Path((workspace, event)): Path<(String, String)>,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let stall = Stall::open(&app, &visitor, &asked, (&workspace, &event)).await?;
        let asked = asked.but(|asked| asked.start = None);
        let found = search(&stall, &asked).month(&asked).await?;
        Ok(picker::page(&stall, &asked, &found, Remark::None).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

/// A time was chosen: it is kept free while the form is filled in.
async fn hold(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    asked: Asked,
    Path((workspace, event)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let stall = Stall::open(&app, &visitor, &asked, (&workspace, &event)).await?;
        let Ok(start) = posted.get("start").parse() else {
            return Ok(Redirect::to(&format!("{}{}", stall.path(), asked.query())).into_response());
        };
        let asked = asked.but(|asked| asked.start = Some(start));
        let client = visitor.ip.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
        let chosen = (Some(stall.duration(&asked)), stall.host(&asked));
        let held = match reservations::hold(&stall.shop.ctx, (&stall.of, Some(&app.calendars)), start, chosen, &client)
            .await
        {
            Ok(hold) => Some(hold.id),
            Err(error) => {
                let problem = error.problem();
                if submit::is_taken(&problem) {
                    let asked = asked.but(|asked| {
                        asked.day = Some(stall.clock.date(start));
                        asked.start = None;
                    });
                    let found = search(&stall, &asked).month(&asked).await?;
                    return Ok(picker::page(&stall, &asked, &found, Remark::Taken).into_response());
                }
                // Whoever may hold no more can still book what is free when they send the form.
                if problem.code != Code::RateLimited {
                    return Err(problem.into());
                }
                None
            }
        };
        let asked = asked.but(|asked| asked.hold = held);
        Ok(Redirect::to(&format!("{}/details{}", stall.path(), asked.query())).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn form(
    State(app): State<App>,
    Extension(Looks(throttle)): Extension<Looks>,
    visitor: Visitor,
    asked: Asked,
    Path((workspace, event)): Path<(String, String)>,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let stall = Stall::open(&app, &visitor, &asked, (&workspace, &event)).await?;
        let Some(start) = asked.start else {
            return Ok(Redirect::to(&format!("{}{}", stall.path(), asked.query())).into_response());
        };
        let slot = submit::slot(&stall, &asked, start).await?;
        Ok(details::page(&stall, &asked, &slot, &Filled::default()).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn submit(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    asked: Asked,
    Path((workspace, event)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let stall = Stall::open(&app, &visitor, &asked, (&workspace, &event)).await?;
        submit::submit(&app, &stall, (&visitor, &asked), &posted).await
    };
    shown(visitor.words(&[], None), answer.await)
}
