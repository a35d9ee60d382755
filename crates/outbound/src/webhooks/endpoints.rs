//! Making, changing and reading endpoints.

use std::collections::BTreeSet;

use accounts::audit;
use kernel::{EndpointId, EventId, Page, PageRequest, Timestamp, WorkspaceId};
use store::{Core, Ctx, WorkspaceKeys, feed, params};

use super::model::{Attempt, Endpoint, EndpointState, Message, MessageState, NewEndpoint, Shape, UpdateEndpoint};
use super::payload::{KINDS, TEST, Told, body};
use super::queries::{self, EndpointRow, MessageRow};
use super::request::{self, Ended, Letter};
use super::{Error, Result, Webhooks, appointlet, rules, signature};

/// Columns as they are bound into seals.
const URL: &str = "endpoint.url";
const SECRET: &str = "endpoint.secret";
/// The most endpoints of a workspace.
const MAX_ENDPOINTS: usize = 50;
/// The longest time, in seconds, for which a rotated secret keeps signing.
const MAX_OVERLAP: i64 = 7 * 86_400;

/// How the names begin under which endpoints read the change feed.
const CONSUMERS: &str = "webhook:";

/// The name under which an endpoint reads the change feed.
pub(super) fn consumer(id: EndpointId) -> String {
    format!("{CONSUMERS}{id}")
}

/// Checks subscribed kinds; returns them as kept.
fn written(kinds: &[String], shape: Shape) -> Result<String> {
    if kinds.is_empty() {
        return Err(Error::field("kinds", "name at least one kind of event, or *"));
    }
    if let Some(unknown) = kinds.iter().find(|kind| *kind != "*" && !KINDS.contains(&kind.as_str())) {
        let shown: String = unknown.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(Error::field("kinds", format!("there is no {shown}; there are {} and *", KINDS.join(", "))));
    }
    if shape == Shape::Appointlet
        && let Some(other) = kinds.iter().find(|kind| *kind != "*" && !appointlet::speaks_of(kind))
    {
        return Err(Error::field("kinds", format!("Appointlet has no word for {other}; choose appointments, or *")));
    }
    let mut kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds.join(" "))
}

/// Whether an endpoint that subscribed to `kinds` (as kept) wants an event.
pub(super) fn wants(kinds: &str, shape: Shape, kind: &str) -> bool {
    if shape == Shape::Appointlet && !appointlet::speaks_of(kind) {
        return false;
    }
    KINDS.binary_search(&kind).is_ok() && kinds.split(' ').any(|wanted| wanted == "*" || wanted == kind)
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| store::Error::Seal("endpoint.url").into())
}

impl EndpointRow {
    pub(super) fn url(&self, keys: &WorkspaceKeys) -> Result<String> {
        text(keys.open(URL, &self.url)?)
    }

    /// The secrets that sign now: the current one and, while a rotation lasts, the one before.
    pub(super) fn secrets(&self, keys: &WorkspaceKeys, now: Timestamp) -> Result<Vec<Vec<u8>>> {
        let old = self.old_secret.as_ref().filter(|_| self.old_until.is_some_and(|until| now < until));
        Ok(std::iter::once(&self.secret)
            .chain(old)
            .map(|sealed| keys.open(SECRET, sealed))
            .collect::<store::Result<_>>()?)
    }

