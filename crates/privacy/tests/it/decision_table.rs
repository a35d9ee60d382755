//! Every row of the decision table, for every kind of recipient, every basis and every state that
//! matters, against a table that is checked in: `tests/decision_table.txt`. A change of a rule shows
//! there line by line. Made anew with
//!
//! ```text
//! cargo test -p barid-privacy --test it regenerate_the_decision_table -- --ignored
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kernel::Timestamp;
use privacy::rules::{Claim, Country, Facts, Row, RulePack, State, Verdict, decide};
use serde::Deserialize;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/decision_table.txt");
const CHECKED_IN: &str = include_str!("../decision_table.txt");
/// Tuesday, mid-afternoon in Europe, morning in the Americas, before evening in Kuala Lumpur.
const NOW: &str = "2026-11-17T14:30:00Z";

/// One country for each way in which countries differ: every row of the pack has one that it decides about.
const COUNTRIES: [&str; 22] = [
    "DE", "NL", "AT", "DK", "IT", "BE", "PT", "FR", "LU", "GB", "IS", "CH", "US", "CA", "AU", "MY", "SA", "AE",
    "unknown", "BR", "NO", "PL",
];
const RECIPIENTS: [&str; 5] = ["individual", "sole_trader", "corporate_named", "corporate_generic", "public_body"];
const CHANNELS: [&str; 4] = ["email", "sms", "voice", "whatsapp"];

fn bases() -> Vec<(&'static str, Value)> {
    let given = |kind: &str| json!({"type": kind, "state": "given", "at": "2026-05-01T10:00:00Z", "evidence": true});
    let with = |mut base: Value, more: Value| {
        for (key, value) in more.as_object().unwrap() {
            base[key] = value.clone();
        }
        base
    };
    let doi = json!({"doi": {"status": "confirmed", "at": "2026-05-01T10:05:00Z"}});
    let sale = json!({"type": "soft_opt_in", "relationship": "customer", "collected_in": "sale", "sale_at": "2026-03-01",
        "similar_goods": true, "opt_out_offered_at_collection": true, "opt_out_offered_each_time": true});
    let charity = with(sale.clone(), json!({"relationship": "supporter", "collected_in": "charity"}));
    let assessed = json!({"type": "legitimate_interest",
        "lia": {"id": "lia_1", "purpose": "marketing", "start": "2026-06-01", "expires_at": "2027-05-31"}});
    let argued = with(assessed.clone(), json!({"reason": true, "provenance": true, "art14_notice": true}));
    vec![
        ("none", Value::Null),
        ("consent without evidence", json!({"type": "consent"})),
        ("consent", given("consent")),
        ("consent, double opt-in", with(given("consent"), doi.clone())),
        ("express", given("express_consent")),
        ("express written", given("express_written_consent")),
        ("express written, double opt-in", with(given("express_written_consent"), doi.clone())),
        ("explicit, double opt-in", with(given("explicit_consent"), doi)),
        ("soft opt-in, sale", sale.clone()),
        ("soft opt-in, negotiation", with(sale, json!({"relationship": "enquirer", "collected_in": "negotiation"}))),
        ("soft opt-in, charity 2026-03", charity.clone()),
        ("soft opt-in, charity 2026-01", with(charity, json!({"sale_at": "2026-01-31"}))),
        ("interest, bare", json!({"type": "legitimate_interest"})),
        ("interest, assessed", assessed.clone()),
        ("interest, argued", argued.clone()),
        ("interest, published", with(assessed, json!({"address_published_for_marketing": true}))),
        ("interest, purchased", with(argued, json!({"import_kind": "purchased"}))),
        ("implied, purchase 2025", json!({"type": "implied_consent", "kind": "purchase", "at": "2025-01-10"})),
        ("implied, enquiry 2025", json!({"type": "implied_consent", "kind": "enquiry", "at": "2025-01-10"})),
        (
            "implied, published",
            json!({"type": "implied_consent", "kind": "published", "relevant_to_role": true,
            "no_refusal_statement": true}),
        ),
        ("inferred", given("inferred_consent")),
        ("contract", json!({"type": "contract"})),
        ("legal obligation", json!({"type": "legal_obligation"})),
        ("request", json!({"type": "subject_request", "at": "2026-11-17T10:00:00Z"})),
    ]
}

