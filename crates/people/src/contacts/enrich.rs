//! Values from an enrichment provider or a public source: written with their origin or not at all,
//! never over what the person said themself, and with the duty to tell them (GDPR Art. 14).

use kernel::{ContactId, Date, Problem, Timestamp};
use privacy::provenance::{self, Method, Page, Provenance};
use privacy::vocabulary::{BasisKind, Purpose};
use privacy::{art14, assessments, facts, gate};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::model::{Draft, Standard};
use super::rules::{self, Overwrite};
use super::{facts_of, load, queries, seal};
use crate::{Error, Result, fields};

store::sql! {
    ENRICHED = "INSERT INTO enriched (workspace, contact, at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace, contact) DO UPDATE SET at = $3";
    pub(crate) ENRICHED_BEFORE = "SELECT contact, at FROM enriched
        WHERE workspace = $1 AND at <= $2 AND (at, contact) > ($3, $4) ORDER BY at, contact LIMIT $5";
    ERASE_ENRICHED = "DELETE FROM enriched WHERE workspace = $1 AND contact = $2";
    ENRICHED_OF = "SELECT at FROM enriched WHERE workspace = $1 AND contact = $2";
}

store::personal!(store::PersonalTable {
    table: "enriched",
    class: "marketing.contact",
    subject: "contact",
    columns: &[],
    erase: &[ERASE_ENRICHED],
    kept: None,
    collect: Some(collect),
});

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let row: Option<(Timestamp,)> = ctx.db.opt(ENRICHED_OF, params![ctx.workspace, subject]).await?;
        Ok(row.map(|(at,)| json!({"enriched_at": at})).into_iter().collect())
    })
}

/// Values and everything that must be known about where they come from.
#[derive(Debug, Clone)]
pub struct Enrichment {
    /// The values; no addresses, numbers or tags.
    pub draft: Draft,
    /// [`Method::Enrichment`], [`Method::PublicSource`], [`Method::InferredPattern`] or
    /// [`Method::VerifiedByTool`].
    pub method: Method,
    /// The provider, page or register, in words.
    pub source: String,
    /// Under which licence or terms the values may be used.
    pub licence: String,
    /// On which basis they are processed.
    pub basis: BasisKind,
    /// The assessment behind a legitimate interest.
    pub assessment: Option<String>,
    /// The page, when there is one.
    pub page: Page,
    /// When the source collected them; today when unknown.
    pub collected_on: Option<Date>,
}

/// What became of the values.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Enriched {
    /// The names of fields that have a value now which they did not have.
    pub added: Vec<String>,
    /// The names of fields that had a value already, which stays.
    pub kept: Vec<String>,
    /// What the person is owed.
    pub notice: Option<art14::Duty>,
}

impl Enrichment {
    async fn check(&self, ctx: &Ctx) -> Result<()> {
        let wrong = |field: &str, detail: &str| Err(Error::Refused(Problem::field(field, detail)));
        if !art14::concerns(self.method) || self.method == Method::Purchased {
            return wrong("method", "expected enrichment, public_source, inferred_pattern or verified_by_tool");
        }
        for (field, text) in [("source", &self.source), ("licence", &self.licence)] {
            if text.trim().is_empty() || text.chars().count() > 500 {
                return wrong(field, "is required, with at most 500 characters");
            }
        }
        if !self.draft.emails.is_empty() || !self.draft.phones.is_empty() || !self.draft.tags.is_empty() {
            return wrong("values", "addresses, numbers and tags are not enriched; change the contact instead");
        }
        if self.draft.values.is_empty() && self.draft.attributes.is_empty() {
            return wrong("values", "there is nothing to write");
        }
        gate::require_basis(ctx, self.basis).await?;
        match self.basis {
            BasisKind::LegitimateInterest => {
                let cited = self.assessment.as_deref().unwrap_or_default();
                assessments::require_live(ctx, cited, &Purpose::MARKETING).await?;
                Ok(())
            }
            kind if kind.is_consent() || kind == BasisKind::Contract => Ok(()),
            _ => wrong("basis", "expected legitimate_interest with an assessment, consent or contract"),
        }
    }

