//! The answer to "what do you know about me, where did you get it, and why did you write to me?":
//! everything the register of personal tables holds about one person, opened, with the sources its
//! values refer to, the evidence, the blocks in force and how long each kind of record is kept.
//! Nobody else appears in it: members and keys are named by their role only.

use std::collections::BTreeSet;

use kernel::{ContactId, ProvenanceId, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;
use store::{Ctx, PersonalTable};

use crate::claims::Claim;
use crate::erasure::Certificate;
use crate::provenance::Recorded;
use crate::retention::{self, HoldKind};
use crate::suppression::Suppressed;
use crate::{Result, claims, erasure, provenance, register, suppression};

/// What one table holds about the person.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// The table.
    pub table: &'static str,
    /// Its retention class.
    pub class: &'static str,
    /// Why it outlives an erasure, when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<&'static str>,
    /// The records, in the table's own words.
    pub records: Vec<Json>,
}

/// A block in force and what it hangs on.
#[derive(Debug, Clone, Serialize)]
pub struct Blocked {
    /// `person`, `email`, `phone` or `domain`.
    pub of: String,
    /// The block.
    #[serde(flatten)]
    pub block: Suppressed,
}

/// Records that stay for now, whatever else ends.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// Why.
    pub kind: HoldKind,
    /// Which retention class stays; every class when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Timestamp>,
}

/// Everything about one person.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The contact.
    pub subject: ContactId,
    /// When this was put together.
    pub at: Timestamp,
    /// What processing rests on.
    pub basis: Vec<Claim>,
    /// Table by table: values with references to sources, messages with their basis and decision,
    /// evidence.
    pub sections: Vec<Section>,
    /// The sources that values refer to.
    pub sources: Vec<Recorded>,
    /// Holds that keep records of the person. Orders of authorities are left out: telling of one may be
    /// forbidden, and [`crate::authority`] says when it may be told.
    pub holds: Vec<Held>,
    /// Blocks in force.
    pub suppressions: Vec<Blocked>,
    /// The certificate, when the person was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<Certificate>,
}

/// Puts the answer together.
///
/// # Errors
/// When the store fails, a record is damaged, or the evidence does not verify.
pub async fn answer(ctx: &Ctx, subject: ContactId) -> Result<Answer> {
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let erased = erasure::certificate(ctx, subject).await?;
    let alive = keys.data().is_ok();
    if !alive && erased.is_none() {
        return Err(crate::Error::NotFound("contact"));
    }
    let mut sections = Vec::new();
    if alive {
        for table in PersonalTable::all() {
            let Some(collect) = table.collect else { continue };
            let mut records = collect(ctx, subject, &keys).await?;
            records.iter_mut().for_each(name_roles);
            if !records.is_empty() {
                sections.push(Section { table: table.table, class: table.class, kept: table.kept, records });
            }
        }
    }
    sections.sort_by_key(|section| section.table);
    let mut sources = provenance::get_many(ctx, &sources_in(&sections)).await?;
    for source in &mut sources {
        source.actor = role(&source.actor).map_or_else(|| source.actor.clone(), str::to_owned);
    }
    Ok(Answer {
        subject,
        at: ctx.now(),
        basis: if alive { claims::list(ctx, subject).await? } else { Vec::new() },
        holds: holds(ctx, subject).await?,
        suppressions: if alive { blocks(ctx, subject, &keys).await? } else { Vec::new() },
        sections,
        sources,
        erased,
    })
}

async fn holds(ctx: &Ctx, subject: ContactId) -> Result<Vec<Held>> {
    let found = retention::holds_of(ctx, subject).await?;
    let told = found.into_iter().filter(|hold| hold.kind != HoldKind::GovernmentOrder);
    Ok(told
        .map(|hold| Held { kind: hold.kind, class: hold.class, since: hold.created_at, ends_on: hold.ends_on })
        .collect())
}

/// The blocks in force for a person: on themselves, their addresses and those addresses' domains.
///
/// # Errors
/// When the store fails.
pub async fn blocks_of(ctx: &Ctx, subject: ContactId) -> Result<Vec<Blocked>> {
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    blocks(ctx, subject, &subject_keys).await
}

async fn blocks(ctx: &Ctx, subject: ContactId, subject_keys: &store::SubjectKeys) -> Result<Vec<Blocked>> {
    let keys = ctx.keys().await?;
    let mut names = vec!["person".to_owned()];
    let mut hashes = vec![suppression::subject_hash(&keys, subject)];
    for address in register::addresses_of(ctx, subject, subject_keys).await? {
        names.push(address.split(':').next().unwrap_or_default().to_owned());
        hashes.push(keys.suppression(&address));
        if let Some((_, domain)) = address.rsplit_once('@') {
            names.push("domain".to_owned());
            hashes.push(keys.suppression(&format!("domain:{domain}")));
        }
    }
    let found = suppression::check(ctx, &hashes).await?;
    Ok(names
        .into_iter()
        .zip(found)
        .flat_map(|(of, blocks)| blocks.into_iter().map(move |block| Blocked { of: of.clone(), block }))
        .collect())
}

/// Whoever acted by their role, where it is a member or a key: who worked for the sender is nobody else's data.
pub fn role(actor: &str) -> Option<&'static str> {
    if actor.starts_with("usr_") {
        Some("member")
    } else if actor.starts_with("key_") {
        Some("api")
    } else {
        None
    }
}

/// Replaces whoever acted by their role: who worked for the sender is not this person's data.
fn name_roles(value: &mut Json) {
    match value {
        Json::String(text) => {
            if let Some(role) = role(text) {
                role.clone_into(text);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(name_roles),
        Json::Object(members) => members.values_mut().for_each(name_roles),
        _ => {}
    }
}

fn sources_in(sections: &[Section]) -> Vec<ProvenanceId> {
    fn walk(value: &Json, found: &mut BTreeSet<ProvenanceId>) {
        match value {
            Json::String(text) => found.extend(text.parse::<ProvenanceId>().ok()),
            Json::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Json::Object(members) => members.values().for_each(|member| walk(member, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    sections.iter().flat_map(|section| &section.records).for_each(|record| walk(record, &mut found));
    found.into_iter().collect()
}
