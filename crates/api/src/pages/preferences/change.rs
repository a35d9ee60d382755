//! What the forms of the preference centre do.

use std::collections::BTreeMap;

use http_server::Result;
use kernel::{Code, Problem};
use outbound::incoming::{Asked, unsubscribed};
use people::contacts::{self, Change, Draft, Origin, Standard};
use people::segments::conditions::TopicState;
use people::subscribe::{Leave, Subscribe, Subscribed, subscribe, unsubscribe};
use people::topics::Topic;
use privacy::claims::{self, Statement};
use privacy::provenance::Method;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;

use super::super::posted::Posted;
use super::super::visitor::Visitor;
use super::super::words::{Language, Words};
use super::{Centre, Outcome};
use crate::App;

const SOURCE: &str = "preference centre";

/// Carries out one form.
pub(super) async fn apply(app: &App, visitor: &Visitor, centre: &Centre, posted: &Posted) -> Result<Outcome> {
    match posted.get("action") {
        "topics" => topics(app, visitor, centre, posted).await,
        "profile" => profile(centre, posted).await,
        "tracking" => tracking(visitor, centre, posted.get("tracking") == "yes").await,
        "everything" => everything(app, visitor, centre).await,
        _ => Err(Problem::new(Code::NotFound, "no such form").into()),
    }
}

/// The words beside a topic's box, kept as evidence of joining.
pub(super) fn topic_wording(words: Words, topic: &Topic) -> String {
    let description = match words.0 {
        Language::Arabic => &topic.description_ar,
        Language::English => &topic.description_en,
    };
    let asked = words.line("preferences.topic_wording", &[("topic", &topic.name)]);
    if description.is_empty() { asked } else { format!("{asked} {description}") }
}

/// Joins topics that were ticked and leaves those that were unticked since the page was shown;
/// what happened elsewhere meanwhile stays as it is.
async fn topics(app: &App, visitor: &Visitor, centre: &Centre, posted: &Posted) -> Result<Outcome> {
    let words = centre.letter.words;
    let mut outcome = Outcome::default();
    for (topic, state) in &centre.topics {
        let id = topic.id.to_string();
        let (was, now) = (posted.all("was").any(|was| was == id), posted.all("topic").any(|now| now == id));
        let names = [("topic", topic.name.as_str())];
        match (was, now, state) {
            (false, true, state) if *state != Some(TopicState::Subscribed) => {
                let key = match join(visitor, centre, topic).await? {
                    Subscribed::Requested(_) => "preferences.confirm_sent",
                    Subscribed::Joined(_) | Subscribed::Already(_) => "preferences.joined",
                };
                outcome.done.push(words.line(key, &names));
            }
            (true, false, Some(TopicState::Subscribed | TopicState::Pending)) => {
                let evidence = visitor.evidence(SOURCE);
                let letter = &centre.letter;
                let leave = Leave::Topic(topic.id);
                unsubscribe(&letter.ctx, app.outbound.gate(), letter.contact, leave, evidence).await?;
                outcome.done.push(words.line("preferences.left", &names));
            }
            _ => {}
        }
    }
    if outcome.done.is_empty() {
        outcome.done.push(words.get("preferences.unchanged").to_owned());
    }
    Ok(outcome)
}

async fn join(visitor: &Visitor, centre: &Centre, topic: &Topic) -> Result<Subscribed> {
    let profile = &centre.contact.loaded.profile;
    let phone = || profile.phone().and_then(|number| kernel::Phone::parse(number, None).ok());
    let emails: Vec<_> = profile.email().cloned().into_iter().collect();
    let phones = if emails.is_empty() { phone().into_iter().collect() } else { Vec::new() };
    let command = Subscribe {
        draft: Draft { emails, phones, ..Draft::default() },
        topic: topic.id,
        origin: origin(),
        proof: visitor.proof(topic_wording(centre.letter.words, topic)),
    };
    Ok(subscribe(&centre.letter.ctx, command).await?)
}

fn origin() -> Origin {
    Origin { method: Method::Form, source: SOURCE.to_owned() }
}

/// Corrects names and language.
async fn profile(centre: &Centre, posted: &Posted) -> Result<Outcome> {
    let mut values: BTreeMap<Standard, String> = BTreeMap::new();
    for field in [Standard::FirstName, Standard::LastName] {
        values.insert(field, posted.get(field.as_str()).to_owned());
    }
    if let Some(language) = Language::of(posted.get("language")) {
        let before = centre.contact.loaded.profile.value(Standard::Language);
        if before.and_then(Language::of) != Some(language) {
            values.insert(Standard::Language, language.tag().to_owned());
        }
    }
    let change = Change { draft: Draft { values, ..Draft::default() }, ..Change::default() };
    match contacts::update(&centre.letter.ctx, centre.letter.contact, change, &origin()).await {
        Ok(()) => {
            let language = Language::of(posted.get("language")).map_or(centre.letter.words, Words);
            Ok(Outcome { done: vec![language.get("preferences.saved").to_owned()], wrong: None })
        }
        Err(people::Error::Refused(problem)) if problem.code == Code::InvalidInput => {
            let named = |field: Standard| problem.fields.iter().any(|wrong| wrong.field == field.as_str());
            let field = if named(Standard::LastName) { Standard::LastName } else { Standard::FirstName };
            let wrong = Some((field.as_str(), posted.get(field.as_str()).to_owned()));
            Ok(Outcome { done: Vec::new(), wrong })
        }
        Err(error) => Err(error.into()),
    }
}

/// States the person's answer about the recording of opens and clicks, with the words they read.
async fn tracking(visitor: &Visitor, centre: &Centre, yes: bool) -> Result<Outcome> {
    let (ctx, words) = (&centre.letter.ctx, centre.letter.words);
    let before = centre.tracking.is_some_and(ConsentState::is_valid);
    let state = match (yes, before) {
        (true, _) => ConsentState::Given,
        (false, true) => ConsentState::Withdrawn,
        (false, false) => ConsentState::Refused,
    };
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, centre.letter.contact).await?);
    let statement = Statement {
        subject: centre.letter.contact,
        purpose: Purpose::ENGAGEMENT_TRACKING,
        channel: Channel::Email,
        topic: None,
        basis: BasisKind::Consent,
        state,
        at: ctx.now(),
        expires_at: None,
        detail: json!({
            "evidence": true,
            "source": SOURCE,
            "ip": visitor.ip.map(|ip| ip.to_string()),
            "user_agent": visitor.agent,
            "wording": words.line("preferences.tracking_text", &[("organisation", &centre.letter.organisation)]),
        }),
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
    ctx.db.apply(batch).await?;
    let key = if yes { "preferences.tracking_on" } else { "preferences.tracking_off" };
    Ok(Outcome { done: vec![words.get(key).to_owned()], wrong: None })
}

/// Takes the person out of all marketing.
async fn everything(app: &App, visitor: &Visitor, centre: &Centre) -> Result<Outcome> {
    let letter = &centre.letter;
    let evidence = visitor.evidence("preference centre");
    unsubscribed(&letter.ctx, app.outbound.gate(), letter.row.id, Asked::Everything, evidence.clone()).await?;
    if letter.contact != letter.row.contact {
        // The message went to a duplicate that was merged since.
        let leave = Leave::Everything;
        unsubscribe(&letter.ctx, app.outbound.gate(), letter.contact, leave, evidence).await?;
    }
    let done = letter.words.line("unsubscribe.done_everything", &[("organisation", &letter.organisation)]);
    Ok(Outcome { done: vec![done], wrong: None })
}
