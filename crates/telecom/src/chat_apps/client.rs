//! The way to the apps' servers: what a process has one of.

use std::sync::Arc;
use std::time::Duration;

use kernel::ChannelId;
use outbound::webhooks::{Blocked, GuardedClient, Lookup, Policy};
use privacy::gate::Gate;
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::Ctx;

use super::channels::{self, Access, Channel, Settings};
use super::model::App;
use super::wire::{Body, Call, Media, telegram};
use crate::{Error, Result};

/// How long a request may take. Shorter than a worker's lease.
const WHOLE: Duration = Duration::from_secs(30);
/// The longest answer that is read, in octets.
const ANSWER: usize = 256 * 1024;
/// The largest file that is fetched, in octets.
const LARGEST: usize = 20 * 1024 * 1024;

/// Messages over chat apps, of all workspaces of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Apps(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    gate: Gate,
    client: GuardedClient,
    public_url: String,
}

/// How a request ended.
pub(super) enum Answer {
    /// An answer: status and document (null when it is none).
    Got(u16, Json),
    /// Nothing left this machine.
    NotStarted(&'static str),
    /// It may have arrived.
    Lost,
}

/// An approved text of WhatsApp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// Its body, with `{{1}}`, `{{2}}`, … where values go.
    pub body: String,
    /// How many values it takes.
    pub parameters: usize,
}

/// Why a file was not fetched.
pub(super) enum Unfetched {
    /// It may be there later.
    Later,
    /// Never: a code.
    Never(&'static str),
}

impl Apps {
    /// Over the process's one gate. `policy` names the hosts that may be contacted.
    ///
    /// # Errors
    /// When the TLS set-up of this machine does not work.
    pub fn new(gate: Gate, policy: Policy, lookup: Arc<dyn Lookup>, public_url: &str) -> Result<Self, String> {
        let client = GuardedClient::new(policy, lookup, WHOLE).map_err(|error| error.to_string())?;
        Ok(Self(Arc::new(Inner { gate, client, public_url: public_url.trim_end_matches('/').to_owned() })))
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The address to which the app's server posts.
    pub fn webhook(&self, channel: &Channel) -> String {
        format!("{}/in/{}/{}", self.0.public_url, channel.app.as_str(), channel.id)
    }

    /// Refuses an address that this server may not contact.
    ///
    /// # Errors
    /// [`Error::Field`] naming the setting.
    pub fn allow(&self, app: App, settings: &Settings) -> Result<()> {
        let base = settings.api_base.as_deref().unwrap_or(app.home());
        self.0.client.check(base).map(|_| ()).map_err(refused)
    }

    /// Makes a request of an account.
    pub(super) async fn call(&self, ctx: &Ctx, channel: &Channel, access: &Access, call: Call) -> Answer {
        let base = channel.settings.api_base.as_deref().unwrap_or(channel.app.home()).trim_end_matches('/');
        let url = match channel.app {
            App::Telegram => format!("{base}/bot{}{}", access.token, call.path),
            _ => format!("{base}{}", call.path),
        };
        let Ok(url) = self.0.client.check(&url) else { return Answer::NotStarted("host_not_allowed") };
        let request = match &call.body {
            Body::None => self.0.client.client().get(url),
            Body::Json(json) => self.0.client.client().post(url).json(json),
            Body::Form(form) => {
                let mut dice = [0; 16];
                ctx.rng.fill(&mut dice);
                let boundary = format!("barid-{}", data_encoding::HEXLOWER.encode(&dice));
                let kind = format!("multipart/form-data; boundary={boundary}");
                self.0.client.client().post(url).header("content-type", kind).body(form.body(&boundary))
            }
        };
        let request = if channel.app == App::Telegram { request } else { request.bearer_auth(&access.token) };
        match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let json = match bounded(answer, ANSWER).await {
                    Some(body) => serde_json::from_slice(&body).unwrap_or(Json::Null),
                    None => Json::Null,
                };
                Answer::Got(status, json)
            }
            Err(error) if GuardedClient::refused(&error).is_some() => Answer::NotStarted("host_not_allowed"),
            Err(error) if error.is_connect() => Answer::NotStarted("unreachable"),
            Err(_) => Answer::Lost,
        }
    }

