//! Processes that die while they charge: whatever was written down and whatever the provider took, the next process brings
//! it to one charge and one credit.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use billing::recharge::{self, RechargeJob, State};
use store::jobs::{self, Handler};
use store::params;
use testkit::Fixture;

use super::{House, terms};

store::sql! {
    FORGET_CHARGE = "UPDATE recharge SET session = NULL WHERE workspace = $1 AND state = $2";
}

/// Longer than the lease of a job and than a provider's key of idempotency.
const A_DAY: i64 = 25 * 3600;

/// A process that ends when its future was polled so many times.
struct Mortal<F> {
    inner: Pin<Box<F>>,
    left: usize,
}

impl<F: Future> Future for Mortal<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.inner.as_mut().poll(cx).map(Some)
    }
}

impl House {
    /// A process begins to charge and dies when the provider has done what it is asked at paths with this end.
    async fn dies_after(&self, end: &'static str) {
        self.stub.books.lock().mute = Some(end);
        tokio::select! {
            done = jobs::drain(&self.t.core, &self.handlers) => panic!("lived: {done:?}"),
            () = self.stub.muted.notified() => {}
        }
        self.stub.books.lock().mute = None;
    }

    /// Another process on the same store.
    async fn restarts(&self) {
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(RechargeJob::new(Arc::new(self.stub.clone())))];
        jobs::drain(&self.t.core, &handlers).await.unwrap();
    }
}

testkit::each_engine! {
    async fn a_process_that_dies_at_the_provider_has_charged_once(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        for (so_far, end) in ["/payment_intents", "/confirm"].into_iter().enumerate() {
            assert!(house.spend(50).await);
            house.dies_after(end).await;
            assert_eq!(house.states().await[0], State::Charging, "{end}");
            house.stub.forget_keys();
            house.t.clock.advance(A_DAY);
            house.restarts().await;
            assert_eq!((house.states().await[0], house.available().await), (State::Paid, 100), "{end}");
            let intents = house.stub.books.lock().intents.len();
            assert_eq!((house.stub.count("succeeded"), intents), (so_far + 1, so_far + 1), "{end}");
        }
    }

    async fn a_store_that_knows_of_no_charge_asks_before_it_makes_one(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 500)).await;
        assert!(house.spend(50).await);
        house.dies_after("/confirm").await;
        // As after a backup was restored that is older than the charge.
        let mut batch = house.ctx.batch();
        batch.push(FORGET_CHARGE, params![house.ctx.workspace, "charging"]);
        house.ctx.db.apply(batch).await.unwrap();
        house.stub.forget_keys();
        house.t.clock.advance(A_DAY);
        house.restarts().await;
        assert_eq!((house.states().await, house.available().await), (vec![State::Paid], 100));
        assert_eq!((house.stub.count("succeeded"), house.stub.books.lock().intents.len()), (1, 1));
    }

    async fn a_process_may_die_anywhere(t: Fixture) {
        let house = House::with_card(t).await;
        house.on(terms(60, 50, 5_000)).await;
        for polls in 1.. {
            assert!(house.spend(50).await);
            let drain = jobs::drain(&house.t.core, &house.handlers);
            let lived = Mortal { inner: Box::pin(drain), left: polls }.await.is_some();
            house.t.clock.advance(61);
            house.restarts().await;
            assert_eq!((house.states().await[0], house.available().await), (State::Paid, 100), "after {polls} polls");
            assert_eq!(house.stub.count("succeeded"), polls, "after {polls} polls");
            assert_eq!(recharge::list(&house.ctx, None, 1000).await.unwrap().len(), polls);
            if lived {
                break;
            }
            assert!(polls < 90, "it never gets to its end");
        }
    }
}
