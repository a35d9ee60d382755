//! Versions: what was really sent, kept for good. A version is the source in all its languages
//! with the fields it reads; it is found by its own hash and never changes, so a permit bound to
//! the hash is bound to every byte that a recipient gets but for their own values.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use kernel::{Code, Problem, RawId, WorkspaceId};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use store::{Batch, Ctx, params, sql};

use crate::compile::{CompiledVariants, VariantProblem};
use crate::fields::FieldCatalog;
use crate::source::{Variants, hash_text, to_problem};

store::migration!("content", 13, "pieces", include_str!("../migrations/0013_pieces.sql"));
store::migration!("content", 12, "bin", include_str!("../migrations/0012_bin.sql"));
store::migration!("content", 1, "content", include_str!("../migrations/0001_content.sql"));

sql! {
    INSERT_VERSION = "INSERT INTO content_version (workspace, id, hash, body, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    GET_VERSION = "SELECT body FROM content_version WHERE workspace = $1 AND id = $2";
}

/// A version: the first half of the SHA-256 of what it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionId(pub RawId);

impl From<RawId> for VersionId {
    fn from(raw: RawId) -> Self {
        Self(raw)
    }
}

impl From<VersionId> for RawId {
    fn from(id: VersionId) -> Self {
        id.0
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What can go wrong with stored content.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The template has problems.
    #[error("the template has {} problems", .0.len())]
    Template(Vec<VariantProblem>),
    /// There is no such version or template.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A name is missing or too long.
    #[error("name: expected 1 to {0} characters")]
    Name(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Template(problems) => {
                let all: Vec<_> = problems.iter().map(|(_, problem)| problem.clone()).collect();
                let mut problem = to_problem(&all);
                for (field, (language, _)) in problem.fields.iter_mut().zip(problems) {
                    if let Some(language) = language {
                        field.field = format!("{language}:{}", field.field);
                    }
                }
                problem
            }
            Self::NotFound(what) => Problem::new(Code::NotFound, format!("there is no such {what}")),
            Self::Name(_) => Problem::field("name", "expected 1 to 200 characters"),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

/// A version as used: its identity and what renders it.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its id, for delivery rows.
    pub id: VersionId,
    /// SHA-256, for the gate.
    pub hash: [u8; 32],
    /// Compiled in all its languages.
    pub compiled: Arc<CompiledVariants>,
}

impl Version {
    /// Refuses content that is not finished: pictures without a description, buttons that lead nowhere.
    ///
    /// # Errors
    /// [`Error::Template`] with everything that is unfinished.
    pub fn finished(&self) -> Result<(), Error> {
        let default = self.compiled.default.unfinished().iter().map(|found| (None, found.clone()));
        let others = self.compiled.by_language.iter().flat_map(|(language, compiled)| {
            compiled.unfinished().iter().map(|found| (Some(language.clone()), found.clone()))
        });
        let found: Vec<VariantProblem> = default.chain(others).collect();
        if found.is_empty() { Ok(()) } else { Err(Error::Template(found)) }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    variants: Variants,
    fields: FieldCatalog,
    /// Fields that are read for this message outside of its template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
}

/// Stores and loads versions, and keeps the compiled form of the last few.
pub struct Versions {
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    versions: HashMap<(WorkspaceId, VersionId), (u64, Version)>,
    uses: u64,
}

/// How many compiled versions are kept.
const KEPT: usize = 128;

impl Default for Versions {
    fn default() -> Self {
        Self { cache: Mutex::new(Cache::default()) }
    }
}

impl Versions {
    /// Compiles content and puts its insertion into a batch; content that is known already costs nothing more.
    ///
    /// # Errors
    /// [`Error::Template`] with every problem of every variant.
    pub fn push(
        &self,
        batch: &mut Batch,
        ctx: &Ctx,
        variants: &Variants,
        catalog: &FieldCatalog,
    ) -> Result<Version, Error> {
        self.push_with(batch, ctx, variants, (catalog, &[]))
    }

    /// [`push`](Self::push) of a message that reads the fields `also` besides, for its reason.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_with(
        &self,
        batch: &mut Batch,
        ctx: &Ctx,
        variants: &Variants,
        (catalog, also): (&FieldCatalog, &[String]),
    ) -> Result<Version, Error> {
        let (version, body) = prepare(variants, catalog, also)?;
        batch.push(INSERT_VERSION, params![ctx.workspace, version.id.0, version.hash.to_vec(), body, ctx.now()]);
        Ok(version)
    }

    /// Compiles and stores content.
    ///
    /// # Errors
    /// [`Error::Template`], or the store's.
    pub async fn save(&self, ctx: &Ctx, variants: &Variants, catalog: &FieldCatalog) -> Result<Version, Error> {
        self.save_with(ctx, variants, catalog, &[]).await
    }

    /// [`save`](Self::save) of a message that reads the fields `also` besides, for its reason.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub async fn save_with(
        &self,
        ctx: &Ctx,
        variants: &Variants,
        catalog: &FieldCatalog,
        also: &[String],
    ) -> Result<Version, Error> {
        let mut batch = ctx.batch();
        let version = self.push_with(&mut batch, ctx, variants, (catalog, also))?;
        ctx.db.apply(batch).await?;
        self.cache.lock().put((ctx.workspace, version.id), version.clone());
        Ok(version)
    }

    /// A stored version, compiled.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the store's.
    pub async fn load(&self, ctx: &Ctx, id: VersionId) -> Result<Version, Error> {
        if let Some(version) = self.cache.lock().get((ctx.workspace, id)) {
            return Ok(version);
        }
        let (stored, hash) = stored(ctx, id).await?;
        let (mut version, _) = prepare(&stored.variants, &stored.fields, &stored.also)?;
        // A document of an older version is read as one of today's; it stays the version that it was.
        (version.id, version.hash) = (id, hash);
        self.cache.lock().put((ctx.workspace, id), version.clone());
        Ok(version)
    }
}

/// The source of a stored version.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn source(ctx: &Ctx, id: VersionId) -> Result<Variants, Error> {
    stored(ctx, id).await.map(|(stored, _)| stored.variants)
}

