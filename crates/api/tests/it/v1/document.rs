//! The OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::operations::{all, document};

fn references<'a>(json: &'a Json, found: &mut BTreeSet<&'a str>) {
    match json {
        Json::Object(members) => {
            found.extend(members.get("$ref").and_then(Json::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn nothing_it_refers_to_is_missing() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 40, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_operation_is_named_once_and_says_who_may() {
    let (mut names, mut documented) = (BTreeSet::new(), 0);
    for operation in all() {
        documented += 1;
        assert!(names.insert(operation.id.clone()), "{}", operation.id);
        if let Some(permission) = &operation.permission {
            assert!(permission.parse::<accounts::members::Permission>().is_ok(), "{permission}");
        }
    }
    assert!(documented > 120, "{documented}");
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["security"].is_array(), "{method} {path} says nothing about who may");
            assert!(operation["summary"].is_string(), "{method} {path} is not described");
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
        }
    }
}

#[test]
fn what_needs_no_key_is_a_short_list() {
    let open: Vec<String> = all()
        .into_iter()
        .filter(|operation| operation.permission.is_none() && !operation.browser)
        .map(|operation| operation.id)
        .collect();
    assert_eq!(
        open,
        [
            "account_confirm_address",
            "account_confirm",
            "account_accept_invitation",
            "account_ask_reset",
            "account_reset",
            "meta_document",
            "session_sign_in",
            "session_second_factor",
            "signup_create",
        ]
    );
}
