//! A calendar file on the web, read only.

use serde::{Deserialize, Serialize};
use store::BoxFuture;

use super::http::{Ask, Http};
use super::{Asked, CalendarSource, Changes, Entry, Failure, Found, Listing, Placed, Range, Resource};
use crate::calendars::ics::{self, IcsError};

/// The one resource of a feed.
const WHOLE: &str = "feed";

/// A feed.
pub(in crate::calendars) struct FeedFile {
    http: Http,
}

/// What the server said about the version that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
}

impl FeedFile {
    /// A feed at the address that `http` has.
    pub(in crate::calendars) fn new(http: Http) -> Self {
        Self { http }
    }

    async fn read(&self, cursor: Option<&str>) -> Asked<Changes> {
        let known: Cursor = cursor.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let mut headers = vec![("accept", "text/calendar, */*;q=0.1")];
        if let Some(etag) = &known.etag {
            headers.push(("if-none-match", etag));
        } else if let Some(modified) = &known.modified {
            headers.push(("if-modified-since", modified));
        }
        let url = self.http.home().clone();
        let answer = self.http.ask(Ask { method: "GET", url, headers, body: None }).await?;
        if answer.status == 304 && known != Cursor::default() {
            return Ok(Changes { cursor: cursor.map(str::to_owned), ..Changes::default() });
        }
        let answer = answer.fine()?;
        let header = |name| answer.header(name).filter(|text| text.len() <= 512).map(str::to_owned);
        let now = Cursor { etag: header("etag"), modified: header("last-modified") };
        let content = ics::parse(&answer.body).map_err(|error| match error {
            IcsError::NotACalendar => Failure::NotACalendar,
            IcsError::TooLarge(_) | IcsError::TooMany(..) => Failure::TooLarge,
        })?;
        Ok(Changes {
            whole: true,
            resources: vec![Resource { href: WHOLE.into(), etag: None, content }],
            cursor: (now != Cursor::default()).then(|| serde_json::to_string(&now).ok()).flatten(),
            ..Changes::default()
        })
    }
}

impl CalendarSource for FeedFile {
    fn list(&self) -> BoxFuture<'_, Asked<Listing>> {
        Box::pin(async move {
            self.read(None).await?;
            let place = self.http.home().to_string();
            let name = self.http.home().host_str().unwrap_or_default().to_owned();
            let found = Found { place, name, writable: false, primary: true };
            Ok(Listing { calendars: vec![found], addresses: Vec::new() })
        })
    }

    fn changes<'a>(&'a self, _place: &'a str, cursor: Option<&'a str>, _range: Range) -> BoxFuture<'a, Asked<Changes>> {
        Box::pin(self.read(cursor))
    }

    fn write<'a>(
        &'a self,
        _place: &'a str,
        _before: Option<&'a Placed>,
        _entry: Entry<'a>,
    ) -> BoxFuture<'a, Asked<Placed>> {
        Box::pin(std::future::ready(Err(Failure::Forbidden)))
    }

    fn remove<'a>(&'a self, _place: &'a str, _before: &'a Placed) -> BoxFuture<'a, Asked<()>> {
        Box::pin(std::future::ready(Err(Failure::Forbidden)))
    }
}
