//! What every endpoint needs.

pub(super) use axum::extract::State;
pub(super) use axum::http::StatusCode;
pub(super) use http_server::{Caller, ClientInfo, Failure, JsonBody, Path, Query, Result, SignedIn};
pub(super) use kernel::{Code, Problem, Timestamp};
pub(super) use serde::{Deserialize, Serialize};
pub(super) use serde_json::{Value as Json, json};
pub(super) use utoipa::{IntoParams, ToSchema};

pub(super) use super::paging::{Listed, PageQuery};
pub(super) use super::routes::{Routes, routes};
pub(super) use crate::App;
