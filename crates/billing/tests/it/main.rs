//! Billing on both databases.
#![expect(clippy::unwrap_used, reason = "a test's fixture panics when it cannot be made")]

mod payment;
mod recharge;

use std::sync::Arc;

use billing::balance::{self, Terms, UNLIMITED};
use billing::prices::{self, Price, Wanted};
use billing::{Error, Micros};
use kernel::{DeliveryId, RawId, Timestamp};
use store::Ctx;
use testkit::Fixture;

fn prepaid(low_at: i64) -> Terms {
    Terms { currency: "SAR".into(), credit: Some(Micros(0)), low_at: Micros(low_at) }
}

async fn reserve(ctx: &Ctx, amount: i64) -> Option<RawId> {
    let reference: RawId = ctx.id::<DeliveryId>().into();
    let call = ctx.clone();
    let taken = ctx.db.tx(move |tx| balance::reserve(tx, &call, reference, Micros(amount))).await.unwrap();
    taken.then_some(reference)
}

async fn settle(ctx: &Ctx, reference: RawId, amount: i64) {
    let mut batch = ctx.batch();
    balance::settle(&mut batch, ctx, reference, Micros(amount));
    ctx.db.apply(batch).await.unwrap();
}

async fn events(ctx: &Ctx, kind: &str) -> usize {
    store::feed::read_after(&ctx.db, ctx.workspace, 0, 1000)
        .await
        .unwrap()
        .iter()
        .filter(|event| event.kind == kind)
        .count()
}

