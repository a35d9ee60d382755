//! The second stage: who the rows of a chunk are, what they change, and who stays out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::{ContactId, ProvenanceId, TagId, Timestamp, fold};
use privacy::provenance::Page;
use privacy::suppression::{self, Reason, Suppressed};
use privacy::vocabulary::Scope;
use store::{Blind, Ctx, SubjectKeys, WorkspaceKeys, params};

use super::parse::{Candidate, Chunk};
use super::queries;
use super::report::Report;
use super::start::{OVER, Plan, is_over};
use crate::contacts::rules::{self, Overwrite};
use crate::contacts::{self, Draft, Keyed, Kind, Loaded, Profile};
use crate::import::basis::{Basis, Claim};
use crate::import::row::Evidence;
use crate::import::{Reject, Warning};
use crate::segments::conditions::TopicState;
use crate::topics::MEMBERSHIP;
use crate::{Error, Result, tags};

/// What a membership made by an import without evidence is marked with.
const NO_BASIS: Blind = [0; 16];

/// A person whom rows of a chunk concern.
pub(super) struct Person {
    pub(super) contact: ContactId,
    pub(super) keys: SubjectKeys,
    /// The version in the store; `None` for somebody new.
    pub(super) version: Option<i64>,
    pub(super) profile: Profile,
    pub(super) profile_changed: bool,
    pub(super) facts_changed: bool,
    /// Addresses and numbers the store does not have yet.
    pub(super) identities: Vec<Keyed>,
    tags: BTreeSet<TagId>,
    pub(super) new_tags: BTreeSet<TagId>,
    /// Has left, or is blocked: values may change, memberships and claims do not.
    stopped: bool,
    membership: Option<(TopicState, Option<Blind>)>,
    pub(super) joined_at: Option<Timestamp>,
    pub(super) membership_changed: bool,
    pub(super) joins: bool,
    pub(super) claim: Option<(Claim, Evidence)>,
    /// The page of the row that says so, when it names one.
    pub(super) page: Option<ProvenanceId>,
    pub(super) mark: Option<Blind>,
}

impl Person {
    fn unknown(contact: ContactId) -> Self {
        Self {
            contact,
            keys: SubjectKeys::default(),
            version: None,
            profile: Profile::default(),
            profile_changed: false,
            facts_changed: false,
            identities: Vec::new(),
            tags: BTreeSet::new(),
            new_tags: BTreeSet::new(),
            stopped: false,
            membership: None,
            joined_at: None,
            membership_changed: false,
            joins: false,
            claim: None,
            page: None,
            mark: None,
        }
    }

    fn known(loaded: Loaded, keys: SubjectKeys) -> Self {
        Self { keys, version: Some(loaded.version), profile: loaded.profile, ..Self::unknown(loaded.id) }
    }

    pub(super) fn changed(&self) -> bool {
        self.version.is_none() || self.profile_changed || !self.new_tags.is_empty() || self.membership_changed
    }

    /// Takes a row's claim; tells whether it changes anything.
    fn take(&mut self, claim: Option<(Claim, Evidence)>, mark: Blind, report: &mut Report) -> bool {
        if self.stopped {
            report.left_as_they_are += 1;
            return false;
        }
        let confirmed = claim.as_ref().is_some_and(|(claim, _)| claim.confirmed_at.is_some());
        let takes = match self.membership {
            None => {
                self.joins = true;
                true
            }
            Some((TopicState::Pending, _)) if confirmed => {
                self.joins = true;
                true
            }
            Some((TopicState::Pending | TopicState::Unsubscribed, _)) => {
                report.left_as_they_are += 1;
                false
            }
            Some((TopicState::Subscribed, before)) => restates(before, mark, confirmed),
        };
        if takes {
            self.membership = Some((TopicState::Subscribed, Some(mark)));
            self.membership_changed = true;
            self.mark = Some(mark);
            self.claim = claim;
        }
        takes
    }
}

/// Whether evidence is worth stating for somebody who is in the topic already: it is of another
/// basis, or a confirmation that is new. It never replaces a person's own act by a weaker one.
fn restates(before: Option<Blind>, mark: Blind, confirmed: bool) -> bool {
    if mark == NO_BASIS || before == Some(mark) {
        return false;
    }
    match before {
        None => mark[0] > 2,
        Some(before) => before[0] != mark[0] || confirmed,
    }
}

/// Tells one evidence from another: the basis, then a keyed hash of what the row and the flags say.
fn mark_of(keys: &WorkspaceKeys, plan: &Plan, claim: &Claim, evidence: &Evidence) -> Blind {
    let text = format!("{claim:?}{evidence:?}{:?}", plan.origin);
    let mut mark = keys.mac("import evidence", text.as_bytes());
    mark[0] = match claim.basis {
        Basis::Consent => 1,
        Basis::ConsentDoi => 2,
        Basis::SoftOptIn => 3,
        Basis::LegitimateInterest => 4,
        Basis::Contract => 5,
    };
    mark
}

