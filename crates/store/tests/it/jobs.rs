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
