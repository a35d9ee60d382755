//! The run of an import: the pipeline and its commits.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use kernel::{ContactId, ImportId, Problem, RawId, TagId};
use privacy::facts;
use store::jobs::{Handler, Job, Outcome};
use store::vault::FileKey;
use store::{Actor, Batch, Blind, BoxFuture, Core, Ctx, WorkspaceKeys, params};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::build::Building;
use super::parse::{self, Chunk, Parsing};
use super::people::{self, People, Rows};
use super::queries;
use super::report::{self, Import, Report, State, StoredReject};
use super::stage::Parts;
use super::start::{Plan, SEALED};
use crate::import::{Position, Reject, Warning};
use crate::{Error, Result};

/// The queue of imports.
pub const QUEUE: &str = "people.import";
/// Seconds after which a run hands its place back, well within a job's lease.
const SLICE: i64 = 120;

/// Runs imports.
#[derive(Debug, Default, Clone, Copy)]
pub struct Imports;

impl Handler for Imports {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, store::Result<Outcome, String>> {
        Box::pin(async move {
            let id: Option<ImportId> =
                job.payload.get("import").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
            let Some(id) = id else { return Ok(Outcome::Done) };
            let ctx = core.ctx(job.workspace, Actor::System);
            match run(&ctx, id).await {
                Ok(true) => Ok(Outcome::Done),
                Ok(false) => Ok(Outcome::Again(core.now())),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}

/// One run's state.
struct Run {
    ctx: Ctx,
    id: ImportId,
    plan: Arc<Plan>,
    keys: Arc<WorkspaceKeys>,
    rejects_key: FileKey,
    rejects: RawId,
    reject_parts: u64,
    report: Report,
    position: Position,
    tags: BTreeMap<String, TagId>,
    /// In a dry run: whom earlier chunks would have added, with a hash of what was said last.
    imagined: HashMap<Blind, u64>,
}

/// A chunk on its way to the disk.
struct Committing {
    task: JoinHandle<store::Result<store::Applied>>,
    people: HashSet<Blind>,
}

/// Runs an import from where it stands; true when it has ended.
async fn run(ctx: &Ctx, id: ImportId) -> Result<bool> {
    let row = report::row(ctx, id).await?;
    let import = Import::from_row(&row)?;
    if import.state != State::Running {
        return Ok(true);
    }
    let keys = ctx.keys().await?;
    let plan = keys.open(SEALED, &row.sealed)?;
    let plan: Arc<Plan> = Arc::new(serde_json::from_slice(&plan).map_err(|_| Error::Corrupt("import"))?);
    let rejects_key = ctx.vault.file(ctx.workspace, row.rejects).await?;
    let mut run = Run {
        ctx: ctx.clone(),
        id,
        plan,
        keys,
        rejects_key,
        rejects: row.rejects,
        reject_parts: row.reject_parts,
        report: import.report,
        position: import.position,
        tags: BTreeMap::new(),
        imagined: HashMap::new(),
    };
    match run.go(row.created_at).await {
        Err(Error::Store(store::Error::Guard("ADVANCE" | "FINISH"))) => {
            // Cancelled, or another run is ahead of this one; when that one dies, this one goes on.
            if report::get(ctx, id).await?.state == State::Running { Err(Error::Interrupted) } else { Ok(true) }
        }
        Err(Error::Refused(problem)) => {
            run.report.error = Some(problem.detail);
            report::end(ctx, id, State::Failed, (&run.report, run.reject_parts)).await?;
            Ok(true)
        }
        other => other,
    }
}

impl Run {
    async fn go(&mut self, believed_until: kernel::Timestamp) -> Result<bool> {
        if self.plan.dry_run {
            // A dry run that was interrupted begins anew; it has nothing to go on from.
            let mut batch = self.ctx.batch();
            batch.push(queries::DELETE_PARTS, params![self.ctx.workspace, self.rejects]);
            self.ctx.db.apply(batch).await?;
        }
        let file = Parts::open(&self.ctx, self.id.into()).await?;
        let (send, mut chunks) = mpsc::channel(1);
        let parsing = Parsing {
            plan: Arc::clone(&self.plan),
            keys: Arc::clone(&self.keys),
            now: believed_until,
            from: self.position,
        };
        let parser = tokio::task::spawn_blocking(move || parse::parse(file, &parsing, &send));
        let until = self.ctx.now().plus_seconds(SLICE);
        let mut committed = 0u64;
        let mut committing: Option<Committing> = None;
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk.map_err(Problem::from)?;
            if self.plan.dry_run {
                self.imagine(chunk).await?;
                continue;
            }
            let people: HashSet<Blind> =
                chunk.candidates.iter().flat_map(|row| row.keyed.iter().map(|keyed| keyed.blind)).collect();
            // Somebody who is being committed cannot be looked up yet.
            let overlaps = committing.as_ref().is_some_and(|before| !before.people.is_disjoint(&people));
            let meanwhile = if overlaps { committing.take() } else { None };
            let prepared = match settle(meanwhile).await {
                Ok(()) => self.prepare(chunk).await,
                Err(error) => Err(error),
            };
            let batch = match (prepared, settle(committing.take()).await) {
                (Ok(batch), Ok(())) => batch,
                // Somebody changed one of these people meanwhile: begin again behind the last commit.
                (Err(error), _) | (_, Err(error)) if committed > 0 && contended(&error) => return Ok(false),
                (Err(error), _) | (_, Err(error)) => return Err(error),
            };
            committed += 1;
            let db = self.ctx.db.clone();
            committing = Some(Committing { task: tokio::spawn(async move { db.apply(batch).await }), people });
            if self.ctx.now() >= until {
                settle(committing).await?;
                return Ok(false);
            }
        }
        settle(committing).await?;
        parser.await.map_err(|_| Error::Interrupted)?;
        report::end(&self.ctx, self.id, State::Done, (&self.report, self.reject_parts)).await?;
        Ok(true)
    }

    /// Makes a chunk's batch: look-ups, keys of new people (on disk before anything is sealed under
    /// them), sealing.
    async fn prepare(&mut self, chunk: Chunk) -> Result<Batch> {
        let (mut people, position) = self.look_at(chunk).await?;
        let new: Vec<ContactId> =
            people.persons.iter().filter(|person| person.version.is_none()).map(|person| person.contact).collect();
        let made =
            if new.is_empty() { Vec::new() } else { self.ctx.vault.create_subjects(self.ctx.workspace, &new).await? };
        for (person, keys) in people.persons.iter_mut().filter(|person| person.version.is_none()).zip(made) {
            person.keys = keys;
        }
        let mut known_facts = HashMap::new();
        for person in people.persons.iter().filter(|person| person.version.is_some() && person.facts_changed) {
            known_facts.insert(person.contact, facts::read(&self.ctx, person.contact).await?.unwrap_or_default());
        }
        let mut batch = self.ctx.batch();
        self.push_rejects(&mut batch, &people.rejects)?;
        let report = serde_json::to_string(&self.report).map_err(|_| Error::Corrupt("import"))?;
        let before = std::mem::replace(&mut self.position, position);
        batch.guard(
            queries::ADVANCE,
            params![
                self.ctx.workspace,
                self.id,
                position.offset,
                position.line,
                report,
                self.reject_parts,
                self.ctx.now(),
                before.offset
            ],
        );
        let (ctx, keys, plan, import) = (self.ctx.clone(), Arc::clone(&self.keys), Arc::clone(&self.plan), self.id);
        let build = move || -> Result<Batch> {
            let building = Building { ctx: &ctx, keys: &keys, plan: &plan, import, facts: known_facts };
            building.push(&mut batch, &people)?;
            Ok(batch)
        };
        tokio::task::spawn_blocking(build).await.map_err(|_| Error::Interrupted)?
    }

    /// Who the rows of a chunk are and what they change; counts go into the report.
    async fn look_at(&mut self, mut chunk: Chunk) -> Result<(People, Position)> {
        let mut people = People::look_up(&self.ctx, &self.keys, &self.plan, &chunk).await?;
        let left_out = people::tag_ids(&self.ctx, &chunk, &mut self.tags, self.plan.dry_run).await?;
        if left_out && let Some(first) = chunk.candidates.first() {
            let reason = "a workspace has at most 5000 tags; new ones were left out".to_owned();
            people.warnings.push(Warning { line: first.line, column: "tags".to_owned(), reason });
        }
        self.report.read += chunk.read;
        self.report.rejected += chunk.rejects.len() as u64;
        people.rejects.append(&mut chunk.rejects);
        people.warnings.append(&mut chunk.warnings);
        let rows = Rows { candidates: chunk.candidates, tags: &self.tags };
        people.take(&self.ctx, (&self.keys, &self.plan), rows, &mut self.report);
        people.rejects.sort_by_key(|reject| reject.line);
        people.warnings.sort_by_key(|warning| warning.line);
        self.report.explain(&people.rejects);
        self.report.warn(std::mem::take(&mut people.warnings));
        Ok((people, chunk.position))
    }

    fn push_rejects(&mut self, batch: &mut Batch, rejects: &[Reject]) -> Result<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let stored: Vec<StoredReject> = rejects
            .iter()
            .map(|reject| StoredReject(reject.line, reject.reason.clone(), reject.value.clone()))
            .collect();
        let plain = serde_json::to_vec(&stored).map_err(|_| Error::Corrupt("rejects file"))?;
        let sealed = self.rejects_key.seal(self.reject_parts, &plain);
        batch.push(queries::INSERT_PART, params![self.ctx.workspace, self.rejects, self.reject_parts, sealed]);
        self.reject_parts += 1;
        Ok(())
    }

    /// A chunk of a dry run: the same report, nothing written but the place in the file and the
    /// rejects, which the report needs.
    async fn imagine(&mut self, mut chunk: Chunk) -> Result<()> {
        let mut again = Vec::new();
        chunk.candidates.retain(|row| {
            let seen = row.keyed.first().and_then(|keyed| self.imagined.get_mut(&keyed.blind));
            if let Some(said) = seen {
                let now = said_by(&row.draft);
                again.push(std::mem::replace(said, now) != now);
            }
            !row.keyed.first().is_some_and(|keyed| self.imagined.contains_key(&keyed.blind))
        });
        for changed in again {
            self.report.updated += u64::from(changed);
            self.report.unchanged += u64::from(!changed);
        }
        let said: Vec<(Blind, u64)> =
            chunk.candidates.iter().filter_map(|row| Some((row.keyed.first()?.blind, said_by(&row.draft)))).collect();
        let (people, _) = self.look_at(chunk).await?;
        let mut batch = self.ctx.batch();
        self.push_rejects(&mut batch, &people.rejects)?;
        if !batch.is_empty() {
            self.ctx.db.apply(batch).await?;
        }
        self.imagined.extend(said.into_iter().filter(|(blind, _)| people.adds(blind)));
        Ok(())
    }
}

/// A hash of what a row says, to tell a repeated row from a different one.
fn said_by(draft: &crate::contacts::Draft) -> u64 {
    let mut hasher = DefaultHasher::new();
    draft.values.hash(&mut hasher);
    draft.tags.hash(&mut hasher);
    for (key, value) in &draft.attributes {
        (key, value.to_string()).hash(&mut hasher);
    }
    draft.phones.hash(&mut hasher);
    hasher.finish()
}

/// Whether a commit lost against another one that touched the same people.
fn contended(error: &Error) -> bool {
    matches!(error, Error::Store(store::Error::Unique(_) | store::Error::Guard("UPDATE_CONTACT")))
}

/// Waits for a commit.
async fn settle(committing: Option<Committing>) -> Result<()> {
    if let Some(before) = committing {
        before.task.await.map_err(|_| Error::Interrupted)??;
    }
    Ok(())
}
