//! Topics: what people subscribe to (other products call them lists), with single or double
//! opt-in, a purpose, and a public description in English and Arabic.

use kernel::{ContactId, FormId, Problem, Timestamp, TopicId, fold};
use serde_json::json;
use store::{Batch, Blind, Ctx, Feed, params};

use crate::contacts::queries::{TOPICS_OF, TopicOf};
use crate::import::values;
use crate::segments::conditions::TopicState;
use crate::{Error, Result};

store::sql! {
    INSERT_TOPIC = "INSERT INTO topic (workspace, id, name, folded, description_en, description_ar, purpose, double_opt_in,
        public, archived_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)";
    UPDATE_TOPIC = "UPDATE topic SET name = $3, folded = $4, description_en = $5, description_ar = $6, purpose = $7,
        double_opt_in = $8, public = $9 WHERE workspace = $1 AND id = $2";
    ARCHIVE_TOPIC = "UPDATE topic SET archived_at = $3 WHERE workspace = $1 AND id = $2";
    ERASE_UNUSED_TOPIC = "DELETE FROM topic WHERE workspace = $1 AND id = $2
        AND NOT EXISTS (SELECT 1 FROM contact_topic m WHERE m.workspace = $1 AND m.topic = $2)
        AND NOT EXISTS (SELECT 1 FROM form f WHERE f.workspace = $1 AND f.topic = $2)";
    TOPIC = "SELECT id, name, description_en, description_ar, purpose, double_opt_in, public, archived_at, created_at
        FROM topic WHERE workspace = $1 AND id = $2";
    TOPIC_BY_NAME = "SELECT id, name, description_en, description_ar, purpose, double_opt_in, public, archived_at, created_at
        FROM topic WHERE workspace = $1 AND folded = $2";
    TOPICS = "SELECT id, name, description_en, description_ar, purpose, double_opt_in, public, archived_at, created_at
        FROM topic WHERE workspace = $1 ORDER BY folded";
    MEMBER_COUNTS = "SELECT state, CAST(count(*) AS BIGINT) FROM contact_topic WHERE workspace = $1 AND topic = $2
        GROUP BY state ORDER BY state";
    SUBSCRIBED_AFTER = "SELECT contact FROM contact_topic WHERE workspace = $1 AND topic = $2 AND contact > $3 AND state = $5
        ORDER BY contact LIMIT $4";
    MEMBERS_AFTER = "SELECT contact FROM contact_topic WHERE workspace = $1 AND topic = $2 AND contact > $3
        ORDER BY contact LIMIT $4";
    pub(crate) MEMBERSHIP = "SELECT state, evidence, at FROM contact_topic WHERE workspace = $1 AND contact = $2 AND topic = $3";
    pub(crate) SET_MEMBERSHIP = "INSERT INTO contact_topic (workspace, contact, topic, state, evidence, at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, contact, topic) DO UPDATE SET state = excluded.state, evidence = excluded.evidence,
        at = excluded.at, form = NULL";
    /// By which form somebody asked; only while the confirmation is awaited.
    ASKED_BY = "UPDATE contact_topic SET form = $4 WHERE workspace = $1 AND contact = $2 AND topic = $3";
    PENDING_SINCE = "SELECT topic, form FROM contact_topic WHERE workspace = $1 AND contact = $2 AND state = $3 AND at = $4
        ORDER BY topic";
    LEAVE_ALL = "UPDATE contact_topic SET state = 'unsubscribed', at = $3 WHERE workspace = $1 AND contact = $2
        AND state <> 'unsubscribed'";
    /// A topic that either of two duplicates left stays left.
    pub(crate) MOVE_MEMBERSHIPS = "INSERT INTO contact_topic (workspace, contact, topic, state, evidence, at)
        SELECT workspace, CAST($3 AS {id}), topic, state, evidence, at FROM contact_topic WHERE workspace = $1 AND contact = $2
        ON CONFLICT (workspace, contact, topic) DO UPDATE SET state = excluded.state, evidence = excluded.evidence, at = excluded.at
        WHERE contact_topic.state <> 'unsubscribed' AND excluded.state <> 'pending'";
    pub(crate) ERASE_MEMBERSHIPS = "DELETE FROM contact_topic WHERE workspace = $1 AND contact = $2";
}

