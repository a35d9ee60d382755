//! Hosted sign-up forms: which fields they ask for and why, which topic people join, the words in
//! English and Arabic, and the version of the notice shown. Pages are rendered elsewhere.

mod model;

pub use model::{Definition, FormField, Submission, Texts};

use kernel::{FormId, Problem, Timestamp, TopicId};
use privacy::provenance::Method;
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};

use crate::contacts::Origin;
use crate::subscribe::{Proof, Subscribe, Subscribed, join};
use crate::{Error, Result, fields, topics};

store::sql! {
    INSERT_FORM = "INSERT INTO form (workspace, id, name, topic, definition, version, archived_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 1, NULL, $6, $6)";
    UPDATE_FORM = "UPDATE form SET name = $3, topic = $4, definition = $5, version = version + 1, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $7";
    ARCHIVE_FORM = "UPDATE form SET archived_at = $3, updated_at = $4 WHERE workspace = $1 AND id = $2";
    ERASE_FORM = "DELETE FROM form WHERE workspace = $1 AND id = $2";
    FORM = "SELECT id, name, topic, definition, version, archived_at, created_at, updated_at FROM form
        WHERE workspace = $1 AND id = $2";
    FORMS = "SELECT id, name, topic, definition, version, archived_at, created_at, updated_at FROM form
        WHERE workspace = $1 ORDER BY id";
}

/// A form.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// Its id.
    pub id: FormId,
    /// What members call it.
    pub name: String,
    /// The topic people join.
    pub topic: TopicId,
    /// Fields, words, notice.
    pub definition: Definition,
    /// Counts changes; evidence names the version that was shown.
    pub version: i64,
    /// Out of use since.
    pub archived_at: Option<Timestamp>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
}

impl store::FromRow for Form {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            topic: row.take()?,
            definition: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("a form"))?,
            version: row.take()?,
            archived_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

async fn checked(ctx: &Ctx, name: &str, topic: TopicId, definition: &Definition) -> Result<(String, String)> {
    let name = crate::import::values::line(name).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Problem::field("name", "a form's name has 1 to 200 characters"))?;
    topics::get(ctx, topic).await?;
    definition.check(&fields::list(ctx).await?)?;
    let text = serde_json::to_string(definition).map_err(|_| Error::Corrupt("form"))?;
    Ok((name, text))
}

/// Deletes a form that nobody has signed up by: evidence names the form it came from. Says whether there
/// was one.
///
/// # Errors
/// When the store fails.
pub async fn erase(ctx: &Ctx, id: FormId) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.guard(ERASE_FORM, params![ctx.workspace, id]);
    batch.feed(Feed { kind: "form.deleted", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// Makes a form.
pub async fn create(ctx: &Ctx, name: &str, topic: TopicId, definition: Definition) -> Result<Form> {
    let (name, text) = checked(ctx, name, topic, &definition).await?;
    let id: FormId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_FORM, params![ctx.workspace, id, name, topic, text, ctx.now()]);
    batch.feed(Feed { kind: "form.created", entity: id.into(), data: json!({"topic": topic}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a form that is at `version`.
pub async fn update(ctx: &Ctx, before: &Form, name: &str, topic: TopicId, definition: Definition) -> Result<Form> {
    let (name, text) = checked(ctx, name, topic, &definition).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE_FORM, params![ctx.workspace, before.id, name, topic, text, ctx.now(), before.version]);
    batch.feed(Feed { kind: "form.updated", entity: before.id.into(), data: json!({"topic": topic}) });
    ctx.db.apply(batch).await?;
    get(ctx, before.id).await
}

/// Takes a form out of use, or brings it back.
pub async fn archive(ctx: &Ctx, id: FormId, archived: bool) -> Result<()> {
    let at: Option<Timestamp> = archived.then(|| ctx.now());
    let mut batch = ctx.batch();
    batch.guard(ARCHIVE_FORM, params![ctx.workspace, id, at, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A form.
pub async fn get(ctx: &Ctx, id: FormId) -> Result<Form> {
    let form: Option<Form> = ctx.db.get(FORM, params![ctx.workspace, id]).await?;
    form.ok_or(Error::NotFound("form"))
}

/// Every form, oldest first.
pub async fn list(ctx: &Ctx) -> Result<Vec<Form>> {
    Ok(ctx.db.all(FORMS, params![ctx.workspace]).await?)
}

/// Takes what a person filled in. `ctx` acts as the person.
///
/// # Errors
/// `gone` when the form is out of use; the wrong fields by name.
pub async fn submit(ctx: &Ctx, form: &Form, submission: Submission, proof: Proof) -> Result<Subscribed> {
    if form.archived_at.is_some() {
        return Err(Problem::new(kernel::Code::Gone, "this form is no longer in use").into());
    }
    let texts = form.definition.texts(&submission.language);
    let wording = texts.consent.clone();
    let draft = form.definition.read(submission, &fields::list(ctx).await?)?;
    let origin = Origin { method: Method::Form, source: format!("form {}, version {}", form.name, form.version) };
    let proof = Proof { wording: Some(wording), notice: form.definition.notice, form: Some(form.id), ..proof };
    join(ctx, Subscribe { draft, topic: form.topic, origin, proof }, form.definition.double_opt_in).await
}
