//! Erasing one person, so that it survives restoring an older backup.
//!
//! In order: the addresses are read while the key lives and remembered as keyed hashes, together
//! with the intent, in the safety log; outstanding permits are taken back; the data key is
//! destroyed, which makes every copy in every backup unreadable; one commit deletes the rows of
//! every registered table, plans what has to happen elsewhere, leaves `erased` suppressions, writes the ledger event and tells index,
//! queue and blobs by the change feed; the entry is completed; a signed certificate says so. What
//! was interrupted anywhere is finished by [`resume`] at start-up, and [`replay`] does it all again
//! over a restored backup before anything is served.

mod anonymise;
mod certificate;
mod jobs;
mod replay;
mod signed;
mod workspace;

use kernel::{ContactId, EventId, Timestamp};
use serde_json::json;
use store::{Blind, Ctx, Feed, Parting, PersonalTable, SafetyEntry, SafetyKind, SubjectKeys, params};

pub use anonymise::anonymise;
pub use certificate::{Certificate, ErasedTable, certificate, certificates};
pub use jobs::{ERASE_QUEUE, Jobs};
pub use replay::{Replayed, missing, replay, replay_if_behind, resume};
pub use signed::{Checked, Refused, verify};
pub use workspace::{WorkspaceCertificate, erase_workspace, purge_destroyed, trim_certificates, workspace_certificate};

use crate::gate::Gate;
use crate::ledger::{Entry, Kind};
use crate::requests::recipients;
use crate::retention::InForce;
use crate::suppression::{self, Reason, subject_hash};
use crate::vocabulary::Scope;
use crate::{Error, Result, register};

store::sql! {
    WAITING = "SELECT subject, certificate FROM erasure WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
    DUE_ERASURES = "SELECT NULL, completed_at, id FROM erasure WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END_ERASURE = "DELETE FROM erasure WHERE workspace = $1 AND id = $2";
    INSERT_ERASURE = "INSERT INTO erasure (workspace, id, subject, requested_at, completed_at, actor, certificate)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace, id) DO NOTHING";
    ERASURES = "SELECT id, certificate FROM erasure WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    ERASURE_OF = "SELECT certificate FROM erasure WHERE workspace = $1 AND subject = $2 ORDER BY completed_at DESC, id DESC LIMIT 1";
    ERASED_ON = "SELECT completed_at / 86400000000, CAST(count(*) AS BIGINT) FROM erasure
        WHERE workspace = $1 AND id >= $2 AND id < $3 GROUP BY completed_at / 86400000000";
    pub(crate) ERASED_AFTER = "SELECT subject FROM erasure WHERE workspace = $1 AND subject > $2 ORDER BY subject LIMIT $3";
}

/// How many people were erased on each day of `first..=last` (days since 1970, UTC); days without are left out.
///
/// # Errors
/// When the store fails.
pub async fn per_day(ctx: &Ctx, first: i32, last: i32) -> Result<std::collections::BTreeMap<i32, u64>> {
    let start = |day: i32| store::first_id_at(Timestamp(i64::from(day) * Timestamp::DAY));
    let rows: Vec<(i64, u64)> =
        ctx.db.all(ERASED_ON, params![ctx.workspace, start(first), start(last.saturating_add(1))]).await?;
    Ok(rows.into_iter().filter_map(|(day, count)| Some((i32::try_from(day).ok()?, count))).collect())
}

/// Erases a person: rows, keys, index, queued messages. Twice is harmless: the second time answers
/// with the first certificate. Classes under a hold stay, and the data key with them; the certificate
/// says so, and erasing again after the hold was lifted finishes the work.
///
/// # Errors
/// [`Error::NotFound`] when there never was such a person; store errors, after which [`resume`]
/// finishes what was begun.
pub async fn erase(ctx: &Ctx, gate: &Gate, subject: ContactId) -> Result<Certificate> {
    if let Some(done) = certificate(ctx, subject).await? {
        let held = InForce::read(ctx, ctx.now()).await?;
        if !done.is_partial() || done.tables.iter().any(|table| table.is_held(&held, subject)) {
            return Ok(done);
        }
    }
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    if subject_keys.data().is_err() && subject_keys.evidence().is_err() {
        return Err(Error::NotFound("contact"));
    }
    let mut hashes = vec![subject_hash(&keys, subject)];
    if subject_keys.data().is_ok() {
        let addresses = register::addresses_of(ctx, subject, &subject_keys).await?;
        // Recipients must be able to find the person: planned while the addresses can be read.
        recipients::plan(ctx, subject, recipients::Act::Erased, &addresses).await?;
        hashes.extend(addresses.iter().map(|address| keys.suppression(address)));
    }
    let at = ctx.now();
    let entries: Vec<SafetyEntry> = hashes.iter().map(|hash| intent(ctx, subject, *hash, at)).collect();
    ctx.vault.safety(ctx.workspace, &entries).await?;
    finish(ctx, gate, subject, &entries).await
}

