use std::collections::{BTreeMap, BTreeSet};

use kernel::{ProvenanceId, Timestamp};
use serde_json::Value as Json;

use super::Frame;
use super::page::Page;
use super::words::Words;
use crate::answer::Answer;
use crate::assessments::Assessment;
use crate::claims::Claim;
use crate::provenance::Recorded;
use crate::retention::Settings as Periods;
use crate::suppression::Reason;
use crate::vocabulary::{BasisKind, Purpose};

/// Most messages that are listed one by one.
const LISTED: usize = 50;
/// Longest value that is shown, in characters.
const LONGEST: usize = 500;

/// What an answer is written from.
pub(super) struct Records {
    pub(super) held: Answer,
    /// The sources of values, with what they were derived from.
    pub(super) sources: Vec<Recorded>,
    pub(super) assessments: Vec<Assessment>,
}

fn text<'a>(value: &'a Json, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str().filter(|text| !text.trim().is_empty())
}

fn instant(value: &Json, pointer: &str) -> Option<Timestamp> {
    text(value, pointer)?.parse().ok()
}

fn short(value: &str) -> String {
    value.chars().take(LONGEST).collect()
}

/// A word of a vocabulary in the reader's language; the word itself when there is none.
fn word(words: Words, kind: &str, code: &str) -> String {
    words.find(&format!("{kind}.{code}")).map_or_else(|| code.replace('_', " "), str::to_owned)
}

const fn basis_name(kind: BasisKind) -> &'static str {
    if kind.is_consent() { "consent" } else { kind.as_str() }
}

impl Records {
    fn records<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Json> {
        self.held.sections.iter().filter(move |section| section.table == table).flat_map(|section| &section.records)
    }

    fn live(&self) -> impl Iterator<Item = &Claim> {
        let now = self.held.at;
        self.held
            .basis
            .iter()
            .filter(move |claim| claim.state.is_valid() && claim.expires_at.is_none_or(|end| now < end))
    }

    /// What was written down with a claim: the ledger's payload, with the projection's terms as a fallback.
    fn detail(&self, claim: &Claim) -> Json {
        let id = claim.event.to_string();
        let event = self.records("ledger_event").find(|record| text(record, "/header/id") == Some(&id));
        let payload = event.and_then(|event| event.get("payload")).filter(|payload| payload.is_object());
        payload.or(claim.terms.as_ref()).cloned().unwrap_or_default()
    }

    /// What processing rests on, with the assessment behind a legitimate interest.
    pub(super) fn basis(&self, page: &mut Page) {
        page.heading("basis");
        let words = page.words;
        if !self.live().any(|claim| claim.purpose == Purpose::MARKETING) {
            page.paragraph(words.say("basis.none", &[]));
        }
        for claim in self.live() {
            let detail = self.detail(claim);
            let purpose = word(words, "purpose", claim.purpose.as_str());
            let channel = word(words, "channel", claim.channel.as_str());
            let date = words.date(claim.at);
            let mut said = vec![
                words.say("basis.for", &[("purpose", &purpose), ("channel", &channel)]),
                words.say(&format!("basis.{}", basis_name(claim.basis)), &[("date", &date)]),
            ];
            if let Some(at) = claim.confirmed_at {
                said.push(words.say("basis.confirmed", &[("date", &words.date(at))]));
            }
            if let Some(wording) = text(&detail, "/wording").or_else(|| text(&detail, "/doi/wording")) {
                said.push(words.say("basis.wording", &[("words", &short(wording))]));
            }
            if let Some(end) = claim.expires_at {
                said.push(words.say("basis.until", &[("date", &words.date(end))]));
            }
            page.item(said.join(" "));
            let cited = claim.terms.as_ref().and_then(|terms| text(terms, "/lia/id"));
            if let Some(assessment) = cited.and_then(|id| self.assessments.iter().find(|one| one.id.to_string() == id))
            {
                self.weighed(page, assessment);
            }
        }
    }

