//! The operations of the document, each with a request that is well-formed.

use axum::body::Body;
use axum::http::Method;
use http_server::testing::{Answer, TestClient};
use serde_json::{Value as Json, json};

use super::world::HTML;

/// The head of a picture of one point, PNG.
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// A host and an event type that nobody has.
pub const HOST: &str = "hst_00000000000000000000000001";
pub const EVENT_TYPE: &str = "ety_00000000000000000000000001";

/// A device that nobody has, and a key for one.
const DEVICE: &str = "dev_00000000000000000000000001";
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA";

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    /// The permission it names; None for public operations and those of people's own accounts.
    pub permission: Option<String>,
    /// Whether a signed-in browser is needed.
    pub browser: bool,
    pub has_body: bool,
}

/// The document.
pub fn document() -> Json {
    serde_json::from_str(&api::v1::openapi()).unwrap()
}

/// Every operation in it.
pub fn all() -> Vec<Operation> {
    let document = document();
    let mut out = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let security = operation["security"].as_array();
            let first = security.and_then(|ways| ways.first()).cloned().unwrap_or_default();
            out.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission: first["key"][0].as_str().map(str::to_owned),
                browser: first.get("session").is_some(),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    out
}

/// The kind of thing that a path speaks of: its resource, and within the privacy engine what comes next.
#[expect(clippy::match_same_arms, reason = "one line for each kind reads best")]
pub fn kind(path: &str) -> &str {
    let mut parts = path.split('/').skip(2);
    match (parts.next().unwrap(), parts.next()) {
        ("privacy", Some(within)) => within,
        ("contacts", Some("bulk")) => "bulk",
        ("booking", Some("calendars")) => match parts.next() {
            Some("accounts") => "calendar-accounts",
            Some("feeds") => "calendar-feeds",
            Some("suggestions") => "calendar-suggestions",
            _ => "calendars",
        },
        ("booking", Some("hosts")) => "booking-hosts",
        ("booking", Some("holds")) => "booking-holds",
        ("booking", Some("schedules")) => "booking-schedules",
        ("booking", Some("resources")) => "booking-resources",
        ("booking", Some(within)) => within,
        ("conversations", Some("devices")) => "chat-devices",
        ("conversations", Some("reception-keys")) => "chat-receptions",
        (resource, _) => resource,
    }
}

/// Whether it shows what is the same for every workspace.
pub fn is_common(path: &str) -> bool {
    // Writing a list of holidays makes it, whatever its code; number plans are everybody's.
    matches!(kind(path), "packs" | "holidays" | "lookup")
}

