//! Rules that say where a conversation goes, and the pure function that reads them.

use kernel::{BotId, GroupId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::codes;
use crate::{Error, Result, text};

codes! {
    /// What a condition looks at.
    #[schema(as = ChatRuleKind)]
    ConditionKind {
        /// The page on which it began.
        Url = "url",
        /// The person's country.
        Country = "country",
        /// The person's language.
        Language = "language",
        /// An answer of a form, by its key.
        Answer = "answer",
        /// An attribute of the contact or the visitor, by its name.
        Attribute = "attribute",
        /// The widget.
        Widget = "widget",
        /// A tag of the contact.
        ContactTag = "contact_tag",
        /// The channel.
        Channel = "channel",
    }
    /// How a condition compares.
    #[schema(as = ChatRuleOp)]
    Op {
        /// The same.
        Is = "is",
        /// Somewhere in it.
        Contains = "contains",
        /// At its beginning.
        Starts = "starts",
        /// Another.
        Not = "not",
    }
    /// Whether all conditions or one of them must hold.
    #[schema(as = ChatMatch)]
    Match {
        /// All.
        All = "all",
        /// One.
        Any = "any",
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatRuleCondition)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What it looks at.
    pub kind: ConditionKind,
    /// Which answer or attribute.
    #[serde(default)]
    pub key: Option<String>,
    /// How it compares.
    pub op: Op,
    /// With what.
    pub value: String,
}

/// Where a rule sends a conversation: exactly one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatRuleTarget)]
#[serde(default, deny_unknown_fields)]
pub struct To {
    /// To a group.
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupId>,
    /// To a member.
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// To a bot.
    #[schema(value_type = Option<String>)]
    pub bot: Option<BotId>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatRule)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What members call it.
    pub name: String,
    /// All or any of its conditions.
    #[serde(rename = "match", default = "all")]
    pub matches: Match,
    /// The conditions; without one it always holds.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Where to.
    pub to: To,
    /// In use.
    #[serde(default = "yes")]
    pub enabled: bool,
}

const fn all() -> Match {
    Match::All
}

const fn yes() -> bool {
    true
}

/// A workspace's rules, read from the first on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Whoever had the person last comes first.
    pub last_agent: bool,
    /// Where everything else goes.
    pub fallback: To,
}

impl Default for Rules {
    fn default() -> Self {
        Self { rules: Vec::new(), last_agent: true, fallback: To::default() }
    }
}

impl Rules {
    /// Whether everything is bounded and says where to.
    ///
    /// # Errors
    /// The field that is not right.
    pub fn check(&self) -> Result<()> {
        if self.rules.len() > 100 {
            return Err(Error::field("rules", "a workspace has at most 100 rules"));
        }
        for (number, rule) in self.rules.iter().enumerate() {
            let place = |name: &str| format!("rules[{number}].{name}");
            text::line(&place("name"), &rule.name, 200)?;
            if rule.conditions.len() > 20 {
                return Err(Error::field(place("conditions"), "a rule has at most 20 conditions"));
            }
            for condition in &rule.conditions {
                text::line(&place("conditions.value"), &condition.value, 500)?;
                let needs = matches!(condition.kind, ConditionKind::Answer | ConditionKind::Attribute);
                match (&condition.key, needs) {
                    (Some(key), true) => drop(text::line(&place("conditions.key"), key, 100)?),
                    (None, true) => {
                        return Err(Error::field(place("conditions.key"), "says which answer or attribute"));
                    }
                    _ => {}
                }
            }
            let to = [rule.to.group.is_some(), rule.to.user.is_some(), rule.to.bot.is_some()];
            if to.into_iter().filter(|some| *some).count() != 1 {
                return Err(Error::field(place("to"), "names a group, a user or a bot"));
            }
        }
        Ok(())
    }
}

/// What rules look at. A value that is not known matches nothing, not even `not`.
#[derive(Clone, Default)]
pub struct Known {
    /// The page.
    pub url: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The channel.
    pub channel: String,
    /// The widget.
    pub widget: Option<String>,
    /// Answers by key.
    pub answers: Vec<(String, String)>,
    /// Attributes by name.
    pub attributes: Vec<(String, String)>,
    /// Tags of the contact.
    pub tags: Vec<String>,
}

