//! Nothing outlives its class: eleven years on a fake clock, on both engines. Canaries stand in every
//! table that ends, are looked for in every file of the data directory (or in dumps of both schemas), in
//! the audience index and in the log; none may be there a day after its time, and none may go early.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use kernel::{ContactId, DeliveryId, Email, Timestamp};
use memchr::memmem;
use parking_lot::Mutex;
use people::contacts::{self, Draft, Origin, Standard};
use people::segments::live::Live;
use privacy::claims::{self, Statement};
use privacy::gate::{Gate, Withdrawal};
use privacy::provenance::Method;
use privacy::retention::{self, Mode, NewHold, Period};
use privacy::suppression::Reason;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, Scope};
use serde_json::json;
use store::jobs::{self, Handler};
use store::{Core, Ctx, PersonalTable, RetentionRule, params};
use testkit::Fixture;

use crate::retention_tables::{COVERED, WITH_THE_WORKSPACE_OR_PERSON};

store::sql! {
    PUT_DELIVERY = "INSERT INTO delivery (workspace, id, source, contact, channel, purpose, topic, content, address, domain, state,
        reason, rule, pack, basis, claim, attempts, due_at, lease_until, created_at, sent_at, finished_at, status, sealed)
        VALUES ($1, $2, $3, $4, 'email', 'marketing', NULL, $3, $5, $5, 2, NULL, 'r', 'p', 'consent', NULL, 1, $6, 0, $6, $6, $6, NULL, $7)";
    CONTENT = "SELECT sealed FROM delivery WHERE workspace = $1 AND id = $2";
    PUT_HIT = "INSERT INTO hit (workspace, source, delivery, at, kind, class, link) VALUES ($1, $2, $3, $4, $5, 0, 0)";
    PUT_SOFT = "INSERT INTO soft_failure (workspace, address, at, contact) VALUES ($1, $2, $3, $4)";
    PUT_EVENT = "INSERT INTO event (workspace, contact, at, id, kind, class, campaign, message) VALUES ($1, $2, $3, $4, 'opened', 'human', NULL, $5)";
    PUT_SENT = "INSERT INTO gate_sent (workspace, subject, day, sent) VALUES ($1, $2, $3, 1)";
    PUT_INBOUND = "INSERT INTO inbound_message (workspace, id, digest, contact, delivery, way, kind, attention, created_at, sealed)
        VALUES ($1, $2, $3, NULL, NULL, 'w', 'k', $4, $5, $6)";
    PUT_CAUGHT = "INSERT INTO caught_message (workspace, id, delivery, contact, at, sealed) VALUES ($1, $2, $2, $3, $4, $5)";
    PUT_CALL = "INSERT INTO api_call (workspace, id, at, actor, operation, status, network, bytes_in, bytes_out, micros)
        VALUES ($1, $2, $3, 'system', $4, 200, $5, 0, 0, 0)";
    PUT_READ = "INSERT INTO person_read (workspace, day, purpose, people) VALUES ($1, $2, $3, 1)";
    PUT_AUDIT = "INSERT INTO audit (workspace, id, at, actor, action, objects, detail) VALUES ($1, $2, $3, 'system', 'a', '', $4)";
    PUT_JOB = "INSERT INTO job (workspace, id, queue, dedup, payload, run_at, attempts, lease_until, dead, last_error)
        VALUES ($1, $2, 'gone', NULL, '{}', $3, 12, 0, $4, $5)";
    PUT_KEPT = "INSERT INTO idempotency (workspace, key, fingerprint, response, locked_until, expires_at) VALUES ($1, $2, $2, $3, 0, $4)";
    PUT_PART = "INSERT INTO import_part (workspace, file, part, sealed) VALUES ($1, $2, 0, $3)";
    PUT_CAMPAIGN = "INSERT INTO campaign (workspace, id, state, topic, draft, version, created_at, updated_at, name, deleted_at)
        VALUES ($1, $2, 'draft', $2, '{}', 1, $3, $3, $4, $3)";
    PUT_PIECE = "INSERT INTO piece (workspace, id, kind, about, name, design, created_at, created_by)
        VALUES ($1, $2, 'state', 'cmp_1:ar', $4, '{}', $3, 'system')";
    PUT_TEMPLATE = "INSERT INTO template (workspace, id, name, source, revision, created_at, updated_at, deleted_at)
        VALUES ($1, $2, $4, '{}', 1, $3, $3, $3)";
    PUT_ANSWER = "INSERT INTO calendar_answer (workspace, booking, address, partstat, sequence, at) VALUES ($1, $2, $3, 'declined', 0, $4)";
    PUT_SEGMENT = "INSERT INTO segment (workspace, id, sealed, version, created_at, updated_at, deleted_at) VALUES ($1, $2, $4, 1, $3, $3, $3)";
    PUT_SESSION = "INSERT INTO session (hash, id, account, second_factor, agent, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $6)";
    PUT_REQUEST = "INSERT INTO data_request (workspace, id, kind, via, state, subject, child, actor, received_at, target_at,
            due_at, closed_at, reminded, shredded, version, sealed)
        VALUES ($1, $2, 'access', 'post', 'fulfilled', $3, $4, 'system', $5, $5, $5, $5, 0, $6, 1, $7)";
    PUT_REQUEST_EVENT = "INSERT INTO data_request_event (workspace, request, id, at, kind, actor, sealed)
        VALUES ($1, $2, $2, $3, 'note', 'system', $4)";
    PUT_PACK = "INSERT INTO data_request_pack (workspace, request, id, subject, made_at, expires_at, sealed)
        VALUES ($1, $2, $2, $3, $4, $5, $6)";
    PUT_INTAKE = "INSERT INTO data_request_intake (workspace, id, at, sealed) VALUES ($1, $2, $3, $4)";
    PUT_NOTICE = "INSERT INTO recipient_notice (workspace, id, subject, disclosure, act, state, attempts, made_at)
        VALUES ($1, $2, $3, $4, 'erased', 'acknowledged', 1, $5)";
    PUT_DISCLOSURE = "INSERT INTO disclosure (workspace, subject, recipient, id, kind, actor, first_at, last_at, times, sealed)
        VALUES ($1, $2, $3, $4, 'partner', 'system', $5, $5, 1, $6)";
    PUT_INCIDENT = "INSERT INTO incident (workspace, id, kind, discovered_at, recorded_at, closed_at, detail, version, updated_at)
        VALUES ($1, $2, 'breach', $3, $3, $3, $4, 1, $3)";
    PUT_AFFECTED = "INSERT INTO incident_subject (workspace, incident, subject, added_at, sealed) VALUES ($1, $2, $3, $4, $5)";
    PUT_AUTHORITY = "INSERT INTO authority_subject (workspace, request, subject, added_at) VALUES ($1, $2, $3, $4)";
    PUT_ANNOUNCEMENT = "INSERT INTO announcement (workspace, id, kind, audience, about, content, created_at, finished_at, queued, refused)
        VALUES ($1, $2, 'notice', 'listed', $2, $3, $4, $4, 1, 0)";
    PUT_RECIPIENT = "INSERT INTO announcement_recipient (workspace, announcement, subject) VALUES ($1, $2, $3)";
    PUT_COOKIE = "INSERT INTO cookie_proof (workspace, id, site, version, visitor, action, choices, gpc, at, sealed)
        VALUES ($1, $2, $2, 1, $3, 'accept_all', 7, $4, $5, $6)";
    PUT_SEQUENCE = "INSERT INTO sequence (workspace, id, state, draft, version, created_at, updated_at, ended_at)
        VALUES ($1, $2, 'ended', '{}', 1, $3, $3, $3)";
    PUT_ENROLLED = "INSERT INTO sequence_person (workspace, sequence, contact, state, step, due_at, enrolled_at, updated_at)
        VALUES ($1, $2, $3, 'completed', 1, $4, $4, $4)";
    PUT_ANSWERED = "INSERT INTO answered (workspace, contact, question, message, at) VALUES ($1, $2, 'source', $2, $3)";
    PUT_DUTY = "INSERT INTO art14 (workspace, subject, method, since, due_at) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (workspace, subject) DO UPDATE SET method = excluded.method";
    PUT_HALT = "INSERT INTO gate_halt (workspace, series, subject, reason, at) VALUES ($1, $2, $3, $4, $5)";
    PUT_REVIEW = "INSERT INTO purpose_review (workspace, id, subject, before, after, opened_at) VALUES ($1, $2, $3, $4, $4, $5)";
    PUT_ENRICHED = "INSERT INTO enriched (workspace, contact, at) VALUES ($1, $2, $3)";
    ROWS_OF = "SELECT (SELECT CAST(count(*) AS BIGINT) FROM enriched WHERE workspace = $1),
        (SELECT CAST(count(*) AS BIGINT) FROM art14 WHERE workspace = $1)";
    HITS_LEFT = "SELECT CAST(count(*) AS BIGINT) FROM hit WHERE workspace = $1 AND source = $2";
    CONTACT_SEALED = "SELECT sealed FROM contact WHERE workspace = $1 AND id = $2";
    IDENTITY_BLIND = "SELECT blind FROM identity WHERE workspace = $1 AND contact = $2";
    FACTS_SEALED = "SELECT sealed FROM gate_subject WHERE workspace = $1 AND subject = $2";
    CLAIM_SEALED = "SELECT sealed FROM claim WHERE workspace = $1 AND subject = $2";
    SOURCE_SEALED = "SELECT sealed FROM provenance WHERE workspace = $1 ORDER BY id DESC LIMIT 1";
    EVIDENCE_SEALED = "SELECT sealed FROM ledger_event WHERE workspace = $1 AND seq > $2 ORDER BY seq DESC LIMIT 1";
    HOLD_SEALED = "SELECT sealed FROM retention_hold WHERE workspace = $1 AND id = $2";
    DELIVERIES = "SELECT id, contact, created_at, address FROM delivery WHERE workspace = $1 ORDER BY id LIMIT 100000";
    EVENTS_LEFT = "SELECT contact, at FROM event WHERE workspace = $1 AND at > 0 ORDER BY at LIMIT 1000";
}

