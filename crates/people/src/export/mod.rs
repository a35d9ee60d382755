//! People to files: CSV and JSON lines, streamed, readable by [`crate::import`].

pub mod formula;
pub mod partner;

use std::io::{self, Write};

use kernel::{Code, Problem};
use store::Ctx;

use crate::contacts::{self, Contact, Standard};
use crate::segments::conditions::TopicState;
use crate::{Error, Result, fields};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CsvOptions {
    /// Begin with a byte order mark, which some spreadsheets need to see UTF-8.
    pub bom: bool,
}

/// The columns before the custom fields.
const COLUMNS: [&str; 13] = [
    "email",
    "phone",
    "first name",
    "last name",
    "language",
    "country",
    "time zone",
    "company",
    "recipient type",
    "tags",
    "topics",
    "id",
    "created at",
];

fn failed(error: impl Into<io::Error>) -> Error {
    Problem::new(Code::Unavailable, format!("the export cannot be written: {}", error.into())).into()
}

/// Writes every contact as CSV. Values a spreadsheet would run as formulas are neutralised; an
/// import takes that back.
pub async fn csv<W: Write>(ctx: &Ctx, mut out: W, options: CsvOptions) -> Result<W> {
    crate::reads::mark_all(ctx, crate::reads::Reader::Export).await?;
    if options.bom {
        out.write_all("\u{feff}".as_bytes()).map_err(failed)?;
    }
    let custom: Vec<String> = fields::list(ctx).await?.into_keys().collect();
    let mut writer = ::csv::Writer::from_writer(out);
    let header = COLUMNS.iter().copied().chain(custom.iter().map(String::as_str));
    writer.write_record(header).map_err(failed)?;
    contacts::for_each(ctx, crate::ReadFor::Export, |contact| {
        writer.write_record(cells(&contact, &custom)).map_err(failed)
    })
    .await?;
    writer.into_inner().map_err(|error| failed(error.into_error()))
}

/// The columns of a file that is written in parts.
pub(crate) struct Sheet {
    custom: Vec<String>,
}

impl Sheet {
    /// The columns as they are now; marks every field as read.
    pub(crate) async fn of(ctx: &Ctx) -> Result<Self> {
        crate::reads::mark_all(ctx, crate::reads::Reader::Export).await?;
        Ok(Self { custom: fields::list(ctx).await?.into_keys().collect() })
    }

    /// A part of the file; the first one begins with a byte order mark and the header.
    pub(crate) fn part(&self, people: &[Contact], first: bool) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        if first {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut writer = ::csv::Writer::from_writer(out);
        if first {
            let header = COLUMNS.iter().copied().chain(self.custom.iter().map(String::as_str));
            writer.write_record(header).map_err(failed)?;
        }
        for contact in people {
            writer.write_record(cells(contact, &self.custom)).map_err(failed)?;
        }
        writer.into_inner().map_err(|error| failed(error.into_error()))
    }
}

fn cells(contact: &Contact, custom: &[String]) -> Vec<String> {
    let profile = &contact.loaded.profile;
    let mut out = Vec::with_capacity(COLUMNS.len() + custom.len());
    out.push(profile.email().map(ToString::to_string).unwrap_or_default());
    out.push(profile.phone().unwrap_or_default().to_owned());
    for field in Standard::ALL {
        out.push(profile.value(field).unwrap_or_default().to_owned());
    }
    out.push(contact.tags.iter().map(|tag| tag.1.as_str()).collect::<Vec<_>>().join("; "));
    let topics = contact.topics.iter().filter(|topic| topic.state == TopicState::Subscribed);
    out.push(topics.map(|topic| topic.name.as_str()).collect::<Vec<_>>().join("; "));
    out.push(contact.loaded.id.to_string());
    out.push(contact.loaded.created_at.to_string());
    for key in custom {
        let value = profile.attributes.get(key).map(|value| &value.0);
        out.push(match value {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        });
    }
    for cell in &mut out {
        if let std::borrow::Cow::Owned(safe) = formula::neutral(cell) {
            *cell = safe;
        }
    }
    out
}

/// Writes every contact as one JSON document per line, in the API's form.
pub async fn json_lines<W: Write>(ctx: &Ctx, mut out: W) -> Result<W> {
    crate::reads::mark_all(ctx, crate::reads::Reader::Export).await?;
    contacts::for_each(ctx, crate::ReadFor::Export, |contact| {
        serde_json::to_writer(&mut out, &contact.to_json()).map_err(failed)?;
        out.write_all(b"\n").map_err(failed)
    })
    .await?;
    Ok(out)
}
