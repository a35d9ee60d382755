//! Who looks at what, and who edits it: in memory, bounded, forgotten thirty seconds after the last word.

use std::collections::HashMap;

use kernel::{SessionId, Timestamp, UserId, WorkspaceId};
use parking_lot::Mutex;
use tokio::sync::broadcast;

/// Seconds after which somebody who says nothing is gone.
pub const SECONDS: i64 = 30;
/// The most objects of a process that somebody looks at.
const OBJECTS: usize = 10_000;
/// The most people at one object; further ones see the others and are not shown.
const PEOPLE: usize = 50;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Looks at it.
    Viewing,
    /// Changes it.
    Editing,
}

impl Doing {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewing => "viewing",
            Self::Editing => "editing",
        }
    }
}

/// Somebody at an object. One person in two windows is there once, editing when either edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub user: UserId,
    /// What they do.
    pub doing: Doing,
    /// Since when, in this window.
    pub since: Timestamp,
}

#[derive(Clone, Copy)]
struct Seen {
    user: UserId,
    doing: Doing,
    since: Timestamp,
    until: Timestamp,
}

type Place = (WorkspaceId, String);

/// Something changed at an object.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Where.
    pub workspace: WorkspaceId,
    /// The object, as `campaign:cmp_…`.
    pub object: String,
}

/// Who looks at what.
pub struct Presence {
    places: Mutex<HashMap<Place, HashMap<SessionId, Seen>>>,
    moved: broadcast::Sender<Moved>,
}

impl Default for Presence {
    fn default() -> Self {
        Self { places: Mutex::default(), moved: broadcast::Sender::new(256) }
    }
}

fn people(seen: &HashMap<SessionId, Seen>, now: Timestamp) -> Vec<Present> {
    let mut out: Vec<Present> = Vec::new();
    for one in seen.values().filter(|one| now < one.until) {
        match out.iter_mut().find(|known| known.user == one.user) {
            Some(known) => {
                known.since = known.since.min(one.since);
                if one.doing == Doing::Editing {
                    known.doing = Doing::Editing;
                }
            }
            None => out.push(Present { user: one.user, doing: one.doing, since: one.since }),
        }
    }
    out.sort_by_key(|present| (present.since, present.user));
    out
}

impl Presence {
    /// Somebody says what they do at an object. Answers who is there, and tells others when that changed.
    pub fn say(
        &self,
        place: (WorkspaceId, &str),
        (session, user): (SessionId, UserId),
        doing: Doing,
        now: Timestamp,
    ) -> Vec<Present> {
        let mut places = self.places.lock();
        if places.len() >= OBJECTS && !places.contains_key(&(place.0, place.1.to_owned())) {
            places.retain(|_, seen| seen.values().any(|one| now < one.until));
            if places.len() >= OBJECTS {
                return Vec::new();
            }
        }
        let seen = places.entry((place.0, place.1.to_owned())).or_default();
        let before = people(seen, now);
        seen.retain(|_, one| now < one.until);
        let until = now.plus_seconds(SECONDS);
        if let Some(one) = seen.get_mut(&session) {
            (one.doing, one.until) = (doing, until);
        } else if seen.len() < PEOPLE {
            seen.insert(session, Seen { user, doing, since: now, until });
        }
        let after = people(seen, now);
        drop(places);
        if before != after {
            self.tell(place);
        }
        after
    }

    /// Somebody has left an object.
    pub fn leave(&self, place: (WorkspaceId, &str), session: SessionId) {
        let key = (place.0, place.1.to_owned());
        let mut places = self.places.lock();
        let left = places.get_mut(&key).is_some_and(|seen| seen.remove(&session).is_some());
        places.retain(|_, seen| !seen.is_empty());
        drop(places);
        if left {
            self.tell(place);
        }
    }

    /// A session is over: it is nowhere any more.
    pub fn end(&self, session: SessionId) {
        let mut left = Vec::new();
        self.places.lock().retain(|place, seen| {
            if seen.remove(&session).is_some() {
                left.push(place.clone());
            }
            !seen.is_empty()
        });
        for (workspace, object) in left {
            self.tell((workspace, &object));
        }
    }

