//! Rendering for one recipient: a walk over a flat list of operations, into buffers that are
//! used again for the next one. A value is appended, never read again, so nothing inside it can
//! become a template, markup or a header.

use kernel::{Code, Date, Problem, SegmentId};

use crate::compiled::Compiled;
use crate::escape;
use crate::tags::{Case, Condition, Origin, Value, day, present};

/// A value of the message that is no personal field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// The sender's postal address; line breaks are kept.
    PostalAddress,
    /// The name in the From header.
    SenderName,
    /// The organisation behind the workspace.
    Organisation,
    /// The topic's name.
    ListName,
    /// Why this person gets this message (first slot of the lawful notice).
    NoticeReason,
}

/// What is known about one recipient and one message. Values are raw: escaping is done here.
pub trait Values {
    /// A personal field as text; dates as ISO 8601. The name is one of [`Compiled::fields`].
    fn field(&self, name: &str) -> Option<&str>;
    /// Whether the person has the tag.
    fn has_tag(&self, name: &str) -> bool;
    /// Whether the person is in the segment, one of [`Compiled::follows`].
    fn in_segment(&self, _id: SegmentId) -> bool {
        false
    }
    /// A value of the message.
    fn system(&self, value: System) -> Option<&str>;
    /// The day on which the message goes out, in the recipient's or the workspace's zone.
    fn today(&self) -> Date;
}

/// The links of one message to one person. Implementations append complete, raw URLs.
pub trait Links {
    /// A link of the content: append a tracking URL for `number`, or `url` itself.
    fn link(&self, number: u32, url: &str, out: &mut String);
    /// The unsubscribe page.
    fn unsubscribe(&self, out: &mut String);
    /// The preference centre.
    fn preferences(&self, out: &mut String);
    /// The message in a browser.
    fn view(&self, out: &mut String);
    /// Where the pages and pictures of this Barid begin, without a slash at the end; nothing when relative
    /// URLs will do.
    fn base(&self, _out: &mut String) {}
    /// Append the URL of the opening pixel and say true, or say false for no pixel.
    fn pixel(&self, out: &mut String) -> bool;
}

/// A rendered message. Keep one per worker and render into it again and again.
#[derive(Clone, Default)]
pub struct Rendered {
    /// The subject: one line without control characters.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part, lines ended by `\n`.
    pub text: String,
    scratch: String,
    url: String,
}

/// Why a message could not be rendered for a recipient. Never carries a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The template says `required` and the person has no such value.
    #[error("the template requires {0}, which this person does not have")]
    MissingField(String),
    /// A value that the sender must supply is missing.
    #[error("the message has no {0}: fill it in in the settings")]
    MissingSystem(&'static str),
}

impl From<RenderError> for Problem {
    fn from(error: RenderError) -> Self {
        Self::new(Code::ContentIncomplete, error.to_string())
    }
}

/// In which context a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    Html,
    HtmlLines,
    UrlWhole,
    UrlPart,
    Css,
    Plain,
    Header,
}

/// One operation. Literals are ranges of [`Compiled`]'s one string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Literal {
        start: u32,
        end: u32,
    },
    Value {
        value: u32,
        escape: Escape,
    },
    Unless {
        condition: u32,
        to: u32,
    },
    Jump {
        to: u32,
    },
    /// A URL without tags.
    Link {
        number: u32,
        start: u32,
        end: u32,
        html: bool,
    },
    /// What follows goes into the URL buffer …
    UrlOpen,
    /// … which is tracked (or not) and written here.
    UrlClose {
        number: Option<u32>,
        html: bool,
    },
    Pixel,
}

