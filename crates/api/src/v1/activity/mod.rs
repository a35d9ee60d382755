//! Long work of a workspace: what runs, what ended lately.

mod gather;
mod list;

pub(super) use gather::all;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("activity": list)
}

/// What kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActivityKind {
    /// People come in from a file.
    Import,
    /// A campaign is sent.
    Campaign,
    /// People are erased.
    Erasure,
    /// What is due is ended.
    Retention,
    /// The values of a field are deleted.
    FieldValues,
    /// One act on many people; the title is its code, such as `tag`.
    Bulk,
}

/// Where work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActivityState {
    /// Begins soon.
    Waiting,
    /// Under way.
    Running,
    /// Held by a member.
    Paused,
    /// Ended well.
    Done,
    /// Ended early, because something was wrong.
    Failed,
    /// Ended early by a member.
    Cancelled,
}

impl ActivityState {
    const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A piece of long work; also the data of `activity` events.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Activity {
    /// Names it, as `campaign:cmp_…`.
    id: String,
    /// What kind of work.
    kind: ActivityKind,
    /// The id of what it is about, when that is one thing.
    object: Option<String>,
    /// A campaign's name, a field's key; never anything about a person.
    title: Option<String>,
    /// Where it stands.
    state: ActivityState,
    /// How many are done.
    done: u64,
    /// Of how many, once that is known.
    total: Option<u64>,
    /// How many of the done went wrong.
    errors: u64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// How many a second, on the whole; while it runs.
    rate: Option<f64>,
    /// About how many seconds it still takes.
    eta_seconds: Option<u64>,
    /// Whether it can be held.
    can_pause: bool,
    /// Whether it can be ended.
    can_cancel: bool,
}

impl Activity {
    fn new(id: String, kind: ActivityKind, state: ActivityState, started_at: Timestamp) -> Self {
        Self {
            id,
            kind,
            object: None,
            title: None,
            state,
            done: 0,
            total: None,
            errors: 0,
            started_at,
            finished_at: None,
            rate: None,
            eta_seconds: None,
            can_pause: false,
            can_cancel: false,
        }
    }

    /// Computes rate and rest from what is done.
    fn paced(mut self, now: Timestamp) -> Self {
        let seconds = (now.0 - self.started_at.0) as f64 / Timestamp::SECOND as f64;
        if self.state == ActivityState::Running && seconds >= 1.0 && self.done > 0 {
            let rate = self.done as f64 / seconds;
            // One digit: nobody reads more, and streams tell less often that it changed.
            self.rate = Some((rate * 10.0).round() / 10.0);
            self.eta_seconds = self.total.map(|total| (total.saturating_sub(self.done) as f64 / rate).ceil() as u64);
        }
        self
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) const fn is_over(&self) -> bool {
        self.state.is_over()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_told_only_while_there_is_one() {
        let mut work = Activity::new("x:1".into(), ActivityKind::Campaign, ActivityState::Running, Timestamp(0))
            .paced(Timestamp(0));
        assert_eq!((work.rate, work.eta_seconds), (None, None));
        (work.done, work.total) = (100, Some(400));
        let work = work.paced(Timestamp(0).plus_seconds(10));
        assert_eq!((work.rate, work.eta_seconds), (Some(10.0), Some(30)));
    }
}
