//! The phrase lists and their matching.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::spelling::Lexicon;

const CURRENT: &str = include_str!("../../packs/replies.json");
/// Longest run of words that `*` stands for.
const GAP: usize = 4;
/// Ends a sentence.
const BREAK: &str = ".";
/// Stands where a phrase was taken out.
const TAKEN: &str = "#";
/// Divides a sentence. What is taken out ("do not stop") never reaches across it; what is looked for does.
const PAUSE: &str = ",";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "note")]
    _note: String,
    filler: Vec<String>,
    /// Words that point at something, such as a picture that came along.
    pointing: Vec<String>,
    /// Words that are recognised when misspelt.
    spelling: Vec<String>,
    /// Words that look like one of those and are others.
    distinct: Vec<String>,
    languages: BTreeMap<String, Lists<Vec<String>>>,
}

/// Phrases by meaning.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists<T> {
    /// Opt-outs when they are a whole sentence.
    #[serde(default)]
    pub(super) lone: T,
    /// Opt-outs when they are the whole reply.
    #[serde(default)]
    pub(super) lone_weak: T,
    /// Tries to leave and cannot.
    #[serde(default)]
    pub(super) stuck: T,
    /// Opt-outs anywhere.
    #[serde(default)]
    pub(super) optout: T,
    /// Wants to stay.
    #[serde(default)]
    pub(super) keep: T,
    /// The same words in another meaning.
    #[serde(default)]
    pub(super) harmless: T,
    /// Perhaps an opt-out.
    #[serde(default)]
    pub(super) ambiguous: T,
    /// Makes an opt-out doubtful.
    #[serde(default)]
    pub(super) qualify: T,
    /// Speaks of something else than this mail.
    #[serde(default)]
    pub(super) elsewhere: T,
    /// Law.
    #[serde(default)]
    pub(super) legal: T,
    /// Where from?
    #[serde(default)]
    pub(super) source: T,
    /// By what right?
    #[serde(default)]
    pub(super) right: T,
    /// What do you hold?
    #[serde(default)]
    pub(super) what: T,
    /// Written by a machine.
    #[serde(default)]
    pub(super) auto: T,
    /// Has left the company.
    #[serde(default)]
    pub(super) leaver: T,
}

/// Every language's phrases, and what words there are.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Politeness around a lone keyword.
    pub(super) filler: HashSet<String>,
    /// That, and words that point at something: alone they wish for nothing.
    pub(super) idle: HashSet<String>,
    /// By meaning.
    pub(super) lists: Lists<List>,
    lexicon: Lexicon,
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
        all.idle = all.filler.iter().cloned().chain(file.pointing.iter().flat_map(|word| words(word))).collect();
        for word in file.filler.iter().chain(&file.distinct) {
            for word in words(word) {
                all.lexicon.know(&word, false);
            }
        }
        file.spelling.iter().for_each(|word| all.lexicon.watch(&words(word).concat()));
        for from in file.languages.into_values() {
            all.learn(from);
        }
        Ok(all)
    }

    fn learn(&mut self, from: Lists<Vec<String>>) {
        let to = &mut self.lists;
        let pairs = [
            (&mut to.lone, from.lone),
            (&mut to.lone_weak, from.lone_weak),
            (&mut to.stuck, from.stuck),
            (&mut to.optout, from.optout),
            (&mut to.keep, from.keep),
            (&mut to.harmless, from.harmless),
            (&mut to.ambiguous, from.ambiguous),
            (&mut to.qualify, from.qualify),
            (&mut to.elsewhere, from.elsewhere),
            (&mut to.legal, from.legal),
            (&mut to.source, from.source),
            (&mut to.right, from.right),
            (&mut to.what, from.what),
            (&mut to.auto, from.auto),
            (&mut to.leaver, from.leaver),
        ];
        for (list, texts) in pairs {
            for text in &texts {
                list.add(text);
            }
            for part in list.phrases.iter().flat_map(|phrase| &phrase.parts) {
                if let Part::Word(choices) = part {
                    for (word, prefix) in choices {
                        self.lexicon.know(word, *prefix);
                    }
                }
            }
        }
    }
}

/// One phrase: words with alternatives, and gaps.
#[derive(Debug)]
struct Phrase {
    /// Only at the beginning of a sentence.
    at_start: bool,
    parts: Vec<Part>,
}

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
        let (at_start, text) = text.strip_prefix("^ ").map_or((false, text), |rest| (true, rest));
        let parts = text
            .split_whitespace()
            .map(|part| if part == "*" { Part::Gap } else { Part::Word(part.split('|').map(word).collect()) })
            .collect();
        Self { at_start, parts }
    }

    /// The end of a match that begins at `at`.
    fn matches(&self, words: &[String], at: usize) -> Option<usize> {
        fn step(parts: &[Part], words: &[String], at: usize) -> Option<usize> {
            match parts.split_first() {
                None => Some(at),
                Some((Part::Word(choices), rest)) => {
                    let word = words.get(at)?;
                    let fits = |(choice, prefix): &(String, bool)| {
                        if *prefix { word.starts_with(choice.as_str()) } else { word == choice }
                    };
                    if choices.iter().any(fits) { step(rest, words, at + 1) } else { None }
                }
                Some((Part::Gap, rest)) => {
                    for skipped in 0..=GAP {
                        if let Some(end) = step(rest, words, at + skipped) {
                            return Some(end);
                        }
                        if words.get(at + skipped).is_none_or(|word| word == BREAK || word == TAKEN || word == PAUSE) {
                            return None;
                        }
                    }
                    None
                }
            }
        }
        if self.at_start && at > 0 && words[at - 1] != BREAK {
            return None;
        }
        step(&self.parts, words, at)
    }
}

