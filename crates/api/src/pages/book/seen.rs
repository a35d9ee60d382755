//! `/book/b/{token}`: a booking as its attendee sees it; `/book/i/{token}.ics`: the same for a calendar.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use booking::calendars::ics::{Status, Written, write};
use booking::reservations::{self, Booking, Details, State as Standing, in_time};
use booking::tokens::{self, Act};
use http_server::Result;
use store::Actor;

use super::super::layout::{discreet, shown};
use super::super::letter::unknown;
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::super::words::Words;
use super::asked::Asked;
use super::details::when;
use super::picker::{framed, length};
use super::shop::{Shop, Stall};
use crate::App;

/// A booking that a link leads to, with what its page shows.
pub(super) struct Seen {
    pub(super) stall: Stall,
    pub(super) booking: Booking,
    pub(super) details: Details,
    /// In the zone and language in which it was booked, unless the address says otherwise.
    pub(super) asked: Asked,
}

impl Seen {
    /// What a link leads to: forged, foreign and erased ones alike lead nowhere.
    pub(super) async fn open(
        app: &App,
        visitor: &Visitor,
        asked: Asked,
        (token, purpose): (&str, Act),
    ) -> Result<Self> {
        let Some((workspace, id)) = tokens::read(&app.core, token, purpose).await? else {
            return Err(unknown().into());
        };
        let ctx = app.core.ctx(workspace, Actor::Person);
        let booking = reservations::get(&ctx, id).await?;
        let Some(details) = booking.details(&ctx).await? else { return Err(unknown().into()) };
        let workspace = accounts::workspaces::get(&ctx).await?;
        let words: Words = visitor.words(&[Some(&booking.language)], Some(&workspace.language));
        let shop = Shop { ctx, slug: workspace.slug, organisation: workspace.name, words };
        let of = booking::event_types::get(&shop.ctx, booking.event_type).await?;
        let asked = if asked.zone.is_some() {
            asked
        } else {
            asked.but(|asked| asked.zone = Some(booking.attendee_timezone.clone()))
        };
        let mut stall = Stall::of(shop, of, &asked).await?;
        stall.home.clone_from(&booking.timezone);
        Ok(Self { stall, booking, details, asked })
    }

    /// What is booked, when, where and with whom.
    pub(super) async fn facts(&self) -> Result<Html> {
        let (stall, booking) = (&self.stall, &self.booking);
        let words = stall.shop.words;
        let mut out = when(stall, (booking.start, booking.end));
        let minutes = u32::try_from((booking.end.0 - booking.start.0) / 60_000_000).unwrap_or(0);
        out.raw("<dl><dt>")
            .text(words.get("seen.length"))
            .raw("</dt><dd>")
            .text(&length(words, minutes))
            .raw("</dd>\n");
        let (hosts, _) = booking.parts(&stall.shop.ctx).await?;
        let names: Vec<&str> = hosts.iter().filter_map(|host| stall.names.get(host)).map(String::as_str).collect();
        if !names.is_empty() {
            out.raw("<dt>").text(words.get("seen.host")).raw("</dt>");
            for name in names {
                out.raw("<dd>").bdi(name).raw("</dd>");
            }
        }
        if let Some(place) = &self.details.location {
            out.raw("<dt>")
                .text(words.get("seen.place"))
                .raw("</dt><dd class=\"pre\">")
                .add(&linked(place))
                .raw("</dd>\n");
        }
        out.raw("<dt>").text(words.get("book.name")).raw("</dt><dd>").bdi(&self.details.name).raw("</dd>");
        out.raw("</dl>\n");
        Ok(out)
    }

    /// A page about it.
    pub(super) fn page(&self, title: &str, body: Html) -> super::super::layout::Page {
        framed(&self.stall, &self.asked, title, body)
    }
}

/// A place that is an address of the web becomes a link; nothing else does.
fn linked(place: &str) -> Html {
    let mut out = Html::new();
    if place.starts_with("https://") && !place.contains(char::is_whitespace) {
        out.raw("<a rel=\"noopener noreferrer\" target=\"_blank\" dir=\"ltr\" href=\"").text(place).raw("\">");
        out.text(place).raw("</a>");
    } else {
        out.bdi(place);
    }
    out
}

/// The page.
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    let answer = async {
        let mut seen = Seen::open(&app, &visitor, asked, (&token, Act::View)).await?;
        if seen.asked.paid && waits_for_money(&seen.booking) {
            // The payer may be here before the provider's call: it is asked, and nothing is decided here.
            match app.payments.look(&seen.stall.shop.ctx, seen.booking.id).await {
                Ok(booking) => seen.booking = booking,
                Err(error) => tracing::info!(problem = error.problem().code.as_str(), "the provider was not asked"),
            }
        }
        show(&app, &seen, &token).await
    };
    shown(visitor.words(&[], None), answer.await)
}

/// Whether a booking is still to be paid.
fn waits_for_money(booking: &Booking) -> bool {
    booking.state == Standing::Pending && matches!(booking.payment.as_deref(), Some("open" | "failed"))
}

