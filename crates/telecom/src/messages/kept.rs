//! Figures of a campaign that outlive its messages, of enough people each.

use std::collections::BTreeSet;

use kernel::{RawId, Timestamp};
use outbound::retention::{Counted, is_kept, keep_day};
use store::{BoxFuture, Ctx, DueRow, params};

use super::model::MessageState;

store::sql! {
    SOURCE = "SELECT source FROM sms_message WHERE workspace = $1 AND id = $2 AND source IS NOT NULL";
    OF_DAY = "SELECT country, state, clicked_at, left_at FROM sms_message WHERE workspace = $1 AND source = $2
        AND created_at >= $3 AND created_at < $4";
}

/// Counts whole days of campaigns before the first of their messages goes: all of a day's messages are still there
/// then, and what is counted once is not counted again.
pub(super) fn keep<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let sets = rows.iter().filter_map(|row| Some(vec![ctx.workspace.into(), row.key.first()?.clone()])).collect();
        let sources: Vec<Vec<(RawId,)>> = ctx.db.many(SOURCE, sets).await?;
        let days: BTreeSet<(RawId, i64)> = rows
            .iter()
            .zip(sources)
            .filter_map(|(row, source)| Some((source.first()?.0, i64::from(Timestamp(row.at).day()))))
            .collect();
        for (source, day) in days {
            if !is_kept(ctx, source, day).await? {
                keep_day(ctx, (source, day), &of_day(ctx, (source, day)).await?).await?;
            }
        }
        Ok(())
    })
}

async fn of_day(ctx: &Ctx, (source, day): (RawId, i64)) -> store::Result<Vec<Counted>> {
    let (from, to) = (day.saturating_mul(Timestamp::DAY), (day + 1).saturating_mul(Timestamp::DAY));
    let rows: Vec<(String, MessageState, Option<i64>, Option<i64>)> =
        ctx.db.all(OF_DAY, params![ctx.workspace, source, from, to]).await?;
    let counted = |(country, state, clicked, left): (String, MessageState, Option<i64>, Option<i64>)| {
        let mut kinds = BTreeSet::from([state.as_str()]);
        kinds.extend(clicked.map(|_| "clicked"));
        kinds.extend(left.map(|_| "unsubscribed"));
        Counted { country: Some(country).filter(|country| !country.is_empty()), kinds }
    };
    Ok(rows.into_iter().map(counted).collect())
}
