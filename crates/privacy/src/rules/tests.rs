//! The decision table, row by row, and the properties no row may break.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose, RecipientType};

/// Tuesday, mid-afternoon in Europe and the Gulf.
const NOW: &str = "2026-11-17T14:00:00Z";

fn ask(mut question: Value) -> Value {
    if question.get("now").is_none() {
        question["now"] = json!(NOW);
    }
    explain_gate(&question).unwrap_or_else(|error| panic!("{question}: {error}"))
}

/// `verdict reason rule`, for compact tables.
fn brief(question: Value) -> String {
    let answer = ask(question);
    let word = |key: &str| answer[key].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", word("decision"), word("reason"), word("rule"))
}

fn consent() -> Value {
    json!({"type": "consent", "purpose": "marketing", "state": "given", "at": "2026-05-01T10:00:00Z", "evidence": "evt_1"})
}

fn with(mut base: Value, more: Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

fn confirmed() -> Value {
    with(consent(), json!({"doi": {"status": "confirmed", "at": "2026-05-01T10:05:00Z"}}))
}

fn soft() -> Value {
    json!({"type": "soft_opt_in", "relationship": "customer", "collected_in": "sale", "sale_at": "2026-03-01",
        "similar_goods": true, "opt_out_offered_at_collection": true, "opt_out_offered_each_time": true})
}

fn interest() -> Value {
    json!({"type": "legitimate_interest", "reason": "heads the department this is for", "provenance": {"method": "public_source"},
        "lia": {"id": "lia_1", "purpose": "marketing", "start": "2026-06-01", "expires_at": "2027-05-31"},
        "art14_notice": true, "first_touch_at": "2026-11-01", "touches": 1})
}

fn of_type(kind: &str) -> Value {
    with(consent(), json!({"type": kind}))
}

#[test]
fn every_row_decides_as_the_table_says() {
    let implied = json!({"type": "implied_consent", "kind": "purchase", "at": "2025-01-10"});
    let inferred = json!({"type": "inferred_consent"});
    let table: &[(&str, &str, &str, Value, &str)] = &[
        ("DE", "individual", "email", confirmed(), "permit consent 3"),
        ("DE", "corporate_named", "email", confirmed(), "permit consent 3"),
        ("DE", "individual", "email", consent(), "deny doi_missing 3"),
        ("DE", "individual", "email", soft(), "permit soft_opt_in 3"),
        ("DE", "individual", "sms", soft(), "deny basis_not_allowed 3"),
        ("DE", "corporate_generic", "email", interest(), "deny basis_not_allowed 3"),
        ("AT", "individual", "email", consent(), "permit consent 4"),
        ("AT", "individual", "email", soft(), "deny list_screen_missing 4"),
        ("IT", "corporate_generic", "email", interest(), "deny basis_not_allowed 4"),
        ("IT", "individual", "sms", soft(), "permit soft_opt_in 4"),
        ("HR", "individual", "email", consent(), "permit consent 4"),
        ("CH", "individual", "email", soft(), "permit soft_opt_in 4"),
        ("NL", "corporate_generic", "email", interest(), "deny address_not_published 4"),
        (
            "NL",
            "corporate_generic",
            "email",
            with(interest(), json!({"address_published_for_marketing": true})),
            "permit legitimate_interest 4",
        ),
        (
            "NL",
            "individual",
            "email",
            with(interest(), json!({"address_published_for_marketing": true})),
            "deny basis_not_allowed 4",
        ),
        ("BE", "corporate_generic", "email", interest(), "permit legitimate_interest 5"),
        ("NO", "public_body", "email", interest(), "permit legitimate_interest 5"),
        ("BE", "corporate_named", "email", interest(), "deny basis_not_allowed 6"),
        ("HU", "corporate_named", "email", consent(), "permit consent 6"),
        ("HU", "sole_trader", "email", soft(), "permit soft_opt_in 6"),
        ("FR", "corporate_named", "email", interest(), "permit legitimate_interest 7"),
        ("FR", "corporate_named", "email", with(interest(), json!({"reason": null})), "deny reason_missing 7"),
        ("FI", "corporate_named", "email", with(interest(), json!({"provenance": null})), "deny provenance_missing 7"),
        (
            "SE",
            "corporate_named",
            "email",
            with(interest(), json!({"art14_notice": false})),
            "deny art14_notice_missing 7",
        ),
        ("PT", "corporate_named", "email", interest(), "deny list_screen_missing 7"),
        ("FR", "individual", "email", interest(), "deny basis_not_allowed 10"),
        ("FR", "individual", "email", consent(), "permit consent 10"),
        ("IE", "sole_trader", "whatsapp", consent(), "permit consent 10"),
        ("IS", "individual", "email", soft(), "permit soft_opt_in 10"),
        ("GB", "corporate_named", "email", interest(), "permit legitimate_interest 8"),
        ("UK", "public_body", "email", interest(), "permit legitimate_interest 8"),
        ("GB", "sole_trader", "email", interest(), "deny basis_not_allowed 9"),
        ("GB", "individual", "sms", soft(), "permit soft_opt_in 9"),
        ("US", "individual", "email", json!({"type": "legitimate_interest"}), "permit legitimate_interest 11"),
        ("US", "individual", "email", consent(), "permit consent 11"),
        ("US", "individual", "sms", consent(), "deny basis_not_allowed 12"),
        ("US", "individual", "sms", of_type("express_written_consent"), "deny country_approval_missing 12"),
        ("CA", "individual", "email", of_type("express_consent"), "permit express_consent 13"),
        ("CA", "individual", "email", implied, "permit implied_consent 13"),
        ("CA", "individual", "email", inferred.clone(), "deny basis_not_allowed 13"),
        ("AU", "individual", "email", inferred, "permit inferred_consent 14"),
        ("AU", "individual", "email", interest(), "deny basis_not_allowed 14"),
        ("MY", "individual", "email", consent(), "permit consent 15"),
        ("MY", "individual", "sms", consent(), "deny country_approval_missing 15"),
        ("MY", "corporate_generic", "email", consent(), "deny doi_missing 17"),
        ("SA", "individual", "email", consent(), "permit consent arab"),
        ("SA", "individual", "email", with(consent(), json!({"evidence": null})), "deny evidence_missing arab"),
        ("EG", "corporate_named", "sms", consent(), "permit consent arab"),
        ("AE", "individual", "email", soft(), "deny basis_not_allowed arab"),
        ("FR", "individual", "voice", consent(), "deny basis_not_allowed 16"),
        ("FR", "individual", "voice", of_type("explicit_consent"), "permit explicit_consent 16"),
        ("unknown", "individual", "email", consent(), "deny doi_missing 17"),
        ("unknown", "individual", "email", confirmed(), "permit consent 17"),
        ("JP", "individual", "email", consent(), "deny doi_missing 17"),
        ("JP", "corporate_generic", "email", confirmed(), "permit consent 17"),
        ("FR", "individual", "chat", consent(), "deny doi_missing 17"),
    ];
    for (country, recipient, channel, basis, expected) in table {
        let question = json!({"country": country, "recipient_type": recipient, "channel": channel, "purpose": "marketing", "basis": [basis]});
        assert_eq!(brief(question.clone()), *expected, "{question}");
    }
}

#[test]
fn every_consent_state_but_given_and_renewed_denies_in_every_row() {
    for country in ["DE", "AT", "BE", "FR", "GB", "US", "CA", "AU", "MY", "SA", "JP", "unknown"] {
        for state in ConsentState::ALL {
            let basis = with(confirmed(), json!({"state": state}));
            let answer = ask(json!({"country": country, "basis": [basis]}));
            let expected = if state.is_valid() { "permit" } else { "deny" };
            assert_eq!(answer["decision"], expected, "{country} {state}");
        }
    }
}

#[test]
fn stops_have_their_precedence_and_scopes() {
    let state =
        |suppressions: Value| json!({"country": "FR", "basis": [consent()], "state": {"suppressions": suppressions}});
    let all = [
        ("erased", "person", "erased"),
        ("legal_block", "person", "legal_block"),
        ("complaint", "address", "complaint"),
        ("unsubscribe_all", "person", "unsubscribe_all"),
        ("hard_bounce", "address", "hard_bounce"),
        ("domain_block", "domain", "domain_block"),
        ("opt_out", "topic", "opt_out"),
        ("soft_limit", "address", "soft_bounce_limit"),
        ("pause", "address", "paused"),
    ];
    for at in 0..all.len() {
        let list: Vec<_> =
            all[at..].iter().rev().map(|(reason, scope, _)| json!({"scope": scope, "reason": reason})).collect();
        assert_eq!(brief(state(json!(list))), format!("deny {} 0", all[at].2));
    }
    assert_eq!(brief(state(json!([{"scope": "channel", "value": "sms", "reason": "stop"}]))), "permit consent 10");
    assert_eq!(brief(state(json!([{"scope": "channel:email", "reason": "stop"}]))), "deny opt_out 0");
    assert_eq!(brief(state(json!([{"scope": "purpose", "purpose": "profiling"}]))), "permit consent 10");
    assert_eq!(
        brief(state(json!([{"scope": "channel", "value": "sms", "reason": "unsubscribe_all"}]))),
        "deny unsubscribe_all 0"
    );
}

#[test]
fn service_yields_to_four_things_only() {
    let service = |state: Value| {
        brief(json!({"country": "DE", "purpose": "service", "basis": [{"type": "contract"}], "state": state}))
    };
    let permit = "permit contract 1";
    assert_eq!(service(json!({})), permit);
    for (scope, reason) in [
        ("purpose", "opt_out"),
        ("channel", "stop"),
        ("topic", "opt_out"),
        ("address", "complaint"),
        ("domain", "domain_block"),
    ] {
        assert_eq!(service(json!({"suppressions": [{"scope": scope, "reason": reason}]})), permit);
    }
    assert_eq!(
        service(
            json!({"objections": ["marketing"], "archived": true, "birth_date": "2015-01-01", "bounce": "soft_limit"})
        ),
        permit
    );
    assert_eq!(service(json!({"erased": true})), "deny erased 0");
    assert_eq!(service(json!({"restricted": true})), "deny restricted 0");
    assert_eq!(service(json!({"bounce": "hard"})), "deny hard_bounce 0");
    assert_eq!(service(json!({"suppressions": [{"scope": "address", "reason": "hard_bounce"}]})), "deny hard_bounce 0");
    assert_eq!(service(json!({"suppressions": [{"scope": "person", "reason": "manual"}]})), "deny person_block 0");
    assert_eq!(service(json!({"promotional_content": true})), "deny promotional_content 1");
    assert_eq!(service(json!({"missing_elements": ["sender_identity:text"]})), "deny element_missing 1");
    assert_eq!(service(json!({"missing_elements": ["unsubscribe_link"]})), permit);
    assert_eq!(brief(json!({"purpose": "service", "basis": [{"type": "consent"}]})), "deny basis_not_allowed 1");
    assert_eq!(brief(json!({"purpose": "service"})), "deny no_basis 1");
}

#[test]
fn restriction_leaves_statutory_notices_and_later_requests() {
    let request = |at: &str, since: Value| {
        brief(
            json!({"purpose": "service", "basis": [{"type": "subject_request", "at": at}], "state": {"restricted": since}}),
        )
    };
    assert_eq!(request("2026-11-10T00:00:00Z", json!("2026-11-01T00:00:00Z")), "permit subject_request 1");
    assert_eq!(request("2026-10-10T00:00:00Z", json!({"since": "2026-11-01"})), "deny restricted 0");
    let statutory = json!({"purpose": "statutory", "basis": [{"type": "legal_obligation"}],
        "state": {"restricted": true, "erased": true, "suppressions": [{"scope": "person", "reason": "legal_block"}]}});
    assert_eq!(brief(statutory), "permit legal_obligation 1");
}

#[test]
fn age_is_counted_to_the_day() {
    let born = |date: &str, min_age: u8| {
        brief(json!({"country": "FR", "basis": [consent()], "state": {"birth_date": date, "min_age": min_age}}))
    };
    assert_eq!(born("2008-11-17", 18), "permit consent 10");
    assert_eq!(born("2008-11-18", 18), "deny minor 0");
    assert_eq!(born("2010-11-17", 16), "permit consent 10");
    let zone = json!({"country": "US", "basis": [consent()], "now": "2026-11-17T04:00:00Z",
        "state": {"birth_date": "2008-11-17", "time_zones": ["America/New_York"]}});
    assert_eq!(brief(zone), "deny minor 0");
}

#[test]
fn tracking_and_profiling_need_their_own_consent() {
    let tracking = with(consent(), json!({"purpose": "engagement_tracking"}));
    let ask = |purpose: &str, basis: Value, state: Value| {
        brief(json!({"country": "US", "purpose": purpose, "basis": [basis], "state": state}))
    };
    assert_eq!(ask("engagement_tracking", tracking.clone(), json!({})), "permit consent 18");
    assert_eq!(ask("profiling", tracking.clone(), json!({})), "deny basis_other_purpose 18");
    assert_eq!(ask("profiling", consent(), json!({})), "deny basis_other_purpose 18");
    assert_eq!(ask("engagement_tracking", interest(), json!({})), "deny basis_not_allowed 18");
    assert_eq!(
        ask("engagement_tracking", tracking, json!({"objections": [{"purpose": "marketing"}]})),
        "deny objection 0"
    );
    assert_eq!(ask("horoscopes", consent(), json!({})), "deny purpose_unknown default");
}

#[test]
fn soft_opt_in_has_every_condition_or_none() {
    let ask = |country: &str, change: Value| brief(json!({"country": country, "basis": [with(soft(), change)]}));
    assert_eq!(ask("FR", json!({"similar_goods": false})), "deny soft_opt_in_not_similar 10");
    assert_eq!(ask("FR", json!({"opt_out_offered_at_collection": false})), "deny soft_opt_in_no_opt_out 10");
    assert_eq!(ask("FR", json!({"opt_out_offered_each_time": false})), "deny soft_opt_in_no_opt_out 10");
    assert_eq!(ask("FR", json!({"sale_at": null})), "deny soft_opt_in_no_sale 10");
    assert_eq!(ask("FR", json!({"collected_in": "negotiation"})), "deny soft_opt_in_no_sale 10");
    assert_eq!(ask("GB", json!({"collected_in": "negotiation", "relationship": "enquirer"})), "permit soft_opt_in 9");
    assert_eq!(ask("FR", json!({"max_age_months": 8})), "deny basis_expired 10");
    assert_eq!(ask("FR", json!({"max_age_months": 9})), "permit soft_opt_in 10");
    let charity = |date: &str| json!({"relationship": "supporter", "collected_in": "charity", "sale_at": date, "similar_goods": false});
    assert_eq!(ask("GB", charity("2026-02-05")), "permit soft_opt_in 9");
    assert_eq!(ask("GB", charity("2026-02-04")), "deny soft_opt_in_no_sale 9");
    assert_eq!(ask("FR", charity("2026-02-05")), "deny soft_opt_in_no_sale 10");
    let screened = |screen: Value, basis: Value| {
        brief(json!({"country": "AT", "basis": [basis], "state": {"list_screen": screen}}))
    };
    assert_eq!(screened(json!("clear"), soft()), "permit soft_opt_in 4");
    assert_eq!(screened(json!({"list": "ECG", "listed": true}), soft()), "deny list_screen_listed 4");
    assert_eq!(screened(json!("listed"), consent()), "permit consent 4");
}

#[test]
fn legitimate_interest_is_argued_live_and_clean() {
    let ask = |change: Value| {
        brief(json!({"country": "FR", "recipient_type": "corporate_named", "basis": [with(interest(), change)]}))
    };
    let lia = |start: &str, end: &str| json!({"lia": {"id": "lia_1", "start": start, "expires_at": end}});
    assert_eq!(ask(json!({"lia": null})), "deny lia_missing 7");
    assert_eq!(ask(json!({"lia": {"start": "2026-06-01"}})), "deny lia_missing 7");
    assert_eq!(ask(lia("2026-06-01", "2026-11-17T14:00:00Z")), "deny lia_expired 7");
    assert_eq!(ask(lia("2026-06-01", "2026-11-17T14:00:00.000001Z")), "permit legitimate_interest 7");
    assert_eq!(ask(lia("2025-11-17", "2030-01-01")), "deny lia_expired 7");
    assert_eq!(
        ask(json!({"lia": {"id": "l", "purpose": "profiling", "start": "2026-06-01"}})),
        "deny lia_other_purpose 7"
    );
    assert_eq!(ask(json!({"touches": 3})), "deny touches_exhausted 7");
    assert_eq!(ask(json!({"first_touch_at": "2026-08-19T14:00:00Z"})), "deny no_engagement 7");
    assert_eq!(ask(json!({"first_touch_at": "2026-08-19T14:00:00.000001Z"})), "permit legitimate_interest 7");
    assert_eq!(ask(json!({"import_kind": "purchased"})), "permit legitimate_interest 7");
    let state = |state: Value| {
        brief(json!({"country": "GB", "recipient_type": "corporate_named", "basis": [interest()], "state": state}))
    };
    assert_eq!(state(json!({"special_category": true})), "deny special_category 8");
    assert_eq!(state(json!({"missing_elements": ["notice_rights"]})), "deny element_missing 8");
    assert_eq!(state(json!({"missing_elements": ["imprint"]})), "permit legitimate_interest 8");
    assert_eq!(
        brief(json!({"country": "FR", "basis": [consent()], "state": {"missing_elements": ["notice_rights"]}})),
        "permit consent 10"
    );
    assert_eq!(
        brief(json!({"country": "DE", "basis": [with(confirmed(), json!({"import_kind": "purchased"}))]})),
        "deny purchased_list 3"
    );
}

#[test]
fn implied_consent_runs_out() {
    let ask =
        |basis: Value| brief(json!({"country": "CA", "basis": [with(json!({"type": "implied_consent"}), basis)]}));
    assert_eq!(ask(json!({"kind": "purchase", "at": "2024-11-17T14:00:00Z"})), "deny basis_expired 13");
    assert_eq!(ask(json!({"kind": "purchase", "at": "2024-11-17T14:00:01Z"})), "permit implied_consent 13");
    assert_eq!(ask(json!({"kind": "inquiry", "at": "2026-05-17T14:00:00Z"})), "deny basis_expired 13");
    assert_eq!(ask(json!({"kind": "inquiry", "at": "2026-05-18"})), "permit implied_consent 13");
    assert_eq!(
        ask(json!({"kind": "published", "relevant_to_role": true, "no_refusal_statement": true})),
        "permit implied_consent 13"
    );
    assert_eq!(ask(json!({"kind": "published", "relevant_to_role": true})), "deny implied_consent_incomplete 13");
}

#[test]
fn a_refused_consent_is_not_replaced_by_another_basis() {
    let refused = with(consent(), json!({"state": "withdrawn", "at": "2026-06-01T00:00:00Z"}));
    let ask = |second: Value| brief(json!({"country": "US", "basis": [refused.clone(), second]}));
    assert_eq!(ask(interest()), "deny consent_withdrawn 11");
    assert_eq!(ask(consent()), "deny consent_withdrawn 11");
    assert_eq!(ask(with(consent(), json!({"at": "2026-07-01T00:00:00Z"}))), "permit consent 11");
}

#[test]
fn a_workspace_works_with_the_bases_it_names() {
    let ask = |basis: Value, allowed: Value| {
        brief(json!({"country": "US", "basis": [basis], "state": {"bases_allowed": allowed}}))
    };
    assert_eq!(ask(interest(), json!(null)), "permit legitimate_interest 11");
    assert_eq!(ask(interest(), json!(["legitimate_interest"])), "permit legitimate_interest 11");
    assert_eq!(ask(interest(), json!(["consent", "contract"])), "deny basis_forbidden 11");
    assert_eq!(ask(consent(), json!(["consent", "contract"])), "permit consent 11");
    // What law excludes is told first, and what the workspace excludes before what the claim lacks.
    let german = json!({"country": "DE", "basis": [interest()], "state": {"bases_allowed": ["consent"]}});
    assert_eq!(brief(german), "deny basis_not_allowed 3");
    let lacking = with(interest(), json!({"lia": {}}));
    assert_eq!(ask(lacking, json!(["consent"])), "deny basis_forbidden 11");
    // Duties and what people ask for are nobody's to exclude.
    for (kind, purpose) in [("legal_obligation", "statutory"), ("subject_request", "service")] {
        let asked = json!({"country": "DE", "purpose": purpose, "basis": [{"type": kind}],
            "state": {"bases_allowed": ["consent"]}});
        assert!(brief(asked).starts_with("permit"), "{kind}");
    }
    let receipt =
        json!({"purpose": "service", "basis": [{"type": "contract"}], "state": {"bases_allowed": ["consent"]}});
    assert!(brief(receipt).starts_with("deny basis_forbidden"));
}

#[test]
fn approvals_are_per_country_and_channel() {
    let ask = |country: &str, channel: &str, state: Value| {
        brief(json!({"country": country, "channel": channel, "basis": [confirmed()], "state": state}))
    };
    let approved = json!([{"country": "DK", "state": "approved", "expires_at": "2027-01-01"}]);
    assert_eq!(ask("DK", "sms", json!({"approvals": approved})), "permit consent 4");
    assert_eq!(ask("MY", "sms", json!({"approvals": approved})), "deny country_approval_missing 15");
    assert_eq!(
        ask("DK", "sms", json!({"approvals": [{"country": "DK", "state": "pending"}]})),
        "deny country_approval_missing 4"
    );
    assert_eq!(
        ask("DK", "sms", json!({"approvals": [{"country": "DK", "state": "approved", "expires_at": NOW}]})),
        "deny country_approval_missing 4"
    );
    assert_eq!(ask("DK", "email", json!({})), "permit consent 4");
    assert_eq!(
        ask("DK", "email", json!({"approvals_required_on": ["email", "sms"]})),
        "deny country_approval_missing 4"
    );
    assert_eq!(ask("DK", "whatsapp", json!({})), "deny country_approval_missing 4");
}

#[test]
fn the_sender_must_be_fit() {
    let ask = |state: Value| brief(json!({"country": "FR", "basis": [consent()], "state": state}));
    assert_eq!(ask(json!({"sender_domain_verified": false})), "deny sender_domain_unverified 10");
    assert_eq!(ask(json!({"account": "pending"})), "deny account_pending 10");
    assert_eq!(ask(json!({"account": "suspended"})), "deny account_blocked 10");
    assert_eq!(ask(json!({"billing": "paused"})), "deny billing_paused 10");
    assert_eq!(ask(json!({"connector_ok": false})), "deny channel_unavailable 10");
    assert_eq!(ask(json!({"missing_elements": ["postal_address"]})), "deny element_missing 10");
    assert_eq!(ask(json!({"frequency": {"cap": 2, "sent": 2}})), "defer frequency_cap 10");
    assert_eq!(ask(json!({"frequency": {"cap": 2, "sent": 1}, "quota_left": 0})), "defer quota_exhausted 10");
    assert_eq!(ask(json!({"quota_left": 0, "connector_ok": false})), "deny channel_unavailable 10");
    let phone = json!({"country": "FR", "channel": "sms", "basis": [consent()], "state": {"phone_purposes": ["2fa"]}});
    assert_eq!(brief(phone), "deny phone_purpose_missing 10");
}

#[test]
fn windows_are_half_open_and_intersect() {
    let until = |now: &str, country: &str, state: Value| {
        let approvals = json!([{"country": "US", "state": "approved"}]);
        let basis = if country == "US" { of_type("express_written_consent") } else { confirmed() };
        let answer = ask(json!({"country": country, "channel": "sms", "basis": [basis], "now": now,
            "state": with(state, json!({"approvals": approvals}))}));
        match answer["decision"].as_str().unwrap() {
            "defer" => answer["until"].as_str().unwrap().to_owned(),
            other => format!("{other} {}", answer["reason"].as_str().unwrap()),
        }
    };
    assert_eq!(until("2026-11-17T07:59:59Z", "FR", json!({})), "2026-11-17T08:00:00Z");
    assert_eq!(until("2026-11-17T08:00:00Z", "FR", json!({})), "permit consent");
    assert_eq!(until("2026-11-17T19:00:00Z", "FR", json!({})), "2026-11-18T08:00:00Z");
    // Saturday evening: Sunday is off.
    assert_eq!(until("2026-11-21T19:00:00Z", "FR", json!({})), "2026-11-23T08:00:00Z");
    assert_eq!(until("2026-11-22T10:00:00Z", "FR", json!({"quiet": {"sunday": true}})), "permit consent");
    // Riyadh rests on Friday and works on Sunday; Dubai the other way round.
    assert_eq!(until("2026-11-20T10:00:00Z", "SA", json!({})), "2026-11-21T06:00:00Z");
    assert_eq!(until("2026-11-22T10:00:00Z", "SA", json!({})), "permit consent");
    assert_eq!(until("2026-11-22T10:00:00Z", "AE", json!({})), "2026-11-23T05:00:00Z");
    // Florida: 8-20 meets 9-20. Rhode Island: weekdays 9-18. Texas: Sunday is off all the same.
    let ny = json!({"us_state": "FL", "time_zones": ["America/New_York"]});
    assert_eq!(until("2026-11-17T13:30:00Z", "US", ny), "2026-11-17T14:00:00Z");
    assert_eq!(until("2026-11-20T23:00:00Z", "US", json!({"us_state": "RI"})), "2026-11-23T14:00:00Z");
    assert_eq!(until("2026-11-22T20:00:00Z", "US", json!({"us_state": "TX"})), "2026-11-23T16:00:00Z");
    // Two plausible zones: both must be open.
    let two = json!({"time_zones": ["America/New_York", "America/Los_Angeles"]});
    assert_eq!(until("2026-11-17T15:00:00Z", "US", two.clone()), "2026-11-17T17:00:00Z");
    assert_eq!(until("2026-11-18T01:00:00Z", "US", two), "2026-11-18T17:00:00Z");
    let apart = json!({"time_zones": ["Pacific/Honolulu", "Africa/Nairobi"]});
    assert_eq!(until(NOW, "FR", apart), "deny no_common_window");
    // The night the clocks change in Paris (29 March 2026, 02:00 to 03:00).
    assert_eq!(
        until("2026-03-28T20:00:00Z", "FR", json!({"quiet": {"start": "02:30", "end": "20:00", "sunday": true}}))
            .as_str(),
        "deny basis_not_yet_valid"
    );
    assert_eq!(
        until("2026-10-24T19:00:00Z", "FR", json!({"quiet": {"start": "22:00", "end": "08:00", "sunday": true}})),
        "permit consent"
    );
}

#[test]
fn questions_that_cannot_be_read_name_the_field() {
    let detail = |question: Value| explain_gate(&question).unwrap_err().detail;
    assert!(detail(json!({"colour": 1})).contains("colour"));
    assert!(detail(json!({"basis": [{"type": "consent", "valid": true}]})).contains("valid"));
    assert!(detail(json!({"state": {"mood": "good"}})).contains("mood"));
    assert!(detail(json!({"country": "Atlantis"})).contains("country"));
    assert!(detail(json!({"state": {"time_zones": ["Mars/Base"]}})).contains("time_zones"));
    assert!(detail(json!({"now": "soon"})).contains("now"));
    assert!(detail(json!([])).contains("object"));
}

#[test]
fn defaults_are_the_strictest_recipient_and_the_release_of_the_pack() {
    let answer = explain_gate(&json!({})).unwrap();
    assert_eq!(
        answer,
        json!({"decision": "deny", "reason": "no_basis", "rule": "17", "pack": "2026-11", "until": null})
    );
    let pack = RulePack::current();
    for row in pack.rows() {
        assert!(!row.source.is_empty() && row.review > "2026-11-17".parse().unwrap(), "{}", row.id);
    }
}

const COUNTRIES: &[Option<&str>] = &[
    None,
    Some("DE"),
    Some("AT"),
    Some("NL"),
    Some("IT"),
    Some("BE"),
    Some("FR"),
    Some("PT"),
    Some("GB"),
    Some("IS"),
    Some("US"),
    Some("CA"),
    Some("AU"),
    Some("MY"),
    Some("SA"),
    Some("AE"),
    Some("JP"),
    Some("CH"),
];

fn claims() -> impl Strategy<Value = Claim> {
    (proptest::sample::select(BasisKind::ALL), any::<u64>(), -800_i64..400, proptest::sample::select(ConsentState::ALL))
        .prop_map(|(kind, bits, days, state)| {
            let bit = |n: u32| bits >> n & 1 == 1;
            let now = RulePack::current().released();
            let then = now.plus_seconds(days * 86_400);
            let mut claim = Claim::new(kind);
            claim.state = bit(0).then_some(state);
            claim.at = bit(1).then_some(then);
            claim.expires_at = (bit(2) && bit(30)).then_some(then);
            claim.evidence = bit(3);
            claim.doi = bit(4).then_some(Doi { status: DoiStatus::Confirmed, at: None });
            claim.relationship = bit(5).then_some(Relationship::Customer);
            claim.collected_in = bit(6).then_some(CollectedIn::Sale);
            claim.sale_at = bit(7).then_some(then);
            (claim.similar_goods, claim.opt_out_offered_at_collection) = (bit(8), bit(9));
            (claim.opt_out_offered_each_time, claim.reason, claim.provenance) = (bit(10), bit(11), bit(12));
            claim.lia =
                bit(13).then_some(Lia { id: bit(14), purpose: None, start: bit(15).then_some(then), expires_at: None });
            claim.art14_notice = bit(16);
            claim.touches = u32::from(bit(17)) * 3;
            claim.import_kind = (bit(18) && bit(19)).then_some("purchased".into());
            claim.implied_by = bit(20).then_some(ImpliedKind::Purchase);
            claim.address_published_for_marketing = bit(21);
            claim.channels = (bit(22) && bit(23)).then(|| vec![Channel::Email]);
            claim.purpose = (bit(24) && bit(25)).then_some(Purpose::PROFILING);
            claim
        })
}

fn anything() -> impl Strategy<Value = Facts> {
    (
        proptest::sample::select(COUNTRIES),
        proptest::sample::select(RecipientType::ALL),
        proptest::sample::select(Channel::ALL),
        proptest::sample::select(&["marketing", "service", "engagement_tracking", "profiling", "statutory", "x"][..]),
        proptest::collection::vec(claims(), 0..4),
        any::<u32>(),
    )
        .prop_map(|(country, recipient_type, channel, purpose, basis, bits)| {
            let bit = |n: u32| bits >> n & 7 == 7;
            let mut facts =
                Facts { country: country.and_then(Country::read), recipient_type, channel, basis, ..Facts::default() };
            facts.purpose = Purpose::new(purpose).unwrap();
            facts.state.erased = bit(0);
            facts.state.archived = bit(1);
            facts.state.promotional_content = bit(2);
            facts.state.special_category = bit(3);
            facts.state.list_screen = if bit(4) { Screen::Listed } else { Screen::Clear };
            facts.state.restricted = if bit(5) { Restriction::Undated } else { Restriction::None };
            facts.state.us_state = bit(6).then(|| Region::read("TX")).flatten();
            facts.state.quota_left = bit(7).then_some(0);
            if !bit(8) {
                let approval = |code| {
                    Some(Approval {
                        country: ApprovalCountry(Country::read(code)?),
                        channel: None,
                        state: Some(ApprovalState::Approved),
                        expires_at: None,
                    })
                };
                facts.state.approvals = ["US", "CA", "MY"].into_iter().filter_map(approval).collect();
            }
            facts
        })
}

fn suppressions() -> impl Strategy<Value = Suppression> {
    let reasons = [
        "erased",
        "legal_block",
        "complaint",
        "unsubscribe_all",
        "hard_bounce",
        "domain",
        "opt_out",
        "soft_limit",
        "pause",
        "x",
    ];
    let scopes = ["person", "purpose:marketing", "channel:sms", "channel:email", "topic:t", "address", "domain"];
    (proptest::sample::select(reasons.to_vec()), proptest::sample::select(scopes.to_vec()))
        .prop_map(|(reason, scope)| Suppression::new(scope.parse().unwrap(), SuppressionReason::read(reason).unwrap()))
}

fn permits(facts: &Facts) -> bool {
    let pack = RulePack::current();
    decide(facts, pack, pack.released()).decision == Verdict::Permit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn adding_a_suppression_never_permits(mut facts in anything(), suppression in suppressions()) {
        let before = permits(&facts);
        facts.state.suppressions.push(suppression);
        prop_assert!(before || !permits(&facts));
    }

    #[test]
    fn withdrawing_never_permits(mut facts in anything(), at in 0_usize..4) {
        let before = permits(&facts);
        if let Some(claim) = facts.basis.get_mut(at) {
            claim.state = Some(ConsentState::Withdrawn);
        }
        prop_assert!(before || !permits(&facts));
    }

    #[test]
    fn expiring_never_permits(mut facts in anything(), at in 0_usize..4, ago in 0_i64..1000) {
        let before = permits(&facts);
        if let Some(claim) = facts.basis.get_mut(at) {
            claim.expires_at = Some(RulePack::current().released().plus_seconds(-ago));
        }
        prop_assert!(before || !permits(&facts));
    }

    #[test]
    fn on_interest_alone_an_ended_assessment_permits_nothing(mut facts in anything(), ago in 0_i64..100_000, id: bool) {
        facts.purpose = Purpose::MARKETING;
        facts.basis.retain(|claim| claim.kind == BasisKind::LegitimateInterest);
        let ended = RulePack::current().released().plus_seconds(-ago);
        for claim in &mut facts.basis {
            claim.lia = Some(Lia { id, purpose: None, start: None, expires_at: Some(ended) });
        }
        prop_assert!(!permits(&facts));
    }

    #[test]
    fn a_claim_that_cites_nothing_known_permits_nothing(mut facts in anything()) {
        facts.purpose = Purpose::MARKETING;
        facts.basis.retain(|claim| claim.kind == BasisKind::LegitimateInterest);
        for claim in &mut facts.basis {
            claim.lia = Some(Lia::default());
        }
        prop_assert!(!permits(&facts));
    }

    #[test]
    fn losing_an_approval_never_permits(mut facts in anything(), at in 0_usize..3) {
        let before = permits(&facts);
        if at < facts.state.approvals.len() {
            facts.state.approvals.remove(at);
        }
        prop_assert!(before || !permits(&facts));
    }

    // By telephone the United States ask for a form of consent that no other proof replaces, and five
    // countries for an approval that cannot be given for an unknown one; a number tells its country.
    #[test]
    fn an_unknown_country_is_never_more_permissive(mut facts in anything()) {
        if facts.channel.is_phone() {
            facts.channel = Channel::Email;
        }
        let unknown = permits(&Facts { country: None, ..facts.clone() });
        prop_assert!(!unknown || permits(&facts));
    }

    #[test]
    fn without_a_basis_nothing_is_permitted(mut facts in anything()) {
        facts.basis.clear();
        prop_assert!(!permits(&facts));
    }

    #[test]
    fn deciding_never_panics(facts in anything(), now in any::<i64>(), zone in 0_usize..3) {
        let mut facts = facts;
        let names = ["Pacific/Apia", "Asia/Riyadh", "America/St_Johns"];
        facts.state.time_zones = jiff::tz::TimeZone::get(names[zone]).into_iter().collect();
        facts.state.birth_date = "2008-02-29".parse().ok();
        let pack = RulePack::current();
        let answer = decide(&facts, pack, kernel::Timestamp(now));
        prop_assert!(answer.until.is_none() || answer.decision == Verdict::Defer);
    }
}
