//! The OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use testkit::Fixture;

use super::foreign::things;
use super::operations::{EVENT_TYPE, all, document, kind};
use super::world::World;

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
fn parameters_of_the_path_stand_in_the_path() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let named = path.contains(&format!("{{{name}}}"));
                assert_eq!(parameter["in"] == "path", named, "{path} {name}");
            }
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
            "setup_read",
            "setup_claim",
            "signup_create",
        ]
    );
}

/// Asserts that an answer has the members its schema names, and no others.
fn fits(document: &Json, schema: &Json, value: &Json, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return fits(document, document.pointer(&reference[1..]).unwrap(), value, at);
    }
    if let (Some(of), Some(items)) = (schema.get("items"), value.as_array()) {
        return items.iter().for_each(|item| fits(document, of, item, at));
    }
    // One of several shapes: the type of the value decides, and its own tests hold it to its schema.
    if ["oneOf", "anyOf", "allOf"].iter().any(|union| schema.get(union).is_some()) {
        return;
    }
    let (Some(named), Some(members)) = (schema["properties"].as_object(), value.as_object()) else { return };
    for (name, member) in members {
        let of = named.get(name).unwrap_or_else(|| panic!("{at}: {name} is answered and not documented"));
        fits(document, of, member, &format!("{at}.{name}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        assert!(members.contains_key(name), "{at}: {name} is documented and not answered");
    }
}

#[test]
fn answers_look_as_documented() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let (things, document, browser) = (things(&world).await, document(), world.browser().await);
        let mut held = 0;
        for operation in all() {
            let safe = operation.method == "GET"
                || operation.id == "campaigns_preflight"
                || operation.id.starts_with("ledger");
            let media = format!(
                "/paths/{}/{}/responses",
                operation.path.replace('/', "~1"),
                operation.method.as_str().to_lowercase()
            );
            let responses = document.pointer(&media).unwrap();
            let Some(schema) = responses.pointer("/200/content/application~1json/schema").filter(|_| safe) else {
                continue;
            };
            let path = operation.filled(things.get(kind(&operation.path)).map(String::as_str));
            let path = path.replace(EVENT_TYPE, &things["event-types"]);
            let client = if operation.browser { &browser } else { &world.owner };
            let answer = operation.send(client, &path).await;
            if matches!(operation.id.as_str(), "privacy_certificate" | "requests_pack") {
                assert_eq!(answer.status.as_u16(), 404, "nobody was erased or answered yet");
                continue;
            }
            if matches!(operation.id.as_str(), "chat_encryption_keys" | "campaigns_estimate") {
                assert_eq!(answer.status.as_u16(), 409, "this conversation is not encrypted, this campaign no SMS");
                continue;
            }
            assert_eq!(answer.status.as_u16(), 200, "{}: {}", operation.id, answer.text());
            fits(&document, schema, &answer.json(), &operation.id);
            held += 1;
        }
        assert!(held > 40, "{held}");
        let contact = &things["contacts"];
        let erased = world.owner.post(&format!("/v1/contacts/{contact}/erase"), &Json::Null).await.json();
        let certificate = document.pointer("/components/schemas/Certificate").unwrap();
        fits(&document, certificate, &erased, "certificate");
    });
}
