//! Search with what is at hand finds what search by reading finds.

use conversations::Author;
use conversations::archive::{self, Found};
use conversations::conversations as rows;
use conversations::index::Index;
use kernel::ConversationId;
use testkit::Fixture;

use crate::house::House;

async fn asks(house: &House, index: &Index, words: &str) -> Vec<(ConversationId, Vec<i64>)> {
    let found: Found = archive::search((&house.ctx, index), words, None, 50).await.unwrap();
    assert!(found.next.is_none());
    found.items.into_iter().map(|(row, hits)| (row.id, hits.iter().map(|hit| hit.seq).collect())).collect()
}

testkit::each_engine! {
    async fn the_index_changes_nothing_but_the_time(t: Fixture) {
        let house = House::build(t).await;
        for text in ["where is my order", "متى الشّحن إلى مكة؟", "an orderly queue", "thanks", "أين طلبي"] {
            house.visitor(text).await;
            house.fixture.clock.advance(1);
        }
        let (index, nothing) = (Index::new(1_000_000), Index::default());
        index.step(&house.ctx).await.unwrap();
        assert_eq!(index.size().0, 5);
        for words in ["order", "ord", "الشحن", "مكه الي", "طلبي", "thanks order", "o", "nowhere"] {
            assert_eq!(asks(&house, &index, words).await, asks(&house, &nothing, words).await, "{words}");
        }
        assert_eq!(asks(&house, &index, "order").await.len(), 2);
        // What certainly has no such words is not opened.
        let question = index.question(&["nowhere".to_owned()]);
        let (all, _) = rows::list(&house.ctx, &rows::Wanted::of(rows::View::All)).await.unwrap();
        assert!(all.iter().all(|row| index.lacks(house.ctx.workspace, row, &question)));
    }

    async fn the_index_follows_what_is_said_and_erased(t: Fixture) {
        let house = House::build(t).await;
        let index = Index::new(1_000_000);
        let (visitor, row) = house.visitor("hello").await;
        index.step(&house.ctx).await.unwrap();
        house.says(visitor, "m", "the parcel is wet").await;
        // Not followed yet: it is opened rather than passed over.
        assert_eq!(asks(&house, &index, "parcel").await.len(), 1);
        index.step(&house.ctx).await.unwrap();
        assert_eq!(asks(&house, &index, "parcel").await.len(), 1);
        let note = conversations::events::NewEvent::note(Author::agent(house.users[0]), "whispered".into());
        rows::send(&house.ctx, &house.hub, row.id, rows::Said { event: note, resume: false }).await.unwrap();
        index.step(&house.ctx).await.unwrap();
        assert_eq!(asks(&house, &index, "whispered").await.len(), 1);
        let (_, other) = house.visitor("stays").await;
        index.step(&house.ctx).await.unwrap();
        rows::erase(&house.ctx, &house.hub, row.id).await.unwrap();
        index.step(&house.ctx).await.unwrap();
        assert_eq!(index.size().0, 1);
        // Somebody who is erased as a person goes from memory, too.
        let subject = kernel::ContactId(other.visitor.unwrap().0);
        privacy::erasure::erase(&house.ctx, house.outbound.gate(), subject).await.unwrap();
        index.step(&house.ctx).await.unwrap();
        assert_eq!(index.size(), (0, 0));
    }

    async fn what_does_not_fit_is_read(t: Fixture) {
        let house = House::build(t).await;
        for n in 0..6 {
            house.visitor(&format!("a rather long sentence about the matter of number {n}")).await;
            house.fixture.clock.advance(1);
        }
        let index = Index::new(900);
        index.step(&house.ctx).await.unwrap();
        let (known, taken) = index.size();
        assert!((1..6).contains(&known) && taken <= 900, "{known} {taken}");
        assert_eq!(asks(&house, &index, "matter").await.len(), 6);
    }
}
