use privacy::answer::answer;
use privacy::disclosures::{self, Disclosure, Notify, RecipientKind};
use privacy::erasure;
use privacy::gate::Gate;
use testkit::Fixture;

use crate::people::Person;

fn to(subject: Option<kernel::ContactId>, recipient: &str) -> Disclosure<'_> {
    Disclosure {
        subject,
        recipient,
        kind: RecipientKind::Partner,
        categories: &["contact"],
        purpose: "a joint fair",
        notify: Some(Notify::parse("privacy@partner.example").unwrap()),
        reference: None,
    }
}

testkit::each_engine! {
    async fn every_recipient_is_listed_once_and_outlives_the_person(t: Fixture) {
        let ctx = t.workspace().await;
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.org").await);
        for (subject, recipient) in
            [(Some(lina.id), "Partner GmbH"), (Some(lina.id), "partner gmbh"), (Some(omar.id), "Ministry"), (None, "Host Ltd")]
        {
            let mut batch = ctx.batch();
            disclosures::record(&mut batch, &ctx, to(subject, recipient)).await.unwrap();
            ctx.db.apply(batch).await.unwrap();
            t.clock.advance(60);
        }
        let told = answer(&ctx, lina.id).await.unwrap();
        let text = serde_json::to_string(&told).unwrap();
        assert!(text.contains("partner gmbh") && text.contains("Host Ltd") && !text.contains("Ministry"), "{text}");

        erasure::erase(&ctx, &Gate::new(), lina.id).await.unwrap();
        let found = disclosures::of_subject(&ctx, lina.id).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].times, found[0].first_at < found[0].last_at), (2, true));
        assert_eq!(found[0].notify, Some(Notify::parse("privacy@partner.example").unwrap()));
        assert_eq!(disclosures::general(&ctx).await.unwrap().len(), 1);

        let all = disclosures::list(&ctx, None, 2).await.unwrap();
        assert_eq!((all[0].recipient.as_str(), all[1].recipient.as_str()), ("Host Ltd", "Ministry"));
        assert_eq!(disclosures::list(&ctx, Some(all[1].id), 10).await.unwrap().len(), 1);
        let other = t.workspace().await;
        assert!(disclosures::list(&other, None, 10).await.unwrap().is_empty());
        assert!(disclosures::of_subject(&other, lina.id).await.unwrap().is_empty());

        ctx.vault.destroy_evidence_keys(ctx.workspace, &[lina.id]).await.unwrap();
        assert!(disclosures::of_subject(&ctx, lina.id).await.unwrap().is_empty());
    }

    async fn what_cannot_be_recorded_is_refused(t: Fixture) {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        assert!(disclosures::record(&mut batch, &ctx, to(None, "  ")).await.is_err());
        assert!(disclosures::record(&mut batch, &ctx, to(Some(ctx.id()), "Partner")).await.is_err());
        assert!(batch.is_empty());
        for text in ["http://partner.example/hook", "https://", "nobody", "https://a b"] {
            assert!(Notify::parse(text).is_err(), "{text}");
        }
    }
}
