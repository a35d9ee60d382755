use kernel::{ContactId, Email, Phone, Problem, Timestamp};
use privacy::facts::{self, SubjectFacts};
use privacy::provenance::{self, Method, Provenance};
use serde_json::json;
use store::{Batch, Ctx, Feed, SubjectKeys, params};

use super::load::{self, SEALED};
use super::model::{Draft, Profile, Standard};
use super::rules::{self, Overwrite};
use super::{identity_params, keyed, queries};
use crate::{Error, Result, fields, tags};

/// Where the values of a change come from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// How they were obtained.
    pub method: Method,
    /// From where, in words.
    pub source: String,
}

impl Origin {
    pub(crate) fn record(
        &self,
        batch: &mut Batch,
        ctx: &Ctx,
        keys: &store::WorkspaceKeys,
    ) -> Result<kernel::ProvenanceId> {
        let today = ctx.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let provenance = Provenance {
            method: self.method,
            source: self.source.clone(),
            collected_on: Some(today),
            parent: None,
            detail: serde_json::Value::Null,
        };
        Ok(provenance::record(batch, ctx, keys, provenance)?)
    }
}

/// Seals a profile for its row.
pub(crate) fn seal(ctx: &Ctx, contact: ContactId, keys: &SubjectKeys, profile: &Profile) -> Result<Vec<u8>> {
    if !rules::is_sourced(profile) {
        // A value without its source cannot be answered for (GDPR Art. 15(1)(g)), so it is not kept.
        return Err(Error::Corrupt("provenance"));
    }
    let plain = serde_json::to_vec(profile).map_err(|_| Error::Corrupt("contact"))?;
    if plain.len() > rules::MAX_PROFILE {
        return Err(Problem::field("attributes", "everything known about one person fits into 64 KiB").into());
    }
    Ok(keys.data()?.seal(&ctx.aad(contact, SEALED), &plain, ctx.rng.as_ref()))
}

/// The gate's facts after a change of the profile; what others know (restriction, date of birth)
/// is taken over from `before`.
pub(crate) fn facts_of(profile: &Profile, before: SubjectFacts) -> SubjectFacts {
    let by_phone = || profile.phone().and_then(|number| Phone::parse(number, None).ok()?.country());
    SubjectFacts {
        country: profile.value(Standard::Country).map(str::to_owned).or_else(by_phone),
        recipient_type: profile.value(Standard::RecipientType).and_then(|code| code.parse().ok()),
        time_zones: profile.value(Standard::TimeZone).map(str::to_owned).into_iter().collect(),
        ..before
    }
}

async fn check(ctx: &Ctx, draft: Draft) -> Result<Draft> {
    let mut draft = rules::validate(draft)?;
    if !draft.attributes.is_empty() {
        draft.attributes = fields::check(&fields::list(ctx).await?, draft.attributes)?;
    }
    Ok(draft)
}

/// Refuses people who were erased or whom law blocks: only their own double opt-in brings them back.
async fn refuse_blocked(ctx: &Ctx, emails: &[Email], phones: &[Phone]) -> Result<()> {
    use privacy::suppression::{self, Reason};
    let keys = ctx.keys().await?;
    let hashes = emails.iter().map(|email| suppression::email_hash(&keys, email));
    let hashes: Vec<_> = hashes.chain(phones.iter().map(|phone| suppression::phone_hash(&keys, phone))).collect();
    let found = suppression::check(ctx, &hashes).await?;
    if found.iter().flatten().any(|block| matches!(block.reason, Reason::Erased | Reason::LegalBlock)) {
        let detail = "this person was erased or is blocked; only their own confirmed sign-up brings them back";
        return Err(Problem::new(kernel::Code::BlockedTarget, detail).into());
    }
    Ok(())
}

