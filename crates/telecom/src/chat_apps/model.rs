use kernel::{ChannelId, ContactId, DeliveryId, EventId, Timestamp};
use privacy::vocabulary::Channel;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$item])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As written in rows and answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl From<$name> for store::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.as_str().to_owned())
            }
        }

        impl store::FromValue for $name {
            fn from_value(value: store::Value) -> store::Result<Self> {
                Self::named(&String::from_value(value)?).ok_or(store::Error::Column(stringify!($name)))
            }
        }
    )*};
}

words! {
    /// A chat app.
    App {
        /// WhatsApp, over the Cloud API.
        Whatsapp = "whatsapp",
        /// Facebook Messenger, over the Send API of a page.
        Messenger = "messenger",
        /// Telegram, over the Bot API.
        Telegram = "telegram",
    }
    /// Where a message stands.
    MessageState {
        /// It waits for its turn.
        Queued = "queued",
        /// In a worker's hands; becomes `in_doubt` when the worker dies.
        Sending = "sending",
        /// The app's server took it.
        Sent = "sent",
        /// The person's device has it.
        Delivered = "delivered",
        /// The person has seen it.
        Read = "read",
        /// It was refused for good.
        Failed = "failed",
        /// The gate said no.
        Denied = "denied",
        /// Taken back before it left.
        Cancelled = "cancelled",
        /// Nobody knows whether it left: it is not sent again.
        InDoubt = "in_doubt",
        /// It waited too long.
        Expired = "expired",
    }
}

impl App {
    /// What the gate calls it. Telegram is "any other messenger" there.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Whatsapp => Channel::Whatsapp,
            Self::Messenger | Self::Telegram => Channel::Messenger,
        }
    }

    /// For how many seconds after their last words a person may be answered freely; none where the app has no
    /// such window.
    pub const fn window(self) -> Option<i64> {
        match self {
            Self::Whatsapp | Self::Messenger => Some(24 * 3600),
            Self::Telegram => None,
        }
    }

    /// The longest text, in characters.
    pub const fn longest(self) -> usize {
        match self {
            Self::Whatsapp | Self::Telegram => 4096,
            Self::Messenger => 2000,
        }
    }

    /// The longest words beside a file, in characters; none where there can be none.
    pub const fn caption(self) -> Option<usize> {
        match self {
            Self::Whatsapp | Self::Telegram => Some(1024),
            Self::Messenger => None,
        }
    }

    /// Where the app's interface is, unless a channel names another place.
    pub const fn home(self) -> &'static str {
        match self {
            Self::Whatsapp | Self::Messenger => "https://graph.facebook.com/v23.0",
            Self::Telegram => "https://api.telegram.org",
        }
    }
}

store::row! {
    /// A message as told to members, without its words.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct MessageView {
        /// The message.
        pub id: DeliveryId,
        /// Through which account.
        pub channel: ChannelId,
        /// To whom.
        pub subject: ContactId,
        /// Where it stands.
        pub state: MessageState,
        /// Why, when that is not plain.
        pub reason: Option<String>,
        /// The row of the rule pack that decided.
        pub rule: String,
        /// The lawful basis it rests on; empty when denied.
        pub basis: String,
        /// The ledger event that states this basis.
        pub claim: Option<EventId>,
        /// How often it was tried.
        pub attempts: u32,
        /// When it was accepted.
        pub created_at: Timestamp,
        /// When the app took it.
        pub sent_at: Option<Timestamp>,
        /// When it ended.
        pub finished_at: Option<Timestamp>,
    }
}