const DAY: i64 = 86_400;

/// Everything the process logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn captured() -> &'static Log {
    static LOG: std::sync::OnceLock<Log> = std::sync::OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
        let _ = lines.with_writer(move || writer.clone()).try_init();
        log
    })
}

/// Bytes that must be there until `due` and must be gone a day later.
struct Canary {
    name: &'static str,
    bytes: Vec<u8>,
    due: Timestamp,
}

pub(crate) struct Years {
    t: Fixture,
    pub(crate) ctx: Ctx,
    gate: Gate,
    live: Live,
    canaries: Vec<Canary>,
}

impl Years {
    fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    pub(crate) fn watch(&mut self, name: &'static str, bytes: impl Into<Vec<u8>>, due: Timestamp) {
        let bytes = bytes.into();
        assert!(bytes.len() >= 8, "{name}: too short to be found by chance");
        // A long value may lie on several pages; its beginning lies on one.
        let bytes = bytes[..bytes.len().min(40)].to_vec();
        self.canaries.push(Canary { name, bytes, due });
    }

    pub(crate) fn random(&self) -> [u8; 16] {
        let mut out = [0; 16];
        self.ctx.rng.fill(&mut out);
        out
    }

    pub(crate) async fn put(&self, sql: store::Sql, values: Vec<store::Value>) {
        let mut batch = self.ctx.batch();
        batch.push(sql, values);
        self.ctx.db.apply(batch).await.unwrap();
    }

