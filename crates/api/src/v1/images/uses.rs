//! Where a picture is used: saved designs, campaigns, sequences. What is in the bin holds no picture.

use campaigns::sequences::{self, SequenceState};
use campaigns::{Campaign, State, Wanted};
use content::{Source, Variants, images};
use kernel::{FieldProblem, ImageId, PageRequest};
use store::Ctx;

use crate::v1::prelude::*;

/// The most uses that are told.
const MAX_TOLD: usize = 20;
/// How many campaigns or sequences are looked through at once.
const CHUNK: u32 = 200;

/// Refuses when content shows the picture; `force` lets mail that was sent count for nothing.
pub(super) async fn refuse(ctx: &Ctx, id: ImageId, force: bool) -> Result<()> {
    let mut fields = Vec::new();
    for (template, name) in images::templates_with(ctx, id).await? {
        fields.push(FieldProblem { field: format!("templates/{template}"), detail: name });
    }
    in_campaigns(ctx, id, force, &mut fields).await?;
    in_sequences(ctx, id, &mut fields).await?;
    if fields.is_empty() {
        return Ok(());
    }
    fields.truncate(MAX_TOLD);
    let detail = "content shows this picture: take it out there first; `force=true` passes over mail that was sent";
    let mut problem = Problem::new(Code::Conflict, detail);
    problem.fields = fields;
    Err(problem.into())
}

async fn in_campaigns(ctx: &Ctx, id: ImageId, force: bool, fields: &mut Vec<FieldProblem>) -> Result<()> {
    let mut cursor = None;
    loop {
        let request = PageRequest { limit: Some(CHUNK), cursor };
        let page = campaigns::list(ctx, &Wanted::default(), &request).await?;
        for Campaign { id: campaign, state, draft, .. } in page.items {
            let counts = !(state == State::Cancelled || force && state == State::Sent);
            let variants = Variants { default: draft.content, by_language: draft.variants };
            if counts && images::shows(&variants, ctx.workspace, id) {
                fields.push(FieldProblem { field: format!("campaigns/{campaign}"), detail: draft.name });
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

async fn in_sequences(ctx: &Ctx, id: ImageId, fields: &mut Vec<FieldProblem>) -> Result<()> {
    let mut cursor = None;
    loop {
        let page = sequences::list(ctx, &PageRequest { limit: Some(CHUNK), cursor }).await?;
        for sequence in page.items {
            let mut sources = sequence
                .draft
                .steps
                .iter()
                .flat_map(|step| std::iter::once(&step.content).chain(step.variants.values()));
            let shown = |source: &Source| images::shows(&source.clone().into(), ctx.workspace, id);
            if sequence.state != SequenceState::Stopped && sources.any(shown) {
                fields.push(FieldProblem { field: format!("sequences/{}", sequence.id), detail: sequence.draft.name });
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}