/// An id of the kind that a path speaks of, which nothing has.
#[expect(clippy::match_same_arms, reason = "one line for each kind reads best")]
fn nothing(path: &str) -> String {
    let prefix = match kind(path) {
        "contacts" | "erasures" | "subjects" => "con",
        "assessments" => "lia",
        "balance" => "pay",
        "approvals" => "apv",
        "business-activities" => "act",
        "screenings" => "scr",
        "packs" => return "1999-01".to_owned(),
        "requests" => "dsr",
        "processors" => "prc",
        "incidents" => "inc",
        "incident-notices" => "inn",
        "authority-requests" => "gov",
        "notice-versions" => "ntc",
        "documents" => "doc",
        "views" => "viw",
        "holds" | "retention" | "replies" | "purpose-reviews" | "sending" => "evt",
        "cookie-sites" => "cks",
        "bulk" => "job",
        "topics" => "top",
        "tags" => "tag",
        "forms" => "frm",
        "segments" => "seg",
        "imports" => "imp",
        "templates" => "tpl",
        "images" => "img",
        "pieces" => "pce",
        "campaigns" => "cmp",
        "sequences" => "seq",
        "webhooks" => "whk",
        "calendars" => "cdr",
        "booking-hosts" => "hst",
        "booking-holds" => "hld",
        "booking-schedules" => "sch",
        "booking-resources" => "rsc",
        "event-types" => "ety",
        "bookings" => "bkg",
        "absences" => "evt",
        "holidays" => return "nowhere".to_owned(),
        "calendar-accounts" => "cac",
        "calendar-feeds" => "cfd",
        "calendar-suggestions" => "bkg",
        "messages" => "msg",
        "routes" => "rte",
        "trunks" => "trk",
        "call-flows" => "flw",
        "calls" => "cll",
        "recordings" => "rec",
        "originators" => "ori",
        "verifications" => "vrf",
        "verification-services" => "vsv",
        "numbers" => "num",
        "smpp-accounts" => "sma",
        "lookup" => return "+966501234567".to_owned(),
        "channels" => "chn",
        "conversations" => "cnv",
        "chat-devices" => "dev",
        "push" => "psh",
        "chat-receptions" => "rcp",
        "visitors" => "vis",
        "agents" => "usr",
        "groups" => "grp",
        "canned-replies" => "can",
        "bots" => "bot",
        "articles" => "art",
        "widgets" => "wid",
        "greetings" => "grt",
        "members" => "mem",
        "keys" => "key",
        "account" => "ses",
        "domains" => return "nothing.example".to_owned(),
        "fields" | "notices" | "purposes" => return "nothing".to_owned(),
        other => panic!("say what an id of {other} looks like"),
    };
    format!("{prefix}_00000000000000000000000001")
}

/// The same, for paths that may name nothing.
fn nothing_in(path: &str) -> String {
    if path.contains('{') { nothing(path) } else { String::new() }
}

