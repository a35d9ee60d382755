//! Rows that are shown to a saved segment: followed as it is when the message is written.

use campaigns::{CampaignDraft, Error};
use content::{Body, Source};
use kernel::{Locale, SegmentId};
use people::import::Basis;
use people::segments::conditions::Where;
use people::segments::saved;

use serde_json::json;
use testkit::each_engine;

use crate::house::House;

fn of(country: &str) -> Where {
    Where::from_json(&json!({ "field": "country", "op": "is", "value": country })).unwrap()
}

fn two_rows(condition: &str) -> Source {
    let words = |id: &str, words: &str| {
        json!([{ "id": id, "type": "text", "content": { "type": "doc", "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": words }] }] } }])
    };
    let design = json!({ "v": 2, "dir": "ltr", "lang": "en", "preheader": "", "rows": [
        { "id": "all", "layout": [1], "cols": [words("t1", "For everybody")] },
        { "id": "some", "layout": [1], "visible_if": condition, "cols": [words("t2", "For the chosen")] },
        { "id": "end", "layout": [1], "cols": [[{ "id": "foot", "type": "footer" }]] }
    ] });
    Source {
        body: Body::Design(Box::new(serde_json::from_value(design).unwrap())),
        text: None,
        subject: "News".to_owned(),
        preheader: None,
        language: Locale::en(),
    }
}

fn shown_to(house: &House, segment: SegmentId) -> CampaignDraft {
    CampaignDraft { content: two_rows(&format!("segment \"{segment}\"")), ..house.draft() }
}

const TWO: &str = "email,first name,country,confirmed at\n\
    a@people.example,A,DE,2026-05-01T10:00:00Z\nb@people.example,B,FR,2026-05-01T10:00:00Z\n";

/// Who was shown the row, in the HTML and in the text part alike.
fn chosen(house: &House) -> Vec<String> {
    let sent = house.recorder.sent.lock();
    let shown = sent.iter().filter(|sent| sent.html.contains("For the chosen"));
    let shown: Vec<String> = shown.map(|sent| sent.to.clone()).collect();
    for sent in sent.iter() {
        assert!(sent.html.contains("For everybody"));
        assert_eq!(sent.html.contains("For the chosen"), sent.text.contains("For the chosen"));
    }
    shown
}

each_engine! {
    async fn a_row_is_shown_to_who_is_in_the_segment_when_the_mail_is_written(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(TWO, Basis::ConsentDoi).await;
        let segment = saved::create(&house.ctx, "Germans", &of("DE")).await.unwrap();
        let campaign = campaigns::create(&house.ctx, &house.outbound, shown_to(&house, segment)).await.unwrap();
        // What the segment is changes after the row was written: the mail follows.
        saved::update(&house.ctx, segment, 1, "French", &of("FR")).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        assert_eq!(chosen(&house), ["b@people.example"]);
        let uses = campaigns::uses_of(&house.ctx, segment).await.unwrap();
        assert_eq!(uses.iter().map(|used| used.name.as_str()).collect::<Vec<_>>(), ["First"]);
    }

    async fn a_segment_that_is_gone_is_named_and_nothing_is_sent(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(TWO, Basis::ConsentDoi).await;
        let segment = saved::create(&house.ctx, "Germans", &of("DE")).await.unwrap();
        let campaign = campaigns::create(&house.ctx, &house.outbound, shown_to(&house, segment)).await.unwrap();
        saved::delete(&house.ctx, segment).await.unwrap();
        let refusal = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err();
        let problem = refusal.problem();
        assert!(matches!(refusal, Error::Content(_)), "{problem}");
        assert_eq!(problem.fields[0].field, "design:/rows/1/visible_if");
        let way = campaigns::checklist::Way { mode: "catcher", per_second: 10 };
        let list = campaigns::checklist::checklist(&house.ctx, &house.outbound, &house.live, campaign.id, way).await;
        let list = list.unwrap();
        let item = list.items.iter().find(|item| item.code == "shown_to_missing").unwrap();
        assert_eq!((item.values["at"].as_str(), list.ready), ("/rows/1/visible_if", false));
        // Out of the bin again, it is followed again.
        saved::restore(&house.ctx, segment).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        // Into the bin while the mail waits: what is under way goes on as it began.
        saved::delete(&house.ctx, segment).await.unwrap();
        house.fixture.clock.advance(120);
        house.work().await;
        assert_eq!(chosen(&house), ["a@people.example"]);
    }

    async fn a_segment_that_is_gone_for_good_has_no_members(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(TWO, Basis::ConsentDoi).await;
        let segment = saved::create(&house.ctx, "Germans", &of("DE")).await.unwrap();
        let draft = CampaignDraft { content: two_rows(&format!("not segment \"{segment}\"")), ..house.draft() };
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        saved::erase(&house.ctx, segment).await.unwrap();
        house.work().await;
        assert_eq!(chosen(&house).len(), 2);
    }
}