/// A state, and what it changes about a claim.
fn states() -> Vec<(&'static str, Value, Value)> {
    let approved = json!(["LU", "CA", "DK", "MY", "US"]);
    let fit = || json!({"approvals": approved, "list_screen": "clear"});
    let with = |more: Value| {
        let mut state = fit();
        for (key, value) in more.as_object().unwrap() {
            state[key] = value.clone();
        }
        state
    };
    let plain = json!({});
    vec![
        ("fit", fit(), plain.clone()),
        ("erased", with(json!({"erased": true})), plain.clone()),
        ("restricted", with(json!({"restricted": "2026-11-01T00:00:00Z"})), plain.clone()),
        ("left", with(json!({"suppressions": [{"scope": "channel", "reason": "stop"}]})), plain.clone()),
        ("objected", with(json!({"objections": ["marketing"]})), plain.clone()),
        ("minor", with(json!({"birth_date": "2010-01-01"})), plain.clone()),
        ("withdrawn", fit(), json!({"state": "withdrawn"})),
        ("requested", fit(), json!({"state": "requested"})),
        ("expired", fit(), json!({"expires_at": "2026-11-17T14:30:00Z"})),
        ("no approval", with(json!({"approvals": []})), plain.clone()),
        ("not screened", with(json!({"list_screen": "missing"})), plain.clone()),
        ("listed", with(json!({"list_screen": "listed"})), plain.clone()),
        ("special", with(json!({"special_category": true})), plain.clone()),
        ("no imprint", with(json!({"missing_elements": ["imprint"]})), plain.clone()),
        ("no notice", with(json!({"missing_elements": ["lawful_notice"]})), plain.clone()),
        ("capped", with(json!({"frequency": {"cap": 1, "sent": 1}})), plain),
    ]
}

/// Every basis in every state, read once: the name of the basis, then by state the claims and the state.
struct Cases(Vec<(&'static str, Vec<(&'static str, Vec<Claim>, State)>)>);

impl Cases {
    fn all() -> Self {
        let of = |basis: &Value, change: &Value| -> Vec<Claim> {
            let mut basis = basis.clone();
            if basis.is_null() {
                return Vec::new();
            }
            for (key, value) in change.as_object().unwrap() {
                basis[key] = value.clone();
            }
            vec![Claim::deserialize(basis).unwrap()]
        };
        let states = states();
        let cases = bases().into_iter().map(|(name, basis)| {
            let cells = states
                .iter()
                .map(|(word, state, change)| (*word, of(&basis, change), State::deserialize(state.clone()).unwrap()));
            (name, cells.collect())
        });
        Self(cases.collect())
    }
}

fn facts((country, recipient, channel): (&str, &str, &str), purpose: &str, basis: Vec<Claim>, state: State) -> Facts {
    Facts {
        country: Country::read(country),
        recipient_type: recipient.parse().unwrap(),
        channel: channel.parse().unwrap(),
        purpose: purpose.parse().unwrap(),
        topic: None,
        basis,
        state,
    }
}

fn row(to: (&str, &str, &str), purpose: &str) -> &'static Row {
    RulePack::current().row_for(&facts(to, purpose, Vec::new(), State::default())).unwrap()
}

fn cell(facts: &Facts, now: Timestamp) -> String {
    let decision = decide(facts, RulePack::current(), now);
    match decision.decision {
        Verdict::Permit => "yes".to_owned(),
        Verdict::Defer => format!("wait {}", decision.reason),
        Verdict::Deny => decision.reason.to_string(),
    }
}

/// What a state comes to whatever the basis, unless a block says otherwise.
fn always(state: &str) -> Option<&'static str> {
    Some(match state {
        "erased" => "erased",
        "restricted" => "restricted",
        "left" => "opt_out",
        "objected" => "objection",
        "minor" => "minor",
        _ => return None,
    })
}

