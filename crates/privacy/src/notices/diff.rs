//! What changed between two texts, sentence by sentence.

use serde::Serialize;

/// The most pairs of sentences that are compared; beyond it the changed middle is shown as replaced whole.
const MOST_PAIRS: usize = 4_000_000;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SegmentKind {
    /// In both.
    Same,
    /// Only in the later one.
    Added,
    /// Only in the earlier one.
    Removed,
}

/// A piece of text and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// What became of it.
    pub kind: SegmentKind,
    /// The text, with its white space.
    pub text: String,
}

/// Splits behind line breaks and behind the marks that end a sentence (Latin and Arabic) when white space
/// follows. The pieces joined are the text.
fn sentences(text: &str) -> Vec<&str> {
    let (mut out, mut start, mut ended) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        if ended && !letter.is_whitespace() {
            out.push(&text[start..at]);
            (start, ended) = (at, false);
        }
        match letter {
            '\n' => ended = true,
            '.' | '!' | '?' | '؟' | '؛' | ';' => {
                let next = text[at + letter.len_utf8()..].chars().next();
                ended = next.is_none_or(char::is_whitespace);
            }
            _ => {}
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// The differences between two texts as pieces in reading order. The pieces that are the same and removed
/// make the earlier text, those the same and added the later one.
pub fn diff(before: &str, after: &str) -> Vec<Segment> {
    let (before, after) = (sentences(before), sentences(after));
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (rest_before, rest_after) = (&before[head..], &after[head..]);
    let tail = rest_before.iter().rev().zip(rest_after.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&rest_before[..rest_before.len() - tail], &rest_after[..rest_after.len() - tail]);
    let mut out = Vec::new();
    for piece in &before[..head] {
        push(&mut out, SegmentKind::Same, piece);
    }
    middle(&mut out, old, new);
    for piece in &rest_before[rest_before.len() - tail..] {
        push(&mut out, SegmentKind::Same, piece);
    }
    out
}

fn push(out: &mut Vec<Segment>, kind: SegmentKind, text: &str) {
    match out.last_mut() {
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => out.push(Segment { kind, text: text.to_owned() }),
    }
}

/// The longest common subsequence of the changed middle.
fn middle(out: &mut Vec<Segment>, old: &[&str], new: &[&str]) {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        for piece in old {
            push(out, SegmentKind::Removed, piece);
        }
        for piece in new {
            push(out, SegmentKind::Added, piece);
        }
        return;
    }
    let width = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            push(out, SegmentKind::Same, old[i]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            push(out, SegmentKind::Removed, old[i]);
            i += 1;
        } else {
            push(out, SegmentKind::Added, new[j]);
            j += 1;
        }
    }
    for piece in &old[i..] {
        push(out, SegmentKind::Removed, piece);
    }
    for piece in &new[j..] {
        push(out, SegmentKind::Added, piece);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> Vec<(SegmentKind, String)> {
        diff(before, after).into_iter().map(|segment| (segment.kind, segment.text)).collect()
    }

    #[test]
    fn sentences_are_compared() {
        use SegmentKind::{Added, Removed, Same};
        assert_eq!(
            shown("We keep it. We share it! Bye.", "We keep it. We never share it! Bye."),
            [
                (Same, "We keep it. ".to_owned()),
                (Removed, "We share it! ".to_owned()),
                (Added, "We never share it! ".to_owned()),
                (Same, "Bye.".to_owned())
            ]
        );
        assert_eq!(shown("نحفظه. لا نبيعه.", "نحفظه. لا نبيعه."), [(Same, "نحفظه. لا نبيعه.".to_owned())]);
        assert_eq!(sentences("Version 1.5 is new? Yes.\n\nEnd"), ["Version 1.5 is new? ", "Yes.\n\n", "End"]);
        assert_eq!(diff("", ""), []);
    }

    #[test]
    fn a_huge_change_is_shown_as_a_whole() {
        let text = |word: &str| (0..2_500).map(|n| format!("{word} {n}. ")).collect::<Vec<_>>().concat();
        let (before, after) = (text("a"), text("b"));
        assert_eq!(diff(&before, &after).len(), 2);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(before in "[ab. \n؟]{0,60}", after in "[ab. \n؟]{0,60}") {
            let segments = diff(&before, &after);
            let join = |without| segments.iter().filter(|s| s.kind != without).map(|s| s.text.as_str()).collect::<String>();
            prop_assert_eq!(join(SegmentKind::Added), before);
            prop_assert_eq!(join(SegmentKind::Removed), after);
        }
    }
}
