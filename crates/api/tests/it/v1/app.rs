//! What the web app's shell asks for.

use accounts::members::Role;
use accounts::users::{Client, SignIn};
use axum::body::Body;
use axum::http::{Method, Request};
use futures_util::StreamExt;
use http_server::testing::TestClient;
use serde_json::{Value as Json, json};
use testkit::Fixture;
use tower::ServiceExt;

use super::world::{HTML, OWNER, PASSWORD, World, refused, server, sign_up};

/// A second member with this role, signed in.
pub async fn colleague(world: &World, address: &str, role: &str) -> TestClient {
    let mut other = sign_up(address, "Elsewhere");
    other.user.name = "Layla".to_owned().into();
    let (_, user) = world.app.accounts.create_owner(other).await.unwrap();
    world.made("/v1/members", json!({ "email": address, "role": role })).await;
    let ctx = world.ctx();
    let joined = store::params![user, ctx.workspace, ctx.now()];
    ctx.db.tx(move |tx| tx.exec(JOIN, joined.clone()).map(|_| ())).await.unwrap();
    match world.app.accounts.sign_in(address, PASSWORD, &Client::default()).await.unwrap() {
        SignIn::Session(session) => world
            .anonymous()
            .signed_in(&world.app.toolbox.sign_in_cookie(&session))
            .with("x-barid-workspace", &world.workspace.to_string()),
        SignIn::SecondFactor { .. } => panic!("no second factor was set up"),
    }
}

store::sql! {
    JOIN = "UPDATE membership SET state = 'active', updated_at = $3 WHERE account = $1 AND workspace = $2";
}

