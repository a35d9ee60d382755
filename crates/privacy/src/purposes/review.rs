//! Reviews of purposes. A person gave their data as one thing, say as a lead; when the relationship becomes
//! another, what the data may be used for has to be looked at and the person informed anew (GDPR Art. 13(3)).

use kernel::{ContactId, EventId, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::{Batch, BoxFuture, Ctx, Feed, SubjectKeys, params};

use crate::vocabulary::vocabulary;
use crate::{Error, Result};

vocabulary! {
    /// What a person is to the workspace.
    Relationship as "relationship" {
        /// Somebody who may become a customer.
        Lead = "lead",
        /// Somebody who reads what is published.
        Subscriber = "subscriber",
        /// Somebody with a contract.
        Customer = "customer",
        /// Somebody whose contract has ended.
        Former = "former",
    }
}

store::sql! {
    INSERT = "INSERT INTO purpose_review (workspace, id, subject, before, after, opened_at, closed_at, closed_by)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)";
    CLOSE = "UPDATE purpose_review SET closed_at = $3, closed_by = $4 WHERE workspace = $1 AND id = $2 AND closed_at IS NULL";
    LIST = "SELECT id, subject, before, after, opened_at, closed_at FROM purpose_review
        WHERE workspace = $1 AND id < $2 AND closed_at IS NULL ORDER BY id DESC LIMIT $3";
    OF_SUBJECT = "SELECT id, subject, before, after, opened_at, closed_at FROM purpose_review
        WHERE workspace = $1 AND subject = $2 ORDER BY id";
    ERASE = "DELETE FROM purpose_review WHERE workspace = $1 AND subject = $2";
}

store::row! {
    /// A review that waits, or was done.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Review {
        /// Its id.
        pub id: EventId,
        /// Whose purposes.
        pub contact: ContactId,
        /// What the person was.
        pub before: String,
        /// What the person is now.
        pub after: String,
        /// Since when it waits.
        pub opened_at: Timestamp,
        /// When it was done.
        pub closed_at: Option<Timestamp>,
    }
}

/// Opens a review in the batch that records the transition. The same relationship is no transition.
pub fn open(batch: &mut Batch, ctx: &Ctx, contact: ContactId, before: Relationship, after: Relationship) {
    if before == after {
        return;
    }
    let id: EventId = ctx.id();
    batch.push(INSERT, params![ctx.workspace, id, contact, before.as_str(), after.as_str(), ctx.now()]);
    batch.feed(Feed {
        kind: "purpose.review_opened",
        entity: contact.into(),
        data: json!({ "review": id, "before": before, "after": after }),
    });
}

/// Records that a person's relationship changed: their purposes wait for a review.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person; a wrong field when nothing changed.
pub async fn transition(
    ctx: &Ctx,
    contact: ContactId,
    before: Relationship,
    after: Relationship,
) -> Result<Vec<Review>> {
    if before == after {
        return Err(crate::entry::wrong("after", "this is what the person was already"));
    }
    if ctx.vault.subject(ctx.workspace, contact).await?.data().is_err() {
        return Err(Error::NotFound("contact"));
    }
    let mut batch = ctx.batch();
    open(&mut batch, ctx, contact, before, after);
    accounts::audit::record(&mut batch, ctx, "purpose.relationship_changed", &[&contact]);
    ctx.db.apply(batch).await?;
    of(ctx, contact).await
}

/// The reviews of one person, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, contact: ContactId) -> Result<Vec<Review>> {
    Ok(ctx.db.all(OF_SUBJECT, params![ctx.workspace, contact]).await?)
}

/// Reviews that wait, newest first, older than `before` when given.
///
/// # Errors
/// When the store fails.
pub async fn waiting(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Review>> {
    let before = before.unwrap_or(EventId([0xff; 16]));
    Ok(ctx.db.all(LIST, params![ctx.workspace, before, limit]).await?)
}

/// Marks a review as done: purposes looked at, the person informed.
///
/// # Errors
/// [`Error::NotFound`] when no such review waits.
pub async fn close(ctx: &Ctx, id: EventId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(CLOSE, params![ctx.workspace, id, ctx.now(), ctx.actor.to_string()]);
    accounts::audit::record(&mut batch, ctx, "purpose.review_closed", &[&id]);
    ctx.db.apply(batch).await.map_err(|error| match error {
        store::Error::Guard(_) => Error::NotFound("review"),
        other => other.into(),
    })?;
    Ok(())
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Review> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        Ok(rows.iter().map(|row| json!({ "before": row.before, "after": row.after, "at": row.opened_at })).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "purpose_review",
    class: "marketing.contact",
    subject: "subject",
    columns: &[],
    erase: &[ERASE],
    kept: None,
    collect: Some(collect),
});
