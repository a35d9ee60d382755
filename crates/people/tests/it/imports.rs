use std::sync::Arc;

use kernel::{Code, ImportId, TopicId};
use people::contacts;
use people::import::job::{self, Imports, Report, Settings, State, Upload};
use people::import::{Basis, Origin};
use people::subscribe::{Leave, unsubscribe};
use privacy::gate::{self, Gate};
use privacy::provenance::{self, Method, Page};
use privacy::vocabulary::BasisKind;
use serde_json::json;
use store::Ctx;
use store::jobs::{self, Handler};
use testkit::Fixture;

use crate::topic;

pub(crate) fn settings(topic: TopicId, basis: Basis) -> Settings {
    let origin = Origin {
        basis,
        source: "web shop".into(),
        collected_on: "2026-10-01".parse().unwrap(),
        sale_date: None,
        assessment: None,
        reason: None,
        page: Page::default(),
        profile: None,
    };
    Settings { topic, origin, attributes: Vec::new(), purchased: false, tracking: false, dry_run: false }
}

pub(crate) async fn begin(ctx: &Ctx, file: &[u8], settings: Settings) -> people::Result<ImportId> {
    let mut upload = Upload::begin(ctx).await?;
    for piece in file.chunks(7000) {
        upload.write(piece).await?;
    }
    let staged = upload.finish().await?;
    job::start(ctx, staged, settings).await
}

pub(crate) async fn import(ctx: &Ctx, file: &[u8], settings: Settings) -> Report {
    let id = begin(ctx, file, settings).await.unwrap();
    let handler: Arc<dyn Handler> = Arc::new(Imports);
    jobs::drain(&ctx.core, &[handler]).await.unwrap();
    let import = job::get(ctx, id).await.unwrap();
    assert_eq!(import.state, State::Done, "{:?}", import.report.error);
    import.report
}

fn counts(report: &Report) -> [u64; 5] {
    [report.read, report.added, report.updated, report.unchanged, report.rejected]
}

const FILE: &str = "E-Mail,Phone,First Name,Country,Tags,Consent time,Shoe size,Secret\n\
    lina@example.com,0170 1234567,لينا,ألمانيا,vip;berlin,2026-01-02,38,x\n\
    omar@example.com,,Omar,SA,vip,2026-01-03,44,x\n\
    ,+966501234567,Huda,,,2026-01-03,,x\n\
    not an address,,Nobody,,,,,=1+1\n\
    OMAR@example.com,,Omar,Egypt,,2026-01-03,44,x\n";

