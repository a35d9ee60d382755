//! Reasons for missing times, gathered into ranges.

use std::collections::HashMap;

use super::model::{Reason, Why};

/// What is missing, as it is found.
#[derive(Default)]
pub(crate) struct Missing {
    spans: Vec<Why>,
    /// The last range of a host and reason, to be prolonged by the next start of the grid.
    open: HashMap<(usize, Reason), usize>,
}

impl Missing {
    /// A start of the grid that is refused: nothing can start from there to the grid's next one.
    pub(crate) fn start(&mut self, at: i64, step: i64, reason: Reason, host: usize) {
        if let Some(&last) = self.open.get(&(host, reason)) {
            let last = &mut self.spans[last];
            if last.from <= at && at <= last.to {
                last.to = last.to.max(at + step);
                return;
            }
        }
        self.open.insert((host, reason), self.spans.len());
        self.spans.push(Why { from: at, to: at + step, reason, host });
    }

    /// A range without any start.
    pub(crate) fn span(&mut self, why: Why) {
        if why.from < why.to {
            self.spans.push(why);
        }
    }

    /// Everything in order of time; ranges of one reason that touch are one.
    pub(crate) fn told(mut self) -> Vec<Why> {
        self.spans.sort_by_key(|why| (why.host, why.reason.as_str(), why.from, why.to));
        let mut out: Vec<Why> = Vec::with_capacity(self.spans.len());
        for why in self.spans {
            match out.last_mut() {
                Some(last) if last.host == why.host && last.reason == why.reason && why.from <= last.to => {
                    last.to = last.to.max(why.to);
                }
                _ => out.push(why),
            }
        }
        out.sort_by_key(|why| (why.from, why.to, why.host));
        out
    }
}