async fn stored(ctx: &Ctx, id: VersionId) -> Result<(Stored, [u8; 32]), Error> {
    let row: Option<(String,)> = ctx.db.get(GET_VERSION, params![ctx.workspace, id.0]).await?;
    let (body,) = row.ok_or(Error::NotFound("content version"))?;
    let stored = serde_json::from_str(&body).map_err(|_| Error::Store(store::Error::Column("content")))?;
    Ok((stored, hash_text(&body)))
}

fn prepare(variants: &Variants, catalog: &FieldCatalog, also: &[String]) -> Result<(Version, String), Error> {
    let compiled = CompiledVariants::compile_with(variants, catalog, also).map_err(Error::Template)?;
    let mut read: Vec<String> = compiled.all().flat_map(|one| one.fields().iter().cloned()).collect();
    read.sort();
    read.dedup();
    // Other fields of the workspace come and go without making this another version.
    let stored = Stored { variants: variants.clone(), fields: catalog.only(&read), also: also.to_vec() };
    let body = serde_json::to_string(&stored).map_err(|_| Error::Store(store::Error::Column("content")))?;
    let hash = hash_text(&body);
    let mut id = RawId::default();
    id.copy_from_slice(&hash[..16]);
    Ok((Version { id: VersionId(id), hash, compiled: Arc::new(compiled) }, body))
}

impl Cache {
    fn get(&mut self, key: (WorkspaceId, VersionId)) -> Option<Version> {
        self.uses += 1;
        let uses = self.uses;
        self.versions.get_mut(&key).map(|(used, version)| {
            *used = uses;
            version.clone()
        })
    }

    fn put(&mut self, key: (WorkspaceId, VersionId), version: Version) {
        self.uses += 1;
        if self.versions.len() >= KEPT
            && let Some(oldest) = self.versions.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| *key)
        {
            self.versions.remove(&oldest);
        }
        self.versions.insert(key, (self.uses, version));
    }
}