testkit::each_engine! {
    async fn a_file_becomes_people_with_evidence(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", true).await;
        let mut settings = settings(news, Basis::Consent);
        settings.attributes = vec!["Shoe size".into()];
        let dry = import(&ctx, FILE.as_bytes(), Settings { dry_run: true, ..settings.clone() }).await;
        assert_eq!(contacts::count(&ctx).await.unwrap(), 0);
        let report = import(&ctx, FILE.as_bytes(), settings.clone()).await;
        assert_eq!(counts(&report), [5, 3, 1, 0, 1]);
        assert_eq!(counts(&dry), counts(&report));
        assert_eq!((report.encoding.as_str(), &report.dropped), ("UTF-8", &vec!["Secret".to_owned()]));
        assert_eq!(report.mapped["Shoe size"], "attribute shoe_size");

        let lina = contacts::find(&ctx, "lina@example.com").await.unwrap().unwrap();
        let contact = contacts::get(&ctx, people::ReadFor::Work, lina).await.unwrap();
        let json = contact.to_json();
        assert_eq!((&json["first_name"], &json["country"], &json["phone"]), (&json!("لينا"), &json!("DE"), &json!("+491701234567")));
        assert_eq!((&json["topics"], &json["tags"]), (&json!({"News": "subscribed"}), &json!(["berlin", "vip"])));
        assert_eq!(json["attributes"], json!({"shoe_size": "38"}));
        let claims = privacy::claims::list(&ctx, lina).await.unwrap();
        assert_eq!(claims[0].at.to_string(), "2026-01-02T00:00:00Z");
        let omar = contacts::find(&ctx, "omar@example.com").await.unwrap().unwrap();
        assert_eq!(contacts::get(&ctx, people::ReadFor::Work, omar).await.unwrap().to_json()["country"], "EG");
        assert!(contacts::find(&ctx, "+966501234567").await.unwrap().is_some());
        privacy::ledger::verify_stored(&ctx, true).await.unwrap();

        let again = import(&ctx, FILE.as_bytes(), settings).await;
        assert_eq!(counts(&again), [5, 0, 2, 2, 1], "Omar moves twice, the others stay");
    }

    async fn rejected_rows_are_written_out(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let id = begin(&ctx, b"email\n=cmd@@x\ngood@example.com\n", settings(news, Basis::Consent)).await.unwrap();
        jobs::drain(&ctx.core, &[Arc::new(Imports) as Arc<dyn Handler>]).await.unwrap();
        let text = String::from_utf8(job::write_rejects(&ctx, id, Vec::new()).await.unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (2, "line,reason,value"));
        assert!(lines[1].starts_with("2,email: ") && lines[1].ends_with(",'=cmd@@x"), "{text}");
        t.clock.advance(8 * 86_400);
        job::sweep(&t.core).await.unwrap();
        let gone = job::write_rejects(&ctx, id, Vec::new()).await.unwrap_err();
        assert_eq!(gone.problem().code, Code::Gone);
    }

    async fn a_dry_run_tells_the_rejects_and_leaves_nothing_else(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let dry = Settings { dry_run: true, ..settings(news, Basis::Consent) };
        let id = begin(&ctx, b"email,tags\nnone\na@example.com,vip\nnone,x\n", dry).await.unwrap();
        jobs::drain(&ctx.core, &[Arc::new(Imports) as Arc<dyn Handler>]).await.unwrap();
        let import = job::get(&ctx, id).await.unwrap();
        assert_eq!((import.state, counts(&import.report)), (State::Done, [3, 1, 0, 0, 2]));
        let text = String::from_utf8(job::write_rejects(&ctx, id, Vec::new()).await.unwrap()).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert_eq!(contacts::count(&ctx).await.unwrap(), 0);
        assert!(people::tags::list(&ctx).await.unwrap().is_empty());
        assert_eq!(people::topics::member_counts(&ctx, news).await.unwrap(), []);
    }

    async fn a_cancelled_import_stays_cancelled(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let id = begin(&ctx, b"email\na@example.com\n", settings(news, Basis::Consent)).await.unwrap();
        job::cancel(&ctx, id).await.unwrap();
        jobs::drain(&ctx.core, &[Arc::new(Imports) as Arc<dyn Handler>]).await.unwrap();
        assert_eq!(job::get(&ctx, id).await.unwrap().state, State::Cancelled);
        assert_eq!(contacts::count(&ctx).await.unwrap(), 0);
        assert_eq!(job::cancel(&ctx, id).await.unwrap_err().problem().code, Code::Conflict);
    }

    async fn whole_file_problems_stop_before_anything_is_stored(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let refused = async |file: &[u8], basis| begin(&ctx, file, settings(news, basis)).await.unwrap_err().problem();
        let twice = refused(b"email,E-Mail\na@example.com,b@example.com\n", Basis::Consent).await;
        assert!(twice.detail.contains("\"email\" and \"E-Mail\""), "{}", twice.detail);
        let missing = refused(b"email\na@example.com\n", Basis::ConsentDoi).await;
        assert_eq!((missing.code, missing.detail.contains("confirmed at")), (Code::EvidenceMissing, true));
        let latin = refused("email,name\na@example.com,M\u{fc}ller\n".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice(), Basis::Consent).await;
        assert!(latin.detail.contains("UTF-8"), "{}", latin.detail);
        assert!(refused(b"", Basis::Consent).await.detail.contains("empty"));
        assert!(t.core.vault.expired_files(t.core.now().plus_seconds(99 * 86_400)).await.unwrap().is_empty());
    }

    async fn nobody_is_resurrected(t: Fixture) {
        let ctx = t.workspace().await;
        let gate = Gate::new();
        let news = topic(&ctx, "News", false).await;
        let file = b"email,first name\nleft@example.com,L\nerased@example.com,E\nstays@example.com,S\n";
        import(&ctx, file, settings(news, Basis::Consent)).await;
        let left = contacts::find(&ctx, "left@example.com").await.unwrap().unwrap();
        let erased = contacts::find(&ctx, "erased@example.com").await.unwrap().unwrap();
        t.clock.advance(60);
        unsubscribe(&ctx, &gate, left, Leave::Topic(news), json!({})).await.unwrap();
        contacts::erase(&ctx, &gate, erased).await.unwrap();
        t.clock.advance(60);
        let mut later = settings(news, Basis::Consent);
        later.origin.source = "another list".into();
        later.origin.collected_on = "2026-11-21".parse().unwrap();
        let file = b"email,first name\nleft@example.com,Lena\nerased@example.com,E\nstays@example.com,S\n";
        let report = import(&ctx, file, later).await;
        assert_eq!(counts(&report), [3, 0, 1, 1, 1]);
        assert_eq!(report.left_as_they_are, 1);
        assert_eq!(contacts::find(&ctx, "erased@example.com").await.unwrap(), None);
        let contact = contacts::get(&ctx, people::ReadFor::Work, left).await.unwrap().to_json();
        assert_eq!((&contact["topics"], &contact["first_name"]), (&json!({"News": "unsubscribed"}), &json!("Lena")));
        let claims = privacy::claims::list(&ctx, left).await.unwrap();
        assert!(claims.iter().all(|claim| !claim.state.is_valid()));
    }

    async fn people_without_their_evidence_are_there_and_not_mailable(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let file = b"email,confirmed at\nyes@example.com,2026-05-01T10:00:00Z\nno@example.com,\n";
        let report = import(&ctx, file, settings(news, Basis::ConsentDoi)).await;
        assert_eq!((counts(&report), report.without_basis), ([2, 2, 0, 0, 0], 1));
        let yes = contacts::find(&ctx, "yes@example.com").await.unwrap().unwrap();
        let no = contacts::find(&ctx, "no@example.com").await.unwrap().unwrap();
        assert!(privacy::claims::list(&ctx, yes).await.unwrap()[0].confirmed_at.is_some());
        assert!(privacy::claims::list(&ctx, no).await.unwrap().is_empty());
        // The evidence comes later: then it is stated.
        let file = b"email,confirmed at\nyes@example.com,2026-05-01T10:00:00Z\nno@example.com,2026-06-01\n";
        let report = import(&ctx, file, settings(news, Basis::ConsentDoi)).await;
        assert_eq!(counts(&report), [2, 0, 1, 1, 0]);
        assert_eq!(privacy::claims::list(&ctx, no).await.unwrap().len(), 1);
    }

    async fn a_page_is_kept_as_the_source_of_what_it_said(t: Fixture) {
        let ctx = t.workspace().await;
        let (news, hash) = (topic(&ctx, "News", false).await, "ab".repeat(32));
        let file = format!(
            "email,company,Source URL,Source date,Source hash\n\
             lina@example.com,Grues,https://grues.example/team,2026-09-01,{}\n\
             omar@example.com,Grues,https://grues.example/team,2026-09-01,{hash}\n\
             huda@example.com,Kran,,,\n\
             sami@example.com,Kran,ftp://kran.example,2026-09-02,{hash}\n",
            hash.to_uppercase()
        );
        let mut told = settings(news, Basis::Consent);
        told.origin.page.url = Some("https://fair.example/exhibitors".into());
        let report = import(&ctx, file.as_bytes(), told.clone()).await;
        assert_eq!((counts(&report), report.warnings), ([4, 4, 0, 0, 0], 2), "{:?}", report.first_warnings);
        assert_eq!(report.mapped["Source hash"], "source hash");

        let source = async |email: &str| {
            let id = contacts::find(&ctx, email).await.unwrap().unwrap();
            let contact = contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap();
            let [source] = contact.loaded.profile.sources.as_slice() else { panic!("{email} has one source") };
            provenance::get(&ctx, *source).await.unwrap()
        };
        let (lina, omar, huda) =
            (source("lina@example.com").await, source("omar@example.com").await, source("huda@example.com").await);
        assert_eq!((lina.id, lina.method, lina.parent), (omar.id, Method::PublicSource, Some(huda.id)));
        let page = json!({"url": "https://grues.example/team", "read_on": "2026-09-01", "sha256": hash});
        assert_eq!((&lina.detail, lina.collected_on.unwrap().to_string().as_str()), (&page, "2026-09-01"));
        assert_eq!(huda.detail["url"], "https://fair.example/exhibitors");
        assert_eq!(huda.detail["read_on"], "2026-10-01", "the day of collection, as nothing else is said");
        assert_eq!(source("sami@example.com").await.collected_on.unwrap().to_string(), "2026-09-02");

        let again = import(&ctx, file.as_bytes(), told.clone()).await;
        assert_eq!(counts(&again), [4, 0, 0, 4, 0]);
        for (field, page) in [
            ("source_url", Page { url: Some("grues.example".into()), ..Page::default() }),
            ("source_hash", Page { url: told.origin.page.url.clone(), sha256: Some("12".into()), read_on: None }),
            ("source_date", Page { read_on: Some("2027-01-01".parse().unwrap()), ..Page::default() }),
        ] {
            let mut wrong = told.clone();
            wrong.origin.page = page;
            let refused = begin(&ctx, file.as_bytes(), wrong).await.unwrap_err().problem();
            assert_eq!(refused.fields[0].field, field);
        }
    }

    async fn prospects_whose_term_is_over_do_not_come_in(t: Fixture) {
        let ctx = t.workspace().await;
        let lia = crate::outreach::lia(&ctx).await;
        let cold = topic(&ctx, "Cold", false).await;
        let mut told = settings(cold, Basis::LegitimateInterest);
        (told.origin.assessment, told.origin.reason) = (Some(lia), Some("They run cranes".into()));
        let now = ctx.now();
        let day = |days: i64| now.plus_seconds(-days * 86_400).date();
        told.origin.collected_on = day(366);
        let refused = begin(&ctx, b"email\nlina@example.com\n", told.clone()).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "collected_on");

        // A column may say otherwise row by row, and the dry run tells what the import will do.
        let file = format!("email,source date\nold@example.com,{}\nnew@example.com,{}\n", day(366), day(300));
        let dry = import(&ctx, file.as_bytes(), Settings { dry_run: true, ..told.clone() }).await;
        let real = import(&ctx, file.as_bytes(), told.clone()).await;
        assert_eq!((counts(&dry), counts(&real)), ([2, 1, 0, 0, 1], [2, 1, 0, 0, 1]));
        assert!(contacts::find(&ctx, "old@example.com").await.unwrap().is_none());
        let report = privacy::retention::run(&ctx, privacy::retention::Mode::Real, 10_000).await.unwrap();
        assert_eq!(report.ended(), 0, "who came in is not erased at once");

        // Under a consent that is stated the same day is no obstacle; without its evidence it is.
        let consent = Settings { origin: Origin { basis: Basis::Consent, ..told.origin.clone() }, ..told.clone() };
        assert_eq!(counts(&import(&ctx, b"email\nlina@example.com\n", consent).await), [1, 1, 0, 0, 0]);
        let mut unproven = told;
        unproven.origin.basis = Basis::ConsentDoi;
        let report = import(&ctx, b"email,confirmed at\nomar@example.com,\n", unproven).await;
        assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    }

    async fn a_basis_that_the_workspace_excludes_is_not_imported(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let only = gate::Settings { bases: Some(vec![BasisKind::Contract]), ..gate::Settings::default() };
        gate::configure(&ctx, &only).await.unwrap();
        let refused = begin(&ctx, b"email\na@example.com\n", settings(news, Basis::Consent)).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].field, "basis");
        assert_eq!(counts(&import(&ctx, b"email\na@example.com\n", settings(news, Basis::Contract)).await)[1], 1);
    }

    async fn a_dry_run_needs_no_topic_and_makes_none(t: Fixture) {
        let ctx = t.workspace().await;
        let dry = Settings { dry_run: true, ..settings(job::TO_BE_MADE, Basis::Consent) };
        assert_eq!(counts(&import(&ctx, b"email\na@example.com\n", dry.clone()).await), [1, 1, 0, 0, 0]);
        assert!(people::topics::list(&ctx).await.unwrap().is_empty());
        let real = begin(&ctx, b"email\na@example.com\n", Settings { dry_run: false, ..dry }).await.unwrap_err();
        assert_eq!(real.problem().code, Code::NotFound);
    }

    async fn an_interrupted_import_goes_on_exactly_there(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let rows = (0..4500).map(|number| format!("p{number}@example.com,P{}\n", number % 7));
        let mut file: String = std::iter::once("email,first name\n".to_owned()).chain(rows).collect();
        file.push_str("p1@example.com,Changed\nbroken\n");
        let id = begin(&ctx, file.as_bytes(), settings(news, Basis::Consent)).await.unwrap();
        let claimed = jobs::claim(&t.core, job::QUEUE, 1).await.unwrap().remove(0);
        let mut feed = t.core.db.feed_changed();
        {
            let run = Imports.run(&t.core, claimed);
            tokio_select(run, async {
                feed.mark_unchanged();
                feed.changed().await.unwrap();
            })
            .await;
        }
        t.clock.advance(3600);
        for _ in 0..20 {
            jobs::drain(&t.core, &[Arc::new(Imports) as Arc<dyn Handler>]).await.unwrap();
            t.clock.advance(3600);
        }
        let import = job::get(&ctx, id).await.unwrap();
        assert_eq!(import.state, State::Done);
        assert_eq!(counts(&import.report), [4502, 4500, 1, 0, 1]);
        assert_eq!(contacts::count(&ctx).await.unwrap(), 4500);
        privacy::ledger::verify_stored(&ctx, false).await.unwrap();
    }
}

