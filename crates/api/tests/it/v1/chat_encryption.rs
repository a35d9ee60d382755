//! Chats encrypted end to end, and Web Push, through the real router.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::{aead, hmac, signature};
use conversations::push::{DecideJob, DeliverJob, Push};
use data_encoding::BASE64URL_NOPAD;
use http_server::testing::TestClient;
use outbound::webhooks::SystemLookup;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use store::jobs::Handler;
use testkit::Fixture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::world::World;

fn b64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn raw(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

struct Page {
    client: TestClient,
    widget: String,
}

impl Page {
    async fn post(&self, what: &str, body: Json) -> http_server::testing::Answer {
        self.client.post(&format!("/w/chat/{}/{what}", self.widget), &body).await
    }

    async fn get(&self, what: &str) -> Json {
        self.client.get(&format!("/w/chat/{}/{what}", self.widget)).await.json()
    }
}

async fn page(world: &World, settings: Json) -> Page {
    let made = world.made("/v1/widgets", json!({ "name": "Shop", "settings": settings })).await;
    let widget = made["id"].as_str().unwrap().to_owned();
    let opened = world.anonymous().post(&format!("/w/chat/{widget}/session"), &json!({})).await.json();
    Page { client: world.anonymous().bearer(opened["token"].as_str().unwrap()), widget }
}

fn wrapped(recipient: &Json) -> Json {
    json!({ "recipient": recipient, "enc": b64(&[3; 32]), "ciphertext": b64(&[4; 48]) })
}

fn sealed(thread: &Json, counter: u64) -> Json {
    json!({ "key_id": b64(&[5; 16]), "thread": thread, "sender": b64(&[6; 16]), "counter": counter,
        "ciphertext": b64(&[7; 40]) })
}

testkit::each_engine! {
    async fn a_sealed_chat_from_both_sides(t: Fixture) {
        let world = World::new(t).await;
        let settings = json!({ "encryption": "end_to_end", "features": { "transcript": false } });
        let page = page(&world, settings).await;
        let config = page.get("config").await;
        assert_eq!((config["encryption"]["mode"].as_str(), config["encryption"]["ready"].as_bool()), (Some("end_to_end"), Some(false)));
        assert_eq!(config["features"]["transcript"], false);
        assert_eq!(page.post("start", json!({ "client_id": "s" })).await.code().as_deref(), Some("unavailable"));
        // A member's device, approved as the first one.
        let browser = world.browser().await;
        let (devices, public) = ("/v1/conversations/devices", b64(&[9; 32]));
        let key = json!({ "name": "Laptop", "public_key": public });
        assert_eq!(world.owner.post(devices, &key).await.code().as_deref(), Some("unauthenticated"), "keys have no devices");
        let device = browser.post(devices, &key).await.json();
        assert_eq!((device["state"].as_str(), device["mine"].as_bool()), (Some("pending"), Some(true)));
        let path = |what: &str| format!("{devices}/{}/{what}", device["id"].as_str().unwrap());
        let approved = browser.post(&path("approve"), &json!({})).await.json();
        assert_eq!(approved["state"], "approved", "{approved}");
        let listed = browser.get(devices).await.json();
        assert_eq!((listed["first"].as_bool(), listed["can_approve"].as_bool()), (Some(false), Some(true)));
        let log = browser.get(&format!("{devices}/log")).await.json();
        assert_eq!(log["items"][1]["action"], "approved_first");
        // The visitor's page seals a key to it and says something.
        assert_eq!(page.post("start", json!({ "client_id": "s", "text": "hello" })).await.code().as_deref(), Some("end_to_end_encrypted"));
        let begun = page.post("start", json!({ "client_id": "s" })).await.json();
        let conversation = &begun["conversation"];
        assert_eq!(conversation["encryption"]["key_id"], Json::Null);
        let keys = page.get("keys").await;
        assert_eq!(keys["devices"][0]["public_key"].as_str(), Some(public.as_str()));
        let shares = json!({ "key_id": b64(&[5; 16]), "shares": [wrapped(&device["id"])] });
        assert_eq!(page.post("keys", shares.clone()).await.status.as_u16(), 204);
        let said = json!({ "client_id": "m", "encrypted": sealed(&conversation["thread"], 0) });
        let given = page.post("messages", said).await.json();
        assert_eq!((given["event"]["kind"].as_str(), given["event"]["encrypted"]["role"].as_str()), (Some("encrypted"), Some("visitor")));
        for body in [json!({ "client_id": "x", "text": "plain" }), json!({ "client_id": "y", "postback": { "event_seq": 1, "value": "v" } })] {
            assert!(page.post("messages", body).await.status.is_client_error());
        }
        assert_eq!(page.post("peek", json!({ "text": "plain" })).await.status.as_u16(), 409);
        assert_eq!(page.post("transcript", json!({ "email": "a@example.com" })).await.status.as_u16(), 409);
        // The inbox sees that there is something, and what it is only with the device.
        let id = conversation["id"].as_str().unwrap();
        let path = |what: &str| format!("/v1/conversations/{id}{what}");
        let full = browser.get(&path("")).await.json();
        assert_eq!((full["encrypted"].as_bool(), full["preview"]["text"].as_str()), (Some(true), Some("")));
        assert_eq!((full["encryption"]["missing"].as_u64(), full["encryption"]["rotate"].as_bool()), (Some(0), Some(false)));
        let own = format!("/keys?device={}", device["id"].as_str().unwrap());
        let opened = browser.get(&path(&own)).await.json();
        assert_eq!(opened["shares"][0]["ciphertext"].as_str(), Some(b64(&[4; 48]).as_str()));
        assert_eq!(world.owner.get(&path(&own)).await.code().as_deref(), Some("unauthenticated"));
        let answer = json!({ "kind": "encrypted", "visibility": "agents", "encrypted": {
            "key_id": b64(&[5; 16]), "thread": conversation["thread"], "sender": b64(&[8; 16]), "counter": 0, "ciphertext": b64(&[7; 40]) } });
        let noted = browser.post(&path("/events"), &answer).await.json();
        assert_eq!(noted["event"]["visibility"], "agents", "{noted}");
        assert!(!page.get("events?after=0").await.to_string().contains(&b64(&[8; 16])), "a sealed note is members' own");
        for body in [json!({ "kind": "message", "text": "plain" }), json!({ "kind": "note", "text": "plain" })] {
            assert_eq!(browser.post(&path("/events"), &body).await.code().as_deref(), Some("end_to_end_encrypted"));
        }
        let handed = json!({ "user": world.user, "note": "plain" });
        assert_eq!(browser.post(&path("/transfer"), &handed).await.code().as_deref(), Some("end_to_end_encrypted"));
        let found = browser.get("/v1/conversations/search?q=plain").await.json();
        assert_eq!((found["items"].as_array().unwrap().len(), found["encrypted"].as_u64()), (0, Some(1)));
        let file = browser.get(&path("/transcript?format=json")).await.json();
        assert!(file.as_array().unwrap().iter().any(|line| line["encrypted"]["counter"] == 0 && line["text"] == ""));
        // A key's holder may not speak here: nobody would know from which device.
        assert_eq!(world.owner.post(&path("/events"), &answer).await.code().as_deref(), Some("end_to_end_encrypted"));
        // Another workspace finds neither the devices nor what was sealed to them.
        let stranger = world.strangers_browser().await;
        let device = device["id"].as_str().unwrap();
        for what in ["approve", "revoke"] {
            let tried = stranger.post(&format!("{devices}/{device}/{what}"), &json!({})).await;
            assert_eq!(tried.code().as_deref(), Some("not_found"), "{what}: {}", tried.text());
        }
        assert_eq!(stranger.get(&path(&own)).await.code().as_deref(), Some("not_found"));
        assert_eq!(stranger.get(devices).await.json()["items"], json!([]));
        assert!(!stranger.get(&format!("{devices}/log")).await.text().contains(device));
        assert_eq!(stranger.get("/v1/conversations/reception-keys").await.json()["items"], json!([]));
        assert_eq!(browser.get(devices).await.json()["items"][0]["state"], "approved", "nothing was done to it");
    }

    async fn opaque_files_travel_in_sealed_chats(t: Fixture) {
        let world = World::new(t).await;
        let page = page(&world, json!({ "encryption": "end_to_end", "features": { "transcript": false } })).await;
        let browser = world.browser().await;
        let key = json!({ "name": "Laptop", "public_key": b64(&[9; 32]) });
        let device = browser.post("/v1/conversations/devices", &key).await.json();
        let approve = format!("/v1/conversations/devices/{}/approve", device["id"].as_str().unwrap());
        browser.post(&approve, &json!({})).await;
        let begun = page.post("start", json!({ "client_id": "s" })).await.json();
        page.post("keys", json!({ "key_id": b64(&[5; 16]), "shares": [wrapped(&device["id"])] })).await;
        let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"payslip.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n\u{1}\u{2}opaque\r\n--x--\r\n";
        let client = page.client.clone().with("content-type", "multipart/form-data; boundary=x");
        let sent = client.send(axum::http::Method::POST, &format!("/w/chat/{}/files", page.widget), form).await.json();
        assert_eq!((sent["name"].as_str(), sent["state"].as_str()), (Some("encrypted"), Some("clean")), "{sent}");
        let mut words = sealed(&begun["conversation"]["thread"], 0);
        words["file"] = sent["id"].clone();
        let given = page.post("messages", json!({ "client_id": "f", "encrypted": words })).await.json();
        assert_eq!(given["event"]["file"]["id"], sent["id"], "{given}");
        let path = format!("/w/chat/{}/files/{}", page.widget, sent["id"].as_str().unwrap());
        assert_eq!(page.client.get(&path).await.text(), "\u{1}\u{2}opaque");
    }
}

/// A push service that keeps what comes.
struct Service {
    url: String,
    came: Arc<Mutex<Vec<(HashMap<String, String>, Vec<u8>)>>>,
    status: Arc<Mutex<u16>>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send/abc", listener.local_addr().unwrap());
        let (came, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(201)));
        let (kept, answer) = (Arc::clone(&came), Arc::clone(&status));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let (head, length) = loop {
                    let mut part = [0; 8192];
                    let read = stream.read(&mut part).await.unwrap();
                    bytes.extend_from_slice(&part[..read]);
                    let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
                    let head: HashMap<String, String> = String::from_utf8_lossy(&bytes[..end])
                        .lines()
                        .skip(1)
                        .filter_map(|line| line.split_once(": "))
                        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                        .collect();
                    let length: usize = head["content-length"].parse().unwrap();
                    if bytes.len() >= end + 4 + length {
                        break (head, bytes.split_off(end + 4));
                    }
                };
                kept.lock().push((head, length));
                let text = format!("HTTP/1.1 {} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", *answer.lock());
                stream.write_all(text.as_bytes()).await.unwrap();
            }
        });
        Self { url, came, status }
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &parts.concat()).as_ref().to_vec()
}

