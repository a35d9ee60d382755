//! `/p/{token}`: the preference centre. One page per person, reached from any of their messages:
//! what they get, what is known of them, whether opens and clicks are recorded, what is held about
//! them, and how to be forgotten.

mod change;
pub(super) mod data;
mod forget;
mod show;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http_server::Result;
use people::contacts::{self, Contact};
use people::segments::conditions::TopicState;
use people::topics::{self, Topic};
use privacy::claims;
use privacy::vocabulary::{Channel, ConsentState, Purpose};

use super::layout::shown;
use super::letter::{Letter, of_a_person};
use super::posted::Posted;
use super::signal::heed;
use super::throttle::Throttle;
use super::visitor::Visitor;
use crate::App;

pub(super) fn router() -> Router<App> {
    // Joining and forgetting make mail and work; a person needs few of them.
    let throttle = axum::extract::Extension(Throttle::new(2, 30));
    Router::new()
        .route("/p/{token}", get(page).post(change))
        .route("/p/{token}/data", get(data::page))
        .route("/p/{token}/data.json", get(data::document))
        .route("/p/{token}/receipts.json", get(data::receipts))
        .route("/p/{token}/forget", get(forget::page).post(forget::act))
        .layer(throttle)
}

/// What the page shows.
struct Centre {
    letter: Letter,
    contact: Contact,
    /// Public topics and those the person is in, with their state.
    topics: Vec<(Topic, Option<TopicState>)>,
    /// What the person said about the recording of opens and clicks.
    tracking: Option<ConsentState>,
}

impl Centre {
    async fn load(letter: Letter) -> Result<Self> {
        let ctx = &letter.ctx;
        let contact = contacts::get(ctx, people::ReadFor::OwnPage, letter.contact).await?;
        let mut shown = Vec::new();
        for topic in topics::list(ctx).await?.into_iter().filter(|topic| topic.archived_at.is_none()) {
            let state = contact.topics.iter().find(|known| known.topic == topic.id).map(|known| known.state);
            if topic.public || matches!(state, Some(TopicState::Subscribed | TopicState::Pending)) {
                shown.push((topic, state));
            }
        }
        let claims = claims::list(ctx, letter.contact).await?;
        let said = claims.iter().filter(|claim| {
            claim.purpose == Purpose::ENGAGEMENT_TRACKING && claim.channel == Channel::Email && claim.topic.is_none()
        });
        let tracking = said.max_by_key(|claim| claim.at).map(|claim| claim.state);
        Ok(Self { letter, contact, topics: shown, tracking })
    }
}

/// What a change came to, shown above the page.
#[derive(Default)]
struct Outcome {
    /// Texts of things done.
    done: Vec<String>,
    /// The field that was wrong, and what was typed into it.
    wrong: Option<(&'static str, String)>,
}

async fn page(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Response {
    shown(visitor.words(&[], None), read(&app, &visitor, &token, &Outcome::default()).await)
}

async fn read(app: &App, visitor: &Visitor, token: &str, outcome: &Outcome) -> Result<Response> {
    let (letter, _) = of_a_person(app, visitor, token).await?;
    Ok(show::centre(&Centre::load(letter).await?, token, outcome, visitor.private))
}

async fn change(
    State(app): State<App>,
    axum::extract::Extension(throttle): axum::extract::Extension<Throttle>,
    visitor: Visitor,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let words = visitor.words(&[], None);
    let answer = async {
        let (letter, _) = of_a_person(&app, &visitor, &token).await?;
        // Leaving is never refused for haste.
        if posted.get("action") != "everything" {
            throttle.spend(&visitor, app.core.now())?;
        }
        let centre = Centre::load(letter).await?;
        if posted.get("action") != "tracking" {
            heed(&visitor, &centre.letter.ctx, centre.letter.contact, "preference centre").await?;
        }
        let outcome = change::apply(&app, &visitor, &centre, &posted).await?;
        read(&app, &visitor, &token, &outcome).await
    };
    shown(words, answer.await)
}
