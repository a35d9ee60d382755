//! A stand-in for the crate that owns contacts: one table with a sealed address, registered as any other.

use kernel::{ContactId, Email, Timestamp};
use privacy::facts::{self, SubjectFacts};
use privacy::gate::{Ask, ContentMeta};
use privacy::register::AddressSource;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use privacy::{claims, suppression};
use serde_json::{Value, json};
use store::{Blind, BoxFuture, Ctx, PersonalTable, SubjectKeys, params};

store::migration!(
    "people",
    1,
    "test person",
    "CREATE TABLE test_person (workspace {id} NOT NULL, subject {id} NOT NULL, sealed {bytes} NOT NULL, PRIMARY KEY (workspace, subject)) {table};"
);
store::sql! {
    INSERT_PERSON = "INSERT INTO test_person (workspace, subject, sealed) VALUES ($1, $2, $3)";
    PERSON = "SELECT sealed FROM test_person WHERE workspace = $1 AND subject = $2";
    ERASE_PERSON = "DELETE FROM test_person WHERE workspace = $1 AND subject = $2";
}

fn open<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Value>>> {
    Box::pin(async move {
        let Some((sealed,)) = ctx.db.opt::<(Vec<u8>,)>(PERSON, params![ctx.workspace, subject]).await? else {
            return Ok(Vec::new());
        };
        let plain = keys.data()?.open(&ctx.aad(subject, "test_person.sealed"), &sealed)?;
        let held: Value = serde_json::from_slice(&plain).unwrap();
        Ok(vec![
            json!({"field": "email", "value": held["email"], "email": held["email"], "provenance": held["provenance"]}),
        ])
    })
}

fn addresses<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<String>>> {
    Box::pin(async move {
        let rows = open(ctx, subject, keys).await?;
        Ok(rows.iter().map(|row| format!("email:{}", row["email"].as_str().unwrap())).collect())
    })
}

store::personal!(PersonalTable {
    table: "test_person",
    class: "marketing.contact",
    subject: "subject",
    columns: &["sealed"],
    erase: &[ERASE_PERSON],
    kept: None,
    collect: Some(open),
});
privacy::addresses!(AddressSource { table: "test_person", read: addresses });

/// Somebody with an address.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: ContactId,
    pub address: Blind,
    pub domain: Blind,
}

impl Person {
    pub async fn known(ctx: &Ctx, email: &str, facts: SubjectFacts) -> Self {
        Self::sourced(ctx, email, facts, json!(null)).await
    }

    pub async fn sourced(ctx: &Ctx, email: &str, facts: SubjectFacts, source: Value) -> Self {
        let (id, keys) = (ctx.id::<ContactId>(), ctx.keys().await.unwrap());
        let subject_keys = ctx.vault.create_subjects(ctx.workspace, &[id]).await.unwrap().remove(0);
        let email = Email::parse(email).unwrap();
        let mut batch = ctx.batch();
        facts::write(&mut batch, ctx, &subject_keys, id, &facts).unwrap();
        let plain = json!({"email": email.normal(), "provenance": source}).to_string();
        let aad = ctx.aad(id, "test_person.sealed");
        let sealed = subject_keys.data().unwrap().seal(&aad, plain.as_bytes(), ctx.rng.as_ref());
        batch.push(INSERT_PERSON, params![ctx.workspace, id, sealed]);
        ctx.db.apply(batch).await.unwrap();
        let (address, domain) = (suppression::email_hash(&keys, &email), suppression::domain_hash(&keys, &email));
        Self { id, address, domain }
    }

    pub async fn german(ctx: &Ctx, email: &str) -> Self {
        Self::known(ctx, email, SubjectFacts { country: Some("DE".into()), ..SubjectFacts::default() }).await
    }

    /// A consent to marketing by e-mail, confirmed twice.
    pub fn consent(&self, at: Timestamp) -> claims::Statement {
        let doi = claims::DoubleOptIn {
            requested_at: Some(at),
            requested_ip: Some("192.0.2.7".into()),
            confirmed_at: Some(at),
            confirmed_ip: Some("192.0.2.8".into()),
            wording: Some("Yes, write to me".into()),
            ..Default::default()
        };
        self.statement(ConsentState::Given, at, json!({"source": "form", "doi": doi.to_json()}))
    }

    pub fn statement(&self, state: ConsentState, at: Timestamp, detail: Value) -> claims::Statement {
        claims::Statement {
            subject: self.id,
            purpose: Purpose::MARKETING,
            channel: Channel::Email,
            topic: None,
            basis: BasisKind::Consent,
            state,
            at,
            expires_at: None,
            detail,
        }
    }

    pub fn ask(&self) -> Ask {
        Ask {
            subject: self.id,
            address: self.address,
            domain: self.domain,
            channel: Channel::Email,
            purpose: Purpose::MARKETING,
            topic: None,
            content: ContentMeta { hash: [1; 32], missing: Vec::new(), promotional: true },
            sender_verified: true,
        }
    }

    /// The gate's present answer, as `permit` or the reason of the denial.
    pub async fn asked(&self, ctx: &Ctx, gate: &privacy::gate::Gate) -> String {
        verdict(ctx, gate, self.ask()).await
    }
}

pub async fn verdict(ctx: &Ctx, gate: &privacy::gate::Gate, ask: Ask) -> String {
    match gate.preview(ctx, vec![ask]).await.unwrap().remove(0) {
        Ok(_) => "permit".to_owned(),
        Err(denial) => denial.reason,
    }
}

/// States one thing in a batch of its own.
pub async fn state(ctx: &Ctx, statement: claims::Statement) -> kernel::EventId {
    let keys = ctx.keys().await.unwrap();
    let subject_keys = ctx.vault.subject(ctx.workspace, statement.subject).await.unwrap();
    let mut batch = ctx.batch();
    let event = claims::state(&mut batch, ctx, &keys, &subject_keys, statement).unwrap();
    ctx.db.apply(batch).await.unwrap();
    event
}