    /// Forgets who has said nothing for thirty seconds, and tells the others.
    pub fn forget(&self, now: Timestamp) {
        let mut changed = Vec::new();
        self.places.lock().retain(|place, seen| {
            let before = seen.len();
            seen.retain(|_, one| now < one.until);
            if seen.len() != before {
                changed.push(place.clone());
            }
            !seen.is_empty()
        });
        for (workspace, object) in changed {
            self.tell((workspace, &object));
        }
    }

    /// Who is at an object.
    pub fn at(&self, workspace: WorkspaceId, object: &str, now: Timestamp) -> Vec<Present> {
        let places = self.places.lock();
        places.get(&(workspace, object.to_owned())).map(|seen| people(seen, now)).unwrap_or_default()
    }

    /// The objects of a workspace at which somebody is.
    pub fn objects(&self, workspace: WorkspaceId) -> Vec<String> {
        let places = self.places.lock();
        places.keys().filter(|(at, _)| *at == workspace).map(|(_, object)| object.clone()).collect()
    }

    /// Hears of every change.
    pub fn hear(&self) -> broadcast::Receiver<Moved> {
        self.moved.subscribe()
    }

    fn tell(&self, (workspace, object): (WorkspaceId, &str)) {
        // Nobody listens: nobody has to know.
        let _ = self.moved.send(Moved { workspace, object: object.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: WorkspaceId = WorkspaceId([1; 16]);
    const A: (SessionId, UserId) = (SessionId([1; 16]), UserId([1; 16]));
    const B: (SessionId, UserId) = (SessionId([2; 16]), UserId([2; 16]));

    #[test]
    fn people_are_there_for_thirty_seconds() {
        let (presence, start) = (Presence::default(), Timestamp(0));
        let mut heard = presence.hear();
        assert_eq!(presence.say((W, "campaign:x"), A, Doing::Viewing, start).len(), 1);
        assert_eq!(heard.try_recv().unwrap().object, "campaign:x");
        let both = presence.say((W, "campaign:x"), B, Doing::Editing, start.plus_seconds(20));
        assert_eq!(both.iter().map(|p| p.doing).collect::<Vec<_>>(), [Doing::Viewing, Doing::Editing]);
        assert!(heard.try_recv().is_ok());
        presence.say((W, "campaign:x"), B, Doing::Editing, start.plus_seconds(25));
        assert!(heard.try_recv().is_err(), "nothing changed");
        assert_eq!(presence.at(W, "campaign:x", start.plus_seconds(30)).len(), 1, "half-open: gone at thirty");
        presence.forget(start.plus_seconds(30));
        assert!(heard.try_recv().is_ok(), "the others hear that somebody is gone");
        presence.end(B.0);
        assert!(presence.at(W, "campaign:x", start.plus_seconds(30)).is_empty());
        assert!(heard.try_recv().is_ok());
        assert!(presence.objects(W).is_empty());
    }

    #[test]
    fn one_person_in_two_windows_is_there_once() {
        let (presence, now) = (Presence::default(), Timestamp(0));
        presence.say((W, "campaign:x"), A, Doing::Viewing, now);
        let here = presence.say((W, "campaign:x"), (SessionId([9; 16]), A.1), Doing::Editing, now);
        assert_eq!(here, [Present { user: A.1, doing: Doing::Editing, since: now }]);
        presence.leave((W, "campaign:x"), SessionId([9; 16]));
        assert_eq!(presence.at(W, "campaign:x", now)[0].doing, Doing::Viewing);
        assert!(presence.at(WorkspaceId([2; 16]), "campaign:x", now).is_empty());
    }

    #[test]
    fn memory_stays_bounded() {
        let (presence, now) = (Presence::default(), Timestamp(0));
        for n in 0..OBJECTS + 500 {
            presence.say((W, &format!("campaign:{n}")), A, Doing::Viewing, now);
        }
        assert_eq!(presence.objects(W).len(), OBJECTS);
        presence.say((W, "campaign:new"), A, Doing::Viewing, now.plus_seconds(31));
        assert_eq!(presence.objects(W), ["campaign:new"]);
        for n in 0..200u8 {
            presence.say(
                (W, "campaign:new"),
                (SessionId([n; 16]), UserId([n; 16])),
                Doing::Viewing,
                now.plus_seconds(31),
            );
        }
        assert!(presence.at(W, "campaign:new", now.plus_seconds(31)).len() <= PEOPLE);
    }
}