testkit::each_engine! {
    async fn preferences_are_chosen_and_go_back_to_their_defaults(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        let before = browser.get("/v1/account/preferences").await.json();
        assert_eq!(before, json!({ "digits": "auto", "calendar": "auto", "theme": "auto", "density": "comfortable",
            "shortcuts": true, "first_weekday": "auto", "hour_cycle": "auto" }));
        let chosen = json!({ "digits": "arab", "calendar": "islamic-umalqura", "shortcuts": false, "first_weekday": "6" });
        let set = browser.put("/v1/account/preferences", &chosen).await.json();
        assert_eq!((set["digits"].as_str(), set["shortcuts"].as_bool(), set["theme"].as_str()), (Some("arab"), Some(false), Some("auto")));
        assert_eq!(browser.get("/v1/account/preferences").await.json(), set);
        assert_eq!(browser.get("/v1/session").await.json()["preferences"], set);
        refused(&browser.put("/v1/account/preferences", &json!({ "theme": "pink" })).await, "invalid_input", Some("theme"));
        assert_eq!(browser.put("/v1/account/preferences", &json!({})).await.json(), before);
    }

    async fn one_call_says_who_is_signed_in_and_what_they_may_do(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        let session = browser.get("/v1/session").await.json();
        assert_eq!(session["user"]["email"], OWNER);
        assert_eq!((&session["language"], &session["workspace"]), (&json!("en"), &json!(world.workspace.to_string())));
        let here = &session["workspaces"][0];
        assert_eq!((here["role"].as_str(), here["name"].as_str()), (Some("owner"), Some("Nur Foundation")));
        assert!(here["permissions"].as_array().unwrap().contains(&json!("campaigns:send")));
        assert!(session["server"]["version"].is_string() && session["server"]["mode"] == "none");
        let further = browser.post("/v1/workspaces", &json!({ "name": "Second", "language": "ar" })).await.json();
        let session = browser.get("/v1/session").await.json();
        assert_eq!((session["workspace"].clone(), session["workspaces"].as_array().unwrap().len()), (Json::Null, 2));
        let second = browser.clone().with("x-barid-workspace", further["id"].as_str().unwrap());
        assert_eq!(second.get("/v1/session").await.json()["workspace"], further["id"]);
        assert_eq!(second.get("/v1/workspace").await.json()["id"], further["id"]);
        assert_eq!(world.anonymous().get("/v1/session").await.status.as_u16(), 401);
    }

    async fn a_cookie_does_nothing_for_another_page(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        let foreign = browser.clone().with("sec-fetch-site", "cross-site");
        refused(&foreign.put("/v1/account/preferences", &json!({})).await, "forbidden", None);
        refused(&foreign.post("/v1/views", &json!({ "screen": "a", "name": "b", "query": "" })).await, "forbidden", None);
        assert_eq!(foreign.get("/v1/session").await.status.as_u16(), 200, "reading is the browser's own business");
        assert!(browser.put("/v1/account/preferences", &json!({})).await.status.is_success());
    }

    async fn views_belong_to_members_and_may_be_shared(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        let other = colleague(&world, "layla@example.com", "author").await;
        let view = |name: &str, shared: bool| json!({ "screen": "audience", "name": name, "query": "?q=Layla", "shared": shared });
        let mine = browser.post("/v1/views", &view("Mine", false)).await.json();
        let shared = browser.post("/v1/views", &view("Ours", true)).await.json();
        assert_eq!((mine["query"].as_str(), mine["mine"].as_bool()), (Some("q=Layla"), Some(true)));
        let seen = other.get("/v1/views?screen=audience").await.json();
        assert_eq!(seen["items"].as_array().unwrap().len(), 1);
        assert_eq!((seen["items"][0]["name"].as_str(), seen["items"][0]["mine"].as_bool()), (Some("Ours"), Some(false)));
        let path = |view: &Json| format!("/v1/views/{}", view["id"].as_str().unwrap());
        refused(&other.patch(&path(&mine), &json!({ "name": "x" })).await, "not_found", None);
        refused(&other.delete(&path(&shared)).await, "forbidden", None);
        let theirs = other.post("/v1/views", &view("Theirs", true)).await.json();
        assert_eq!(browser.patch(&path(&theirs), &json!({ "shared": false })).await.json()["shared"], false);
        refused(&browser.post("/v1/views", &json!({ "screen": "No Screen", "name": "x", "query": "" })).await, "invalid_input", Some("screen"));
        refused(&browser.post("/v1/views", &json!({ "screen": "a", "name": " ", "query": "" })).await, "invalid_input", Some("name"));
        assert_eq!(browser.get("/v1/views?screen=campaigns").await.json()["items"], json!([]));
        assert_eq!(other.delete(&path(&theirs)).await.status.as_u16(), 204);
        for n in 0..98 {
            assert_eq!(browser.post("/v1/views", &view(&format!("v{n}"), false)).await.status.as_u16(), 201);
        }
        refused(&browser.post("/v1/views", &view("one more", false)).await, "conflict", None);
    }

    async fn the_consoles_link_makes_the_first_owner_once(t: Fixture) {
        let (app, router) = server(&t);
        let anonymous = TestClient::new(router);
        assert_eq!(anonymous.get("/v1/setup").await.json(), json!({ "needed": true }));
        let token = app.shell.setup().open(t.core.rng.as_ref());
        let body = |token: &str, password: &str, zone: &str| json!({ "token": token,
            "owner": { "email": "huda@example.com", "name": "هدى", "password": password, "language": "ar" },
            "workspace": { "name": "مؤسسة نور", "time_zone": zone, "postal_address": "عمّان", "country": "JO" } });
        // A sign-up that nobody confirmed does not keep the operator out.
        let stranger = json!({ "email": "x@example.com", "password": "a long enough one", "workspace": "X", "language": "en" });
        assert_eq!(anonymous.post("/v1/signup", &stranger).await.status.as_u16(), 202);
        assert_eq!(anonymous.get("/v1/setup").await.json(), json!({ "needed": true }));
        refused(&anonymous.post("/v1/setup", &body("wrong", PASSWORD, "Asia/Amman")).await, "forbidden", None);
        refused(&anonymous.post("/v1/setup", &body(token.expose(), "short", "Asia/Amman")).await, "invalid_input", Some("owner.password"));
        refused(&anonymous.post("/v1/setup", &body(token.expose(), PASSWORD, "Asia/Nowhere")).await, "invalid_input", Some("workspace.time_zone"));
        let done = anonymous.post("/v1/setup", &body(token.expose(), PASSWORD, "Asia/Amman")).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.text());
        let browser = anonymous.clone().signed_in(done.headers.get("set-cookie").unwrap());
        let session = browser.get("/v1/session").await.json();
        assert_eq!((session["language"].as_str(), session["user"]["name"].as_str()), (Some("ar"), Some("هدى")));
        assert_eq!(session["workspaces"][0]["time_zone"], "Asia/Amman");
        assert_eq!(browser.get("/v1/workspace").await.json()["settings"]["country"], "JO");
        assert_eq!(anonymous.get("/v1/setup").await.json(), json!({ "needed": false }));
        refused(&anonymous.post("/v1/setup", &body(token.expose(), PASSWORD, "Asia/Amman")).await, "conflict", None);
        for _ in 0..10 {
            anonymous.post("/v1/setup", &body("guess", PASSWORD, "Asia/Amman")).await;
        }
        refused(&anonymous.post("/v1/setup", &body("guess", PASSWORD, "Asia/Amman")).await, "rate_limited", None);
    }

    async fn the_first_steps_are_ticked_off(t: Fixture) {
        let world = World::new(t).await;
        let step = |list: &Json, code: &str| list["steps"].as_array().unwrap().iter().find(|s| s["code"] == code).unwrap()["missing"].clone();
        let list = world.owner.get("/v1/setup/checklist").await.json();
        assert_eq!(step(&list, "organisation"), json!(["time_zone"]));
        assert_eq!(step(&list, "sending"), json!(["default_sender", "test"]));
        assert_eq!((step(&list, "people"), step(&list, "campaign")), (json!(["contacts"]), json!(["draft", "sent"])));
        assert_eq!((list["done"].as_bool(), list["answers"].clone()), (Some(false), Json::Null));
        let answers = json!({ "business": "nonprofit", "goals": ["events", "events"], "team_size": "small" });
        let told = world.owner.put("/v1/setup/answers", &answers).await.json();
        assert_eq!(told["answers"]["goals"], json!(["events"]));
        assert_eq!(told["suggested"].as_array().unwrap()[..2], [json!("events"), json!("fundraising")]);
        assert_eq!(world.owner.put("/v1/setup/answers", &json!({})).await.json()["answers"], Json::Null);
        assert_eq!(world.owner.put("/v1/setup/checklist", &json!({ "dismissed": true })).await.json()["dismissed"], true);
        world.owner.patch("/v1/workspace", &json!({ "settings": { "time_zone": "Asia/Amman" } })).await;
        world.owner.put("/v1/sending/sender", &json!({ "name": "Nur", "email": "news@example.org" })).await;
        world.contact("sara@example.com").await;
        let topic = world.topic("News").await;
        let campaign = world.campaign(&topic).await;
        world.made("/v1/sending/test", json!({ "to": OWNER })).await;
        world.work().await;
        world.owner.post(&format!("/v1/campaigns/{campaign}/send"), &json!({})).await;
        let list = world.owner.get("/v1/setup/checklist").await.json();
        assert_eq!((list["done"].as_bool(), list["dismissed"].as_bool()), (Some(true), Some(true)), "{list}");
    }

    async fn the_way_out_is_shown_and_tried(t: Fixture) {
        let world = World::new(t).await;
        let codes = |answer: &Json| answer["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let before = world.owner.get("/v1/sending").await.json();
        assert_eq!((before["mode"].as_str(), before["default_sender"].clone()), (Some("none"), Json::Null));
        assert_eq!(codes(&before), ["no_default_sender", "public_url_loopback", "nothing_leaves"]);
        refused(&world.owner.post("/v1/sending/test", &json!({ "to": OWNER })).await, "conflict", None);
        let sender = json!({ "name": "Nur", "email": "news@example.org", "reply_to": "desk@example.org" });
        let set = world.owner.put("/v1/sending/sender", &sender).await.json();
        assert_eq!(set["default_sender"], sender);
        assert_eq!(set["sender_domain"], json!({ "domain": "example.org", "verified": true }));
        refused(&world.owner.put("/v1/sending/sender", &json!({ "name": "", "email": "a@example.org" })).await, "invalid_input", Some("name"));
        refused(&world.owner.post("/v1/sending/test", &json!({ "to": "nobody@example.com" })).await, "invalid_input", Some("to"));
        refused(&world.owner.post("/v1/sending/test", &json!({})).await, "invalid_input", Some("to"));
        let browser = world.browser().await;
        let test = browser.post("/v1/sending/test", &json!({})).await;
        assert_eq!(test.status.as_u16(), 202, "{}", test.text());
        let path = format!("/v1/sending/test/{}", test.json()["id"].as_str().unwrap());
        assert_eq!(browser.get(&path).await.json()["state"], "queued");
        world.work().await;
        let done = browser.get(&path).await.json();
        assert_eq!((done["state"].as_str(), done["caught"].as_bool()), (Some("sent"), Some(false)));
        assert!(browser.get("/v1/sending").await.json()["tested_at"].is_string());
        // A campaign without a sender takes the default one.
        let topic = world.topic("News").await;
        let draft = json!({ "name": "S", "subject": "S", "html": HTML, "topic": topic, "language": "en" });
        let made = world.made("/v1/campaigns", draft).await;
        let shown = world.owner.get(&format!("/v1/campaigns/{}", made["id"].as_str().unwrap())).await.json();
        assert_eq!((shown["from_name"].as_str(), shown["from_email"].as_str()), (Some("Nur"), Some("news@example.org")));
    }

    async fn samples_come_and_go_without_a_trace(t: Fixture) {
        let world = World::new(t).await;
        let own = world.contact("sara@example.com").await;
        let started = world.owner.post("/v1/samples", &json!({ "language": "ar" })).await;
        assert_eq!((started.status.as_u16(), started.json()["state"].as_str()), (202, Some("loading")), "{}", started.text());
        refused(&world.owner.delete("/v1/samples").await, "conflict", None);
        world.work().await;
        let loaded = world.owner.get("/v1/samples").await.json();
        assert_eq!((loaded["state"].as_str(), loaded["contacts"].as_u64()), (Some("loaded"), Some(120)), "{loaded}");
        refused(&world.owner.post("/v1/samples", &json!({})).await, "conflict", None);
        let campaign = loaded["campaigns"][0].as_str().unwrap().to_owned();
        let shown = world.owner.get(&format!("/v1/campaigns/{campaign}")).await.json();
        assert_eq!(shown["content"]["language"], "ar");
        let checked = world.owner.get(&format!("/v1/campaigns/{campaign}/checklist")).await.json();
        assert!(checked["allowed"].as_u64().unwrap() > 100, "{checked}");
        let removed = world.owner.delete("/v1/samples").await.json();
        assert_eq!(removed, json!({ "contacts": 126, "campaigns": 3, "segments": 1, "forms": 1, "topics": 1, "bookings": 6, "kept": 0 }));
        let people = world.owner.get("/v1/contacts").await.json();
        assert_eq!(people["items"].as_array().unwrap().len(), 1);
        assert_eq!(people["items"][0]["id"], own.as_str());
        for list in ["/v1/campaigns", "/v1/campaigns?bin=true", "/v1/segments", "/v1/forms", "/v1/topics", "/v1/tags"] {
            assert_eq!(world.owner.get(list).await.json()["items"], json!([]), "{list}");
        }
        assert_eq!(world.owner.delete("/v1/samples").await.json()["contacts"], 0);
        // Once more, and what became one's own stays.
        assert_eq!(world.owner.post("/v1/samples", &json!({})).await.status.as_u16(), 202);
        world.work().await;
        let loaded = world.owner.get("/v1/samples").await.json();
        assert_eq!(loaded["contacts"], 120, "other addresses: what was erased stays erased");
        let kept = loaded["campaigns"][1].as_str().unwrap();
        let changed = world.owner.patch(&format!("/v1/campaigns/{kept}"), &json!({ "name": "Ours" })).await;
        assert_eq!(changed.status.as_u16(), 200);
        let removed = world.owner.delete("/v1/samples").await.json();
        assert_eq!((removed["campaigns"].as_u64(), removed["topics"].as_u64(), removed["kept"].as_u64()), (Some(2), Some(0), Some(2)), "{removed}");
        assert_eq!(world.owner.get("/v1/campaigns").await.json()["items"][0]["name"], "Ours");
    }

    async fn long_work_is_listed(t: Fixture) {
        let world = World::new(t).await;
        world.owner.post("/v1/samples", &json!({})).await;
        let running = world.owner.get("/v1/activity").await.json();
        let import = &running["items"][0];
        assert_eq!((import["kind"].as_str(), import["state"].as_str(), import["can_cancel"].as_bool()), (Some("import"), Some("running"), Some(true)));
        world.work().await;
        let campaign = world.owner.get("/v1/samples").await.json()["campaigns"][0].as_str().unwrap().to_owned();
        world.owner.post(&format!("/v1/campaigns/{campaign}/send"), &json!({ "grace_seconds": 60 })).await;
        world.work().await;
        let items = world.owner.get("/v1/activity").await.json()["items"].clone();
        let (first, second) = (&items[0], &items[1]);
        assert_eq!((first["id"].as_str().unwrap(), first["state"].as_str()), (format!("campaign:{campaign}").as_str(), Some("running")));
        assert_eq!((first["done"].as_u64().unwrap() + 100 < first["total"].as_u64().unwrap(), first["can_pause"].as_bool()), (true, Some(true)));
        assert_eq!((second["kind"].as_str(), second["state"].as_str(), second["done"].as_u64()), (Some("import"), Some("done"), Some(120)));
        world.t.clock.advance(61);
        world.work().await;
        let items = world.owner.get("/v1/activity").await.json()["items"].clone();
        let done = items.as_array().unwrap().iter().find(|item| item["kind"] == "campaign").unwrap();
        assert_eq!((done["state"].as_str(), done["can_cancel"].as_bool()), (Some("done"), Some(false)));
        let everybody = json!({ "action": "tag", "tags": ["spring"], "select": {} });
        let begun = world.owner.post("/v1/contacts/bulk", &everybody).await;
        assert_eq!(begun.status.as_u16(), 202, "{}", begun.text());
        let bulk = |items: Json| items.as_array().unwrap().iter().find(|item| item["kind"] == "bulk").unwrap().clone();
        let running = bulk(world.owner.get("/v1/activity").await.json()["items"].clone());
        assert_eq!((running["title"].as_str(), running["state"].as_str(), running["can_cancel"].as_bool()), (Some("tag"), Some("running"), Some(true)));
        assert_eq!(running["object"], begun.json()["id"]);
        world.work().await;
        let tagged = bulk(world.owner.get("/v1/activity").await.json()["items"].clone());
        assert_eq!((tagged["state"].as_str(), &tagged["done"], &tagged["total"]), (Some("done"), &begun.json()["total"], &begun.json()["total"]));
        world.t.clock.advance(2 * 86_400);
        assert_eq!(world.owner.get("/v1/activity").await.json()["items"], json!([]));
        assert_eq!(world.role(Role::Analyst).await.get("/v1/activity").await.status.as_u16(), 200);
    }

    async fn members_see_each_other_for_thirty_seconds(t: Fixture) {
        let world = World::new(t).await;
        let (browser, other) = (world.browser().await, colleague(&world, "layla@example.com", "author").await);
        let at = |mode: &str| json!({ "object": "campaign:cmp_1", "mode": mode });
        assert_eq!(browser.put("/v1/presence", &at("viewing")).await.json()["here"].as_array().unwrap().len(), 1);
        let here = other.put("/v1/presence", &at("editing")).await.json()["here"].clone();
        assert_eq!((here[0]["name"].as_str(), here[0]["me"].as_bool(), here[0]["mode"].as_str()), (Some("Lina"), Some(false), Some("viewing")));
        assert_eq!((here[1]["name"].as_str(), here[1]["me"].as_bool(), here[1]["mode"].as_str()), (Some("Layla"), Some(true), Some("editing")));
        world.t.clock.advance(30);
        let here = browser.put("/v1/presence", &at("viewing")).await.json()["here"].clone();
        assert_eq!(here.as_array().unwrap().len(), 1);
        assert_eq!(browser.send(Method::DELETE, "/v1/presence", "{}").await.status.as_u16(), 415);
        let gone = browser.clone().with("content-type", "application/json");
        assert_eq!(gone.send(Method::DELETE, "/v1/presence", json!({ "object": "campaign:cmp_1" }).to_string()).await.status.as_u16(), 204);
        assert!(world.app.shell.presence().objects(world.workspace).is_empty());
        for wrong in ["campaign", "moon:x", "campaign:", "campaign:<b>"] {
            refused(&browser.put("/v1/presence", &json!({ "object": wrong, "mode": "viewing" })).await, "invalid_input", Some("object"));
        }
        refused(&world.owner.put("/v1/presence", &at("viewing")).await, "unauthenticated", None);
    }
}

