//! Google Calendar API v3: events with sync tokens, recurrences expanded by the server.

use data_encoding::BASE32HEX_NOPAD;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::BoxFuture;
use url::Url;

use super::http::{Answer, Ask, Http};
use super::{Asked, CalendarSource, Changes, Entry, Failure, Found, Listing, Placed, Range, Resource};
use crate::calendars::ics::{Attendee, Calendar, End, Event, PartStat, Status, When};

/// Pages of one answer.
const PAGES: usize = 100;

/// An account at Google, or at something that speaks like it.
pub(in crate::calendars) struct Google {
    http: Http,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    #[serde(default = "Vec::new")]
    items: Vec<T>,
    #[serde(default)]
    next_page_token: Option<String>,
    #[serde(default)]
    next_sync_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    access_role: String,
    #[serde(default)]
    primary: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    #[serde(default)]
    etag: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default, rename = "iCalUID")]
    uid: String,
    #[serde(default)]
    transparency: String,
    #[serde(default)]
    start: Option<At>,
    #[serde(default)]
    end: Option<At>,
    #[serde(default)]
    attendees: Vec<Guest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    date: Option<String>,
    date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guest {
    #[serde(default)]
    email: String,
    #[serde(default)]
    response_status: String,
}

impl At {
    fn when(&self) -> Option<When> {
        if let Some(date) = &self.date {
            return date.parse::<Date>().ok().map(When::Date);
        }
        let at: jiff::Timestamp = self.date_time.as_ref()?.parse().ok()?;
        Some(When::Utc(at.to_zoned(jiff::tz::TimeZone::UTC).datetime()))
    }
}

impl Told {
    fn event(&self) -> Option<Event> {
        let mut event = Event::new(self.uid.clone(), self.start.as_ref()?.when()?);
        event.end = self.end.as_ref().and_then(At::when).map_or(End::Open, End::At);
        event.transparent = self.transparency == "transparent";
        event.status = Status::read(&self.status);
        let guest = |guest: &Guest| Attendee {
            address: guest.email.to_lowercase(),
            partstat: match guest.response_status.as_str() {
                "accepted" => PartStat::Accepted,
                "declined" => PartStat::Declined,
                "tentative" => PartStat::Tentative,
                _ => PartStat::NeedsAction,
            },
        };
        event.attendees = self.attendees.iter().take(500).map(guest).collect();
        Some(event)
    }
}

/// An id of our own choice that Google accepts: letters a to v and digits (base32hex in lower case).
fn own_id(uid: &str) -> String {
    BASE32HEX_NOPAD.encode(uid.as_bytes()).to_ascii_lowercase()
}

impl Google {
    /// An account whose base address and token `http` has.
    pub(in crate::calendars) fn new(http: Http) -> Self {
        Self { http }
    }

