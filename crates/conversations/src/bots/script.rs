//! Scripts of bots, as pure functions: what comes next, and what an answer means.

use std::collections::BTreeMap;

use kernel::{Email, GroupId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::codes;
use crate::widgets::Words;
use crate::{Error, Result, text};

codes! {
    /// What a step does.
    #[schema(as = ChatBotStepKind)]
    StepKind {
        /// Says something and goes on.
        Say = "say",
        /// Asks and waits for words.
        Ask = "ask",
        /// Asks and waits for one of some answers.
        Choices = "choices",
        /// Goes on by what was answered.
        Condition = "condition",
        /// From here on answers come from the knowledge base.
        Articles = "articles",
        /// Hands over to a person.
        HandOver = "hand_over",
        /// Ends the conversation.
        Close = "close",
    }
    /// What an answer has to be.
    #[schema(as = ChatBotExpected)]
    Expected {
        /// Any words.
        Text = "text",
        /// An address.
        Email = "email",
        /// A name.
        Name = "name",
    }
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatBotChoice)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What it says.
    pub label: Words,
    /// What it means.
    pub value: String,
    /// The step that follows; none is the next one.
    #[serde(default)]
    pub next: Option<String>,
}

/// A way to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatBotBranch)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Which answer.
    pub name: String,
    /// `is`, `contains` or `known`.
    pub op: String,
    /// With what.
    #[serde(default)]
    pub value: String,
    /// The step that follows.
    pub next: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatBotStep)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id within the script.
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// What it says.
    #[serde(default)]
    pub text: Words,
    /// Under which name the answer is kept.
    #[serde(default)]
    pub save: Option<String>,
    /// What the answer has to be.
    #[serde(default)]
    pub field: Option<Expected>,
    /// Answers to choose.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Ways to go on; without one that holds, the next step follows.
    #[serde(default)]
    pub conditions: Vec<Branch>,
    /// The step that follows; none is the next one.
    #[serde(default)]
    pub next: Option<String>,
    /// To whom it hands over.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupId>,
}

/// What a bot does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Says it.
    Say(Step),
    /// Asks it and waits.
    Wait(Step),
    /// Answers from the knowledge base from here on.
    Articles,
    /// Hands over.
    HandOver(Option<GroupId>),
    /// Ends.
    Close,
}

/// Steps taken at most without waiting: a script that goes round in circles hands over.
const MOST_MOVES: usize = 50;

/// Whether a script can be carried out.
///
/// # Errors
/// The step that is not right.
pub(super) fn check(steps: &[Step]) -> Result<()> {
    if steps.len() > 200 {
        return Err(Error::field("steps", "a script has at most 200 steps"));
    }
    let known = |id: &str| steps.iter().any(|step| step.id == id);
    for (number, step) in steps.iter().enumerate() {
        let at = |what: &str| format!("steps[{number}].{what}");
        text::line(&at("id"), &step.id, 64)?;
        if steps[..number].iter().any(|before| before.id == step.id) {
            return Err(Error::field(at("id"), "stands there twice"));
        }
        step.text.check(&at("text"), 4000)?;
        let speaks = matches!(step.kind, StepKind::Say | StepKind::Ask | StepKind::Choices);
        if speaks && step.text.is_empty() {
            return Err(Error::field(at("text"), "is empty"));
        }
        if (step.kind == StepKind::Choices) == step.choices.is_empty() || step.choices.len() > 13 {
            return Err(Error::field(at("choices"), "choices, and only they, have 1 to 13 answers"));
        }
        for choice in &step.choices {
            choice.label.check(&at("choices.label"), 200)?;
            text::line(&at("choices.value"), &choice.value, 200)?;
        }
        let onward = step.next.iter().chain(step.choices.iter().filter_map(|choice| choice.next.as_ref()));
        let branches = step.conditions.iter().map(|branch| &branch.next);
        if let Some(missing) = onward.chain(branches).find(|id| !known(id)) {
            let shown: String = missing.chars().filter(|c| !c.is_control()).take(64).collect();
            return Err(Error::field(at("next"), format!("there is no step {shown}")));
        }
        if step.conditions.iter().any(|branch| !matches!(branch.op.as_str(), "is" | "contains" | "known")) {
            return Err(Error::field(at("conditions"), "expected is, contains or known"));
        }
        if let Some(save) = &step.save {
            text::line(&at("save"), save, 64)?;
        }
    }
    Ok(())
}

fn holds(branch: &Branch, answers: &BTreeMap<String, String>) -> bool {
    let Some(known) = answers.get(&branch.name) else { return false };
    let (known, value) = (kernel::fold(known), kernel::fold(&branch.value));
    match branch.op.as_str() {
        "is" => known == value,
        "contains" => known.contains(&value),
        _ => true,
    }
}

