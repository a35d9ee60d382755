//! `cargo xtask train-replies`: makes the weights of the reply classifier from the labelled replies in `corpus/`.
//!
//! Always the same file from the same corpus. Every fifth line of each file is held out: the measure that is printed
//! is of a model that never saw those lines. The file that is written is of a model that saw all.

mod corpus;
mod training;
mod variants;

use std::path::Path;
use std::process::ExitCode;

use privacy::replies::model::{Model, Pieces};
use privacy::replies::{Intent, ReplyInput, classify_with};
use privacy::vocabulary::Channel;

use corpus::Line;

/// What the command line asks for.
#[derive(PartialEq, Eq)]
enum Wanted {
    /// Write the file.
    Write,
    /// Say whether the file is what the corpus gives.
    Check,
    /// Only measure, with every mistake.
    Measure,
}

#[expect(clippy::disallowed_methods, reason = "this is the tool's own command line")]
fn wanted() -> Option<Wanted> {
    match std::env::args().nth(1).as_deref() {
        None => Some(Wanted::Write),
        Some("--check") => Some(Wanted::Check),
        Some("--measure") => Some(Wanted::Measure),
        Some(_) => None,
    }
}

fn main() -> ExitCode {
    let Some(wanted) = wanted() else {
        eprintln!("train_replies [--check | --measure]");
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match run(root, &wanted) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, wanted: &Wanted) -> std::io::Result<bool> {
    let corpus = corpus::read(root)?;
    let file = root.join("src/replies/weights.bin");
    if *wanted != Wanted::Check {
        let seen: Vec<&Line> = corpus.lines.iter().filter(|line| !line.held).collect();
        let model = Model::parse(&training::train(&seen, &corpus)).ok_or(std::io::ErrorKind::InvalidData)?;
        measure(&corpus.lines, &model, *wanted == Wanted::Measure);
    }
    if *wanted == Wanted::Measure {
        return Ok(true);
    }
    let all: Vec<&Line> = corpus.lines.iter().collect();
    let weights = training::train(&all, &corpus);
    if *wanted == Wanted::Check {
        let same = std::fs::read(&file)? == weights;
        if !same {
            eprintln!("{} is not what the corpus gives: cargo xtask train-replies", file.display());
        }
        return Ok(same);
    }
    std::fs::write(&file, &weights)?;
    eprintln!("wrote {} ({} octets)", file.display(), weights.len());
    Ok(true)
}

/// What became of the held-out lines of one language.
#[derive(Default)]
struct Row {
    outs: u32,
    found: u32,
    paused: u32,
    others: u32,
    invented: u32,
    held_up: u32,
    all: u32,
    right: u32,
}

fn measure(lines: &[Line], model: &Model, with_mistakes: bool) {
    let mut rows: Vec<(&str, Row)> = Vec::new();
    for line in lines.iter().filter(|line| line.held) {
        if rows.last().is_none_or(|(language, _)| *language != line.language) {
            rows.push((&line.language, Row::default()));
        }
        let Some((_, row)) = rows.last_mut() else { continue };
        let found = classify_with(&ReplyInput::plain(Channel::Email, &line.text), model);
        row.all += 1;
        row.right += u32::from(found == line.intent);
        match line.intent {
            Intent::Optout => {
                row.outs += 1;
                row.found += u32::from(found == Intent::Optout);
                row.paused += u32::from(matches!(found, Intent::Ambiguous | Intent::ComplaintLegal));
            }
            Intent::NotOptout => {
                row.others += 1;
                row.invented += u32::from(found == Intent::Optout);
                row.held_up += u32::from(found == Intent::Ambiguous);
            }
            _ => {}
        }
        if with_mistakes && found != line.intent {
            let shares = model.weigh(&Pieces::of(&ReplyInput::plain(Channel::Email, &line.text)));
            let (out, stops) = (shares.of(Intent::Optout), shares.stops());
            println!("{}\t{} found {found} ({out:.2} {stops:.2})\t{}", line.language, line.intent, line.text);
        }
    }
    println!(
        "held out: language, opt-outs found + paused / all, others taken for opt-outs + paused / all, right / all"
    );
    for (language, row) in rows {
        let Row { outs, found, paused, others, invented, held_up, all, right } = row;
        println!("{language}\t{found} + {paused} / {outs}\t{invented} + {held_up} / {others}\t{right} / {all}");
    }
}