/// Everybody a chunk concerns.
#[derive(Default)]
pub(super) struct People {
    pub(super) persons: Vec<Person>,
    by_key: HashMap<Blind, usize>,
    blocks: HashMap<Blind, Vec<Suppressed>>,
    /// The pages that rows name and that changed somebody, each with its source.
    pub(super) pages: BTreeMap<ProvenanceId, Page>,
    by_page: HashMap<Page, ProvenanceId>,
    pub(super) rejects: Vec<Reject>,
    pub(super) warnings: Vec<Warning>,
}

impl People {
    /// Reads what the store knows about the people of a chunk.
    pub(super) async fn look_up(ctx: &Ctx, keys: &WorkspaceKeys, plan: &Plan, chunk: &Chunk) -> Result<Self> {
        let mut people = Self::default();
        let keyed: Vec<Keyed> = distinct(chunk.candidates.iter().flat_map(|candidate| candidate.keyed.iter().copied()));
        let sets = keyed.iter().map(|keyed| params![ctx.workspace, keyed.kind.as_str(), keyed.blind]).collect();
        let found: Vec<Vec<(ContactId,)>> = ctx.db.many(contacts::queries::IDENTITY, sets).await?;
        let found: Vec<(Blind, ContactId)> =
            keyed.iter().zip(found).filter_map(|(keyed, rows)| Some((keyed.blind, rows.first()?.0))).collect();
        let known: Vec<ContactId> = distinct(found.iter().map(|(_, contact)| *contact));

        let subjects: Vec<Blind> = known.iter().map(|contact| suppression::subject_hash(keys, *contact)).collect();
        let hashes: Vec<Blind> = distinct(
            chunk
                .candidates
                .iter()
                .flat_map(|candidate| candidate.hashes.iter().copied())
                .chain(subjects.iter().copied()),
        );
        let blocks = suppression::check(ctx, &hashes).await?;
        people.blocks = hashes.into_iter().zip(blocks).filter(|(_, blocks)| !blocks.is_empty()).collect();

        let loaded = contacts::get_many(ctx, crate::ReadFor::Import, &known).await?;
        let subject_keys = ctx.vault.subjects(ctx.workspace, &known).await?;
        let sets = known.iter().map(|contact| params![ctx.workspace, *contact, plan.topic]).collect();
        let memberships: Vec<Vec<(String, Option<Blind>, Timestamp)>> = ctx.db.many(MEMBERSHIP, sets).await?;
        let sets = known.iter().map(|contact| params![ctx.workspace, *contact]).collect();
        let tags: Vec<Vec<(TagId,)>> = ctx.db.many(queries::TAG_IDS_OF, sets).await?;
        let mut numbers: HashMap<ContactId, usize> = HashMap::new();
        let rows = loaded.into_iter().zip(subject_keys).zip(memberships).zip(tags).zip(&subjects);
        for ((((loaded, keys), membership), tags), subject) in rows {
            let Some(loaded) = loaded else { continue };
            let mut person = Person::known(loaded, keys);
            if let Some((code, evidence, at)) = membership.into_iter().next() {
                let state = TopicState::from_code(&code).ok_or(Error::Corrupt("membership"))?;
                (person.membership, person.joined_at) = (Some((state, evidence)), Some(at));
            }
            person.tags = tags.into_iter().map(|row| row.0).collect();
            person.stopped = people.stops(plan, &[*subject]).is_some();
            numbers.insert(person.contact, people.persons.len());
            people.persons.push(person);
        }
        for (blind, contact) in found {
            if let Some(number) = numbers.get(&contact) {
                people.by_key.insert(blind, *number);
            }
        }
        Ok(people)
    }

    /// The strongest block among these hashes that an import may not pass.
    fn stops(&self, plan: &Plan, hashes: &[Blind]) -> Option<Reason> {
        let blocks = hashes.iter().filter_map(|hash| self.blocks.get(hash)).flatten();
        let holds = |block: &&Suppressed| match (&block.scope, block.reason) {
            (_, Reason::Erased | Reason::LegalBlock) => true,
            (_, Reason::HardBounce | Reason::SoftLimit | Reason::Pause | Reason::DomainBlock) => false,
            (Scope::Topic(topic), _) => *topic == plan.topic.to_string(),
            (Scope::Purpose(purpose), _) => purpose.as_str() == plan.purpose,
            (Scope::Person | Scope::Channel(_) | Scope::Address | Scope::Domain, _) => true,
        };
        blocks.filter(holds).map(|block| block.reason).min()
    }

