//! What the servers of chat apps post, and what they answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telecom::chat_apps::wire::{graph_refused, messenger, telegram, whatsapp};

fuzz_target!(|input: (u16, &[u8])| {
    let (status, octets) = input;
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(octets) else { return };
    let _ = (whatsapp::read(&json, "1234567890"), messenger::read(&json, "1"), telegram::read(&json));
    let _ = (whatsapp::reply(status, &json), messenger::reply(status, &json), telegram::reply(status, &json));
    let _ = graph_refused(status, &json);
    // What is posted about another account is nothing to this one.
    let other = "no account has such an id";
    assert!(whatsapp::read(&json, other).is_empty() || json.to_string().contains(other));
});