    async fn sealed(&self, sql: store::Sql, key: impl Into<store::Value>) -> Vec<u8> {
        self.ctx.db.one::<(Vec<u8>,)>(sql, vec![self.ctx.workspace.into(), key.into()]).await.unwrap().0
    }

    /// The hourly job, and the jobs it causes.
    async fn hour(&self, core: &Core) {
        let accounts = accounts::Accounts::new(core.clone(), accounts::Settings::default());
        accounts.sweep().await.unwrap();
        api::housekeeping::shared(core).await;
        api::housekeeping::of_workspace(&self.ctx).await;
        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(self.gate.erasure_jobs())];
        jobs::drain(core, &handlers).await.unwrap();
        api::housekeeping::fold(core).await;
    }

    /// Every file there is: of the data directory, or dumps of both schemas.
    async fn files(&self) -> Vec<(String, Vec<u8>)> {
        let read = |path: &Path| (path.display().to_string(), std::fs::read(path).unwrap());
        if self.ctx.db.engine() == store::Engine::Postgres {
            let (data, keys) = (self.t.path().join("data.dump"), self.t.path().join("keys.dump"));
            self.ctx.db.backup_file(data.clone()).await.unwrap();
            self.ctx.vault.db().backup_file(keys.clone()).await.unwrap();
            return vec![read(&data), read(&keys)];
        }
        std::fs::read_dir(self.t.path()).unwrap().map(|entry| read(&entry.unwrap().path())).collect()
    }

    async fn look(&self) {
        let (now, files) = (self.now(), self.files().await);
        for canary in &self.canaries {
            let found: Vec<&String> = files
                .iter()
                .filter(|(_, bytes)| memmem::find(bytes, &canary.bytes).is_some())
                .map(|(name, _)| name)
                .collect();
            if canary.due.plus_seconds(DAY) < now {
                assert!(found.is_empty(), "{now}: {} was due {} and is still in {found:?}", canary.name, canary.due);
            } else if canary.due > now {
                assert!(!found.is_empty(), "{now}: {} is due {} only and is gone", canary.name, canary.due);
            }
        }
    }

    /// Goes to an instant, an hour and then a day later, as the hourly job would, and looks.
    async fn at(&self, instant: Timestamp) {
        let core = self.t.core.clone();
        for seconds in [1, 3600, DAY - 60, DAY + 1] {
            let to = instant.plus_seconds(seconds);
            if to > self.now() {
                self.t.clock.set(to);
            }
            self.hour(&core).await;
        }
        self.look().await;
    }

    async fn person(&self, email: &str, name: &str, method: Method) -> ContactId {
        let draft = Draft {
            emails: vec![Email::parse(email).unwrap()],
            values: [(Standard::FirstName, name.to_owned()), (Standard::Country, "DE".to_owned())].into(),
            ..Draft::default()
        };
        let origin = Origin { method, source: format!("where {name} was found") };
        contacts::create(&self.ctx, draft, &origin).await.unwrap()
    }

    async fn consent(&self, person: ContactId) {
        let keys = self.ctx.keys().await.unwrap();
        let subject_keys = self.ctx.vault.subject(self.ctx.workspace, person).await.unwrap();
        let statement = Statement {
            subject: person,
            purpose: Purpose::MARKETING,
            channel: Channel::Email,
            topic: None,
            basis: BasisKind::Consent,
            state: ConsentState::Given,
            at: self.now(),
            expires_at: None,
            detail: json!({ "ip": "192.0.2.77", "wording": "Yes, write to me", "evidence": true }),
        };
        let mut batch = self.ctx.batch();
        claims::state(&mut batch, &self.ctx, &keys, &subject_keys, statement).unwrap();
        self.ctx.db.apply(batch).await.unwrap();
    }

    async fn left_by(&self, person: ContactId) {
        let withdrawal = Withdrawal {
            subject: person,
            addresses: Vec::new(),
            scope: Scope::Purpose(Purpose::MARKETING),
            reason: Reason::UnsubscribeAll,
            evidence: json!({ "how": "page" }),
        };
        self.gate.withdraw(&self.ctx, withdrawal).await.unwrap();
    }

    async fn watch_person(&mut self, names: [&'static str; 4], person: ContactId, due: Timestamp) {
        let rows = [CONTACT_SEALED, IDENTITY_BLIND, FACTS_SEALED];
        for (name, sql) in names.into_iter().zip(rows) {
            let bytes = self.sealed(sql, person).await;
            self.watch(name, bytes, due);
        }
        let (source,): (Vec<u8>,) = self.ctx.db.one(SOURCE_SEALED, params![self.ctx.workspace]).await.unwrap();
        // Sources are looked for once a day, when somebody was erased.
        self.watch(names[3], source, due);
    }

    /// One canary in every table that holds rows about something that happened.
    async fn rows(&mut self) {
        let (ws, now, due) = (self.ctx.workspace, self.now(), |period: &str, at: Timestamp| -> Timestamp {
            period.parse::<Period>().unwrap().after(at)
        });
        let person = ContactId(self.random());
        let (six, year) = (due("P6M", now), due("P12M", now));
        let (address, sealed, source) = (self.random(), self.random(), self.random());
        let delivery: DeliveryId = self.ctx.id();
        self.put(PUT_DELIVERY, params![ws, delivery, source, person, address, now, &sealed[..]]).await;
        self.put(PUT_HIT, params![ws, source, delivery, now, 0i64]).await;
        self.watch("delivery.address", address, six);
        self.watch("delivery.sealed", sealed, six);
        self.watch("delivery.id and hit.delivery", delivery.0, six);
        let soft = self.random();
        self.put(PUT_SOFT, params![ws, soft, now, person]).await;
        self.watch("soft_failure.address", soft, six);
        let (id, message) = (self.random(), self.random());
        self.put(PUT_EVENT, params![ws, person, now, id, message]).await;
        self.watch("event.message", message, year);
        let subject = self.random();
        self.put(PUT_SENT, params![ws, subject, now.day()]).await;
        self.watch(
            "gate_sent.subject",
            subject,
            Timestamp(due("P6M", Timestamp(i64::from(now.day()) * DAY * 1_000_000)).0),
        );
        let (id, sealed): (DeliveryId, _) = (self.ctx.id(), self.random());
        self.put(PUT_INBOUND, params![ws, id, &sealed[..], false, now, &sealed[..]]).await;
        self.watch("inbound_message", sealed, six);
        let sealed = self.random();
        self.put(PUT_CAUGHT, params![ws, id, person, now, &sealed[..]]).await;
        self.watch("caught_message", sealed, six);
        let sealed = self.random();
        self.put(PUT_AUDIT, params![ws, id, now, &sealed[..]]).await;
        self.watch("audit.detail", sealed, due("P24M", now));
        let network = self.random();
        let operation = format!("GET /v1/canary/{}", data_encoding::HEXLOWER.encode(&self.random()));
        self.put(PUT_CALL, params![ws, id, now, operation.as_str(), &network[..]]).await;
        self.watch("api_call.operation", operation, six);
        self.watch("api_call.network", network, due("P30D", now));
        let read_for = format!("canary {}", data_encoding::HEXLOWER.encode(&self.random()));
        self.put(PUT_READ, params![ws, now.day(), read_for.as_str()]).await;
        self.watch("person_read", read_for, due("P24M", now));
        let error = format!("canary {}", data_encoding::HEXLOWER.encode(&self.random()));
        self.put(PUT_JOB, params![ws, id, now, true, error.as_str()]).await;
        self.watch("job.last_error", error, six);
        let ended_by_retention = [
            ("campaign in the bin", PUT_CAMPAIGN),
            ("template in the bin", PUT_TEMPLATE),
            ("piece, an earlier state", PUT_PIECE),
        ];
        for (what, put) in ended_by_retention {
            let name = format!("canary {}", data_encoding::HEXLOWER.encode(&self.random()));
            self.put(put, params![ws, self.random(), now, name.as_str()]).await;
            self.watch(what, name, due("P30D", now));
        }
        let (booking, invited) = (self.random(), self.random());
        self.put(PUT_ANSWER, params![ws, booking, invited, now]).await;
        self.watch("calendar_answer.address", invited, due("P365D", now));
        let condition = self.random();
        self.put(PUT_SEGMENT, params![ws, self.random(), now, &condition[..]]).await;
        self.watch("segment in the bin", condition, due("P30D", now));
        let (key, answer) = (self.random(), self.random());
        self.put(PUT_KEPT, params![ws, &key[..], &answer[..], now.plus_seconds(DAY)]).await;
        self.watch("idempotency.response", answer, now.plus_seconds(DAY));
        let (file, part) = (self.random(), self.random());
        self.ctx.vault.create_file(ws, file, now.plus_seconds(7 * DAY)).await.unwrap();
        self.put(PUT_PART, params![ws, file, &part[..]]).await;
        self.watch("import_part.sealed", part, now.plus_seconds(7 * DAY));
        self.watch("file_key", file, now.plus_seconds(7 * DAY));
        crate::retention_messaging::rows(self).await;
        crate::retention_calls::rows(self).await;
        crate::retention_booking::rows(self).await;
        let (hash, agent) = ([7u8; 32], self.random());
        let ends = now.plus_seconds(30 * DAY);
        self.put(PUT_SESSION, params![hash, self.random(), self.random(), false, &agent[..], ends]).await;
        self.watch("session.agent", agent, ends);
        let hold = retention::hold(
            &self.ctx,
            NewHold {
                kind: retention::HoldKind::Dispute,
                class: Some("tax".into()),
                subject: None,
                reason: "case 17".into(),
                ends_on: None,
            },
        );
        let hold = hold.await.unwrap();
        retention::lift(&self.ctx, hold.id).await.unwrap();
        let sealed = self.sealed(HOLD_SEALED, hold.id).await;
        self.watch("retention_hold.sealed", sealed, due("P5Y", now));
    }
}

