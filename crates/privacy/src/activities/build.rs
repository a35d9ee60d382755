use std::collections::BTreeSet;

use kernel::Timestamp;
use serde::Serialize;
use store::{Ctx, PersonalTable};

use crate::connectors::{self, Assigned};
use crate::controller::{self, Controller};
use crate::processors::{self, Mechanism, Processor, Role};
use crate::purposes::{self, PurposeEntry};
use crate::{Result, disclosures};

/// A table of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub table: &'static str,
    /// Its retention class.
    pub class: &'static str,
    /// The sealed and hashed columns.
    pub columns: &'static [&'static str],
    /// Why rows outlive an erasure, when they do.
    pub kept: Option<&'static str>,
}

/// Somebody who receives data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// What it is in law.
    pub role: Option<Role>,
    /// Where it is.
    pub location: String,
    /// What a transfer outside the EEA rests on.
    pub mechanism: Option<Mechanism>,
    /// Which adequacy decision or derogation.
    pub scheme: Option<String>,
}

/// One activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// The purpose's code; `other:` and the class for records that no purpose claims.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The concept of the Data Privacy Vocabulary.
    pub concept: String,
    /// The lawful basis.
    pub basis: String,
    /// The part the workspace plays: `controller`, or `processor` for what its customers decide.
    pub role: &'static str,
    /// Whose data: `account`, `end_user`, `visitor`.
    pub subjects: Vec<&'static str>,
    /// How long: the retention class.
    pub retention: String,
    /// Where the data are.
    pub tables: Vec<Table>,
    /// Who receives them.
    pub recipients: Vec<Recipient>,
}

/// The whole record.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// When it was generated.
    pub at: Timestamp,
    /// Who answers for it.
    pub controller: Controller,
    /// What Art. 30 asks for and is not there.
    pub lacks: Vec<&'static str>,
    /// The activities, by code.
    pub activities: Vec<Activity>,
    /// Ways by which data leave this server.
    pub connectors: Vec<Assigned>,
    /// Recipients of everybody's data that the register of disclosures names.
    pub disclosures: Vec<String>,
    /// Technical and organisational measures in general terms.
    pub measures: Vec<String>,
}

/// What Barid itself does, whoever runs it.
const MEASURES: [&str; 6] = [
    "personal values rest encrypted under a key per person (XChaCha20-Poly1305)",
    "a person's key is destroyed by erasure, so that no backup can bring them back",
    "consent, objection and withdrawal stand in a hash-chained, signed ledger",
    "every message passes one gate that decides by lawful basis and country",
    "roles, second factor, audit trail of what members do",
    "retention periods per class of data",
];

/// Which purposes records of a class serve beside those that name the class as their own.
const SERVES: [(&str, &[&str]); 7] = [
    ("account.", &["account", "account_security", "identity_check", "product_information"]),
    ("marketing.", &["marketing", "profiling"]),
    ("comms.", &["service", "provision", "support"]),
    ("evidence", &["statutory"]),
    ("disclosure", &["statutory"]),
    ("tax", &["billing", "fiscal_duties"]),
    ("abuse", &["fraud_prevention"]),
];

fn serves(purpose: &PurposeEntry, class: &str) -> bool {
    purpose.retention == class
        || SERVES.iter().any(|(prefix, codes)| class.starts_with(prefix) && codes.contains(&purpose.code.as_str()))
}

/// Whose data a class of records is about.
fn subject_category(class: &str) -> &'static str {
    match class {
        _ if class.starts_with("account") || class == "tax" => "account",
        _ if class.starts_with("site") || class.starts_with("visitor") || class == "abuse" => "visitor",
        _ => "end_user",
    }
}

fn table(entry: &'static PersonalTable) -> Table {
    Table { table: entry.table, class: entry.class, columns: entry.columns, kept: entry.kept }
}

fn recipient(processor: &Processor) -> Recipient {
    let details = processor.details.clone();
    Recipient {
        name: details.name,
        role: details.role,
        location: details.location,
        mechanism: details.mechanism,
        scheme: details.scheme,
    }
}

fn activity(purpose: &PurposeEntry, register: &[Processor]) -> Activity {
    let mut tables: Vec<Table> = PersonalTable::all().filter(|entry| serves(purpose, entry.class)).map(table).collect();
    tables.sort_by_key(|table| table.table);
    let subjects: BTreeSet<&'static str> = tables.iter().map(|table| subject_category(table.class)).collect();
    let receives = |entry: &&Processor| entry.receives() && entry.details.purposes.contains(&purpose.code);
    Activity {
        code: purpose.code.clone(),
        name: purpose.name.clone(),
        concept: purpose.concept.clone(),
        basis: purpose.basis.clone(),
        role: "controller",
        subjects: subjects.into_iter().collect(),
        retention: purpose.retention.clone(),
        tables,
        recipients: register.iter().filter(receives).map(recipient).collect(),
    }
}

/// Tables that no purpose claims, by class: they must not be missing from the record.
fn unclaimed(activities: &[Activity]) -> Vec<Activity> {
    let claimed: BTreeSet<&str> = activities.iter().flat_map(|one| &one.tables).map(|table| table.table).collect();
    let rest: Vec<&'static PersonalTable> =
        PersonalTable::all().filter(|entry| !claimed.contains(entry.table)).collect();
    let classes: BTreeSet<&'static str> = rest.iter().map(|entry| entry.class).collect();
    classes
        .into_iter()
        .map(|class| Activity {
            code: format!("other:{class}"),
            name: class.to_owned(),
            concept: "dpv:ServiceProvision".to_owned(),
            basis: String::new(),
            role: "controller",
            subjects: vec![subject_category(class)],
            retention: class.to_owned(),
            tables: rest.iter().filter(|entry| entry.class == class).map(|entry| table(entry)).collect(),
            recipients: Vec::new(),
        })
        .collect()
}

/// The record as it is at this moment.
///
/// # Errors
/// When the store fails.
pub async fn record(ctx: &Ctx) -> Result<Record> {
    let register = processors::list(ctx).await?;
    let catalogue = purposes::catalogue(ctx).await?;
    let live = catalogue.iter().filter(|purpose| purpose.retired_at.is_none());
    let mut activities: Vec<Activity> = live.map(|purpose| activity(purpose, &register)).collect();
    activities.extend(unclaimed(&activities));
    activities.sort_by(|a, b| a.code.cmp(&b.code));
    let controller = controller::get(ctx).await?;
    let general = disclosures::general(ctx).await?;
    let disclosures = general.into_iter().map(|one| format!("{} ({}): {}", one.recipient, one.kind, one.purpose));
    let measures = MEASURES.iter().map(|text| (*text).to_owned()).chain(controller.measures.clone()).collect();
    Ok(Record {
        at: ctx.now(),
        lacks: controller.lacks(),
        controller,
        activities,
        connectors: connectors::assigned(ctx).await?,
        disclosures: disclosures.collect(),
        measures,
    })
}
