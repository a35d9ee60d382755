//! Sign-up forms: which fields they ask for and why, which topics people join, the words in English and
//! Arabic, the version of the notice shown, how they look and when they come up on other people's pages,
//! and how often they were used. Pages and scripts are made elsewhere.

mod age;
mod display;
mod figures;
mod model;
mod origins;
mod theme;

pub use age::MinimumAge;
pub use display::{Device, Display, Frequency, Kind, Match, PageRule, Trigger, Visitors};
pub(crate) use figures::push_figures;
pub use figures::{DayFigures, Figures, Report, recent, report, seen};
pub use model::{Definition, FormField, NEEDED, Submission, Success, Texts};
pub use origins::{covers, is_pattern};
pub use theme::{Image, Scheme, Theme};

use kernel::{FieldProblem, FormId, Problem, Timestamp, TopicId};
use privacy::provenance::Method;
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};

use crate::contacts::Origin;
use crate::subscribe::{Joining, Proof, Subscribed, join};
use crate::topics::Topic;
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
    check(ctx, topic, definition).await?;
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

/// Checks a definition as it would be checked when it is saved for this topic.
///
/// # Errors
/// What is wrong, by field.
pub async fn check(ctx: &Ctx, topic: TopicId, definition: &Definition) -> Result<()> {
    definition.check(&fields::list(ctx).await?)?;
    for (index, id) in definition.topics.iter().enumerate() {
        let wrong = |detail: &str| Problem::field(format!("topics[{index}]"), detail);
        if *id == topic || definition.topics[..index].contains(id) {
            return Err(wrong("every topic is offered once; the form's own is always offered").into());
        }
        match topics::get(ctx, *id).await {
            Ok(found) if found.archived_at.is_none() => {}
            Ok(_) => return Err(wrong("this topic is out of use").into()),
            Err(Error::NotFound(_)) => return Err(wrong("there is no such topic").into()),
            Err(error) => return Err(error),
        }
    }
    if let Some(years) = definition.minimum_age.and_then(|age| age.years) {
        let least = privacy::gate::minimum_age(ctx).await?;
        if !(least..100).contains(&years) {
            let detail = format!("from {least}, the workspace's minimum age, to 99");
            return Err(Problem::field("minimum_age.years", detail).into());
        }
    }
    Ok(())
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

/// What came of a form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// Each topic that was asked for, in the form's order.
    Joined(Vec<Subscribed>),
    /// The person is too young; nothing about them is kept.
    TooYoung,
}

/// The topics that people may choose from: the form's own first. One alone is no choice.
///
/// # Errors
/// When the store fails.
pub async fn offered(ctx: &Ctx, form: &Form) -> Result<Vec<Topic>> {
    let mut offered = vec![topics::get(ctx, form.topic).await?];
    for id in &form.definition.topics {
        offered.push(topics::get(ctx, *id).await?);
    }
    offered.retain(|topic| topic.archived_at.is_none());
    Ok(offered)
}

/// The age in years that this form asks for; nothing when it does not ask.
///
/// # Errors
/// When the store fails.
pub async fn minimum_age(ctx: &Ctx, form: &Form) -> Result<Option<u8>> {
    let Some(asked) = form.definition.minimum_age else { return Ok(None) };
    let least = privacy::gate::minimum_age(ctx).await?;
    Ok(Some(asked.years.unwrap_or(least).max(least)))
}

/// Takes what a person filled in. `ctx` acts as the person.
///
/// # Errors
/// `gone` when the form is out of use; the wrong fields by name.
pub async fn submit(ctx: &Ctx, form: &Form, mut submission: Submission, proof: Proof) -> Result<Submitted> {
    if form.archived_at.is_some() {
        return Err(Problem::new(kernel::Code::Gone, "this form is no longer in use").into());
    }
    let mut problems = Vec::new();
    let years = minimum_age(ctx, form).await?;
    let birth_date = std::mem::take(&mut submission.birth_date);
    match years.map(|years| age::judge(&birth_date, years, ctx.now())) {
        Some(age::Age::TooYoung) => return Ok(Submitted::TooYoung),
        Some(age::Age::Impossible) => {
            let detail = if birth_date.trim().is_empty() { NEEDED } else { "a date of birth, such as 1990-05-31" };
            problems.push(FieldProblem { field: "birth_date".to_owned(), detail: detail.to_owned() });
        }
        Some(age::Age::Enough) | None => {}
    }
    let chosen = chosen(ctx, form, &submission).await?;
    if chosen.is_empty() {
        problems.push(FieldProblem { field: "topics".to_owned(), detail: "choose at least one".to_owned() });
    }
    let wording = wording(form, &chosen, &submission.language);
    let draft = match form.definition.read(submission, &fields::list(ctx).await?) {
        Ok(draft) => draft,
        Err(mut problem) => {
            problem.fields.extend(problems);
            return Err(problem.into());
        }
    };
    model::refuse(problems)?;
    let origin = Origin { method: Method::Form, source: format!("form {}, version {}", form.name, form.version) };
    let proof = Proof {
        wording: Some(wording),
        notice: form.definition.notice,
        form: Some(form.id),
        form_version: Some(form.version),
        minimum_age: years,
        ..proof
    };
    let topics = chosen.into_iter().map(|topic| topic.id).collect();
    let must_confirm = form.definition.double_opt_in;
    let joined = join(ctx, Joining { draft, topics, origin, proof, must_confirm }).await?;
    let of = |wanted: fn(&Subscribed) -> bool| joined.iter().any(wanted);
    // Whoever has to confirm something counts once they do.
    let at_once = of(|one| matches!(one, Subscribed::Joined(_))) && !of(|one| matches!(one, Subscribed::Requested(_)));
    let mut batch = ctx.batch();
    let figures = Figures { submissions: 1, confirmed: i64::from(at_once), ..Figures::default() };
    push_figures(&mut batch, form.id, ctx.now(), figures);
    ctx.db.apply(batch).await?;
    Ok(Submitted::Joined(joined))
}

/// The topics that somebody wants: the form's own where there is no choice.
async fn chosen(ctx: &Ctx, form: &Form, submission: &Submission) -> Result<Vec<Topic>> {
    let mut offered = offered(ctx, form).await?;
    if form.definition.topics.is_empty() {
        offered.truncate(1);
    } else {
        offered.retain(|topic| submission.topics.contains(&topic.id));
    }
    Ok(offered)
}

/// What the person read and agreed to, word for word.
fn wording(form: &Form, chosen: &[Topic], language: &str) -> String {
    let mut wording = form.definition.texts(language).consent.clone();
    if !form.definition.topics.is_empty() {
        for topic in chosen {
            let text = if language.starts_with("ar") { &topic.description_ar } else { &topic.description_en };
            wording.push_str("\n– ");
            wording.push_str(&topic.name);
            if !text.trim().is_empty() {
                wording.push_str(": ");
                wording.push_str(text.trim());
            }
        }
    }
    wording
}
