//! What members see of conversations.

use std::collections::{BTreeMap, HashMap};

use conversations::conversations::{self as rows, Conversation, Members};
use conversations::events::{self, Event, FileRef};
use conversations::visitors::{self, Visitor};
use conversations::{AuthorKind, routing};
use kernel::{ContactId, ConversationId, GroupId, ThreadId, Timestamp, UserId, VisitorId, WidgetId};
use serde::Serialize;
use serde_json::Value as Json;
use store::Ctx;
use utoipa::ToSchema;

use super::lines::{ConversationDelivery, ConversationLine, line_of};
use super::visits::{VisitView, visit_of};
use crate::App;
use crate::v1::prelude::*;

/// A file of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationFile {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its media type, as its octets say.
    pub(crate) r#type: String,
    /// Its octets.
    pub(crate) size: u64,
    /// `checking`, `clean` or `refused`.
    #[schema(value_type = conversations::files::FileState)]
    pub(crate) state: String,
    /// Where its octets are, once it is clean.
    pub(crate) url: Option<String>,
}

/// A field that was filled in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationAnswer {
    /// The field's key.
    pub(crate) key: String,
    /// What it was called.
    pub(crate) label: String,
    /// What was answered.
    pub(crate) value: String,
}

/// An answer to choose.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversationQuickReply {
    /// What it says.
    pub(crate) label: String,
    /// What it means.
    pub(crate) value: String,
}

/// A form, asked for or filled in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationForm {
    /// `pre_chat`, `ask_mail`, `post_chat` or `offline`.
    #[schema(value_type = events::FormKind)]
    pub(crate) kind: String,
    /// What was filled in.
    pub(crate) fields: Vec<ConversationAnswer>,
}

/// Who wrote an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationAuthor {
    /// `visitor`, `agent`, `bot` or `system`.
    #[schema(value_type = AuthorKind)]
    pub(crate) kind: String,
    /// The member's or the bot's id.
    pub(crate) id: Option<String>,
    /// What they are called among members.
    pub(crate) name: Option<String>,
}

/// Something that happened in a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationEvent {
    /// Its place, from 1, without gaps.
    pub(crate) seq: i64,
    /// Its id: the thread's and its place in it.
    pub(crate) id: String,
    /// The thread.
    pub(crate) thread: String,
    /// Its place in the thread.
    pub(crate) n: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// `message`, `file`, `form`, `filled_form`, `rich`, `encrypted` or `system`.
    #[schema(value_type = conversations::Kind)]
    pub(crate) kind: String,
    /// `all` or `agents`.
    #[schema(value_type = conversations::Visibility)]
    pub(crate) visibility: String,
    /// Who wrote it.
    pub(crate) author: ConversationAuthor,
    /// The writer's own id of the request.
    pub(crate) client_id: Option<String>,
    /// The words.
    pub(crate) text: Option<String>,
    /// The file.
    pub(crate) file: Option<ConversationFile>,
    /// The form.
    pub(crate) form: Option<ConversationForm>,
    /// Answers to choose from.
    pub(crate) quick_replies: Option<Vec<ConversationQuickReply>>,
    /// What only devices can read.
    pub(crate) encrypted: Option<conversations::encryption::Envelope>,
    /// What happened, of a system event.
    pub(crate) code: Option<String>,
    /// What the words about it name.
    #[schema(value_type = Object)]
    pub(crate) params: BTreeMap<String, Json>,
    /// Its content was destroyed.
    pub(crate) deleted: bool,
    /// What became of it, when it left over a line.
    pub(crate) delivery: Option<ConversationDelivery>,
}

/// A file as an event shows it; whether it may be read says the file itself.
pub(crate) fn file_of(reference: &FileRef, base: &str) -> ConversationFile {
    ConversationFile {
        id: reference.id.clone(),
        name: reference.name.clone(),
        r#type: reference.media_type.clone(),
        size: reference.size,
        state: "clean".to_owned(),
        url: Some(format!("{base}/files/{}", reference.id)),
    }
}

/// A file as it was uploaded.
pub(crate) fn file(file: &conversations::files::File, base: &str) -> ConversationFile {
    let clean = file.state == conversations::files::FileState::Clean;
    let url = clean.then(|| format!("{base}/files/{}", file.id));
    ConversationFile { state: file.state.as_str().to_owned(), url, ..file_of(&file.reference(), base) }
}

/// The parts of an event that both sides see.
pub(crate) fn form_of(event: &Event) -> Option<ConversationForm> {
    let kind = event.body.form?;
    let fields = event.body.answers.iter().map(|answer| ConversationAnswer {
        key: answer.key.clone(),
        label: answer.label.clone(),
        value: answer.value.clone(),
    });
    Some(ConversationForm { kind: kind.as_str().to_owned(), fields: fields.collect() })
}

