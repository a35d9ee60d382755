//! What a page is about: the workspace, the event type, and who reads.

use std::collections::HashMap;

use booking::event_types::{self, EventType, TypeState};
use booking::hosts;
use booking::slots::Mode;
use booking::speech::{self, Clock};
use http_server::Result;
use kernel::{Code, HostId, Problem, WorkspaceId};
use privacy::notices::{self, Notice};
use store::{Actor, Ctx};

use super::super::letter::unknown;
use super::super::visitor::Visitor;
use super::super::words::{Language, Words};
use super::asked::Asked;
use crate::App;

/// The longest name in an address.
const LONGEST: usize = 80;

/// A workspace whose times can be booked.
pub(super) struct Shop {
    pub(super) ctx: Ctx,
    pub(super) slug: String,
    pub(super) organisation: String,
    pub(super) words: Words,
}

impl Shop {
    /// The workspace of an address: its name in addresses, or its id.
    ///
    /// # Errors
    /// `not_found`, or `gone` while it is closed.
    pub(super) async fn open(app: &App, visitor: &Visitor, name: &str) -> Result<Self> {
        if name.is_empty() || name.len() > LONGEST {
            return Err(unknown().into());
        }
        let id = match name.parse::<WorkspaceId>() {
            Ok(id) => Some(id),
            Err(_) => accounts::workspaces::by_slug(&app.core, name).await?,
        };
        let Some(id) = id else { return Err(unknown().into()) };
        let Some(workspace) = accounts::workspaces::find(&app.core, id).await? else { return Err(unknown().into()) };
        if !workspace.state.may_send() {
            return Err(Problem::new(Code::Gone, "nothing can be booked here any more").into());
        }
        let words = visitor.words(&[], Some(&workspace.language));
        let ctx = app.core.ctx(id, Actor::Person);
        Ok(Self { ctx, slug: workspace.slug, organisation: workspace.name, words })
    }
}

/// An event type that can be booked.
pub(super) struct Stall {
    pub(super) shop: Shop,
    pub(super) of: EventType,
    /// The hosts' names.
    pub(super) names: HashMap<HostId, String>,
    pub(super) notice: Option<Notice>,
    /// The zone of whoever receives the visitor.
    pub(super) home: String,
    /// By which the visitor reads.
    pub(super) clock: Clock,
}

impl Stall {
    /// The event type of an address.
    ///
    /// # Errors
    /// `not_found`, or `gone` when it is out of use.
    pub(super) async fn open(app: &App, visitor: &Visitor, asked: &Asked, (name, event): (&str, &str)) -> Result<Self> {
        let shop = Shop::open(app, visitor, name).await?;
        if event.len() > LONGEST {
            return Err(unknown().into());
        }
        let of = event_types::by_slug(&shop.ctx, event).await?;
        if of.state == TypeState::Archived {
            return Err(Problem::new(Code::Gone, "this cannot be booked any more").into());
        }
        Self::of(shop, of, asked).await
    }

    /// The same for an event type that is known.
    pub(super) async fn of(shop: Shop, of: EventType, asked: &Asked) -> Result<Self> {
        let notice = match of.definition.notice {
            Some(id) => notices::get(&shop.ctx, id).await.ok(),
            None => None,
        };
        let known = hosts::list(&shop.ctx).await?;
        let first = of.definition.hosts.first().and_then(|first| known.iter().find(|host| host.id == first.host));
        let home = of.definition.timezone.clone().or_else(|| first.map(|host| host.timezone.clone()));
        let home = home.unwrap_or_else(|| "UTC".to_owned());
        let clock = asked.clock(speech::Words::of(shop.words.0.tag()), &home);
        let names = hosts::names(&shop.ctx).await?;
        Ok(Self { shop, of, names, notice, home, clock })
    }

    /// The words of the event type in the page's language.
    pub(super) fn texts(&self) -> &booking::model::Texts {
        self.of.definition.texts(self.shop.words.0.tag())
    }

    /// Who can be chosen, where the visitor chooses.
    pub(super) fn choice(&self) -> Vec<(HostId, &str)> {
        let definition = &self.of.definition;
        if definition.mode != Mode::RoundRobin || !definition.assignment.attendee_chooses {
            return Vec::new();
        }
        let pool = definition.hosts.iter().filter(|one| !one.fixed);
        pool.filter_map(|one| Some((one.host, self.names.get(&one.host)?.as_str()))).collect()
    }

    /// The host whom the visitor chose, if they may.
    pub(super) fn host(&self, asked: &Asked) -> Option<HostId> {
        let wanted = asked.host?;
        self.choice().iter().any(|(host, _)| *host == wanted).then_some(wanted)
    }

    /// The length that the visitor chose, if it is one of the type's.
    pub(super) fn duration(&self, asked: &Asked) -> u32 {
        let definition = &self.of.definition;
        asked.duration.filter(|minutes| definition.lasts(*minutes)).unwrap_or(definition.duration)
    }

    /// The address of the event type's page.
    pub(super) fn path(&self) -> String {
        format!("/book/{}/{}", self.shop.slug, self.of.slug)
    }

    /// The clock of whoever receives the visitor.
    pub(super) fn home_clock(&self) -> Clock {
        Clock::new(self.clock.words, &self.home, self.clock.cycle).unwrap_or_else(|| self.clock.clone())
    }

    /// One of two texts by the page's language; the other where that one is missing.
    pub(super) fn either<'a>(&self, english: &'a str, arabic: &'a str) -> &'a str {
        let (own, other) = match self.shop.words.0 {
            Language::Arabic => (arabic, english),
            Language::English => (english, arabic),
        };
        if own.trim().is_empty() { other } else { own }
    }
}
