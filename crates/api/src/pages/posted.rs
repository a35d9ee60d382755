//! What a form sends, in either of the two encodings that forms have. Bounded, and never an error:
//! what cannot be read is not there.

use std::convert::Infallible;

use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;

use crate::App;

/// The most fields that are read.
const MAX_FIELDS: usize = 200;
/// The longest value, in bytes.
const MAX_VALUE: usize = 16 * 1024;

/// The fields of a form, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Posted(Vec<(String, String)>);

impl Posted {
    /// The first field of this name, without space around it; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether a field of this name was sent.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every field of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &App) -> Result<Self, Infallible> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let multipart = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"));
        let mut fields = if multipart {
            match Multipart::from_request(request, app).await {
                Ok(form) => parts(form).await,
                Err(_) => Vec::new(),
            }
        } else {
            Form::<Vec<(String, String)>>::from_request(request, app).await.map_or_else(|_| Vec::new(), |form| form.0)
        };
        fields.truncate(MAX_FIELDS);
        fields.retain(|(_, value)| value.len() <= MAX_VALUE);
        Ok(Self(fields))
    }
}

async fn parts(mut form: Multipart) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    while fields.len() < MAX_FIELDS {
        let Ok(Some(field)) = form.next_field().await else { break };
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let Ok(value) = field.bytes().await else { break };
        fields.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    fields
}
