//! `barid explain`: one JSON document per line in, one per line out, in the same order.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use kernel::Problem;
use mail::bounce::explain_bounce;
use privacy::clocks::explain_due;
use privacy::replies::{self, Question, ReplyInput};
use privacy::rules::explain_gate;
use serde_json::{Value as Json, json};

use crate::cli::Explain;
use crate::outcome::{Done, Failure, Result};

/// The longest line.
const LONGEST: u64 = 64 << 20;

/// Why a line has no answer.
struct Refusal {
    code: String,
    detail: String,
}

impl Refusal {
    fn invalid(detail: impl ToString) -> Self {
        Self { code: "invalid_input".to_owned(), detail: detail.to_string() }
    }
}

type Answer = Result<Json, Refusal>;

fn gate(input: &Json) -> Answer {
    explain_gate(input).map_err(|error| Refusal { code: error.code.to_owned(), detail: error.detail })
}

fn due(input: &Json) -> Answer {
    explain_due(input).map_err(|error| Refusal { code: error.code.to_owned(), detail: error.detail })
}

fn segment(input: &Json) -> Answer {
    people::segments::explain(input).map_err(|error| {
        let code = error.code().to_owned();
        Refusal { code, detail: Problem::from(error).detail }
    })
}

fn slots(input: &Json) -> Answer {
    booking::slots::explain(input).map_err(|error| Refusal {
        code: error.code.to_owned(),
        detail: error.detail.chars().filter(|c| !c.is_control()).collect(),
    })
}

fn bounce(input: &Json) -> Answer {
    let fields = input.as_object().ok_or_else(|| Refusal::invalid("expected an object with raw"))?;
    if let Some(unknown) = fields.keys().find(|name| *name != "raw") {
        return Err(Refusal::invalid(format_args!("unknown field {}; expected raw", printable(unknown))));
    }
    let raw =
        fields.get("raw").and_then(Json::as_str).ok_or_else(|| Refusal::invalid("raw: expected a message as text"))?;
    serde_json::to_value(explain_bounce(raw.as_bytes())).map_err(Refusal::invalid)
}

/// A name from outside, fit to be shown.
fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn reply(input: &Json) -> Answer {
    use serde::Deserialize;
    if !input.is_object() {
        return Err(Refusal::invalid("expected an object with raw, and perhaps lang and channel"));
    }
    let question = Question::deserialize(input).map_err(Refusal::invalid)?;
    let lang = question.lang.as_deref();
    let intent = if replies::is_message(&question.raw) {
        mail::reply::parts(question.raw.as_bytes()).intent(lang, question.channel)
    } else {
        replies::classify(&ReplyInput { lang, ..ReplyInput::plain(question.channel, &question.raw) })
    };
    Ok(json!({ "intent": intent }))
}

fn answer(what: Explain, line: &[u8]) -> Answer {
    let malformed = |detail: String| Refusal { code: "malformed_line".to_owned(), detail };
    let input: Json = serde_json::from_slice(line)
        .map_err(|error| malformed(format!("not a JSON document (column {})", error.column())))?;
    match what {
        Explain::Gate => gate(&input),
        Explain::Reply => reply(&input),
        Explain::Bounce => bounce(&input),
        Explain::Segment => segment(&input),
        Explain::Due => due(&input),
        Explain::Slots => slots(&input),
    }
}

/// Reads one line into `line`; `None` at the end, `Some(false)` when it was too long and was skipped.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    if input.by_ref().take(LONGEST).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || (line.len() as u64) < LONGEST {
        return Ok(Some(true));
    }
    loop {
        line.clear();
        if input.by_ref().take(1 << 16).read_until(b'\n', line)? == 0 || line.last() == Some(&b'\n') {
            return Ok(Some(false));
        }
    }
}

/// Answers every line; `false` when one of them was an error.
fn stream<R: Read>(what: Explain, mut input: BufReader<R>, mut out: impl Write) -> io::Result<bool> {
    let (mut line, mut well) = (Vec::new(), true);
    while let Some(whole) = next_line(&mut input, &mut line)? {
        let answered =
            if whole { answer(what, &line) } else { Err(Refusal::invalid("the line is longer than 64 MiB")) };
        let document = answered.unwrap_or_else(|refusal| {
            well = false;
            json!({ "error": { "code": refusal.code, "detail": refusal.detail } })
        });
        serde_json::to_writer(&mut out, &document)?;
        out.write_all(b"\n")?;
        // Whoever asks line by line gets an answer line by line.
        if !input.buffer().contains(&b'\n') {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(well)
}

/// Runs `barid explain`.
///
/// # Errors
/// When standard input or output fails; lines that have no answer are exit 1 without being a failure.
pub fn run(what: Explain) -> Result<Done> {
    let input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match stream(what, input, out) {
        Ok(well) => Ok(Done::Written(well)),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Done::Written(true)),
        Err(error) => Err(Failure::failed(format_args!("standard input or output: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_skipped_whole() {
        let text = b"short\nnext";
        let mut input = &text[..];
        let mut line = Vec::new();
        assert_eq!(next_line(&mut input, &mut line).unwrap(), Some(true));
        assert_eq!(line, b"short\n");
        assert_eq!(next_line(&mut input, &mut line).unwrap(), Some(true));
        assert_eq!(next_line(&mut input, &mut line).unwrap(), None);
    }
}
