//! What members see of visits to pages with a chat.

use conversations::conversations::Conversation;
use conversations::visitors::Visitor;
use kernel::{ContactId, ConversationId, Timestamp, VisitorId};
use serde::Serialize;
use utoipa::ToSchema;

/// A page that a visitor looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VisitedPage {
    /// Its address.
    pub(crate) url: String,
    /// Its title.
    pub(crate) title: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
}

/// What a visitor does.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VisitState {
    /// Looks at pages.
    Browsing,
    /// Talks to somebody.
    Chatting,
    /// Waits for somebody.
    Queued,
}

/// A visit. What somebody looks at is there only when they agreed to be seen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VisitView {
    /// The visitor.
    #[schema(value_type = String)]
    pub(crate) id: VisitorId,
    /// Their conversation.
    #[schema(value_type = Option<String>)]
    pub(crate) conversation: Option<ConversationId>,
    /// What they are called.
    pub(crate) name: Option<String>,
    /// The contact.
    #[schema(value_type = Option<String>)]
    pub(crate) contact: Option<ContactId>,
    /// A connection is open.
    pub(crate) online: bool,
    /// They agreed to be seen.
    pub(crate) consented: bool,
    /// The page they look at.
    pub(crate) page: Option<VisitedPage>,
    /// Pages they looked at, the newest last.
    pub(crate) pages: Vec<VisitedPage>,
    /// Where they came from.
    pub(crate) referrer: Option<String>,
    /// Their language.
    pub(crate) language: Option<String>,
    /// Their country.
    pub(crate) country: Option<String>,
    /// Their program.
    pub(crate) browser: Option<String>,
    /// How often they came.
    pub(crate) visits: u64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) since: Timestamp,
    /// When something was heard last.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) last_seen: Timestamp,
    /// What they do.
    pub(crate) state: VisitState,
}

/// A visit as members see it; none when nothing is known of it.
pub(crate) fn visit_of(
    visitor: Option<&Visitor>,
    visit: Option<conversations::hub::Visit>,
    row: Option<&Conversation>,
    now: Timestamp,
) -> Option<VisitView> {
    let id = visitor.map(|visitor| visitor.id).or_else(|| visit.as_ref().map(|visit| visit.visitor))?;
    let consented = visitor.is_some_and(|visitor| visitor.tracking);
    let page =
        |page: &conversations::hub::Page| VisitedPage { url: page.url.clone(), title: page.title.clone(), at: page.at };
    let pages: Vec<VisitedPage> =
        visit.iter().filter(|_| consented).flat_map(|visit| visit.pages.iter().map(page)).collect();
    let profile = visitor.map(|visitor| &visitor.profile);
    let state = match row {
        Some(row) if row.routing == conversations::Routing::Queued => VisitState::Queued,
        Some(row) if row.state != conversations::State::Closed => VisitState::Chatting,
        _ => VisitState::Browsing,
    };
    Some(VisitView {
        id,
        conversation: row.map(|row| row.id),
        name: profile.and_then(|profile| profile.name.clone()),
        contact: visitor.and_then(|visitor| visitor.contact),
        online: visit.as_ref().is_some_and(|visit| visit.online),
        consented,
        page: pages.last().cloned(),
        pages,
        referrer: visit.as_ref().filter(|_| consented).and_then(|visit| visit.referrer.clone()),
        language: profile.and_then(|profile| profile.language.clone()),
        country: profile.filter(|_| consented).and_then(|profile| profile.country.clone()),
        browser: profile.filter(|_| consented).and_then(|profile| profile.browser.clone()),
        visits: visitor.map_or(1, |visitor| visitor.visits),
        since: visit.as_ref().map_or(now, |visit| visit.since),
        last_seen: visit.as_ref().map(|visit| visit.seen).or(visitor.map(|visitor| visitor.seen_at)).unwrap_or(now),
        state,
    })
}
