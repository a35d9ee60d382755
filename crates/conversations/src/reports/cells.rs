//! What is counted as it happens: one cell per hour, group, member and thing. Reports read these and nothing
//! else, so they cost the same whether a workspace had a hundred conversations or ten million.

use kernel::{GroupId, Timestamp, UserId};
use store::{Batch, params};

use crate::model::codes;

codes! {
    /// What is counted.
    What {
        /// Threads that began.
        Started = "started",
        /// Threads that ended; the sum is their length in seconds.
        Closed = "closed",
        /// Threads that ended without an answer by a member.
        Missed = "missed",
        /// Messages of people.
        Received = "received",
        /// Messages of members.
        Sent = "sent",
        /// First answers; the sum is how long they took in seconds.
        FirstResponse = "first_response",
        /// Answers; the sum is how long they took in seconds.
        Response = "response",
        /// Good ratings.
        Good = "good",
        /// Bad ratings.
        Bad = "bad",
        /// Threads that came into the queue.
        Queued = "queued",
        /// Threads that left the queue for a member; the sum is the wait in seconds.
        Served = "served",
        /// Threads that ended in the queue; the sum is the wait in seconds.
        Abandoned = "abandoned",
        /// Transfers.
        Transferred = "transferred",
        /// Seconds in which a member accepted conversations.
        Accepting = "accepting",
        /// Seconds in which a member was there and did not.
        NotAccepting = "not_accepting",
        /// Threads handed over by a bot.
        HandedOver = "handed_over",
        /// Threads a bot ended by itself.
        SolvedByBot = "solved_by_bot",
    }
}

store::sql! {
    pub(crate) ADD = "INSERT INTO chat_cell (workspace, day, hour, grp, agent, what, count, sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (workspace, day, hour, grp, agent, what) DO UPDATE SET count = chat_cell.count + $7, sum = chat_cell.sum + $8";
    pub(crate) BETWEEN = "SELECT day, hour, grp, agent, what, count, sum FROM chat_cell
        WHERE workspace = $1 AND day >= $2 AND day <= $3 ORDER BY day, hour, grp, agent, what";
    pub(crate) TRIM = "DELETE FROM chat_cell WHERE workspace = $1 AND day < $2";
}

store::row! {
    /// A cell as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct CellRow {
        pub(crate) day: i64,
        pub(crate) hour: i64,
        pub(crate) group: GroupId,
        pub(crate) agent: UserId,
        pub(crate) what: What,
        pub(crate) count: i64,
        pub(crate) sum: i64,
    }
}

/// One thing to be counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) what: What,
    pub(crate) group: Option<GroupId>,
    pub(crate) agent: Option<UserId>,
    pub(crate) count: i64,
    pub(crate) sum: i64,
}

/// Stands for "none" in the key of the cells.
pub(crate) const NONE: [u8; 16] = [0; 16];

impl Cell {
    /// Counts it in the caller's batch.
    pub(crate) fn push(&self, batch: &mut Batch, at: Timestamp) {
        let hour = at.as_seconds().rem_euclid(86_400) / 3600;
        let (group, agent) = (self.group.map_or(NONE, |id| id.0), self.agent.map_or(NONE, |id| id.0));
        let values = params![batch.workspace(), at.day(), hour, group, agent, self.what, self.count, self.sum];
        batch.push(ADD, values);
    }
}
