//! Forms of the chat: read against the widget's own definition, kept with the conversation, and what they say about
//! the person kept with the visitor. Consent goes to the ledger with the words that stood beside the box.

use std::collections::BTreeMap;

use kernel::{Email, FieldProblem, GroupId, Phone, Problem, VisitorId};
use people::subscribe::Proof;
use serde_json::Value as Json;
use store::Ctx;

use crate::conversations::{Conversation, of_visitor};
use crate::events::{Answer, Event, EventBody, FormKind, NewEvent};
use crate::hub::Hub;
use crate::mailing;
use crate::model::{Author, Kind, Visibility};
use crate::visitors::{self, Consents};
use crate::widgets::{FieldKind, Widget};
use crate::work::Work;
use crate::{Error, Result, raced, text};

/// What came in, by key.
pub type Values = BTreeMap<String, Json>;

/// A form that was read.
#[derive(Clone)]
pub struct FilledIn {
    /// Which.
    pub kind: FormKind,
    /// What was answered.
    pub answers: Vec<Answer>,
    name: Option<String>,
    email: Option<Email>,
    phone: Option<Phone>,
    /// Whom they chose.
    pub group: Option<GroupId>,
    consents: Vec<Consents>,
}

fn words_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Array(all) if all.len() <= 100 => {
            all.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|all| all.join("\n"))
        }
        Json::Null => Some(String::new()),
        _ => None,
    }
}

impl FilledIn {
    /// Reads what came in for a form of the widget.
    ///
    /// # Errors
    /// Every field that is not right.
    pub fn read(widget: &Widget, kind: FormKind, values: &Values, language: &str, proof: &Proof) -> Result<Self> {
        let form = widget.settings.forms.get(kind).ok_or(Error::State("the widget has no such form in use"))?;
        let mut out =
            Self { kind, answers: Vec::new(), name: None, email: None, phone: None, group: None, consents: Vec::new() };
        let mut problems: Vec<FieldProblem> = Vec::new();
        let mut wrong = |field: &str, detail: &str| {
            problems.push(FieldProblem { field: format!("fields.{field}"), detail: detail.to_owned() });
        };
        for key in values.keys().filter(|key| !form.fields.iter().any(|field| field.key == **key)) {
            wrong(&key.chars().filter(|c| !c.is_control()).take(64).collect::<String>(), "is no field of this form");
        }
        for field in &form.fields {
            let given = values.get(&field.key).unwrap_or(&Json::Null);
            let label = field.label.get(language).to_owned();
            if matches!(field.kind, FieldKind::Checkbox | FieldKind::Consent) {
                let ticked = match given {
                    Json::Bool(ticked) => *ticked,
                    Json::Null => false,
                    _ => {
                        wrong(&field.key, "expected true or false");
                        continue;
                    }
                };
                if field.required && !ticked {
                    wrong(&field.key, "is needed");
                }
                if ticked && field.kind == FieldKind::Consent {
                    out.consents.push(Consents {
                        topic: field.topic,
                        wording: label.clone(),
                        notice: widget.settings.notice,
                        proof: proof.clone(),
                    });
                }
                let value = if ticked { "✓" } else { "–" }.to_owned();
                out.answers.push(Answer { key: field.key.clone(), label, value });
                continue;
            }
            let most = if field.kind == FieldKind::Textarea { 8000 } else { 1000 };
            let read = words_of(given).ok_or(()).and_then(|words| text::optional("", &words, most).map_err(|_| ()));
            let Ok(value) = read else {
                wrong(&field.key, "is too long or cannot be read");
                continue;
            };
            if value.is_empty() {
                if field.required {
                    wrong(&field.key, "is needed");
                }
                continue;
            }
            match field.kind {
                FieldKind::Email => match Email::parse(&value) {
                    Ok(email) => out.email = Some(email),
                    Err(_) => wrong(&field.key, "expected an e-mail address"),
                },
                FieldKind::Phone => match Phone::parse(&value, None) {
                    Ok(phone) => out.phone = Some(phone),
                    Err(_) => wrong(&field.key, "expected a number with its country, such as +966 50 123 4567"),
                },
                FieldKind::Name if value.chars().count() > 200 || value.contains('\n') => {
                    wrong(&field.key, "is too long");
                }
                FieldKind::Name => out.name = Some(value.clone()),
                FieldKind::Select | FieldKind::Radio
                    if !value.split('\n').all(|one| field.options.iter().any(|option| option.value == one)) =>
                {
                    wrong(&field.key, "is none of the answers to choose from");
                }
                FieldKind::Group => match value.parse() {
                    Ok(group) => out.group = Some(group),
                    Err(_) => wrong(&field.key, "expected a group"),
                },
                _ => {}
            }
            out.answers.push(Answer { key: field.key.clone(), label, value });
        }
        if problems.is_empty() {
            return Ok(out);
        }
        let mut problem = Problem::new(kernel::Code::InvalidInput, "some fields of the form are not right");
        problem.fields = problems;
        Err(problem.into())
    }

    /// The event that shows it.
    pub(crate) fn event(&self, client: Option<String>) -> NewEvent {
        let body = EventBody { form: Some(self.kind), answers: self.answers.clone(), ..EventBody::default() };
        NewEvent { kind: Kind::FilledForm, visibility: Visibility::All, author: Author::VISITOR, client, body }
    }

    /// The address they gave.
    pub fn email(&self) -> Option<&Email> {
        self.email.as_ref()
    }
}

/// Keeps what a form says about the person.
pub(super) async fn follow(ctx: &Ctx, hub: &Hub, id: VisitorId, filled: &FilledIn) -> Result<()> {
    let visitor = visitors::change(ctx, id, |visitor| {
        let profile = &mut visitor.profile;
        profile.name = filled.name.clone().or(profile.name.take());
        if !profile.vouched {
            profile.email = filled.email.as_ref().map(ToString::to_string).or(profile.email.take());
        }
        profile.phone = filled.phone.as_ref().map(|phone| phone.as_str().to_owned()).or(profile.phone.take());
    })
    .await?;
    if filled.email.is_some() || filled.phone.is_some() || !filled.consents.is_empty() {
        visitors::link(ctx, hub, &visitor, &filled.consents).await?;
    }
    Ok(())
}

/// Takes a form that was filled in during or after a chat. The offline form makes a conversation by mail of it.
///
/// # Errors
/// When there is no conversation to which it belongs.
pub async fn fill_in(
    ctx: &Ctx,
    hub: &Hub,
    widget: &Widget,
    id: VisitorId,
    (client, filled): (&str, FilledIn),
) -> Result<(Option<Event>, Conversation)> {
    text::client_id(client)?;
    super::admit(ctx, id).await?;
    let Some(row) = of_visitor(ctx, id).await? else { return Err(Error::State("begin the chat first")) };
    if let Some(event) = crate::events::by_client(ctx, row.id, Author::VISITOR, client).await? {
        return Ok((Some(event), row));
    }
    let _ = widget;
    let done = raced(|| async {
        let mut work = Work::open(ctx, row.id).await?;
        work.details.take_answers(&filled.answers);
        work.add(filled.event(Some(client.to_owned())));
        if filled.kind == FormKind::Offline {
            mailing::as_ticket(&mut work, filled.email.as_ref());
        }
        work.commit(hub).await
    })
    .await?;
    follow(ctx, hub, id, &filled).await?;
    let event = done.events.into_iter().find(|event| event.kind == Kind::FilledForm);
    Ok((event, done.row))
}
