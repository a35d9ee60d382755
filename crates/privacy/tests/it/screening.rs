//! National opt-out lists, as registers deliver them.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use kernel::Code;
use privacy::facts::SubjectFacts;
use privacy::gate::Gate;
use privacy::rules::Country;
use privacy::screening::{self, Draft, Loaded, Upload};
use privacy::vocabulary::{BasisKind, Channel, ConsentState};
use proptest::prelude::*;
use serde_json::json;
use store::{Ctx, params};
use testkit::Fixture;

use crate::people::{Person, state, verdict};

store::sql! {
    ENTRIES = "SELECT CAST(count(*) AS BIGINT) FROM screening_entry WHERE workspace = $1";
}

fn ecg(dated: &str) -> Draft {
    Draft {
        country: Country::read("AT").unwrap(),
        channel: Channel::Email,
        list: "ecg".into(),
        source: "RTR".into(),
        dated: dated.parse().unwrap(),
    }
}

async fn upload(ctx: &Ctx, draft: Draft, text: &[u8], piece: usize) -> privacy::Result<Loaded> {
    let mut upload = Upload::begin(ctx, draft).await?;
    for bytes in text.chunks(piece) {
        upload.write(bytes).await?;
    }
    upload.finish().await
}

/// A customer in Austria, where soft opt-in needs screening.
async fn customer(ctx: &Ctx, email: &str) -> Person {
    let facts = SubjectFacts { country: Some("AT".into()), ..SubjectFacts::default() };
    let person = Person::known(ctx, email, facts).await;
    let detail = json!({
        "relationship": "customer", "collected_in": "sale", "sale_at": "2026-03-01", "similar_goods": true,
        "opt_out_offered_at_collection": true, "opt_out_offered_each_time": true,
    });
    let mut statement = person.statement(ConsentState::Given, ctx.now(), detail);
    statement.basis = BasisKind::SoftOptIn;
    state(ctx, statement).await;
    person
}

fn hex(algorithm: &'static aws_lc_rs::digest::Algorithm, text: &str) -> String {
    data_encoding::HEXLOWER.encode(digest(algorithm, text.as_bytes()).as_ref())
}

