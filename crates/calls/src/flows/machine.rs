//! A walk through a flow.

use std::collections::BTreeMap;

use super::model::{Action, Flow, Gather, Prompt};

/// Most steps of one call: a flow that leads back to itself ends.
const MOST_TURNS: u32 = 500;
/// Most flows that one call fetches.
const MOST_FETCHES: u32 = 20;
/// Longest words after variables were put in.
const LONGEST: usize = 3000;

/// What the walk wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Let this be heard so often; a key of these ends it.
    Hear {
        /// What.
        prompt: Prompt,
        /// How often.
        repeat: u8,
        /// Keys that end it.
        keys: Vec<char>,
    },
    /// Wait; a key of these ends it.
    Wait {
        /// For how many seconds.
        seconds: u16,
        /// Keys that end it.
        keys: Vec<char>,
    },
    /// Ask for keys once.
    Ask(Gather),
    /// Record, after the announcement.
    Record {
        /// What is heard before.
        announcement: Prompt,
        /// Most seconds.
        max_seconds: u16,
        /// Seconds of silence that end it; 0 for never.
        silence_seconds: u16,
        /// The key that ends it.
        terminator: Option<char>,
    },
    /// Connect with another number.
    Connect {
        /// The number.
        to: String,
        /// The caller's number.
        from: Option<String>,
        /// For how long it may ring.
        ring_seconds: u16,
    },
    /// Fetch the flow that follows.
    Fetch(String),
    /// Press keys.
    Press(String),
    /// End the call.
    HangUp,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// A key ended it.
    Key(char),
    /// These keys were entered; none when nothing was.
    Keys(String),
    /// It could not be done: nobody answered, nothing could be fetched or said.
    Failed,
    /// The flow that was fetched.
    Fetched(Box<Flow>),
}

/// Where a call stands in its flow.
#[derive(Debug, Clone)]
pub struct Machine {
    flow: Flow,
    at: usize,
    /// The wish that waits for its outcome belongs to this step.
    doing: Option<usize>,
    tried: u8,
    variables: BTreeMap<String, String>,
    turns: u32,
    fetches: u32,
}

impl Machine {
    /// At the beginning, with what is known of the call.
    pub fn new(flow: Flow, variables: BTreeMap<String, String>) -> Self {
        Self { flow, at: 0, doing: None, tried: 0, variables, turns: 0, fetches: 0 }
    }

    /// What is known now.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// In which language things are said by default.
    pub fn language(&self) -> &str {
        &self.flow.language
    }

    /// The next wish, given what became of the last ([`Outcome::Done`] at the beginning).
    pub fn next(&mut self, outcome: Outcome) -> Wish {
        if let Some(step) = self.doing.take() {
            self.settle(step, outcome);
        }
        loop {
            self.turns += 1;
            if self.turns > MOST_TURNS {
                return Wish::HangUp;
            }
            let Some(step) = self.flow.steps.get(self.at) else { return Wish::HangUp };
            if !step.when.iter().all(|condition| condition.holds(&self.variables)) {
                self.at += 1;
                continue;
            }
            let action = step.action.clone();
            if let Action::Goto { step } = &action {
                self.go(&step.clone());
                continue;
            }
            self.doing = Some(self.at);
            return self.wish(action);
        }
    }

    fn wish(&mut self, action: Action) -> Wish {
        let pressed = |keys: &BTreeMap<String, String>| keys.keys().filter_map(|key| key.chars().next()).collect();
        match action {
            Action::Say(say) => Wish::Hear {
                keys: pressed(&say.keys),
                prompt: self.filled(Prompt { text: Some(say.text), language: say.language, media: None }),
                repeat: say.repeat,
            },
            Action::Play { media, repeat, keys } => {
                let keys = pressed(&keys);
                Wish::Hear { prompt: Prompt { media: Some(media), ..Prompt::default() }, repeat, keys }
            }
            Action::Pause { seconds, keys } => Wish::Wait { seconds, keys: pressed(&keys) },
            Action::Gather(gather) => {
                let prompt = self.filled(gather.prompt.clone());
                Wish::Ask(Gather { prompt, ..gather })
            }
            Action::Record { announcement, max_seconds, silence_seconds, terminator } => {
                Wish::Record { announcement: self.filled(announcement), max_seconds, silence_seconds, terminator }
            }
            Action::Transfer { to, from, ring_seconds, .. } => Wish::Connect { to, from, ring_seconds },
            Action::Fetch { url } => {
                self.fetches += 1;
                if self.fetches > MOST_FETCHES { Wish::HangUp } else { Wish::Fetch(url) }
            }
            Action::SendKeys { keys } => Wish::Press(keys),
            Action::Goto { .. } | Action::Hangup {} => Wish::HangUp,
        }
    }