    fn provenance(&self, now: Timestamp) -> Provenance {
        let mut detail =
            json!({"licence": self.licence.trim(), "basis": self.basis.as_str(), "assessment": self.assessment});
        self.page.describe(&mut detail);
        Provenance {
            method: self.method,
            source: self.source.trim().to_owned(),
            collected_on: Some(self.collected_on.unwrap_or_else(|| now.date())),
            parent: None,
            detail,
        }
    }
}

/// Writes values from elsewhere where there are none yet.
///
/// # Errors
/// A problem that names what the origin lacks; `not_found` for nobody.
pub async fn enrich(ctx: &Ctx, contact: ContactId, mut enrichment: Enrichment) -> Result<Enriched> {
    enrichment.check(ctx).await?;
    enrichment.page = enrichment.page.checked(ctx.now().date())?;
    let mut draft = rules::validate(enrichment.draft.clone())?;
    draft.attributes = fields::check(&fields::list(ctx).await?, draft.attributes)?;
    draft.values.retain(|_, value| !value.is_empty());
    draft.attributes.retain(|_, value| !value.is_null());
    let (mut loaded, subject_keys) = load::one(ctx, contact).await?;
    let names = draft.values.keys().map(|field| field.as_str().to_owned()).chain(draft.attributes.keys().cloned());
    let has = |name: &str| match Standard::named(name) {
        Some(field) => loaded.profile.values.contains_key(&field),
        None => loaded.profile.attributes.contains_key(name),
    };
    let (kept, added): (Vec<String>, Vec<String>) = names.partition(|name| has(name));
    let now = ctx.now();
    if !added.is_empty() {
        let keys = ctx.keys().await?;
        let mut batch = ctx.batch();
        let source = provenance::record(&mut batch, ctx, &keys, enrichment.provenance(now))?;
        let done = rules::absorb(&mut loaded.profile, &draft, source, Overwrite::OnlyEmpty);
        let sealed = seal(ctx, contact, &subject_keys, &loaded.profile)?;
        batch.guard(queries::UPDATE_CONTACT, params![ctx.workspace, contact, sealed, now, loaded.version]);
        if done.facts {
            let before = facts::read(ctx, contact).await?.unwrap_or_default();
            facts::write(&mut batch, ctx, &subject_keys, contact, &facts_of(&loaded.profile, before))?;
        }
        batch.push(ENRICHED, params![ctx.workspace, contact, now]);
        art14::owe(&mut batch, ctx, contact, enrichment.method, now);
        accounts::audit::record(&mut batch, ctx, "contact.enriched", &[&contact]);
        batch.feed(Feed { kind: "contact.updated", entity: contact.into(), data: json!({}) });
        ctx.db.apply(batch).await?;
    }
    Ok(Enriched { added, kept, notice: art14::of(ctx, contact).await? })
}

/// Takes one field's value from a contact, with the keyed hashes of numbers; tells whether there was one.
///
/// # Errors
/// [`store::Error::Guard`] when somebody changes the contact at the same moment.
pub(crate) async fn drop_value(ctx: &Ctx, contact: ContactId, key: &str) -> Result<bool> {
    let (mut loaded, subject_keys) = load::one(ctx, contact).await?;
    let profile = &mut loaded.profile;
    let mut batch = ctx.batch();
    let had = match (key, Standard::named(key)) {
        // A number that is all we know of somebody is who they are.
        ("phone", _) if profile.emails.is_empty() => false,
        ("phone", _) => {
            let keys = ctx.keys().await?;
            for number in std::mem::take(&mut profile.phones) {
                let blind = keys.blind("phone", &number.0);
                batch.push(queries::DELETE_IDENTITY, params![ctx.workspace, "phone", blind, contact]);
            }
            !batch.is_empty()
        }
        (_, Some(field)) => profile.values.remove(&field).is_some(),
        (_, None) => profile.attributes.remove(key).is_some(),
    };
    if !had {
        return Ok(false);
    }
    rules::forget_unused_sources(profile);
    let sealed = seal(ctx, contact, &subject_keys, profile)?;
    batch.guard(queries::UPDATE_CONTACT, params![ctx.workspace, contact, sealed, ctx.now(), loaded.version]);
    let before = facts::read(ctx, contact).await?.unwrap_or_default();
    facts::write(&mut batch, ctx, &subject_keys, contact, &facts_of(&loaded.profile, before))?;
    batch.feed(Feed { kind: "contact.updated", entity: contact.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(true)
}
