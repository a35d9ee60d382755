//! The words of the model: states, kinds, who wrote, who may read.

use kernel::RawId;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $code:tt),* $(,)? })*) => {$(
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema,
        )]
        $(#[$doc])*
        pub enum $name { $($(#[$item_doc])* #[serde(rename = $code)] $item),* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$item),*];

            /// As written in rows and answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$item => $code),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;
            fn from_str(text: &str) -> crate::Result<Self> {
                match text {
                    $($code => Ok(Self::$item),)*
                    _ => Err(crate::Error::Corrupt(stringify!($name))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<$name> for store::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.as_str().to_owned())
            }
        }

        impl store::FromValue for $name {
            fn from_value(value: store::Value) -> store::Result<Self> {
                String::from_value(value)?.parse().map_err(|_| store::Error::Column(stringify!($name)))
            }
        }
    )*};
}
pub(crate) use codes;

codes! {
    /// Where a conversation stands.
    #[schema(as = ConversationState)]
    State {
        /// Somebody is to answer, or waits for an answer.
        Open = "open",
        /// Out of sight until an instant, or until the person writes.
        Snoozed = "snoozed",
        /// Its last thread has ended.
        Closed = "closed",
    }
    /// Who has it.
    #[schema(as = ConversationRouting)]
    Routing {
        /// A member.
        Assigned = "assigned",
        /// It waits in the queue of its group.
        Queued = "queued",
        /// Nobody, until somebody takes it.
        Unassigned = "unassigned",
        /// A bot.
        Bot = "bot",
    }
    /// What an event is.
    #[schema(as = ConversationEventKind)]
    Kind {
        /// Words.
        Message = "message",
        /// A file.
        File = "file",
        /// A form that is to be filled in.
        Form = "form",
        /// A form that was filled in.
        FilledForm = "filled_form",
        /// Words with quick replies.
        Rich = "rich",
        /// Something that only the devices of both sides can read.
        Encrypted = "encrypted",
        /// Something that happened; its code says what.
        System = "system",
    }
    /// Who may read an event.
    #[schema(as = ConversationVisibility)]
    Visibility {
        /// Both sides.
        All = "all",
        /// Members only: notes.
        Agents = "agents",
    }
    /// Who wrote an event.
    #[schema(as = ConversationAuthorKind)]
    AuthorKind {
        /// The person.
        Visitor = "visitor",
        /// A member.
        Agent = "agent",
        /// A bot.
        Bot = "bot",
        /// Barid itself.
        System = "system",
    }
    /// Who ended a thread.
    #[schema(as = ConversationEndedBy)]
    EndedBy {
        /// A member.
        Agent = "agent",
        /// The person.
        Visitor = "visitor",
        /// Nobody wrote for long.
        Inactivity = "inactivity",
        /// A bot.
        Bot = "bot",
    }
    /// What somebody does in a conversation besides being its assignee.
    MemberRole {
        /// Reads along.
        Supervisor = "supervisor",
    }
}

/// A channel's code, such as `web_chat` or `email`. Open: channels come with their own crates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelCode(String);

impl ChannelCode {
    /// The chat on web pages.
    pub fn web_chat() -> Self {
        Self("web_chat".to_owned())
    }

    /// E-mail.
    pub fn email() -> Self {
        Self("email".to_owned())
    }

    /// A channel by its code: lower-case letters, digits and underscores.
    ///
    /// # Errors
    /// Another shape.
    pub fn new(code: &str) -> crate::Result<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=32).contains(&code.len()) && code.bytes().all(plain) {
            Ok(Self(code.to_owned()))
        } else {
            Err(crate::Error::field("channel", "expected a code such as web_chat or email"))
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&ChannelCode> for store::Value {
    fn from(value: &ChannelCode) -> Self {
        Self::Text(value.0.clone())
    }
}

impl store::FromValue for ChannelCode {
    fn from_value(value: store::Value) -> store::Result<Self> {
        String::from_value(value).map(Self)
    }
}

/// Who wrote an event: the id is the member's or the bot's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// What they are.
    pub kind: AuthorKind,
    /// Which one.
    pub id: Option<RawId>,
}

impl Author {
    /// The person.
    pub const VISITOR: Self = Self { kind: AuthorKind::Visitor, id: None };
    /// Barid itself.
    pub const SYSTEM: Self = Self { kind: AuthorKind::System, id: None };

    /// A member.
    pub const fn agent(user: kernel::UserId) -> Self {
        Self { kind: AuthorKind::Agent, id: Some(user.0) }
    }

    /// A bot.
    pub const fn bot(bot: kernel::BotId) -> Self {
        Self { kind: AuthorKind::Bot, id: Some(bot.0) }
    }
}

#[cfg(test)]
mod described {
    use utoipa::PartialSchema;

    #[test]
    fn codes_are_described_as_they_travel() {
        let text = serde_json::to_string(&super::State::schema()).unwrap_or_default();
        assert!(text.contains("\"closed\"") && !text.contains("Closed"), "{text}");
    }
}