impl Years {
    /// Canaries of requests, registers, cookies and outreach.
    async fn registers(&mut self) {
        let (ws, now) = (self.ctx.workspace, self.now());
        let due = |period: &str| -> Timestamp { period.parse::<Period>().unwrap().after(now) };
        let (six, five) = (due("P6M"), due("P5Y"));
        let person = ContactId(self.random());
        let (id, sealed): (DeliveryId, _) = (self.ctx.id(), self.random());
        self.put(PUT_REQUEST, params![ws, id, person, false, now, true, &sealed[..]]).await;
        self.watch("data_request.sealed", sealed, five);
        let (closed, sealed) = (id, self.random());
        self.put(PUT_REQUEST_EVENT, params![ws, closed, now, &sealed[..]]).await;
        self.watch("data_request_event.sealed", sealed, five);
        let (sealed, ends) = (self.random(), now.plus_seconds(14 * DAY));
        self.put(PUT_PACK, params![ws, closed, person, now, ends, &sealed[..]]).await;
        self.watch("data_request_pack.sealed", sealed, ends);
        let sealed = self.random();
        self.put(PUT_INTAKE, params![ws, self.random(), now, &sealed[..]]).await;
        self.watch("data_request_intake.sealed", sealed, now.plus_seconds(7 * DAY));
        let told = self.random();
        self.put(PUT_NOTICE, params![ws, self.ctx.id::<DeliveryId>(), told, told, now]).await;
        self.watch("recipient_notice.subject", told, five);
        let sealed = self.random();
        let key = (self.random(), self.random(), self.random());
        self.put(PUT_DISCLOSURE, params![ws, key.0, key.1, key.2, now, &sealed[..]]).await;
        self.watch("disclosure.sealed", sealed, five);
        let (incident, sealed, detail) = (self.random(), self.random(), self.random());
        self.put(PUT_INCIDENT, params![ws, incident, now, &detail[..]]).await;
        self.put(PUT_AFFECTED, params![ws, incident, self.random(), now, &sealed[..]]).await;
        self.watch("incident_subject.sealed", sealed, five);
        let named = self.random();
        self.put(PUT_AUTHORITY, params![ws, self.random(), named, now]).await;
        self.watch("authority_subject.subject", named, five);
        let (letter, reader, content) = (self.random(), self.random(), self.random());
        self.put(PUT_ANNOUNCEMENT, params![ws, letter, &content[..], now]).await;
        self.put(PUT_RECIPIENT, params![ws, letter, reader]).await;
        self.watch("announcement_recipient.subject", reader, six);
        let (visitor, sealed) = (self.random(), self.random());
        self.put(PUT_COOKIE, params![ws, self.ctx.id::<DeliveryId>(), visitor, false, now, &sealed[..]]).await;
        self.watch("cookie_proof.visitor", visitor, five);
        self.watch("cookie_proof.sealed", sealed, five);
        let (sequence, enrolled) = (self.random(), self.random());
        self.put(PUT_SEQUENCE, params![ws, sequence, now]).await;
        self.put(PUT_ENROLLED, params![ws, sequence, enrolled, now]).await;
        self.watch("sequence_person.contact", enrolled, six);
        let asked = self.random();
        self.put(PUT_ANSWERED, params![ws, asked, now]).await;
        self.watch("answered.contact", asked, six);
    }