    fn settle(&mut self, step: usize, outcome: Outcome) {
        if let Outcome::Fetched(flow) = outcome {
            (self.flow, self.at, self.tried) = (*flow, 0, 0);
            return;
        }
        let Some(action) = self.flow.steps.get(step).map(|step| step.action.clone()) else { return };
        self.at = step + 1;
        match (action, outcome) {
            (
                Action::Say(super::Say { keys, .. }) | Action::Play { keys, .. } | Action::Pause { keys, .. },
                Outcome::Key(key),
            ) => {
                self.variables.insert("keys.last".to_owned(), key.to_string());
                if let Some(target) = keys.get(&key.to_string()) {
                    self.go(target);
                }
            }
            (Action::Gather(gather), outcome) => self.gathered(step, gather, outcome),
            (Action::Transfer { otherwise, .. }, outcome) => {
                let connected = outcome == Outcome::Done;
                self.variables.insert("transfer.connected".to_owned(), connected.to_string());
                if let Some(target) = otherwise.filter(|_| !connected) {
                    self.go(&target);
                }
            }
            // Without the flow that should follow there is nothing to go on with.
            (Action::Fetch { .. }, _) => self.at = usize::MAX,
            _ => {}
        }
    }

    fn gathered(&mut self, step: usize, gather: Gather, outcome: Outcome) {
        let entered = match outcome {
            Outcome::Keys(keys) => keys,
            _ => String::new(),
        };
        let enough = entered.len() >= usize::from(gather.min);
        let known = gather.branches.is_empty() || gather.branches.contains_key(&entered);
        if enough {
            let name = gather.variable.as_deref().unwrap_or("last");
            self.variables.insert(format!("keys.{name}"), entered.clone());
            if let Some(target) = gather.branches.get(&entered) {
                self.tried = 0;
                self.go(target);
                return;
            }
        }
        if enough && known {
            self.tried = 0;
            return;
        }
        self.tried += 1;
        if self.tried < gather.tries {
            self.at = step;
            return;
        }
        self.tried = 0;
        if let Some(target) = &gather.otherwise {
            self.go(target);
        }
    }

    fn go(&mut self, target: &str) {
        let place = self.flow.steps.iter().position(|step| step.id.as_deref() == Some(target));
        self.at = place.unwrap_or(usize::MAX);
    }

