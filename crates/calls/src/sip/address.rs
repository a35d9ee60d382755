//! `"Name" <uri>;params`: From, To, Contact, Route, Record-Route.

use std::fmt;
use std::str::FromStr;

use super::message::Malformed;
use super::params::{Params, quote, split, unquote};
use super::uri::Uri;

/// An address with what is said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAddr {
    /// How they call themselves.
    pub display: Option<String>,
    /// Where they are.
    pub uri: Uri,
    /// Parameters of the header field: `tag`, `expires`, …
    pub params: Params,
}

impl NameAddr {
    /// An address and nothing else.
    pub fn new(uri: Uri) -> Self {
        Self { display: None, uri, params: Params::default() }
    }

    /// The tag that names one side of a dialog.
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|tag| !tag.is_empty())
    }
}

impl FromStr for NameAddr {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bad = Malformed::Address;
        let text = text.trim();
        let params = |rest: &str| -> Result<Params, Malformed> {
            let rest = rest.trim();
            if rest.is_empty() {
                return Ok(Params::default());
            }
            Params::parse(rest.strip_prefix(';').ok_or(bad)?).ok_or(bad)
        };
        let Some(open) = unquoted(text, '<') else {
            // Without brackets everything behind the first `;` belongs to the header field.
            let (uri, rest) = text.find(';').map_or((text, ""), |at| text.split_at(at));
            return Ok(Self { display: None, uri: uri.trim().parse()?, params: params(rest)? });
        };
        let (display, rest) = text.split_at(open);
        let close = rest.find('>').ok_or(bad)?;
        let display = unquote(display.trim()).ok_or(bad)?;
        Ok(Self {
            display: Some(display).filter(|display| !display.is_empty()),
            uri: rest[1..close].trim().parse()?,
            params: params(&rest[close + 1..])?,
        })
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            write!(f, "{} ", quote(display))?;
        }
        write!(f, "<{}>{}", self.uri, self.params)
    }
}

fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if c == wanted && !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The values of a header field that may be a list.
pub fn split_list(text: &str) -> Vec<&str> {
    split(text, ',').unwrap_or_default().into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{NameAddr, split_list};

    #[test]
    fn every_form_is_read() {
        let full: NameAddr = r#""A \"q\", <b>" <sip:a@h;lr>;tag=1"#.parse().unwrap();
        assert_eq!(full.display.as_deref(), Some(r#"A "q", <b>"#));
        assert_eq!((full.tag(), full.uri.params().unwrap().has("lr")), (Some("1"), true));
        assert_eq!(full.to_string().parse::<NameAddr>().unwrap(), full);
        let bare: NameAddr = "sip:a@h;tag=2".parse().unwrap();
        assert_eq!((bare.tag(), bare.uri.to_string().as_str()), (Some("2"), "sip:a@h"));
        let token: NameAddr = "Bell, Alexander <sip:a@h>".parse().unwrap();
        assert_eq!(token.display.as_deref(), Some("Bell, Alexander"));
        for text in ["", "<sip:a@h", "\"open <sip:a@h>", "<sip:a@h> tag=1", "<>"] {
            assert!(text.parse::<NameAddr>().is_err(), "{text}");
        }
        assert_eq!(split_list("<sip:a@h;x=1,2>, \"b,c\" <sip:b@h>,").len(), 2);
    }
}