    fn shown(self, keys: &WorkspaceKeys) -> Result<Endpoint> {
        Ok(Endpoint {
            id: self.id,
            url: self.url(keys)?,
            kinds: self.kinds.split(' ').map(str::to_owned).collect(),
            shape: Shape::read(self.shape.as_deref()),
            state: EndpointState::read(&self.state),
            reason: self.reason,
            failing_since: self.failing_since,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let state = MessageState::read(&row.state);
        Self {
            id: row.event,
            kind: row.kind,
            at: row.at,
            state,
            attempts: row.attempts,
            due_at: (state == MessageState::Waiting).then_some(row.due_at),
        }
    }
}

/// Adds an attempt to the batch that records its outcome.
pub(super) fn note_attempt(batch: &mut store::Batch, core: &Core, endpoint: EndpointId, event: EventId, ended: &Ended) {
    let id: EventId = core.ids.next();
    let error = ended.failure.map(super::Failure::as_str);
    batch.push(
        queries::INSERT_ATTEMPT,
        params![batch.workspace(), endpoint, id, event, ended.at, ended.millis, ended.status, error],
    );
}

impl Webhooks {
    pub(super) async fn row(&self, workspace: WorkspaceId, id: EndpointId) -> Result<EndpointRow> {
        let row = self.core.db.opt(queries::GET_ENDPOINT, params![workspace, id]).await?;
        row.ok_or(Error::NotFound("webhook endpoint"))
    }

    /// Makes an endpoint. It is told what happens from now on. Returns the secret, which cannot be
    /// had again.
    ///
    /// # Errors
    /// A URL that may not be contacted, an unknown kind, too many endpoints.
    pub async fn create(&self, ctx: &Ctx, new: NewEndpoint) -> Result<(Endpoint, String)> {
        let url = self.client.check(&new.url)?;
        let kinds = written(&new.kinds, new.shape)?;
        let rows: Vec<EndpointRow> = ctx.db.all(queries::LIST_ENDPOINTS, params![ctx.workspace]).await?;
        if rows.len() >= MAX_ENDPOINTS {
            return Err(Error::TooMany(MAX_ENDPOINTS));
        }
        let keys = ctx.keys().await?;
        let id: EndpointId = ctx.id();
        let secret = signature::new_secret(ctx.rng.as_ref());
        let mut batch = ctx.batch();
        batch.push(
            queries::INSERT_ENDPOINT,
            params![
                ctx.workspace,
                id,
                keys.seal(URL, url.as_str().as_bytes()),
                kinds,
                keys.seal(SECRET, &secret),
                ctx.actor.to_string(),
                ctx.now(),
                new.shape.as_str()
            ],
        );
        feed::advance(&mut batch, &consumer(id), feed::head(&ctx.db, ctx.workspace).await?);
        audit::record(&mut batch, ctx, "webhook.created", &[&id]);
        ctx.db.apply(batch).await?;
        Ok((self.get(ctx, id).await?, signature::shown(&secret)))
    }

    /// One endpoint.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, ctx: &Ctx, id: EndpointId) -> Result<Endpoint> {
        self.row(ctx.workspace, id).await?.shown(ctx.keys().await?.as_ref())
    }

    /// The workspace's endpoints, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, ctx: &Ctx) -> Result<Vec<Endpoint>> {
        let rows: Vec<EndpointRow> = ctx.db.all(queries::LIST_ENDPOINTS, params![ctx.workspace]).await?;
        let keys = ctx.keys().await?;
        rows.into_iter().map(|row| row.shown(&keys)).collect()
    }

    /// Changes an endpoint. Resuming one forgets its failures; what was held stays held until it is
    /// replayed.
    ///
    /// # Errors
    /// As [`Webhooks::create`], and [`Error::NotFound`].
    pub async fn update(&self, ctx: &Ctx, id: EndpointId, change: UpdateEndpoint) -> Result<Endpoint> {
        let mut row = self.row(ctx.workspace, id).await?;
        if let Some(url) = &change.url {
            let url = self.client.check(url)?;
            row.url = ctx.keys().await?.seal(URL, url.as_str().as_bytes());
        }
        let shape = change.shape.unwrap_or_else(|| Shape::read(row.shape.as_deref()));
        row.shape = Some(shape.as_str().to_owned());
        if change.kinds.is_some() || change.shape.is_some() {
            let kept = || row.kinds.split(' ').map(str::to_owned).collect();
            row.kinds = written(&change.kinds.unwrap_or_else(kept), shape)?;
        }
        let mut batch = ctx.batch();
        match change.state {
            None => {}
            Some(EndpointState::Disabled) => {
                return Err(Error::field("state", "say paused; only Barid disables an endpoint"));
            }
            Some(EndpointState::Active) => {
                (row.failures, row.failing_since, row.hold_until, row.reason) = (0, None, Timestamp(0), None);
                EndpointState::Active.as_str().clone_into(&mut row.state);
            }
            Some(EndpointState::Paused) => {
                EndpointState::Paused.as_str().clone_into(&mut row.state);
                batch.push(queries::HOLD_MESSAGES, params![ctx.workspace, id]);
            }
        }
        batch.guard(
            queries::UPDATE_ENDPOINT,
            params![
                ctx.workspace,
                id,
                row.url,
                row.kinds,
                row.state,
                row.reason,
                row.failures,
                row.failing_since,
                row.hold_until,
                ctx.now(),
                row.shape
            ],
        );
        audit::record(&mut batch, ctx, "webhook.updated", &[&id]);
        ctx.db.apply(batch).await?;
        self.get(ctx, id).await
    }

