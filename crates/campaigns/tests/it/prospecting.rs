//! Writing to companies that did not ask: refused until everything is stated, and then lawful.

use campaigns::{CampaignDraft, Prospecting};
use content::{Body, Source, designs};
use kernel::{ActivityId, AssessmentId, Locale, SegmentId};
use people::import::Basis;
use people::segments::conditions::Where;
use people::segments::saved;
use privacy::business_activities;
use serde_json::json;
use testkit::each_engine;

use crate::house::{House, assessed};

pub const CSV: &str = "email,first name,country,recipient type,company,consent source\n\
    claire@grues.example,Claire,FR,corporate named,Grues SA,x\n\
    achats@ports.example,,FR,corporate generic,Ports SARL,x\n\
    jean@sans.example,Jean,FR,corporate named,,x\n\
    uwe@kran.example,Uwe,DE,corporate named,Kran GmbH,x\n";

pub async fn activity(house: &House) -> ActivityId {
    let draft = business_activities::Draft {
        code: "33.12".to_owned(),
        description: "Repair of cranes".to_owned(),
        register: "NACE".to_owned(),
    };
    business_activities::create(&house.ctx, &draft).await.unwrap().id
}

pub async fn segment(house: &House) -> SegmentId {
    let condition = json!({"field": "country", "op": "in", "value": ["FR", "DE"]});
    saved::create(&house.ctx, "Crane users", &Where::from_json(&condition).unwrap()).await.unwrap()
}

pub async fn stated(house: &House) -> Prospecting {
    let assessment: AssessmentId = assessed(&house.ctx).await.parse().unwrap();
    Prospecting {
        targeting: "Buyers of companies in France that run harbour cranes".to_owned(),
        activity: Some(activity(house).await),
        assessment: Some(assessment),
    }
}

pub fn letter() -> Source {
    Source {
        body: Body::Mjml(designs::OUTREACH_EN.to_owned()),
        text: None,
        subject: "Cranes at {{ company | fallback: \"your company\" }}".to_owned(),
        preheader: None,
        language: Locale::en(),
    }
}

pub async fn draft(house: &House) -> CampaignDraft {
    CampaignDraft {
        segment: Some(segment(house).await),
        reason: Some("You buy crane parts for {{ company | required }}.".to_owned()),
        prospecting: Some(stated(house).await),
        content: letter(),
        ..house.draft()
    }
}

each_engine! {
    async fn the_cold_letter_to_french_companies_is_lawful_and_says_why(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(CSV, Basis::LegitimateInterest).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft(&house).await).await.unwrap();
        let before = campaigns::preflight(&house.ctx, &house.outbound, &house.live, campaign.id).await.unwrap();
        assert_eq!((before.selected, before.allowed), (4, 2), "{before:?}");
        // Who has no reason of their own, and whose country asks for consent.
        assert_eq!(before.denied["reason_missing"], 1);
        assert_eq!(before.denied.values().sum::<u64>(), 2);
        assert!(before.blockers.is_empty());
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 2);
        let claire = sent.iter().find(|message| message.to == "claire@grues.example").unwrap();
        for part in [&claire.html, &claire.text] {
            assert!(part.contains("You buy crane parts for Grues SA."), "{part}");
            assert!(part.contains("only: your e-mail address, the company you work for, your first name, and only"), "{part}");
            assert!(part.contains("/p/"), "{part}");
        }
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.sent, report.counts.denied), (2, 2));
        assert_eq!(report.counts.denied_by_reason["reason_missing"], 1);
        // Who was told where the data come from is not owed it any more; the others still are.
        let owed = privacy::art14::owed(&house.ctx, None, 10).await.unwrap();
        assert_eq!(owed.len(), 2, "{owed:?}");
    }

    async fn each_thing_that_is_not_stated_is_named(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(CSV, Basis::LegitimateInterest).await;
        let whole = draft(&house).await;
        let bare = CampaignDraft {
            segment: None, reason: None, prospecting: Some(Prospecting::default()), ..whole.clone()
        };
        let campaign = campaigns::create(&house.ctx, &house.outbound, bare).await.unwrap();
        let at = house.ctx.now().plus_seconds(3600);
        for refused in [
            campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err(),
            campaigns::schedule(&house.ctx, &house.outbound, campaign.id, at).await.unwrap_err(),
        ] {
            let named: Vec<String> = refused.problem().fields.into_iter().map(|field| field.field).collect();
            assert_eq!(named, ["prospecting.targeting", "segment", "reason", "prospecting.activity", "prospecting.assessment"]);
        }
        let before = campaigns::preflight(&house.ctx, &house.outbound, &house.live, campaign.id).await.unwrap();
        assert_eq!(before.blockers.len(), 1, "{before:?}");
        let stated = whole.prospecting.clone().unwrap();
        business_activities::retire(&house.ctx, stated.activity.unwrap()).await.unwrap();
        let campaign = campaigns::update(&house.ctx, &house.outbound, campaign.id, 1, whole.clone()).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "prospecting.activity");
        let assessment = stated.assessment.unwrap();
        let version = privacy::assessments::get(&house.ctx, assessment).await.unwrap().version;
        privacy::assessments::end(&house.ctx, assessment, version).await.unwrap();
        let other = CampaignDraft {
            prospecting: Some(Prospecting { activity: Some(second(&house).await), ..stated }), ..whole
        };
        let campaign = campaigns::update(&house.ctx, &house.outbound, campaign.id, 2, other).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "prospecting.assessment", "{refused:?}");
        assert!(house.recorder.sent.lock().is_empty());
    }

    async fn a_slot_that_is_removed_keeps_the_letter_here_and_is_named(t: testkit::Fixture) {
        let house = House::build(t).await;
        let mut wrong = draft(&house).await;
        wrong.content.body = Body::Mjml(designs::OUTREACH_EN.replace("<br />{{ notice_processing }}", ""));
        wrong.content.text = Some("{{ notice_reason }} {{ notice_processing }} {{ unsubscribe_url }} {{ postal_address }}".to_owned());
        let campaign = campaigns::create(&house.ctx, &house.outbound, wrong).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err().problem();
        let named: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(named, ["notice_processing:html", "notice_rights:text"]);
        assert!(refused.fields[1].detail.contains("how to change or delete"), "{refused:?}");
    }

    async fn the_criteria_are_frozen_with_the_statement(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(CSV, Basis::LegitimateInterest).await;
        let draft = draft(&house).await;
        let segment = draft.segment.unwrap();
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft).await.unwrap();
        let at = house.ctx.now().plus_seconds(3600);
        campaigns::schedule(&house.ctx, &house.outbound, campaign.id, at).await.unwrap();
        // Somebody narrows the segment afterwards; what was weighed is what is sent.
        let nobody = Where::from_json(&json!({"field": "country", "op": "is", "value": "PT"})).unwrap();
        saved::update(&house.ctx, segment, 1, "Crane users", &nobody).await.unwrap();
        house.fixture.clock.advance(3700);
        house.work().await;
        assert_eq!(house.recorder.sent.lock().len(), 2);
        let frozen = campaigns::prospecting::criteria(&house.ctx, campaign.id.into()).await.unwrap().unwrap();
        assert_eq!(frozen.to_json(), json!({"field": "country", "op": "in", "value": ["FR", "DE"]}));
    }
}

async fn second(house: &House) -> ActivityId {
    let draft = business_activities::Draft {
        code: "33.13".to_owned(),
        description: "Trade in crane parts".to_owned(),
        register: "NACE".to_owned(),
    };
    business_activities::create(&house.ctx, &draft).await.unwrap().id
}
