//! What live chat is set up with: members who answer, groups, rules, prepared answers, bots, articles, widgets,
//! greetings; visitors who are there now; figures.

mod agents;
mod articles;
mod bots;
mod canned;
mod greetings;
mod groups;
mod reports;
mod rules;
mod visitors;
mod widgets;

use super::prelude::*;

/// Endpoints whose bodies are no JSON.
pub(super) fn uploads() -> Routes {
    agents::uploads()
}

pub(super) fn routes() -> Routes {
    agents::routes()
        .merge(groups::routes())
        .merge(rules::routes())
        .merge(canned::routes())
        .merge(bots::routes())
        .merge(articles::routes())
        .merge(widgets::routes())
        .merge(greetings::routes())
        .merge(visitors::routes())
        .merge(reports::routes())
}
