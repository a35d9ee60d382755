//! Paying for the balance, as the application and keys see it.

use std::sync::Arc;

use accounts::members::Role;
use billing::recharge::{self, link};
use http_server::testing::TestClient;
use kernel::PaymentId;
use outbound::recharge_notices::RechargeNotices;
use serde_json::json;
use store::jobs::{self, Handler};
use store::{NewJob, params};
use testkit::Fixture;

use super::world::World;

store::sql! {
    PUT_WAITING = "INSERT INTO recharge (workspace, id, kind, state, amount, currency, made_by, page, attempts, act_by, created_at)
        VALUES ($1, $2, 'auto', 'needs_action', 50000000, 'SAR', 'system', $3, 0, $4, $4)";
    MAILS = "SELECT CAST(count(*) AS BIGINT) FROM delivery WHERE workspace = $1 AND contact = $2";
}

testkit::each_engine! {
    async fn keys_cannot_agree_but_take_back(t: Fixture) {
        let world = World::new(t).await;
        let words = json!({ "version": "2026-11", "language": "ar" });
        let terms = json!({ "floor_micros": 1, "amount_micros": 1_000_000, "monthly_cap_micros": 1_000_000, "words": words });
        let (save, agree) = ("/v1/balance/payment-method", "/v1/balance/auto-recharge");
        assert_eq!(world.owner.post(save, &json!({ "words": words })).await.status, 403);
        assert_eq!(world.owner.put(agree, &terms).await.status, 403);
        let browser: TestClient = world.browser().await;
        // Nobody named a provider on this server.
        assert_eq!(browser.post(save, &json!({ "words": words })).await.status, 409);
        assert_eq!(browser.put(agree, &terms).await.status, 409);
        assert_eq!(world.owner.post("/v1/balance/payments", &json!({ "amount_micros": 1_000_000 })).await.status, 409);
        assert_eq!(world.owner.post("/v1/balance/payments", &json!({ "amount_micros": 1 })).await.status, 422);
        let shown = world.owner.get(&format!("{save}?language=ar")).await.json();
        assert_eq!((&shown["method"], &shown["provider"]["available"], &shown["words"]["language"]), (&json!(null), &json!(false), &json!("ar")));
        let auto = world.owner.get(&format!("{agree}?language=en")).await.json();
        assert_eq!((&auto["enabled"], &auto["stopped"], &auto["has_method"]), (&json!(false), &json!(null), &json!(false)));
        assert!(auto["words"]["text"].as_str().unwrap().contains("{cap}"));
        assert_eq!(world.owner.delete(agree).await.status, 200);
        assert_eq!(world.owner.delete(save).await.status, 200);
        let analyst = world.role(Role::Analyst).await;
        assert_eq!(analyst.get("/v1/balance/payments").await.json()["items"], json!([]));
        assert_eq!(analyst.delete(save).await.status, 403);
        assert_eq!(world.role(Role::Agent).await.get(save).await.status, 403);
    }

    async fn what_waits_for_a_person_is_mailed_once_and_its_link_leads_to_the_bank(t: Fixture) {
        let world = World::new(t).await;
        let sender = json!({ "settings": { "default_sender": { "email": "news@example.org" } } });
        assert!(world.owner.patch("/v1/workspace", &sender).await.status.is_success());
        let ctx = world.ctx();
        let id: PaymentId = ctx.id();
        let keys = ctx.keys().await.unwrap();
        let page = keys.seal("recharge.page", b"https://bank.example/confirm");
        let mut batch = ctx.batch();
        batch.push(PUT_WAITING, params![ctx.workspace, id, page, ctx.now()]);
        let job = || NewJob::now(recharge::NOTICE_QUEUE, json!({ "notice": "needs_action", "payment": id }));
        batch.job(job());
        batch.job(job());
        ctx.db.apply(batch).await.unwrap();
        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(RechargeNotices::new(world.app.outbound.clone()))];
        jobs::drain(&world.t.core, &handlers).await.unwrap();
        let (mails,): (i64,) = ctx.db.one(MAILS, params![ctx.workspace, kernel::ContactId(world.user.0)]).await.unwrap();
        assert_eq!(mails, 1, "the owner is written to, once");
        let address = link(&keys, "", ctx.workspace, id);
        let english = world.anonymous().get(&format!("{address}?lang=en")).await;
        assert_eq!(english.status, 200);
        assert!(english.text().contains("https://bank.example/confirm") && english.text().contains("50.00 SAR"), "{}", english.text());
        assert!(world.anonymous().get(&format!("{address}?lang=ar")).await.text().contains("dir=\"rtl\""));
        assert_eq!(world.anonymous().get(&format!("{address}x")).await.status, 404);
        let listed = world.owner.get("/v1/balance/payments").await.json();
        assert_eq!((&listed["items"][0]["state"], &listed["items"][0]["url"]), (&json!("needs_action"), &json!("https://bank.example/confirm")));
    }
}