    /// Whether the identifier belongs to somebody who is new.
    pub(super) fn adds(&self, blind: &Blind) -> bool {
        self.by_key.get(blind).is_some_and(|number| self.persons[*number].version.is_none())
    }

    /// Goes through the rows in order.
    pub(super) fn take(
        &mut self,
        ctx: &Ctx,
        (keys, plan): (&WorkspaceKeys, &Plan),
        rows: Rows<'_>,
        report: &mut Report,
    ) {
        for candidate in rows.candidates {
            self.take_row(ctx, (keys, plan), (candidate, rows.tags), report);
        }
    }

    fn take_row(
        &mut self,
        ctx: &Ctx,
        (keys, plan): (&WorkspaceKeys, &Plan),
        (mut candidate, tags): (Candidate, &BTreeMap<String, TagId>),
        report: &mut Report,
    ) {
        let number = self.person_of(&mut candidate);
        let stop = self.stops(plan, &candidate.hashes);
        if let Some(reason) = refusal(stop, number.is_some()) {
            self.rejects.push(Reject { line: candidate.line, reason: reason.to_owned(), value: candidate.shown });
            report.rejected += 1;
            return;
        }
        let new = number.is_none();
        let claim = plan.origin.claim(&candidate.evidence).and_then(|claim| plan.carried(claim));
        if new
            && is_prospect(claim.as_ref().ok())
            && is_over(plan.origin.collected(&candidate.evidence), plan.over_before)
        {
            self.rejects.push(Reject { line: candidate.line, reason: OVER.to_owned(), value: candidate.shown });
            report.rejected += 1;
            return;
        }
        let source = self.source_of(ctx, plan, &candidate.evidence.page);
        let number = number.unwrap_or_else(|| {
            self.persons.push(Person::unknown(ctx.id()));
            self.persons.len() - 1
        });
        for keyed in &candidate.keyed {
            self.by_key.entry(keyed.blind).or_insert(number);
        }
        let claim = match claim {
            Ok(claim) => Some(claim),
            Err(need) => {
                report.without_basis += 1;
                let reason = format!("not mailable: the basis needs {}", need.advice());
                self.warnings.push(Warning {
                    line: candidate.line,
                    column: plan.origin.basis.as_str().to_owned(),
                    reason,
                });
                None
            }
        };
        let mark = claim.as_ref().map_or(NO_BASIS, |claim| mark_of(keys, plan, claim, &candidate.evidence));
        let Some(person) = self.persons.get_mut(number) else { return };
        person.stopped |= stop.is_some();
        let (mut changed, too_much) = person.learn(&candidate.draft, source, &candidate.keyed);
        if too_much {
            let reason = "everything known about one person fits into 64 KiB; custom fields were left out".to_owned();
            self.warnings.push(Warning { line: candidate.line, column: "attributes".to_owned(), reason });
        }
        for name in &candidate.draft.tags {
            if let Some(tag) = tags.get(&fold(name))
                && !person.tags.contains(tag)
            {
                changed |= person.new_tags.insert(*tag);
            }
        }
        let page = candidate.evidence.page.clone();
        let named = !page.is_empty();
        let takes = person.take(claim.map(|claim| (claim, candidate.evidence)), mark, report);
        if takes {
            person.page = named.then_some(source);
        }
        changed |= takes;
        if changed && named {
            self.pages.entry(source).or_insert(page);
        }
        match (new, changed) {
            (true, _) => report.added += 1,
            (false, true) => report.updated += 1,
            (false, false) => report.unchanged += 1,
        }
    }

    /// The source of a row's values: the file, or the page that the row names, once per page and chunk.
    fn source_of(&mut self, ctx: &Ctx, plan: &Plan, page: &Page) -> ProvenanceId {
        if page.is_empty() || plan.dry_run {
            return plan.provenance;
        }
        *self.by_page.entry(page.clone()).or_insert_with(|| ctx.id())
    }

    /// Whom a row is about. A number that belongs to somebody with another address is dropped:
    /// families share numbers.
    fn person_of(&mut self, candidate: &mut Candidate) -> Option<usize> {
        let of = |kind: Kind| candidate.keyed.iter().find(|keyed| keyed.kind == kind);
        let (email, phone) = (of(Kind::Email), of(Kind::Phone));
        let by_email = email.and_then(|keyed| self.by_key.get(&keyed.blind).copied());
        let by_phone = phone.and_then(|keyed| self.by_key.get(&keyed.blind).copied());
        match (email, by_email, by_phone) {
            (None, _, by_phone) => by_phone,
            (Some(_), Some(person), None) => Some(person),
            (Some(_), Some(person), Some(other)) if person == other => Some(person),
            (Some(_), None, None) => None,
            (Some(_), None, Some(other)) if self.persons[other].profile.emails.is_empty() => Some(other),
            (Some(_), by_email, Some(_)) => {
                candidate.draft.phones.clear();
                candidate.keyed.retain(|keyed| keyed.kind == Kind::Email);
                let reason = "the number belongs to another contact".to_owned();
                self.warnings.push(Warning { line: candidate.line, column: "phone".to_owned(), reason });
                by_email
            }
        }
    }
}

