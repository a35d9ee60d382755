//! A workspace with hosts, hours and an event type.

use std::collections::BTreeMap;

use accounts::Accounts;
use accounts::members::{self, Role};
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use booking::event_types::{EventType, TypeState, create};
use booking::model::{Definition, Hours, Texts, TypeHost};
use booking::reservations::{Attendee, Booked, Booking, Filled, book};
use booking::{hosts, schedules};
use kernel::{Email, HostId, Locale, Pii, Timestamp, UserId};
use people::subscribe::Proof;
use store::{Actor, Ctx};
use testkit::Fixture;

pub struct House {
    pub ctx: Ctx,
    pub fixture: Fixture,
    pub owner: UserId,
    pub schedule: kernel::ScheduleId,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl House {
    /// The clock stands at Saturday, 2026-11-21T09:00:00Z.
    pub async fn build(fixture: Fixture) -> Self {
        let settings =
            accounts::Settings { cost: accounts::users::password::Cost::cheapest(), ..accounts::Settings::default() };
        let sign_up = SignUp {
            user: NewUser {
                email: Email::parse("owner@house.example").unwrap(),
                name: Pii::new("Mona Host".to_owned()),
                password: Pii::new("a long enough password".to_owned()),
            },
            workspace: NewWorkspace {
                name: "House".to_owned(),
                language: Locale::en(),
                postal_address: "1 Road, Riyadh".to_owned(),
            },
        };
        let (workspace, owner) = Accounts::new(fixture.core.clone(), settings).create_owner(sign_up).await.unwrap();
        let ctx = fixture.core.ctx(workspace, Actor::User(owner));
        let hours: Hours = serde_json::from_value(serde_json::json!({
            "timezone": "Asia/Riyadh",
            "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": "09:00", "end": "17:00" }],
        }))
        .unwrap();
        let schedule = schedules::create(&ctx, "Office", &hours).await.unwrap().id;
        Self { ctx, fixture, owner, schedule }
    }

    pub async fn member(&self, email: &str) -> UserId {
        let email = Email::parse(email).unwrap();
        let by = Role::Owner.permissions();
        let member = members::invite(&self.ctx, by, &email, Role::Agent, Locale::en()).await.unwrap();
        let all = members::list(&self.ctx, None, 1000).await.unwrap();
        all.into_iter().find(|one| one.id == member).unwrap().user
    }

    pub async fn host(&self) -> HostId {
        hosts::ensure(&self.ctx, self.owner, "Asia/Riyadh", Some(self.schedule)).await.unwrap().id
    }

    /// Further hosts, each a member.
    pub async fn hosts(&self, count: usize) -> Vec<HostId> {
        let mut out = vec![self.host().await];
        for number in 1..count {
            let user = self.member(&format!("host{number}@house.example")).await;
            out.push(hosts::ensure(&self.ctx, user, "Asia/Riyadh", Some(self.schedule)).await.unwrap().id);
        }
        out
    }

    pub async fn event(&self, hosts: &[HostId], change: impl FnOnce(&mut Definition)) -> EventType {
        let mut definition = Definition {
            en: Texts { title: "Consultation".into(), ..Texts::default() },
            ar: Texts { title: "استشارة".into(), ..Texts::default() },
            duration: 30,
            min_notice: 0,
            hosts: hosts
                .iter()
                .map(|host| TypeHost {
                    host: *host,
                    fixed: false,
                    weight: 100,
                    priority: 0,
                    schedule: None,
                    since: None,
                })
                .collect(),
            ..Definition::default()
        };
        change(&mut definition);
        let slug = format!("event-{}", self.ctx.id::<kernel::EventId>().to_string().trim_start_matches("evt_"));
        create(&self.ctx, &slug, TypeState::Active, definition).await.unwrap()
    }

    pub async fn book(&self, of: &EventType, who: &str, start: &str) -> booking::Result<Booking> {
        book(&self.ctx, None, of, wanted(who, start)).await.map(|done| done.0)
    }
}

pub fn wanted(who: &str, start: &str) -> Booked {
    Booked {
        start: at(start),
        duration: None,
        host: None,
        hold: None,
        attendee: Attendee {
            name: format!("Guest {who}"),
            email: Email::parse(&format!("{who}@guest.example")).unwrap(),
            phone: None,
            timezone: "Europe/Berlin".into(),
            language: Locale::en(),
        },
        filled: Filled { location: None, place: None, guests: Vec::new(), answers: BTreeMap::new() },
        marketing: false,
        proof: Proof::default(),
        source: "api",
    }
}
