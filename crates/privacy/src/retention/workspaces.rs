//! The end of workspaces: owners of an unused one are told two months and one month before it is closed;
//! a closed one is erased with everything in it when its time is over.

use accounts::workspaces::{self, State};
use kernel::Timestamp;
use store::Ctx;

use super::period::Period;
use super::settings::settings;
use crate::erasure::{WorkspaceCertificate, erase_workspace};
use crate::{Error, Result};

/// The owners have at least so many seconds between the last notice and the end.
const GRACE: i64 = 14 * 86_400;

/// What a look at a workspace led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Stays,
    /// Its owners were told for the first or second time.
    Noticed(u8),
    /// It was closed.
    Closed,
    /// It was erased.
    Erased(Box<WorkspaceCertificate>),
}

fn failed(error: accounts::Error) -> Error {
    Error::Store(store::Error::Refused(error.into()))
}

/// Looks whether the workspace is used, and does what follows.
///
/// # Errors
/// When the store fails.
pub async fn look_after(ctx: &Ctx) -> Result<Fate> {
    let Some(workspace) = workspaces::find(ctx, ctx.workspace).await.map_err(failed)? else { return Ok(Fate::Stays) };
    let (settings, now) = (settings(ctx).await?, ctx.now());
    if workspace.state == State::Closed {
        if settings.period_of("account").after(workspace.updated_at) <= now {
            return erase_workspace(ctx).await.map(|certificate| Fate::Erased(Box::new(certificate)));
        }
        return Ok(Fate::Stays);
    }
    let activity = workspaces::activity(ctx).await.map_err(failed)?;
    let period = settings.period_of("account.inactive");
    let after = |period: Period| -> Timestamp { period.after(activity.active_at) };
    let rested = activity.noticed_at.is_some_and(|at| at.plus_seconds(GRACE) <= now);
    if activity.notices >= 2 && rested && after(period) <= now {
        workspaces::set_state(ctx, State::Closed).await.map_err(failed)?;
        return Ok(Fate::Closed);
    }
    for (number, months) in [(2, 1), (1, 2)] {
        if activity.notices < number && after(period.less_months(months)) <= now {
            workspaces::warn_owners(ctx, number).await.map_err(failed)?;
            return Ok(Fate::Noticed(number));
        }
    }
    Ok(Fate::Stays)
}
