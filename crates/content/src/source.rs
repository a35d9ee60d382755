//! What an author hands in, and what Barid says about it.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::digest;
use kernel::{Code, FieldProblem, Locale, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::design::{Design, Fault};

/// The longest body (HTML, MJML or text) that is read, in bytes.
pub const MAX_BODY: usize = 512 * 1024;
/// The longest subject or preheader template, in bytes.
pub const MAX_LINE: usize = 2_000;

/// The body as the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// An MJML document (mjml.io), turned into HTML when it is compiled.
    Mjml(String),
    /// An HTML document or fragment, taken as it is.
    Html(String),
    /// A document of the block editor, turned into MJML when it is compiled.
    Design(Box<Design>),
}

/// One message in one language, before it is compiled. Contains no personal value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// MJML or HTML.
    pub body: Body,
    /// The plain text part; made from the HTML when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The subject, with merge tags.
    pub subject: String,
    /// The preview line that mail programs show beside the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preheader: Option<String>,
    /// The language of the content; sets `lang` and `dir`.
    pub language: Locale,
}

/// The same message in several languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variants {
    /// For everybody whose language has no variant of its own.
    pub default: Source,
    /// By language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_language: BTreeMap<Locale, Source>,
}

impl From<Source> for Variants {
    fn from(default: Source) -> Self {
        Self { default, by_language: BTreeMap::new() }
    }
}

impl Variants {
    /// The same with the lawful notice in the footer of its designs, when it is wanted; MJML and HTML are their
    /// author's own.
    #[must_use]
    pub fn with_notice(mut self, wanted: bool) -> Self {
        for source in std::iter::once(&mut self.default).chain(self.by_language.values_mut()) {
            if let (true, Body::Design(design)) = (wanted, &mut source.body) {
                design.carry_notice();
            }
        }
        self
    }

    /// The canonical text that is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

pub(crate) fn hash_text(text: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    out
}

/// Which text of the source a problem is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The subject.
    Subject,
    /// The preview line.
    Preheader,
    /// The HTML body.
    Html,
    /// The MJML body.
    Mjml,
    /// The text part.
    Text,
    /// The document of the block editor; `at` says where in it.
    Design,
}

impl Part {
    /// The part's name in problems.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Preheader => "preheader",
            Self::Html => "html",
            Self::Mjml => "mjml",
            Self::Text => "text",
            Self::Design => "design",
        }
    }
}

/// Whether content can be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It must be changed before it is sent.
    Error,
    /// Its author should know.
    Warning,
}

/// What kind of thing was found in content; docs/reference/content-findings.md explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// MJML or HTML that cannot be read, or elements that may not stand where they do.
    Markup,
    /// A merge tag that cannot be read.
    TagSyntax,
    /// A merge tag or a condition where it cannot work.
    TagPlace,
    /// A personal field that does not exist.
    UnknownField,
    /// A saved segment that does not exist, or waits in the bin.
    UnknownSegment,
    /// A personal field without words for people who lack it.
    MissingFallback,
    /// No subject, or no body.
    Empty,
    /// More than Barid reads.
    TooLarge,
    /// A picture without a description that is not marked as decorative.
    MissingAlt,
    /// A picture that was not chosen yet.
    MissingImage,
    /// A button or link that leads nowhere.
    MissingUrl,
    /// No link to unsubscribe, for everybody, in a part.
    NoUnsubscribe,
    /// No postal address in a part.
    NoPostalAddress,
    /// A value that this person or the sender lacks, without which there is no message.
    MissingValue,
    /// More HTML than some mail programs show.
    Size,
    /// A link that is not encrypted.
    NotHttps,
    /// A picture that is loaded from a third party's server.
    RemoteIcon,
    /// Something that is passed over.
    Ignored,
    /// Text that is hard to read on its background.
    LowContrast,
    /// A language or direction that differs from the content's.
    Language,
    /// Something dangerous that was taken out of raw HTML.
    Removed,
    /// A block that says nothing.
    EmptyBlock,
}

/// Something found in a template: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateProblem {
    /// Whether it must be changed.
    pub severity: Severity,
    /// What kind of thing it is.
    pub code: FindingCode,
    /// The text it is in.
    pub part: Part,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The place in a design, as a JSON pointer; line and column then count inside that text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What is wrong and what to do.
    pub detail: String,
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some(at) => write!(f, "{} {at}: {}", self.part.as_str(), self.detail),
            None => write!(f, "{} line {} column {}: {}", self.part.as_str(), self.line, self.column, self.detail),
        }
    }
}

/// The problems of a template as one [`Problem`], a field entry for each.
pub fn to_problem(problems: &[TemplateProblem]) -> Problem {
    let detail = problems.first().map(ToString::to_string).unwrap_or_default();
    let mut problem = Problem::new(Code::TemplateInvalid, detail);
    problem.fields = problems
        .iter()
        .map(|p| FieldProblem {
            field: match &p.at {
                Some(at) => format!("{}:{at}", p.part.as_str()),
                None => format!("{}:{}:{}", p.part.as_str(), p.line, p.column),
            },
            detail: p.detail.clone(),
        })
        .collect();
    problem
}

/// The faults of a document from outside as one [`Problem`], a field entry for each: `design:/rows/0/id`.
pub fn faults_to_problem(faults: &[Fault]) -> Problem {
    let detail = faults.first().map(|fault| format!("design {}: {}", fault.at, fault.detail)).unwrap_or_default();
    let mut problem = Problem::new(Code::TemplateInvalid, detail);
    let field = |fault: &Fault| FieldProblem { field: format!("design:{}", fault.at), detail: fault.detail.clone() };
    problem.fields = faults.iter().map(field).collect();
    problem
}

/// Line and column (both from 1, the column in characters) of a byte offset.
pub(crate) fn position(text: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    (line as u32, (before[line_start..].chars().count() + 1) as u32)
}
