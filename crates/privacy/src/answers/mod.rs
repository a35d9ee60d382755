//! Prepared answers to the three questions people ask about their data: by what right do you write to
//! me, where did you get my data, what do you hold about me (GDPR Art. 13-15, 21).
//!
//! They are written from the person's own records and from nothing else: the claims and the assessment
//! they cite, the reason noted for this person, the chain of sources of every value, messages, blocks.
//! An address that was guessed and checked by a tool is told as just that. Texts stand in
//! `i18n/{en,ar}/answers.json`; other languages are answered in English.

mod page;
mod sections;
mod words;

use kernel::{ContactId, Locale, ProvenanceId};
use serde::{Deserialize, Serialize};
use store::Ctx;

use crate::answer::{Answer, answer};
use crate::assessments::{self, Assessment};
use crate::provenance::{self, Recorded};
use crate::replies::Intent;
use crate::vocabulary::vocabulary;
use crate::{Error, Result};
use page::Page;
use sections::Records;
use words::Words;

/// The longest chain of sources that is followed.
const CHAIN: usize = 10;

vocabulary! {
    /// What was asked.
    Question as "question about data" {
        /// By what right do you write to me?
        Right = "right",
        /// Where did you get my data?
        Source = "source",
        /// What do you hold about me?
        What = "what",
    }
}

impl Question {
    /// The question behind what a reply asks for.
    pub const fn of(intent: Intent) -> Option<Self> {
        match intent {
            Intent::QuestionRight => Some(Self::Right),
            Intent::QuestionSource => Some(Self::Source),
            Intent::QuestionWhat => Some(Self::What),
            _ => None,
        }
    }
}

/// What the workspace says of itself in its answers: its setting `answers`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whether a question is answered without a human. Off unless the workspace turns it on.
    pub automatic: bool,
    /// Where the data physically are: host, place and country.
    pub hosting: Option<String>,
    /// Who else receives the data, besides those the assessments name.
    pub recipients: Vec<String>,
    /// Where a person answers questions about data.
    pub contact: Option<String>,
    /// Set when data are sold or kept in another database too, so that the answers do not deny it.
    pub shared_elsewhere: bool,
}

/// Where an answer leads its reader, and who gives it.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Who answers, as people know it.
    pub organisation: String,
    /// Its postal address.
    pub postal_address: String,
    /// One click stops all advertising.
    pub stop: Option<String>,
    /// The person's own page: see, correct, erase.
    pub centre: Option<String>,
    /// What the workspace says of itself.
    pub settings: Settings,
}

/// A prepared answer. Personal throughout.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// What it answers.
    pub question: Question,
    /// The language it is written in.
    pub language: Locale,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

/// Writes the answer from what is on record now. It is meant for the person's own address and no other.
///
/// # Errors
/// [`Error::NotFound`] for somebody unknown or erased; when the store fails or a record is damaged.
pub async fn prepare(
    ctx: &Ctx,
    subject: ContactId,
    question: Question,
    language: &Locale,
    frame: &Frame,
) -> Result<Prepared> {
    let held = answer(ctx, subject).await?;
    if held.erased.is_some() {
        return Err(Error::NotFound("contact"));
    }
    let records =
        Records { sources: chain(ctx, held.sources.clone()).await?, assessments: cited(ctx, &held).await?, held };
    let words = Words::of(language);
    let mut page = Page::new(words);
    page.opening(question, frame, records.held.at);
    match question {
        Question::Right => {
            records.basis(&mut page);
            records.why(&mut page);
            records.origins(&mut page);
        }
        Question::Source => {
            records.origins(&mut page);
            records.why(&mut page);
        }
        Question::What => {
            records.values(&mut page);
            records.basis(&mut page);
            records.why(&mut page);
            records.origins(&mut page);
            records.messages(&mut page);
            records.recipients(&mut page, frame, ctx.place.as_deref());
            records.retention(&mut page, &crate::retention::settings(ctx).await?);
        }
    }
    records.blocks(&mut page);
    page.rights(frame);
    Ok(page.finish(question, frame))
}

/// The sources and everything they were derived from.
async fn chain(ctx: &Ctx, mut known: Vec<Recorded>) -> Result<Vec<Recorded>> {
    for _ in 0..CHAIN {
        let missing: Vec<ProvenanceId> = known
            .iter()
            .filter_map(|source| source.parent)
            .filter(|parent| known.iter().all(|source| source.id != *parent))
            .collect();
        if missing.is_empty() {
            break;
        }
        let found = provenance::get_many(ctx, &missing).await?;
        if found.is_empty() {
            break;
        }
        known.extend(found);
    }
    Ok(known)
}

/// The assessments that the person's claims cite.
async fn cited(ctx: &Ctx, held: &Answer) -> Result<Vec<Assessment>> {
    let mut found: Vec<Assessment> = Vec::new();
    for claim in &held.basis {
        let id = claim.terms.as_ref().and_then(|terms| terms.pointer("/lia/id")?.as_str()?.parse().ok());
        let Some(id) = id else { continue };
        if found.iter().any(|known| known.id == id) {
            continue;
        }
        match assessments::get(ctx, id).await {
            Ok(assessment) => found.push(assessment),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