testkit::each_engine! {
    async fn a_balance_for_one_hundred_covers_one_hundred_of_two_hundred(t: Fixture) {
        let ctx = t.workspace().await;
        balance::configure(&ctx, prepaid(0)).await.unwrap();
        balance::top_up(&ctx, Micros(100 * 40_000)).await.unwrap();
        let tries: Vec<_> = (0..200).map(|_| {
            let ctx = ctx.clone();
            tokio::spawn(async move { reserve(&ctx, 40_000).await })
        }).collect();
        let mut taken = Vec::new();
        for one in tries {
            taken.extend(one.await.unwrap());
        }
        assert_eq!(taken.len(), 100);
        let full = balance::get(&ctx).await.unwrap();
        assert_eq!((full.available, full.reserved, full.spent), (Micros(0), Micros(4_000_000), Micros(0)));
        for (n, reference) in taken.iter().enumerate() {
            // Half of them travelled; each is settled twice, as after a crash.
            let amount = if n % 2 == 0 { 40_000 } else { 0 };
            settle(&ctx, *reference, amount).await;
            settle(&ctx, *reference, 40_000).await;
        }
        let after = balance::get(&ctx).await.unwrap();
        assert_eq!((after.available, after.reserved, after.spent), (Micros(2_000_000), Micros(0), Micros(2_000_000)));
        let charged: i64 = balance::entries(&ctx, None, 500).await.unwrap().iter().map(|entry| entry.amount.0).sum();
        assert_eq!(charged, after.available.0);
    }

    async fn more_than_was_reserved_is_never_charged(t: Fixture) {
        let ctx = t.workspace().await;
        balance::configure(&ctx, prepaid(0)).await.unwrap();
        balance::top_up(&ctx, Micros(10)).await.unwrap();
        let reference = reserve(&ctx, 10).await.unwrap();
        settle(&ctx, reference, 50).await;
        let after = balance::get(&ctx).await.unwrap();
        assert_eq!((after.available, after.spent), (Micros(0), Micros(10)));
        assert!(reserve(&ctx, 1).await.is_none());
        assert!(reserve(&ctx, 0).await.is_some(), "what is free needs no money");
    }

    async fn a_low_balance_is_told_once_until_it_was_topped_up(t: Fixture) {
        let ctx = t.workspace().await;
        balance::configure(&ctx, prepaid(50)).await.unwrap();
        balance::top_up(&ctx, Micros(100)).await.unwrap();
        reserve(&ctx, 50).await.unwrap();
        assert_eq!(events(&ctx, "balance.low").await, 0);
        reserve(&ctx, 1).await.unwrap();
        reserve(&ctx, 1).await.unwrap();
        assert_eq!(events(&ctx, "balance.low").await, 1);
        balance::top_up(&ctx, Micros(2)).await.unwrap();
        reserve(&ctx, 1).await.unwrap();
        assert_eq!(events(&ctx, "balance.low").await, 2);
    }

    async fn a_balance_that_nobody_configured_counts_and_never_refuses(t: Fixture) {
        let ctx = t.workspace().await;
        let fresh = balance::get(&ctx).await.unwrap();
        assert_eq!((fresh.credit, fresh.is_limited()), (UNLIMITED, false));
        let reference = reserve(&ctx, 70_000).await.unwrap();
        settle(&ctx, reference, 70_000).await;
        let after = balance::get(&ctx).await.unwrap();
        assert_eq!((after.available, after.spent), (Micros(-70_000), Micros(70_000)));
        // It cannot become prepaid while something is owed, nor change its currency.
        let owed = balance::configure(&ctx, Terms { currency: "EUR".into(), ..prepaid(0) }).await;
        assert_eq!(owed.unwrap_err().problem().code, kernel::Code::Conflict);
        balance::top_up(&ctx, Micros(70_000)).await.unwrap();
        assert!(balance::configure(&ctx, prepaid(0)).await.is_err());
        balance::configure(&ctx, Terms { currency: "EUR".into(), ..prepaid(0) }).await.unwrap();
        assert!(reserve(&ctx, 1).await.is_none());
    }

    async fn balances_of_workspaces_are_apart(t: Fixture) {
        let (one, other) = (t.workspace().await, t.workspace().await);
        balance::configure(&one, prepaid(0)).await.unwrap();
        balance::configure(&other, prepaid(0)).await.unwrap();
        balance::top_up(&one, Micros(10)).await.unwrap();
        assert!(reserve(&other, 1).await.is_none());
        assert!(balance::entries(&other, None, 10).await.unwrap().is_empty());
        let reference = reserve(&one, 10).await.unwrap();
        settle(&other, reference, 10).await;
        assert_eq!(balance::get(&one).await.unwrap().reserved, Micros(10));
    }

    async fn prices_are_found_listed_and_replaced(t: Fixture) {
        let ctx = t.workspace().await;
        let line = |country: &str, since: i64, amount: i64| Price {
            service: "sms".into(), country: country.into(), network: String::new(), sender: String::new(),
            since: Timestamp(since), amount: Micros(amount),
        };
        prices::put(&ctx, &[line("", 0, 9), line("SA", 0, 5), line("SA", ctx.now().0 + 1, 6)]).await.unwrap();
        let ask = |country: &'static str| {
            let ctx = Arc::new(ctx.clone());
            async move {
                prices::of(&ctx, Wanted { service: "sms", country, network: "", sender: "name" }).await.unwrap()
            }
        };
        assert_eq!((ask("SA").await, ask("DE").await), (Some(Micros(5)), Some(Micros(9))));
        t.clock.advance(1);
        assert_eq!(ask("SA").await, Some(Micros(6)));
        prices::put(&ctx, &[line("", 0, 8)]).await.unwrap();
        assert_eq!(ask("DE").await, Some(Micros(8)));
        let first = prices::list(&ctx, None, 2).await.unwrap();
        assert_eq!(first, [line("", 0, 8), line("SA", 0, 5)]);
        let rest = prices::list(&ctx, first.last(), 2).await.unwrap();
        assert_eq!(rest.len(), 1);
        prices::remove(&ctx, &line("", 0, 8)).await.unwrap();
        assert_eq!(ask("DE").await, None);
        let wrong = prices::put(&ctx, &[Price { network: "42".into(), ..line("SA", 0, 1) }]).await;
        assert!(matches!(wrong, Err(Error::Field { field: "network", .. })));
    }
}

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}
