//! `/w/loader.js`, `/w/form.js`, `/w/booking.js`, `/w/chat.js` and what belongs to it: the scripts that other
//! people's pages load.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use http_server::{Asset, Failure, Keep};
use kernel::Code;

static LOADER: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::LOADER));
static BOOKING: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::BOOKING));
static FORM: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::FORM));
static CHAT: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::CHAT));
static CHAT_FILES: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::CHAT_FILES));
static CHAT_SEALED: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::CHAT_SEALED));
static LIVECHAT: LazyLock<Asset> = LazyLock::new(|| asset(web_assets::LIVECHAT));

fn asset(text: &'static str) -> Asset {
    Asset::new(text, "text/javascript; charset=utf-8", Keep::Briefly)
}

fn serve((text, asset): (&str, &Asset), method: &Method, headers: &HeaderMap) -> Response {
    if text.is_empty() {
        let detail = "this server was built without its web parts (BARID_WEB=skip)";
        return Failure::new(Code::NotFound, detail).into_response();
    }
    let mut response = asset.respond(method, headers);
    let out = response.headers_mut();
    // The scripts are the same for everybody, and meant for other people's pages.
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    out.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    response
}

pub(super) async fn loader(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::LOADER, &LOADER), &method, &headers)
}

pub(super) async fn form(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::FORM, &FORM), &method, &headers)
}

pub(super) async fn chat(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::CHAT, &CHAT), &method, &headers)
}

pub(super) async fn chat_files(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::CHAT_FILES, &CHAT_FILES), &method, &headers)
}

pub(super) async fn chat_sealed(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::CHAT_SEALED, &CHAT_SEALED), &method, &headers)
}

pub(super) async fn livechat(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::LIVECHAT, &LIVECHAT), &method, &headers)
}

pub(super) async fn booking(method: Method, headers: HeaderMap) -> Response {
    serve((web_assets::BOOKING, &BOOKING), &method, &headers)
}