/// Quick replies as they are shown.
pub(crate) fn quick_of(event: &Event) -> Option<Vec<ConversationQuickReply>> {
    let all = &event.body.quick_replies;
    let shown = all.iter().map(|one| ConversationQuickReply { label: one.label.clone(), value: one.value.clone() });
    (!all.is_empty()).then(|| shown.collect())
}

impl ConversationEvent {
    /// An event as members see it.
    pub(crate) fn of(event: &Event, members: &Members) -> Self {
        let id = match (event.author.kind, event.author.id) {
            (AuthorKind::Agent, Some(id)) => Some(UserId(id).to_string()),
            (AuthorKind::Bot, Some(id)) => Some(kernel::BotId(id).to_string()),
            _ => None,
        };
        let own = match (event.author.kind, event.author.id) {
            (AuthorKind::Agent, Some(id)) => Some(members.name(UserId(id))).filter(|name| !name.is_empty()),
            _ => None,
        };
        let base = format!("/v1/conversations/{}", event.conversation);
        Self {
            seq: event.seq,
            id: format!("{}-{}", event.thread, event.n),
            thread: event.thread.to_string(),
            n: event.n,
            at: event.at,
            kind: event.kind.as_str().to_owned(),
            visibility: event.visibility.as_str().to_owned(),
            author: ConversationAuthor {
                kind: event.author.kind.as_str().to_owned(),
                id,
                name: own.or_else(|| event.body.name.clone()),
            },
            client_id: event.body.client.clone(),
            text: event.body.text.clone(),
            file: event.body.file.as_ref().map(|reference| file_of(reference, &base)),
            form: form_of(event),
            quick_replies: quick_of(event),
            encrypted: event.body.encrypted.clone(),
            code: event.body.code.clone(),
            params: event.body.params.clone(),
            deleted: event.deleted,
            delivery: None,
        }
    }
}

/// Who has a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationAssignee {
    /// The member's or the bot's id.
    pub(crate) id: String,
    /// Their name.
    pub(crate) name: String,
    /// `agent` or `bot`.
    pub(crate) kind: String,
}

/// With whom a conversation is.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct ConversationPerson {
    /// What they are called; null when nobody knows.
    pub(crate) name: Option<String>,
    /// Their address.
    pub(crate) email: Option<String>,
    /// Their number, or what a chat app calls them.
    pub(crate) address: Option<String>,
    /// The contact.
    pub(crate) contact: Option<String>,
    /// The visitor.
    pub(crate) visitor: Option<String>,
    /// They are on the page now.
    pub(crate) online: bool,
    /// The site's server, or a member, said who they are.
    pub(crate) identified: bool,
}

/// The last thing that was said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationPreview {
    /// Its beginning.
    pub(crate) text: String,
    /// What it is.
    #[schema(value_type = conversations::Kind)]
    pub(crate) kind: String,
    /// `visitor`, `agent` or `bot`.
    #[schema(value_type = AuthorKind)]
    pub(crate) author: String,
    /// `all` or `agents`.
    #[schema(value_type = conversations::Visibility)]
    pub(crate) visibility: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
}

/// How a thread was rated.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationRating {
    /// 1 or -1.
    pub(crate) score: i64,
    /// What was said about it; in lists null.
    pub(crate) comment: Option<String>,
}

/// A conversation in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationRow {
    /// Its id.
    #[schema(value_type = String)]
    pub(crate) id: ConversationId,
    /// `web_chat`, `email`, …
    pub(crate) channel: String,
    /// `open`, `snoozed` or `closed`.
    #[schema(value_type = conversations::State)]
    pub(crate) state: String,
    /// `assigned`, `queued`, `unassigned` or `bot`.
    #[schema(value_type = conversations::Routing)]
    pub(crate) routing: String,
    /// The group.
    #[schema(value_type = Option<String>)]
    pub(crate) group: Option<GroupId>,
    /// Who has it.
    pub(crate) assignee: Option<ConversationAssignee>,
    /// With whom.
    pub(crate) person: ConversationPerson,
    /// The person's language.
    pub(crate) language: Option<String>,
    /// What it is about, in mail.
    pub(crate) subject: Option<String>,
    /// The last thing that was said.
    pub(crate) preview: Option<ConversationPreview>,
    /// The newest event.
    pub(crate) last_seq: i64,
    /// How far you have read.
    pub(crate) seen_seq: i64,
    /// What you have not read of the person.
    pub(crate) unread: u64,
    /// Tags of the newest thread.
    pub(crate) tags: Vec<String>,
    /// Out of sight until.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) snoozed_until: Option<Timestamp>,
    /// The person waits for an answer since.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) waiting_since: Option<Timestamp>,
    /// The place in the queue.
    pub(crate) queue_position: Option<u32>,
    /// How the newest thread was rated.
    pub(crate) rating: Option<ConversationRating>,
    /// Only the devices of both sides can read what is said.
    pub(crate) encrypted: bool,
    /// Counts changes.
    pub(crate) version: i64,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When something happened last.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) updated_at: Timestamp,
}