/// A body that the operation understands. An operation that is not here fails the tests.
fn body(id: &str) -> Json {
    let content = json!({ "subject": "Hello", "html": HTML, "language": "en" });
    let form = json!({
        "fields": [{ "key": "email", "purpose": "marketing", "required": true, "label_en": "E-mail", "label_ar": "البريد" }],
        "en": { "title": "News", "consent": "Yes, write to me", "button": "Join" },
        "ar": { "title": "أخبار", "consent": "نعم، راسلوني", "button": "اشترك" },
    });
    let text = json!({ "name": "Letters", "purpose": "marketing" });
    let filing = json!({ "country": "US", "channel": "sms", "goal": "Offers", "samples": ["10 % off"] });
    match id {
        "session_sign_in" => json!({ "email": "a@example.com", "password": "x" }),
        "preferences_set" => json!({ "digits": "arab" }),
        "views_create" => json!({ "screen": "campaigns", "name": "Drafts", "query": "state=draft" }),
        "views_update" => json!({ "name": "My drafts" }),
        "setup_claim" => {
            json!({ "token": "x", "owner": { "email": "a@example.com", "password": "x", "language": "ar" },
            "workspace": { "name": "W" } })
        }
        "setup_dismiss" => json!({ "dismissed": true }),
        "setup_answers" => json!({ "goals": ["newsletter"] }),
        "sending_set_sender" => json!({ "name": "Nur", "email": "news@example.org" }),
        "sending_test" => json!({ "to": "nobody@example.com" }),
        "samples_load" | "campaigns_duplicate" | "verifications_resend" | "smpp_accounts_secret" => json!({}),
        "presence_say" => json!({ "object": "campaign:cmp_1", "mode": "viewing" }),
        "presence_leave" => json!({ "object": "campaign:cmp_1" }),
        "session_second_factor" => json!({ "challenge": "x", "code": "123456" }),
        "signup_create" => json!({ "email": "new@example.com", "password": "a long enough one",
            "workspace": "W", "language": "en" }),
        "account_update" => json!({ "name": "Lina" }),
        "account_password" => json!({ "old": "x", "new": "another long one" }),
        "account_confirm" | "account_confirm_address" | "account_accept_invitation" => json!({ "token": "x" }),
        "account_ask_reset" => json!({ "email": "a@example.com" }),
        "account_reset" => json!({ "token": "x", "password": "another long one" }),
        "account_change_address" => json!({ "email": "b@example.com", "password": "x" }),
        "account_begin_second_factor" => json!({ "password": "x" }),
        "account_activate_second_factor" | "account_renew_recovery_codes" | "verifications_check" => {
            json!({ "code": "123456" })
        }
        "account_remove_second_factor" => json!({ "password": "x", "code": "123456" }),
        "workspace_update" => json!({ "gate": { "min_age": 16 } }),
        "workspace_create" => json!({ "name": "Second", "language": "ar" }),
        "members_invite" => json!({ "email": "guest@example.com", "role": "analyst" }),
        "members_set_role" => json!({ "role": "author" }),
        "keys_create" => json!({ "name": "k", "scopes": ["tags:read"] }),
        "contacts_create" => json!({ "email": "someone@example.com" }),
        "contacts_lookup" => json!({ "email": "nobody@example.com" }),
        "contacts_update" => json!({ "first_name": "Sara" }),
        "contacts_merge" => json!({ "duplicate": "con_00000000000000000000000002" }),
        "contacts_unsubscribe"
        | "campaigns_send"
        | "webhooks_update"
        | "requests_fulfil"
        | "subjects_object"
        | "privacy_verify_certificate"
        | "privacy_set_retention"
        | "privacy_run_retention"
        | "privacy_check_receipt" => {
            json!({})
        }
        "contacts_search" => json!({ "q": "sara", "sort": "name" }),
        "bulk_start" => json!({ "ids": [], "action": "tag", "tags": ["vip"] }),
        "campaigns_segment" => json!({ "name": "Who got it", "outcome": "sent" }),
        "tags_merge" => json!({ "duplicate": "tag_00000000000000000000000002" }),
        "contacts_tags" => json!({ "add": ["vip"] }),
        "contacts_subscribe" => json!({ "topic": "Nothing", "contact": { "email": "someone@example.com" } }),
        "topics_create" => json!({ "name": "Some topic" }),
        "topics_update" => json!({ "name": "Another topic" }),
        "tags_create" | "tags_rename" => json!({ "name": "vip" }),
        "fields_define" => json!({ "label": "Plan", "kind": "text", "purpose": "service" }),
        "fields_update" => json!({ "label": "Tariff" }),
        "forms_create" => json!({ "name": "F", "topic": "Nothing", "definition": form }),
        "forms_update" => json!({ "name": "G" }),
        "forms_preview" => json!({ "definition": form, "language": "ar" }),
        "segments_create" => json!({ "name": "All", "where": {} }),
        "segments_update" => json!({ "name": "All" }),
        "segments_count" | "segments_sample" => json!({ "where": {} }),
        "content_check" => content,
        "content_preview" => json!({ "content": content }),
        "content_repair" => json!({ "design": {} }),
        "templates_create" => json!({ "name": "T", "content": content }),
        "pieces_create" => json!({ "kind": "block", "name": "Head", "design": crate::v1::designs::small() }),
        "pieces_change" => json!({ "name": "Top" }),
        "templates_update" => json!({ "name": "U" }),
        "campaigns_create" => json!({ "name": "C", "from": "Nur <n@example.org>", "subject": "Hello", "html": HTML,
            "topic": "Nothing" }),
        "campaigns_update" => json!({ "name": "D" }),
        "sequences_create" | "sequences_update" => json!({ "name": "S", "from": "Nur <n@example.org>", "topic": "News",
            "steps": [{ "wait_days": 0, "content": content }, { "wait_days": 3, "content": content }] }),
        "sequences_release" => json!({ "contact": "con_00000000000000000000000002" }),
        "outreach_policy" => json!({ "touches": 2 }),
        "outreach_run" => json!({ "dry_run": true }),
        "contacts_enrich" => json!({ "values": { "company": "Crane" }, "source": "Register", "licence": "open",
            "basis": "contract" }),
        "campaigns_test" => json!({ "to": ["lina@example.com"] }),
        "campaigns_schedule" => json!({ "at": "2026-12-01T09:00:00Z" }),
        "domains_add" => json!({ "domain": "example.org" }),
        "suppressions_add" => json!({ "domain": "blocked.example" }),
        "requests_create" => json!({ "type": "access", "email": "nobody@example.com" }),
        "requests_batch" => json!({ "items": [{ "type": "access", "email": "nobody@example.com" }] }),
        "requests_verify" => json!({ "evidence": "passport seen" }),
        "requests_extend" => json!({ "reason": "complex" }),
        "requests_refuse" => json!({ "ground": "excessive", "explanation": "asked daily" }),
        "requests_note" => json!({ "text": "called" }),
        "privacy_decide_retention" => json!({ "confirm": false }),
        "privacy_create_hold" => json!({ "kind": "dispute", "class": "tax", "reason": "case" }),
        "workspace_erase" => json!({ "name": "W", "password": "x" }),
        "cookies_create" | "cookies_update" => json!({ "name": "Shop", "design": { "hosts": ["shop.example"] } }),
        "cookies_proofs" => json!({ "visitor": "8c0b7a52-6f0d-4f0e-9a53-0c1d2e3f4a5b" }),
        "privacy_explain" => json!({ "channel": "email" }),
        "privacy_settings_set" => json!({ "min_age": 16 }),
        "assessments_create" => text,
        "assessments_update" | "assessments_renew" => json!({ "version": 1, "text": text }),
        "approvals_create" => filing,
        "approvals_update" => json!({ "version": 1, "draft": filing }),
        "assessments_approve" | "assessments_end" | "approvals_submit" | "approvals_approve" | "approvals_reject" => {
            json!({ "version": 1 })
        }
        "activities_create" => json!({ "code": "62.10", "description": "Software" }),
        "contacts_state_basis" => json!({ "basis": "contract", "purpose": "service", "channel": "email" }),
        "webhooks_create" => json!({ "url": "https://hooks.example.com/x", "kinds": ["*"] }),
        "messages_send" => json!({ "to": "+966501234567", "text": "Hello", "basis": "contract", "trial": true }),
        "messages_preview" | "conversations_quote" => json!({ "text": "Hello" }),
        "messages_set_settings" => {
            json!({ "countries": ["SA"], "parts": 10, "parts_a_day": null, "parts_a_day_by_country": null,
            "parts_a_day_by_block": 50 })
        }
        "routes_create" => json!({ "name": "Main", "access": { "host": "127.0.0.1", "port": 9, "system_id": "x",
            "password": "y" } }),
        "verifications_create" => json!({ "to": "+966501234567" }),
        "verifications_set_watch" => json!({ "block_codes": 8, "block_percent": 15, "block_open": 30,
            "country_codes": 100, "country_percent": 10 }),
        "verification_services_create" | "verification_services_update" => json!({ "name": "Shop" }),
        "smpp_accounts_create" => json!({ "system_id": "shop", "settings": { "name": "Shop" } }),
        "lookup_connect" => json!({ "url": "http://127.0.0.1:9/", "key": "k" }),
        "numbers_create" => json!({ "number": "+966112345678" }),
        "numbers_import" => json!({ "items": [{ "number": "+966112345679" }] }),
        "numbers_set_default" => json!({ "sms": "webhook" }),
        "routes_update" | "trunks_update" | "smpp_accounts_update" | "numbers_update" | "channels_update" => {
            json!({ "state": "paused" })
        }
        "trunks_create" => json!({ "name": "Main", "rules": { "caller_ids": ["+966112345678"] },
            "access": { "host": "127.0.0.1" } }),
        "call_flows_create" | "call_flows_validate" => json!({ "steps": [{ "action": "say", "text": "Hello" }] }),
        "call_flows_update" => json!({ "flow": { "steps": [{ "action": "hangup" }] } }),
        "call_flows_set_numbers" => json!({ "numbers": ["+966112345678"] }),
        "calls_set_settings" => json!({ "countries": ["SA"], "max_seconds": 600, "max_calls": 5 }),
        "calls_create" => json!({ "to": "+966501234567", "flow": { "steps": [{ "action": "say", "text": "Hello" }] },
            "basis": "contract", "trial": true }),
        "originators_create" => json!({ "value": "+966112345678" }),
        "channels_create" => json!({ "app": "telegram", "name": "Bot", "token": "12:abc",
            "settings": { "api_base": "http://127.0.0.1:9" } }),
        "originators_update" => json!({ "rules": { "weight": 2 } }),
        "balance_configure" => json!({ "currency": "SAR", "credit_micros": 0 }),
        "balance_payments_save_method" => json!({ "words": { "version": "2026-11", "language": "en" } }),
        "balance_payments_agree" => {
            json!({ "floor_micros": 1, "amount_micros": 1_000_000, "monthly_cap_micros": 1_000_000,
            "words": { "version": "2026-11", "language": "en" } })
        }
        "balance_payments_pay" | "balance_top_up" => json!({ "amount_micros": 1_000_000 }),
        "balance_set_prices" => json!({ "items": [{ "service": "sms", "country": "SA", "amount_micros": 40_000 }] }),
        "webhooks_rotate" => json!({ "overlap_seconds": 60 }),
        "webhooks_replay" => json!({ "from": "2026-11-20T00:00:00Z" }),
        _ => chat_body(id),
    }
}

