//! The verdict: what phrases and rules say, weighed against what the model says.

use super::model::{Model, Pieces, Shares, evidence, features};
use super::phrases::{Phrases, Text, is_end};
use super::{Intent, ReplyInput, strip};
use crate::vocabulary::Channel;

/// Longest part of a reply that is looked through for its writer's own words, in bytes.
const READ: usize = 64 * 1024;
/// Longest part of those that is read, in bytes.
const OWN: usize = 8 * 1024;

/// From this share on an opt-out is believed.
const SURE: f64 = 0.6;
/// Below this share an opt-out that a phrase found is doubted.
const DOUBT: f64 = 0.4;
/// From this share on what looked doubtful to the phrases is an opt-out.
const CLEAR: f64 = 0.92;
/// Up to this share of what must stop sending, what looked doubtful to the phrases is nothing.
const HARMLESS: f64 = 0.02;
/// From this share on of what must stop sending, a human is asked.
const PERHAPS: f64 = 0.2;
/// From this share on one sentence of a longer reply makes a human look.
const IN_PASSING: f64 = 0.8;
/// From this share on law, questions and machines are believed that no phrase found.
const OTHER: f64 = 0.5;
/// From this share on a machine is believed to have written: nobody looks then.
const MACHINE: f64 = 0.9;
/// Most sentences of a reply that are weighed one by one.
const SENTENCES: usize = 60;

/// What phrases and rules made of a reply.
pub(super) struct Read {
    intent: Intent,
    /// A keyword is the whole reply, or a header says who wrote: nothing weighs against that.
    certain: bool,
    /// Asks to stay, or uses the words in another meaning.
    keeps: bool,
    /// What the model reads: the text without what asks to stay.
    rest: String,
    /// What was found, for the model to weigh.
    evidence: Vec<&'static str>,
}

impl Read {
    /// Everything that the model weighs.
    pub(super) fn pieces(&self) -> Pieces {
        Pieces { evidence: evidence(&self.evidence), words: features(&self.rest) }
    }
}

/// Reads a reply with phrases and rules alone.
pub(super) fn by_phrases(input: &ReplyInput<'_>) -> Read {
    let phrases = Phrases::current();
    let lists = &phrases.lists;
    let own = strip::without_citations(clip(&strip::own_words(clip(input.text, READ)), OWN));
    let subject = clip(input.subject, 1000);
    // The subject of an answer is ours, the subject of a new message is theirs.
    let body = match strip::fresh_subject(subject) {
        Some(subject) if !own.starts_with(subject) => format!("{subject}\n\n{own}"),
        _ => own,
    };
    let text = Text::read(&body, phrases);
    let cleaned = text.without(&lists.keep).plain().without(&lists.harmless);
    let keeps = cleaned.has_taken();
    let rest = if keeps { cleaned.rest() } else { body };
    let text = text.plain();
    let leaver = text.has(&lists.leaver);
    let marked = input.is_marked_automatic() || Text::read(subject, phrases).plain().has(&lists.auto);
    let automatic = marked || leaver || text.has(&lists.auto);
    let is_lone = cleaned.has_lone(&lists.lone, &phrases.filler);
    let is_stuck = text.has(&lists.stuck);
    let is_weakly_lone = cleaned.is_lone(&lists.lone_weak, &phrases.filler);
    let wants_out = is_lone || is_weakly_lone || is_stuck || cleaned.has(&lists.optout);
    let questions = [
        (&lists.right, Intent::QuestionRight),
        (&lists.source, Intent::QuestionSource),
        (&lists.what, Intent::QuestionWhat),
    ];
    let leaves_another = !is_lone && text.has(&lists.elsewhere) && text.has(&lists.keep);
    let intent = if automatic {
        // Whoever speaks like a machine and asks to be removed may be a person all the same.
        if wants_out && (leaver || !marked) { Intent::Ambiguous } else { Intent::AutoReply }
    } else if text.has(&lists.legal) {
        Intent::ComplaintLegal
    } else if wants_out && leaves_another {
        // Leaves something else and says so; a human reads it, and sending goes on as asked.
        Intent::NotOptout
    } else if wants_out {
        if !is_lone && cleaned.has(&lists.qualify) { Intent::Ambiguous } else { Intent::Optout }
    } else if let Some((_, intent)) = questions.into_iter().find(|(list, _)| text.has(list)) {
        intent
    } else if cleaned.has(&lists.ambiguous) {
        Intent::Ambiguous
    } else {
        Intent::NotOptout
    };
    let says_nothing = intent == Intent::NotOptout && text.is_made_of(&phrases.idle);
    let certain =
        marked || leaver && wants_out || !automatic && (is_lone || is_stuck || is_weakly_lone || says_nothing);
    let evidence = [
        (intent.as_str(), true),
        ("keep", keeps),
        ("lone", is_lone),
        ("wish", wants_out),
        ("qualified", cleaned.has(&lists.qualify)),
        ("stuck", is_stuck),
        ("elsewhere", text.has(&lists.elsewhere)),
        ("perhaps", cleaned.has(&lists.ambiguous)),
    ];
    let evidence = evidence.into_iter().filter(|(_, found)| *found).map(|(name, _)| name).collect();
    Read { intent, certain, keeps: keeps || leaves_another, rest, evidence }
}

