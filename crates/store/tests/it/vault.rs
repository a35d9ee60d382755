use kernel::{ContactId, Rng, Timestamp};
use store::{Actor, Error, SafetyEntry, SafetyKind, Vault};
use testkit::each_engine;

each_engine! {
    async fn a_destroyed_key_opens_nothing(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let subject: ContactId = ctx.id();
        let keys = ctx.vault.create_subjects(ctx.workspace, &[subject]).await.unwrap().pop().unwrap();
        let aad = ctx.aad(subject, "contact.sealed");
        let sealed = keys.data().unwrap().seal(&aad, b"Lina", ctx.rng.as_ref());
        let again = ctx.vault.subject(ctx.workspace, subject).await.unwrap();
        assert_eq!(again.data().unwrap().open(&aad, &sealed).unwrap(), b"Lina");
        ctx.vault.destroy_data_keys(ctx.workspace, &[subject]).await.unwrap();
        let after = ctx.vault.subject(ctx.workspace, subject).await.unwrap();
        assert!(matches!(after.data(), Err(Error::KeyDestroyed)));
        assert!(after.evidence().is_ok());
    }

    async fn a_sealed_value_opens_only_in_its_place(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let subjects: [ContactId; 2] = [ctx.id(), ctx.id()];
        let keys = ctx.vault.create_subjects(ctx.workspace, &subjects).await.unwrap();
        let sealed = keys[0].data().unwrap().seal(&ctx.aad(subjects[0], "contact.sealed"), b"x", ctx.rng.as_ref());
        assert!(keys[0].data().unwrap().open(&ctx.aad(subjects[1], "contact.sealed"), &sealed).is_err());
        assert!(keys[0].data().unwrap().open(&ctx.aad(subjects[0], "delivery.sealed"), &sealed).is_err());
        assert!(keys[1].data().unwrap().open(&ctx.aad(subjects[0], "contact.sealed"), &sealed).is_err());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(keys[0].data().unwrap().open(&ctx.aad(subjects[0], "contact.sealed"), &changed).is_err());
        }
    }

    async fn keys_are_the_same_after_reopening_and_wrong_masters_are_refused(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let token = ctx.keys().await.unwrap().sign("unsubscribe", &ctx.workspace.0);
        let open = |master| Vault::open(t.core.vault.db().clone(), master, t.core.clock.clone(), t.core.rng.clone());
        let again = open([7; 32]).await.unwrap();
        let keys = again.keys(ctx.workspace).await.unwrap();
        assert_eq!(keys.verify("unsubscribe", &token), Some(ctx.workspace.0.to_vec()));
        assert_eq!(keys.verify("confirm", &token), None);
        assert!(matches!(open([8; 32]).await, Err(Error::MasterKey(_))));
    }

    async fn a_token_is_read_with_its_workspace(t: testkit::Fixture) {
        let (one, other) = (t.workspace().await, t.workspace().await);
        let keys = one.keys().await.unwrap();
        let payload = [&one.workspace.0[..], b"behind it"].concat();
        let token = keys.sign("confirm", &payload);
        let read = |label: &'static str, token: String| {
            let vault = one.vault.clone();
            async move { vault.read_token(label, &token).await.unwrap() }
        };
        assert_eq!(read("confirm", token.clone()).await, Some((one.workspace, b"behind it".to_vec())));
        assert_eq!(read("unsubscribe", token.clone()).await, None);
        // One workspace's keys say nothing about another's, nor about one that is not there.
        for foreign in [other.workspace.0, [9; 16]] {
            assert_eq!(read("confirm", keys.sign("confirm", &foreign)).await, None);
        }
        let mut forged = token.into_bytes();
        forged[30] ^= 1;
        assert_eq!(read("confirm", String::from_utf8(forged).unwrap()).await, None);
        assert_eq!(read("confirm", keys.sign("confirm", &[&payload[..], &[0; 200]].concat())).await, None, "too long");
    }

    async fn tokens_of_hostile_shape_are_refused(t: testkit::Fixture) {
        let rng = testkit::SeededRng::new(1);
        for length in 0..60 {
            let mut bytes = vec![0; length];
            rng.fill(&mut bytes);
            let (text, encoded) = (String::from_utf8_lossy(&bytes).into_owned(), data_encoding::BASE64URL_NOPAD.encode(&bytes));
            for token in [text, encoded] {
                assert_eq!(t.core.vault.read_token("confirm", &token).await.unwrap(), None);
            }
        }
    }

    async fn workspaces_share_no_key(t: testkit::Fixture) {
        let (one, other) = (t.workspace().await, t.workspace().await);
        let (a, b) = (one.keys().await.unwrap(), other.keys().await.unwrap());
        assert_ne!(a.blind("email", "lina@example.com"), b.blind("email", "lina@example.com"));
        assert_ne!(a.suppression("email:lina@example.com"), a.blind("email", "lina@example.com"));
        assert!(b.open("x", &a.seal("x", b"secret")).is_err());
        assert!(b.verify("l", &a.sign("l", b"p")).is_none());
    }

    async fn the_safety_log_remembers_what_is_open(t: testkit::Fixture) {
        let ctx = t.core.ctx(t.workspace().await.workspace, Actor::System);
        let entry = SafetyEntry {
            id: ctx.id(),
            kind: SafetyKind::Erasure,
            subject: Some(ctx.id()),
            hash: Some([3; 16]),
            scope: "person".to_owned(),
            reason: "request".to_owned(),
            at: Timestamp(5),
            done: false,
        };
        ctx.vault.safety(ctx.workspace, std::slice::from_ref(&entry)).await.unwrap();
        assert_eq!(ctx.vault.unfinished().await.unwrap(), vec![ctx.workspace]);
        assert_eq!(ctx.vault.open_safety(ctx.workspace).await.unwrap().len(), 1);
        ctx.vault.complete_safety(ctx.workspace, &[entry.id]).await.unwrap();
        assert!(ctx.vault.unfinished().await.unwrap().is_empty());
        assert_eq!(ctx.vault.safety_log(ctx.workspace).await.unwrap().len(), 1);
    }
}
