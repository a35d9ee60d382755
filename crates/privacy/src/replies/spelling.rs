//! Spellings: stretched and misspelt words, letters set apart, and particles that Arabic writes in one with the word.

use std::collections::HashSet;

/// Shortest word that is compared with misspelt ones, in letters.
const SHORTEST: usize = 6;
/// From this length on two mistakes are forgiven.
const LONG: usize = 11;
/// Longest word that is looked at.
const LONGEST: usize = 24;

/// The words that the phrases are made of, and those that are recognised when misspelt.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashSet<String>,
    stems: HashSet<String>,
    watched: Vec<Vec<char>>,
}

impl Lexicon {
    /// Adds a word, or the beginning of words.
    pub(super) fn know(&mut self, word: &str, stem: bool) {
        if stem { &mut self.stems } else { &mut self.words }.insert(word.to_owned());
    }

    /// Adds a word that is recognised when misspelt.
    pub(super) fn watch(&mut self, word: &str) {
        self.know(word, false);
        self.watched.push(word.chars().collect());
    }

    fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
            || word.char_indices().any(|(at, c)| at > 1 && self.stems.contains(&word[..at + c.len_utf8()]))
    }

    /// The word that is meant, as far as that can be told.
    pub(super) fn repair(&self, word: String) -> String {
        if word.len() > 4 * LONGEST || self.words.contains(&word) {
            return word;
        }
        let letters: Vec<char> = word.chars().collect();
        if (SHORTEST..=LONGEST).contains(&letters.len())
            && let Some(meant) = self.watched.iter().find(|meant| is_near(&letters, meant))
        {
            return meant.iter().collect();
        }
        if self.knows(&word) {
            return word;
        }
        for (run, kept) in [(3, 1), (3, 2), (2, 1)] {
            let squeezed = squeeze(&word, run, kept);
            if squeezed != word && self.knows(&squeezed) {
                return squeezed;
            }
        }
        // "And" and "so" are written in one with the next word.
        if let Some(rest) = word.strip_prefix(['و', 'ف'])
            && rest.chars().count() >= 3
            && self.knows(rest)
        {
            return rest.to_owned();
        }
        word
    }

    /// Joins letters that were set apart ("s t o p", "s.t.o.p") when they make a known word.
    pub(super) fn join_letters(&self, words: Vec<String>, between: &str) -> Vec<String> {
        let is_letter = |word: &String| word.chars().count() == 1 && word != between;
        let mut all = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let run =
                words[at..].iter().take(2 * LONGEST).take_while(|word| is_letter(word) || *word == between).count();
            let joined: String =
                words[at..at + run].iter().filter(|word| is_letter(word)).map(String::as_str).collect();
            if is_letter(&words[at]) && joined.chars().count() >= 3 && self.words.contains(&joined) {
                all.push(joined);
                at += run;
            } else {
                all.push(words[at].clone());
                at += 1;
            }
        }
        all
    }
}

/// The word with `shortest` or more of one letter in a row reduced to `kept`.
fn squeeze(word: &str, shortest: usize, kept: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let letters: Vec<char> = word.chars().collect();
    for run in letters.chunk_by(|left, right| left == right) {
        out.extend(&run[..if run.len() >= shortest { kept } else { run.len() }]);
    }
    out
}

/// Whether two words differ by one letter changed, missing, too much, or by two neighbours exchanged; long ones by two
/// such mistakes. A wrong first letter is forgiven when everything else is right.
fn is_near(word: &[char], meant: &[char]) -> bool {
    let most = if meant.len() >= LONG { 2 } else { 1 };
    if word.first() != meant.first() {
        return meant.len() > SHORTEST && word.get(1..) == meant.get(1..);
    }
    if word.len().abs_diff(meant.len()) > most {
        return false;
    }
    // Optimal string alignment with three rows.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=meant.len()).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut this = vec![row + 1];
        for (column, other) in meant.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut cost = changed.min(last[column + 1] + 1).min(this[column] + 1);
            if row > 0 && column > 0 && *letter == meant[column - 1] && word[row - 1] == *other {
                cost = cost.min(before[column - 1] + 1);
            }
            this.push(cost);
        }
        before = std::mem::replace(&mut last, this);
    }
    last[meant.len()] <= most
}