/// Makes a contact. No consent is stated: see [`crate::subscribe`].
///
/// # Errors
/// `already_exists` when an address or number belongs to somebody; `blocked_target` when the
/// person was erased.
pub async fn create(ctx: &Ctx, draft: Draft, origin: &Origin) -> Result<ContactId> {
    let draft = check(ctx, draft).await?;
    if draft.emails.is_empty() && draft.phones.is_empty() {
        return Err(Problem::field("email", "a contact needs an e-mail address or a phone number").into());
    }
    refuse_blocked(ctx, &draft.emails, &draft.phones).await?;
    let tag_ids = tags::ensure(ctx, &draft.tags).await?;
    let contact: ContactId = ctx.id();
    let subject_keys = ctx.vault.create_subjects(ctx.workspace, &[contact]).await?;
    let mut batch = ctx.batch();
    push_new(&mut batch, ctx, (contact, &subject_keys[0]), &draft, origin).await?;
    for tag in tag_ids {
        tags::push(&mut batch, ctx, contact, tag);
    }
    batch.feed(Feed { kind: "contact.created", entity: contact.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(contact)
}

/// A new contact's rows in the caller's batch, its tags and feed entry excepted.
pub(crate) async fn push_new(
    batch: &mut Batch,
    ctx: &Ctx,
    (contact, subject_keys): (ContactId, &SubjectKeys),
    draft: &Draft,
    origin: &Origin,
) -> Result<Profile> {
    let keys = ctx.keys().await?;
    let source = origin.record(batch, ctx, &keys)?;
    let mut profile = Profile::default();
    rules::absorb(&mut profile, draft, source, Overwrite::Yes);
    let sealed = seal(ctx, contact, subject_keys, &profile)?;
    batch.push(queries::INSERT_CONTACT, params![ctx.workspace, contact, sealed, ctx.now()]);
    for keyed in keyed(&keys, &draft.emails, &draft.phones) {
        batch.push(queries::INSERT_IDENTITY, identity_params(ctx, contact, &keyed));
    }
    facts::write(batch, ctx, subject_keys, contact, &facts_of(&profile, SubjectFacts::default()))?;
    Ok(profile)
}

/// A change of a contact.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Values to set; empty texts and nulls clear.
    pub draft: Draft,
    /// Names of tags to take away.
    pub untag: Vec<String>,
    /// The version the change was made for; another one means somebody was faster.
    pub version: Option<i64>,
}

/// Changes a contact. Addresses and numbers of the draft are added to those that are there.
///
/// # Errors
/// `version_conflict` when the contact is at another version than [`Change::version`].
pub async fn update(ctx: &Ctx, contact: ContactId, change: Change, origin: &Origin) -> Result<()> {
    let draft = check(ctx, change.draft).await?;
    refuse_blocked(ctx, &draft.emails, &draft.phones).await?;
    let tag_ids = tags::ensure(ctx, &draft.tags).await?;
    let mut untag = Vec::new();
    for name in &change.untag {
        untag.extend(tags::by_name(ctx, name).await?.map(|tag| tag.id));
    }
    let mut batch = ctx.batch();
    let changed = push_change(&mut batch, ctx, contact, &draft, (origin, Overwrite::Yes, change.version)).await?;
    for tag in &tag_ids {
        tags::push(&mut batch, ctx, contact, *tag);
    }
    for tag in &untag {
        tags::take(&mut batch, ctx, contact, *tag);
    }
    if changed || !tag_ids.is_empty() || !untag.is_empty() {
        batch.feed(Feed { kind: "contact.updated", entity: contact.into(), data: json!({}) });
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

/// Changes a contact's profile in the caller's batch; tells whether anything is different.
pub(crate) async fn push_change(
    batch: &mut Batch,
    ctx: &Ctx,
    contact: ContactId,
    draft: &Draft,
    (origin, overwrite, version): (&Origin, Overwrite, Option<i64>),
) -> Result<bool> {
    let (mut loaded, subject_keys) = load::one(ctx, contact).await?;
    if version.is_some_and(|version| version != loaded.version) {
        return Err(store::Error::Guard("contact version").into());
    }
    let mut trial = loaded.profile.clone();
    if !rules::absorb(&mut trial, draft, kernel::ProvenanceId([0; 16]), overwrite).changed {
        return Ok(false);
    }
    let keys = ctx.keys().await?;
    let source = origin.record(batch, ctx, &keys)?;
    let done = rules::absorb(&mut loaded.profile, draft, source, overwrite);
    let sealed = seal(ctx, contact, &subject_keys, &loaded.profile)?;
    batch.guard(queries::UPDATE_CONTACT, params![ctx.workspace, contact, sealed, ctx.now(), loaded.version]);
    for keyed in keyed(&keys, &done.emails, &done.phones) {
        batch.push(queries::INSERT_IDENTITY, identity_params(ctx, contact, &keyed));
    }
    if done.facts {
        let before = facts::read(ctx, contact).await?.unwrap_or_default();
        facts::write(batch, ctx, &subject_keys, contact, &facts_of(&loaded.profile, before))?;
    }
    Ok(true)
}

/// Puts a contact aside (it is no longer written to), or brings it back.
pub async fn archive(ctx: &Ctx, contact: ContactId, archived: bool) -> Result<()> {
    let (_, subject_keys) = load::one(ctx, contact).await?;
    let mut facts = facts::read(ctx, contact).await?.unwrap_or_default();
    facts.archived = archived;
    let at: Option<Timestamp> = archived.then(|| ctx.now());
    let mut batch = ctx.batch();
    batch.guard(queries::ARCHIVE_CONTACT, params![ctx.workspace, contact, at, ctx.now()]);
    facts::write(&mut batch, ctx, &subject_keys, contact, &facts)?;
    let kind = if archived { "contact.archived" } else { "contact.restored" };
    batch.feed(Feed { kind, entity: contact.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}
