//! `POST /w/chat/{widget}/files` and `GET …/files/{file}`.

use axum::Json as Body;
use axum::extract::{Extension, Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use conversations::chat;
use conversations::files::{self, File, Upload};
use http_server::{Failure, Result};
use kernel::{Code, FileId};

use super::super::visitor::Visitor;
use super::view::FileView;
use super::{Known, Limits, answer_known};
use crate::App;

/// The one part of a form that is called `file`: name, declared type, octets.
pub(crate) async fn part(mut form: Multipart) -> Result<(String, Option<String>, Vec<u8>)> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        let code =
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Code::PayloadTooLarge } else { Code::MalformedBody };
        Failure::new(code, "the file did not arrive whole, or is too large")
    };
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or("file").chars().take(500).collect();
            let declared = part.content_type().map(str::to_owned);
            return Ok((name, declared, part.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    Err(super::wrong("file", "expected one part called file"))
}

/// A file as it goes out: never shown by the browser itself.
pub(crate) fn octets(file: &File, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let out = response.headers_mut();
    let kind = HeaderValue::from_str(&file.meta.media_type);
    out.insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    if let Ok(name) = HeaderValue::from_str(&files::disposition(&file.meta.name)) {
        out.insert(header::CONTENT_DISPOSITION, name);
    }
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

pub(super) async fn upload(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    from: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        limits.uploads.spend(&from, known.ctx.now())?;
        if !known.widget.settings.features.files {
            return Err(Failure::new(Code::Conflict, "files are not taken here"));
        }
        chat::admit(&known.ctx, known.token.visitor).await?;
        let form = form.map_err(|_| Failure::new(Code::UnsupportedMediaType, "expected multipart/form-data"))?;
        let row = chat::current(&known.ctx, known.token.visitor).await?;
        let (name, declared, bytes) = part(form).await?;
        let upload = Upload { name: &name, declared: declared.as_deref(), bytes: &bytes, by_agent: false };
        let scanned = app.shell.chat().scanner().is_some();
        let file = files::keep(&known.ctx, &row, &known.widget.settings.files, upload, scanned).await?;
        Ok((StatusCode::CREATED, Body(FileView::of(&file, &id))))
    })
    .await
}

pub(super) async fn download(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    from: Visitor,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        let file: FileId = file.parse().map_err(|_| Failure::not_found("file"))?;
        let row = chat::current(&known.ctx, known.token.visitor).await?;
        let (file, bytes) = files::content(&known.ctx, &row, file).await?;
        Ok(octets(&file, bytes))
    })
    .await
}
