//! The labelled replies.

use std::path::{Path, PathBuf};

use privacy::replies::Intent;

/// One of so many lines is held out.
const HELD: usize = 5;

/// One labelled reply.
pub struct Line {
    pub language: String,
    pub intent: Intent,
    pub text: String,
    /// Not seen by the model that is measured.
    pub held: bool,
}

/// What stands around replies in one language.
pub struct Around {
    pub language: String,
    pub greetings: Vec<String>,
    pub signatures: Vec<String>,
}

/// Everything.
pub struct Corpus {
    pub lines: Vec<Line>,
    pub around: Vec<Around>,
}

fn lines(path: &Path) -> std::io::Result<Vec<String>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.replace("\\n", "\n")).collect())
}

/// Reads `corpus/LANGUAGE/INTENT.txt`, and the replies that the phrases were tuned on. In a fixed order.
pub fn read(root: &Path) -> std::io::Result<Corpus> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root.join("corpus"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let mut corpus = Corpus { lines: Vec::new(), around: Vec::new() };
    for folder in folders {
        let language = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        for intent in Intent::ALL {
            for (number, text) in lines(&folder.join(format!("{intent}.txt")))?.into_iter().enumerate() {
                let held = number % HELD == HELD - 1;
                corpus.lines.push(Line { language: language.clone(), intent: *intent, text, held });
            }
        }
        tuned(root, &language, &mut corpus.lines)?;
        first(root, &language, &mut corpus.lines)?;
        let (greetings, signatures) = (lines(&folder.join("greetings.txt"))?, lines(&folder.join("signatures.txt"))?);
        corpus.around.push(Around { language, greetings, signatures });
    }
    Ok(corpus)
}

/// What the phrases were tuned on is never held out: it would measure nothing.
fn tuned(root: &Path, language: &str, all: &mut Vec<Line>) -> std::io::Result<()> {
    for part in ["", "-blind", "-blind2", "-blind3", "-blind4"] {
        for line in lines(&root.join(format!("tests/data/replies/{language}{part}.txt")))? {
            let Some((intent, text)) = line.split_once('\t').filter(|(_, text)| !text.starts_with('[')) else {
                continue;
            };
            let Ok(intent) = intent.parse() else { continue };
            all.push(Line { language: language.to_owned(), intent, text: text.to_owned(), held: false });
        }
    }
    Ok(())
}

/// The first replies that the phrases were tuned on, of all languages in one file.
fn first(root: &Path, language: &str, all: &mut Vec<Line>) -> std::io::Result<()> {
    for line in lines(&root.join("src/replies/corpus.tsv"))? {
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        if let [intent, known, text] = fields[..]
            && known == language
            && let Ok(intent) = intent.parse()
        {
            all.push(Line { language: language.to_owned(), intent, text: text.to_owned(), held: false });
        }
    }
    Ok(())
}