impl Person {
    /// Takes what a row says; tells whether anything is different, and whether it was too much.
    fn learn(&mut self, draft: &Draft, source: ProvenanceId, keyed: &[Keyed]) -> (bool, bool) {
        let before = (!draft.attributes.is_empty()).then(|| self.profile.clone());
        let mut done = rules::absorb(&mut self.profile, draft, source, Overwrite::Yes);
        let mut too_much = false;
        if let Some(before) = before
            && rules::is_too_large(&self.profile)
        {
            self.profile = before;
            let plain = Draft { attributes: BTreeMap::new(), ..draft.clone() };
            done = rules::absorb(&mut self.profile, &plain, source, Overwrite::Yes);
            too_much = true;
        }
        if !done.emails.is_empty() {
            self.identities.extend(keyed.iter().filter(|keyed| keyed.kind == Kind::Email));
        }
        if !done.phones.is_empty() {
            self.identities.extend(keyed.iter().filter(|keyed| keyed.kind == Kind::Phone));
        }
        self.profile_changed |= done.changed;
        self.facts_changed |= done.facts;
        (done.changed, too_much)
    }
}

/// Whether a row makes a prospect: nobody with a relationship that would keep them.
fn is_prospect(claim: Option<&Claim>) -> bool {
    claim.is_none_or(|claim| claim.basis == Basis::LegitimateInterest)
}

/// Why a row stays out. Somebody we still know is kept as they are instead.
fn refusal(stop: Option<Reason>, known: bool) -> Option<&'static str> {
    match stop? {
        Reason::Erased => {
            Some("erased: this person asked to be forgotten; only their own confirmed sign-up brings them back")
        }
        Reason::LegalBlock => Some("blocked: this person must not be contacted"),
        _ if known => None,
        _ => Some("suppressed: this person opted out; only their own confirmed sign-up brings them back"),
    }
}

/// The rows of a chunk and the ids of their tags, by folded name.
pub(super) struct Rows<'a> {
    pub(super) candidates: Vec<Candidate>,
    pub(super) tags: &'a BTreeMap<String, TagId>,
}

/// Looks up or makes the tags that a chunk names; `cache` holds those met before. Tells whether
/// some had to be left out because the workspace has too many.
pub(super) async fn tag_ids(
    ctx: &Ctx,
    chunk: &Chunk,
    cache: &mut BTreeMap<String, TagId>,
    dry_run: bool,
) -> Result<bool> {
    let mut missing: BTreeMap<String, String> = BTreeMap::new();
    for name in chunk.candidates.iter().flat_map(|candidate| &candidate.draft.tags) {
        let folded = fold(name);
        if !cache.contains_key(&folded) {
            missing.insert(folded, name.clone());
        }
    }
    if dry_run {
        for (folded, name) in missing {
            let id = tags::by_name(ctx, &name).await?.map_or_else(|| ctx.id(), |tag| tag.id);
            cache.insert(folded, id);
        }
        return Ok(false);
    }
    let names: Vec<String> = missing.values().cloned().collect();
    match tags::ensure(ctx, &names).await {
        Ok(ids) => cache.extend(missing.into_keys().zip(ids)),
        Err(Error::Refused(_)) => return Ok(true),
        Err(error) => return Err(error),
    }
    Ok(false)
}

fn distinct<T: Copy + Eq + std::hash::Hash>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(*item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_stated_again_only_when_it_adds_something() {
        let mark = |basis: u8, rest: u8| -> Blind { std::array::from_fn(|i| if i == 0 { basis } else { rest }) };
        assert!(!restates(Some(mark(1, 7)), mark(1, 7), false));
        assert!(!restates(Some(mark(1, 7)), mark(1, 8), false));
        assert!(restates(Some(mark(1, 7)), mark(2, 8), true));
        assert!(!restates(Some(mark(1, 7)), NO_BASIS, false));
        assert!(restates(Some(NO_BASIS), mark(1, 8), false));
        // Somebody who signed up themselves keeps their own, better evidence.
        assert!(!restates(None, mark(2, 8), true));
        assert!(restates(None, mark(5, 8), false));
    }

    #[test]
    fn the_forgotten_stay_out_and_the_known_stay_as_they_are() {
        assert!(refusal(Some(Reason::Erased), true).is_some());
        assert!(refusal(Some(Reason::UnsubscribeAll), false).is_some());
        assert!(refusal(Some(Reason::UnsubscribeAll), true).is_none());
        assert!(refusal(None, false).is_none());
    }
}
