//! Microsoft Graph: the calendar view with delta links, recurrences expanded by the server.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::BoxFuture;
use url::Url;

use super::http::{Answer, Ask, Http};
use super::{Asked, CalendarSource, Changes, Entry, Failure, Found, Listing, Placed, Range, Resource};
use crate::calendars::ics::{Attendee, Calendar, End, Event, PartStat, Status, When};

/// Pages of one answer.
const PAGES: usize = 200;

/// An account at Microsoft, or at something that speaks like it.
pub(in crate::calendars) struct Microsoft {
    http: Http,
}

#[derive(Deserialize)]
struct Page<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
    #[serde(default, rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(default, rename = "@odata.deltaLink")]
    delta: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    can_edit: bool,
    #[serde(default)]
    is_default_calendar: bool,
    #[serde(default)]
    owner: Option<Address>,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    address: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    #[serde(default, rename = "@odata.etag")]
    etag: Option<String>,
    #[serde(default, rename = "@removed")]
    removed: Option<Json>,
    #[serde(default, rename = "iCalUId")]
    uid: String,
    #[serde(default)]
    show_as: String,
    #[serde(default)]
    is_cancelled: bool,
    #[serde(default)]
    is_all_day: bool,
    #[serde(default)]
    is_organizer: bool,
    #[serde(default)]
    response_status: Option<Answered>,
    #[serde(default)]
    start: Option<At>,
    #[serde(default)]
    end: Option<At>,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    response: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    date_time: String,
}

/// The owner, in whose name Graph tells the answer without saying the address.
const OWNER: &str = "owner";

impl At {
    /// Times are asked for in UTC; whole days come as midnights, and are the reader's days.
    fn when(&self, all_day: bool) -> Option<When> {
        let civil: DateTime = self.date_time.trim_end_matches('Z').parse().ok()?;
        Some(if all_day { When::Date(civil.date()) } else { When::Utc(civil) })
    }
}

impl Told {
    fn event(&self) -> Option<Event> {
        let mut event = Event::new(self.uid.clone(), self.start.as_ref()?.when(self.is_all_day)?);
        event.end = self.end.as_ref().and_then(|end| end.when(self.is_all_day)).map_or(End::Open, End::At);
        event.transparent = matches!(self.show_as.as_str(), "free" | "workingElsewhere");
        event.status = match (self.is_cancelled, self.show_as.as_str()) {
            (true, _) => Status::Cancelled,
            (false, "tentative") => Status::Tentative,
            _ => Status::Confirmed,
        };
        let partstat = match self.response_status.as_ref().map(|answered| answered.response.as_str()) {
            Some("declined") => Some(PartStat::Declined),
            Some("tentativelyAccepted") => Some(PartStat::Tentative),
            Some("accepted") => Some(PartStat::Accepted),
            Some("notResponded") if !self.is_organizer => Some(PartStat::NeedsAction),
            _ => None,
        };
        event.attendees.extend(partstat.map(|partstat| Attendee { address: OWNER.into(), partstat }));
        Some(event)
    }
}

impl Microsoft {
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
        let prefer = ("prefer", "outlook.timezone=\"UTC\", odata.maxpagesize=200");
        let answer = self.http.ask(Ask { method: "GET", url, headers: vec![prefer], body: None }).await?;
        if answer.status == 410 || (answer.status == 400 && mentions(&answer.body, b"syncState")) {
            return Err(Failure::Expired);
        }
        serde_json::from_slice(&answer.fine()?.body).map_err(|_| Failure::Protocol)
    }

    async fn send(&self, method: &'static str, url: Url, body: Option<&Json>) -> Asked<Answer> {
        let headers = vec![("content-type", "application/json")];
        self.http.ask(Ask { method, url, headers, body: body.map(Json::to_string) }).await
    }

    async fn listing(&self) -> Asked<Listing> {
        let page: Page<Item> = self.get(self.url(&["me", "calendars"], &[("$top", "100")])?).await?;
        let mut out = Listing { addresses: vec![OWNER.into()], ..Listing::default() };
        for item in page.value.into_iter().take(100) {
            if item.is_default_calendar {
                let address = item.owner.map(|owner| owner.address.to_lowercase());
                out.addresses.extend(address.filter(|address| address.contains('@')));
            }
            out.calendars.push(Found {
                place: item.id,
                name: item.name.chars().take(200).collect(),
                writable: item.can_edit,
                primary: item.is_default_calendar,
            });
        }
        Ok(out)
    }

    /// Follows pages from an address to the link where changes go on.
    async fn read(&self, first: Url) -> Asked<Changes> {
        let mut out = Changes::default();
        let mut url = first;
        for _ in 0..PAGES {
            let page: Page<Told> = self.get(url.clone()).await?;
            for told in page.value {
                if told.removed.is_some() {
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
            if let Some(delta) = page.delta {
                out.cursor = Some(delta);
                return Ok(out);
            }
            let Some(next) = page.next else { return Ok(out) };
            url = self.http.join(&url, &next)?;
        }
        Err(Failure::TooLarge)
    }

    async fn changed(&self, place: &str, cursor: Option<&str>, (from, to): Range) -> Asked<Changes> {
        if let Some(link) = cursor {
            match self.read(self.http.join(self.http.home(), link)?).await {
                Err(Failure::Expired | Failure::NotFound) => {}
                other => return other,
            }
        }
        let (from, to) = (from.to_string(), to.to_string());
        let query = [("startDateTime", from.as_str()), ("endDateTime", to.as_str())];
        let mut out = self.read(self.url(&["me", "calendars", place, "calendarView", "delta"], &query)?).await?;
        out.whole = true;
        Ok(out)
    }

    async fn written(&self, place: &str, before: Option<&Placed>, entry: &Entry<'_>) -> Asked<Placed> {
        let parts = &entry.parts;
        let civil = |at: kernel::Timestamp| at.to_string().trim_end_matches('Z').to_owned();
        let mut words = parts.description.unwrap_or_default().to_owned();
        // Attendees would be written to by the vendor: they stand in the text instead.
        for guest in parts.attendees {
            let _ = write!(words, "\n{} <{}>", guest.name, guest.address);
        }
        let mut body = json!({
            "subject": parts.summary,
            "body": {"contentType": "text", "content": words.trim()},
            "start": {"dateTime": civil(parts.start), "timeZone": "UTC"},
            "end": {"dateTime": civil(parts.end), "timeZone": "UTC"},
            "location": {"displayName": parts.location.unwrap_or_default()},
        });
        let answer = if let Some(placed) = before {
            self.send("PATCH", self.url(&["me", "events", &placed.href], &[])?, Some(&body)).await?
        } else {
            // The same transaction id makes no second event, however often it is sent.
            body["transactionId"] = json!(entry.uid);
            self.send("POST", self.url(&["me", "calendars", place, "events"], &[])?, Some(&body)).await?
        };
        let told: Told = serde_json::from_slice(&answer.fine()?.body).map_err(|_| Failure::Protocol)?;
        Ok(Placed { href: told.id, etag: told.etag })
    }
}

fn mentions(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|part| part == word)
}

impl CalendarSource for Microsoft {
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

    fn remove<'a>(&'a self, _place: &'a str, before: &'a Placed) -> BoxFuture<'a, Asked<()>> {
        Box::pin(async move {
            let answer = self.send("DELETE", self.url(&["me", "events", &before.href], &[])?, None).await?;
            match answer.status {
                404 | 410 => Ok(()),
                _ => answer.fine().map(|_| ()),
            }
        })
    }
}