/// A thread of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationThread {
    /// Its id.
    #[schema(value_type = String)]
    pub(crate) id: ThreadId,
    /// Its number.
    pub(crate) n: i64,
    /// Its first event.
    pub(crate) first_seq: i64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) started_at: Timestamp,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<Timestamp>,
    /// `agent`, `visitor`, `inactivity` or `bot`.
    #[schema(value_type = Option<conversations::EndedBy>)]
    pub(crate) ended_by: Option<String>,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// How it was rated.
    pub(crate) rating: Option<ConversationRating>,
}

/// What a member does in a conversation.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConversationRole {
    /// Has it.
    Assignee,
    /// Reads along.
    Supervisor,
}

/// A member who takes part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationParticipant {
    /// Who.
    pub(crate) id: String,
    /// Their name.
    pub(crate) name: String,
    /// What they do.
    pub(crate) role: ConversationRole,
}

/// How far a member has read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationReader {
    /// Who.
    pub(crate) id: String,
    /// Their name.
    pub(crate) name: String,
    /// Up to which event.
    pub(crate) seq: i64,
}

/// How far everybody has read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationSeen {
    /// The person.
    pub(crate) visitor: i64,
    /// Members.
    pub(crate) agents: Vec<ConversationReader>,
}

/// A conversation with everything about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationFull {
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: ConversationRow,
    /// The newest thread.
    #[schema(value_type = String)]
    pub(crate) thread: ThreadId,
    /// All threads, the oldest first.
    pub(crate) threads: Vec<ConversationThread>,
    /// The widget it came through.
    #[schema(value_type = Option<String>)]
    pub(crate) widget: Option<WidgetId>,
    /// What programs keep about it: namespace, name, value.
    #[schema(value_type = Object)]
    pub(crate) properties: rows::Properties,
    /// Members who take part.
    pub(crate) participants: Vec<ConversationParticipant>,
    /// How far everybody has read.
    pub(crate) seen: ConversationSeen,
    /// The visit that goes on.
    pub(crate) visit: Option<VisitView>,
    /// They may not chat.
    pub(crate) visitor_banned: bool,
    /// What was answered in forms.
    pub(crate) answers: Vec<ConversationAnswer>,
    /// The page on which it began.
    pub(crate) page: Option<String>,
    /// How it is encrypted; null when it is not.
    pub(crate) encryption: Option<ConversationEncryption>,
    /// The line over which answers leave; null for mail and the chat on pages.
    pub(crate) line: Option<ConversationLine>,
}

/// How a conversation is encrypted end to end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationEncryption {
    /// `end_to_end`.
    pub(crate) mode: String,
    /// The newest key; null before the visitor's page has made one.
    pub(crate) key_id: Option<String>,
    /// Somebody who may no longer read has it: a new one is to be made.
    pub(crate) rotate: bool,
    /// So many recipients have no share of it yet.
    pub(crate) missing: usize,
    /// What cannot be done: `search`, `bots`, `transcript`, `sneak_peek`, `mail_answers`, `malware_scan`,
    /// `quick_replies`.
    pub(crate) off: Vec<String>,
}

async fn encryption_of(ctx: &Ctx, row: &Conversation) -> Result<Option<ConversationEncryption>> {
    if !row.is_encrypted() {
        return Ok(None);
    }
    let status = conversations::encryption::status(ctx, row).await?;
    Ok(Some(ConversationEncryption {
        mode: "end_to_end".to_owned(),
        key_id: status.key_id,
        rotate: status.rotate,
        missing: status.missing.len(),
        off: conversations::encryption::OFF.map(str::to_owned).to_vec(),
    }))
}

/// Everything that rows of a list need, read at once.
struct Around {
    members: Members,
    bots: HashMap<kernel::BotId, String>,
    visitors: HashMap<VisitorId, Visitor>,
    contacts: HashMap<ContactId, (String, Option<String>)>,
}

