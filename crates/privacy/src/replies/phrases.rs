//! The phrase lists and their matching.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

const CURRENT: &str = include_str!("../../packs/replies.json");
/// Longest run of words that `*` stands for.
const GAP: usize = 4;
/// Ends a sentence.
const BREAK: &str = ".";
/// Stands where a phrase was taken out.
const TAKEN: &str = "#";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "note")]
    _note: String,
    filler: Vec<String>,
    languages: BTreeMap<String, Lists<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists<T> {
    lone: Vec<T>,
    lone_weak: Vec<T>,
    stuck: Vec<T>,
    optout: Vec<T>,
    keep: Vec<T>,
    harmless: Vec<T>,
    ambiguous: Vec<T>,
    qualify: Vec<T>,
    legal: Vec<T>,
    source: Vec<T>,
    right: Vec<T>,
    what: Vec<T>,
    auto: Vec<T>,
    leaver: Vec<T>,
}

/// Every language's phrases, by meaning.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Politeness around a lone keyword.
    pub(super) filler: HashSet<String>,
    /// Opt-outs when they are a whole sentence.
    pub(super) lone: Vec<Phrase>,
    /// Opt-outs when they are the whole reply.
    pub(super) lone_weak: Vec<Phrase>,
    /// Tries to leave and cannot.
    pub(super) stuck: Vec<Phrase>,
    /// Opt-outs anywhere.
    pub(super) optout: Vec<Phrase>,
    /// Wants to stay.
    pub(super) keep: Vec<Phrase>,
    /// The same words in another meaning.
    pub(super) harmless: Vec<Phrase>,
    /// Perhaps an opt-out.
    pub(super) ambiguous: Vec<Phrase>,
    /// Makes an opt-out doubtful.
    pub(super) qualify: Vec<Phrase>,
    /// Law.
    pub(super) legal: Vec<Phrase>,
    /// Where from?
    pub(super) source: Vec<Phrase>,
    /// By what right?
    pub(super) right: Vec<Phrase>,
    /// What do you hold?
    pub(super) what: Vec<Phrase>,
    /// Written by a machine.
    pub(super) auto: Vec<Phrase>,
    /// Has left the company.
    pub(super) leaver: Vec<Phrase>,
}

impl Phrases {
    /// The phrases of this build.
    pub(super) fn current() -> &'static Self {
        static PHRASES: OnceLock<Phrases> = OnceLock::new();
        #[expect(clippy::expect_used, reason = "the phrases are part of the program; a test reads them")]
        PHRASES.get_or_init(|| Self::parse(CURRENT).expect("the embedded phrases are valid"))
    }

    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        let mut all = Self { filler: file.filler.iter().flat_map(|word| words(word)).collect(), ..Self::default() };
        for lists in file.languages.into_values() {
            let add = |to: &mut Vec<Phrase>, from: Vec<String>| to.extend(from.iter().map(|text| Phrase::parse(text)));
            add(&mut all.lone, lists.lone);
            add(&mut all.lone_weak, lists.lone_weak);
            add(&mut all.stuck, lists.stuck);
            add(&mut all.optout, lists.optout);
            add(&mut all.keep, lists.keep);
            add(&mut all.harmless, lists.harmless);
            add(&mut all.ambiguous, lists.ambiguous);
            add(&mut all.qualify, lists.qualify);
            add(&mut all.legal, lists.legal);
            add(&mut all.source, lists.source);
            add(&mut all.right, lists.right);
            add(&mut all.what, lists.what);
            add(&mut all.auto, lists.auto);
            add(&mut all.leaver, lists.leaver);
        }
        Ok(all)
    }
}

/// One phrase: words with alternatives, and gaps.
#[derive(Debug)]
pub(super) struct Phrase(Vec<Part>);

#[derive(Debug)]
enum Part {
    /// Any of these words; the flag means "begins with".
    Word(Vec<(String, bool)>),
    /// Up to [`GAP`] words.
    Gap,
}

impl Phrase {
    fn parse(text: &str) -> Self {
        let word = |text: &str| {
            let (stem, prefix) = text.strip_suffix('~').map_or((text, false), |stem| (stem, true));
            (words(stem).concat(), prefix)
        };
        Self(
            text.split_whitespace()
                .map(|part| if part == "*" { Part::Gap } else { Part::Word(part.split('|').map(word).collect()) })
                .collect(),
        )
    }

