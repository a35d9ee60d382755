use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Code, ContactId};
use people::audience::{Query, Selection, State, Status, table};
use people::bulk::{self, Action, Bulk, Terms, Who};
use people::segments::conditions::{TopicState, Where};
use people::segments::index::{Sort, Standing};
use people::segments::live::Live;
use people::segments::saved;
use people::{contacts, subscribe, tags};
use privacy::gate::Gate;
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::{origin, person, topic};

async fn somebody(ctx: &Ctx, email: &str, first: &str) -> ContactId {
    contacts::create(ctx, person(email, first), &origin()).await.unwrap()
}

async fn join(ctx: &Ctx, email: &str, first: &str, topic: kernel::TopicId) {
    let joining = subscribe::Subscribe {
        draft: person(email, first),
        topic,
        origin: origin(),
        proof: subscribe::Proof::default(),
    };
    subscribe::subscribe(ctx, joining).await.unwrap();
}

/// Every id of a walk, forwards and then backwards from the last page.
async fn walk(ctx: &Ctx, live: &Live, mut query: Query) -> (Vec<ContactId>, Vec<ContactId>) {
    let (mut there, mut back) = (Vec::new(), Vec::new());
    let mut last = loop {
        let page = table(ctx, live, query.clone()).await.unwrap();
        there.extend(page.rows.iter().map(|row| row.contact.loaded.id));
        match page.next.clone() {
            Some(next) => query.cursor = Some(next),
            None => break page,
        }
        // Somebody comes while we walk.
        let email = format!("late{}of{:?}@example.net", there.len(), query.sort).to_lowercase();
        let email = email.replace(['(', ')'], "");
        somebody(ctx, &email, "Late").await;
    };
    loop {
        back.splice(0..0, last.rows.iter().map(|row| row.contact.loaded.id));
        match last.prev {
            Some(prev) => query.cursor = Some(prev),
            None => return (there, back),
        }
        last = table(ctx, live, query.clone()).await.unwrap();
    }
}

async fn work(t: &Fixture, live: &Live) {
    let handler: Arc<dyn store::jobs::Handler> = Arc::new(Bulk::new(Gate::new(), live.clone()));
    store::jobs::drain(&t.core, &[handler]).await.unwrap();
}

