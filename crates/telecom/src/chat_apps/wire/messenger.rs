//! Messenger Send API: `/{page-id}/messages`, and the posts of its server.

use kernel::Timestamp;
use outbound::lines::Words;
use serde_json::{Value as Json, json};

use super::{Body, Call, Fate, LONGEST, Media, Multipart, Part, Reply, Told, Wrote, each, graph, id, spelled, text};

/// Under which rule a message goes: as the answer to somebody, or, up to seven days later, by a human.
fn typed(body: &mut Json, late: bool) {
    if late {
        body["messaging_type"] = json!("MESSAGE_TAG");
        body["tag"] = json!("HUMAN_AGENT");
    } else {
        body["messaging_type"] = json!("RESPONSE");
    }
}

/// The request that sends a message; `late` is outside the window of 24 hours.
pub fn message(page: &str, to: &str, words: &Words, late: bool) -> Call {
    let path = format!("/{page}/messages");
    if let Some(file) = &words.file {
        let head = file.media_type.split('/').next().unwrap_or_default();
        let kind = if matches!(head, "image" | "audio" | "video") { head } else { "file" };
        let mut rule = json!({});
        typed(&mut rule, late);
        let mut parts = vec![
            Part::Field("recipient", json!({ "id": to }).to_string()),
            Part::Field("messaging_type", rule["messaging_type"].as_str().unwrap_or_default().to_owned()),
        ];
        if let Some(tag) = rule["tag"].as_str() {
            parts.push(Part::Field("tag", tag.to_owned()));
        }
        let attachment = json!({ "attachment": { "type": kind, "payload": { "is_reusable": false } } });
        parts.push(Part::Field("message", attachment.to_string()));
        parts.push(Part::File {
            field: "filedata",
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes.clone(),
        });
        return Call { path, body: Body::Form(Multipart(parts)) };
    }
    let mut said = json!({ "text": words.text });
    let fits = words.choices.iter().all(|(label, value)| label.chars().count() <= 20 && value.len() <= 1000);
    if (1..=13).contains(&words.choices.len()) && fits {
        let reply =
            |(label, value): &(String, String)| json!({ "content_type": "text", "title": label, "payload": value });
        said["quick_replies"] = words.choices.iter().map(reply).collect();
    } else if !words.choices.is_empty() {
        said["text"] = json!(spelled(words));
    }
    let mut body = json!({ "recipient": { "id": to }, "message": said });
    typed(&mut body, late);
    Call { path, body: Body::Json(body) }
}

/// What the answer to a message means.
pub fn reply(status: u16, json: &Json) -> Reply {
    if !(200..300).contains(&status) {
        // Outside the window is told as a lack of permission.
        let error = &json["error"];
        if error["code"] == 10 && error["error_subcode"] == 2_018_278 {
            return Reply::Refused("window_closed".to_owned());
        }
        return graph::refused(status, json);
    }
    match id(&json["message_id"]) {
        Some(remote) => Reply::Taken(remote),
        None => Reply::Unclear,
    }
}

/// What its server posted, for one page; other pages' entries are not ours.
pub fn read(json: &Json, page: &str) -> Vec<Told> {
    let mut out = Vec::new();
    for entry in each(&json["entry"]).filter(|entry| id(&entry["id"]).as_deref() == Some(page)) {
        for event in each(&entry["messaging"]) {
            let Some(from) = id(&event["sender"]["id"]) else { continue };
            if event["message"].is_object() {
                // What the page itself said elsewhere.
                if event["message"]["is_echo"] != true {
                    out.extend(said(&event["message"], from));
                }
            } else if event["postback"].is_object() {
                out.extend(pressed(event, from));
            } else if event["delivery"].is_object() {
                let mids: Vec<String> = each(&event["delivery"]["mids"]).filter_map(id).collect();
                let fate = Fate::Delivered;
                if mids.is_empty() {
                    out.extend(until(&event["delivery"]["watermark"], from, fate));
                } else {
                    out.extend(mids.into_iter().map(|remote| Told::Became { remote, fate, code: String::new() }));
                }
            } else if event["read"].is_object() {
                out.extend(until(&event["read"]["watermark"], from, Fate::Read));
            }
        }
    }
    out
}

fn until(watermark: &Json, to: String, fate: Fate) -> Option<Told> {
    let at = Timestamp(watermark.as_i64()?.checked_mul(1000)?);
    Some(Told::Until { to, fate, at })
}

fn said(message: &Json, from: String) -> Option<Told> {
    let mut wrote = Wrote { remote: id(&message["mid"])?, from, ..Wrote::default() };
    wrote.text = text(&message["text"], LONGEST).unwrap_or_default();
    wrote.choice = text(&message["quick_reply"]["payload"], 1000);
    for attachment in each(&message["attachments"]).take(10) {
        let kind = attachment["type"].as_str().unwrap_or_default();
        match text(&attachment["payload"]["url"], 2048) {
            Some(url) if matches!(kind, "image" | "audio" | "video" | "file") => {
                wrote.media.push(Media { id: url, name: kind.to_owned(), media_type: String::new() });
            }
            _ => wrote.unsupported = text(&attachment["type"], 40).or_else(|| Some("unknown".to_owned())),
        }
    }
    Some(Told::Wrote(Box::new(wrote)))
}

fn pressed(event: &Json, from: String) -> Option<Told> {
    let pressed = &event["postback"];
    // Older posts have no id of their own: sender and instant are one.
    let remote = id(&pressed["mid"]).or_else(|| Some(format!("{from}-{}", event["timestamp"].as_i64()?)))?;
    let mut wrote = Wrote { remote, from, ..Wrote::default() };
    wrote.text = text(&pressed["title"], 200).unwrap_or_default();
    wrote.choice = text(&pressed["payload"], 1000);
    Some(Told::Wrote(Box::new(wrote)))
}