    fn weighed(&self, page: &mut Page, assessment: &Assessment) {
        let (words, said) = (page.words, &assessment.text);
        if !assessment.is_live(self.held.at) {
            page.item(words.say("assessment.over", &[("name", &said.name)]));
            return;
        }
        let end = assessment.expires_at.map(|end| words.date(end)).unwrap_or_default();
        page.item(words.say("assessment", &[("name", &said.name), ("date", &end)]));
        for (name, text) in [
            ("assessment.necessity", &said.necessity),
            ("assessment.balancing", &said.balancing),
            ("assessment.safeguards", &said.safeguards),
        ] {
            if !text.trim().is_empty() {
                page.item(words.say(name, &[("text", text)]));
            }
        }
    }

    /// The reason noted for this person, or the general picture that they fit.
    pub(super) fn why(&self, page: &mut Page) {
        let words = page.words;
        let mut said: BTreeSet<String> = BTreeSet::new();
        for claim in self.live().filter(|claim| claim.purpose == Purpose::MARKETING) {
            let detail = self.detail(claim);
            let profile = text(&detail, "/profile");
            // What is noted as the reason is then the picture itself, and nobody's own.
            if let Some(reason) = text(&detail, "/reason").filter(|reason| profile != Some(*reason)) {
                said.insert(words.say("why.reason", &[("reason", &short(reason))]));
            }
            if let Some(profile) = profile {
                said.insert(words.say("why.profile", &[("profile", &short(profile))]));
            }
        }
        if !said.is_empty() {
            page.heading("why");
            for line in said {
                page.paragraph(line);
            }
        }
    }