impl Around {
    async fn read(ctx: &Ctx, all: &[Conversation]) -> Result<Self> {
        let ids: Vec<VisitorId> = all.iter().filter_map(|row| row.visitor).collect();
        let visitors = visitors::get_many(ctx, &ids).await?;
        let mut contacts: Vec<ContactId> = all.iter().filter_map(|row| row.contact).collect();
        contacts.sort_unstable();
        contacts.dedup();
        let loaded = people::contacts::get_many(ctx, people::ReadFor::Work, &contacts).await?;
        let named = contacts.into_iter().zip(loaded).filter_map(|(id, loaded)| {
            let profile = loaded?.profile;
            Some((id, (profile.display_name(), profile.email().map(ToString::to_string))))
        });
        let bots = conversations::bots::list(ctx).await?;
        Ok(Self {
            members: Members::read(ctx).await?,
            bots: bots.into_iter().map(|bot| (bot.id, bot.draft.name)).collect(),
            visitors: ids.into_iter().zip(visitors).filter_map(|(id, visitor)| Some((id, visitor?))).collect(),
            contacts: named.collect(),
        })
    }

    fn assignee(&self, row: &Conversation) -> Option<ConversationAssignee> {
        if let Some(user) = row.assignee {
            let (id, name) = (user.to_string(), self.members.name(user));
            return Some(ConversationAssignee { id, name, kind: "agent".to_owned() });
        }
        let bot = row.bot?;
        let name = self.bots.get(&bot).cloned().unwrap_or_default();
        Some(ConversationAssignee { id: bot.to_string(), name, kind: "bot".to_owned() })
    }

    fn person(&self, ctx: &Ctx, app: &App, row: &Conversation, details: &rows::Details) -> ConversationPerson {
        let visitor = row.visitor.and_then(|id| self.visitors.get(&id));
        let contact = row.contact.and_then(|id| self.contacts.get(&id));
        let own = visitor.map(|visitor| &visitor.profile);
        let name = contact
            .map(|contact| contact.0.clone())
            .filter(|name| !name.is_empty())
            .or_else(|| own.and_then(|own| own.name.clone()))
            .or_else(|| details.name.clone());
        let email = contact
            .and_then(|contact| contact.1.clone())
            .or_else(|| own.and_then(|own| own.email.clone()))
            .or_else(|| details.email.clone());
        ConversationPerson {
            name,
            email,
            address: details.line.as_ref().map(|line| line.address.clone()),
            contact: row.contact.map(|id| id.to_string()),
            visitor: row.visitor.map(|id| id.to_string()),
            online: row.visitor.is_some_and(|id| app.shell.chat().hub().is_here(ctx.workspace, id)),
            identified: row.contact.is_some() || own.is_some_and(|own| own.outside.is_some()),
        }
    }
}

fn preview(event: &Event) -> ConversationPreview {
    let body = &event.body;
    let file = body.file.as_ref().filter(|_| body.encrypted.is_none());
    let text = body.text.clone().or_else(|| file.map(|file| file.name.clone()));
    let text = text.or_else(|| body.answers.first().map(|answer| format!("{}: {}", answer.label, answer.value)));
    ConversationPreview {
        text: conversations::text::excerpt(&text.unwrap_or_default(), 200),
        kind: event.kind.as_str().to_owned(),
        author: event.author.kind.as_str().to_owned(),
        visibility: event.visibility.as_str().to_owned(),
        at: event.at,
    }
}

