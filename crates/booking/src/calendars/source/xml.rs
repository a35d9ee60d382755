//! Answers of WebDAV servers (RFC 4918): a bounded tree of elements, without DTDs and foreign entities.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// The namespace of WebDAV.
pub(super) const DAV: &str = "DAV:";
/// The namespace of CalDAV (RFC 4791).
pub(super) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// The namespace of `getctag`.
pub(super) const SERVER: &str = "http://calendarserver.org/ns/";

/// Elements within elements.
const DEEPEST: usize = 64;
/// Elements of an answer.
const MOST: usize = 400_000;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    pub(super) space: String,
    pub(super) name: String,
    /// The value of the attribute `name`, the only one that is needed.
    pub(super) name_attribute: Option<String>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first child with this name.
    pub(super) fn child(&self, space: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name && child.space == space)
    }

    /// The children with this name.
    pub(super) fn all<'a>(&'a self, space: &'a str, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name && child.space == space)
    }

    /// The text of a child, trimmed.
    pub(super) fn text_of(&self, space: &str, name: &str) -> Option<&str> {
        self.child(space, name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

fn started(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Option<Element> {
    let (space, name) = reader.resolver().resolve_element(start.name());
    let space = match space {
        ResolveResult::Bound(space) => String::from_utf8_lossy(space.as_ref()).into_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return None,
    };
    let name = String::from_utf8_lossy(name.as_ref()).into_owned();
    let attribute = start.attributes().with_checks(false).filter_map(Result::ok).find(|a| a.key.as_ref() == b"name");
    let name_attribute = attribute.map(|attribute| String::from_utf8_lossy(&attribute.value).into_owned());
    Some(Element { space, name, name_attribute, ..Element::default() })
}

/// A character or one of the five entities that XML has of its own.
fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    let text = match reference.decode().ok()?.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Reads a document; `None` when it is none, has a DTD, or is beyond the bounds.
pub(super) fn read(bytes: &[u8]) -> Option<Element> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = NsReader::from_reader(bytes);
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                count += 1;
                if count > MOST || open.len() >= DEEPEST {
                    return None;
                }
                open.push(started(&reader, &start)?);
            }
            Event::Empty(start) => {
                count += 1;
                if count > MOST {
                    return None;
                }
                let element = started(&reader, &start)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
            Event::End(_) => {
                let element = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
            Event::Text(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text.decode().ok()?);
                }
            }
            Event::CData(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text.decode().ok()?);
                }
            }
            Event::GeneralRef(reference) => {
                let text = resolved(&reference)?;
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text);
                }
            }
            Event::DocType(_) | Event::Eof => return None,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

/// A text made fit to stand in XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One `response` of a multistatus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) href: String,
    /// The status of the whole response, when it has one: 404 in the answer to sync-collection means gone.
    pub(super) status: Option<u16>,
    /// The properties that were found.
    pub(super) props: Element,
}

/// A multistatus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MultiStatus {
    pub(super) responses: Vec<Response>,
    pub(super) sync_token: Option<String>,
}

fn status(text: &str) -> Option<u16> {
    text.split_whitespace().nth(1)?.parse().ok()
}

/// Reads a multistatus (RFC 4918 section 14.16, RFC 6578 section 6.4).
pub(super) fn multistatus(bytes: &[u8]) -> Option<MultiStatus> {
    let root = read(bytes)?;
    if root.name != "multistatus" || root.space != DAV {
        return None;
    }
    let responses = root.all(DAV, "response").filter_map(|response| {
        let mut props = Element::default();
        for part in response.all(DAV, "propstat") {
            let fine = part.text_of(DAV, "status").and_then(status).is_none_or(|status| (200..300).contains(&status));
            if let (true, Some(prop)) = (fine, part.child(DAV, "prop")) {
                props.children.extend(prop.children.iter().cloned());
            }
        }
        Some(Response {
            href: response.text_of(DAV, "href")?.to_owned(),
            status: response.text_of(DAV, "status").and_then(status),
            props,
        })
    });
    Some(MultiStatus { responses: responses.collect(), sync_token: root.text_of(DAV, "sync-token").map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_multistatus_is_read() {
        let text = br#"<?xml version="1.0"?>
            <d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
            <d:response><d:href>/a%20b/1.ics</d:href><d:propstat><d:prop><d:getetag>"x&amp;y&#33;"</d:getetag>
            <c:calendar-data><![CDATA[BEGIN:VCALENDAR]]></c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
            <d:propstat><d:prop><d:displayname/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>
            <d:response><d:href>/2.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>
            <d:sync-token>t</d:sync-token></d:multistatus>"#;
        let read = multistatus(text).unwrap();
        assert_eq!(read.sync_token.as_deref(), Some("t"));
        assert_eq!(read.responses[0].props.text_of(DAV, "getetag"), Some("\"x&y!\""));
        assert_eq!(read.responses[0].props.text_of(CALDAV, "calendar-data"), Some("BEGIN:VCALENDAR"));
        assert!(read.responses[0].props.child(DAV, "displayname").is_none());
        assert_eq!(read.responses[1].status, Some(404));
    }

    #[test]
    fn attacks_are_refused() {
        assert_eq!(read(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), None);
        assert_eq!(read(b"<a>&b;</a>"), None);
        assert_eq!(read("<a>".repeat(1000).as_bytes()), None);
        assert_eq!(read(b""), None);
        assert_eq!(read(b"<a></b>"), None);
        assert_eq!(read(b"<p:a/>"), None);
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = multistatus(&octets);
        }

        #[test]
        fn what_was_escaped_comes_back(text in "[^\\p{Cc}]{0,40}") {
            let document = format!("<a>{}</a>", escaped(&text));
            prop_assert_eq!(read(document.as_bytes()).unwrap().text, text);
        }
    }
}