    /// Where each value came from: the chain of its sources, the first one first.
    pub(super) fn origins(&self, page: &mut Page) {
        let words = page.words;
        page.heading("sources");
        let mut by_source: BTreeMap<ProvenanceId, Vec<String>> = BTreeMap::new();
        for record in self.held.sections.iter().flat_map(|section| &section.records) {
            let source = text(record, "/provenance").and_then(|id| id.parse().ok());
            let field = text(record, "/field").map(|field| word(words, "field", field));
            if let (Some(source), Some(field)) = (source, field) {
                let fields = by_source.entry(source).or_default();
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        // Sources that only an older record names are told too.
        let ends = self.held.sources.iter().map(|source| source.id);
        for id in ends.filter(|id| !self.is_parent(*id)) {
            by_source.entry(id).or_default();
        }
        if by_source.is_empty() {
            page.paragraph(words.say("sources.none", &[]));
        }
        let separator = if words.direction() == "rtl" { "، " } else { ", " };
        for (id, fields) in by_source {
            let mut lines: Vec<String> = self.ancestry(id).into_iter().map(|source| step(words, source)).collect();
            if !fields.is_empty() {
                lines.insert(0, words.say("source.of", &[("fields", &fields.join(separator))]));
            }
            page.item(lines.join("\n"));
        }
    }

    fn is_parent(&self, id: ProvenanceId) -> bool {
        self.sources.iter().any(|source| source.parent == Some(id))
    }

    fn ancestry(&self, id: ProvenanceId) -> Vec<&Recorded> {
        let mut chain: Vec<&Recorded> = Vec::new();
        let mut next = Some(id);
        while let Some(source) = next.and_then(|id| self.sources.iter().find(|source| source.id == id)) {
            if chain.iter().any(|known| known.id == source.id) {
                break;
            }
            chain.push(source);
            next = source.parent;
        }
        chain.reverse();
        chain
    }

    /// The values themselves.
    pub(super) fn values(&self, page: &mut Page) {
        let words = page.words;
        page.heading("values");
        let mut none = true;
        for record in self.held.sections.iter().flat_map(|section| &section.records) {
            let (Some(field), Some(value)) = (text(record, "/field"), record.get("value")) else { continue };
            none = false;
            let shown = match (field, value) {
                ("created_at", Json::String(at)) => at.parse().map_or_else(|_| at.clone(), |at| words.date(at)),
                (_, Json::String(text)) => text.clone(),
                (_, other) => other.to_string(),
            };
            let field = word(words, "field", field);
            page.item(words.say("value", &[("field", &field), ("value", &short(&shown))]));
        }
        if none {
            page.paragraph(words.say("values.none", &[]));
        }
        page.paragraph(words.say("processing", &[]));
    }

    /// What was sent, and on what basis.
    pub(super) fn messages(&self, page: &mut Page) {
        let words = page.words;
        page.heading("messages");
        let mut sent: Vec<(Timestamp, &Json)> = Vec::new();
        sent.extend(self.records("delivery").filter_map(|record| Some((instant(record, "/sent_at")?, record))));
        sent.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        if sent.is_empty() {
            page.paragraph(words.say("messages.none", &[]));
        }
        for (at, record) in sent.iter().take(LISTED) {
            let purpose = word(words, "purpose", text(record, "/purpose").unwrap_or_default());
            let kind = text(record, "/basis/type").unwrap_or_default();
            let kind = match kind.parse::<BasisKind>() {
                Ok(known) => basis_name(known),
                Err(_) => kind,
            };
            let places = [
                ("date", words.date(*at)),
                ("subject", short(text(record, "/subject").unwrap_or("-"))),
                ("purpose", purpose),
                ("basis", word(words, "basisname", kind)),
            ];
            let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
            page.item(words.say("message", &places));
        }
        if sent.len() > LISTED {
            page.item(words.say("message.more", &[("count", &(sent.len() - LISTED).to_string())]));
        }
    }

    /// Who receives the data, where they are, and that they are not sold.
    pub(super) fn recipients(&self, page: &mut Page, frame: &Frame, place: Option<&str>) {
        let (words, settings) = (page.words, &frame.settings);
        page.heading("recipients");
        let named = self.assessments.iter().flat_map(|assessment| &assessment.text.recipients);
        let all: BTreeSet<&String> = named.chain(&settings.recipients).collect();
        if all.is_empty() {
            page.paragraph(words.say("recipients.none", &[]));
        }
        for recipient in all {
            page.item(recipient.clone());
        }
        page.paragraph(match settings.hosting.as_deref().or(place) {
            Some(hosting) => words.say("hosting", &[("hosting", hosting)]),
            None => words.say("hosting.own", &[("organisation", &frame.organisation)]),
        });
        if !settings.shared_elsewhere {
            page.paragraph(words.say("sold.no", &[]));
        }
    }

    /// How long each kind of record is kept.
    pub(super) fn retention(&self, page: &mut Page, periods: &Periods) {
        let words = page.words;
        page.heading("retention");
        let mut classes: BTreeSet<&str> = self.held.sections.iter().map(|section| section.class).collect();
        if !self.held.suppressions.is_empty() {
            classes.insert("suppression");
        }
        for class in classes {
            let name = format!("retention.{class}");
            if words.find(&name).is_some() {
                let named = if class == "evidence" { "consent.evidence" } else { class };
                let (period, lead) = (periods.period_of(named), periods.period_of("marketing.lead"));
                let places = [("period", words.period(period)), ("lead", words.period(lead))];
                let places = places.each_ref().map(|(name, value)| (*name, value.as_str()));
                page.item(words.say(&name, &places));
            }
        }
    }

    /// What stands against writing to the person.
    pub(super) fn blocks(&self, page: &mut Page) {
        let words = page.words;
        let mut lines: BTreeSet<String> = BTreeSet::new();
        for blocked in &self.held.suppressions {
            let name = match blocked.block.reason {
                reason if reason.is_refusal() => "block.refusal",
                Reason::Pause => "block.pause",
                _ => "block.other",
            };
            lines.insert(words.say(name, &[("date", &words.date(blocked.block.at))]));
        }
        if !lines.is_empty() {
            page.heading("blocks");
            for line in lines {
                page.item(line);
            }
        }
    }
}

/// One source in a sentence: how, from where, when, with which tool.
fn step(words: Words, source: &Recorded) -> String {
    let mut said = vec![word(words, "method", source.method.as_str())];
    said.push(words.say("source.words", &[("words", &short(&source.source))]));
    match source.collected_on {
        Some(day) => said.push(words.say("source.collected", &[("date", &words.day(day))])),
        None => said.push(words.say("source.recorded", &[("date", &words.date(source.created_at))])),
    }
    for (name, place) in [
        ("source.tool", "tool"),
        ("source.vendor", "vendor"),
        ("source.url", "url"),
        ("source.read_on", "read_on"),
        ("source.sha256", "sha256"),
    ] {
        if let Some(value) = text(&source.detail, &format!("/{place}")) {
            let value = match (place, value.parse()) {
                ("read_on", Ok(day)) => words.day(day),
                _ => short(value),
            };
            said.push(words.say(name, &[(place, &value)]));
        }
    }
    said.join(if words.direction() == "rtl" { "؛ " } else { "; " })
}
