//! `GET /v1/openapi.json`

use std::sync::LazyLock;

use axum::http::{HeaderMap, Method, Response};
use http_server::{Asset, Keep};

use crate::v1::prelude::*;

static DOCUMENT: LazyLock<Asset> = LazyLock::new(|| Asset::new(crate::v1::openapi(), "application/json", Keep::Ask));

/// This document.
#[utoipa::path(get, path = "/v1/openapi.json", security(()), responses((status = 200, body = Json)))]
pub(super) async fn handle(method: Method, headers: HeaderMap) -> Response<axum::body::Body> {
    DOCUMENT.respond(&method, &headers)
}