/// What follows from a step on (none: from the beginning; empty: the script is over), until it waits or ends.
pub fn next(steps: &[Step], from: Option<&str>, answers: &BTreeMap<String, String>) -> Vec<Move> {
    let place = |id: &str| steps.iter().position(|step| step.id == id);
    let mut at = match from {
        None => 0,
        Some(id) => place(id).unwrap_or(steps.len()),
    };
    let mut out = Vec::new();
    for _ in 0..MOST_MOVES {
        let Some(step) = steps.get(at) else { return out };
        let after = |next: &Option<String>| next.as_deref().and_then(place).unwrap_or(at + 1);
        match step.kind {
            StepKind::Say => {
                out.push(Move::Say(step.clone()));
                at = after(&step.next);
            }
            StepKind::Ask | StepKind::Choices => {
                out.push(Move::Wait(step.clone()));
                return out;
            }
            StepKind::Condition => {
                let branch = step.conditions.iter().find(|branch| holds(branch, answers));
                at = branch.and_then(|branch| place(&branch.next)).unwrap_or_else(|| after(&step.next));
            }
            StepKind::Articles => {
                out.push(Move::Articles);
                return out;
            }
            StepKind::HandOver => {
                out.push(Move::HandOver(step.group));
                return out;
            }
            StepKind::Close => {
                out.push(Move::Close);
                return out;
            }
        }
    }
    out.push(Move::HandOver(None));
    out
}

/// What an answer to a step means, and the step that follows it; none when it is no answer.
pub(super) fn read(step: &Step, steps_after: &str, said: &str) -> Option<(String, Option<String>)> {
    let said = said.trim();
    if step.kind == StepKind::Choices {
        let folded = kernel::fold(said);
        let chosen = step.choices.iter().find(|choice| {
            choice.value == said
                || [&choice.label.en, &choice.label.ar]
                    .iter()
                    .any(|label| !label.is_empty() && kernel::fold(label) == folded)
        })?;
        let onward = chosen.next.clone().or_else(|| step.next.clone()).unwrap_or_else(|| steps_after.to_owned());
        return Some((chosen.value.clone(), Some(onward)));
    }
    let right = match step.field {
        Some(Expected::Email) => Email::parse(said).is_ok(),
        Some(Expected::Name) => (1..=200).contains(&said.chars().count()) && !said.contains('\n'),
        Some(Expected::Text) | None => !said.is_empty(),
    };
    right.then(|| (said.to_owned(), Some(step.next.clone().unwrap_or_else(|| steps_after.to_owned()))))
}

/// The step that stands after another; empty when it is the last one.
pub(super) fn following<'a>(steps: &'a [Step], id: &str) -> &'a str {
    let at = steps.iter().position(|step| step.id == id);
    at.and_then(|at| steps.get(at + 1)).map_or("", |step| step.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, kind: StepKind) -> Step {
        let text = Words { en: format!("text of {id}"), ar: String::new() };
        Step {
            id: id.to_owned(),
            kind,
            text,
            save: None,
            field: None,
            choices: Vec::new(),
            conditions: Vec::new(),
            next: None,
            group: None,
        }
    }

    fn ids(moves: &[Move]) -> Vec<String> {
        moves
            .iter()
            .map(|one| match one {
                Move::Say(step) => format!("say {}", step.id),
                Move::Wait(step) => format!("wait {}", step.id),
                Move::Articles => "articles".to_owned(),
                Move::HandOver(_) => "hand over".to_owned(),
                Move::Close => "close".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_script_goes_on_until_it_waits() {
        let mut choices = step("topic", StepKind::Choices);
        choices.choices = vec![
            Choice {
                label: Words { en: "Sales".into(), ar: "المبيعات".into() }, value: "sales".into(), next: None
            },
            Choice {
                label: Words { en: "Other".into(), ar: "شيء آخر".into() },
                value: "other".into(),
                next: Some("end".into()),
            },
        ];
        let mut condition = step("where", StepKind::Condition);
        condition.conditions =
            vec![Branch { name: "city".into(), op: "is".into(), value: "مكة".into(), next: "end".into() }];
        let steps = [
            step("hello", StepKind::Say),
            choices.clone(),
            condition,
            step("bye", StepKind::Say),
            step("end", StepKind::HandOver),
        ];
        check(&steps).unwrap();
        let none = BTreeMap::new();
        assert_eq!(ids(&next(&steps, None, &none)), ["say hello", "wait topic"]);
        assert_eq!(read(&choices, following(&steps, "topic"), "sales"), Some(("sales".into(), Some("where".into()))));
        assert_eq!(read(&choices, "", "شيء اخر"), Some(("other".into(), Some("end".into()))));
        assert_eq!(read(&choices, "", "what?"), None);
        assert_eq!(ids(&next(&steps, Some("where"), &none)), ["say bye", "hand over"]);
        let city = BTreeMap::from([("city".to_owned(), "مكه".to_owned())]);
        assert_eq!(ids(&next(&steps, Some("where"), &city)), ["hand over"]);
        assert!(next(&steps, Some(""), &none).is_empty());
    }

    #[test]
    fn circles_end_with_a_person() {
        let mut first = step("a", StepKind::Say);
        first.next = Some("a".to_owned());
        assert_eq!(next(&[first], None, &BTreeMap::new()).last(), Some(&Move::HandOver(None)));
    }

    #[test]
    fn a_step_that_leads_nowhere_is_refused() {
        let mut wrong = step("a", StepKind::Say);
        wrong.next = Some("b".to_owned());
        assert!(check(&[wrong]).is_err());
        assert!(check(&[step("a", StepKind::Say), step("a", StepKind::Say)]).is_err());
        assert!(check(&[step("a", StepKind::Choices)]).is_err());
    }
}