impl Compiled {
    /// Renders for one recipient, replacing what `out` held.
    pub fn render(&self, values: &dyn Values, links: &dyn Links, out: &mut Rendered) -> Result<(), RenderError> {
        let mut target = std::mem::take(&mut out.subject);
        let done = self.run(&self.subject, values, links, (&mut target, out));
        out.subject = target;
        let trimmed = out.subject.trim_end().len();
        out.subject.truncate(trimmed);
        done?;
        let mut target = std::mem::take(&mut out.html);
        let done = self.run(&self.html, values, links, (&mut target, out));
        out.html = target;
        done?;
        let mut target = std::mem::take(&mut out.text);
        let done = self.run(&self.text, values, links, (&mut target, out));
        out.text = target;
        done
    }

    /// The preview line as one recipient would read it; empty when there is none or a value is missing.
    pub fn preheader(&self, values: &dyn Values) -> String {
        struct Nowhere;
        impl Links for Nowhere {
            fn link(&self, _: u32, url: &str, out: &mut String) {
                out.push_str(url);
            }
            fn unsubscribe(&self, _: &mut String) {}
            fn preferences(&self, _: &mut String) {}
            fn view(&self, _: &mut String) {}
            fn pixel(&self, _: &mut String) -> bool {
                false
            }
        }
        let mut out = String::new();
        let mut state = Rendered::default();
        if self.run(&self.preheader, values, &Nowhere, (&mut out, &mut state)).is_err() {
            out.clear();
        }
        out
    }

    fn run(
        &self,
        ops: &[Op],
        values: &dyn Values,
        links: &dyn Links,
        (target, state): (&mut String, &mut Rendered),
    ) -> Result<(), RenderError> {
        target.clear();
        let mut url = std::mem::take(&mut state.url);
        let mut in_url = false;
        let mut at = 0;
        let mut result = Ok(());
        while let Some(op) = ops.get(at) {
            at += 1;
            let out = if in_url { &mut url } else { &mut *target };
            match *op {
                Op::Literal { start, end } => out.push_str(self.literal(start, end)),
                Op::Value { value, escape } => {
                    result = self.value(&self.values[value as usize], escape, (values, links), (out, state));
                    if result.is_err() {
                        break;
                    }
                }
                Op::Unless { condition, to } => {
                    if !self.conditions[condition as usize].holds(values) {
                        at = to as usize;
                    }
                }
                Op::Jump { to } => at = to as usize,
                Op::Link { number, start, end, html } => {
                    url.clear();
                    links.link(number, self.literal(start, end), &mut url);
                    write_url(&url, html, target);
                }
                Op::UrlOpen => {
                    url.clear();
                    in_url = true;
                }
                Op::UrlClose { number, html } => {
                    in_url = false;
                    if let Some(number) = number
                        && escape::is_web(&url)
                    {
                        state.scratch.clear();
                        links.link(number, &url, &mut state.scratch);
                        write_url(&state.scratch, html, target);
                    } else {
                        write_url(if is_harmless(&url) { &url } else { "#" }, html, target);
                    }
                }
                Op::Pixel => {
                    url.clear();
                    if links.pixel(&mut url) {
                        target.push_str("<img src=\"");
                        escape::html(&url, target);
                        target.push_str("\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;border:0\">");
                    }
                }
            }
        }
        state.url = url;
        result
    }

