use std::collections::BTreeMap;

use kernel::SequenceId;
use serde::Serialize;
use store::{Ctx, params};

use super::model::SequenceState;
use super::queries as sql;
use crate::Result;

/// The numbers of a sequence.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The sequence.
    pub id: SequenceId,
    /// Where it stands.
    pub state: SequenceState,
    /// How many were enrolled, people who were erased since included.
    pub enrolled: u64,
    /// People by state now; the erased are gone from here.
    pub people: BTreeMap<String, u64>,
    /// For whom it ended early, by reason, people who were erased since included.
    pub stopped: BTreeMap<String, u64>,
    /// Who reacted after the last message, by reason.
    pub after: BTreeMap<String, u64>,
    /// Messages that left, by step.
    pub steps: Vec<StepReport>,
}

/// The numbers of one message of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// Which message, from 1.
    pub step: i64,
    /// How many left.
    pub sent: u64,
}

/// The numbers of a sequence as they stand now.
///
/// # Errors
/// [`crate::Error::NotFound`], or the store's.
pub async fn report(ctx: &Ctx, id: SequenceId) -> Result<Report> {
    let sequence = super::get(ctx, id).await?;
    let totals: Vec<(String, i64, u64)> = ctx.db.all(sql::TOTALS, params![ctx.workspace, id]).await?;
    let people: Vec<(String, u64)> = ctx.db.all(sql::STATES, params![ctx.workspace, id]).await?;
    let of = |what: &str, step: i64| {
        totals.iter().find(|(known, at, _)| known == what && *at == step).map_or(0, |row| row.2)
    };
    let named = |prefix: &str| {
        let rows = totals.iter().filter_map(|(what, _, count)| Some((what.strip_prefix(prefix)?.to_owned(), *count)));
        rows.collect()
    };
    let steps = (0..sequence.draft.steps.len() as i64)
        .map(|step| StepReport { step: step + 1, sent: of("sent", step) })
        .collect();
    Ok(Report {
        id,
        state: sequence.state,
        enrolled: of("enrolled", 0),
        people: people.into_iter().collect(),
        stopped: named("stopped:"),
        after: named("after:"),
        steps,
    })
}