    /// Tests an account: asks the app what it is called, and, for Telegram, tells the bot where to post.
    ///
    /// # Errors
    /// What the app said.
    pub async fn test(&self, ctx: &Ctx, id: ChannelId) -> Result<Channel> {
        let channel = channels::get(ctx, id).await?;
        self.allow(channel.app, &channel.settings)?;
        let access = channels::access_of(ctx, id).await?;
        let told = self.greet(ctx, &channel, &access).await;
        let (shown, problem) = match told {
            Ok(shown) => (Some(shown), None),
            Err(problem) => (channel.settings.shown.clone(), Some(problem)),
        };
        if shown != channel.settings.shown {
            let settings = Settings { shown, ..channel.settings.clone() };
            channels::change(ctx, id, channels::Change { settings: Some(settings), ..channels::Change::default() })
                .await?;
        }
        channels::checked(ctx, id, problem).await?;
        channels::get(ctx, id).await
    }

    async fn greet(&self, ctx: &Ctx, channel: &Channel, access: &Access) -> Result<String, &'static str> {
        let account = &channel.settings.account;
        let path = match channel.app {
            App::Whatsapp => format!("/{account}?fields=display_phone_number,verified_name"),
            App::Messenger => format!("/{account}?fields=name"),
            App::Telegram => "/getMe".to_owned(),
        };
        let json = self.ok(ctx, channel, access, Call { path, body: Body::None }).await?;
        let shown = match channel.app {
            App::Whatsapp => json["display_phone_number"].as_str(),
            App::Messenger => json["name"].as_str(),
            App::Telegram => json["result"]["username"].as_str(),
        };
        let shown: String = shown.ok_or("unexpected_answer")?.chars().take(80).collect();
        if channel.app == App::Telegram {
            let body = json!({ "url": self.webhook(channel), "secret_token": access.verify,
                "allowed_updates": telegram::UPDATES });
            self.ok(ctx, channel, access, Call { path: "/setWebhook".to_owned(), body: Body::Json(body) })
                .await
                .map_err(|why| if why == "refused" { "webhook_refused" } else { why })?;
        }
        Ok(shown)
    }

    /// The document of a request that has to succeed.
    async fn ok(&self, ctx: &Ctx, channel: &Channel, access: &Access, call: Call) -> Result<Json, &'static str> {
        match self.call(ctx, channel, access, call).await {
            Answer::Got(200..=299, json) => Ok(json),
            Answer::Got(401 | 403, _) => Err("token"),
            Answer::Got(404, _) if channel.app == App::Telegram => Err("token"),
            Answer::Got(_, json) if json["error"]["code"] == 190 => Err("token"),
            Answer::Got(500..=599, _) => Err("app_unavailable"),
            Answer::Got(..) => Err("refused"),
            Answer::NotStarted(why) => Err(why),
            Answer::Lost => Err("unreachable"),
        }
    }

    /// The approved texts of a WhatsApp account that may be used.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the account names no business; what the app said.
    pub async fn templates(&self, ctx: &Ctx, id: ChannelId) -> Result<Vec<Template>> {
        let channel = channels::get(ctx, id).await?;
        if channel.app != App::Whatsapp {
            return Ok(Vec::new());
        }
        let Some(business) = &channel.settings.business else {
            return Err(Error::Conflict(
                "name the WhatsApp business account of this channel; its templates are listed there",
            ));
        };
        let access = channels::access_of(ctx, id).await?;
        let path = format!("/{business}/message_templates?fields=name,language,status,category,components&limit=250");
        let told = self.ok(ctx, &channel, &access, Call { path, body: Body::None }).await;
        let json = told.map_err(|_| Error::Conflict("WhatsApp did not tell its templates; test the channel"))?;
        let all = json["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(all.iter().filter(|one| one["status"] == "APPROVED").filter_map(template).collect())
    }

    /// Tells Telegram that a pressed button was seen; nothing follows when it cannot be told.
    pub(super) async fn acknowledge(&self, ctx: &Ctx, channel: &Channel, access: &Access, pressed: &str) {
        let call =
            Call { path: "/answerCallbackQuery".to_owned(), body: Body::Json(json!({ "callback_query_id": pressed })) };
        self.call(ctx, channel, access, call).await;
    }

    /// The octets of a file that somebody sent.
    pub(super) async fn fetch(
        &self,
        ctx: &Ctx,
        (channel, access): (&Channel, &Access),
        media: &Media,
    ) -> Result<Vec<u8>, Unfetched> {
        let plain = |id: &str| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        let told = |why| match why {
            "app_unavailable" | "unreachable" => Unfetched::Later,
            "host_not_allowed" => Unfetched::Never("host_not_allowed"),
            _ => Unfetched::Never("not_there"),
        };
        let url = match channel.app {
            App::Messenger => media.id.clone(),
            _ if !plain(&media.id) => return Err(Unfetched::Never("not_there")),
            App::Whatsapp => {
                let call = Call { path: format!("/{}", media.id), body: Body::None };
                let json = self.ok(ctx, channel, access, call).await.map_err(told)?;
                json["url"].as_str().ok_or(Unfetched::Never("not_there"))?.to_owned()
            }
            App::Telegram => {
                let call = Call { path: format!("/getFile?file_id={}", media.id), body: Body::None };
                let json = self.ok(ctx, channel, access, call).await.map_err(told)?;
                let path = json["result"]["file_path"].as_str().ok_or(Unfetched::Never("too_large"))?;
                let base = channel.settings.api_base.as_deref().unwrap_or(channel.app.home()).trim_end_matches('/');
                format!("{base}/file/bot{}/{path}", access.token)
            }
        };
        let url = self.0.client.check(&url).map_err(|_| Unfetched::Never("host_not_allowed"))?;
        let request = self.0.client.client().get(url);
        // The addresses of WhatsApp ask for the token; those of Messenger carry what they need.
        let request = if channel.app == App::Whatsapp { request.bearer_auth(&access.token) } else { request };
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if GuardedClient::refused(&error).is_some() => return Err(Unfetched::Never("host_not_allowed")),
            Err(_) => return Err(Unfetched::Later),
        };
        match answer.status().as_u16() {
            200 => bounded(answer, LARGEST).await.ok_or(Unfetched::Never("too_large")),
            429 | 500..=599 => Err(Unfetched::Later),
            _ => Err(Unfetched::Never("not_there")),
        }
    }
}

