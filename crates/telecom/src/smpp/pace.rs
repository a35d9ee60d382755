//! Pacing: at most so many requests a second.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval};

/// How often turns are handed out: fine enough to be smooth, coarse enough for thousands a second.
const TICK: Duration = Duration::from_millis(10);

/// Turns that come at a steady pace; a pause saves up a tenth of a second's worth at most.
pub(super) struct Pace(Arc<Semaphore>);

impl Pace {
    /// A pace of `per_second` turns, at least 1. Needs a runtime; ends when dropped.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = u64::from(per_second.max(1));
        let saved = (per_second / 10).max(1);
        let turns = Arc::new(Semaphore::new(saved as usize));
        let refilled = Arc::downgrade(&turns);
        tokio::spawn(async move {
            let mut ticks = interval(TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.tick().await;
            // Hundredths of turns that are owed.
            let mut owed = 0;
            loop {
                ticks.tick().await;
                let Some(turns) = refilled.upgrade() else { return };
                owed += per_second;
                let room = saved.saturating_sub(turns.available_permits() as u64);
                turns.add_permits((owed / 100).min(room) as usize);
                owed %= 100;
            }
        });
        Self(turns)
    }

    /// Waits for the next turn and takes it.
    pub(super) async fn turn(&self) {
        // The semaphore is never closed.
        if let Ok(turn) = self.0.acquire().await {
            turn.forget();
        }
    }

    /// Takes a turn if one is there now.
    pub(super) fn try_turn(&self) -> bool {
        self.0.try_acquire().map(tokio::sync::SemaphorePermit::forget).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_come_at_the_pace_and_a_pause_saves_little() {
        let pace = Pace::new(2000);
        let take = |count: usize| {
            let pace = &pace;
            async move {
                for _ in 0..count {
                    pace.turn().await;
                }
            }
        };
        assert!(tokio::time::timeout(Duration::from_millis(1_800), take(4000)).await.is_err(), "two seconds' worth");
        assert!(tokio::time::timeout(Duration::from_millis(1_100), take(2000)).await.is_ok());
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert!(tokio::time::timeout(Duration::from_millis(800), take(2000)).await.is_err(), "a pause is not saved up");
    }
}
