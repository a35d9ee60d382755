//! Calls and recordings as members see them.

use std::collections::BTreeMap;

use kernel::{CallId, ContactId, RecordingId};
use serde_json::Value as Json;
use store::{Ctx, Error as StoreError, params};

use super::model::{CallStep, CallView, Content, RecordingView};
use super::queries as sql;
use crate::rtp::wav_of_ulaw;
use crate::{Error, Result};

/// The sealed column of recordings.
const SOUND: &str = "call_recording.sealed";

/// What is sealed of a call; `None` when it is no longer kept.
#[derive(Clone)]
pub struct Words {
    /// The person's number.
    pub number: String,
    /// The flow as it was.
    pub flow: Json,
    /// What the caller of the API calls it.
    pub reference: Option<String>,
    /// What the flow's words may name.
    pub variables: BTreeMap<String, String>,
}

pub(super) async fn get(ctx: &Ctx, id: CallId) -> Result<CallView> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("call"))
}

/// One call with its number and flow.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(ctx: &Ctx, id: CallId) -> Result<(CallView, Option<Words>)> {
    let view = get(ctx, id).await?;
    let row: Option<(Option<ContactId>, Option<Vec<u8>>)> = ctx.db.get(sql::SEALED, params![ctx.workspace, id]).await?;
    let Some((Some(contact), Some(sealed))) = row else { return Ok((view, None)) };
    let keys = ctx.vault.subject(ctx.workspace, contact).await?;
    match Content::open(ctx, contact, &keys, &sealed) {
        Ok(Content { number, flow, reference, variables }) => {
            Ok((view, Some(Words { number, flow, reference, variables })))
        }
        Err(StoreError::KeyDestroyed) => Ok((view, None)),
        Err(error) => Err(error.into()),
    }
}

/// A page of calls, the latest first, before `before`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, contact: Option<ContactId>, before: Option<CallId>, limit: u32) -> Result<Vec<CallView>> {
    let before = before.unwrap_or(CallId([0xff; 16]));
    Ok(match contact {
        Some(contact) => ctx.db.all(sql::LIST_OF_CONTACT, params![ctx.workspace, contact, before, limit]).await?,
        None => ctx.db.all(sql::LIST, params![ctx.workspace, before, limit]).await?,
    })
}

/// A call's life, step by step, in order.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn timeline(ctx: &Ctx, id: CallId) -> Result<Vec<CallStep>> {
    let call = get(ctx, id).await?;
    let accepted = CallStep { leg: 0, at: call.created_at, kind: "accepted".to_owned(), detail: None };
    let steps: Vec<CallStep> = ctx.db.all(sql::EVENTS, params![ctx.workspace, id]).await?;
    Ok(std::iter::once(accepted).chain(steps).collect())
}

/// A page of recordings, the latest first, before `before`; those of one call when it is named.
///
/// # Errors
/// The store's.
pub async fn recordings(
    ctx: &Ctx,
    call: Option<CallId>,
    before: Option<RecordingId>,
    limit: u32,
) -> Result<Vec<RecordingView>> {
    let before = before.unwrap_or(RecordingId([0xff; 16]));
    if let Some(call) = call {
        let mut all: Vec<RecordingView> = ctx.db.all(sql::RECORDINGS_OF_CALL, params![ctx.workspace, call]).await?;
        all.reverse();
        all.retain(|one| one.id < before);
        all.truncate(limit as usize);
        return Ok(all);
    }
    Ok(ctx.db.all(sql::RECORDINGS, params![ctx.workspace, before, limit]).await?)
}

/// One recording without its sound.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn recording(ctx: &Ctx, id: RecordingId) -> Result<RecordingView> {
    ctx.db.get(sql::RECORDING, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("recording"))
}

/// The sound of a recording, as a WAV file.
///
/// # Errors
/// [`Error::NotFound`]; also when the person was erased.
pub async fn recording_file(ctx: &Ctx, id: RecordingId) -> Result<Vec<u8>> {
    let view = recording(ctx, id).await?;
    let row: Option<(Vec<u8>,)> = ctx.db.get(sql::RECORDING_SOUND, params![ctx.workspace, id]).await?;
    let (sealed,) = row.ok_or(Error::NotFound("recording"))?;
    let plain = match view.contact {
        Some(contact) => {
            let keys = ctx.vault.subject(ctx.workspace, contact).await?;
            let data = keys.data().map_err(|_| Error::NotFound("recording"))?;
            data.open(&ctx.aad(contact, SOUND), &sealed)?
        }
        None => ctx.keys().await?.open(SOUND, &sealed)?,
    };
    Ok(wav_of_ulaw(&plain))
}

/// Deletes a recording.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete_recording(ctx: &Ctx, id: RecordingId) -> Result<()> {
    recording(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE_RECORDING, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

pub(super) async fn seal_sound(ctx: &Ctx, contact: Option<ContactId>, sound: &[u8]) -> Result<Vec<u8>> {
    Ok(match contact {
        Some(contact) => {
            let keys = ctx.vault.subject(ctx.workspace, contact).await?;
            keys.data()?.seal(&ctx.aad(contact, SOUND), sound, ctx.rng.as_ref())
        }
        None => ctx.keys().await?.seal(SOUND, sound),
    })
}
