//! Campaigns that are cancelled while something is in somebody's hands.

use std::time::Duration;

use campaigns::State;
use kernel::CampaignId;
use outbound::Sent;
use store::{BoxFuture, Feed, jobs};
use testkit::each_engine;

use crate::house::House;

impl House {
    async fn draft_for(&self, people: usize) -> CampaignId {
        self.people(people).await;
        campaigns::create(&self.ctx, &self.outbound, self.draft()).await.unwrap().id
    }

    fn cancelling(&self, id: CampaignId) -> BoxFuture<'static, ()> {
        let ctx = self.ctx.clone();
        Box::pin(async move {
            campaigns::cancel(&ctx, id).await.unwrap();
        })
    }

    /// A commit that holds the workspace's head for many round trips.
    fn writing_much(&self) -> BoxFuture<'static, ()> {
        let ctx = self.ctx.clone();
        Box::pin(async move {
            let mut batch = ctx.batch();
            for _ in 0..20_000 {
                batch.feed(Feed { kind: "test.written", entity: ctx.workspace.into(), data: serde_json::json!({}) });
            }
            ctx.db.apply(batch).await.unwrap();
        })
    }

    /// Nothing waits any more, and nothing leaves later.
    async fn is_over(&self, id: CampaignId) -> outbound::Counts {
        let sent = self.recorder.sent.lock().len();
        self.fixture.clock.advance(24 * 3600);
        self.work().await;
        assert_eq!(self.recorder.sent.lock().len(), sent, "a cancelled campaign sends nothing more");
        let report = campaigns::report(&self.ctx, &self.outbound, id).await.unwrap();
        assert_eq!((report.state, report.counts.queued), (State::Cancelled, 0), "{report:?}");
        for queue in ["send", "campaign.materialise", "campaign.finish"] {
            assert_eq!(jobs::pending(&self.ctx.core.db, queue).await.unwrap(), 0, "{queue}");
        }
        report.counts
    }
}

each_engine! {
    async fn cancelled_while_its_messages_are_being_inserted(t: testkit::Fixture) {
        let house = House::build(t).await;
        let id = house.draft_for(700).await;
        campaigns::send(&house.ctx, &house.outbound, id, 60).await.unwrap();
        *house.recorder.while_preparing.lock() = Some(house.cancelling(id));
        house.work().await;
        assert!(house.recorder.while_preparing.lock().is_none(), "it was cancelled in the middle");
        let counts = house.is_over(id).await;
        // The chunk that was in the gate's hands is there and ended; the rest was never inserted.
        assert_eq!((counts.cancelled, counts.sent), (500, 0), "{counts:?}");
    }

    async fn cancelled_while_a_message_comes_back_for_another_attempt(t: testkit::Fixture) {
        let house = House::build(t).await;
        let id = house.draft_for(20).await;
        *house.recorder.answer.lock() =
            Sent::Refused { permanent: false, class: "transient", suppress: false, status: "4.2.1".to_owned() };
        *house.recorder.while_sending.lock() = Some(house.cancelling(id));
        campaigns::send(&house.ctx, &house.outbound, id, 0).await.unwrap();
        house.work().await;
        assert!(house.recorder.while_sending.lock().is_none(), "it was cancelled in the middle");
        *house.recorder.answer.lock() = Sent::Accepted { status: "2.0.0".to_owned() };
        let counts = house.is_over(id).await;
        assert_eq!((counts.cancelled, counts.sent), (20, 0), "{counts:?}");
    }

    async fn a_channel_that_writes_much_does_not_stop_the_workers(t: testkit::Fixture) {
        let house = House::build(t).await;
        let id = house.draft_for(1_000).await;
        *house.recorder.while_sending.lock() = Some(house.writing_much());
        campaigns::send(&house.ctx, &house.outbound, id, 0).await.unwrap();
        let worked = tokio::time::timeout(Duration::from_mins(2), house.work()).await;
        assert!(worked.is_ok(), "results wait for a hand-over that waits for the worker");
        assert_eq!(house.recorder.sent.lock().len(), 1_000);
    }

    async fn what_left_before_the_cancelling_counts_as_sent(t: testkit::Fixture) {
        let house = House::build(t).await;
        let id = house.draft_for(700).await;
        *house.recorder.while_sending.lock() = Some(house.cancelling(id));
        campaigns::send(&house.ctx, &house.outbound, id, 0).await.unwrap();
        house.work().await;
        let left = house.recorder.sent.lock().len() as u64;
        let counts = house.is_over(id).await;
        assert!(left > 0 && counts.sent == left, "{left} left: {counts:?}");
        assert_eq!(counts.sent + counts.cancelled, 700, "{counts:?}");
    }
}
