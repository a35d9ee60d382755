use kernel::Code;
use people::contacts;
use people::forms::{self, Definition, Figures, FormField, MinimumAge, Submission, Submitted, Texts};
use people::subscribe::{CONFIRMATION_QUEUE, Invitation, Proof, Subscribed, confirm, issue};
use serde_json::json;
use store::Actor;
use testkit::Fixture;

use crate::topic;

fn definition() -> Definition {
    let field = |key: &str, required| FormField {
        key: key.into(),
        purpose: "marketing".into(),
        required,
        label_en: key.into(),
        label_ar: "حقل".into(),
        if_refused_en: String::new(),
        if_refused_ar: String::new(),
    };
    let texts = |consent: &str| Texts {
        title: "News".into(),
        consent: consent.into(),
        button: "Join".into(),
        ..Texts::default()
    };
    Definition {
        fields: vec![field("email", true), field("first_name", false)],
        en: texts("I want the news"),
        ar: texts("أريد الأخبار"),
        tags: vec!["form".into()],
        ..Definition::default()
    }
}

testkit::each_engine! {
    async fn a_form_signs_people_up_with_the_words_they_saw(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let form = forms::create(&ctx, "Footer", news, definition()).await.unwrap();
        let mut unbound = definition();
        unbound.fields[1].purpose.clear();
        assert_eq!(forms::update(&ctx, &form, "Footer", news, unbound).await.unwrap_err().problem().code, Code::InvalidInput);

        let person = ctx.core.ctx(ctx.workspace, Actor::Person);
        let values = [("email", "lina@example.com"), ("first_name", "لينا")];
        let values = values.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let filled = Submission { language: "ar".into(), values, agreed: true, ..Submission::default() };
        let done = forms::submit(&person, &form, filled.clone(), Proof::default()).await.unwrap();
        let Submitted::Joined(joined) = done else { panic!("{done:?}") };
        let [Subscribed::Joined(contact)] = joined[..] else { panic!("{joined:?}") };
        let json = contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!((&json["first_name"], &json["language"], &json["tags"]), (&json!("لينا"), &json!("ar"), &json!(["form"])));
        let answer = serde_json::to_string(&privacy::answer::answer(&ctx, contact).await.unwrap()).unwrap();
        assert!(answer.contains("أريد الأخبار"), "the evidence holds the words shown");

        let strict = Definition { double_opt_in: true, ..definition() };
        let form = forms::update(&ctx, &form, "Footer", news, strict).await.unwrap();
        let mut other = filled.clone();
        other.values.insert("email".into(), "omar@example.com".into());
        let asked = forms::submit(&person, &form, other, Proof::default()).await.unwrap();
        assert!(matches!(asked, Submitted::Joined(joined) if matches!(joined[..], [Subscribed::Requested(_)])));
        let figures = forms::recent(&ctx).await.unwrap()[&form.id];
        assert_eq!(figures, Figures { views: 0, submissions: 2, confirmed: 1 });

        forms::archive(&ctx, form.id, true).await.unwrap();
        let form = forms::get(&ctx, form.id).await.unwrap();
        let gone = forms::submit(&person, &form, filled, Proof::default()).await.unwrap_err();
        assert_eq!(gone.problem().code, Code::Gone);
    }
    async fn several_topics_are_chosen_and_confirmed_with_one_mail(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", true).await;
        let events = topic(&ctx, "Events", true).await;
        let offers = topic(&ctx, "Offers", false).await;
        let refused = forms::create(&ctx, "F", news, Definition { topics: vec![events, news], ..definition() }).await;
        assert_eq!(refused.unwrap_err().problem().fields[0].field, "topics[1]");
        let form = Definition { topics: vec![events, offers], ..definition() };
        let form = forms::create(&ctx, "Choice", news, form).await.unwrap();

        let person = ctx.core.ctx(ctx.workspace, Actor::Person);
        let values: std::collections::BTreeMap<_, _> = [("email".to_owned(), "lina@example.com".to_owned())].into();
        let filled = Submission { language: "en".into(), values, agreed: true, ..Submission::default() };
        let none = forms::submit(&person, &form, filled.clone(), Proof::default()).await.unwrap_err().problem();
        assert_eq!(none.fields[0].field, "topics", "nothing is chosen beforehand");
        let stranger = Submission { topics: vec![ctx.id()], ..filled.clone() };
        assert!(forms::submit(&person, &form, stranger, Proof::default()).await.is_err(), "only what is offered");
        assert_eq!(contacts::count(&ctx).await.unwrap(), 0);

        let some = Submission { topics: vec![news, events, offers], ..filled };
        let asked_at = ctx.now();
        let page = Proof { page: Some("https://shop.example/blog".into()), ..Proof::default() };
        let done = forms::submit(&person, &form, some, page).await.unwrap();
        let Submitted::Joined(joined) = done else { panic!("{done:?}") };
        let [Subscribed::Requested(contact), Subscribed::Requested(_), Subscribed::Joined(_)] = joined[..] else {
            panic!("{joined:?}")
        };
        assert_eq!(store::jobs::pending(&ctx.db, CONFIRMATION_QUEUE).await.unwrap(), 1, "one mail for both");
        let evidence = serde_json::to_string(&privacy::answer::answer(&ctx, contact).await.unwrap()).unwrap();
        assert!(evidence.contains("https://shop.example/blog") && evidence.contains("I want the news\\n– News"));
        assert!(evidence.contains("form_version"));

        t.clock.advance(60);
        let invitation = Invitation { workspace: ctx.workspace, contact, topic: news, requested_at: asked_at };
        assert_eq!(people::subscribe::invited(&ctx, &invitation).await.unwrap().len(), 2);
        let token = issue(&ctx.keys().await.unwrap(), &invitation);
        assert!(!confirm(&ctx.core, &token, &Proof::default()).await.unwrap().again);
        let json = contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!(json["topics"], json!({"News": "subscribed", "Events": "subscribed", "Offers": "subscribed"}));
        assert!(confirm(&ctx.core, &token, &Proof::default()).await.unwrap().again);
        let report = forms::report(&ctx, form.id, None, None).await.unwrap();
        assert_eq!(report.total, Figures { views: 0, submissions: 1, confirmed: 1 });
    }

    async fn who_is_too_young_is_refused_and_nothing_is_kept(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let strict = |years| Definition { minimum_age: Some(MinimumAge { years }), ..definition() };
        let low = forms::create(&ctx, "F", news, strict(Some(16))).await.unwrap_err().problem();
        assert_eq!(low.fields[0].field, "minimum_age.years", "not below the rule pack's eighteen");
        let settings = privacy::gate::Settings { min_age: Some(16), ..privacy::gate::Settings::default() };
        privacy::gate::configure(&ctx, &settings).await.unwrap();
        let form = forms::create(&ctx, "F", news, strict(None)).await.unwrap();
        assert_eq!(forms::minimum_age(&ctx, &form).await.unwrap(), Some(16), "as the workspace has it");

        let person = ctx.core.ctx(ctx.workspace, Actor::Person);
        let born = |birth_date: &str| Submission {
            language: "en".into(),
            values: [("email".to_owned(), "lina@example.com".to_owned())].into(),
            agreed: true,
            birth_date: birth_date.into(),
            ..Submission::default()
        };
        for wrong in ["", "soon", "2090-01-01"] {
            let problem = forms::submit(&person, &form, born(wrong), Proof::default()).await.unwrap_err().problem();
            assert_eq!(problem.fields[0].field, "birth_date", "{wrong}");
        }
        let young = forms::submit(&person, &form, born("2010-11-23"), Proof::default()).await.unwrap();
        assert_eq!(young, Submitted::TooYoung);
        assert_eq!(contacts::count(&ctx).await.unwrap(), 0);
        assert!(forms::recent(&ctx).await.unwrap().is_empty(), "not even counted");

        let done = forms::submit(&person, &form, born("2010-11-20"), Proof::default()).await.unwrap();
        let Submitted::Joined(joined) = done else { panic!("{done:?}") };
        let evidence = privacy::answer::answer(&ctx, joined[0].contact()).await.unwrap();
        let evidence = serde_json::to_string(&evidence).unwrap();
        assert!(evidence.contains("minimum_age") && !evidence.contains("2010-11-20"), "the answer, not the date");
    }

    async fn views_are_counted_by_day(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let form = forms::create(&ctx, "F", news, definition()).await.unwrap();
        let first = ctx.now().date();
        forms::seen(&ctx, form.id).await.unwrap();
        forms::seen(&ctx, form.id).await.unwrap();
        t.clock.advance(2 * 86_400);
        forms::seen(&ctx, form.id).await.unwrap();
        let report = forms::report(&ctx, form.id, Some(first), None).await.unwrap();
        let views: Vec<i64> = report.days.iter().map(|day| day.figures.views).collect();
        assert_eq!((views, report.total.views), (vec![2, 0, 1], 3));
        assert_eq!(forms::report(&ctx, form.id, None, None).await.unwrap().days.len(), 30);
        let backwards = forms::report(&ctx, form.id, Some(ctx.now().date()), Some(first)).await.unwrap_err();
        assert_eq!(backwards.problem().fields[0].field, "from");
        let other = t.workspace().await;
        assert_eq!(forms::report(&other, form.id, Some(first), None).await.unwrap().total, Figures::default());
    }
}
