//! What members agree to for the workspace, and that no older data bring back what was taken back.

use kernel::{ContactId, EventId};
use privacy::agreements;
use privacy::erasure::{self, Replayed};
use privacy::gate::Gate;
use privacy::vocabulary::{ConsentState, Purpose};
use serde_json::json;
use store::{Ctx, params};
use testkit::Fixture;

store::sql! {
    NOBODY = "UPDATE test_person SET sealed = sealed WHERE workspace = $1 AND subject = $2";
}

const MEMBER: ContactId = ContactId([7; 16]);

fn purpose(code: &str) -> Purpose {
    Purpose::new(code).unwrap()
}

async fn agree(ctx: &Ctx, code: &str) -> EventId {
    let mut batch = ctx.batch();
    let detail = json!({ "amount_micros": 50 });
    let about = (MEMBER, &purpose(code));
    let event = agreements::state(&mut batch, ctx, about, ConsentState::Given, &detail).await.unwrap();
    ctx.db.apply(batch).await.unwrap();
    event
}

async fn stands(ctx: &Ctx, code: &str, event: EventId) -> bool {
    agreements::standing(ctx, (MEMBER, &purpose(code)), event).await.unwrap().is_some()
}

/// Takes it back, and the commit does not happen: the data are as they were before, and the safety log knows better. So
/// are the data of a backup.
async fn lose_withdrawal(ctx: &Ctx, code: &str) {
    let mut batch = ctx.batch();
    batch.guard(NOBODY, params![ctx.workspace, ctx.id::<ContactId>()]);
    agreements::withdraw(ctx, batch, &[(MEMBER, purpose(code))], &json!({})).await.unwrap_err();
}

testkit::each_engine! {
    async fn what_was_taken_back_does_not_stand(t: Fixture) {
        let ctx = t.workspace().await;
        let (kept, ended) = (agree(&ctx, "test.kept").await, agree(&ctx, "test.ended").await);
        agreements::withdraw(&ctx, ctx.batch(), &[(MEMBER, purpose("test.ended"))], &json!({})).await.unwrap();
        assert!(stands(&ctx, "test.kept", kept).await && !stands(&ctx, "test.ended", ended).await);
        assert_eq!(erasure::resume(&t.core, &Gate::new()).await.unwrap(), Replayed::default(), "nothing is left half done");
    }

    async fn older_data_do_not_bring_an_agreement_back(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (kept, ended) = (agree(&ctx, "test.kept").await, agree(&ctx, "test.ended").await);
        t.clock.advance(60);
        lose_withdrawal(&ctx, "test.ended").await;
        assert!(stands(&ctx, "test.ended", ended).await, "as in the backup");
        assert_eq!(erasure::replay(&ctx, &gate).await.unwrap().restored, 1);
        assert!(stands(&ctx, "test.kept", kept).await && !stands(&ctx, "test.ended", ended).await);
        assert_eq!(erasure::replay(&ctx, &gate).await.unwrap().restored, 0, "once");
    }

    async fn statements_about_one_thing_leave_others_alone(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let state = async |of: Option<&str>, state: ConsentState| {
            let mut batch = ctx.batch();
            let (detail, about) = (json!({ agreements::OF: of }), (MEMBER, &purpose("test.cards")));
            let event = agreements::state(&mut batch, &ctx, about, state, &detail).await.unwrap();
            ctx.db.apply(batch).await.unwrap();
            event
        };
        let (one, two) = (state(Some("one"), ConsentState::Given).await, state(Some("two"), ConsentState::Given).await);
        assert!(stands(&ctx, "test.cards", one).await && stands(&ctx, "test.cards", two).await);
        state(Some("two"), ConsentState::Expired).await;
        assert!(stands(&ctx, "test.cards", one).await && !stands(&ctx, "test.cards", two).await);
        let again = state(Some("one"), ConsentState::Given).await;
        assert!(!stands(&ctx, "test.cards", one).await, "replaced");
        // What was taken back was all of it; what came afterwards stays, whichever thing it is about.
        t.clock.advance(60);
        lose_withdrawal(&ctx, "test.cards").await;
        t.clock.advance(60);
        let later = state(Some("two"), ConsentState::Given).await;
        assert_eq!(erasure::replay(&ctx, &gate).await.unwrap().restored, 1);
        assert!(!stands(&ctx, "test.cards", again).await && stands(&ctx, "test.cards", later).await);
        state(None, ConsentState::Withdrawn).await;
        assert!(!stands(&ctx, "test.cards", later).await, "one that names nothing is about everything");
    }

    async fn what_was_agreed_to_afterwards_outlives_a_restore(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        agree(&ctx, "test.ended").await;
        t.clock.advance(60);
        agreements::withdraw(&ctx, ctx.batch(), &[(MEMBER, purpose("test.ended"))], &json!({})).await.unwrap();
        t.clock.advance(60);
        let again = agree(&ctx, "test.ended").await;
        assert_eq!(erasure::replay(&ctx, &gate).await.unwrap().restored, 0);
        assert!(stands(&ctx, "test.ended", again).await);
    }

    async fn a_process_that_died_while_it_was_taken_back_finishes_at_its_start(t: Fixture) {
        let ctx = t.workspace().await;
        let ended = agree(&ctx, "test.ended").await;
        t.clock.advance(60);
        lose_withdrawal(&ctx, "test.ended").await;
        assert_eq!(erasure::resume(&t.core, &Gate::new()).await.unwrap().restored, 1);
        assert!(!stands(&ctx, "test.ended", ended).await);
    }
}
