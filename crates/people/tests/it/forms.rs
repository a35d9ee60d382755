use kernel::Code;
use people::contacts;
use people::forms::{self, Definition, FormField, Submission, Texts};
use people::subscribe::{Proof, Subscribed};
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
        notice: None,
        double_opt_in: false,
        tags: vec!["form".into()],
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
        let filled = Submission { language: "ar".into(), values, agreed: true };
        let done = forms::submit(&person, &form, filled.clone(), Proof::default()).await.unwrap();
        let Subscribed::Joined(contact) = done else { panic!("{done:?}") };
        let json = contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!((&json["first_name"], &json["language"], &json["tags"]), (&json!("لينا"), &json!("ar"), &json!(["form"])));
        let answer = serde_json::to_string(&privacy::answer::answer(&ctx, contact).await.unwrap()).unwrap();
        assert!(answer.contains("أريد الأخبار"), "the evidence holds the words shown");

        let strict = Definition { double_opt_in: true, ..definition() };
        let form = forms::update(&ctx, &form, "Footer", news, strict).await.unwrap();
        let mut other = filled.clone();
        other.values.insert("email".into(), "omar@example.com".into());
        let asked = forms::submit(&person, &form, other, Proof::default()).await.unwrap();
        assert!(matches!(asked, Subscribed::Requested(_)));

        forms::archive(&ctx, form.id, true).await.unwrap();
        let form = forms::get(&ctx, form.id).await.unwrap();
        let gone = forms::submit(&person, &form, filled, Proof::default()).await.unwrap_err();
        assert_eq!(gone.problem().code, Code::Gone);
    }
}