fn refused(blocked: Blocked) -> Error {
    Error::field("api_base", format_args!("{blocked}; whoever runs this server names it in chat_app_hosts"))
}

/// The octets of an answer; none when there are more than `most`, or it broke off.
async fn bounded(mut answer: reqwest::Response, most: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.ok()? {
        if body.len() + part.len() > most {
            return None;
        }
        body.extend_from_slice(&part);
    }
    Some(body)
}

/// A template whose only places are in its body: others ask for what a conversation does not have.
fn template(json: &Json) -> Option<Template> {
    let components = json["components"].as_array()?;
    let text = |kind: &str| {
        let one = components.iter().find(|one| one["type"] == kind);
        one.and_then(|one| one["text"].as_str()).unwrap_or_default()
    };
    let media = components.iter().any(|one| one["type"] == "HEADER" && one["format"] != "TEXT");
    if media || text("HEADER").contains("{{") {
        return None;
    }
    let body: String = text("BODY").chars().take(2000).collect();
    let parameters = (1..=20).take_while(|place| body.contains(&format!("{{{{{place}}}}}"))).count();
    Some(Template {
        name: json["name"].as_str()?.chars().take(512).collect(),
        language: json["language"].as_str()?.chars().take(20).collect(),
        category: json["category"].as_str().unwrap_or_default().chars().take(40).collect(),
        body,
        parameters,
    })
}
