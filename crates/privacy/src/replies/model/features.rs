//! The pieces of a text that the model weighs.

use super::super::phrases::{is_end, words};

/// Most words of a text that are looked at.
const MOST: usize = 1500;
/// Letters at the beginning of a word that stand for the word in all its forms.
const STEM: usize = 5;

/// Folded words of each sentence; a question's ends with `?`.
pub fn sentences(text: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut left = MOST;
    for line in text.lines() {
        for sentence in line.split_inclusive(is_end) {
            let mut words = words(sentence);
            words.truncate(left);
            left -= words.len();
            if words.is_empty() {
                continue;
            }
            if sentence.trim_end().ends_with(['?', '؟']) {
                words.push("?".to_owned());
            }
            all.push(words);
        }
    }
    all
}

/// The numbers of a text's pieces, ascending, each once: words, neighbours, beginnings of words, runs of letters.
pub fn features(text: &str) -> Vec<u32> {
    let sentences = sentences(text);
    let mut all = Vec::new();
    for sentence in &sentences {
        of_sentence(sentence, &mut all);
    }
    let count: usize = sentences.iter().map(Vec::len).sum();
    all.push(number("length", &[["none", "one", "two", "few", "some", "many", "long"][magnitude(count)]]));
    all.sort_unstable();
    all.dedup();
    all
}

/// The numbers of what phrases and rules found.
pub fn evidence(found: &[&str]) -> Vec<u32> {
    found.iter().map(|name| number("found", &[name])).collect()
}

/// How long a text is, roughly.
fn magnitude(words: usize) -> usize {
    match words {
        0..=2 => words,
        3..=5 => 3,
        6..=14 => 4,
        15..=40 => 5,
        _ => 6,
    }
}

fn of_sentence(words: &[String], all: &mut Vec<u32>) {
    let stem = |word: &str| word[..word.char_indices().nth(STEM).map_or(word.len(), |(at, _)| at)].to_owned();
    let mut framed = vec!["^".to_owned()];
    framed.extend(words.iter().cloned());
    framed.push("$".to_owned());
    let stems: Vec<String> = framed.iter().map(|word| stem(word)).collect();
    for word in words {
        all.push(number("word", &[word]));
        letters(word, all);
    }
    for pair in framed.windows(2) {
        all.push(number("pair", &[&pair[0], &pair[1]]));
    }
    for pair in stems.windows(2) {
        all.push(number("stems", &[&pair[0], &pair[1]]));
    }
    for three in stems.windows(3) {
        all.push(number("three", &[&three[0], &three[1], &three[2]]));
        all.push(number("around", &[&three[0], &three[2]]));
    }
    for four in stems.windows(4) {
        all.push(number("apart", &[&four[0], &four[3]]));
    }
}

/// Runs of three to five letters, with the word's ends.
fn letters(word: &str, all: &mut Vec<u32>) {
    let framed = format!("<{word}>");
    let ends: Vec<usize> = framed.char_indices().map(|(at, _)| at).chain([framed.len()]).collect();
    for length in 3..=5 {
        for window in ends.windows(length + 1).take(40) {
            all.push(number("run", &[&framed[window[0]..window[length]]]));
        }
    }
}

/// A piece's number, of 24 bits: FNV-1a, folded.
fn number(kind: &str, parts: &[&str]) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in std::iter::once(&kind).chain(parts) {
        for octet in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    let folded = (hash >> 40) ^ (hash >> 16) ^ hash;
    u32::from_le_bytes([folded.to_le_bytes()[0], folded.to_le_bytes()[1], folded.to_le_bytes()[2], 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_do_not_depend_on_case_or_marks() {
        assert_eq!(features("Désabonnez-moi SVP !"), features("desabonnez moi svp !"));
        assert_eq!(features("أَوقِفوا الرسائل"), features("اوقفوا الرسائل"));
        assert_ne!(features("stop"), features("stop?"));
        assert!(features("").len() == 1);
    }

    #[test]
    fn long_texts_cost_no_more_than_the_first_words() {
        assert_eq!(sentences(&"a b c. ".repeat(5000)).iter().map(Vec::len).sum::<usize>(), MOST);
    }
}