store::row! {
    /// A topic.
    #[derive(Debug, Clone, PartialEq, serde::Serialize)]
    pub struct Topic {
        /// Its id.
        pub id: TopicId,
        /// Its name.
        pub name: String,
        /// What people get, in English.
        pub description_en: String,
        /// What people get, in Arabic.
        pub description_ar: String,
        /// The purpose people consent to.
        pub purpose: String,
        /// Whether a sign-up waits for the person's confirmation.
        pub double_opt_in: bool,
        /// Whether the preference centre shows it to everybody.
        pub public: bool,
        /// Out of use since.
        pub archived_at: Option<Timestamp>,
        /// Since when it exists.
        pub created_at: Timestamp,
    }
}

/// What a topic is made of.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct TopicDraft {
    /// Its name, unique whatever the spelling's case and accents.
    pub name: String,
    /// What people get, in English.
    pub description_en: String,
    /// What people get, in Arabic.
    pub description_ar: String,
    /// The purpose people consent to.
    pub purpose: String,
    /// Whether a sign-up waits for the person's confirmation.
    pub double_opt_in: bool,
    /// Whether the preference centre shows it to everybody.
    pub public: bool,
}

impl Default for TopicDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description_en: String::new(),
            description_ar: String::new(),
            purpose: "marketing".to_owned(),
            double_opt_in: true,
            public: true,
        }
    }
}

impl TopicDraft {
    fn checked(mut self) -> Result<Self, Problem> {
        self.name = values::line(&self.name)
            .filter(|name| !name.is_empty() && name.chars().count() <= 100)
            .ok_or_else(|| Problem::field("name", "a topic's name has 1 to 100 characters"))?;
        for (field, text) in
            [("description_en", &mut self.description_en), ("description_ar", &mut self.description_ar)]
        {
            *text = values::paragraph(text).ok_or_else(|| Problem::field(field, "at most 4000 characters"))?;
        }
        privacy::vocabulary::Purpose::new(&self.purpose)
            .map_err(|error| Problem::field("purpose", error.to_string()))?;
        Ok(self)
    }
}

