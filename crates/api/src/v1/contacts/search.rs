//! `POST /v1/contacts/search`

use std::collections::{BTreeMap, BTreeSet};

use kernel::{SegmentId, TagId, TopicId};
use people::audience::{self, Query as TableQuery, Row, Selection, State as InTopic};
use people::contacts::Standard;
use people::segments::Where;
use people::segments::conditions::TopicState;
use people::segments::index::{Sort, Standing};

use crate::v1::prelude::*;

/// Who is meant; what is absent narrows nothing.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SelectionInput {
    /// Who meets this condition, in the grammar of segments; `{}` is everybody.
    #[schema(value_type = Option<Object>)]
    r#where: Option<Json>,
    /// Who is in this saved segment.
    #[schema(value_type = Option<String>)]
    segment: Option<SegmentId>,
    /// Words or beginnings of words of name, company, address or number.
    q: Option<String>,
    /// Who stands in this topic, by id or name …
    topic: Option<String>,
    /// … so: `subscribed` when absent, `pending` or `unsubscribed`.
    topic_state: Option<String>,
    /// Who has this tag, by id or name.
    tag: Option<String>,
    /// Who stands so in topics as a whole: `subscribed`, `pending`, `unsubscribed` or `none`.
    status: Option<String>,
}

impl SelectionInput {
    /// What people are selected by.
    pub(super) fn read(self) -> Result<Selection, Problem> {
        let state = match self.topic_state.as_deref() {
            None => TopicState::Subscribed,
            Some(_) if self.topic.is_none() => return Err(Problem::field("topic_state", "is only for a topic")),
            Some(code) => TopicState::from_code(code)
                .ok_or_else(|| Problem::field("topic_state", "expected pending, subscribed or unsubscribed"))?,
        };
        let standing = |code: &str| {
            let known = Standing::ALL.into_iter().find(|standing| standing.as_str() == code);
            known.ok_or_else(|| Problem::field("status", "expected subscribed, pending, unsubscribed or none"))
        };
        Ok(Selection {
            condition: self.r#where.as_ref().map(Where::from_json).transpose()?,
            segment: self.segment,
            words: self.q,
            topic: self.topic.map(|topic| (topic, InTopic(state))),
            tag: self.tag,
            standing: self.status.as_deref().map(standing).transpose()?,
        })
    }
}

/// What of the audience is shown.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ContactSearch {
    /// Who meets this condition, in the grammar of segments; `{}` is everybody.
    #[schema(value_type = Option<Object>)]
    r#where: Option<Json>,
    /// Who is in this saved segment.
    #[schema(value_type = Option<String>)]
    segment: Option<SegmentId>,
    /// Words or beginnings of words of name, company, address or number.
    q: Option<String>,
    /// Who stands in this topic, by id or name …
    topic: Option<String>,
    /// … so: `subscribed` when absent, `pending` or `unsubscribed`.
    topic_state: Option<String>,
    /// Who has this tag, by id or name.
    tag: Option<String>,
    /// Who stands so in topics as a whole: `subscribed`, `pending`, `unsubscribed` or `none`.
    status: Option<String>,
    /// `created_at` (when absent), `updated_at`, `last_activity_at`, `name`, `email` or `company`.
    sort: Option<String>,
    /// `asc` or `desc`; when absent, instants newest first and texts from the beginning.
    order: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<usize>,
    /// `next` or `prev` of another page of the same search and order.
    cursor: Option<String>,
    /// What is shown of each person, such as `email` or `attributes.plan`; everything when absent.
    columns: Option<BTreeSet<String>>,
}

/// A tag of somebody.
#[derive(Serialize, ToSchema)]
pub(super) struct RowTag {
    #[schema(value_type = String)]
    id: TagId,
    name: String,
}

/// How somebody stands in a topic.
#[derive(Serialize, ToSchema)]
pub(super) struct RowTopic {
    #[schema(value_type = String)]
    id: TopicId,
    name: String,
    /// `pending`, `subscribed` or `unsubscribed`.
    state: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// One line of the audience table.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactRow {
    id: String,
    /// Name, else company, address or number.
    display_name: String,
    email: Option<String>,
    /// In E.164.
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    language: Option<String>,
    country: Option<String>,
    time_zone: Option<String>,
    company: Option<String>,
    recipient_type: Option<String>,
    /// `blocked`, `bounced`, `subscribed`, `pending`, `unsubscribed` or `none`.
    status: Option<&'static str>,
    tags: Option<Vec<RowTag>>,
    topics: Option<Vec<RowTopic>>,
    /// Custom fields by key.
    attributes: BTreeMap<String, Json>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When the person last opened, clicked, joined or left.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_activity_at: Option<Timestamp>,
}

