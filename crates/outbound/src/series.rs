//! Series: messages to one person that follow each other, and stop when the person answers.
//!
//! A run may belong to a series ([`crate::Source::series`]). What comes back about one of its
//! messages ends the series for that person in the commit that records it
//! ([`privacy::halts`]), takes outstanding permits back, and is told to whoever conducts the series
//! by a job on [`SIGNALS`]. A worker that holds a permit looks at the halts before it hands over.

use kernel::{ContactId, SequenceId};
use privacy::gate::Gate;
use privacy::halts;
use privacy::replies::Intent;
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, NewJob};

use crate::deliveries::DeliveryRow;
use crate::{Error, Result, runs};

/// The queue of what happened to people in series: `{"series", "contact", "signal"}`.
pub const SIGNALS: &str = "series.signal";

/// What happened to a person in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The person answered.
    Replied,
    /// The person asked not to be written to.
    OptedOut,
    /// A message came back.
    Bounced,
    /// The person complained.
    Complained,
    /// An answer that only a human can read: the series waits.
    Ambiguous,
    /// A machine answered for the person: the series goes on later.
    AutoReply,
}

impl Signal {
    const ALL: [Self; 6] =
        [Self::Replied, Self::OptedOut, Self::Bounced, Self::Complained, Self::Ambiguous, Self::AutoReply];

    /// The code in jobs, and the reason for which a series ends.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::OptedOut => "opted_out",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Ambiguous => "ambiguous",
            Self::AutoReply => "auto_reply",
        }
    }

    /// Whether the series is over for the person.
    pub const fn ends(self) -> bool {
        !matches!(self, Self::Ambiguous | Self::AutoReply)
    }
}

impl From<Intent> for Signal {
    fn from(intent: Intent) -> Self {
        match intent {
            Intent::Optout => Self::OptedOut,
            Intent::ComplaintLegal => Self::Complained,
            Intent::Ambiguous => Self::Ambiguous,
            Intent::AutoReply => Self::AutoReply,
            Intent::NotOptout | Intent::QuestionSource | Intent::QuestionRight | Intent::QuestionWhat => Self::Replied,
        }
    }
}

/// What a job on [`SIGNALS`] says.
pub fn read(payload: &Json) -> Option<(SequenceId, ContactId, Signal)> {
    let text = |name: &str| payload.get(name)?.as_str();
    let signal = text("signal")?;
    let signal = Signal::ALL.into_iter().find(|known| known.as_str() == signal)?;
    Some((text("series")?.parse().ok()?, text("contact")?.parse().ok()?, signal))
}

fn push(batch: &mut Batch, ctx: &Ctx, series: SequenceId, contact: ContactId, signal: Signal) {
    if signal.ends() {
        halts::put(batch, ctx, series.into(), contact, signal.as_str());
    }
    batch.job(NewJob::now(SIGNALS, json!({ "series": series, "contact": contact, "signal": signal.as_str() })));
}

/// Notes what happened about a message, when its run belongs to a series. When this returns, no
/// hand-over of the series to a person for whom it ended starts any more.
pub(crate) async fn note(ctx: &Ctx, gate: &Gate, row: &DeliveryRow, signal: Signal) -> Result<()> {
    let run = match runs::get(ctx, row.source).await {
        Ok(run) => run,
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let Some(series) = run.settings.series else { return Ok(()) };
    let mut batch = ctx.batch();
    push(&mut batch, ctx, series, row.contact, signal);
    ctx.db.apply(batch).await?;
    if signal.ends() {
        gate.recall(ctx, row.contact).await;
    }
    Ok(())
}
