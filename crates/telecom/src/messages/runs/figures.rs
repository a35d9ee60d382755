//! What the messages of a campaign add up to.

use std::collections::BTreeMap;

use kernel::{RawId, Timestamp};
use outbound::Counts;
use outbound::texts::{CountryFigures, HourFigures, LinkFigures, TextFigures};
use outbound::tracking::ByClass;
use store::{Ctx, params};

use super::super::model::MessageState;
use super::queries as sql;
use crate::Result;

/// How many messages stand where, in the words of all channels: what a pause holds is queued, and what a telephone has
/// or what ended without a receipt was sent.
///
/// # Errors
/// The store's.
pub async fn counts(ctx: &Ctx, source: RawId) -> Result<Counts> {
    let mut figures = TextFigures::default();
    states(ctx, source, &mut figures).await?;
    Ok(figures.counts)
}

async fn states(ctx: &Ctx, source: RawId, figures: &mut TextFigures) -> Result<()> {
    let rows: Vec<(MessageState, u64)> = ctx.db.all(sql::STATES, params![ctx.workspace, source]).await?;
    let counts = &mut figures.counts;
    for (state, count) in rows {
        match state {
            MessageState::Queued => counts.queued += count,
            MessageState::Held => {
                counts.queued += count;
                figures.held += count;
            }
            MessageState::Sending => counts.sending += count,
            MessageState::Sent => {
                counts.sent += count;
                figures.unconfirmed += count;
            }
            MessageState::Delivered => {
                counts.sent += count;
                figures.delivered += count;
            }
            MessageState::Expired => {
                counts.sent += count;
                figures.expired += count;
            }
            MessageState::Failed => counts.failed += count,
            MessageState::Denied => counts.denied += count,
            MessageState::Cancelled => counts.cancelled += count,
            MessageState::InDoubt => counts.in_doubt += count,
        }
    }
    for (state, all) in [(MessageState::Denied, counts.denied), (MessageState::Failed, counts.failed)] {
        if all == 0 {
            continue;
        }
        let rows: Vec<(Option<String>, u64)> = ctx.db.all(sql::REASONS, params![ctx.workspace, source, state]).await?;
        let group =
            if state == MessageState::Denied { &mut counts.denied_by_reason } else { &mut counts.failed_by_class };
        for (reason, count) in rows {
            *group.entry(reason.unwrap_or_else(|| "unknown".to_owned())).or_default() += count;
        }
    }
    Ok(())
}

/// Everything that is known of a run's messages together.
///
/// # Errors
/// The store's.
pub(super) async fn figures(ctx: &Ctx, source: RawId) -> Result<TextFigures> {
    let mut figures = TextFigures::default();
    states(ctx, source, &mut figures).await?;
    let about = params![ctx.workspace, source, MessageState::Denied, MessageState::Cancelled];
    let countries: Vec<(String, u64, u64, i64, u64, u64)> = ctx.db.all(sql::COUNTRIES, about).await?;
    for (country, messages, parts, cost_micros, clicked, left) in countries {
        figures.parts += parts;
        figures.cost_micros += cost_micros;
        figures.clicked += clicked;
        figures.left += left;
        figures.by_country.push(CountryFigures { country, messages, parts, cost_micros });
    }
    let waiting = (MessageState::Queued, MessageState::Sending, MessageState::Held);
    let about = params![ctx.workspace, source, waiting.0, waiting.1, waiting.2];
    (figures.reserved_micros,) = ctx.db.one(sql::RESERVED, about).await?;
    let rows: Vec<(i64, i64, u64, u64)> = ctx.db.all(sql::CLICKS, params![ctx.workspace, source]).await?;
    let mut links: BTreeMap<i64, ByClass> = BTreeMap::new();
    for (number, class, all, unique) in rows {
        add(links.entry(number).or_default(), class, (all, unique));
    }
    figures.clicks = links
        .into_iter()
        .filter_map(|(number, clicks)| Some(LinkFigures { number: u32::try_from(number).ok()?, clicks }))
        .collect();
    let rows: Vec<(i64, i64, u64)> = ctx.db.all(sql::HOURS, params![ctx.workspace, source]).await?;
    for (hour, class, all) in rows {
        let at = Timestamp(hour * 3600 * Timestamp::SECOND);
        if figures.hours.last().is_none_or(|known| known.at != at) {
            figures.hours.push(HourFigures { at, clicks: ByClass::default() });
        }
        if let Some(known) = figures.hours.last_mut() {
            add(&mut known.clicks, class, (all, 0));
        }
    }
    Ok(figures)
}

fn add(clicks: &mut ByClass, class: i64, (all, unique): (u64, u64)) {
    match class {
        0 => {
            clicks.human += all;
            clicks.unique_human += unique;
        }
        1 => clicks.probable_machine += all,
        _ => clicks.machine += all,
    }
}
