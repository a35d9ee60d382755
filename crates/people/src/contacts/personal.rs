//! What these tables hold about a person, for erasure and for access answers.

use kernel::ContactId;
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, PersonalTable, SubjectKeys, params};

use super::model::Sourced;
use super::queries::{self, ContactRow, IdentityRow};

fn contact<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let row: Option<ContactRow> = ctx.db.get(queries::CONTACT, params![ctx.workspace, subject]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let loaded = super::open(ctx, row, keys).map_err(|error| error.problem())?;
        let profile = &loaded.profile;
        let mut out = Vec::new();
        let mut add = |field: &str, value: Json, source: Option<kernel::ProvenanceId>| {
            out.push(json!({"field": field, "value": value, "provenance": source}));
        };
        for email in &profile.emails {
            add("email", json!(email.0), profile.source(email));
        }
        for phone in &profile.phones {
            add("phone", json!(phone.0), profile.source(phone));
        }
        for (field, value) in &profile.values {
            add(field.as_str(), json!(value.0), profile.source(value));
        }
        let attributes: Vec<(&String, &Sourced<Json>)> = profile.attributes.iter().collect();
        for (key, value) in attributes {
            add(key, value.0.clone(), profile.source(value));
        }
        out.push(json!({"field": "created_at", "value": loaded.created_at}));
        Ok(out)
    })
}

fn identity<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<IdentityRow> = ctx.db.all(queries::IDENTITIES_OF, params![ctx.workspace, subject]).await?;
        let show = |row: IdentityRow| json!({"kind": row.kind, "state": row.state, "since": row.state_at});
        Ok(rows.into_iter().map(show).collect())
    })
}

store::personal!(PersonalTable {
    table: "contact",
    class: "marketing.contact",
    subject: "id",
    columns: &["sealed"],
    erase: &[queries::DELETE_CONTACT],
    kept: None,
    collect: Some(contact),
});

store::personal!(PersonalTable {
    table: "identity",
    class: "marketing.contact",
    subject: "contact",
    columns: &["blind", "legacy"],
    erase: &[queries::ERASE_IDENTITIES],
    kept: None,
    collect: Some(identity),
});

store::personal!(PersonalTable {
    table: "contact_merge",
    class: "marketing.contact",
    subject: "contact",
    columns: &[],
    erase: &[queries::ERASE_MERGES],
    kept: None,
    collect: None,
});

fn addresses<'a>(ctx: &'a Ctx, subject: ContactId, keys: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<String>>> {
    Box::pin(async move {
        let row: Option<ContactRow> = ctx.db.get(queries::CONTACT, params![ctx.workspace, subject]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let profile = super::open(ctx, row, keys).map_err(|error| error.problem())?.profile;
        let emails = profile.emails.iter().map(|email| format!("email:{}", email.0.normal()));
        Ok(emails.chain(profile.phones.iter().map(|phone| format!("phone:{}", phone.0))).collect())
    })
}

privacy::addresses!(privacy::register::AddressSource { table: "contact", read: addresses });