/// A page of the audience.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactTable {
    items: Vec<ContactRow>,
    /// The cursor of the page behind; null on the last one.
    next: Option<String>,
    /// The cursor of the page before; null on the first one.
    prev: Option<String>,
    /// How many people the search finds.
    total: u64,
    /// False when `q` was looked for among the newest two million only.
    complete: bool,
    /// Microseconds the index took.
    micros: u64,
    /// By what they are ordered.
    sort: &'static str,
    /// `asc` or `desc`.
    order: &'static str,
}

/// What a column may be called besides standard fields.
const COLUMNS: [&str; 8] =
    ["email", "phone", "tags", "topics", "status", "last_activity_at", "created_at", "updated_at"];

fn check(columns: &BTreeSet<String>) -> Result<(), Problem> {
    let known =
        |name: &str| COLUMNS.contains(&name) || Standard::named(name).is_some() || name.starts_with("attributes.");
    match columns.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(name) => {
            let name: String = name.chars().take(60).collect();
            Err(Problem::field("columns", format!("{name} is no column")))
        }
    }
}

fn shown(row: Row, columns: Option<&BTreeSet<String>>) -> ContactRow {
    let wanted = |name: &str| columns.is_none_or(|columns| columns.contains(name));
    let (loaded, profile) = (&row.contact.loaded, &row.contact.loaded.profile);
    let value = |field: Standard| profile.value(field).filter(|_| wanted(field.as_str())).map(str::to_owned);
    let attributes = profile
        .attributes
        .iter()
        .filter(|(key, _)| columns.is_none_or(|columns| columns.contains(&format!("attributes.{key}"))));
    let tags = || row.contact.tags.iter().map(|(id, name)| RowTag { id: *id, name: name.clone() }).collect();
    let topics = || {
        let shown = row.contact.topics.iter().map(|topic| RowTopic {
            id: topic.topic,
            name: topic.name.clone(),
            state: topic.state.as_str(),
            since: topic.at,
        });
        shown.collect()
    };
    ContactRow {
        id: loaded.id.to_string(),
        display_name: profile.display_name(),
        email: profile.email().filter(|_| wanted("email")).map(ToString::to_string),
        phone: profile.phone().filter(|_| wanted("phone")).map(str::to_owned),
        first_name: value(Standard::FirstName),
        last_name: value(Standard::LastName),
        language: value(Standard::Language),
        country: value(Standard::Country),
        time_zone: value(Standard::TimeZone),
        company: value(Standard::Company),
        recipient_type: value(Standard::RecipientType),
        status: wanted("status").then(|| row.status.as_str()),
        tags: wanted("tags").then(tags),
        topics: wanted("topics").then(topics),
        attributes: attributes.map(|(key, value)| (key.clone(), value.0.clone())).collect(),
        created_at: loaded.created_at,
        updated_at: loaded.updated_at,
        last_activity_at: row.active_at.filter(|_| wanted("last_activity_at")),
    }
}

/// The audience as a table: filtered, ordered, page by page in both directions, with how many there are.
///
/// Who was put aside is no audience; `GET /v1/contacts` lists them too.
#[utoipa::path(post, path = "/v1/contacts/search", request_body = ContactSearch,
    security(("key" = ["contacts:read"])), responses((status = 200, body = ContactTable)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<ContactSearch>,
) -> Result<JsonBody<ContactTable>> {
    let ctx = caller.require("contacts:read")?;
    let ContactSearch { r#where, segment, q, topic, topic_state, tag, status, sort, order, limit, cursor, columns } =
        input;
    let selection = SelectionInput { r#where, segment, q, topic, topic_state, tag, status }.read()?;
    let sort = sort.map(|name| {
        let known = Sort::ALL.into_iter().find(|sort| sort.as_str() == name);
        known.ok_or_else(|| {
            Problem::field("sort", "expected created_at, updated_at, last_activity_at, name, email or company")
        })
    });
    let descending = match order.as_deref() {
        None => None,
        Some("asc") => Some(false),
        Some("desc") => Some(true),
        Some(_) => return Err(Failure(Problem::field("order", "expected asc or desc"))),
    };
    if let Some(columns) = &columns {
        check(columns)?;
    }
    let query = TableQuery { selection, sort: sort.transpose()?, descending, limit, cursor };
    let page = audience::table(&ctx, &app.live, query).await?;
    Ok(JsonBody(ContactTable {
        items: page.rows.into_iter().map(|row| shown(row, columns.as_ref())).collect(),
        next: page.next,
        prev: page.prev,
        total: page.total,
        complete: page.complete,
        micros: page.micros,
        sort: page.sort.as_str(),
        order: if page.descending { "desc" } else { "asc" },
    }))
}