/// Weighs what phrases found against the model. A missed opt-out is worse than an invented one, so doubt ends with a
/// human, and sending pauses until then.
pub(super) fn weigh(read: &Read, model: &Model) -> Intent {
    if read.certain {
        return read.intent;
    }
    let shares = model.weigh(&read.pieces());
    let out = shares.of(Intent::Optout);
    match read.intent {
        Intent::Ambiguous if out >= CLEAR => Intent::Optout,
        Intent::Ambiguous if shares.stops() <= HARMLESS => Intent::NotOptout,
        Intent::Optout if out < DOUBT => Intent::Ambiguous,
        Intent::AutoReply if out >= SURE => Intent::Ambiguous,
        Intent::ComplaintLegal | Intent::Ambiguous | Intent::Optout | Intent::AutoReply => read.intent,
        _ if out >= SURE && read.keeps => Intent::Ambiguous,
        _ if out >= SURE => Intent::Optout,
        Intent::NotOptout => unnoticed(read, model, &shares),
        _ if out >= PERHAPS => Intent::Ambiguous,
        question => question,
    }
}

/// What no phrase noticed.
fn unnoticed(read: &Read, model: &Model, shares: &Shares) -> Intent {
    let best = shares.best();
    let is_believed = shares.of(best) >= OTHER && !matches!(best, Intent::Optout | Intent::AutoReply);
    if read.keeps && read.rest.split_whitespace().nth(1).is_none() {
        // Nothing is said besides.
        Intent::NotOptout
    } else if is_believed && best != Intent::NotOptout && shares.of(Intent::Optout) < PERHAPS {
        best
    } else if shares.stops() >= PERHAPS || !read.keeps && says_in_passing(read, model) {
        Intent::Ambiguous
    } else if best == Intent::AutoReply && shares.of(best) >= MACHINE {
        best
    } else {
        Intent::NotOptout
    }
}

/// Whether one of several sentences, read by itself, asks to leave.
fn says_in_passing(read: &Read, model: &Model) -> bool {
    let mut parts = read.rest.split_inclusive(is_end).flat_map(str::lines).filter(|part| !part.trim().is_empty());
    let asks = |part: &str| {
        let alone = by_phrases(&ReplyInput::plain(Channel::Email, part));
        !alone.keeps && model.weigh(&alone.pieces()).of(Intent::Optout) >= IN_PASSING
    };
    parts.clone().nth(1).is_some() && parts.by_ref().take(SENTENCES).any(asks)
}

fn clip(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
