use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use store::jobs::{self, Handler, Job, Outcome};
use store::{BoxFuture, Core, NewJob, lease};
use testkit::each_engine;

struct Flaky(AtomicU32);

impl Handler for Flaky {
    fn queue(&self) -> &'static str {
        "flaky"
    }

    fn run<'a>(&'a self, _: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let failures = job.payload["failures"].as_u64().unwrap_or(0);
            self.0.fetch_add(1, Ordering::SeqCst);
            if u64::from(job.attempts) <= failures { Err("not yet".to_owned()) } else { Ok(Outcome::Done) }
        })
    }
}

/// Asks for its own key in its first run.
struct Asking(AtomicU32);

impl Handler for Asking {
    fn queue(&self) -> &'static str {
        "again"
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
                let mut batch = core.ctx(job.workspace, store::Actor::System).batch();
                batch.job(NewJob::now("again", json!({})).key("k"));
                core.db.apply(batch).await.map_err(|error| error.to_string())?;
            }
            Ok(Outcome::Done)
        })
    }
}

each_engine! {
    async fn a_failed_job_returns_after_its_back_off(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let flaky = Arc::new(Flaky(AtomicU32::new(0)));
        let handlers: [Arc<dyn Handler>; 1] = [flaky.clone()];
        let mut batch = ctx.batch();
        batch.job(NewJob::now("flaky", json!({ "failures": 1 })));
        ctx.db.apply(batch).await.unwrap();
        assert_eq!(jobs::drain(&t.core, &handlers).await.unwrap(), 1);
        assert_eq!(jobs::pending(&ctx.db, "flaky").await.unwrap(), 1);
        t.clock.advance(60);
        assert_eq!(jobs::drain(&t.core, &handlers).await.unwrap(), 1);
        assert_eq!(jobs::pending(&ctx.db, "flaky").await.unwrap(), 0);
        assert_eq!(flaky.0.load(Ordering::SeqCst), 2);
    }

    async fn a_claimed_job_is_nobody_elses_until_its_lease_ends(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        batch.job(NewJob::now("q", json!({})).key("once"));
        batch.job(NewJob::now("q", json!({})).key("once"));
        ctx.db.apply(batch).await.unwrap();
        assert_eq!(jobs::claim(&t.core, "q", 10).await.unwrap().len(), 1);
        assert!(jobs::claim(&t.core, "q", 10).await.unwrap().is_empty());
        t.clock.advance(3600);
        assert_eq!(jobs::claim(&t.core, "q", 10).await.unwrap().len(), 1);
    }

    async fn what_is_asked_for_while_it_runs_runs_once_more(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let ask = async |key: &str| {
            let mut batch = ctx.batch();
            batch.job(NewJob::now("again", json!({ "asks": true })).key(key));
            ctx.db.apply(batch).await.unwrap();
        };
        let asking = Arc::new(Asking(AtomicU32::new(0)));
        let handlers: [Arc<dyn Handler>; 1] = [asking.clone()];
        ask("k").await;
        ask("k").await;
        jobs::drain(&t.core, &handlers).await.unwrap();
        assert_eq!(asking.0.load(Ordering::SeqCst), 2, "twice before it runs is once, while it runs is once more");
        assert_eq!(jobs::pending(&ctx.db, "again").await.unwrap(), 0);
    }

    async fn a_key_that_was_set_aside_starts_anew(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let flaky = Arc::new(Flaky(AtomicU32::new(0)));
        let handlers: [Arc<dyn Handler>; 1] = [flaky.clone()];
        let ask = async || {
            let mut batch = ctx.batch();
            batch.job(NewJob::now("flaky", json!({ "failures": 12 })).key("k"));
            ctx.db.apply(batch).await.unwrap();
        };
        ask().await;
        for _ in 0..14 {
            jobs::drain(&t.core, &handlers).await.unwrap();
            t.clock.advance(6 * 3600);
        }
        assert_eq!((flaky.0.load(Ordering::SeqCst), jobs::pending(&ctx.db, "flaky").await.unwrap()), (12, 0));
        ask().await;
        assert_eq!(jobs::pending(&ctx.db, "flaky").await.unwrap(), 1);
        jobs::drain(&t.core, &handlers).await.unwrap();
        assert_eq!(flaky.0.load(Ordering::SeqCst), 13);
    }

    async fn a_lease_has_one_owner(t: testkit::Fixture) {
        let (db, now) = (&t.core.db, t.core.now());
        assert!(lease::take(db, "leader", "a", now, 10).await.unwrap());
        assert!(!lease::take(db, "leader", "b", now, 10).await.unwrap());
        assert!(lease::take(db, "leader", "a", now, 10).await.unwrap());
        assert!(lease::take(db, "leader", "b", now.plus_seconds(10), 10).await.unwrap());
        lease::release(db, "leader", "b").await.unwrap();
        assert!(lease::take(db, "leader", "a", now, 10).await.unwrap());
    }
}
