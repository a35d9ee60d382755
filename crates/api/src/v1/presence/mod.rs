//! Who looks at what.

mod leave;
mod say;

use kernel::UserId;
use store::Ctx;

use super::prelude::*;
use crate::shell::presence::{Doing, Present};

pub(super) fn routes() -> Routes {
    routes!("presence": say, leave)
}

/// Kinds of objects that people look at together.
const KINDS: [&str; 9] =
    ["conversation", "campaign", "template", "segment", "form", "topic", "contact", "sequence", "view"];
/// The longest name of an object.
const MAX_OBJECT: usize = 80;

/// What somebody does.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PresenceMode)]
pub(super) enum ModeWord {
    /// Looks at it.
    Viewing,
    /// Changes it.
    Editing,
}

impl From<Doing> for ModeWord {
    fn from(doing: Doing) -> Self {
        match doing {
            Doing::Viewing => Self::Viewing,
            Doing::Editing => Self::Editing,
        }
    }
}

impl From<ModeWord> for Doing {
    fn from(word: ModeWord) -> Self {
        match word {
            ModeWord::Viewing => Self::Viewing,
            ModeWord::Editing => Self::Editing,
        }
    }
}

/// Somebody at an object.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct Here {
    /// Who.
    user: String,
    /// Their name.
    name: String,
    /// What they do.
    mode: ModeWord,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Whether it is you.
    me: bool,
}

/// Who is at an object; also the data of `presence` events.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct PresenceAnswer {
    /// The object, as `campaign:cmp_…`.
    object: String,
    /// Who is there, you included, in the order they came.
    here: Vec<Here>,
}

/// Names the people at an object, as `me` sees them.
pub(super) async fn named(ctx: &Ctx, me: UserId, object: &str, present: Vec<Present>) -> Result<PresenceAnswer> {
    let mut here = Vec::with_capacity(present.len());
    for one in present {
        let name = match accounts::users::get(ctx, one.user).await {
            Ok(user) => user.name.into_inner(),
            Err(accounts::Error::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        here.push(Here {
            user: one.user.to_string(),
            name,
            mode: one.doing.into(),
            since: one.since,
            me: one.user == me,
        });
    }
    Ok(PresenceAnswer { object: object.to_owned(), here })
}

/// Refuses what names no object.
fn checked(object: &str) -> Result<(), Problem> {
    let bad = || Problem::field("object", "expected a kind and an id, such as campaign:cmp_01j…");
    let (kind, id) = object.split_once(':').ok_or_else(bad)?;
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if KINDS.contains(&kind) && plain && object.len() <= MAX_OBJECT { Ok(()) } else { Err(bad()) }
}
