//! `/book/c/{token}` calls a booking off, `/book/r/{token}` moves it. GET shows and asks, POST acts; deadlines are
//! enforced by the booking itself.

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use booking::offer::Wanted;
use booking::reservations::{self, By, in_time};
use booking::slots::MINUTE;
use booking::tokens::{self, Act};
use http_server::Result;
use kernel::Code;

use super::super::layout::shown;
use super::super::markup::Html;
use super::super::posted::Posted;
use super::super::throttle::Throttle;
use super::super::visitor::Visitor;
use super::asked::Asked;
use super::details::when;
use super::find::Search;
use super::picker;
use super::seen::Seen;
use super::submit::is_taken;
use crate::App;

/// What stands above the page after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remark {
    None,
    Late,
    Taken,
}

pub(super) async fn cancel_page(
    State(app): State<App>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    let answer = async {
        let seen = Seen::open(&app, &visitor, asked, (&token, Act::Cancel)).await?;
        cancelling(&seen, Remark::None).await
    };
    shown(visitor.words(&[], None), answer.await)
}

pub(super) async fn cancel(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let seen = Seen::open(&app, &visitor, asked, (&token, Act::Cancel)).await?;
        let ctx = &seen.stall.shop.ctx;
        if seen.booking.state.is_live() {
            let reason: String = posted.get("reason").chars().take(1000).collect();
            let reason = Some(reason).filter(|text| !text.is_empty());
            match reservations::cancel(ctx, &seen.booking, By::Attendee, reason.as_deref()).await {
                Ok(_) => {}
                Err(error) if error.problem().code == Code::Conflict => return cancelling(&seen, Remark::Late).await,
                Err(error) => return Err(error.into()),
            }
        }
        let path = tokens::path(ctx, seen.booking.id, Act::View).await?;
        Ok(Redirect::to(&format!("{path}{}", seen.asked.query())).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn cancelling(seen: &Seen, remark: Remark) -> Result<Response> {
    let (stall, booking) = (&seen.stall, &seen.booking);
    let words = stall.shop.words;
    let open = in_time(stall.of.definition.cancel_until, booking.start, stall.shop.ctx.now());
    let mut body = Html::new();
    body.raw("<h2>").bdi(&stall.texts().title).raw("</h2>\n").add(&seen.facts().await?);
    if !booking.state.is_live() {
        body.raw("<p class=\"note\" role=\"status\">").text(words.get("cancel.already")).raw("</p>\n");
    } else if !open || remark == Remark::Late {
        body.add(&late(seen, "cancel.late"));
    } else {
        body.raw("<p>").text(words.get("cancel.ask")).raw("</p>\n<form method=\"post\" action=\"");
        body.text(&seen.asked.query()).raw("\"><div class=\"field\"><label for=\"reason\">");
        body.text(words.get("cancel.reason")).raw(" <span class=\"soft\">").text(words.get("form.optional"));
        body.raw("</span></label><textarea id=\"reason\" name=\"reason\" rows=\"3\" maxlength=\"1000\" dir=\"auto\" ");
        body.raw("placeholder=\" \"></textarea></div><div class=\"row\"><button class=\"danger\">");
        body.text(words.get("cancel.button")).raw("</button>").add(&back(seen).await?).raw("</div></form>\n");
    }
    let status = if remark == Remark::Late { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(seen.page(words.get("cancel.title"), body).status(status).mark("page", "cancel").into_response())
}

fn late(seen: &Seen, key: &'static str) -> Html {
    let words = seen.stall.shop.words;
    let mut out = Html::new();
    out.raw("<p class=\"note bad\" role=\"alert\">");
    out.add(&words.html(key, &[("organisation", &seen.stall.shop.organisation)])).raw("</p>\n");
    out
}

async fn back(seen: &Seen) -> Result<Html> {
    let path = tokens::path(&seen.stall.shop.ctx, seen.booking.id, Act::View).await?;
    let mut out = Html::new();
    out.raw("<a class=\"button second\" href=\"").text(&path).text(&seen.asked.again().query()).raw("\">");
    out.text(seen.stall.shop.words.get("cancel.keep")).raw("</a>");
    Ok(out)
}

pub(super) async fn move_page(
    State(app): State<App>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    let answer = async {
        let seen = Seen::open(&app, &visitor, asked, (&token, Act::Reschedule)).await?;
        moving(&seen, Remark::None).await
    };
    shown(visitor.words(&[], None), answer.await)
}

pub(super) async fn act(
    State(app): State<App>,
    Extension(throttle): Extension<Throttle>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let answer = async {
        throttle.spend(&visitor, app.core.now())?;
        let mut seen = Seen::open(&app, &visitor, asked, (&token, Act::Reschedule)).await?;
        let ctx = seen.stall.shop.ctx.clone();
        let Ok(start) = posted.get("start").parse() else { return moving(&seen, Remark::None).await };
        if seen.booking.start != start || !seen.booking.state.is_live() {
            let moved = reservations::reschedule(
                &ctx,
                (&seen.booking, Some(&app.calendars)),
                (start, None),
                None,
                By::Attendee,
            )
            .await;
            if let Err(error) = moved {
                let problem = error.problem();
                let remark = match problem.code {
                    _ if is_taken(&problem) => Remark::Taken,
                    Code::Conflict | Code::ChangedMeanwhile => Remark::Late,
                    _ => return Err(problem.into()),
                };
                seen.asked = seen.asked.but(|asked| {
                    asked.start = None;
                    asked.day = Some(seen.stall.clock.date(start));
                });
                return moving(&seen, remark).await;
            }
        }
        let path = tokens::path(&ctx, seen.booking.id, Act::View).await?;
        Ok(Redirect::to(&format!("{path}{}", seen.asked.again().query())).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

async fn moving(seen: &Seen, remark: Remark) -> Result<Response> {
    let (stall, booking, asked) = (&seen.stall, &seen.booking, &seen.asked);
    let (words, ctx) = (stall.shop.words, &stall.shop.ctx);
    let open = in_time(stall.of.definition.reschedule_until, booking.start, ctx.now());
    let mut body = Html::new();
    let status = if remark == Remark::None { StatusCode::OK } else { StatusCode::CONFLICT };
    if remark == Remark::Taken {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("times.taken")).raw("</p>\n");
    }
    body.raw("<h2>").bdi(&stall.texts().title).raw("</h2>\n<h3>").text(words.get("move.now")).raw("</h3>\n");
    body.add(&when(stall, (booking.start, booking.end)));
    let title = words.get("move.title");
    if !booking.state.is_live() || !open || remark == Remark::Late {
        let key = if booking.state.is_live() { "move.late" } else { "move.over" };
        body.add(&late(seen, key));
        return Ok(seen.page(title, body).status(status).mark("page", "move").into_response());
    }
    let length = booking.end.0 - booking.start.0;
    let minutes = u32::try_from(length / MINUTE).ok().filter(|minutes| stall.of.definition.lasts(*minutes));
    let base = Wanted { duration: minutes, reschedule_of: Some(booking.id), ..Wanted::between(ctx.now(), ctx.now()) };
    let search = Search { ctx, of: &stall.of, clock: &stall.clock, base };
    if let Some(start) = asked.start.filter(|start| *start != booking.start)
        && search.is_free(start).await?
    {
        let end = minutes.map_or_else(
            || start.plus_seconds(60 * i64::from(stall.of.definition.duration)),
            |_| start.plus_micros(length),
        );
        body.raw("<h3>").text(words.get("move.then")).raw("</h3>\n").add(&when(stall, (start, end)));
        let other = asked.but(|asked| asked.start = None);
        body.raw("<form method=\"post\" action=\"").text(&other.query()).raw("\">").hidden("start", &start.to_string());
        body.raw("<div class=\"row\"><button>").text(words.get("move.button")).raw("</button>");
        body.raw("<a class=\"button second\" href=\"").text(&other.query()).raw("\">").text(words.get("book.back"));
        body.raw("</a></div></form>\n");
        return Ok(seen.page(title, body).mark("page", "move").into_response());
    }
    let asked = &asked.but(|asked| asked.start = None);
    let found = search.month(asked).await?;
    body.raw("<h3>").text(words.get("move.choose")).raw("</h3>\n");
    body.add(&picker::zone(stall, asked, &found)).add(&picker::calendar(stall, asked, &found, Some(asked)));
    Ok(seen.page(title, body).status(status).mark("page", "move").into_response())
}
