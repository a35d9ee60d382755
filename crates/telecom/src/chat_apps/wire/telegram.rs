//! Telegram Bot API: `/bot{token}/sendMessage` and its relatives, and the updates that its server posts.

use outbound::lines::Words;
use serde_json::{Value as Json, json};

use super::{Body, Call, LONGEST, Media, Multipart, Part, Reply, Told, Wrote, cut, id, spelled, text};

/// The updates that are asked for.
pub const UPDATES: [&str; 3] = ["message", "callback_query", "my_chat_member"];

/// Buttons below a message; none where a value is longer than the app allows (64 octets).
fn keyboard(words: &Words) -> Option<Json> {
    let fits = words.choices.iter().all(|(_, value)| (1..=64).contains(&value.len()));
    if words.choices.is_empty() || !fits {
        return None;
    }
    let row = |(label, value): &(String, String)| json!([{ "text": cut(label, 64), "callback_data": value }]);
    Some(json!({ "inline_keyboard": words.choices.iter().map(row).collect::<Vec<_>>() }))
}

/// The request that sends a message. The path is below the bot's own part of the address.
pub fn message(to: &str, words: &Words) -> Call {
    if let Some(file) = &words.file {
        let (method, field) = match file.media_type.as_str() {
            "image/png" | "image/jpeg" | "image/webp" => ("sendPhoto", "photo"),
            "audio/mpeg" => ("sendAudio", "audio"),
            "video/mp4" => ("sendVideo", "video"),
            _ => ("sendDocument", "document"),
        };
        let mut parts = vec![Part::Field("chat_id", to.to_owned())];
        if !words.text.is_empty() {
            parts.push(Part::Field("caption", words.text.clone()));
        }
        parts.push(Part::File {
            field,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes.clone(),
        });
        return Call { path: format!("/{method}"), body: Body::Form(Multipart(parts)) };
    }
    let mut body = json!({ "chat_id": to, "link_preview_options": { "is_disabled": true } });
    match keyboard(words) {
        Some(keyboard) => {
            body["text"] = json!(words.text);
            body["reply_markup"] = keyboard;
        }
        None => body["text"] = json!(spelled(words)),
    }
    Call { path: "/sendMessage".to_owned(), body: Body::Json(body) }
}

/// What the answer to a message means.
pub fn reply(status: u16, json: &Json) -> Reply {
    if json["ok"] == true {
        let result = &json["result"];
        return match (id(&result["chat"]["id"]), id(&result["message_id"])) {
            (Some(chat), Some(message)) => Reply::Taken(format!("{chat}/{message}")),
            _ => Reply::Unclear,
        };
    }
    let code = json["error_code"].as_i64().unwrap_or_else(|| status.into());
    let told = json["description"].as_str().unwrap_or_default().to_ascii_lowercase();
    match code {
        429 => Reply::Later { reason: "rate_limited".to_owned(), after: json["parameters"]["retry_after"].as_i64() },
        401 | 404 => Reply::Token,
        403 => Reply::Refused("blocked_by_person".to_owned()),
        400 if told.contains("chat not found") => Reply::Refused("not_reachable".to_owned()),
        400..=499 => Reply::Refused(format!("app_{code}")),
        // It answered, in its own words, that it did not do it.
        _ if json["ok"] == false => Reply::Later { reason: "app_unavailable".to_owned(), after: None },
        _ => Reply::Unclear,
    }
}

/// What its server posted. Groups and channels are not conversations with a person.
pub fn read(json: &Json) -> Vec<Told> {
    if json["message"].is_object() {
        return said(&json["message"]).into_iter().collect();
    }
    if json["callback_query"].is_object() {
        return pressed(&json["callback_query"]).into_iter().collect();
    }
    let member = &json["my_chat_member"];
    if member["chat"]["type"] == "private" && member["new_chat_member"]["status"] == "kicked" {
        return id(&member["chat"]["id"]).map(|by| Told::Blocked { by }).into_iter().collect();
    }
    Vec::new()
}

fn by(chat: &Json, from: &Json) -> Option<Wrote> {
    if chat["type"] != "private" || from["is_bot"] == true {
        return None;
    }
    let names = [text(&from["first_name"], 64), text(&from["last_name"], 64)];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(Wrote {
        from: id(&chat["id"])?,
        name: Some(name).filter(|name| !name.is_empty()),
        language: text(&from["language_code"], 10),
        ..Wrote::default()
    })
}

fn said(message: &Json) -> Option<Told> {
    let mut wrote = by(&message["chat"], &message["from"])?;
    wrote.remote = format!("{}/{}", wrote.from, id(&message["message_id"])?);
    let words = text(&message["text"], LONGEST).or_else(|| text(&message["caption"], LONGEST));
    wrote.text = words.unwrap_or_default();
    // The largest of the sizes of a photograph stands last.
    let photo = message["photo"].as_array().and_then(|sizes| sizes.last());
    let files = ["document", "audio", "video", "voice", "video_note", "sticker"];
    let named = files.iter().map(|kind| (*kind, &message[*kind])).find(|(_, file)| file.is_object());
    if let Some((kind, file)) = photo.map(|photo| ("photo", photo)).or(named)
        && let Some(media) = id(&file["file_id"])
    {
        let name = text(&file["file_name"], 120).unwrap_or_else(|| kind.to_owned());
        let media_type = text(&file["mime_type"], 100).unwrap_or_default();
        wrote.media.push(Media { id: media, name, media_type });
    } else if let (Some(lat), Some(lon)) =
        (message["location"]["latitude"].as_f64(), message["location"]["longitude"].as_f64())
    {
        wrote.text = format!("geo:{lat},{lon}");
    } else if wrote.text.is_empty() {
        wrote.unsupported = Some("unknown".to_owned());
    }
    Some(Told::Wrote(Box::new(wrote)))
}

fn pressed(query: &Json) -> Option<Told> {
    let mut wrote = by(&query["message"]["chat"], &query["from"])?;
    let pressed = id(&query["id"])?;
    wrote.remote = format!("press/{pressed}");
    wrote.choice = text(&query["data"], 64);
    let rows = query["message"]["reply_markup"]["inline_keyboard"].as_array();
    let mut buttons = rows.into_iter().flatten().filter_map(Json::as_array).flatten();
    let label = buttons.find(|button| button["callback_data"] == query["data"]);
    wrote.text =
        label.and_then(|button| text(&button["text"], 200)).or_else(|| wrote.choice.clone()).unwrap_or_default();
    wrote.pressed = Some(pressed);
    Some(Told::Wrote(Box::new(wrote)))
}
