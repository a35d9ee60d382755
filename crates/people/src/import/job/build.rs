//! The third stage: a chunk's batch. Sealing happens here, on a blocking thread.

use std::collections::HashMap;

use kernel::{ContactId, ImportId, ProvenanceId};
use privacy::art14;
use privacy::claims::{self, DoubleOptIn, Statement};
use privacy::facts::{self, SubjectFacts};
use privacy::provenance::{self, Method, Page, Provenance};
use privacy::vocabulary::{Channel, ConsentState, Purpose};
use serde_json::{Map, Value as Json, json};
use store::{Batch, Ctx, Feed, WorkspaceKeys, params};

use super::people::{People, Person};
use super::start::Plan;
use crate::contacts::queries::{INSERT_CONTACT, INSERT_IDENTITY, UPDATE_CONTACT};
use crate::contacts::{self, Keyed, identity_params};
use crate::events::{self, EventRow};
use crate::import::basis::{Basis, Claim};
use crate::import::row::Evidence;
use crate::segments::conditions::{EventClass, EventKind, TopicState};
use crate::{Error, Result, tags, topics};

/// What building needs beside the people.
pub(super) struct Building<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) keys: &'a WorkspaceKeys,
    pub(super) plan: &'a Plan,
    pub(super) import: ImportId,
    /// Facts of people whose facts change, as they are.
    pub(super) facts: HashMap<ContactId, SubjectFacts>,
}

