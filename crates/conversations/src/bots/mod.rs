//! Bots: a script of steps and answers from the knowledge base, until they hand over to a person. A bot never
//! pretends to be one.

mod script;

use std::collections::BTreeMap;

use kernel::{BotId, ConversationId, GroupId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};
use utoipa::ToSchema;

pub use script::{Branch, Choice, Expected, Move, Step, StepKind, next};

use crate::conversations::{BotState, Conversation};
use crate::events::{Answer, EventBody, NewEvent, QuickReply};
use crate::hub::Hub;
use crate::model::{Author, EndedBy, Kind, Routing, State, Visibility};
use crate::reports::What;
use crate::work::Work;
use crate::{Error, Result, articles, raced, routing, text};

/// The most bots of a workspace.
const MOST: usize = 50;
/// Answers in a row with which a bot could do nothing, before it hands over.
const MISSES: u32 = 2;

/// What a bot is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatBotDraft)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Its name, which people see.
    pub name: String,
    /// In use.
    #[serde(default)]
    pub enabled: bool,
    /// It answers from the knowledge base.
    #[serde(default)]
    pub articles: bool,
    /// To whom it hands over.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub hand_over: Option<GroupId>,
    /// Languages in which it answers; none means all.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The script, from its first step on.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// A bot.
#[derive(Debug, Clone)]
pub struct Bot {
    /// Its id.
    pub id: BotId,
    /// What it is.
    pub draft: Draft,
    /// Changed last.
    pub updated_at: Timestamp,
}

store::sql! {
    PUT = "INSERT INTO chat_bot (workspace, id, name, enabled, document, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, id) DO UPDATE SET name = $3, enabled = $4, document = $5, updated_at = $6";
    ONE = "SELECT id, document, updated_at FROM chat_bot WHERE workspace = $1 AND id = $2";
    ALL = "SELECT id, document, updated_at FROM chat_bot WHERE workspace = $1 ORDER BY id";
    DELETE = "DELETE FROM chat_bot WHERE workspace = $1 AND id = $2";
}

fn opened((id, document, updated_at): (BotId, String, Timestamp)) -> Result<Bot> {
    let draft = serde_json::from_str(&document).map_err(|_| Error::Corrupt("bot"))?;
    Ok(Bot { id, draft, updated_at })
}

/// One bot.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: BotId) -> Result<Bot> {
    let row: Option<(BotId, String, Timestamp)> = ctx.db.get(ONE, params![ctx.workspace, id]).await?;
    row.map(opened).transpose()?.ok_or(Error::NotFound("bot"))
}

/// Every bot, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Bot>> {
    let rows: Vec<(BotId, String, Timestamp)> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    rows.into_iter().map(opened).collect()
}

