//! Search in what was said. Words rest sealed, so nothing but this process can look: it opens conversations from the
//! newest on, a stretch at a time, and says where it stopped.

use kernel::{ConversationId, Timestamp};
use store::Ctx;

use crate::conversations::{self as rows, Conversation, View, Wanted};
use crate::index::Index;
use crate::mailing::transcript;
use crate::{Error, Result, text};

/// Conversations opened per call.
const STRETCH: usize = 300;
/// Conversations per call that the index alone decides about.
const GLANCES: usize = 20_000;
/// Places shown per conversation.
const PLACES: usize = 5;
/// Characters shown around a word.
const AROUND: usize = 60;

/// A place where the words stand.
#[derive(Clone)]
pub struct Hit {
    /// The event.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What stands around.
    pub snippet: String,
}

/// What was found in a stretch.
pub struct Found {
    /// Conversations with their places, the newest first.
    pub items: Vec<(Conversation, Vec<Hit>)>,
    /// Conversations that were passed over, because only the devices of both sides can read them.
    pub encrypted: u64,
    /// Where to go on; none when everything was looked at.
    pub next: Option<(Timestamp, ConversationId)>,
}

/// What stands around the first of the words, on one line.
fn snippet(line: &str, words: &[String]) -> String {
    let all: Vec<char> = line.chars().collect();
    // Folding may change lengths, so the place is found word by word of the text itself.
    let mut at = 0;
    let mut place = 0;
    for part in line.split_inclusive(char::is_whitespace) {
        let folded = kernel::fold(part);
        if words.iter().any(|word| folded.contains(word.as_str())) {
            place = at;
            break;
        }
        at += part.chars().count();
    }
    let from = place.saturating_sub(AROUND);
    let shown: String = all.iter().skip(from).take(2 * AROUND).collect();
    let shown = text::excerpt(&shown, 2 * AROUND);
    if from > 0 { format!("…{shown}") } else { shown }
}

/// Looks for conversations in which one event has all of the words, spellings folded.
///
/// # Errors
/// Nothing to look for; when the store fails.
pub async fn search(
    (ctx, index): (&Ctx, &Index),
    question: &str,
    after: Option<(Timestamp, ConversationId)>,
    limit: usize,
) -> Result<Found> {
    let question = text::bounded("q", question, 500)?;
    let words: Vec<String> =
        kernel::fold(&question).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if words.is_empty() {
        return Err(Error::field("q", "holds no word"));
    }
    let limit = limit.clamp(1, 50);
    let mut wanted = Wanted { after, limit: 50, ..Wanted::of(View::All) };
    let (mut items, mut looked, mut encrypted) = (Vec::new(), 0, 0);
    let (asked, mut passed) = (index.question(&words), 0);
    loop {
        let (page, next) = rows::list(ctx, &wanted).await?;
        for row in page {
            if row.is_encrypted() {
                encrypted += 1;
                continue;
            }
            if index.lacks(ctx.workspace, &row, &asked) {
                passed += 1;
                if passed == GLANCES {
                    return Ok(Found { items, encrypted, next: Some((row.updated_at, row.id)) });
                }
                continue;
            }
            looked += 1;
            let place = (row.updated_at, row.id);
            let lines = match transcript(ctx, row.id, None, true).await {
                Ok(lines) => lines,
                // Somebody who was erased meanwhile said nothing.
                Err(Error::Store(store::Error::KeyDestroyed)) => continue,
                Err(error) => return Err(error),
            };
            let hits: Vec<Hit> = lines
                .iter()
                .filter(|line| {
                    let folded = kernel::fold(&line.text);
                    words.iter().all(|word| folded.contains(word.as_str()))
                })
                .take(PLACES)
                .map(|line| Hit { seq: line.seq, at: line.at, snippet: snippet(&line.text, &words) })
                .collect();
            if !hits.is_empty() {
                items.push((row, hits));
            }
            if items.len() == limit || looked == STRETCH {
                return Ok(Found { items, encrypted, next: Some(place) });
            }
        }
        let Some(next) = next else { return Ok(Found { items, encrypted, next: None }) };
        wanted.after = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_shows_what_was_found() {
        let words = ["الشحن".to_owned()];
        let long = format!("{} متى الشّحن إلى مكة؟", "كلمة ".repeat(60));
        let shown = snippet(&long, &words);
        assert!(shown.starts_with('…') && shown.contains("الشّحن"), "{shown}");
    }
}