impl Building<'_> {
    /// Adds everybody who changes to the batch, and one feed entry that names them. Table by table:
    /// a database finds its way faster through one index at a time.
    pub(super) fn push(&self, batch: &mut Batch, people: &People) -> Result<()> {
        let changed: Vec<&Person> = people.persons.iter().filter(|person| person.changed()).collect();
        if changed.is_empty() {
            return Ok(());
        }
        for (source, page) in &people.pages {
            self.page(batch, *source, page)?;
        }
        for person in &changed {
            self.profile(batch, person)?;
        }
        self.identities(batch, &changed);
        for person in &changed {
            self.facts(batch, person)?;
        }
        for person in &changed {
            for tag in &person.new_tags {
                tags::push(batch, self.ctx, person.contact, *tag);
            }
        }
        let members = || changed.iter().filter(|person| person.membership_changed);
        members().for_each(|person| self.membership(batch, person));
        members().filter(|person| person.joins).for_each(|person| self.joined(batch, person));
        for person in members() {
            self.claim(batch, person)?;
        }
        let touched: Vec<ContactId> = changed.iter().map(|person| person.contact).collect();
        let data = json!({"topic": self.plan.topic, "contacts": touched});
        batch.feed(Feed { kind: "contacts.imported", entity: self.import.into(), data });
        Ok(())
    }

    /// A page as the source of the rows that name it, derived from the file.
    fn page(&self, batch: &mut Batch, source: ProvenanceId, page: &Page) -> Result<()> {
        let origin = &self.plan.origin;
        let mut detail = Json::Null;
        page.describe(&mut detail);
        let found = Provenance {
            method: if page.url.is_some() { Method::PublicSource } else { Method::Import },
            source: origin.source.clone(),
            collected_on: Some(page.read_on.unwrap_or(origin.collected_on)),
            parent: Some(self.plan.provenance),
            detail,
        };
        Ok(provenance::record_as(batch, self.ctx, self.keys, source, found)?)
    }

    fn profile(&self, batch: &mut Batch, person: &Person) -> Result<()> {
        if person.version.is_some() && !person.profile_changed {
            return Ok(());
        }
        let ctx = self.ctx;
        let sealed = contacts::seal(ctx, person.contact, &person.keys, &person.profile)?;
        match person.version {
            None => batch.push(INSERT_CONTACT, params![ctx.workspace, person.contact, sealed, ctx.now()]),
            Some(version) => {
                batch.guard(UPDATE_CONTACT, params![ctx.workspace, person.contact, sealed, ctx.now(), version]);
            }
        }
        Ok(())
    }

    /// Blind indexes lie in no order of the file: in their own order, those of a page are written together.
    fn identities(&self, batch: &mut Batch, persons: &[&Person]) {
        let of = |person: &&Person| {
            let contact = person.contact;
            person.identities.iter().map(move |keyed| (*keyed, contact)).collect::<Vec<_>>()
        };
        let mut identities: Vec<(Keyed, ContactId)> = persons.iter().flat_map(of).collect();
        identities.sort_unstable_by_key(|(keyed, _)| (keyed.kind.as_str(), keyed.blind));
        for (keyed, contact) in &identities {
            batch.push(INSERT_IDENTITY, identity_params(self.ctx, *contact, keyed));
        }
    }

    fn facts(&self, batch: &mut Batch, person: &Person) -> Result<()> {
        let before = match person.version {
            None => SubjectFacts::default(),
            Some(_) if person.profile_changed && person.facts_changed => {
                self.facts.get(&person.contact).cloned().unwrap_or_default()
            }
            Some(_) => return Ok(()),
        };
        let facts = contacts::facts_of(&person.profile, before);
        Ok(facts::write(batch, self.ctx, &person.keys, person.contact, &facts)?)
    }

    fn membership(&self, batch: &mut Batch, person: &Person) {
        let at = match person.joined_at {
            Some(at) if !person.joins => at,
            _ => self.ctx.now(),
        };
        topics::set_membership(batch, (person.contact, self.plan.topic), TopicState::Subscribed, person.mark, at);
    }

    fn joined(&self, batch: &mut Batch, person: &Person) {
        let event = EventRow {
            contact: person.contact,
            kind: EventKind::Joined,
            class: EventClass::Human,
            campaign: None,
            message: None,
            at: self.ctx.now(),
        };
        events::push(batch, self.ctx, &event);
    }

    fn claim(&self, batch: &mut Batch, person: &Person) -> Result<()> {
        let Some((claim, evidence)) = &person.claim else { return Ok(()) };
        let statement = self.statement(person, claim, evidence)?;
        if self.plan.tracking {
            let tracking = Statement { purpose: Purpose::ENGAGEMENT_TRACKING, topic: None, ..statement.clone() };
            claims::state(batch, self.ctx, self.keys, &person.keys, tracking)?;
        }
        claims::state(batch, self.ctx, self.keys, &person.keys, statement)?;
        if self.plan.purchased || claim.basis == Basis::LegitimateInterest {
            let method = if self.plan.purchased { Method::Purchased } else { Method::Import };
            art14::owe(batch, self.ctx, person.contact, method, self.ctx.now());
        }
        Ok(())
    }

    fn statement(&self, person: &Person, claim: &Claim, evidence: &Evidence) -> Result<Statement> {
        let purpose = match claim.basis {
            Basis::Contract => Purpose::SERVICE,
            _ => Purpose::new(&self.plan.purpose).map_err(|_| Error::Corrupt("topic"))?,
        };
        Ok(Statement {
            subject: person.contact,
            purpose,
            channel: if person.profile.emails.is_empty() { Channel::Sms } else { Channel::Email },
            topic: (claim.basis != Basis::Contract).then_some(self.plan.topic),
            basis: claim.basis.kind(),
            state: ConsentState::Given,
            at: claim.confirmed_at.unwrap_or(claim.at),
            expires_at: None,
            detail: self.detail(person, claim, evidence),
        })
    }

    /// The evidence of one person, sealed into the ledger; the members are those that
    /// [`privacy::claims`] and the gate know.
    fn detail(&self, person: &Person, claim: &Claim, evidence: &Evidence) -> Json {
        let plan = self.plan;
        let mut out = Map::new();
        let mut put = |name: &str, value: Json| {
            if !value.is_null() {
                out.insert(name.to_owned(), value);
            }
        };
        put("import", json!(self.import));
        put("provenance", json!(person.page.unwrap_or(plan.provenance)));
        put("source", json!(plan.origin.source));
        put("collected_on", json!(plan.origin.collected(evidence).date()));
        put("import_kind", json!(if plan.purchased { "purchased" } else { "file" }));
        put("ip", json!(evidence.consent_ip));
        put("consent_source", json!(evidence.consent_source));
        match claim.basis {
            Basis::Consent | Basis::ConsentDoi => {
                put("evidence", json!(true));
                if let Some(confirmed) = claim.confirmed_at {
                    let doi = DoubleOptIn {
                        requested_at: Some(claim.at),
                        requested_ip: evidence.consent_ip.map(|ip| ip.to_string()),
                        confirmed_at: Some(confirmed),
                        confirmed_ip: evidence.confirmed_ip.map(|ip| ip.to_string()),
                        ..DoubleOptIn::default()
                    };
                    put("doi", doi.to_json());
                }
            }
            Basis::SoftOptIn => {
                // Whoever imports under this basis states its conditions (ePrivacy Art. 13(2)); the
                // offer to refuse in every message is what Barid itself sees to.
                put("relationship", json!("customer"));
                put("collected_in", json!("sale"));
                put("sale_at", json!(claim.at));
                put("similar_goods", json!(true));
                put("opt_out_offered_at_collection", json!(true));
                put("opt_out_offered_each_time", json!(true));
            }
            Basis::LegitimateInterest => {
                put("lia", json!({"id": claim.assessment}));
                put("reason", json!(claim.reason));
                if let Some(profile) = &claim.profile {
                    put("profile", json!(profile));
                }
            }
            Basis::Contract => {}
        }
        Json::Object(out)
    }
}