    /// Canaries that go with a person.
    async fn beside(&mut self, person: ContactId, due: Timestamp) {
        let (ws, now) = (self.ctx.workspace, self.now());
        let word = |years: &Self| format!("canary {}", data_encoding::HEXLOWER.encode(&years.random()));
        let words = [word(self), word(self), word(self)];
        self.put(PUT_DUTY, params![ws, person, words[0].as_str(), now]).await;
        self.put(PUT_HALT, params![ws, self.random(), person, words[1].as_str(), now]).await;
        self.put(PUT_REVIEW, params![ws, self.random(), person, words[2].as_str(), now]).await;
        self.put(PUT_ENRICHED, params![ws, person, now]).await;
        for (name, word) in ["art14.method", "gate_halt.reason", "purpose_review.before"].into_iter().zip(words) {
            self.watch(name, word, due);
        }
    }
}

testkit::each_engine! {
    async fn no_canary_outlives_its_class_in_eleven_years(t: Fixture) {
        let log = captured();
        let ctx = t.workspace().await;
        let mut years = Years { ctx, t, gate: Gate::new(), live: Live::new(), canaries: Vec::new() };
        let start = years.now();
        let midnight = Timestamp(i64::from(start.day()) * DAY * 1_000_000);
        let after = |period: &str, at: Timestamp| -> Timestamp { period.parse::<Period>().unwrap().after(at) };

        years.rows().await;
        crate::retention_conversations::rows(&mut years).await;
        years.registers().await;
        let lead = years.person("canarylead@example.com", "Canarylead", Method::Given).await;
        years.watch_person(["lead", "lead's address", "lead's facts", "lead's source"], lead, after("P12M", midnight)).await;
        let found = years.person("canaryfound@example.com", "Canaryfound", Method::Enrichment).await;
        years.watch_person(["found", "found's address", "found's facts", "found's source"], found, after("P30D", midnight)).await;
        years.beside(found, after("P30D", midnight)).await;
        let reader = years.person("canaryreader@example.com", "Canaryreader", Method::Form).await;
        years.consent(reader).await;
        let leaves = after("P3Y", start);
        years.watch_person(["reader", "reader's address", "reader's facts", "reader's source"], reader, after("P30D", leaves)).await;
        let terms = years.sealed(CLAIM_SEALED, reader).await;
        years.watch("reader's claim", terms, after("P30D", leaves));
        let (evidence,): (Vec<u8>,) = years.ctx.db.one(EVIDENCE_SEALED, params![years.ctx.workspace, 0i64]).await.unwrap();
        years.watch("reader's evidence", evidence, after("P5Y", leaves));
        assert_eq!(years.live.search(&years.ctx, "Canary", 10).await.unwrap().total, 3);
        years.ctx.db.checkpoint().await.unwrap();
        years.look().await;

        let mut instants: BTreeSet<i64> = years.canaries.iter().map(|canary| canary.due.0).collect();
        instants.insert(leaves.0);
        let mut certified = false;
        while let Some(instant) = instants.pop_first() {
            if instant > leaves.0 && !certified {
                certified = true;
                years.t.clock.set(leaves);
                years.left_by(reader).await;
            }
            years.at(Timestamp(instant)).await;
            // Erasures leave proof of their own, which ends five years later.
            for person in [lead, found, reader] {
                if let Some(done) = privacy::erasure::certificate(&years.ctx, person).await.unwrap()
                    && !years.canaries.iter().any(|canary| canary.bytes == done.id.to_string().into_bytes())
                {
                    let due = after("P5Y", done.completed_at);
                    years.watch("erasure.certificate", done.id.to_string(), due);
                    years.watch("subject_key.subject", person.0, Timestamp(i64::MAX - 2 * DAY * 1_000_000));
                    instants.insert(due.0);
                }
            }
        }
        assert_eq!(years.live.search(&years.ctx, "Canary", 10).await.unwrap().total, 0);
        years.at(after("P11Y", start)).await;

        let left: (i64, i64) = years.ctx.db.one(ROWS_OF, params![years.ctx.workspace]).await.unwrap();
        assert_eq!(left, (0, 0), "what was found about people, and that they must be told, is gone with them");
        // Nobody's key is left; only the safety log still knows that somebody was erased.
        for person in [lead, found, reader] {
            let keys = years.ctx.vault.subject(years.ctx.workspace, person).await.unwrap();
            assert!(keys.data().is_err() && keys.evidence().is_err());
        }
        let report = privacy::ledger::verify_stored(&years.ctx, true).await.unwrap();
        assert_eq!(report.shredded, report.chain.events, "every payload is shredded and the chain holds");
        let text = String::from_utf8_lossy(&log.0.lock()).into_owned();
        for canary in ["canarylead", "canaryfound", "canaryreader", "192.0.2.77"] {
            assert!(!text.to_lowercase().contains(canary), "the log names {canary}");
        }
    }

    async fn holds_pause_and_budgets_resume(t: Fixture) {
        let ctx = t.workspace().await;
        let (held, free) = (ContactId([1; 16]), ContactId([2; 16]));
        for number in 0..50u8 {
            let who = if number < 20 { held } else { free };
            let mut batch = ctx.batch();
            let id: DeliveryId = ctx.id();
            batch.push(PUT_DELIVERY, params![ctx.workspace, id, [number; 16], who, [9u8; 16], ctx.now(), &[1u8][..]]);
            ctx.db.apply(batch).await.unwrap();
        }
        let new = NewHold { kind: retention::HoldKind::GovernmentOrder, class: None, subject: Some(held), reason: "order 3".into(), ends_on: None };
        let hold = retention::hold(&ctx, new).await.unwrap();
        t.clock.advance(200 * DAY);
        let dry = retention::run(&ctx, Mode::Dry, 1000).await.unwrap();
        let line = dry.lines.iter().find(|line| line.class == "comms.traffic").unwrap();
        assert_eq!((line.due, line.held, line.ended), (50, 20, 0));
        let first = retention::run(&ctx, Mode::Real, 10).await.unwrap();
        assert_eq!((first.ended(), first.complete), (10, false));
        let rest = retention::run(&ctx, Mode::Real, 1000).await.unwrap();
        assert_eq!((rest.ended(), rest.complete), (20, true));
        assert_eq!(retention::run(&ctx, Mode::Real, 1000).await.unwrap().ended(), 0);
        assert_eq!(retention::holds_of(&ctx, held).await.unwrap().len(), 1);
        retention::lift(&ctx, hold.id).await.unwrap();
        assert!(retention::lift(&ctx, hold.id).await.is_err());
        // Content and traffic of the same rows: the rows go as a whole.
        assert_eq!(retention::run(&ctx, Mode::Real, 1000).await.unwrap().ended(), 20);
        assert!(retention::reports(&ctx, None, 10).await.unwrap().len() >= 4);
    }

    async fn figures_of_ten_people_stay_and_lead_to_nobody(t: Fixture) {
        let ctx = t.workspace().await;
        let source = [5u8; 16];
        let mut ids = Vec::new();
        for number in 0..25u8 {
            let (person, delivery) = (ContactId([100 + number; 16]), ctx.id::<DeliveryId>());
            let mut batch = ctx.batch();
            batch.push(PUT_DELIVERY, params![ctx.workspace, delivery, source, person, [number; 16], ctx.now(), &[1u8][..]]);
            if number < 12 {
                batch.push(PUT_HIT, params![ctx.workspace, source, delivery, ctx.now(), 0i64]);
            }
            if number < 3 {
                batch.push(PUT_HIT, params![ctx.workspace, source, delivery, ctx.now(), 1i64]);
            }
            ctx.db.apply(batch).await.unwrap();
            ids.push(delivery);
        }
        t.clock.advance(200 * DAY);
        // In two goes: what is counted once is not counted again.
        retention::run(&ctx, Mode::Real, 7).await.unwrap();
        retention::run(&ctx, Mode::Real, 1000).await.unwrap();
        let kept = outbound::retention::kept_of(&ctx, source).await.unwrap();
        let cells: Vec<(&str, &str, u64)> = kept.iter().map(|cell| (cell.kind.as_str(), cell.country.as_str(), cell.count)).collect();
        assert_eq!(cells, [("opened", "zz", 12), ("sent", "zz", 25)], "three clicks are too few to keep");
        let left: Vec<(DeliveryId, ContactId, Timestamp, store::Blind)> = ctx.db.all(DELIVERIES, params![ctx.workspace]).await.unwrap();
        assert!(left.is_empty());
        let text = serde_json::to_string(&kept).unwrap();
        assert!(ids.iter().all(|id| !text.contains(&id.to_string())));
    }

    async fn anonymising_keeps_figures_that_lead_back_to_nobody(t: Fixture) {
        let ctx = t.workspace().await;
        let years = Years { ctx: ctx.clone(), t, gate: Gate::new(), live: Live::new(), canaries: Vec::new() };
        let person = years.person("canaryanon@example.com", "Canaryanon", Method::Given).await;
        let (delivery, source, address) = (ctx.id::<DeliveryId>(), [6u8; 16], years.random());
        years.put(PUT_DELIVERY, params![ctx.workspace, delivery, source, person, address, ctx.now(), &[1u8][..]]).await;
        years.put(PUT_HIT, params![ctx.workspace, source, delivery, ctx.now(), 0i64]).await;
        let message = years.random();
        years.put(PUT_EVENT, params![ctx.workspace, person, ctx.now(), years.random(), message]).await;
        let blind = years.sealed(IDENTITY_BLIND, person).await;
        let certificate = privacy::erasure::anonymise(&ctx, &years.gate, person).await.unwrap();
        assert!(certificate.is_authentic());
        assert_eq!(privacy::erasure::anonymise(&ctx, &years.gate, person).await.unwrap(), certificate);

        let left: Vec<(DeliveryId, ContactId, Timestamp, store::Blind)> = ctx.db.all(DELIVERIES, params![ctx.workspace]).await.unwrap();
        assert_eq!(left.len(), 1, "the figure is there");
        assert_ne!((left[0].0, left[0].1), (delivery, person));
        assert_eq!((left[0].2.0 % Timestamp::DAY, left[0].3), (0, [0; 16]), "no exact instant, no address");
        let events: Vec<(ContactId, Timestamp)> = ctx.db.all(EVENTS_LEFT, params![ctx.workspace]).await.unwrap();
        assert_eq!(events.iter().map(|event| event.0).collect::<Vec<_>>(), [left[0].1]);
        // Re-identification scan: nothing that was known about the person stands anywhere any more.
        api::housekeeping::fold(&years.t.core).await;
        for (file, bytes) in years.files().await.iter().filter(|(file, _)| !file.contains("keys")) {
            for (name, needle) in [("delivery id", &delivery.0[..]), ("address", &address), ("message", &message), ("index", &blind)] {
                assert!(memmem::find(bytes, needle).is_none(), "{name} is still in {file}");
            }
        }
    }

    async fn a_hold_stops_an_erasure_half_way_and_says_so(t: Fixture) {
        let ctx = t.workspace().await;
        let years = Years { ctx: ctx.clone(), t, gate: Gate::new(), live: Live::new(), canaries: Vec::new() };
        let person = years.person("held@example.com", "Held", Method::Given).await;
        years.put(PUT_DELIVERY, params![ctx.workspace, ctx.id::<DeliveryId>(), [6u8; 16], person, [1u8; 16], ctx.now(), &[1u8][..]]).await;
        let new = NewHold { kind: retention::HoldKind::Dispute, class: Some("comms.traffic".into()), subject: Some(person), reason: "case 9".into(), ends_on: None };
        let hold = retention::hold(&ctx, new).await.unwrap();
        let first = privacy::erasure::erase(&ctx, &years.gate, person).await.unwrap();
        assert!(first.is_partial() && first.is_authentic());
        assert!(first.tables.iter().any(|table| table.table == "hit" && table.held.as_deref() == Some("dispute")));
        assert!(first.tables.iter().any(|table| table.table == "ledger_event" && table.until.is_some()));
        assert!(ctx.vault.subject(ctx.workspace, person).await.unwrap().data().is_ok(), "what is held can still be read");
        assert!(contacts::get(&ctx, people::ReadFor::Work, person).await.is_err(), "the rest is gone");
        assert_eq!(privacy::erasure::erase(&ctx, &years.gate, person).await.unwrap(), first);
        years.t.clock.advance(60);
        retention::lift(&ctx, hold.id).await.unwrap();
        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(years.gate.erasure_jobs())];
        jobs::drain(&years.t.core, &handlers).await.unwrap();
        let last = privacy::erasure::certificate(&ctx, person).await.unwrap().unwrap();
        assert!(!last.is_partial() && last.id != first.id);
        assert!(ctx.vault.subject(ctx.workspace, person).await.unwrap().data().is_err());
    }

    async fn a_hold_on_content_keeps_the_message_it_is_part_of_and_names_the_article(t: Fixture) {
        let ctx = t.workspace().await;
        let years = Years { ctx: ctx.clone(), t, gate: Gate::new(), live: Live::new(), canaries: Vec::new() };
        let person = years.person("held@example.com", "Held", Method::Given).await;
        let (delivery, sealed) = (ctx.id::<DeliveryId>(), years.random());
        years.put(PUT_DELIVERY, params![ctx.workspace, delivery, [6u8; 16], person, [1u8; 16], ctx.now(), &sealed[..]]).await;
        let new = NewHold { kind: retention::HoldKind::Dispute, class: Some("comms.content".into()), subject: Some(person), reason: "case 10".into(), ends_on: None };
        let hold = retention::hold(&ctx, new).await.unwrap();
        let left = async || -> Vec<Option<Vec<u8>>> {
            let rows: Vec<(Option<Vec<u8>>,)> = ctx.db.all(CONTENT, params![ctx.workspace, delivery]).await.unwrap();
            rows.into_iter().map(|(sealed,)| sealed).collect()
        };

        // Neither retention nor erasure takes the content, nor the key it is sealed under.
        years.t.clock.advance(8 * 31 * 86_400);
        retention::run(&ctx, retention::Mode::Real, 10_000).await.unwrap();
        assert_eq!(left().await, [Some(sealed.to_vec())]);
        let certificate = privacy::erasure::erase(&ctx, &years.gate, person).await.unwrap();
        let said = certificate.tables.iter().find(|one| one.table == "delivery").unwrap();
        assert!(certificate.is_partial() && !said.erased, "{said:?}");
        assert_eq!((said.held.as_deref(), said.held_class.as_deref()), (Some("dispute"), Some("comms.content")));
        assert!(said.article.as_ref().unwrap().starts_with("GDPR Art. 17(3)(e)"), "{said:?}");
        assert_eq!(left().await, [Some(sealed.to_vec())]);
        assert!(ctx.vault.subject(ctx.workspace, person).await.unwrap().data().is_ok());
        assert_eq!(privacy::erasure::erase(&ctx, &years.gate, person).await.unwrap(), certificate, "as long as it holds");

        years.t.clock.advance(60);
        retention::lift(&ctx, hold.id).await.unwrap();
        jobs::drain(&years.t.core, &[Arc::new(years.gate.erasure_jobs()) as Arc<dyn Handler>]).await.unwrap();
        let last = privacy::erasure::certificate(&ctx, person).await.unwrap().unwrap();
        assert!(!last.is_partial() && left().await.is_empty());
        assert!(privacy::erasure::verify(&serde_json::json!(last), None).is_ok());
    }

    async fn an_erasure_deletes_messages_and_the_certificate_says_so(t: Fixture) {
        let ctx = t.workspace().await;
        let years = Years { ctx: ctx.clone(), t, gate: Gate::new(), live: Live::new(), canaries: Vec::new() };
        let person = years.person("read@example.com", "Read", Method::Given).await;
        let (delivery, source, address, sealed) = (ctx.id::<DeliveryId>(), [6u8; 16], years.random(), years.random());
        years.put(PUT_DELIVERY, params![ctx.workspace, delivery, source, person, address, ctx.now(), &sealed[..]]).await;
        years.put(PUT_HIT, params![ctx.workspace, source, delivery, ctx.now(), 0i64]).await;
        years.put(PUT_CAUGHT, params![ctx.workspace, ctx.id::<DeliveryId>(), person, ctx.now(), &sealed[..]]).await;
        let certificate = privacy::erasure::erase(&ctx, &years.gate, person).await.unwrap();
        for table in ["delivery", "hit", "caught_message"] {
            let said = certificate.tables.iter().find(|one| one.table == table).unwrap();
            assert!(said.erased && said.kept.is_none(), "{table}");
        }
        let left: Vec<(DeliveryId, ContactId, Timestamp, store::Blind)> = ctx.db.all(DELIVERIES, params![ctx.workspace]).await.unwrap();
        assert!(left.is_empty());
        assert_eq!(ctx.db.one::<(i64,)>(HITS_LEFT, params![ctx.workspace, source]).await.unwrap().0, 0);
        api::housekeeping::fold(&years.t.core).await;
        for (file, bytes) in years.files().await {
            for (name, needle) in [("address", &address[..]), ("sealed copy", &sealed)] {
                assert!(memmem::find(&bytes, needle).is_none(), "{name} is still in {file}");
            }
        }
    }

    async fn every_column_is_annotated_and_every_row_ends(t: Fixture) {
        let faults = retention::faults(&t.core.db).await.unwrap();
        assert!(faults.is_empty(), "{faults:#?}");
        let known = |table: &str| COVERED.contains(&table) || WITH_THE_WORKSPACE_OR_PERSON.contains(&table);
        let rules = RetentionRule::all();
        let tables = PersonalTable::all().map(|table| table.table).chain(rules.iter().map(|rule| rule.table));
        let forgotten: Vec<&str> = tables.filter(|table| !known(table)).collect();
        assert!(forgotten.is_empty(), "no canary stands in {forgotten:?}");
    }
}
