//! Pacing: at most so many messages a second to one destination.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval};

/// Turns that come at a steady pace; a pause saves up a tenth of a second's worth at most.
pub(super) struct Pace(Arc<Semaphore>);

impl Pace {
    /// A pace of `per_second` turns, at least 1. Needs a runtime; ends when dropped.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = per_second.max(1);
        let saved = (per_second / 10).max(1) as usize;
        let turns = Arc::new(Semaphore::new(saved));
        let refilled = Arc::downgrade(&turns);
        tokio::spawn(async move {
            let mut ticks = interval(Duration::from_secs(1) / per_second);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(turns) = refilled.upgrade() else { return };
                if turns.available_permits() < saved {
                    turns.add_permits(1);
                }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_come_at_the_pace_and_a_pause_saves_little() {
        let pace = Pace::new(20);
        let taken = async {
            for _ in 0..40 {
                pace.turn().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_millis(1_700), taken).await.is_err(), "40 turns take two seconds");
        tokio::time::sleep(Duration::from_mins(1)).await;
        let burst = async {
            for _ in 0..20 {
                pace.turn().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_millis(600), burst).await.is_err(), "a pause is not saved up");
    }
}
