//! Whose turn it is.

use kernel::{Timestamp, UserId};

use crate::groups::Priority;

/// A member who accepts conversations.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// When their turn comes.
    pub priority: Priority,
    /// Conversations they have.
    pub load: u32,
    /// Conversations they take at a time.
    pub limit: u32,
    /// Got one last at.
    pub given_at: Timestamp,
}

/// Who gets the next conversation: whoever had the person last, if they have room; else of the first priority that
/// has room the one with the smallest share of their limit in use, and of those the one who waited longest.
/// Supervisors get none by themselves.
pub fn choose(candidates: &[Candidate], last: Option<UserId>) -> Option<UserId> {
    let free = |one: &&Candidate| one.load < one.limit && one.priority != Priority::Supervisor;
    if let Some(last) = last
        && candidates.iter().filter(free).any(|one| one.user == last)
    {
        return Some(last);
    }
    candidates
        .iter()
        .filter(free)
        // load / limit without fractions: both are at most 50.
        .min_by_key(|one| (one.priority, one.load * 10_000 / one.limit.max(1), one.given_at, one.user))
        .map(|one| one.user)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(user: u8, priority: Priority, load: u32, limit: u32, given: i64) -> Candidate {
        Candidate { user: UserId([user; 16]), priority, load, limit, given_at: Timestamp(given) }
    }

    #[test]
    fn turns_go_by_priority_share_and_patience() {
        use Priority::{First, Last, Normal, Supervisor};
        let pick = |all: &[Candidate], last: Option<u8>| choose(all, last.map(|n| UserId([n; 16]))).map(|id| id.0[0]);
        let all = [one(1, Last, 0, 6, 0), one(2, Normal, 2, 6, 0), one(3, Normal, 1, 6, 9), one(4, First, 6, 6, 0)];
        assert_eq!(pick(&all, None), Some(3));
        assert_eq!(pick(&all, Some(2)), Some(2));
        assert_eq!(pick(&all, Some(4)), Some(3), "whoever had the person has no room");
        assert_eq!(pick(&[one(1, Normal, 1, 2, 5), one(2, Normal, 2, 4, 4)], None), Some(2));
        assert_eq!(pick(&[one(1, Supervisor, 0, 6, 0)], None), None);
        assert_eq!(pick(&[one(1, Supervisor, 0, 6, 0)], Some(1)), None);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_their_limit(loads in proptest::collection::vec((0u32..8, 1u32..8, 0i64..5), 0..12)) {
            let all: Vec<Candidate> = loads
                .iter()
                .enumerate()
                .map(|(n, (load, limit, given))| one(n as u8, Priority::Normal, *load, *limit, *given))
                .collect();
            match choose(&all, None) {
                Some(user) => {
                    let chosen = all.iter().find(|one| one.user == user).unwrap();
                    prop_assert!(chosen.load < chosen.limit);
                }
                None => prop_assert!(all.iter().all(|one| one.load >= one.limit)),
            }
        }
    }
}