testkit::each_engine! {
    async fn the_table_is_walked_in_every_order_and_nobody_is_missed(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let mut ids = BTreeSet::new();
        for (number, name) in ["Zoë", "أحمد", "", "Anna", "anna", "Ömer", ""].iter().enumerate() {
            ids.insert(somebody(&ctx, &format!("p{number}@example.com"), name).await);
        }
        for sort in Sort::ALL {
            let query = Query { sort: Some(sort), limit: Some(2), ..Query::default() };
            let (there, back) = walk(&ctx, &live, query).await;
            for id in &ids {
                assert_eq!(there.iter().filter(|met| *met == id).count(), 1, "{}", sort.as_str());
                assert_eq!(back.iter().filter(|met| *met == id).count(), 1, "back by {}", sort.as_str());
            }
        }
    }

    async fn filters_hold_together_and_statuses_say_how_people_stand(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let (news, doi) = (topic(&ctx, "News", false).await, topic(&ctx, "Offers", true).await);
        for (email, name) in [("a@example.com", "Anna"), ("b@example.com", "Basem"), ("c@example.com", "Chloé"), ("d@example.com", "Dina")] {
            somebody(&ctx, email, name).await;
        }
        join(&ctx, "a@example.com", "Anna", news).await;
        join(&ctx, "b@example.com", "Basem", doi).await;
        join(&ctx, "c@example.com", "Chloé", news).await;
        let chloe = contacts::find(&ctx, "c@example.com").await.unwrap().unwrap();
        subscribe::unsubscribe(&ctx, &Gate::new(), chloe, subscribe::Leave::Topic(news), json!({})).await.unwrap();
        let anna = contacts::find(&ctx, "a@example.com").await.unwrap().unwrap();
        tags::set(&ctx, tags::ensure(&ctx, &["VIP".into()]).await.unwrap()[0], &[anna], true).await.unwrap();
        let all = table(&ctx, &live, Query { sort: Some(Sort::Name), ..Query::default() }).await.unwrap();
        let statuses: Vec<_> = all.rows.iter().map(|row| row.status).collect();
        assert_eq!(statuses, [Status::Subscribed, Status::Pending, Status::Unsubscribed, Status::None]);
        assert!(all.rows[0].active_at.is_some() && all.rows[3].active_at.is_none(), "joining is doing something");
        for (selection, total) in [
            (Selection { standing: Some(Standing::Pending), ..Selection::default() }, 1),
            (Selection { tag: Some("vip".into()), topic: Some(("news".into(), State(TopicState::Subscribed))), ..Selection::default() }, 1),
            (Selection { tag: Some("vip".into()), standing: Some(Standing::None), ..Selection::default() }, 0),
            (Selection { words: Some("chloe".into()), ..Selection::default() }, 1),
            (Selection { words: Some("  ".into()), ..Selection::default() }, 4),
        ] {
            let page = table(&ctx, &live, Query { selection, ..Query::default() }).await.unwrap();
            assert_eq!((page.total, page.rows.len() as u64), (total, total));
        }
        let unknown = Query { selection: Selection { tag: Some("nothing".into()), ..Selection::default() }, ..Query::default() };
        assert_eq!(table(&ctx, &live, unknown).await.unwrap_err().problem().fields[0].field, "where.tag");
    }

    async fn a_cursor_of_another_search_or_workspace_is_refused(t: Fixture) {
        let (ctx, other) = (t.workspace().await, t.workspace().await);
        let live = Live::new();
        for number in 0..3 {
            somebody(&ctx, &format!("p{number}@example.com"), "P").await;
        }
        let query = Query { limit: Some(1), ..Query::default() };
        let next = table(&ctx, &live, query.clone()).await.unwrap().next;
        assert!(next.as_ref().is_some_and(|next| !next.contains("example")));
        let used = Query { cursor: next, ..query };
        table(&ctx, &live, used.clone()).await.unwrap();
        for (ctx, wrong) in [
            (&ctx, Query { sort: Some(Sort::Email), ..used.clone() }),
            (&ctx, Query { descending: Some(false), ..used.clone() }),
            (&ctx, Query { selection: Selection { words: Some("p".into()), ..Selection::default() }, ..used.clone() }),
            (&ctx, Query { cursor: Some("x".into()), ..used.clone() }),
            (&other, used.clone()),
        ] {
            assert_eq!(table(ctx, &live, wrong).await.unwrap_err().problem().fields[0].field, "cursor");
        }
    }

    async fn many_are_tagged_exported_and_erased(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let mut ids = Vec::new();
        for number in 0..7 {
            ids.push(somebody(&ctx, &format!("p{number}@example.com"), "=P").await);
        }
        let terms = Terms { tags: vec!["VIP".into()], ..Terms::default() };
        let stranger = somebody(&t.workspace().await, "other@example.com", "Other").await;
        let named = ids[..3].iter().chain([&ids[0], &stranger]).copied().collect();
        let job = bulk::start(&ctx, &live, Who::Named(named), (Action::Tag, terms)).await.unwrap();
        assert_eq!((job.total, job.done), (4, 0));
        work(&t, &live).await;
        let job = bulk::get(&ctx, job.id).await.unwrap();
        assert_eq!((job.state, job.done, job.changed, job.skipped), (bulk::State::Finished, 4, 3, 1));
        let vip = Where::from_json(&json!({"tag": "vip"})).unwrap();
        assert_eq!(live.count(&ctx, &vip).await.unwrap().count, 3);

        let selected = || Who::Selected(Box::new(Selection::of(vip.clone())));
        let export = bulk::start(&ctx, &live, selected(), (Action::Export, Terms::default())).await.unwrap();
        assert_eq!(bulk::file(&ctx, export.id, |_| Ok(())).await.unwrap_err().problem().code, Code::NotFound);
        work(&t, &live).await;
        let mut file = Vec::new();
        bulk::file(&ctx, export.id, |part| { file.extend_from_slice(part); Ok(()) }).await.unwrap();
        let text = String::from_utf8(file).unwrap();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("p2@example.com,,'=P"), "formulas are neutralised: {text}");

        contacts::erase(&ctx, &Gate::new(), ids[6]).await.unwrap();
        let gone = bulk::file(&ctx, export.id, |_| Ok(())).await.unwrap_err().problem();
        assert_eq!(gone.code, Code::Gone, "an export may hold whoever was erased");

        let wrong = Terms { confirm_count: Some(2), ..Terms::default() };
        let refused = bulk::start(&ctx, &live, selected(), (Action::Erase, wrong)).await.unwrap_err().problem();
        assert_eq!((refused.code, refused.detail.starts_with("3 people")), (Code::Conflict, true));
        let right = Terms { confirm_count: Some(3), ..Terms::default() };
        let erase = bulk::start(&ctx, &live, selected(), (Action::Erase, right)).await.unwrap();
        // Who is tagged after the start is not meant.
        tags::set(&ctx, tags::ensure(&ctx, &["vip".into()]).await.unwrap()[0], &[ids[5]], true).await.unwrap();
        work(&t, &live).await;
        let erase = bulk::get(&ctx, erase.id).await.unwrap();
        assert_eq!((erase.state, erase.changed), (bulk::State::Finished, 3));
        assert_eq!(contacts::count(&ctx).await.unwrap(), 3);
        assert_eq!(live.count(&ctx, &vip).await.unwrap().count, 1);
        assert_eq!(bulk::cancel(&ctx, erase.id).await.unwrap_err().problem().code, Code::Conflict);
        assert_eq!(bulk::list(&ctx, 10).await.unwrap().len(), 3);
    }

    async fn what_is_cancelled_goes_no_further(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let id = somebody(&ctx, "a@example.com", "A").await;
        let terms = Terms { tags: vec!["VIP".into()], ..Terms::default() };
        let job = bulk::start(&ctx, &live, Who::Named(vec![id]), (Action::Tag, terms)).await.unwrap();
        assert_eq!(bulk::cancel(&ctx, job.id).await.unwrap().state, bulk::State::Cancelled);
        work(&t, &live).await;
        assert!(contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap().tags.is_empty());
        assert_eq!(bulk::get(&ctx, job.id).await.unwrap().done, 0);
        for (action, terms, field) in [
            (Action::Tag, Terms::default(), "tags"),
            (Action::Archive, Terms { tags: vec!["x".into()], ..Terms::default() }, "tags"),
            (Action::Erase, Terms::default(), "confirm_count"),
        ] {
            let refused = bulk::start(&ctx, &live, Who::Named(vec![id]), (action, terms)).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].field, field);
        }
    }

    async fn two_tags_become_one(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let (a, b) = (somebody(&ctx, "a@example.com", "A").await, somebody(&ctx, "b@example.com", "B").await);
        let made = tags::ensure(&ctx, &["VIP".into(), "Very important".into()]).await.unwrap();
        tags::set(&ctx, made[0], &[a], true).await.unwrap();
        tags::set(&ctx, made[1], &[a, b], true).await.unwrap();
        let wanted = Where::from_json(&json!({"not": {"tag": "very important"}})).unwrap();
        let segment = saved::create(&ctx, "Others", &wanted).await.unwrap();
        let vip = Where::from_json(&json!({"tag": "vip"})).unwrap();
        assert_eq!(live.count(&ctx, &vip).await.unwrap().count, 1);
        assert_eq!(tags::merge(&ctx, made[0], made[1]).await.unwrap(), 1);
        assert_eq!(live.count(&ctx, &vip).await.unwrap().count, 2, "the index followed");
        assert_eq!(Live::new().count(&ctx, &vip).await.unwrap().count, 2);
        let follows = saved::get(&ctx, segment).await.unwrap().condition;
        assert_eq!(follows.to_json(), json!({"not": {"tag": "VIP"}}));
        assert_eq!(tags::merge(&ctx, made[0], made[0]).await.unwrap_err().problem().fields[0].field, "duplicate");
        assert_eq!(tags::merge(&ctx, made[0], made[1]).await.unwrap_err().problem().code, Code::NotFound);
    }
}
