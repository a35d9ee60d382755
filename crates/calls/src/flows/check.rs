//! What a flow must be like; every complaint names step and field.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Action, Flow, Prompt};
use crate::{Error, Result};

/// Most steps.
const MOST: usize = 100;
/// Longest words of a step.
const WORDS: usize = 2000;

impl Flow {
    /// Checks everything that can be checked without a call.
    ///
    /// # Errors
    /// [`Error::Field`] naming step and field.
    pub fn check(&self) -> Result<()> {
        if self.title.chars().count() > 100 {
            return Err(Error::field("title", "at most 100 characters"));
        }
        language("language", &self.language)?;
        if self.steps.is_empty() || self.steps.len() > MOST {
            return Err(Error::field("steps", "1 to 100 steps"));
        }
        let mut ids = BTreeSet::new();
        for (n, step) in self.steps.iter().enumerate() {
            let Some(id) = &step.id else { continue };
            let sound =
                (1..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
            if !sound {
                return Err(Error::field(format!("steps[{n}].id"), "1 to 40 letters, digits, _ and -"));
            }
            if !ids.insert(id.as_str()) {
                return Err(Error::field(format!("steps[{n}].id"), "another step has this id"));
            }
        }
        for (n, step) in self.steps.iter().enumerate() {
            if step.when.len() > 10 {
                return Err(Error::field(format!("steps[{n}].when"), "at most 10 conditions"));
            }
            let checker = Checker { n, ids: &ids };
            checker.action(&step.action)?;
        }
        Ok(())
    }
}

fn language(field: &str, language: &str) -> Result<()> {
    if matches!(language, "en" | "ar") { Ok(()) } else { Err(Error::field(field, "en or ar")) }
}

struct Checker<'a> {
    n: usize,
    ids: &'a BTreeSet<&'a str>,
}

impl Checker<'_> {
    fn wrong(&self, field: &str, detail: &str) -> Result<()> {
        Err(Error::field(format!("steps[{}].{field}", self.n), detail))
    }

    fn ensure(&self, sound: bool, field: &str, detail: &str) -> Result<()> {
        if sound { Ok(()) } else { self.wrong(field, detail) }
    }

    fn target(&self, field: &str, step: &str) -> Result<()> {
        self.ensure(self.ids.contains(step), field, "no step has this id")
    }

    fn targets(&self, field: &str, all: &BTreeMap<String, String>, longest: usize) -> Result<()> {
        self.ensure(all.len() <= 50, field, "at most 50")?;
        for (keys, step) in all {
            let sound = (1..=longest).contains(&keys.len()) && keys.chars().all(is_key);
            self.ensure(sound, field, "keys are 0-9, * and #")?;
            self.target(field, step)?;
        }
        Ok(())
    }

    fn words(&self, field: &str, text: &str) -> Result<()> {
        let length = text.chars().count();
        self.ensure(!text.trim().is_empty() && length <= WORDS, field, "1 to 2000 characters")
    }

    fn media(&self, field: &str, url: &str) -> Result<()> {
        let web = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        self.ensure(web && url.len() <= 2000, field, "the http or https address of a WAV file")
    }

    fn prompt(&self, field: &str, prompt: &Prompt) -> Result<()> {
        if let Some(spoken) = &prompt.language {
            language(&format!("steps[{}].{field}.language", self.n), spoken)?;
        }
        match (&prompt.text, &prompt.media) {
            (Some(text), None) => self.words(&format!("{field}.text"), text),
            (None, Some(url)) => self.media(&format!("{field}.media"), url),
            (Some(_), Some(_)) => self.wrong(field, "either text or media"),
            (None, None) => Ok(()),
        }
    }

    fn terminator(&self, key: Option<char>) -> Result<()> {
        self.ensure(key.is_none_or(is_key), "terminator", "one of 0-9, * and #")
    }

    fn action(&self, action: &Action) -> Result<()> {
        let repeat = |repeat: u8| self.ensure((1..=10).contains(&repeat), "repeat", "1 to 10");
        match action {
            Action::Say(say) => {
                self.words("text", &say.text)?;
                if let Some(spoken) = &say.language {
                    language(&format!("steps[{}].language", self.n), spoken)?;
                }
                repeat(say.repeat)?;
                self.targets("keys", &say.keys, 1)
            }
            Action::Play { media, repeat: times, keys } => {
                self.media("media", media)?;
                repeat(*times)?;
                self.targets("keys", keys, 1)
            }
            Action::Pause { seconds, keys } => {
                self.ensure((1..=300).contains(seconds), "seconds", "1 to 300")?;
                self.targets("keys", keys, 1)
            }
            Action::Gather(gather) => {
                self.prompt("prompt", &gather.prompt)?;
                let sound = gather.min >= 1 && gather.min <= gather.max && gather.max <= 32;
                self.ensure(sound, "max", "1 to 32, and not less than min")?;
                self.ensure((1..=120).contains(&gather.timeout), "timeout", "1 to 120 seconds")?;
                self.ensure((1..=10).contains(&gather.tries), "tries", "1 to 10")?;
                self.terminator(gather.terminator)?;
                if let Some(name) = &gather.variable {
                    let sound =
                        (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                    self.ensure(sound, "variable", "1 to 40 letters, digits and _")?;
                }
                self.targets("branches", &gather.branches, 32)?;
                gather.otherwise.iter().try_for_each(|step| self.target("otherwise", step))
            }
            Action::Record { announcement, max_seconds, silence_seconds, terminator } => {
                let said = announcement.text.is_some() || announcement.media.is_some();
                self.ensure(said, "announcement", "people must hear that they are recorded")?;
                self.prompt("announcement", announcement)?;
                self.ensure((1..=600).contains(max_seconds), "max_seconds", "1 to 600")?;
                self.ensure(*silence_seconds <= 60, "silence_seconds", "0 to 60")?;
                self.terminator(*terminator)
            }
            Action::Transfer { to, from, ring_seconds, otherwise } => {
                let number = |text: &str| kernel::Phone::parse(text, None).is_ok();
                self.ensure(number(to), "to", "a telephone number with its country code")?;
                self.ensure(from.as_deref().is_none_or(number), "from", "a telephone number with its country code")?;
                self.ensure((5..=120).contains(ring_seconds), "ring_seconds", "5 to 120")?;
                otherwise.iter().try_for_each(|step| self.target("otherwise", step))
            }
            Action::Fetch { url } => self.media("url", url).or_else(|_| self.wrong("url", "an http or https address")),
            Action::SendKeys { keys } => {
                let sound =
                    (1..=64).contains(&keys.len()) && keys.chars().all(|key| is_key(key) || matches!(key, 'A'..='D'));
                self.ensure(sound, "keys", "1 to 64 of 0-9, *, # and A-D")
            }
            Action::Goto { step } => self.target("step", step),
            Action::Hangup {} => Ok(()),
        }
    }
}

fn is_key(key: char) -> bool {
    key.is_ascii_digit() || matches!(key, '*' | '#')
}
