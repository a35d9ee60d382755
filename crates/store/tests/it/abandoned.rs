//! Callers that go away while the database works for them.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::join_all;
use store::{BoxFuture, Db, params, sql};
use testkit::each_engine;

sql! {
    PUT = "INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3)";
    PUT_NOW = "INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3) RETURNING name";
    HELD = "SELECT CAST(count(*) AS BIGINT) FROM lease WHERE name IN ($1, $2)";
}

/// Goes away after being polled so many times.
struct Impatient<'a, T>(usize, BoxFuture<'a, T>);

impl<T> Future for Impatient<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        self.0 -= 1;
        self.1.as_mut().poll(context).map(Some)
    }
}

/// What as many connections as there are see of two rows.
async fn seen(db: &Db, one: &str, other: &str) -> Vec<u64> {
    let reads = (0..8).map(|_| db.one::<(u64,)>(HELD, params![one, other]));
    join_all(reads).await.into_iter().map(|count| count.unwrap().0).collect()
}

each_engine! {
    async fn who_goes_away_half_way_leaves_no_open_transaction_to_the_next(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let mut finished = 0;
        for polls in 0..24 {
            let (one, other, next) = (format!("a{polls}"), format!("b{polls}"), format!("next{polls}"));
            let mut batch = ctx.batch();
            batch.push(PUT, params![one.as_str(), "me", 1]);
            batch.push(PUT, params![other.as_str(), "me", 1]);
            finished += usize::from(Impatient(polls, Box::pin(ctx.db.apply(batch))).await.is_some());
            let written: Vec<(String,)> =
                ctx.db.returning(PUT_NOW, params![next.as_str(), "me", 1]).await.unwrap();
            assert_eq!(written, [(next.clone(),)]);
            assert_eq!(seen(&ctx.db, &next, "").await, [1; 8], "{polls}: the next write is everybody's");
            let seen = seen(&ctx.db, &one, &other).await;
            assert!(seen.iter().all(|count| matches!(count, 0 | 2)), "{polls}: all or nothing, not {seen:?}");
        }
        assert!((1..24).contains(&finished), "some went away in the middle and some stayed: {finished}");
    }
}

#[test]
fn a_transaction_that_panics_takes_its_connection_along() {
    testkit::run(async {
        let Some(t) = testkit::Fixture::postgres().await else { return };
        let panicked: store::Result<()> = t
            .core
            .db
            .tx(|tx| {
                tx.exec(PUT, params!["a", "me", 1])?;
                panic!("a mistake in a transaction")
            })
            .await;
        assert!(panicked.is_err());
        t.core.db.returning::<(String,)>(PUT_NOW, params!["b", "me", 1]).await.unwrap();
        assert_eq!(seen(&t.core.db, "a", "b").await, [1; 8]);
    });
}