/// The same for conversations.
fn chat_body(id: &str) -> Json {
    let words = json!({ "en": "Hello", "ar": "مرحبا" });
    match id {
        "conversations_begin" => json!({ "contact": "con_00000000000000000000000001", "channel": "email",
            "subject": "Your order", "text": "It left." }),
        "conversations_say" => json!({ "kind": "message", "text": "Hello" }),
        "chat_encryption_add_device" => json!({ "name": "Laptop", "public_key": KEY }),
        "chat_encryption_create_reception" => json!({ "public_key": KEY, "device": DEVICE }),
        "chat_encryption_share_reception" => json!({ "device": DEVICE, "shares": [] }),
        "chat_encryption_add_keys" => json!({ "device": DEVICE, "key_id": "AAAAAAAAAAAAAAAAAAAAAA", "shares": [] }),
        "conversations_assign" => json!({ "user": null }),
        "conversations_transfer" => json!({ "group": "grp_00000000000000000000000001" }),
        "conversations_snooze" => json!({ "until": "2026-12-01T09:00:00Z" }),
        "conversations_supervise" | "conversations_typing" => json!({ "on": true }),
        "conversations_ban" => json!({ "hours": 1 }),
        "conversations_tags" => json!({ "tags": ["vip"] }),
        "conversations_properties" => json!({ "properties": { "shop": { "order": 7 } } }),
        "conversations_contact" | "conversations_send_transcript" | "chat_encryption_approve_device" => json!({}),
        "conversations_seen" => json!({ "seq": 1 }),
        "push_subscribe" => json!({ "endpoint": "https://push.example/x", "keys": { "p256dh": "x", "auth": "y" } }),
        "visitors_invite" => json!({ "text": "Can we help?" }),
        "agents_set" | "agents_set_mine" => json!({ "status": "offline" }),
        "groups_create" | "groups_update" => json!({ "name": "Support" }),
        "routing_rules_write" => json!({ "rules": [] }),
        "canned_replies_create" | "canned_replies_update" => json!({ "shortcut": "hi", "text": "Hello" }),
        "bots_create" | "bots_update" => json!({ "name": "Barq", "articles": true }),
        "articles_create" | "articles_update" => json!({ "state": "draft", "title": words, "text": words }),
        "widgets_create" | "widgets_update" => json!({ "name": "Site" }),
        "greetings_create" | "greetings_update" => {
            json!({ "name": "G", "text": words, "once": "visit", "match": "all" })
        }
        "conversation_reports_set_schedule" => json!({ "language": "en", "hour": 8, "zone": "UTC" }),
        _ => register_body(id),
    }
}