/// The phrases of one meaning, found by their first word.
#[derive(Debug, Default)]
pub(super) struct List {
    phrases: Vec<Phrase>,
    by_word: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
}

impl List {
    fn add(&mut self, text: &str) {
        let phrase = Phrase::parse(text);
        let at = self.phrases.len();
        if let Some(Part::Word(choices)) = phrase.parts.first() {
            for (choice, prefix) in choices {
                let index = if *prefix { &mut self.by_stem } else { &mut self.by_word };
                index.entry(choice.clone()).or_default().push(at);
            }
        }
        self.phrases.push(phrase);
    }

    /// The ends of the matches that begin at `at`.
    fn ends<'a>(&'a self, words: &'a [String], at: usize) -> impl Iterator<Item = usize> + 'a {
        let word = words.get(at).map(String::as_str).unwrap_or_default();
        let by_stem = stems(word).filter_map(|stem| self.by_stem.get(stem));
        let candidates = self.by_word.get(word).into_iter().chain(by_stem).flatten();
        candidates.filter_map(move |index| self.phrases[*index].matches(words, at))
    }

    /// The end of the longest match that begins at `at`.
    fn matches(&self, words: &[String], at: usize) -> Option<usize> {
        self.ends(words, at).max()
    }
}

/// Every beginning of a word, itself included.
fn stems(word: &str) -> impl Iterator<Item = &str> {
    word.char_indices().map(|(at, c)| &word[..at + c.len_utf8()])
}

/// Folded words of a text, with breaks between sentences.
#[derive(Debug)]
pub(super) struct Text(Vec<String>);

impl Text {
    /// Cuts a text into words and sentences. A line break ends a sentence unless the line was wrapped.
    pub(super) fn read(text: &str, phrases: &Phrases) -> Self {
        let mut all: Vec<String> = Vec::new();
        for line in text.lines() {
            for sentence in line.split_inclusive(is_end) {
                for (number, part) in sentence.split([',', '،', '–', '—']).enumerate() {
                    all.extend((number > 0).then(|| PAUSE.to_owned()));
                    all.extend(words(part).into_iter().map(|word| phrases.lexicon.repair(word)));
                }
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
        Self(phrases.lexicon.join_letters(all, BREAK))
    }

    /// The text without the pauses in its sentences.
    pub(super) fn plain(mut self) -> Self {
        self.0.retain(|word| word != PAUSE);
        self
    }

    /// Whether one of the phrases occurs.
    pub(super) fn has(&self, list: &List) -> bool {
        (0..self.0.len()).any(|at| list.matches(&self.0, at).is_some())
    }

    /// Whether there are words, and all of them are among these.
    pub(super) fn is_made_of(&self, known: &HashSet<String>) -> bool {
        let mut words = self.0.iter().filter(|word| *word != BREAK).peekable();
        words.peek().is_some() && words.all(|word| known.contains(word))
    }

    /// Whether something was taken out.
    pub(super) fn has_taken(&self) -> bool {
        self.0.iter().any(|word| word == TAKEN)
    }

    /// The words that were not taken out, sentence by sentence.
    pub(super) fn rest(&self) -> String {
        let kept = self.0.iter().filter(|word| *word != TAKEN && *word != PAUSE);
        kept.map(|word| if word == BREAK { "\n".to_owned() } else { format!("{word} ") }).collect()
    }

    /// The text with every occurrence of the phrases taken out.
    pub(super) fn without(&self, list: &List) -> Self {
        let mut rest = Vec::with_capacity(self.0.len());
        let mut at = 0;
        while at < self.0.len() {
            if let Some(end) = list.matches(&self.0, at) {
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
    pub(super) fn has_lone(&self, list: &List, filler: &HashSet<String>) -> bool {
        self.0.split(|word| word == BREAK).any(|sentence| is_whole(sentence, list, filler))
    }

    /// Whether everything, politeness aside, is one of the phrases.
    pub(super) fn is_lone(&self, list: &List, filler: &HashSet<String>) -> bool {
        let words: Vec<String> = self.0.iter().filter(|word| *word != BREAK).cloned().collect();
        is_whole(&words, list, filler)
    }
}

pub(super) fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | ':' | '؟' | '؛' | '…' | '(' | ')' | '"' | '«' | '»' | '。')
}

/// Whether a sentence is one of the phrases, with nothing but politeness before and after it. A phrase may
/// itself begin or end with politeness ("no thanks", "لا شكرا").
fn is_whole(sentence: &[String], list: &List, filler: &HashSet<String>) -> bool {
    let start = sentence.iter().take_while(|word| filler.contains(*word)).count();
    let end = sentence.len() - sentence[start..].iter().rev().take_while(|word| filler.contains(*word)).count();
    (0..=start).any(|from| list.ends(sentence, from).any(|to| from < to && to >= end))
}

/// Folded words: apostrophes join contractions (don't, I'm) and separate elisions (d'où); "e-mail" is one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = kernel::fold(text)
        .replace(['\u{2019}', '\u{2018}', '\u{02bc}', '`', '´'], "'")
        .replace('ı', "i")
        .replace('ß', "ss")
        // The hamza alone is left out as often as it is written; heh and its cousins look alike.
        .replace('ء', "")
        .replace(['ہ', 'ھ', 'ە'], "ه");
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