testkit::each_engine! {
    async fn a_list_clears_or_stops_whoever_is_asked_about(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (customer(&ctx, "Lina@Example.at").await, customer(&ctx, "omar@example.at").await);
        let shop = customer(&ctx, "info@closed.example").await;
        assert_eq!(lina.asked(&ctx, &gate).await, "list_screen_missing");
        let text = "\u{feff}# ECG\r\nlina@example.at;x\r\n\"someone@else.at\"\n@closed.example\nnonsense\n";
        for piece in [1, 7, 4096] {
            let loaded = upload(&ctx, ecg("2026-11-20"), text.as_bytes(), piece).await.unwrap();
            assert_eq!((loaded.screening.entries, loaded.unreadable), (3, 1));
        }
        assert_eq!(screening::list(&ctx).await.unwrap().len(), 1, "a newer upload replaces the older one");
        assert_eq!(lina.asked(&ctx, &gate).await, "list_screen_listed");
        assert_eq!(shop.asked(&ctx, &gate).await, "list_screen_listed");
        assert_eq!(omar.asked(&ctx, &gate).await, "permit");
        // Somebody who comes later is screened as well: nothing was written about contacts.
        let late = customer(&ctx, "someone@else.at").await;
        assert_eq!(late.asked(&ctx, &gate).await, "list_screen_listed");
        // Consent stands beside the list.
        state(&ctx, lina.consent(ctx.now())).await;
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
        // Thirty days from the day the register made it.
        t.clock.set("2026-12-19T23:59:59Z".parse().unwrap());
        assert_eq!(omar.asked(&ctx, &gate).await, "permit");
        t.clock.set("2026-12-20T00:00:00Z".parse().unwrap());
        assert_eq!(omar.asked(&ctx, &gate).await, "list_screen_missing");
        assert_eq!(shop.asked(&ctx, &gate).await, "list_screen_listed", "who stood on it is not clear by its age");
    }

    async fn registers_may_deliver_digests(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (one, two) = (customer(&ctx, "one@example.at").await, customer(&ctx, "two@example.at").await);
        let (three, free) = (customer(&ctx, "three@closed.example").await, customer(&ctx, "free@example.at").await);
        let lines = [
            hex(&SHA1_FOR_LEGACY_USE_ONLY, "one@example.at"),
            hex(&SHA256, "two@example.at").to_uppercase(),
            hex(&SHA1_FOR_LEGACY_USE_ONLY, "@closed.example"),
        ];
        upload(&ctx, ecg("2026-11-20"), lines.join("\n").as_bytes(), 64).await.unwrap();
        for (person, wanted) in
            [(one, "list_screen_listed"), (two, "list_screen_listed"), (three, "list_screen_listed"), (free, "permit")]
        {
            assert_eq!(person.asked(&ctx, &gate).await, wanted);
        }
        let kept: Vec<(store::Blind,)> = ctx.db.all(RAW, params![ctx.workspace]).await.unwrap();
        let digest = data_encoding::HEXLOWER.decode(lines[0].as_bytes()).unwrap();
        assert!(kept.iter().all(|(hash,)| hash[..] != digest[..16]), "the digests themselves are not kept");
    }

    async fn a_list_counts_for_its_country_and_channel_only(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = customer(&ctx, "lina@example.at").await;
        let portuguese = Draft { country: Country::read("PT").unwrap(), ..ecg("2026-11-20") };
        upload(&ctx, portuguese, b"lina@example.at\n", 64).await.unwrap();
        let calls = Draft { channel: Channel::Voice, ..ecg("2026-11-20") };
        upload(&ctx, calls, b"+43 1 58858-0\n01 588580\n", 64).await.unwrap();
        let other = t.workspace().await;
        upload(&other, ecg("2026-11-20"), b"lina@example.at\n", 64).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "list_screen_missing");
        let uploaded = upload(&ctx, ecg("2026-11-20"), b"else@example.at\n", 64).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
        screening::remove(&ctx, uploaded.screening.id).await.unwrap();
        assert_eq!(lina.asked(&ctx, &gate).await, "list_screen_missing");
        assert!(screening::remove(&ctx, uploaded.screening.id).await.is_err());
    }

    async fn a_listed_number_gets_no_automated_call(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        t.clock.set("2026-11-20T12:00:00Z".parse().unwrap());
        let facts = SubjectFacts { country: Some("GB".into()), ..SubjectFacts::default() };
        let person = Person::known(&ctx, "shop@example.co.uk", facts).await;
        let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"source": "form"}));
        (statement.basis, statement.channel) = (BasisKind::ExplicitConsent, Channel::Voice);
        state(&ctx, statement).await;
        let mut ask = person.ask();
        let number = kernel::Phone::parse("+442079460018", None).unwrap();
        ask.address = privacy::suppression::phone_hash(&ctx.keys().await.unwrap(), &number);
        (ask.domain, ask.channel) = (ask.address, Channel::Voice);
        assert_eq!(verdict(&ctx, &gate, ask.clone()).await, "permit");
        let ctps = Draft {
            country: Country::read("UK").unwrap(),
            channel: Channel::Voice,
            list: "ctps".into(),
            source: "CTPS".into(),
            dated: "2026-11-19".parse().unwrap(),
        };
        upload(&ctx, ctps, "020 7946 0018\n".as_bytes(), 5).await.unwrap();
        assert_eq!(verdict(&ctx, &gate, ask).await, "list_screen_listed");
    }

    async fn what_is_no_list_is_refused_and_leaves_the_old_one(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = customer(&ctx, "lina@example.at").await;
        upload(&ctx, ecg("2026-11-20"), b"else@example.at\n", 64).await.unwrap();
        for text in [&b""[..], b"# nothing\n", b"<html>\n<body>\nx@example.at\n</body>\n", &[0xff; 5000]] {
            let problem = upload(&ctx, ecg("2026-11-21"), text, 999).await.unwrap_err().problem();
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, "body"));
        }
        let long = [b"x@example.at\n".repeat(3), vec![b'a'; 3000], b"\ny@example.at\n".to_vec()].concat();
        let loaded = upload(&ctx, Draft { list: "other".into(), ..ecg("2026-11-20") }, &long, 700).await.unwrap();
        assert_eq!((loaded.screening.entries, loaded.unreadable), (4, 1));
        assert_eq!(lina.asked(&ctx, &gate).await, "permit");
        let wrong = [
            (Draft { list: "ECG!".into(), ..ecg("2026-11-20") }, "list"),
            (Draft { source: " ".into(), ..ecg("2026-11-20") }, "source"),
            (ecg("2026-11-23"), "dated"),
        ];
        for (draft, field) in wrong {
            let problem = upload(&ctx, draft, b"x@example.at\n", 64).await.unwrap_err().problem();
            assert_eq!(problem.fields[0].field, field);
        }
        let ready = screening::list(&ctx).await.unwrap().into_iter().filter(|list| list.state == "ready").count();
        assert_eq!(ready, 2);
        // What never came in whole is swept after a day, what was refused at once.
        let mut cut = Upload::begin(&ctx, ecg("2026-11-20")).await.unwrap();
        cut.write(&b"z@example.at\n".repeat(3000)).await.unwrap();
        drop(cut);
        let swept = screening::sweep(&ctx).await.unwrap();
        assert_eq!(swept, 4);
        t.clock.advance(2 * 86_400);
        assert_eq!(screening::sweep(&ctx).await.unwrap(), 1);
        let left: (i64,) = ctx.db.one(ENTRIES, params![ctx.workspace]).await.unwrap();
        assert_eq!(left.0, 3);
    }
}

store::sql! {
    RAW = "SELECT hash FROM screening_entry WHERE workspace = $1";
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_are_a_list_or_none(
        lines in proptest::collection::vec(
            prop_oneof![
                "[a-z]{1,6}@[a-z]{1,6}\\.at".prop_map(String::into_bytes),
                "[0-9a-f]{40}".prop_map(String::into_bytes),
                proptest::collection::vec(any::<u8>(), 0..1500),
            ],
            0..20,
        ),
        piece in 1_usize..900,
    ) {
        let bytes = lines.join(&b"\n"[..]);
        testkit::run(async {
            let t = Fixture::sqlite().await;
            let ctx = t.workspace().await;
            let whole = upload(&ctx, ecg("2026-11-20"), &bytes, 4000).await;
            let pieces = upload(&ctx, ecg("2026-11-20"), &bytes, piece).await;
            let counted = |loaded: privacy::Result<Loaded>| loaded.ok().map(|one| (one.screening.entries, one.unreadable));
            assert_eq!(counted(whole), counted(pieces));
        });
    }
}