    fn value(
        &self,
        value: &Value,
        escape: Escape,
        (values, links): (&dyn Values, &dyn Links),
        (out, state): (&mut String, &mut Rendered),
    ) -> Result<(), RenderError> {
        let fallback = value.fallback.as_deref();
        let text = match &value.origin {
            Origin::Field(name) => match present(values, name) {
                Some(text) => text,
                None if fallback.is_some() => return self.write(fallback.unwrap_or_default(), escape, out),
                None if value.required => return Err(RenderError::MissingField(name.clone())),
                None => return Ok(()),
            },
            Origin::Literal(text) => text,
            Origin::System(system) => match (values.system(*system).map(str::trim), system) {
                (Some(text), _) if !text.is_empty() => text,
                (_, System::PostalAddress) => return Err(RenderError::MissingSystem("postal address")),
                (_, System::NoticeReason) => return Err(RenderError::MissingSystem("reason for writing")),
                _ => fallback.unwrap_or_default(),
            },
            Origin::Subject => {
                return self.write(&state.subject, escape, out);
            }
            Origin::Unsubscribe | Origin::Preferences | Origin::View | Origin::Base => {
                state.scratch.clear();
                match value.origin {
                    Origin::Unsubscribe => links.unsubscribe(&mut state.scratch),
                    Origin::Preferences => links.preferences(&mut state.scratch),
                    Origin::Base => links.base(&mut state.scratch),
                    _ => links.view(&mut state.scratch),
                }
                return self.write(&state.scratch, escape, out);
            }
            Origin::Today | Origin::Year => {
                state.scratch.clear();
                let format =
                    value.date.as_ref().unwrap_or(if value.origin == Origin::Year { &self.year } else { &self.long });
                format.write(values.today(), self.arabic, &mut state.scratch);
                return self.write(&state.scratch, escape, out);
            }
            // Lowered to literals and links; nothing of them reaches a recipient's rendering.
            Origin::Preheader | Origin::NoticeProcessing | Origin::NoticeRights => return Ok(()),
        };
        if let Some(format) = &value.date
            && let Some(date) = day(text)
        {
            state.scratch.clear();
            format.write(date, self.arabic, &mut state.scratch);
            return self.write(&state.scratch, escape, out);
        }
        match value.case {
            None => self.write(text, escape, out),
            Some(case) => {
                state.scratch.clear();
                change_case(text, case, &mut state.scratch);
                self.write(&state.scratch, escape, out)
            }
        }
    }

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "reads as the tail of every path of value()")]
    fn write(&self, text: &str, escape: Escape, out: &mut String) -> Result<(), RenderError> {
        match escape {
            Escape::Html => escape::html(text, out),
            Escape::HtmlLines => {
                for (index, line) in text.lines().enumerate() {
                    if index > 0 {
                        out.push_str("<br>");
                    }
                    escape::html(line, out);
                }
            }
            Escape::UrlWhole => escape::url_whole(text, out),
            Escape::UrlPart => escape::url_part(text, out),
            Escape::Css => escape::css(text, out),
            Escape::Plain => escape::plain(text, out),
            Escape::Header => escape::header(text, out),
        }
        Ok(())
    }

    pub(crate) fn literal(&self, start: u32, end: u32) -> &str {
        self.literals.get(start as usize..end as usize).unwrap_or_default()
    }
}

fn write_url(url: &str, html: bool, out: &mut String) {
    if html {
        escape::html(url, out);
    } else {
        escape::plain(url, out);
    }
}

/// Whether a URL cannot run a script: a known scheme or none.
fn is_harmless(url: &str) -> bool {
    let url = url.trim();
    match url.find([':', '/', '?', '#']) {
        Some(at) if url.as_bytes()[at] == b':' => {
            ["http", "https", "mailto", "tel", "sms", "cid"].iter().any(|known| url[..at].eq_ignore_ascii_case(known))
        }
        _ => !url.is_empty(),
    }
}

fn change_case(text: &str, case: Case, out: &mut String) {
    match case {
        Case::Upper => out.extend(text.chars().flat_map(char::to_uppercase)),
        Case::Lower => out.extend(text.chars().flat_map(char::to_lowercase)),
        Case::Title => {
            let mut inside = false;
            for c in text.chars() {
                if inside {
                    out.extend(c.to_lowercase());
                } else {
                    out.extend(c.to_uppercase());
                }
                inside = c.is_alphanumeric() || c == '\'' || c == '’';
            }
        }
    }
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered([pii])")
    }
}

/// What a condition reads, for [`Compiled::fields`] and [`Compiled::tags`].
pub(crate) fn condition_reads(condition: &Condition, fields: &mut Vec<String>, tags: &mut Vec<String>) {
    let add = |list: &mut Vec<String>, name: &str| {
        if !list.iter().any(|known| known == name) {
            list.push(name.to_owned());
        }
    };
    condition.reads(&mut |name| add(fields, name), &mut |name| add(tags, name));
}