/// The same for the registers of a data protection officer.
#[expect(clippy::match_same_arms, reason = "one line for each kind reads best")]
fn register_body(id: &str) -> Json {
    let letter = json!({ "subject": "s", "text": "t" });
    match id {
        "processors_create" => json!({ "name": "Relay", "location": "Germany" }),
        "processors_update" => json!({ "version": 1, "details": { "name": "Relay" } }),
        "processors_enable" | "processors_end" | "incidents_send" | "incidents_affect" => json!({}),
        "processors_import" => json!({ "csv": "name,location\nA,DE\n" }),
        "record_set_controller" => json!({ "controller": { "name": "Nur Foundation" } }),
        "incidents_create" => json!({ "kind": "exposure_risk", "details": { "title": "An open port" } }),
        "incidents_update" => json!({ "version": 1, "kind": "breach", "details": { "title": "An open port" } }),
        "incidents_note" => json!({ "text": "Port closed" }),
        "incidents_draft" => json!({ "audience": "authority" }),
        "incidents_waive" => json!({ "audience": "customers", "reason": "nobody was concerned" }),
        "incidents_close" => json!({ "report": "closed" }),
        "incidents_edit" => json!({ "en": letter, "ar": letter }),
        "authority_create" => json!({ "body": "Regional Court" }),
        "authority_update" => json!({ "version": 1, "request": { "body": "Regional Court" } }),
        "authority_people" => json!({ "contacts": [] }),
        "notices_publish" => json!({ "notice": "terms", "texts": { "en": "We keep it." } }),
        "notices_readability" => json!({ "text": "We keep it." }),
        "purposes_add" => json!({ "code": "research", "name": "Research", "concept": "dpv:ResearchAndDevelopment",
            "retention": "comms.content", "basis": "consent" }),
        "purposes_transition" => {
            json!({ "contact": "con_00000000000000000000000001", "before": "lead", "after": "customer" })
        }
        "replies_settle" => json!({ "decision": "answered" }),
        "replies_answer" => json!({ "text": "It is from the desk." }),
        "event_types_create" => json!({ "slug": "talk", "definition": {
            "en": { "title": "Talk" }, "hosts": [{ "host": HOST }] } }),
        "event_types_update" => json!({ "version": 1, "state": "hidden" }),
        "booking_hosts_create" => json!({ "member": "usr_00000000000000000000000001", "timezone": "Asia/Riyadh" }),
        "booking_hosts_update" => json!({ "timezone": "Asia/Riyadh" }),
        "booking_hosts_absent" => json!({ "from": "2026-12-01T00:00:00Z", "to": "2026-12-02T00:00:00Z" }),
        "booking_schedules_create" => json!({ "name": "Office", "hours": { "timezone": "Asia/Riyadh" } }),
        "booking_schedules_update" => json!({ "name": "Office", "hours": { "timezone": "Asia/Riyadh" }, "version": 1 }),
        "booking_schedules_put_holidays" => json!({ "name": "Days", "dates": ["2026-12-01"] }),
        "booking_resources_create" | "booking_resources_update" => json!({ "name": "Room", "timezone": "Asia/Riyadh" }),
        "booking_holds_create" => json!({ "event_type": EVENT_TYPE, "start": "2026-12-01T09:00:00Z" }),
        "bookings_create" => json!({ "event_type": EVENT_TYPE, "start": "2026-12-01T09:00:00Z",
            "attendee": { "name": "Lina", "email": "lina@example.com" } }),
        "bookings_reschedule" => json!({ "start": "2026-12-01T09:00:00Z" }),
        "bookings_cancel" | "bookings_decline" => json!({}),
        "booking_import_run" => json!({ "event_types": "{\"collection\":[]}", "dry_run": true }),
        "booking_payments_connect" => json!({ "secret_key": "sk_test_1", "webhook_secret": "whsec_1" }),
        "bookings_no_show" => json!({ "no_show": true }),
        "bookings_reassign" => json!({ "from": HOST, "to": HOST }),
        "bookings_erase" => json!({ "email": "lina@example.com" }),
        "calendars_connect" | "calendars_test" => {
            json!({ "host": HOST, "kind": "feed", "url": "https://example.com/feed.ics" })
        }
        "calendars_change" => json!({ "label": "Work" }),
        "calendars_use_calendar" => json!({ "conflicts": true }),
        "calendars_choose" => json!({ "event_type": EVENT_TYPE, "host": HOST, "calendars": null }),
        "calendars_save_settings" => json!({ "when_unreachable": "open", "stale_after_minutes": 60 }),
        "calendars_publish_feed" => json!({ "host": HOST, "detail": "busy" }),
        "calendars_save_provider" => json!({ "kind": "google", "client_id": "x", "client_secret": "y" }),
        "calendars_begin" => json!({ "host": HOST, "kind": "google" }),
        "calendars_finish" => json!({ "code": "x", "state": "y" }),
        "documents_create" | "documents_update" => json!({ "kind": "dpa", "title": "Agreement with Relay" }),
        other => panic!("write down a body for {other}"),
    }
}