/// Rows of a list as a member sees them.
pub(crate) async fn rows_of(
    app: &App,
    ctx: &Ctx,
    me: Option<UserId>,
    all: Vec<Conversation>,
) -> Result<Vec<ConversationRow>> {
    let around = Around::read(ctx, &all).await?;
    let ids: Vec<ConversationId> = all.iter().map(|row| row.id).collect();
    let mut last = events::last_shown(ctx, &ids).await?;
    let unread = match me {
        Some(me) => rows::unread(ctx, &all, me).await?,
        None => vec![0; all.len()],
    };
    let threads: Vec<ThreadId> = all.iter().map(|row| row.thread).collect();
    let tags = rows::tags_of_threads(ctx, &threads).await?;
    let mut out = Vec::with_capacity(all.len());
    for ((row, unread), tags) in all.into_iter().zip(unread).zip(tags) {
        let details = rows::details(ctx, &row).await?;
        let marks = match me {
            Some(me) => rows::seen_of(ctx, &row).await?.iter().find(|mark| mark.who == me.0).map_or(0, |mark| mark.seq),
            None => 0,
        };
        let place = routing::place_of(ctx, &row).await?;
        let thread = rows::thread(ctx, row.thread).await?;
        out.push(ConversationRow {
            id: row.id,
            channel: row.channel.as_str().to_owned(),
            state: row.state.as_str().to_owned(),
            routing: row.routing.as_str().to_owned(),
            group: row.group,
            assignee: around.assignee(&row),
            person: around.person(ctx, app, &row, &details),
            language: details.language,
            subject: details.subject,
            preview: last.remove(&row.id).as_ref().map(preview),
            last_seq: row.last_seq,
            seen_seq: marks,
            unread,
            tags,
            snoozed_until: row.snoozed_until,
            waiting_since: row.waiting_since,
            queue_position: place.map(|place| place.position),
            rating: thread.score.map(|score| ConversationRating { score, comment: None }),
            encrypted: row.is_encrypted(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(out)
}

const fn role_of(role: conversations::MemberRole) -> ConversationRole {
    match role {
        conversations::MemberRole::Supervisor => ConversationRole::Supervisor,
    }
}

/// One conversation as a member sees it.
pub(crate) async fn full(app: &App, ctx: &Ctx, me: Option<UserId>, id: ConversationId) -> Result<ConversationFull> {
    let row = rows::get(ctx, id).await?;
    let members = Members::read(ctx).await?;
    let details = rows::details(ctx, &row).await?;
    let threads = rows::threads(ctx, id).await?;
    let ids: Vec<ThreadId> = threads.iter().map(|thread| thread.id).collect();
    let mut shown = Vec::with_capacity(threads.len());
    for (thread, tags) in threads.iter().zip(rows::tags_of_threads(ctx, &ids).await?) {
        let comment = conversations::chat::comment_of(ctx, thread).await?;
        shown.push(ConversationThread {
            id: thread.id,
            n: thread.n,
            first_seq: thread.first_seq,
            started_at: thread.started_at,
            ended_at: thread.ended_at,
            ended_by: thread.ended_by.map(|by| by.as_str().to_owned()),
            tags,
            rating: thread.score.map(|score| ConversationRating { score, comment }),
        });
    }
    let mut participants: Vec<ConversationParticipant> = Vec::new();
    let part = |user: UserId, role| ConversationParticipant { id: user.to_string(), name: members.name(user), role };
    participants.extend(row.assignee.map(|user| part(user, ConversationRole::Assignee)));
    participants.extend(rows::members(ctx, id).await?.into_iter().map(|one| part(one.user, role_of(one.role))));
    let marks = rows::seen_of(ctx, &row).await?;
    let readers = marks.iter().filter(|mark| mark.is_agent).map(|mark| ConversationReader {
        id: UserId(mark.who).to_string(),
        name: members.name(UserId(mark.who)),
        seq: mark.seq,
    });
    let seen = ConversationSeen {
        visitor: marks.iter().filter(|mark| !mark.is_agent).map(|mark| mark.seq).max().unwrap_or_default(),
        agents: readers.collect(),
    };
    let visitor = match row.visitor {
        Some(id) => visitors::find(ctx, id).await?,
        None => None,
    };
    let visit = match &visitor {
        Some(visitor) => {
            let visit = app.shell.chat().hub().visit(ctx.workspace, visitor.id);
            Some(visit_of(Some(visitor), visit, Some(&row), ctx.now()))
        }
        None => None,
    };
    let answers = details.answers.iter().map(|answer| ConversationAnswer {
        key: answer.key.clone(),
        label: answer.label.clone(),
        value: answer.value.clone(),
    });
    Ok(ConversationFull {
        thread: row.thread,
        threads: shown,
        widget: row.widget,
        properties: details.properties.clone(),
        participants,
        seen,
        visit: visit.flatten(),
        visitor_banned: visitor.as_ref().is_some_and(|visitor| visitor.is_banned(ctx.now())),
        answers: answers.collect(),
        page: details.page.clone(),
        encryption: encryption_of(ctx, &row).await?,
        line: line_of(app, ctx, &row, &details).await?,
        row: rows_of(app, ctx, me, vec![row]).await?.pop().ok_or_else(|| Failure::not_found("conversation"))?,
    })
}

/// Says of each file whether it may be read.
pub(crate) async fn with_file_states(ctx: &Ctx, id: ConversationId, items: &mut [ConversationEvent]) {
    for item in items {
        let Some(shown) = &mut item.file else { continue };
        let kept = match shown.id.parse() {
            Ok(file) => conversations::files::get(ctx, id, file).await.ok(),
            Err(_) => None,
        };
        if let Some(kept) = kept {
            *shown = file(&kept, &format!("/v1/conversations/{id}"));
        }
    }
}
