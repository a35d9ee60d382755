//! How hard a text is to read: Art. 12(1) GDPR asks for clear and plain language. A hint, not a verdict.

use serde::Serialize;

/// A sentence above so many words is hard to follow.
const LONG_SENTENCE: usize = 25;

/// How hard a text is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everybody can follow.
    Plain,
    /// Readable, with an effort.
    Fair,
    /// Too hard for a notice to the public.
    Hard,
}

/// Figures behind the hint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Readability {
    /// The hint.
    pub level: Level,
    /// Words.
    pub words: usize,
    /// Sentences.
    pub sentences: usize,
    /// Words per sentence, on average.
    pub words_per_sentence: f64,
    /// Sentences of more than 25 words.
    pub long_sentences: usize,
    /// The beginnings of the longest ones, at most five.
    pub hardest: Vec<String>,
}

/// Measures a text in any language that separates words by white space.
pub fn readability(text: &str) -> Readability {
    let ends = |letter: char| matches!(letter, '.' | '!' | '?' | '؟' | '؛' | '\n');
    let mut lengths: Vec<(usize, &str)> = text
        .split(ends)
        .map(|sentence| {
            (
                sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count(),
                sentence.trim(),
            )
        })
        .filter(|(words, _)| *words > 0)
        .collect();
    let words = lengths.iter().map(|(words, _)| words).sum::<usize>();
    let sentences = lengths.len();
    let long_sentences = lengths.iter().filter(|(words, _)| *words > LONG_SENTENCE).count();
    let average = if sentences == 0 { 0.0 } else { words as f64 / sentences as f64 };
    let level = if average <= 15.0 && long_sentences * 10 <= sentences {
        Level::Plain
    } else if average <= 22.0 && long_sentences * 4 <= sentences {
        Level::Fair
    } else {
        Level::Hard
    };
    lengths.sort_by_key(|(words, _)| std::cmp::Reverse(*words));
    let hardest = lengths.iter().filter(|(words, _)| *words > LONG_SENTENCE).take(5);
    let hardest = hardest.map(|(_, sentence)| sentence.chars().take(160).collect()).collect();
    Readability {
        level,
        words,
        sentences,
        words_per_sentence: (average * 10.0).round() / 10.0,
        long_sentences,
        hardest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_make_a_text_hard() {
        let plain = readability("We keep your address. We do not sell it.\nYou can leave at any time!");
        assert_eq!((plain.level, plain.words, plain.sentences), (Level::Plain, 15, 3));
        let hard = readability(&format!("{}.", "whereas ".repeat(60)));
        assert_eq!((hard.level, hard.long_sentences, hard.hardest.len()), (Level::Hard, 1, 1));
        assert_eq!(readability("نحفظ عنوانك. لا نبيعه؟").sentences, 2);
        assert_eq!(readability("").level, Level::Plain);
    }
}
