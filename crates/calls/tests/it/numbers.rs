//! The inventory of numbers.

use calls::numbers::{
    self, Capability, Forward, Line, NumberState, Settings, SmsTo, add, change, default_forward, forward_of, get,
    import, list, remove, set_default,
};
use kernel::{Code, FlowId};
use testkit::Fixture;

const OURS: &str = "+966 11 234 5678";

fn calls(flow: Option<FlowId>) -> Settings {
    Settings {
        capabilities: [Capability::Sms, Capability::Voice].into(),
        forward: Forward { sms: SmsTo::Webhook, voice: flow },
        ..Settings::default()
    }
}

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

testkit::each_engine! {
    async fn a_number_says_where_what_comes_in_goes(t: Fixture) {
        let ctx = t.workspace().await;
        let flow: FlowId = ctx.id();
        let made = add(&ctx, OURS, &calls(Some(flow))).await.unwrap();
        assert_eq!((made.value.as_str(), made.country.as_str(), made.kind.as_str()), ("+966112345678", "SA", "fixed_line"));
        for written in ["966112345678", "+966112345678"] {
            assert_eq!(forward_of(&ctx, written).await.unwrap(), Forward { sms: SmsTo::Webhook, voice: Some(flow) });
        }
        assert_eq!(forward_of(&ctx, "966119999999").await.unwrap(), Forward::default());
        set_default(&ctx, &Forward { sms: SmsTo::Webhook, voice: None }).await.unwrap();
        assert_eq!(default_forward(&ctx).await.unwrap().sms, SmsTo::Webhook);
        let inbox = Settings { tags: ["shop".to_owned()].into(), ..Settings::default() };
        change(&ctx, made.id, NumberState::Active, &inbox).await.unwrap();
        assert_eq!(forward_of(&ctx, "966112345678").await.unwrap().sms, SmsTo::Conversation);
        change(&ctx, made.id, NumberState::Paused, &inbox).await.unwrap();
        assert_eq!(forward_of(&ctx, "966112345678").await.unwrap().sms, SmsTo::Webhook, "paused: as by default");
        assert_eq!(add(&ctx, "00966112345678", &inbox).await.unwrap_err().problem().fields[0].field, "number");
        let stranger = t.workspace().await;
        assert_eq!(get(&stranger, made.id).await.unwrap_err().problem().code, Code::NotFound);
        assert_eq!(forward_of(&stranger, "966112345678").await.unwrap(), Forward::default());
        remove(&ctx, made.id).await.unwrap();
        assert!(list(&ctx, None, 10).await.unwrap().is_empty());
    }

    async fn many_numbers_come_at_once_and_bad_ones_stop_none(t: Fixture) {
        let ctx = t.workspace().await;
        add(&ctx, OURS, &Settings::default()).await.unwrap();
        let line = |text: &str| (text.to_owned(), Settings::default());
        let lines = [line("37373"), line(OURS), line("hello"), line("+966"), line("+966501234567"), line("966501234567")];
        let done = import(&ctx, &lines).await.unwrap();
        let shown: Vec<&str> = done.iter().map(|line| match line {
            Line::Added(number) => number.kind.as_str(),
            Line::There(_) => "there",
            Line::Refused(_) => "refused",
        }).collect();
        assert_eq!(shown, ["short_code", "there", "refused", "refused", "mobile", "there"]);
        assert_eq!(list(&ctx, None, 10).await.unwrap().len(), 3);
        assert!(import(&ctx, &[]).await.is_err());
        assert!(import(&ctx, &vec![line("1"); numbers::AT_ONCE + 1]).await.is_err());
    }

    async fn settings_that_make_no_sense_are_refused(t: Fixture) {
        let ctx = t.workspace().await;
        let flow: FlowId = ctx.id();
        for (settings, field) in [
            (Settings { capabilities: [].into(), ..Settings::default() }, "capabilities"),
            (Settings { tags: (0..21).map(|n| n.to_string()).collect(), ..Settings::default() }, "tags"),
            (Settings { tags: ["a\nb".to_owned()].into(), ..Settings::default() }, "tags"),
            (Settings { route: Some(String::new()), ..Settings::default() }, "route"),
            (Settings { forward: Forward { sms: SmsTo::Conversation, voice: Some(flow) }, ..Settings::default() }, "forward"),
        ] {
            assert_eq!(add(&ctx, OURS, &settings).await.unwrap_err().problem().fields[0].field, field);
        }
    }
}
