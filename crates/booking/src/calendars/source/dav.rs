//! CalDAV (RFC 4791) with sync-collection (RFC 6578).

use std::fmt::Write as _;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::BoxFuture;
use url::Url;

use super::http::{Answer, Ask, Http};
use super::xml::{self, CALDAV, DAV, Element, MultiStatus, SERVER};
use super::{Asked, CalendarSource, Changes, Entry, Failure, Found, Listing, Placed, Range, Resource};
use crate::calendars::ics;

/// Objects that are fetched at once.
const CHUNK: usize = 50;
/// Answers of one list of changes: a server that has more of them is read anew.
const ROUNDS: usize = 50;
/// Homes and calendars of an account that are looked at.
const MOST: usize = 100;

/// An account on a CalDAV server.
pub(in crate::calendars) struct Dav {
    http: Http,
}

/// Where reading goes on: after a sync token, or when the collection's tag changed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Cursor {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
}

fn instant(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn wanted(properties: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"{DAV}\" xmlns:c=\"{CALDAV}\" xmlns:s=\"{SERVER}\"><d:prop>{properties}</d:prop></d:propfind>"
    )
}

/// The path of a `href`, as one and the same text however the server writes it.
fn path(base: &Url, href: &str) -> Option<String> {
    Some(base.join(href.trim()).ok()?.path().to_owned())
}

/// The name under which an event is written: its UID, as far as it can stand in a path.
fn file_name(uid: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    format!("{}.ics", uid.chars().take(120).map(safe).collect::<String>())
}

impl Dav {
    /// An account whose address and credentials `http` has.
    pub(in crate::calendars) fn new(http: Http) -> Self {
        Self { http }
    }

    async fn multistatus(
        &self,
        method: &'static str,
        url: Url,
        depth: &str,
        body: String,
    ) -> Asked<(MultiStatus, Url)> {
        let headers = vec![("content-type", "application/xml; charset=utf-8"), ("depth", depth)];
        let answer = self.http.ask(Ask { method, url, headers, body: Some(body) }).await?.fine()?;
        if answer.status != 207 {
            return Err(Failure::Protocol);
        }
        let read = xml::multistatus(&answer.body).ok_or(Failure::Protocol)?;
        Ok((read, answer.url))
    }

    async fn propfind(&self, url: Url, depth: &str, properties: &str) -> Asked<(MultiStatus, Url)> {
        self.multistatus("PROPFIND", url, depth, wanted(properties)).await
    }