/// Makes a topic.
///
/// # Errors
/// `already_exists` when there is one of this name.
pub async fn create(ctx: &Ctx, draft: TopicDraft) -> Result<Topic> {
    let draft = draft.checked()?;
    let id: TopicId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        INSERT_TOPIC,
        params![
            ctx.workspace,
            id,
            &draft.name,
            fold(&draft.name),
            &draft.description_en,
            &draft.description_ar,
            &draft.purpose,
            draft.double_opt_in,
            draft.public,
            ctx.now()
        ],
    );
    batch.feed(Feed { kind: "topic.created", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a topic.
pub async fn update(ctx: &Ctx, id: TopicId, draft: TopicDraft) -> Result<Topic> {
    let draft = draft.checked()?;
    let mut batch = ctx.batch();
    batch.guard(
        UPDATE_TOPIC,
        params![
            ctx.workspace,
            id,
            &draft.name,
            fold(&draft.name),
            &draft.description_en,
            &draft.description_ar,
            &draft.purpose,
            draft.double_opt_in,
            draft.public
        ],
    );
    batch.feed(Feed { kind: "topic.updated", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes a topic out of use, or brings it back. Memberships and evidence stay.
pub async fn archive(ctx: &Ctx, id: TopicId, archived: bool) -> Result<()> {
    let at: Option<Timestamp> = archived.then(|| ctx.now());
    let mut batch = ctx.batch();
    batch.guard(ARCHIVE_TOPIC, params![ctx.workspace, id, at]);
    batch.feed(Feed { kind: "topic.updated", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes a topic that nobody ever joined and no form leads to; says whether it did.
///
/// # Errors
/// When the store fails.
pub async fn erase_unused(ctx: &Ctx, id: TopicId) -> Result<bool> {
    let mut batch = ctx.batch();
    batch.guard(ERASE_UNUSED_TOPIC, params![ctx.workspace, id]);
    batch.feed(Feed { kind: "topic.deleted", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// A topic by its id.
pub async fn get(ctx: &Ctx, id: TopicId) -> Result<Topic> {
    let topic: Option<Topic> = ctx.db.get(TOPIC, params![ctx.workspace, id]).await?;
    topic.ok_or(Error::NotFound("topic"))
}

/// A topic by its name, whatever the spelling's case and accents.
pub async fn by_name(ctx: &Ctx, name: &str) -> Result<Option<Topic>> {
    Ok(ctx.db.opt(TOPIC_BY_NAME, params![ctx.workspace, fold(name)]).await?)
}

/// The topic meant by an id or a name.
pub async fn find(ctx: &Ctx, text: &str) -> Result<Topic> {
    match text.parse::<TopicId>() {
        Ok(id) => get(ctx, id).await,
        Err(_) => by_name(ctx, text).await?.ok_or(Error::NotFound("topic")),
    }
}

/// Every topic, by name; archived ones included.
pub async fn list(ctx: &Ctx) -> Result<Vec<Topic>> {
    Ok(ctx.db.all(TOPICS, params![ctx.workspace]).await?)
}

/// How many people are in a topic, by state.
pub async fn member_counts(ctx: &Ctx, id: TopicId) -> Result<Vec<(TopicState, u64)>> {
    let rows: Vec<(String, u64)> = ctx.db.all(MEMBER_COUNTS, params![ctx.workspace, id]).await?;
    rows.into_iter()
        .map(|(code, count)| Ok((TopicState::from_code(&code).ok_or(Error::Corrupt("membership"))?, count)))
        .collect()
}

/// Members of a topic in any state, in order of id, after a given one.
pub async fn members_after(ctx: &Ctx, id: TopicId, after: ContactId, limit: u32) -> Result<Vec<ContactId>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(MEMBERS_AFTER, params![ctx.workspace, id, after, limit]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Subscribers of a topic, in order of id, after a given one: whom a campaign addresses.
pub async fn subscribed_after(ctx: &Ctx, id: TopicId, after: ContactId, limit: u32) -> Result<Vec<ContactId>> {
    let about = params![ctx.workspace, id, after, limit, TopicState::Subscribed.as_str()];
    let rows: Vec<(ContactId,)> = ctx.db.all(SUBSCRIBED_AFTER, about).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A person's state in a topic, since when, and the mark of the evidence it rests on.
pub(crate) async fn membership(
    ctx: &Ctx,
    contact: ContactId,
    topic: TopicId,
) -> Result<Option<(TopicState, Timestamp, Option<Blind>)>> {
    let row: Option<(String, Option<Blind>, Timestamp)> =
        ctx.db.get(MEMBERSHIP, params![ctx.workspace, contact, topic]).await?;
    row.map(|(code, evidence, at)| {
        let state = TopicState::from_code(&code).ok_or(Error::Corrupt("membership"))?;
        Ok((state, at, evidence))
    })
    .transpose()
}

/// Sets a person's state in a topic, in the caller's batch.
pub(crate) fn set_membership(
    batch: &mut Batch,
    (contact, topic): (ContactId, TopicId),
    state: TopicState,
    evidence: Option<Blind>,
    at: Timestamp,
) {
    let workspace = batch.workspace();
    batch.push(SET_MEMBERSHIP, params![workspace, contact, topic, state.as_str(), evidence, at]);
}

/// Notes the form by which a person asked to join a topic, in the caller's batch, after [`set_membership`].
pub(crate) fn asked_by(batch: &mut Batch, (contact, topic): (ContactId, TopicId), form: FormId) {
    let workspace = batch.workspace();
    batch.push(ASKED_BY, params![workspace, contact, topic, form]);
}

/// What a person asked for at one instant and has not confirmed yet, with the form it was asked by.
pub(crate) async fn pending_since(
    ctx: &Ctx,
    contact: ContactId,
    at: Timestamp,
) -> Result<Vec<(TopicId, Option<FormId>)>> {
    let about = params![ctx.workspace, contact, TopicState::Pending.as_str(), at];
    Ok(ctx.db.all(PENDING_SINCE, about).await?)
}

/// Takes a person out of every topic, in the caller's batch.
pub(crate) fn leave_all(batch: &mut Batch, contact: ContactId, at: Timestamp) {
    let workspace = batch.workspace();
    batch.push(LEAVE_ALL, params![workspace, contact, at]);
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<TopicOf> = ctx.db.all(TOPICS_OF, params![ctx.workspace, subject]).await?;
        Ok(rows.into_iter().map(|row| json!({"topic": row.name, "state": row.state, "since": row.at})).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "contact_topic",
    class: "marketing.contact",
    subject: "contact",
    columns: &["evidence"],
    erase: &[ERASE_MEMBERSHIPS],
    kept: None,
    collect: Some(collect),
});