fn intent(ctx: &Ctx, subject: ContactId, hash: Blind, at: Timestamp) -> SafetyEntry {
    SafetyEntry {
        id: ctx.id(),
        kind: SafetyKind::Erasure,
        subject: Some(subject),
        hash: Some(hash),
        scope: Scope::Person.to_string(),
        reason: Reason::Erased.as_str().to_owned(),
        at,
        done: false,
    }
}

/// Everything after the intent; every step may have happened before.
async fn finish(ctx: &Ctx, gate: &Gate, subject: ContactId, entries: &[SafetyEntry]) -> Result<Certificate> {
    let hashes: Vec<Blind> = entries.iter().filter_map(|entry| entry.hash).collect();
    let requested = entries.first().map_or_else(|| ctx.now(), |entry| entry.at);
    let held = InForce::read(ctx, ctx.now()).await?;
    let certificate = Certificate::sign(ctx, (subject, &held), (requested, ctx.now()), hashes.len()).await?;
    if !certificate.is_partial() {
        ctx.vault.destroy_data_keys(ctx.workspace, &[subject]).await?;
    }
    delete(ctx, subject, &hashes, &certificate).await?;
    // After the commit, so that whoever asks again reads the suppression.
    gate.stop(ctx, subject, &hashes).await;
    if let Err(error) = ctx.db.checkpoint().await {
        tracing::info!(%error, "the database's log is folded later");
    }
    let ids: Vec<EventId> = entries.iter().map(|entry| entry.id).collect();
    ctx.vault.complete_safety(ctx.workspace, &ids).await?;
    Ok(certificate)
}

async fn delete(ctx: &Ctx, subject: ContactId, hashes: &[Blind], certificate: &Certificate) -> Result<()> {
    let keys = ctx.keys().await?;
    let subject_keys: SubjectKeys = ctx.vault.subject(ctx.workspace, subject).await?;
    let mut batch = ctx.batch();
    let stays = |name: &str| certificate.tables.iter().any(|table| table.table == name && table.held.is_some());
    for parting in Parting::all().filter(|parting| !stays(parting.table)) {
        for job in (parting.jobs)(ctx, subject).await? {
            batch.job(job);
        }
    }
    for table in PersonalTable::all().filter(|table| !stays(table.table)) {
        for sql in table.erase {
            batch.push(*sql, params![ctx.workspace, subject]);
        }
    }
    let event = if subject_keys.evidence().is_ok() {
        let payload = json!({"certificate": certificate.id, "addresses": hashes.len()});
        let entry = Entry::new(Kind::Erasure, subject, certificate.completed_at, &payload);
        Some(entry.push(&mut batch, ctx, &keys, &subject_keys)?)
    } else {
        None
    };
    for hash in hashes {
        suppression::add(&mut batch, *hash, &Scope::Person, (Reason::Erased, certificate.requested_at), event);
    }
    batch.push(
        INSERT_ERASURE,
        params![
            ctx.workspace,
            certificate.id,
            subject,
            certificate.requested_at,
            certificate.completed_at,
            ctx.actor.to_string(),
            certificate.to_json()?
        ],
    );
    batch.feed(Feed { kind: "contact.erased", entity: subject.into(), data: json!({"certificate": certificate.id}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

store::personal!(PersonalTable {
    table: "erasure",
    class: "request.shell",
    subject: "subject",
    columns: &["subject"],
    erase: &[],
    kept: Some("proof that the erasure was carried out, five years; it holds no personal value"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "erasure",
    class: "request.shell",
    covers: &[],
    event: "the erasure",
    due_by: store::DueBy::Id,
    find: DUE_ERASURES,
    end: &[END_ERASURE],
    before: None,
    after: None,
});

/// People whose erasure a hold stopped half way.
pub(crate) async fn waiting(ctx: &Ctx) -> Result<std::collections::BTreeSet<ContactId>> {
    const PAGE: usize = 1000;
    let (mut after, mut out) = (EventId([0; 16]), std::collections::BTreeSet::new());
    loop {
        let rows: Vec<(ContactId, String)> = ctx.db.all(WAITING, params![ctx.workspace, after, PAGE]).await?;
        let last = rows.len() < PAGE;
        for (subject, text) in rows {
            let certificate: Certificate = serde_json::from_str(&text).map_err(|_| Error::Corrupt("certificate"))?;
            after = certificate.id;
            if certificate.is_partial() {
                out.insert(subject);
            } else {
                out.remove(&subject);
            }
        }
        if last {
            return Ok(out);
        }
    }
}

/// Whether the gate still knows the person: everybody who was ever stored has facts.
pub(crate) async fn has_rows(ctx: &Ctx, subject: ContactId) -> Result<bool> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(crate::facts::FACTS, params![ctx.workspace, subject]).await?;
    Ok(row.is_some())
}