/// An open stream of events.
struct Events {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Events {
    async fn open(world: &World, cookie: &str, last: Option<i64>) -> Self {
        let mut request = Request::get(format!("/v1/live?workspace={}", world.workspace)).header("cookie", cookie);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// Reads until an event of this name came, and answers its data.
    async fn until(&mut self, name: &str) -> Json {
        let mark = format!("event: {name}\ndata: ");
        loop {
            if let Some(at) = self.text.find(&mark) {
                let rest = self.text.split_off(at + mark.len());
                let (data, rest) = rest.split_once("\n\n").unwrap();
                let data = serde_json::from_str(data).unwrap();
                rest.clone_into(&mut self.text);
                return data;
            }
            let chunk = self.body.next().await.unwrap_or_else(|| panic!("the stream ended before {name}")).unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn cookie(world: &World) -> (String, kernel::SessionId) {
    match world.app.accounts.sign_in(OWNER, PASSWORD, &Client::default()).await.unwrap() {
        SignIn::Session(session) => {
            let cookie =
                world.app.toolbox.sign_in_cookie(&session).to_str().unwrap().split(';').next().unwrap().to_owned();
            (cookie, session.id)
        }
        SignIn::SecondFactor { .. } => panic!("no second factor was set up"),
    }
}

testkit::each_engine! {
    async fn what_happens_is_told_while_it_happens(t: Fixture) {
        let world = World::new(t).await;
        let (first, _) = cookie(&world).await;
        let (second, _) = cookie(&world).await;
        let mut events = Events::open(&world, &first, None).await;
        let begun = events.until("hello").await["seq"].as_i64().unwrap();
        let topic = world.topic("News").await;
        let change = events.until("change").await;
        assert_eq!((change["kind"].as_str(), change["id"].as_str()), (Some("topic.created"), Some(topic.as_str())));
        assert_eq!(change.as_object().unwrap().len(), 3, "kind, id and instant: {change}");
        // Who comes back is told what they missed.
        let mut again = Events::open(&world, &second, Some(begun)).await;
        assert_eq!(again.until("change").await["id"], topic.as_str());
        // Somebody else looks at the same campaign.
        let browser = world.anonymous().with("cookie", &second).with("sec-fetch-site", "same-origin");
        browser.put("/v1/presence", &json!({ "object": "campaign:cmp_1", "mode": "editing" })).await;
        assert_eq!(events.until("presence").await["here"][0]["mode"], "editing");
        // Long work.
        world.owner.post("/v1/samples", &json!({})).await;
        assert_eq!(events.until("activity").await["kind"], "import");
        // Signing out ends the stream, and nobody else's.
        assert_eq!(browser.delete("/v1/session").await.status.as_u16(), 204);
        assert_eq!(again.until("bye").await["reason"], "signed_out");
        assert!(again.body.next().await.is_none());
        world.app.shell.streams().close();
        assert_eq!(events.until("bye").await["reason"], "shutdown");
    }
}

#[test]
fn a_member_has_eight_streams() {
    testkit::run(async {
        let world = World::new(Fixture::sqlite().await).await;
        let (cookie, _) = cookie(&world).await;
        let mut open = Vec::new();
        for _ in 0..8 {
            open.push(Events::open(&world, &cookie, None).await);
        }
        let ninth = world.anonymous().with("cookie", &cookie).get("/v1/live").await;
        refused(&ninth, "rate_limited", None);
        open.clear();
        Events::open(&world, &cookie, None).await;
        assert_eq!(world.owner.get("/v1/live").await.status.as_u16(), 401, "a key has no session");
    });
}