    /// The principal: told by the address itself, or by the well-known one (RFC 6764 section 6).
    async fn principal(&self) -> Asked<Url> {
        const PRINCIPAL: &str = "<d:current-user-principal/><d:resourcetype/>";
        let home = self.http.home().clone();
        let known = self.http.join(&home, "/.well-known/caldav")?;
        let mut last = Failure::Protocol;
        for url in [home.clone(), known, self.http.join(&home, "/")?] {
            match self.propfind(url, "0", PRINCIPAL).await {
                Ok((read, at)) => {
                    for response in &read.responses {
                        let principal = response.props.child(DAV, "current-user-principal");
                        if let Some(href) = principal.and_then(|principal| principal.text_of(DAV, "href")) {
                            return self.http.join(&at, href);
                        }
                        let kind = response.props.child(DAV, "resourcetype");
                        if kind.is_some_and(|kind| kind.child(DAV, "principal").is_some()) {
                            return Ok(at);
                        }
                    }
                }
                Err(Failure::Unauthorised) => return Err(Failure::Unauthorised),
                Err(
                    failure @ (Failure::Blocked | Failure::Tls | Failure::Connect | Failure::Dns | Failure::Timeout),
                ) => {
                    return Err(failure);
                }
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    async fn listing(&self) -> Asked<Listing> {
        const CALENDAR: &str =
            "<d:resourcetype/><d:displayname/><c:supported-calendar-component-set/><d:current-user-privilege-set/>";
        let home = self.http.home().clone();
        // The address of one calendar is as good as that of an account.
        let given = self.propfind(home.clone(), "0", CALENDAR).await;
        if let Ok((read, at)) = &given
            && let Some(found) =
                read.responses.iter().find_map(|response| calendar(&response.href, &response.props, at))
        {
            return Ok(Listing { calendars: vec![found], addresses: Vec::new() });
        }
        let principal = self.principal().await?;
        let (read, at) = self.propfind(principal, "0", "<c:calendar-home-set/><c:calendar-user-address-set/>").await?;
        let mut out = Listing::default();
        let mut homes = Vec::new();
        for response in &read.responses {
            let hrefs = |name: &'static str| {
                let set = response.props.child(CALDAV, name);
                set.into_iter().flat_map(|set| set.all(DAV, "href")).map(|href| href.text.trim().to_owned())
            };
            homes.extend(hrefs("calendar-home-set"));
            let mail = |address: String| {
                let mail = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
                mail.map(|_| address[7..].to_lowercase())
            };
            out.addresses.extend(hrefs("calendar-user-address-set").filter_map(mail));
        }
        for home in homes.iter().take(MOST) {
            let url = self.http.join(&at, home)?;
            let (read, at) = self.propfind(url, "1", CALENDAR).await?;
            let found = read.responses.iter().filter_map(|response| calendar(&response.href, &response.props, &at));
            out.calendars.extend(found.take(MOST));
        }
        if let Some(first) = out.calendars.iter_mut().find(|calendar| calendar.writable) {
            first.primary = true;
        }
        Ok(out)
    }

    /// Where the collection stands now.
    async fn cursor(&self, place: &Url) -> Asked<Cursor> {
        let (read, _) = self.propfind(place.clone(), "0", "<d:sync-token/><s:getctag/>").await?;
        let props = read.responses.first().map(|response| &response.props);
        let text = |space, name| props.and_then(|props| props.text_of(space, name)).map(str::to_owned);
        Ok(Cursor { token: text(DAV, "sync-token"), tag: text(SERVER, "getctag") })
    }

    async fn query(&self, place: &Url, (from, to): Range) -> Asked<Changes> {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><c:calendar-query xmlns:d=\"{DAV}\" xmlns:c=\"{CALDAV}\"><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter><c:comp-filter name=\"VCALENDAR\"><c:comp-filter name=\"VEVENT\"><c:time-range start=\"{}\" end=\"{}\"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>",
            instant(from),
            instant(to)
        );
        let (read, at) = self.multistatus("REPORT", place.clone(), "1", body).await?;
        let mut out = Changes { whole: true, ..Changes::default() };
        let mut without = Vec::new();
        for response in &read.responses {
            // Some servers answer with names only, whatever was asked for.
            if response.props.child(CALDAV, "calendar-data").is_none()
                && path(&at, &response.href).as_deref() != Some(place.path())
            {
                without.push(response.href.clone());
            }
        }
        collect(&read, &at, &mut out);
        for chunk in without.chunks(CHUNK) {
            self.fetch(place, chunk, &mut out).await?;
        }
        Ok(out)
    }

    async fn fetch(&self, place: &Url, hrefs: &[String], out: &mut Changes) -> Asked<()> {
        let mut body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><c:calendar-multiget xmlns:d=\"{DAV}\" xmlns:c=\"{CALDAV}\"><d:prop><d:getetag/><c:calendar-data/></d:prop>"
        );
        for href in hrefs {
            let _ = write!(body, "<d:href>{}</d:href>", xml::escaped(href));
        }
        body.push_str("</c:calendar-multiget>");
        let (read, at) = self.multistatus("REPORT", place.clone(), "1", body).await?;
        for response in &read.responses {
            if response.status == Some(404) {
                out.gone.extend(path(&at, &response.href));
            }
        }
        collect(&read, &at, out);
        Ok(())
    }