    /// Puts variables into words. What is not known is left out.
    fn filled(&self, prompt: Prompt) -> Prompt {
        let Some(text) = &prompt.text else { return prompt };
        let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((name, behind)) = after.split_once("}}") else {
                rest = after;
                break;
            };
            out.push_str(self.variables.get(name.trim()).map_or("", String::as_str));
            rest = behind;
        }
        out.push_str(rest);
        let text = out.chars().take(LONGEST).collect();
        Prompt { text: Some(text), ..prompt }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value as Json, json};

    use super::{Machine, Outcome, Wish};
    use crate::flows::Flow;

    fn walk(steps: Json) -> Machine {
        let flow = Flow::read(&json!({ "title": "t", "steps": steps })).unwrap();
        Machine::new(flow, BTreeMap::from([("call.from".to_owned(), "+966".to_owned())]))
    }

    fn text(wish: &Wish) -> String {
        match wish {
            Wish::Hear { prompt, .. } => prompt.text.clone().unwrap(),
            Wish::Ask(gather) => gather.prompt.text.clone().unwrap_or_default(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_menu_asks_again_branches_and_ends() {
        let mut walk = walk(json!([
            { "action": "say", "text": "Hello {{call.from}}{{nothing}}{{", "keys": { "9": "bye" } },
            { "id": "menu", "action": "gather", "prompt": { "text": "One?" }, "tries": 2, "branches": { "1": "one" }, "otherwise": "bye" },
            { "action": "say", "text": "never" },
            { "id": "one", "action": "say", "text": "You pressed {{keys.last}}" },
            { "action": "goto", "step": "menu" },
            { "id": "bye", "action": "say", "text": "Bye" },
        ]));
        assert_eq!(text(&walk.next(Outcome::Done)), "Hello +966");
        assert_eq!(text(&walk.next(Outcome::Done)), "One?");
        assert_eq!(text(&walk.next(Outcome::Keys("7".into()))), "One?");
        assert_eq!(text(&walk.next(Outcome::Keys("1".into()))), "You pressed 1");
        assert_eq!(text(&walk.next(Outcome::Done)), "One?");
        assert_eq!(text(&walk.next(Outcome::Keys(String::new()))), "One?");
        assert_eq!(text(&walk.next(Outcome::Keys("2".into()))), "Bye");
        assert_eq!(walk.next(Outcome::Done), Wish::HangUp);
    }

    #[test]
    fn keys_conditions_transfers_and_fetched_flows_lead_on() {
        let steps = json!([
            { "action": "pause", "seconds": 1, "keys": { "5": "go" } },
            { "action": "hangup" },
            { "id": "go", "action": "say", "text": "no", "when": [{ "variable": "keys.last", "operator": "gt", "value": "5" }] },
            { "action": "transfer", "to": "+966112345678", "otherwise": "sorry" },
            { "action": "hangup" },
            { "id": "sorry", "action": "fetch", "url": "https://example.org/next" },
            { "action": "say", "text": "not reached" },
        ]);
        let mut one = walk(steps.clone());
        assert!(matches!(one.next(Outcome::Done), Wish::Wait { seconds: 1, .. }));
        assert!(matches!(one.next(Outcome::Key('5')), Wish::Connect { .. }));
        assert_eq!(one.next(Outcome::Failed), Wish::Fetch("https://example.org/next".into()));
        let next = Flow::read(&json!({ "steps": [{ "action": "say", "text": "next {{keys.last}}" }] })).unwrap();
        assert_eq!(text(&one.next(Outcome::Fetched(Box::new(next)))), "next 5");
        let mut two = walk(steps);
        two.next(Outcome::Done);
        two.next(Outcome::Key('5'));
        two.next(Outcome::Failed);
        assert_eq!(two.next(Outcome::Failed), Wish::HangUp);
    }

    #[test]
    fn a_circle_ends() {
        let mut walk = walk(json!([{ "id": "a", "action": "goto", "step": "a" }]));
        assert_eq!(walk.next(Outcome::Done), Wish::HangUp);
    }

    #[test]
    fn complaints_name_step_and_field() {
        let complaint = |steps: Json| match Flow::read(&json!({ "steps": steps })).unwrap_err() {
            crate::Error::Field { field, .. } => field,
            other => panic!("{other:?}"),
        };
        let say = json!({ "action": "say", "text": "x" });
        for (step, field) in [
            (json!({ "action": "say" }), "steps[1].text"),
            (json!({ "action": "say", "text": " " }), "steps[1].text"),
            (json!({ "action": "say", "text": "x", "loud": 1 }), "steps[1].loud"),
            (json!({ "action": "say", "text": "x", "language": "fr" }), "steps[1].language"),
            (json!({ "action": "say", "text": "x", "keys": { "1": "gone" } }), "steps[1].keys"),
            (json!({ "action": "shout" }), "steps[1].action"),
            (json!({ "text": "x" }), "steps[1].action"),
            (json!(7), "steps[1]"),
            (json!({ "action": "goto", "step": "gone" }), "steps[1].step"),
            (json!({ "action": "play", "media": "ftp://x/y" }), "steps[1].media"),
            (json!({ "action": "gather", "min": 5, "max": 4 }), "steps[1].max"),
            (json!({ "action": "gather", "branches": { "x": "y" } }), "steps[1].branches"),
            (json!({ "action": "record", "announcement": {} }), "steps[1].announcement"),
            (json!({ "action": "record" }), "steps[1].announcement"),
            (json!({ "action": "transfer", "to": "911" }), "steps[1].to"),
            (json!({ "action": "send_keys", "keys": "12w" }), "steps[1].keys"),
            (json!({ "action": "hangup", "id": "a b" }), "steps[1].id"),
            (json!({ "action": "hangup", "when": [{ "variable": "x", "operator": "is" }] }), "steps[1].when"),
        ] {
            assert_eq!(complaint(json!([say, step])), field, "{step}");
        }
        assert_eq!(complaint(json!([])), "steps");
        assert!(Flow::read(&json!({ "steps": [say], "loop": true })).is_err());
    }

    #[test]
    fn what_is_written_is_read() {
        let steps = json!([{ "id": "a", "action": "gather", "prompt": { "text": "x" }, "max": 4, "terminator": "#",
            "when": [{ "variable": "v", "operator": "exists" }] }, { "action": "hangup" }]);
        let flow = Flow::read(&json!({ "title": "t", "language": "ar", "steps": steps })).unwrap();
        assert_eq!(Flow::read(&flow.to_json()).unwrap(), flow);
    }
}
