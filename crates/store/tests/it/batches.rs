use kernel::{ContactId, Timestamp};
use store::{Error, Feed, LedgerEvent, feed, ledger, params, sql};
use testkit::each_engine;

sql! {
    PUT = "INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3)";
    MOVE = "UPDATE lease SET until = $2 WHERE name = $1";
    GET = "SELECT until, owner FROM lease WHERE name = $1";
    RECORDS = "SELECT seq, at, events, root, prev_hash, hash FROM ledger_record WHERE workspace = $1 ORDER BY seq";
}

fn event(ctx: &store::Ctx, body: &str) -> LedgerEvent {
    LedgerEvent { id: ctx.id(), subject: [1; 16], body: body.as_bytes().to_vec(), sealed: vec![1] }
}

each_engine! {
    async fn a_failing_guard_takes_the_whole_batch_back(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        batch.push(PUT, params!["a", "me", 1]);
        batch.feed(Feed { kind: "x", entity: [0; 16], data: serde_json::json!({}) });
        batch.guard(MOVE, params!["nobody", 2]);
        assert!(matches!(ctx.db.apply(batch).await, Err(Error::Guard("MOVE"))));
        assert!(ctx.db.opt::<(i64, String)>(GET, params!["a"]).await.unwrap().is_none());
        assert_eq!(feed::head(&ctx.db, ctx.workspace).await.unwrap(), 0);
    }

    async fn a_second_row_with_the_same_key_is_unique(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        for expected in [true, false] {
            let mut batch = ctx.batch();
            batch.push(PUT, params!["a", "me", 1]);
            let outcome = ctx.db.apply(batch).await;
            assert_eq!(outcome.is_ok(), expected);
            assert!(expected || matches!(outcome, Err(Error::Unique(_))));
        }
    }

    async fn feed_and_ledger_are_gap_free_under_concurrency(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..40 {
            let ctx = ctx.clone();
            tasks.spawn(async move {
                let mut batch = ctx.batch();
                let entity: ContactId = ctx.id();
                batch.feed(Feed { kind: "contact.created", entity: entity.into(), data: serde_json::json!({ "n": n }) });
                batch.ledger(event(&ctx, &format!("{{\"n\":{n}}}")));
                batch.ledger(event(&ctx, "{}"));
                ctx.db.apply(batch).await.unwrap()
            });
        }
        let mut seqs: Vec<i64> = tasks.join_all().await.into_iter().map(|applied| applied.ledger_seq).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=40).collect::<Vec<_>>());
        let rows = feed::read_after(&ctx.db, ctx.workspace, 0, 100).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
        let mut prev = ledger::GENESIS;
        let records: Vec<(i64, Timestamp, i64, [u8; 32], [u8; 32], [u8; 32])> =
            ctx.db.all(RECORDS, params![ctx.workspace]).await.unwrap();
        for (seq, at, events, root, prev_hash, hash) in records {
            assert_eq!(prev_hash, prev);
            let head = ledger::RecordHead { workspace: ctx.workspace, seq, at, prev_hash, root, events };
            assert_eq!(head.hash(), hash);
            prev = hash;
        }
    }

    async fn a_transaction_that_says_no_leaves_nothing(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let outcome: store::Result<()> = ctx
            .db
            .tx(|tx| {
                tx.exec(PUT, params!["a", "me", 1])?;
                Err(kernel::Problem::new(kernel::Code::Conflict, "no").into())
            })
            .await;
        assert!(matches!(outcome, Err(Error::Refused(_))));
        assert!(ctx.db.opt::<(i64, String)>(GET, params!["a"]).await.unwrap().is_none());
    }

    async fn one_statement_for_many_keys(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        for n in 0..500 {
            batch.push(PUT, params![format!("k{n}"), "me", n]);
        }
        ctx.db.apply(batch).await.unwrap();
        let sets = (0..1000).map(|n| params![format!("k{n}")]).collect();
        let rows: Vec<Vec<(i64, String)>> = ctx.db.many(GET, sets).await.unwrap();
        assert_eq!(rows.len(), 1000);
        assert_eq!(rows[499][0].0, 499);
        assert!(rows[500].is_empty());
    }

    async fn a_newer_database_is_refused(t: testkit::Fixture) {
        sql! { ADD = "INSERT INTO migration (area, number, name, checksum, at) VALUES ('store', 99, 'x', 'y', 0)"; }
        t.core.db.migrate(t.core.now()).await.unwrap();
        t.core.db.tx(|tx| tx.exec(ADD, Vec::new()).map(|_| ())).await.unwrap();
        let error = t.core.db.migrate(t.core.now()).await.unwrap_err();
        assert!(error.to_string().contains("newer"), "{error}");
    }
}

#[test]
fn a_dump_comes_back_whole_and_a_damaged_one_changes_nothing() {
    testkit::run(async {
        let Some(t) = testkit::Fixture::postgres().await else { return };
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        batch.push(PUT, params!["a", "me", 1]);
        batch.ledger(event(&ctx, "{}"));
        ctx.db.apply(batch).await.unwrap();
        let file = t.path().join("dump");
        ctx.db.backup_file(file.clone()).await.unwrap();
        let url = testkit::Cluster::shared().unwrap().url();
        let target = format!("restored{}", std::process::id());
        store::Db::restore_postgres(url, &target, &file, t.core.now()).await.unwrap();
        let restored = store::Db::open_postgres(url, &target).await.unwrap();
        assert_eq!(restored.one::<(i64, String)>(GET, params!["a"]).await.unwrap(), (1, "me".to_owned()));
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.truncate(bytes.len() / 2);
        std::fs::write(&file, &bytes).unwrap();
        assert!(store::Db::restore_postgres(url, &target, &file, t.core.now()).await.is_err());
        assert!(restored.opt::<(i64, String)>(GET, params!["a"]).await.unwrap().is_some());
    });
}