    /// Changes after a sync token. Servers say in their own ways that they forgot it: 403, 409, 412.
    async fn after(&self, place: &Url, token: &str) -> Asked<Changes> {
        let mut out = Changes::default();
        let mut token = token.to_owned();
        for _ in 0..ROUNDS {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:sync-collection xmlns:d=\"{DAV}\"><d:sync-token>{}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>",
                xml::escaped(&token)
            );
            let (read, at) = match self.multistatus("REPORT", place.clone(), "0", body).await {
                Err(Failure::Forbidden | Failure::Conflict | Failure::Status | Failure::Protocol) => {
                    return Err(Failure::Expired);
                }
                other => other?,
            };
            let (mut changed, mut more) = (Vec::new(), false);
            for response in &read.responses {
                let Some(path) = path(&at, &response.href) else { continue };
                match response.status {
                    Some(404) => out.gone.push(path),
                    Some(507) => more = true,
                    _ if path.trim_end_matches('/') == place.path().trim_end_matches('/') => {}
                    _ => changed.push(response.href.clone()),
                }
            }
            for chunk in changed.chunks(CHUNK) {
                self.fetch(place, chunk, &mut out).await?;
            }
            token = read.sync_token.ok_or(Failure::Expired)?;
            if !more {
                out.cursor = serde_json::to_string(&Cursor { token: Some(token), tag: None }).ok();
                return Ok(out);
            }
        }
        Err(Failure::Expired)
    }

    async fn changed(&self, place: &str, cursor: Option<&str>, range: Range) -> Asked<Changes> {
        let place = self.http.join(self.http.home(), place)?;
        let known: Cursor = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        if let Some(token) = &known.token {
            match self.after(&place, token).await {
                Err(Failure::Expired) => {}
                other => return other,
            }
        }
        // Where it stands is asked before what it holds, so that nothing in between is missed.
        let now = self.cursor(&place).await?;
        if known.tag.is_some() && now.token.is_none() && now.tag == known.tag {
            return Ok(Changes { cursor: cursor.map(str::to_owned), ..Changes::default() });
        }
        let mut out = self.query(&place, range).await?;
        out.cursor = serde_json::to_string(&now).ok();
        Ok(out)
    }

    async fn put(&self, url: &Url, ics: &str, condition: (&'static str, &str)) -> Asked<Answer> {
        let headers = vec![("content-type", "text/calendar; charset=utf-8"), condition];
        self.http.ask(Ask { method: "PUT", url: url.clone(), headers, body: Some(ics.to_owned()) }).await
    }

    /// The version of what stands there now; `None` when nothing does. Somebody else's event is never
    /// overwritten.
    async fn version(&self, url: &Url, uid: &str) -> Asked<Option<String>> {
        let answer = self.http.ask(Ask { method: "GET", url: url.clone(), headers: Vec::new(), body: None }).await?;
        if matches!(answer.status, 404 | 410) {
            return Ok(None);
        }
        let answer = answer.fine()?;
        let calendar = ics::parse(&answer.body).map_err(|_| Failure::Conflict)?;
        if calendar.events.iter().any(|event| event.uid != uid) {
            return Err(Failure::Conflict);
        }
        answer.header("etag").map(|etag| Some(etag.to_owned())).ok_or(Failure::Protocol)
    }

    async fn written(&self, place: &str, before: Option<&Placed>, entry: &Entry<'_>) -> Asked<Placed> {
        let place = self.http.join(self.http.home(), place)?;
        let url = match before {
            Some(placed) => self.http.join(&place, &placed.href)?,
            None => self.http.join(&with_slash(&place), &file_name(entry.uid))?,
        };
        let mut known = before.and_then(|placed| placed.etag.clone());
        for _ in 0..3 {
            let answer = match &known {
                Some(etag) => self.put(&url, entry.ics, ("if-match", etag)).await?,
                None => self.put(&url, entry.ics, ("if-none-match", "*")).await?,
            };
            if matches!(answer.status, 409 | 412) || (answer.status == 404 && known.is_some()) {
                // Written before, or changed by its owner: the booking's own time counts.
                known = self.version(&url, entry.uid).await?;
                continue;
            }
            let answer = answer.fine()?;
            return Ok(Placed { href: url.path().to_owned(), etag: answer.header("etag").map(str::to_owned) });
        }
        Err(Failure::Conflict)
    }

    async fn removed(&self, place: &str, before: &Placed) -> Asked<()> {
        let place = self.http.join(self.http.home(), place)?;
        let url = self.http.join(&place, &before.href)?;
        let answer = self.http.ask(Ask { method: "DELETE", url, headers: Vec::new(), body: None }).await?;
        match answer.status {
            404 | 410 => Ok(()),
            _ => answer.fine().map(|_| ()),
        }
    }
}

fn with_slash(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

fn calendar(href: &str, props: &Element, base: &Url) -> Option<Found> {
    props.child(DAV, "resourcetype")?.child(CALDAV, "calendar")?;
    if let Some(set) = props.child(CALDAV, "supported-calendar-component-set")
        && !set.all(CALDAV, "comp").any(|comp| comp.name_attribute.as_deref() == Some("VEVENT"))
    {
        return None;
    }
    let writable = props.child(DAV, "current-user-privilege-set").is_none_or(|set| {
        let names = ["all", "write", "write-content", "bind"];
        set.all(DAV, "privilege").any(|one| names.iter().any(|name| one.child(DAV, name).is_some()))
    });
    let place = base.join(href.trim()).ok()?;
    let last = place.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let name = props.text_of(DAV, "displayname").map_or(last, |name| name.chars().take(200).collect());
    Some(Found { place: place.to_string(), name, writable, primary: false })
}

fn collect(read: &MultiStatus, base: &Url, out: &mut Changes) {
    for response in &read.responses {
        let Some(text) = response.props.text_of(CALDAV, "calendar-data") else { continue };
        let Some(href) = path(base, &response.href) else { continue };
        let etag = response.props.text_of(DAV, "getetag").map(str::to_owned);
        match ics::parse(text.as_bytes()) {
            Ok(content) => out.resources.push(Resource { href, etag, content }),
            Err(_) => out.doubtful += 1,
        }
    }
}

impl CalendarSource for Dav {
    fn list(&self) -> BoxFuture<'_, Asked<Listing>> {
        Box::pin(self.listing())
    }

    fn changes<'a>(&'a self, place: &'a str, cursor: Option<&'a str>, range: Range) -> BoxFuture<'a, Asked<Changes>> {
        Box::pin(self.changed(place, cursor, range))
    }

    fn within<'a>(&'a self, place: &'a str, range: Range) -> Option<BoxFuture<'a, Asked<Vec<Resource>>>> {
        Some(Box::pin(async move {
            let place = self.http.join(self.http.home(), place)?;
            Ok(self.query(&place, range).await?.resources)
        }))
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
        Box::pin(self.removed(place, before))
    }
}
