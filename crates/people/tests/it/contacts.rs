use kernel::{Code, PageRequest};
use people::contacts::{self, Change, Draft, Standard};
use people::events::{self, EventRow};
use people::fields::{self, FieldKind};
use people::segments::conditions::{EventClass, EventKind};
use people::tags;
use privacy::gate::Gate;
use serde_json::json;
use testkit::Fixture;

use crate::{origin, person, topic};

testkit::each_engine! {
    async fn what_records_are_read_for_is_counted_by_day(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let id = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let other = contacts::create(&ctx, person("omar@example.com", "Omar"), &origin()).await.unwrap();
        let today = ctx.now().day();
        contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap();
        contacts::get_many(&ctx, people::ReadFor::Advertising, &[id, other]).await.unwrap();
        people::write_reads_down(&t.core).await;
        contacts::get(&ctx, people::ReadFor::Work, other).await.unwrap();
        people::write_reads_down(&t.core).await;
        people::write_reads_down(&t.core).await;
        let reads = people::reads_since(&ctx, today).await.unwrap();
        let told: Vec<(i32, &str, u64)> = reads.iter().map(|read| (read.day, read.read_for.as_str(), read.people)).collect();
        assert_eq!(told, [(today, "advertising", 2), (today, "work", 2)]);
        assert!(people::reads_since(&ctx, today + 1).await.unwrap().is_empty());
        let stranger = t.workspace().await;
        assert!(people::reads_since(&stranger, today).await.unwrap().is_empty());
        let mut seeds = ctx.batch();
        privacy::purposes::seed(&mut seeds, &ctx);
        ctx.db.apply(seeds).await.unwrap();
        let catalogue = privacy::purposes::list(&ctx).await.unwrap();
        for occasion in people::ReadFor::ALL {
            let known = catalogue.iter().any(|entry| entry.code == occasion.purpose());
            let ruled = privacy::rules::RulePack::current().knows(&occasion.purpose().parse().unwrap());
            assert!(known || ruled, "{occasion:?}");
        }
    }

    async fn a_contact_is_found_by_every_identifier(t: Fixture) {
        let ctx = t.workspace().await;
        let mut draft = person("Lina.Haddad@Example.com", "Lina");
        draft.phones.push(kernel::Phone::parse("+491701234567", None).unwrap());
        draft.tags = vec!["VIP".into()];
        let id = contacts::create(&ctx, draft, &origin()).await.unwrap();
        for text in ["lina.haddad@example.com", "LINA.HADDAD@EXAMPLE.COM", "+49 170 1234567", &id.to_string()] {
            assert_eq!(contacts::find(&ctx, text).await.unwrap(), Some(id), "{text}");
        }
        // MD5 of lina.haddad@example.com
        let md5 = "907890f89e202ba2bc465da68206dbee";
        assert_eq!(contacts::by_legacy(&ctx, md5).await.unwrap(), Some(id));
        let twice = contacts::create(&ctx, person("lina.haddad@EXAMPLE.com", "L"), &origin()).await.unwrap_err();
        assert_eq!(twice.problem().code, Code::AlreadyExists);
        let contact = contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap();
        assert_eq!(contact.to_json()["tags"], json!(["VIP"]));
        assert_eq!(contact.to_json()["first_name"], "Lina");
        let facts = privacy::facts::read(&ctx, id).await.unwrap().unwrap();
        assert_eq!(facts.country.as_deref(), Some("DE"));
        let other = t.workspace().await;
        assert_eq!(contacts::find(&other, "lina.haddad@example.com").await.unwrap(), None);
    }

    async fn changes_keep_sources_and_versions(t: Fixture) {
        let ctx = t.workspace().await;
        fields::define(&ctx, "Shoe size", FieldKind::Number, "marketing").await.unwrap();
        let id = contacts::create(&ctx, person("a@example.com", "A"), &origin()).await.unwrap();
        let draft = Draft {
            values: [(Standard::Country, "Deutschland".to_owned())].into(),
            attributes: [("shoe_size".to_owned(), json!("38"))].into(),
            ..Draft::default()
        };
        let change = Change { draft: draft.clone(), version: Some(1), ..Change::default() };
        contacts::update(&ctx, id, change.clone(), &origin()).await.unwrap();
        let conflict = contacts::update(&ctx, id, change, &origin()).await.unwrap_err();
        assert_eq!(conflict.problem().code, Code::VersionConflict);
        let contact = contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap();
        assert_eq!(contact.loaded.profile.sources.len(), 2);
        assert_eq!(contact.to_json()["attributes"]["shoe_size"], 38);
        assert_eq!(privacy::facts::read(&ctx, id).await.unwrap().unwrap().country.as_deref(), Some("DE"));
        let unknown = Draft { attributes: [("colour".to_owned(), json!("red"))].into(), ..Draft::default() };
        let refused = contacts::update(&ctx, id, Change { draft: unknown, ..Change::default() }, &origin()).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].field, "attributes.colour");
    }

    async fn duplicates_become_one(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let kept = contacts::create(&ctx, person("a@example.com", "A"), &origin()).await.unwrap();
        let mut other = person("b@example.com", "B");
        other.values.insert(Standard::Company, "Barid".into());
        other.tags = vec!["vip".into()];
        let duplicate = contacts::create(&ctx, other, &origin()).await.unwrap();
        let mut batch = ctx.batch();
        let event = EventRow {
            contact: duplicate,
            kind: EventKind::Clicked,
            class: EventClass::Human,
            campaign: None,
            message: None,
            at: ctx.now(),
        };
        events::push(&mut batch, &ctx, &event);
        ctx.db.apply(batch).await.unwrap();
        let join = people::subscribe::Subscribe {
            draft: person("b@example.com", ""),
            topic: news,
            origin: origin(),
            proof: people::subscribe::Proof::default(),
        };
        people::subscribe::subscribe(&ctx, join).await.unwrap();
        contacts::merge(&ctx, kept, duplicate).await.unwrap();
        let contact = contacts::get(&ctx, people::ReadFor::Work, kept).await.unwrap();
        let json = contact.to_json();
        assert_eq!((&json["first_name"], &json["company"]), (&json!("A"), &json!("Barid")));
        assert_eq!(json["emails"], json!(["a@example.com", "b@example.com"]));
        assert_eq!(json["topics"], json!({"News": "subscribed"}));
        assert_eq!(json["tags"], json!(["vip"]));
        assert_eq!(contact.events.len(), 2);
        assert_eq!(contacts::find(&ctx, "b@example.com").await.unwrap(), Some(kept));
        assert_eq!(contacts::merged_into(&ctx, duplicate).await.unwrap(), Some(kept));
        assert_eq!(privacy::claims::list(&ctx, kept).await.unwrap().len(), 1);
        privacy::ledger::verify_stored(&ctx, true).await.unwrap();
        contacts::erase(&ctx, &Gate::new(), kept).await.unwrap();
        for email in ["a@example.com", "b@example.com"] {
            assert_eq!(contacts::find(&ctx, email).await.unwrap(), None);
            let again = contacts::create(&ctx, person(email, "A"), &origin()).await.unwrap_err();
            assert_eq!(again.problem().code, Code::BlockedTarget);
        }
    }

    async fn lists_page_and_tags_come_and_go(t: Fixture) {
        let ctx = t.workspace().await;
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(contacts::create(&ctx, person(&format!("p{number}@example.com"), "P"), &origin()).await.unwrap());
        }
        let mut request = PageRequest { limit: Some(2), cursor: None };
        let mut seen = Vec::new();
        loop {
            let page = contacts::list(&ctx, people::ReadFor::Work, &request).await.unwrap();
            seen.extend(page.items.iter().map(|contact| contact.loaded.id));
            match page.next {
                Some(next) => request.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, ids);
        let tag = tags::ensure(&ctx, &["Größe".into(), "grosse".into()]).await.unwrap()[0];
        tags::set(&ctx, tag, &ids, true).await.unwrap();
        assert!(contacts::get(&ctx, people::ReadFor::Work, ids[0]).await.unwrap().has_tag("größe"));
        tags::delete(&ctx, tag).await.unwrap();
        assert!(contacts::get(&ctx, people::ReadFor::Work, ids[0]).await.unwrap().tags.is_empty());
        contacts::archive(&ctx, ids[0], true).await.unwrap();
        assert!(privacy::facts::read(&ctx, ids[0]).await.unwrap().unwrap().archived);
    }
}
