//! WhatsApp Cloud API: `/{phone-number-id}/messages`, media, templates, and the posts of its server.

use outbound::lines::Words;
use serde_json::{Value as Json, json};

use super::{
    Body, Call, Fate, LONGEST, Media, Multipart, Part, Reply, Told, Wrote, cut, each, graph, id, spelled, text,
};

/// The kind of message that carries a file of this type.
fn kind_of(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" | "image/png" => "image",
        "video/mp4" => "video",
        "audio/mpeg" | "audio/ogg" => "audio",
        _ => "document",
    }
}

/// The request that uploads a file before the message that shows it.
pub fn upload(number: &str, words: &Words) -> Option<Call> {
    let file = words.file.as_ref()?;
    let form = Multipart(vec![
        Part::Field("messaging_product", "whatsapp".to_owned()),
        Part::Field("type", file.media_type.clone()),
        Part::File {
            field: "file",
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes.clone(),
        },
    ]);
    Some(Call { path: format!("/{number}/media"), body: Body::Form(form) })
}

/// The request that sends a message; `media` is what [`upload`] was answered.
pub fn message(number: &str, to: &str, words: &Words, media: Option<&str>) -> Call {
    let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual", "to": to });
    let (kind, content) = content(words, media);
    body["type"] = json!(kind);
    body[kind] = content;
    Call { path: format!("/{number}/messages"), body: Body::Json(body) }
}

fn content(words: &Words, media: Option<&str>) -> (&'static str, Json) {
    if let Some(template) = &words.template {
        let mut content = json!({ "name": template.name, "language": { "code": template.language } });
        if !template.parameters.is_empty() {
            let all: Vec<Json> =
                template.parameters.iter().map(|text| json!({ "type": "text", "text": text })).collect();
            content["components"] = json!([{ "type": "body", "parameters": all }]);
        }
        return ("template", content);
    }
    if let (Some(file), Some(media)) = (&words.file, media) {
        let kind = kind_of(&file.media_type);
        let mut content = json!({ "id": media });
        if kind != "audio" && !words.text.is_empty() {
            content["caption"] = json!(words.text);
        }
        if kind == "document" {
            content["filename"] = json!(file.name);
        }
        return (kind, content);
    }
    let choices = &words.choices;
    let fits = |most: usize| choices.iter().all(|(label, value)| label.chars().count() <= most && value.len() <= 200);
    let body = json!({ "text": cut(&words.text, 1024) });
    let is_short = words.text.chars().count() <= 1024;
    if (1..=3).contains(&choices.len()) && fits(20) && is_short {
        let reply =
            |(label, value): &(String, String)| json!({ "type": "reply", "reply": { "id": value, "title": label } });
        let buttons: Vec<Json> = choices.iter().map(reply).collect();
        return ("interactive", json!({ "type": "button", "body": body, "action": { "buttons": buttons } }));
    }
    if (4..=10).contains(&choices.len()) && fits(24) && is_short {
        let rows: Vec<Json> = choices.iter().map(|(label, value)| json!({ "id": value, "title": label })).collect();
        let action = json!({ "button": "☰", "sections": [{ "rows": rows }] });
        return ("interactive", json!({ "type": "list", "body": body, "action": action }));
    }
    ("text", json!({ "preview_url": false, "body": spelled(words) }))
}

/// What the answer to a message means.
pub fn reply(status: u16, json: &Json) -> Reply {
    if !(200..300).contains(&status) {
        return graph::refused(status, json);
    }
    match id(&json["messages"][0]["id"]) {
        Some(remote) => Reply::Taken(remote),
        None => Reply::Unclear,
    }
}

/// What its server posted, for one of the business's numbers; other numbers' entries are not ours.
pub fn read(json: &Json, number: &str) -> Vec<Told> {
    let mut out = Vec::new();
    for change in each(&json["entry"]).flat_map(|entry| each(&entry["changes"])) {
        let value = &change["value"];
        if change["field"] != "messages" || value["metadata"]["phone_number_id"] != number {
            continue;
        }
        for message in each(&value["messages"]) {
            let (Some(remote), Some(from)) = (id(&message["id"]), id(&message["from"])) else { continue };
            let known = each(&value["contacts"]).find(|contact| contact["wa_id"] == message["from"]);
            let name = known.and_then(|contact| text(&contact["profile"]["name"], 100));
            let mut wrote = Wrote { remote, from, name, ..Wrote::default() };
            // A reaction is no message of its own, and one that was taken back is nothing.
            if said(message, &mut wrote) {
                out.push(Told::Wrote(Box::new(wrote)));
            }
        }
        for status in each(&value["statuses"]) {
            out.extend(became(status));
        }
    }
    out
}

fn said(message: &Json, wrote: &mut Wrote) -> bool {
    let kind = message["type"].as_str().unwrap_or_default();
    let content = &message[kind];
    match kind {
        "text" => wrote.text = text(&content["body"], LONGEST).unwrap_or_default(),
        "image" | "document" | "audio" | "video" | "sticker" => {
            wrote.text = text(&content["caption"], LONGEST).unwrap_or_default();
            if let Some(media) = id(&content["id"]) {
                let name = text(&content["filename"], 120).unwrap_or_else(|| kind.to_owned());
                let media_type = text(&content["mime_type"], 100).unwrap_or_default();
                wrote.media.push(Media { id: media, name, media_type });
            }
        }
        "interactive" => {
            let chosen = ["button_reply", "list_reply"].iter().map(|kind| &content[*kind]).find(|one| one.is_object());
            let chosen = chosen.unwrap_or(&Json::Null);
            wrote.text = text(&chosen["title"], 200).unwrap_or_default();
            wrote.choice = text(&chosen["id"], 256);
        }
        "button" => {
            wrote.text = text(&content["text"], 200).unwrap_or_default();
            wrote.choice = text(&content["payload"], 256);
        }
        "location" => {
            let (Some(lat), Some(lon)) = (content["latitude"].as_f64(), content["longitude"].as_f64()) else {
                return false;
            };
            let named = [text(&content["name"], 200), text(&content["address"], 300)];
            wrote.text = named.into_iter().flatten().chain([format!("geo:{lat},{lon}")]).collect::<Vec<_>>().join("\n");
        }
        "reaction" => {
            let Some(emoji) = text(&content["emoji"], 16) else { return false };
            wrote.text = emoji;
        }
        _ => wrote.unsupported = Some(text(&message["type"], 40).unwrap_or_else(|| "unknown".to_owned())),
    }
    true
}

fn became(status: &Json) -> Option<Told> {
    let remote = id(&status["id"])?;
    let fate = match status["status"].as_str()? {
        "sent" => Fate::Sent,
        "delivered" => Fate::Delivered,
        "read" | "played" => Fate::Read,
        "failed" => Fate::Failed,
        _ => return None,
    };
    let code = match (fate, status["errors"][0]["code"].as_i64()) {
        (Fate::Failed, Some(code)) => graph::named(code, 0),
        (Fate::Failed, None) => "app".to_owned(),
        _ => String::new(),
    };
    Some(Told::Became { remote, fate, code })
}