/// What a browser makes of a push (RFC 8291).
fn opened(body: &[u8], own: &PrivateKey, auth: &[u8]) -> Json {
    let (salt, rest) = body.split_at(16);
    let theirs = &rest[5..70];
    let point = own.compute_public_key().unwrap();
    let shared = agree(own, UnparsedPublicKey::new(&ECDH_P256, theirs), (), |secret| Ok(secret.to_vec())).unwrap();
    let material = mac(&mac(auth, &[&shared]), &[b"WebPush: info\0", point.as_ref(), theirs, &[1]]);
    let second = mac(salt, &[&material]);
    let key = mac(&second, &[b"Content-Encoding: aes128gcm\0", &[1]]);
    let nonce = mac(&second, &[b"Content-Encoding: nonce\0", &[1]]);
    let cipher = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key[..16]).unwrap());
    let mut record = rest[70..].to_vec();
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce[..12]).unwrap();
    let plain = cipher.open_in_place(nonce, aead::Aad::empty(), &mut record).unwrap();
    assert_eq!(plain.last(), Some(&2));
    serde_json::from_slice(&plain[..plain.len() - 1]).unwrap()
}

testkit::each_engine! {
    async fn members_are_told_without_a_word_of_what_was_said(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        let service = Service::start().await;
        let own = PrivateKey::from_private_key(&ECDH_P256, &[11; 32]).unwrap();
        let keys = json!({ "p256dh": b64(own.compute_public_key().unwrap().as_ref()), "auth": b64(&[12; 16]) });
        let wanted = |endpoint: &str| json!({ "endpoint": endpoint, "keys": keys, "label": "Phone", "language": "ar" });
        let path = "/v1/push/subscriptions";
        assert_eq!(browser.post(path, &wanted(&service.url)).await.code().as_deref(), Some("conflict"), "nothing is named");
        let push = Push::new(&["127.0.0.1".to_owned()], Arc::new(SystemLookup), "https://barid.example.com").unwrap();
        world.app.shell.chat().push_with(push.clone());
        let elsewhere = browser.post(path, &wanted("https://fcm.googleapis.com/x")).await;
        assert_eq!(elsewhere.code().as_deref(), Some("blocked_target"));
        let odd = json!({ "endpoint": service.url, "keys": { "p256dh": b64(&[4; 65]), "auth": b64(&[12; 16]) } });
        assert_eq!(browser.post(path, &odd).await.code().as_deref(), Some("invalid_input"));
        let kept = browser.post(path, &wanted(&service.url)).await.json();
        let again = browser.post(path, &wanted(&service.url)).await.json();
        assert_eq!(kept["id"], again["id"], "the same browser");
        assert!(!browser.get(path).await.text().contains("/send/abc"), "where it is reached stays sealed");
        // The person writes while no window is open.
        world.owner.put(&format!("/v1/agents/{}", world.user), &json!({ "status": "accepting" })).await;
        let page = page(&world, json!({})).await;
        page.post("start", json!({ "client_id": "s", "text": "my secret order" })).await;
        let hub = world.app.shell.chat().hub().clone();
        let handlers: [Arc<dyn Handler>; 2] =
            [Arc::new(DecideJob::new(hub)), Arc::new(DeliverJob::new(push))];
        world.t.clock.advance(3);
        store::jobs::drain(&world.t.core, &handlers).await.unwrap();
        let (head, body) = service.came.lock().pop().unwrap();
        let told = opened(&body, &own, &[12; 16]);
        assert_eq!((told["kind"].as_str(), told["body"].as_str()), (Some("message"), Some("")));
        assert!(told["conversation"].as_str().unwrap().starts_with("cnv_"));
        assert!(!told.to_string().contains("secret") && told["title"].as_str().unwrap().contains("رسالة"), "{told}");
        assert_eq!((head["content-encoding"].as_str(), head["ttl"].as_str()), ("aes128gcm", "14400"));
        // Who sends is signed (RFC 8292) with the key that browsers got.
        let value = head["authorization"].strip_prefix("vapid t=").unwrap();
        let (token, public) = value.split_once(", k=").unwrap();
        assert_eq!(browser.get("/v1/push/key").await.json()["public_key"].as_str(), Some(public));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let verifier = signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, raw(public));
        verifier.verify(signed.as_bytes(), &raw(signature)).unwrap();
        let claims: Json = serde_json::from_slice(&raw(signed.split_once('.').unwrap().1)).unwrap();
        assert!(service.url.starts_with(claims["aud"].as_str().unwrap()));
        assert!(claims["exp"].as_i64().unwrap() - world.t.core.now().as_seconds() <= 86_400);
        // Many words are one push in half a minute, then one more.
        for n in 0..5 {
            page.post("messages", json!({ "client_id": format!("m{n}"), "text": "more" })).await;
            world.t.clock.advance(3);
            store::jobs::drain(&world.t.core, &handlers).await.unwrap();
        }
        assert!(service.came.lock().is_empty());
        world.t.clock.advance(30);
        store::jobs::drain(&world.t.core, &handlers).await.unwrap();
        assert_eq!(service.came.lock().len(), 1);
        // A push service that is busy is asked again; a browser that is gone is forgotten.
        *service.status.lock() = 503;
        assert_eq!(browser.post("/v1/push/test", &json!({})).await.json()["results"][0]["status"], 503);
        assert_eq!(browser.get(path).await.json()["items"][0]["last_status"], 503);
        *service.status.lock() = 410;
        assert_eq!(browser.post("/v1/push/test", &json!({})).await.json()["sent"], 0);
        assert_eq!(browser.get(path).await.json()["items"], json!([]));
    }
}