/// Makes a bot, or changes one.
///
/// # Errors
/// A script that is not right, [`Error::NotFound`], too many bots.
pub async fn put(ctx: &Ctx, id: Option<BotId>, draft: &Draft) -> Result<Bot> {
    let name = text::line("name", &draft.name, 120)?;
    script::check(&draft.steps)?;
    if draft.steps.is_empty() && !draft.articles {
        return Err(Error::field("steps", "a bot has a script, or answers from articles"));
    }
    if let Some(group) = draft.hand_over {
        crate::groups::get(ctx, group).await.map_err(|_| Error::field("hand_over", "there is no such group"))?;
    }
    let id = match id {
        Some(id) => get(ctx, id).await?.id,
        None if list(ctx).await?.len() >= MOST => return Err(Error::State("a workspace has at most 50 bots")),
        None => ctx.id(),
    };
    let document = serde_json::to_string(draft).map_err(|_| Error::Corrupt("bot"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, id, name, draft.enabled, document, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "chat_bot.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Deletes a bot. Conversations that it has are handed over with the next word.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: BotId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "chat_bot.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

fn language_of(work: &Work) -> String {
    work.details.language.clone().unwrap_or_else(|| "en".to_owned())
}

/// A bot takes a conversation and begins its script; false when it is not in use or does not speak the language.
pub(crate) async fn begin(work: &mut Work, id: BotId) -> Result<bool> {
    let Ok(bot) = get(work.ctx(), id).await else { return Ok(false) };
    let language = language_of(work);
    let speaks =
        bot.draft.languages.is_empty() || bot.draft.languages.iter().any(|known| language.starts_with(known.as_str()));
    if !bot.draft.enabled || !speaks {
        return Ok(false);
    }
    work.row.bot = Some(id);
    work.row.assignee = None;
    work.row.routing = Routing::Bot;
    work.details.bot = Some(BotState::default());
    work.touch();
    let moves = next(&bot.draft.steps, None, &BTreeMap::new());
    carry_out(work, &bot, moves).await?;
    Ok(true)
}

/// A bot answers what the person said, and hands over when it is asked to or does not know further.
///
/// # Errors
/// When the store fails.
pub async fn answer(ctx: &Ctx, hub: &Hub, id: ConversationId, said: &str) -> Result<Conversation> {
    let done = raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        let (Some(bot), State::Open) = (work.row.bot, work.row.state) else {
            return Ok(None);
        };
        let Ok(bot) = get(ctx, bot).await else {
            hand_over(&mut work, None).await?;
            return work.commit(hub).await.map(Some);
        };
        take(&mut work, &bot, said).await?;
        work.commit(hub).await.map(Some)
    })
    .await?;
    match done {
        Some(done) => {
            routing::after(ctx, hub, &done.row).await;
            Ok(done.row)
        }
        None => crate::conversations::get(ctx, id).await,
    }
}

async fn take(work: &mut Work, bot: &Bot, said: &str) -> Result<()> {
    let mut state = work.details.bot.clone().unwrap_or_default();
    if wants_a_person(said) {
        return hand_over(work, bot.draft.hand_over).await;
    }
    let step = state.step.as_deref().and_then(|id| bot.draft.steps.iter().find(|step| step.id == id));
    let Some(step) = step else {
        return from_articles(work, bot, said, state).await;
    };
    let following = script::following(&bot.draft.steps, &step.id);
    let Some((value, onward)) = script::read(step, following, said) else {
        state.misses += 1;
        if state.misses >= MISSES {
            return hand_over(work, bot.draft.hand_over).await;
        }
        work.details.bot = Some(state);
        let again = ask(step, &language_of(work));
        say(work, bot, again);
        return Ok(());
    };
    if let Some(name) = &step.save {
        state.answers.insert(name.clone(), value.clone());
        let label = step.text.get(&language_of(work)).to_owned();
        work.details.take_answers(&[Answer { key: name.clone(), label, value }]);
    }
    state.misses = 0;
    let moves = next(&bot.draft.steps, Some(onward.as_deref().unwrap_or_default()), &state.answers);
    work.details.bot = Some(state);
    carry_out(work, bot, moves).await
}

/// Whether somebody asks for a person, in either language.
fn wants_a_person(said: &str) -> bool {
    const WORDS: [&str; 14] = [
        "human",
        "agent",
        "operator",
        "real person",
        "a person",
        "someone real",
        "representative",
        "موظف",
        "انسان",
        "شخص حقيقي",
        "بشري",
        "ممثل",
        "اكلم احد",
        "خدمه العملاء",
    ];
    let folded = kernel::fold(said);
    folded.chars().count() <= 120 && WORDS.iter().any(|word| folded.contains(&kernel::fold(word)))
}

async fn from_articles(work: &mut Work, bot: &Bot, said: &str, mut state: BotState) -> Result<()> {
    if !bot.draft.articles {
        return hand_over(work, bot.draft.hand_over).await;
    }
    let language = language_of(work);
    let found = articles::search(work.ctx(), said, &language, 3).await?;
    if found.is_empty() {
        state.misses += 1;
        if state.misses >= MISSES {
            return hand_over(work, bot.draft.hand_over).await;
        }
        work.details.bot = Some(state);
        say(work, bot, EventBody { text: Some(crate::words::get(&language, "bot.not_found")), ..EventBody::default() });
        return Ok(());
    }
    state.misses = 0;
    work.details.bot = Some(state);
    let best = &found[0];
    let text = format!("{}\n\n{}", best.title(&language), best.text(&language));
    let quick = QuickReply { label: crate::words::get(&language, "bot.person"), value: "agent".to_owned() };
    say(
        work,
        bot,
        EventBody { text: Some(text.chars().take(4000).collect()), quick_replies: vec![quick], ..EventBody::default() },
    );
    Ok(())
}

fn ask(step: &Step, language: &str) -> EventBody {
    let quick_replies = step
        .choices
        .iter()
        .map(|choice| QuickReply { label: choice.label.get(language).to_owned(), value: choice.value.clone() })
        .collect();
    EventBody { text: Some(step.text.get(language).to_owned()), quick_replies, ..EventBody::default() }
}

fn say(work: &mut Work, bot: &Bot, body: EventBody) {
    let kind = if body.quick_replies.is_empty() { Kind::Message } else { Kind::Rich };
    let body = EventBody { name: Some(bot.draft.name.clone()), ..body };
    work.add(NewEvent { kind, visibility: Visibility::All, author: Author::bot(bot.id), client: None, body });
}

async fn carry_out(work: &mut Work, bot: &Bot, moves: Vec<Move>) -> Result<()> {
    let language = language_of(work);
    for one in moves {
        match one {
            Move::Say(step) => {
                say(work, bot, EventBody { text: Some(step.text.get(&language).to_owned()), ..EventBody::default() });
            }
            Move::Wait(step) => {
                say(work, bot, ask(&step, &language));
                if let Some(state) = &mut work.details.bot {
                    state.step = Some(step.id);
                }
                return Ok(());
            }
            Move::Articles => {
                if let Some(state) = &mut work.details.bot {
                    state.step = None;
                }
                return Ok(());
            }
            Move::HandOver(group) => return hand_over(work, group.or(bot.draft.hand_over)).await,
            Move::Close => {
                work.count(What::SolvedByBot, 0);
                work.add(NewEvent::system("closed_by_agent"));
                work.end(EndedBy::Bot);
                return Ok(());
            }
        }
    }
    if bot.draft.articles {
        if let Some(state) = &mut work.details.bot {
            state.step = None;
        }
        return Ok(());
    }
    hand_over(work, bot.draft.hand_over).await
}

async fn hand_over(work: &mut Work, group: Option<GroupId>) -> Result<()> {
    work.count(What::HandedOver, 0);
    work.row.bot = None;
    work.row.routing = Routing::Unassigned;
    // What is left of the state says that a bot had it: it is not begun again in this thread.
    if let Some(state) = &mut work.details.bot {
        state.step = None;
    } else {
        work.details.bot = Some(BotState::default());
    }
    work.row.group = group.or(work.row.group);
    work.add(NewEvent::system("handed_over"));
    // Boxed: finding somebody may begin a bot, which may hand over.
    Box::pin(routing::place(work)).await
}