    /// The end of a match that begins at `at`.
    fn matches(&self, words: &[String], at: usize) -> Option<usize> {
        fn step(parts: &[Part], words: &[String], at: usize) -> Option<usize> {
            match parts.split_first() {
                None => Some(at),
                Some((Part::Word(choices), rest)) => {
                    let word = words.get(at)?;
                    let fits =
                        choices.iter().any(
                            |(choice, prefix)| {
                                if *prefix { word.starts_with(choice.as_str()) } else { word == choice }
                            },
                        );
                    if fits { step(rest, words, at + 1) } else { None }
                }
                Some((Part::Gap, rest)) => {
                    for skipped in 0..=GAP {
                        if let Some(end) = step(rest, words, at + skipped) {
                            return Some(end);
                        }
                        if words.get(at + skipped).is_none_or(|word| word == BREAK || word == TAKEN) {
                            return None;
                        }
                    }
                    None
                }
            }
        }
        step(&self.0, words, at)
    }
}

/// Folded words of a text, with breaks between sentences.
#[derive(Debug)]
pub(super) struct Text(Vec<String>);

impl Text {
    /// Cuts a text into words and sentences. A line break ends a sentence unless the line was wrapped.
    pub(super) fn read(text: &str) -> Self {
        let mut all: Vec<String> = Vec::new();
        for line in text.lines() {
            for sentence in
                line.split_inclusive(['.', '!', '?', ';', ':', '؟', '؛', '…', '(', ')', '"', '«', '»', '。'])
            {
                all.extend(words(sentence));
                if !sentence.ends_with(char::is_alphanumeric)
                    && sentence.trim_end() != sentence.trim_end_matches(is_end).trim_end()
                {
                    all.push(BREAK.to_owned());
                }
            }
            if line.trim().chars().count() < 45 {
                all.push(BREAK.to_owned());
            }
        }
        Self(all)
    }

    /// Whether one of the phrases occurs.
    pub(super) fn has(&self, phrases: &[Phrase]) -> bool {
        (0..self.0.len()).any(|at| phrases.iter().any(|phrase| phrase.matches(&self.0, at).is_some()))
    }

    /// The text with every occurrence of the phrases taken out.
    pub(super) fn without(&self, phrases: &[Phrase]) -> Self {
        let mut rest = Vec::with_capacity(self.0.len());
        let mut at = 0;
        while at < self.0.len() {
            if let Some(end) = phrases.iter().filter_map(|phrase| phrase.matches(&self.0, at)).max() {
                rest.push(TAKEN.to_owned());
                at = end.max(at + 1);
            } else {
                rest.push(self.0[at].clone());
                at += 1;
            }
        }
        Self(rest)
    }

    /// Whether a whole sentence, politeness aside, is one of the phrases.
    pub(super) fn has_lone(&self, phrases: &[Phrase], filler: &HashSet<String>) -> bool {
        self.0.split(|word| word == BREAK).any(|sentence| is_whole(sentence, phrases, filler))
    }

    /// Whether everything, politeness aside, is one of the phrases.
    pub(super) fn is_lone(&self, phrases: &[Phrase], filler: &HashSet<String>) -> bool {
        let words: Vec<String> = self.0.iter().filter(|word| *word != BREAK).cloned().collect();
        is_whole(&words, phrases, filler)
    }
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | ':' | '؟' | '؛' | '…' | '(' | ')' | '"' | '«' | '»' | '。')
}

fn is_whole(sentence: &[String], phrases: &[Phrase], filler: &HashSet<String>) -> bool {
    let whole = |words: &[String]| phrases.iter().any(|phrase| phrase.matches(words, 0) == Some(words.len()));
    if whole(sentence) {
        return !sentence.is_empty();
    }
    let start = sentence.iter().take_while(|word| filler.contains(*word)).count();
    let end = sentence.len() - sentence[start..].iter().rev().take_while(|word| filler.contains(*word)).count();
    // Politeness may itself begin the phrase: "no thanks", "لا شكرا".
    (start..=sentence.len().min(start + 1))
        .any(|from| (end..=sentence.len()).any(|to| from < to && whole(&sentence[from..to])))
        || (0..start).any(|from| (end..=sentence.len()).any(|to| whole(&sentence[from..to])))
}

/// Folded words: apostrophes join contractions (don't, I'm) and separate elisions (d'où); "e-mail" is one word.
fn words(text: &str) -> Vec<String> {
    let folded = kernel::fold(text)
        .replace(['\u{2019}', '\u{2018}', '\u{02bc}', '`', '´'], "'")
        .replace('ı', "i")
        .replace('ß', "ss");
    let mut all: Vec<String> = Vec::new();
    for chunk in folded.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|chunk| !chunk.is_empty()) {
        let mut pieces = chunk.split('\'').filter(|piece| !piece.is_empty()).peekable();
        while let Some(piece) = pieces.next() {
            let mut word = piece.to_owned();
            if let Some(tail) = pieces.next_if(|next| matches!(*next, "t" | "m" | "s" | "re" | "ve" | "ll")) {
                word.push_str(tail);
            }
            match all.last_mut() {
                Some(last) if last == "e" && (word.starts_with("mail") || word.starts_with("posta")) => {
                    last.push_str(&word);
                }
                _ => all.push(word),
            }
        }
    }
    all
}