/// The lines of one block: the bases that come to the same, and what each state comes to. What is as in
/// `fit`, or as always, is left out.
fn block(cases: &Cases, to: (&str, &str, &str), purpose: &str) -> String {
    let now = NOW.parse().unwrap();
    let mut told: Vec<(Vec<&str>, String)> = Vec::new();
    for (name, states) in &cases.0 {
        let answer = |(_, basis, state): &(&str, Vec<Claim>, State)| {
            cell(&facts(to, purpose, basis.clone(), state.clone()), now)
        };
        let fit = answer(&states[0]);
        let mut line = fit.clone();
        for one in &states[1..] {
            let found = answer(one);
            if always(one.0).map_or(found != fit, |usual| found != usual) {
                write!(line, "; {}: {found}", one.0).unwrap();
            }
        }
        match told.iter_mut().find(|(_, known)| *known == line) {
            Some((same, _)) => same.push(name),
            None => told.push((vec![name], line)),
        }
    }
    told.into_iter().fold(String::new(), |mut lines, (names, line)| {
        writeln!(lines, "  {}\n    → {line}", names.join(" | ")).unwrap();
        lines
    })
}

fn generate() -> String {
    let cases = Cases::all();
    let mut out = format!(
        "The decision table of rule pack {}, asked on {NOW}. Per block: the row that decides, then the bases, the answer\n\
         when nothing stands against the message, and every state in which it differs. Unless a line says otherwise,\n\
         erased comes to erased, restricted to restricted, left to opt_out, objected to objection, minor to minor.\n",
        RulePack::current().version()
    );
    for country in COUNTRIES {
        for channel in CHANNELS {
            let mut told: Vec<(Vec<&str>, (&str, String))> = Vec::new();
            for recipient in RECIPIENTS {
                let to = (country, recipient, channel);
                let found = (row(to, "marketing").id.as_str(), block(&cases, to, "marketing"));
                match told.iter_mut().find(|(_, known)| *known == found) {
                    Some((same, _)) => same.push(recipient),
                    None => told.push((vec![recipient], found)),
                }
            }
            for (recipients, (rule, lines)) in told {
                let who =
                    if recipients.len() == RECIPIENTS.len() { "anybody".to_owned() } else { recipients.join(", ") };
                write!(out, "\n{country} · {channel} · {who} · row {rule}\n{lines}").unwrap();
            }
        }
    }
    for purpose in ["service", "engagement_tracking", "profiling", "statutory"] {
        let to = ("DE", "individual", "email");
        write!(out, "\nany · {purpose} · row {}\n{}", row(to, purpose).id, block(&cases, to, purpose)).unwrap();
    }
    out
}

#[test]
fn the_decision_table_is_the_one_that_is_checked_in() {
    let now = generate();
    let differs = now.lines().zip(CHECKED_IN.lines()).position(|(new, old)| new != old);
    let shown = differs.map(|at| (at + 1, CHECKED_IN.lines().nth(at), now.lines().nth(at)));
    assert!(
        now == CHECKED_IN,
        "the first line that differs (was, is): {shown:?}; if this is right, regenerate the table"
    );
}

#[test]
fn the_decision_table_asks_every_row_of_the_pack() {
    let rows = RulePack::current().rows();
    let mut asked = BTreeSet::new();
    for purpose in ["marketing", "service", "engagement_tracking", "statutory"] {
        for country in COUNTRIES {
            for recipient in RECIPIENTS {
                for channel in CHANNELS {
                    let found = row((country, recipient, channel), purpose);
                    asked.insert(rows.iter().position(|one| one == found).unwrap());
                }
            }
        }
    }
    let left: Vec<_> =
        (0..rows.len()).filter(|at| !asked.contains(at)).map(|at| (&rows[at].id, &rows[at].countries)).collect();
    assert!(left.is_empty(), "no country of the table is decided by {left:?}");
}

#[test]
fn purposes_beside_marketing_do_not_ask_for_the_country() {
    let cases = Cases::all();
    for purpose in ["service", "engagement_tracking", "profiling", "statutory"] {
        let first = block(&cases, ("DE", "individual", "email"), purpose);
        for to in
            [("US", "corporate_named", "email"), ("unknown", "public_body", "email"), ("SA", "sole_trader", "email")]
        {
            assert_eq!(block(&cases, to, purpose), first, "{to:?} {purpose}");
        }
    }
}

#[test]
#[ignore = "writes tests/decision_table.txt anew"]
fn regenerate_the_decision_table() {
    std::fs::write(FILE, generate()).unwrap();
}