async fn show(app: &App, seen: &Seen, token: &str) -> Result<Response> {
    let (stall, booking) = (&seen.stall, &seen.booking);
    let words = stall.shop.words;
    let (title, text, good) = match (booking.state, booking.payment.as_deref()) {
        (Standing::Confirmed, _) => ("seen.confirmed_title", "seen.confirmed", true),
        (Standing::Pending, Some("open" | "failed")) if seen.asked.paid => ("seen.paying_title", "seen.paying", true),
        (Standing::Pending, Some("failed")) => ("seen.unpaid_title", "seen.payment_failed", false),
        (Standing::Pending, Some("open")) => ("seen.unpaid_title", "seen.unpaid", false),
        (Standing::Pending, Some("mismatched")) => ("seen.pending_title", "seen.mismatched", true),
        (Standing::Cancelled, Some("refunding" | "refunded" | "refund_failed")) => {
            ("seen.cancelled_title", "seen.refund", false)
        }
        (Standing::Pending, _) => ("seen.pending_title", "seen.pending", true),
        (Standing::Cancelled, _) => ("seen.cancelled_title", "seen.cancelled", false),
        (Standing::Declined, _) => ("seen.declined_title", "seen.declined", false),
    };
    let mut body = Html::new();
    body.raw(if good { "<p class=\"note good\" role=\"status\">" } else { "<p class=\"note\" role=\"status\">" });
    body.text(words.get(text)).raw("</p>\n<h2>").bdi(&stall.texts().title).raw("</h2>\n").add(&seen.facts().await?);
    let instructions = &stall.texts().instructions;
    if booking.state == Standing::Confirmed && !instructions.trim().is_empty() {
        body.raw("<p class=\"pre\" dir=\"auto\">").text(instructions).raw("</p>\n");
    }
    if booking.state.is_live() {
        body.add(&choices(seen, token).await?);
    } else {
        body.raw("<p><a class=\"button second\" href=\"")
            .text(&stall.path())
            .text(&seen.asked.again().query())
            .raw("\">");
        body.text(words.get("seen.again")).raw("</a></p>\n");
    }
    if booking.state.is_live()
        && let Some(next) = &stall.of.definition.redirect
    {
        body.raw("<p><a rel=\"noopener\" target=\"_top\" href=\"").text(next).raw("\">").text(words.get("seen.next"));
        body.raw("</a></p>\n");
    }
    let mut page = seen.page(words.get(title), body).mark("page", "done").mark("booking", booking.id.to_string());
    if seen.asked.new {
        let uri = format!("{}/v1/booking/bookings/{}", app.outbound.public_url(), booking.id);
        page = page.mark("new", "yes").mark("uri", uri);
        if let Some(next) = &stall.of.definition.redirect {
            page = page.mark("next", next);
        }
    }
    Ok(page.into_response())
}

/// What can be done with a booking that stands.
async fn choices(seen: &Seen, token: &str) -> Result<Html> {
    let (stall, booking) = (&seen.stall, &seen.booking);
    let (words, ctx) = (stall.shop.words, &stall.shop.ctx);
    let definition = &stall.of.definition;
    let query = seen.asked.again().query();
    let mut out = Html::new();
    if waits_for_money(booking) {
        out.raw("<form method=\"post\" action=\"").text(&query).raw("\"><button>").text(words.get("seen.pay"));
        out.raw("</button></form>\n");
    }
    out.raw("<div class=\"row\">");
    out.raw("<a class=\"button\" download href=\"/book/i/").text(token).raw(".ics\">");
    out.text(words.get("seen.calendar")).raw("</a>");
    if in_time(definition.reschedule_until, booking.start, ctx.now()) {
        let path = tokens::path(ctx, booking.id, Act::Reschedule).await?;
        out.raw("<a class=\"button second\" href=\"").text(&path).text(&query).raw("\">");
        out.text(words.get("move.title")).raw("</a>");
    }
    if in_time(definition.cancel_until, booking.start, ctx.now()) {
        let path = tokens::path(ctx, booking.id, Act::Cancel).await?;
        out.raw("<a class=\"button second\" href=\"").text(&path).text(&query).raw("\">");
        out.text(words.get("cancel.title")).raw("</a>");
    }
    out.raw("</div>\n<p class=\"soft\">").text(words.get("seen.mailed")).raw("</p>\n");
    Ok(out)
}

/// The booking for a calendar program.
pub(super) async fn calendar(
    State(app): State<App>,
    visitor: Visitor,
    asked: Asked,
    Path(file): Path<String>,
) -> Response {
    let words = visitor.words(&[], None);
    let answer = async {
        let token = file.strip_suffix(".ics").ok_or_else(unknown)?;
        let seen = Seen::open(&app, &visitor, asked, (token, Act::View)).await?;
        let path = tokens::path(&seen.stall.shop.ctx, seen.booking.id, Act::View).await?;
        let url = format!("{}{path}", app.outbound.public_url());
        Ok(download(&seen, &url))
    };
    shown(words, answer.await)
}

fn download(seen: &Seen, url: &str) -> Response {
    let (stall, booking) = (&seen.stall, &seen.booking);
    let texts = stall.texts();
    let text = write(&Written {
        method: None,
        uid: &booking.uid(),
        sequence: booking.sequence,
        stamp: booking.updated_at,
        start: booking.start,
        end: booking.end,
        summary: &texts.title,
        description: Some(texts.instructions.as_str()).filter(|text| !text.trim().is_empty()),
        location: seen.details.location.as_deref(),
        url: Some(url),
        organizer: None,
        attendees: &[],
        status: match booking.state {
            Standing::Confirmed => Status::Confirmed,
            Standing::Pending => Status::Tentative,
            Standing::Cancelled | Standing::Declined => Status::Cancelled,
        },
        client_schedules: false,
    });
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"appointment.ics\""));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    discreet(headers);
    response
}