fn compares(op: Op, known: &str, value: &str) -> bool {
    let (known, value) = (kernel::fold(known), kernel::fold(value));
    match op {
        Op::Is => known == value,
        Op::Contains => known.contains(&value),
        Op::Starts => known.starts_with(&value),
        Op::Not => known != value,
    }
}

fn holds(condition: &Condition, known: &Known) -> bool {
    let by_key = |all: &[(String, String)]| {
        all.iter().filter(|(key, _)| Some(key) == condition.key.as_ref()).map(|(_, value)| value.clone()).collect()
    };
    let values: Vec<String> = match condition.kind {
        ConditionKind::Url => known.url.iter().cloned().collect(),
        ConditionKind::Country => known.country.iter().cloned().collect(),
        ConditionKind::Language => {
            // A language is meant with all its regions: ar also means ar-EG.
            let Some(language) = &known.language else { return false };
            let base = language.split('-').next().unwrap_or(language).to_owned();
            if condition.op == Op::Not {
                return compares(Op::Not, language, &condition.value) && compares(Op::Not, &base, &condition.value);
            }
            vec![language.clone(), base]
        }
        ConditionKind::Answer => by_key(&known.answers),
        ConditionKind::Attribute => by_key(&known.attributes),
        ConditionKind::Widget => known.widget.iter().cloned().collect(),
        ConditionKind::Channel => vec![known.channel.clone()],
        ConditionKind::ContactTag => {
            if condition.op == Op::Not {
                return known.tags.iter().all(|tag| compares(Op::Not, tag, &condition.value));
            }
            known.tags.clone()
        }
    };
    values.iter().any(|value| compares(condition.op, value, &condition.value))
}

/// Where the first rule that holds sends it; none when no rule does.
pub fn decide(rules: &Rules, known: &Known) -> Option<To> {
    rules.rules.iter().filter(|rule| rule.enabled).find_map(|rule| {
        let matches = match rule.matches {
            Match::All => rule.conditions.iter().all(|condition| holds(condition, known)),
            Match::Any => rule.conditions.is_empty() || rule.conditions.iter().any(|condition| holds(condition, known)),
        };
        matches.then_some(rule.to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(kind: ConditionKind, op: Op, value: &str) -> Condition {
        Condition { kind, key: None, op, value: value.to_owned() }
    }

    fn rule(conditions: Vec<Condition>, matches: Match, group: u8) -> Rule {
        let to = To { group: Some(GroupId([group; 16])), ..To::default() };
        Rule { name: "r".to_owned(), matches, conditions, to, enabled: true }
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        use ConditionKind as K;
        let rules = Rules {
            rules: vec![
                rule(
                    vec![condition(K::Url, Op::Contains, "/pricing"), condition(K::Language, Op::Is, "ar")],
                    Match::All,
                    1,
                ),
                rule(vec![condition(K::Country, Op::Is, "SA"), condition(K::ContactTag, Op::Is, "vip")], Match::Any, 2),
                rule(
                    vec![Condition { key: Some("topic".into()), ..condition(K::Answer, Op::Is, "مكتبة") }],
                    Match::All,
                    3,
                ),
                rule(vec![condition(K::Language, Op::Not, "en")], Match::All, 4),
            ],
            ..Rules::default()
        };
        rules.check().unwrap();
        let known = |change: fn(&mut Known)| {
            let mut known = Known { channel: "web_chat".to_owned(), ..Known::default() };
            change(&mut known);
            decide(&rules, &known).and_then(|to| to.group).map(|group| group.0[0])
        };
        assert_eq!(known(|_| {}), None, "what is not known matches nothing");
        assert_eq!(
            known(|k| (k.url, k.language) = (Some("https://x.example/pricing?a".into()), Some("ar-EG".into()))),
            Some(1)
        );
        assert_eq!(known(|k| k.country = Some("sa".into())), Some(2));
        assert_eq!(known(|k| k.tags = vec!["VIP".into()]), Some(2));
        assert_eq!(known(|k| k.answers = vec![("topic".into(), "مكتبه".into())]), Some(3));
        assert_eq!(known(|k| k.language = Some("fr".into())), Some(4));
        assert_eq!(known(|k| k.language = Some("en-GB".into())), None);
    }

    #[test]
    fn a_rule_that_says_no_place_is_refused() {
        let mut wrong = rule(Vec::new(), Match::All, 1);
        wrong.to = To::default();
        assert!(Rules { rules: vec![wrong], ..Rules::default() }.check().is_err());
    }
}