    /// Deletes an endpoint with its messages and attempts.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, ctx: &Ctx, id: EndpointId) -> Result<()> {
        let mut batch = ctx.batch();
        batch.guard(queries::DELETE_ENDPOINT, params![ctx.workspace, id]);
        batch.push(queries::DELETE_MESSAGES, params![ctx.workspace, id]);
        batch.push(queries::DELETE_ATTEMPTS, params![ctx.workspace, id]);
        feed::forget(&mut batch, &consumer(id));
        audit::record(&mut batch, ctx, "webhook.deleted", &[&id]);
        match ctx.db.apply(batch).await {
            Err(store::Error::Guard(_)) => Err(Error::NotFound("webhook endpoint")),
            done => Ok(done.map(|_| ())?),
        }
    }

    /// Gives an endpoint a new secret; the one before signs, too, for `overlap` more seconds (at most
    /// seven days). Returns the new secret, which cannot be had again.
    ///
    /// # Errors
    /// [`Error::NotFound`], or an overlap out of bounds.
    pub async fn rotate(&self, ctx: &Ctx, id: EndpointId, overlap: i64) -> Result<String> {
        if !(0..=MAX_OVERLAP).contains(&overlap) {
            return Err(Error::field("overlap_seconds", format!("between 0 and {MAX_OVERLAP}")));
        }
        let (keys, secret) = (ctx.keys().await?, signature::new_secret(ctx.rng.as_ref()));
        let mut batch = ctx.batch();
        batch.guard(
            queries::ROTATE_SECRET,
            params![ctx.workspace, id, keys.seal(SECRET, &secret), ctx.now().plus_seconds(overlap), ctx.now()],
        );
        audit::record(&mut batch, ctx, "webhook.secret_rotated", &[&id]);
        match ctx.db.apply(batch).await {
            Err(store::Error::Guard(_)) => Err(Error::NotFound("webhook endpoint")),
            done => Ok(done.map(|_| signature::shown(&secret))?),
        }
    }

    /// Sends a `webhook.test` event at once, whatever the endpoint subscribed to, and says how it went.
    ///
    /// # Errors
    /// [`Error::NotFound`], or a URL that may no longer be contacted.
    pub async fn test(&self, ctx: &Ctx, id: EndpointId) -> Result<Attempt> {
        let (row, keys) = (self.row(ctx.workspace, id).await?, ctx.keys().await?);
        let event: EventId = ctx.id();
        let told = Told {
            id: event,
            kind: TEST,
            at: ctx.now(),
            workspace: ctx.workspace,
            entity: id.0,
            data: &serde_json::Value::Null,
        };
        let letter = Letter {
            url: self.client.check(&row.url(&keys)?)?,
            event,
            body: body(&told),
            secrets: row.secrets(&keys, ctx.now())?,
        };
        let ended = request::post(&self.client, &self.core, letter).await;
        let mut batch = ctx.batch();
        note_attempt(&mut batch, &self.core, id, event, &ended);
        ctx.db.apply(batch).await?;
        let error = ended.failure.map(|failure| failure.as_str().to_owned());
        Ok(Attempt { event, at: ended.at, millis: ended.millis, status: ended.status, error })
    }

    /// The attempts to an endpoint, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`], or a cursor of another list.
    pub async fn attempts(&self, ctx: &Ctx, id: EndpointId, page: &PageRequest) -> Result<Page<Attempt>> {
        type Row = (EventId, EventId, Timestamp, u32, Option<u16>, Option<String>);
        self.row(ctx.workspace, id).await?;
        let before = match &page.cursor {
            None => EventId([0xff; 16]),
            Some(cursor) => cursor.parse().map_err(|_| Error::field("cursor", "take it from the page before"))?,
        };
        let limit = page.limit();
        let rows: Vec<Row> = ctx.db.all(queries::LIST_ATTEMPTS, params![ctx.workspace, id, before, limit]).await?;
        let next = (rows.len() == limit as usize).then(|| rows.last().map(|row| row.0.to_string())).flatten();
        let attempt = |(_, event, at, millis, status, error)| Attempt { event, at, millis, status, error };
        Ok(Page { items: rows.into_iter().map(attempt).collect(), next })
    }

    /// The events kept for an endpoint, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`], or a cursor of another list.
    pub async fn messages(&self, ctx: &Ctx, id: EndpointId, page: &PageRequest) -> Result<Page<Message>> {
        self.row(ctx.workspace, id).await?;
        let before: i64 = match &page.cursor {
            None => i64::MAX,
            Some(cursor) => cursor.parse().map_err(|_| Error::field("cursor", "take it from the page before"))?,
        };
        let limit = page.limit();
        let rows: Vec<MessageRow> =
            ctx.db.all(queries::LIST_MESSAGES, params![ctx.workspace, id, before, limit]).await?;
        let next = (rows.len() == limit as usize).then(|| rows.last().map(|row| row.seq.to_string())).flatten();
        Ok(Page { items: rows.into_iter().map(Message::from).collect(), next })
    }

    /// Deletes messages and attempts older than 30 days, wakes messages whose job was lost, and forgets the places in
    /// the feed of endpoints that are no more. Run it daily.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<()> {
        // Read before the endpoints: one that is made in between is not taken for one that is no more.
        let readers = feed::consumers(&self.core.db, CONSUMERS).await?;
        let endpoints: Vec<(WorkspaceId, EndpointId)> = self.core.db.all(queries::ALL_ENDPOINTS, Vec::new()).await?;
        self.forget_others(readers, &endpoints).await?;
        let before = self.core.now().plus_seconds(-rules::KEEP_DAYS * 86_400);
        for (workspace, id) in endpoints {
            let ctx = self.core.ctx(workspace, store::Actor::System);
            let mut batch = ctx.batch();
            batch.push(queries::TRIM_MESSAGES, params![workspace, id, before]);
            batch.push(queries::TRIM_ATTEMPTS, params![workspace, id, before]);
            ctx.db.apply(batch).await?;
            self.wake_overdue(&ctx, id).await?;
        }
        Ok(())
    }

    /// A feeder that was at work while its endpoint was deleted may have written its place down once more.
    async fn forget_others(
        &self,
        readers: Vec<(WorkspaceId, String)>,
        endpoints: &[(WorkspaceId, EndpointId)],
    ) -> Result<()> {
        let known: BTreeSet<(WorkspaceId, String)> = endpoints.iter().map(|(of, id)| (*of, consumer(*id))).collect();
        for (workspace, reader) in readers.into_iter().filter(|reader| !known.contains(reader)) {
            let mut batch = self.core.ctx(workspace, store::Actor::System).batch();
            feed::forget(&mut batch, &reader);
            self.core.db.apply(batch).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_checked_and_matched() {
        let list = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            written(&list(&["message.sent", "contact.created", "message.sent"]), Shape::Barid).unwrap(),
            "contact.created message.sent"
        );
        assert!(written(&[], Shape::Barid).is_err());
        assert!(written(&list(&["contact.*"]), Shape::Barid).is_err());
        assert!(wants("contact.created message.sent", Shape::Barid, "message.sent"));
        assert!(!wants("contact.created", Shape::Barid, "contact.updated"));
        assert!(wants("*", Shape::Barid, "contact.updated"));
        assert!(!wants("*", Shape::Barid, "index.snapshot"));
        assert!(written(&list(&["booking.confirmed"]), Shape::Appointlet).is_ok());
        assert!(written(&list(&["contact.created"]), Shape::Appointlet).is_err());
        assert!(wants("*", Shape::Appointlet, "booking.rescheduled"));
        assert!(!wants("*", Shape::Appointlet, "contact.updated"));
    }
}