    fn url(&self, parts: &[&str], query: &[(&str, &str)]) -> Asked<Url> {
        let mut url = self.http.home().clone();
        url.path_segments_mut().map_err(|()| Failure::Protocol)?.pop_if_empty().extend(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, url: Url) -> Asked<T> {
        let ask = Ask { method: "GET", url, headers: vec![("accept", "application/json")], body: None };
        let answer = self.http.ask(ask).await?;
        if answer.status == 410 {
            return Err(Failure::Expired);
        }
        serde_json::from_slice(&answer.fine()?.body).map_err(|_| Failure::Protocol)
    }

    async fn send(&self, method: &'static str, url: Url, body: Option<&Json>) -> Asked<Answer> {
        let headers = vec![("content-type", "application/json")];
        self.http.ask(Ask { method, url, headers, body: body.map(Json::to_string) }).await
    }

    async fn listing(&self) -> Asked<Listing> {
        let page: Page<Item> = self.get(self.url(&["users", "me", "calendarList"], &[("maxResults", "250")])?).await?;
        let mut out = Listing::default();
        for item in page.items.into_iter().take(100) {
            if item.primary && item.id.contains('@') {
                out.addresses.push(item.id.to_lowercase());
            }
            out.calendars.push(Found {
                writable: matches!(item.access_role.as_str(), "owner" | "writer"),
                primary: item.primary,
                name: if item.summary.is_empty() { item.id.clone() } else { item.summary.chars().take(200).collect() },
                place: item.id,
            });
        }
        Ok(out)
    }

    async fn read(&self, place: &str, query: &[(&str, &str)]) -> Asked<Changes> {
        let mut out = Changes::default();
        let mut page_token = String::new();
        for _ in 0..PAGES {
            let mut query = query.to_vec();
            query.extend([("singleEvents", "true"), ("maxResults", "2500")]);
            if !page_token.is_empty() {
                query.push(("pageToken", &page_token));
            }
            let page: Page<Told> = self.get(self.url(&["calendars", place, "events"], &query)?).await?;
            for told in page.items {
                if told.status == "cancelled" {
                    out.gone.push(told.id);
                    continue;
                }
                match told.event() {
                    Some(event) => out.resources.push(Resource {
                        href: told.id,
                        etag: told.etag,
                        content: Calendar::of(vec![event]),
                    }),
                    None => out.doubtful += 1,
                }
            }
            out.cursor = page.next_sync_token.or(out.cursor);
            match page.next_page_token {
                Some(next) => page_token = next,
                None => return Ok(out),
            }
        }
        Err(Failure::TooLarge)
    }

    async fn changed(&self, place: &str, cursor: Option<&str>, (from, to): Range) -> Asked<Changes> {
        if let Some(token) = cursor {
            match self.read(place, &[("syncToken", token)]).await {
                Err(Failure::Expired) => {}
                other => return other,
            }
        }
        let (from, to) = (from.to_string(), to.to_string());
        let mut out = self.read(place, &[("timeMin", &from), ("timeMax", &to)]).await?;
        out.whole = true;
        Ok(out)
    }

    async fn written(&self, place: &str, before: Option<&Placed>, entry: &Entry<'_>) -> Asked<Placed> {
        let parts = &entry.parts;
        let guests: Vec<Json> = parts
            .attendees
            .iter()
            .map(|guest| json!({"email": guest.address, "displayName": guest.name, "responseStatus": "accepted"}))
            .collect();
        let mut body = json!({
            "iCalUID": entry.uid,
            "summary": parts.summary,
            "description": parts.description,
            "location": parts.location,
            "start": {"dateTime": parts.start},
            "end": {"dateTime": parts.end},
            "status": "confirmed",
            "attendees": guests,
        });
        let id = before.map_or_else(|| own_id(entry.uid), |placed| placed.href.clone());
        // Barid invites by its own mail: nobody else is to be told.
        let quiet = [("sendUpdates", "none")];
        if before.is_none() {
            body["id"] = json!(id);
            let answer = self.send("POST", self.url(&["calendars", place, "events"], &quiet)?, Some(&body)).await?;
            if answer.status != 409 {
                return placed(answer.fine()?);
            }
        }
        let answer = self.send("PUT", self.url(&["calendars", place, "events", &id], &quiet)?, Some(&body)).await?;
        placed(answer.fine()?)
    }
}

fn placed(answer: Answer) -> Asked<Placed> {
    let told: Told = serde_json::from_slice(&answer.body).map_err(|_| Failure::Protocol)?;
    Ok(Placed { href: told.id, etag: told.etag })
}

impl CalendarSource for Google {
    fn list(&self) -> BoxFuture<'_, Asked<Listing>> {
        Box::pin(self.listing())
    }

    fn changes<'a>(&'a self, place: &'a str, cursor: Option<&'a str>, range: Range) -> BoxFuture<'a, Asked<Changes>> {
        Box::pin(self.changed(place, cursor, range))
    }

    fn write<'a>(
        &'a self,
        place: &'a str,
        before: Option<&'a Placed>,
        entry: Entry<'a>,
    ) -> BoxFuture<'a, Asked<Placed>> {
        Box::pin(async move { self.written(place, before, &entry).await })
    }

    fn remove<'a>(&'a self, place: &'a str, before: &'a Placed) -> BoxFuture<'a, Asked<()>> {
        Box::pin(async move {
            let url = self.url(&["calendars", place, "events", &before.href], &[("sendUpdates", "none")])?;
            let answer = self.send("DELETE", url, None).await?;
            match answer.status {
                404 | 410 => Ok(()),
                _ => answer.fine().map(|_| ()),
            }
        })
    }
}
