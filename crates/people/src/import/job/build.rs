//! The third stage: a chunk's batch. Sealing happens here, on a blocking thread.

use std::collections::HashMap;

use kernel::{ContactId, ImportId};
use privacy::claims::{self, DoubleOptIn, Statement};
use privacy::facts::{self, SubjectFacts};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::{Map, Value as Json, json};
use store::{Batch, Ctx, Feed, WorkspaceKeys, params};

use super::people::Person;
use super::start::Plan;
use crate::contacts::queries::{INSERT_CONTACT, INSERT_IDENTITY, UPDATE_CONTACT};
use crate::contacts::{self, identity_params};
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
    /// Adds everybody who changes to the batch, and one feed entry that names them.
    pub(super) fn push(&self, batch: &mut Batch, persons: &[Person]) -> Result<()> {
        let mut touched = Vec::new();
        for person in persons.iter().filter(|person| person.changed()) {
            self.profile(batch, person)?;
            for tag in &person.new_tags {
                tags::push(batch, self.ctx, person.contact, *tag);
            }
            if person.membership_changed {
                self.membership(batch, person)?;
            }
            touched.push(person.contact);
        }
        if !touched.is_empty() {
            let data = json!({"topic": self.plan.topic, "contacts": touched});
            batch.feed(Feed { kind: "contacts.imported", entity: self.import.into(), data });
        }
        Ok(())
    }

    fn profile(&self, batch: &mut Batch, person: &Person) -> Result<()> {
        let ctx = self.ctx;
        let facts = match person.version {
            None => {
                let sealed = contacts::seal(ctx, person.contact, &person.keys, &person.profile)?;
                batch.push(INSERT_CONTACT, params![ctx.workspace, person.contact, sealed, ctx.now()]);
                Some(SubjectFacts::default())
            }
            Some(version) if person.profile_changed => {
                let sealed = contacts::seal(ctx, person.contact, &person.keys, &person.profile)?;
                batch.guard(UPDATE_CONTACT, params![ctx.workspace, person.contact, sealed, ctx.now(), version]);
                person.facts_changed.then(|| self.facts.get(&person.contact).cloned().unwrap_or_default())
            }
            Some(_) => None,
        };
        for keyed in &person.identities {
            batch.push(INSERT_IDENTITY, identity_params(ctx, person.contact, keyed));
        }
        if let Some(before) = facts {
            facts::write(batch, ctx, &person.keys, person.contact, &contacts::facts_of(&person.profile, before))?;
        }
        Ok(())
    }

    fn membership(&self, batch: &mut Batch, person: &Person) -> Result<()> {
        let at = match person.joined_at {
            Some(at) if !person.joins => at,
            _ => self.ctx.now(),
        };
        topics::set_membership(batch, (person.contact, self.plan.topic), TopicState::Subscribed, person.mark, at);
        if person.joins {
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
        if let Some((claim, evidence)) = &person.claim {
            let statement = self.statement(person, claim, evidence)?;
            if self.plan.tracking {
                let tracking = Statement { purpose: Purpose::ENGAGEMENT_TRACKING, topic: None, ..statement.clone() };
                claims::state(batch, self.ctx, self.keys, &person.keys, tracking)?;
            }
            claims::state(batch, self.ctx, self.keys, &person.keys, statement)?;
        }
        Ok(())
    }

    fn statement(&self, person: &Person, claim: &Claim, evidence: &Evidence) -> Result<Statement> {
        let purpose = match claim.basis {
            Basis::Contract => Purpose::SERVICE,
            _ => Purpose::new(&self.plan.purpose).map_err(|_| Error::Corrupt("topic"))?,
        };
        let basis = match claim.basis {
            Basis::Consent | Basis::ConsentDoi => BasisKind::Consent,
            Basis::SoftOptIn => BasisKind::SoftOptIn,
            Basis::LegitimateInterest => BasisKind::LegitimateInterest,
            Basis::Contract => BasisKind::Contract,
        };
        Ok(Statement {
            subject: person.contact,
            purpose,
            channel: if person.profile.emails.is_empty() { Channel::Sms } else { Channel::Email },
            topic: (claim.basis != Basis::Contract).then_some(self.plan.topic),
            basis,
            state: ConsentState::Given,
            at: claim.confirmed_at.unwrap_or(claim.at),
            expires_at: None,
            detail: self.detail(claim, evidence),
        })
    }

    /// The evidence of one person, sealed into the ledger; the members are those that
    /// [`privacy::claims`] and the gate know.
    fn detail(&self, claim: &Claim, evidence: &Evidence) -> Json {
        let plan = self.plan;
        let mut out = Map::new();
        let mut put = |name: &str, value: Json| {
            if !value.is_null() {
                out.insert(name.to_owned(), value);
            }
        };
        put("import", json!(self.import));
        put("provenance", json!(plan.provenance));
        put("source", json!(plan.origin.source));
        put("collected_on", json!(plan.origin.collected_on));
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
            }
            Basis::Contract => {}
        }
        Json::Object(out)
    }
}