/// Runs two futures until one of them ends and drops the other.
async fn tokio_select<A>(one: impl Future<Output = A>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (Box::pin(one), Box::pin(other));
    std::future::poll_fn(|context| {
        if one.as_mut().poll(context).is_ready() || other.as_mut().poll(context).is_ready() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

testkit::each_engine! {
    async fn too_much_about_one_person_costs_the_extra_and_not_the_import(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let columns: Vec<String> = (0..20).map(|number| format!("note {number}")).collect();
        let mut settings = settings(news, Basis::Consent);
        settings.attributes.clone_from(&columns);
        let long = "x".repeat(3900);
        let file = format!("email,{}\na@example.com{}\nb@example.com{}\n", columns.join(","), format!(",{long}").repeat(20), ",y".repeat(20));
        let report = import(&ctx, file.as_bytes(), settings).await;
        assert_eq!((counts(&report), report.warnings), ([2, 2, 0, 0, 0], 1));
        let a = contacts::find(&ctx, "a@example.com").await.unwrap().unwrap();
        assert!(contacts::get(&ctx, people::ReadFor::Work, a).await.unwrap().loaded.profile.attributes.is_empty());
    }

    async fn every_encoding_arrives_intact(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let text = |number: u8| format!("email;الاسم الأول;اسم العائلة\np{number}@example.com;محمود درويش;البروة الجليل\n");
        let utf16 = |text: String| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        let files = [
            (0u8, "UTF-8 with BOM", [b"\xef\xbb\xbf".to_vec(), text(0).into_bytes()].concat()),
            (1, "UTF-16BE", utf16(text(1))),
            (2, "Windows-1256", windows_1256(&text(2))),
        ];
        for (number, encoding, file) in files {
            let report = import(&ctx, &file, settings(news, Basis::Consent)).await;
            assert_eq!((report.encoding.as_str(), report.added), (encoding, 1));
            let id = contacts::find(&ctx, &format!("p{number}@example.com")).await.unwrap().unwrap();
            assert_eq!(contacts::get(&ctx, people::ReadFor::Work, id).await.unwrap().to_json()["first_name"], "محمود درويش");
        }
    }
}

/// The bytes of an Arabic text in the older code page, for the letters the test uses.
fn windows_1256(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ءآأؤإئابةتثجحخدذرزسشصض";
    let byte = |c: char| match c {
        c if c.is_ascii() => c as u8,
        'ط'..='غ' => 0xd8 + (c as u32 - 'ط' as u32) as u8,
        'ف' => 0xdd,
        'ق' => 0xde,
        'ك' => 0xdf,
        'ل' => 0xe1,
        'م'..='و' => 0xe3 + (c as u32 - 'م' as u32) as u8,
        'ى' => 0xec,
        'ي' => 0xed,
        c => 0xc1 + LETTERS.chars().position(|letter| letter == c).unwrap() as u8,
    };
    text.chars().map(byte).collect()
}