impl Operation {
    /// The path with `id` in it, or with an id that nothing has.
    pub fn filled(&self, id: Option<&str>) -> String {
        let nothing = nothing_in(&self.path);
        let id = id.unwrap_or(&nothing);
        let mut path = match self.id.as_str() {
            "calendars_list_choices" => format!("{}?event_type={EVENT_TYPE}", self.path),
            "booking_slots_list" => {
                format!("{}?event_type={EVENT_TYPE}&from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z", self.path)
            }
            "bookings_report" => format!("{}?from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z", self.path),
            "conversations_search" => format!("{}?q=x", self.path),
            "chat_encryption_keys" => format!("{}?device={DEVICE}", self.path),
            "calendars_answers" => format!("{}?booking=bkg_00000000000000000000000001", self.path),
            _ => self.path.clone(),
        };
        path = path.replace("{id}/versions/{version}", "{id}/versions/1");
        path = path.replace("{id}/events/{seq}", "{id}/events/1");
        path = path.replace("{id}/files/{file}", "{id}/files/fil_00000000000000000000000001");
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, id);
        }
        path
    }

    /// Sends a well-formed request to `path`.
    pub async fn send(&self, client: &TestClient, path: &str) -> Answer {
        if self.id == "screenings_upload" {
            let path = format!("{path}?country=AT&list=ecg&source=RTR&dated=2026-11-01");
            return client
                .clone()
                .with("content-type", "text/plain")
                .send(self.method.clone(), &path, "a@example.com\n")
                .await;
        }
        if self.id == "conversations_upload" {
            let kind = "multipart/form-data; boundary=x";
            let form =
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
            return client.clone().with("content-type", kind).send(self.method.clone(), path, form).await;
        }
        if matches!(self.id.as_str(), "images_upload" | "agents_set_photo") {
            return client.clone().send(self.method.clone(), path, PICTURE).await;
        }
        if self.id == "imports_upload" {
            let path = format!("{path}?topic=News&basis=consent&source=shop&collected_on=2026-01-01");
            return client
                .clone()
                .with("content-type", "text/csv")
                .send(self.method.clone(), &path, "email\na@example.com\n")
                .await;
        }
        if self.id == "imports_inspect" {
            let client = client.clone().with("content-type", "text/csv");
            return client.send(self.method.clone(), path, "email\na@example.com\n").await;
        }
        if !self.has_body {
            return client.send(self.method.clone(), path, Body::empty()).await;
        }
        let client = client.clone().with("content-type", "application/json");
        client.send(self.method.clone(), path, body(&self.id).to_string()).await
    }
}
