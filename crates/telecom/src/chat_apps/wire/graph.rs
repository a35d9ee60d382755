//! What WhatsApp and Messenger have in common: the errors of the Graph API.

use serde_json::Value as Json;

use super::Reply;

/// What an error of the Graph API means for a message.
pub fn refused(status: u16, json: &Json) -> Reply {
    let error = &json["error"];
    let Some(code) = error["code"].as_i64() else {
        return match status {
            429 => Reply::Later { reason: "rate_limited".to_owned(), after: None },
            401 => Reply::Token,
            400..=499 => Reply::Refused(format!("http_{status}")),
            _ => Reply::Unclear,
        };
    };
    let later = |reason: &str| Reply::Later { reason: reason.to_owned(), after: None };
    match code {
        // Throughput, spam and pair limits, and those of the app and the business.
        4 | 17 | 32 | 613 | 80007 | 130_429 | 131_048 | 131_056 => later("rate_limited"),
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 | 1200 => later("app_unavailable"),
        _ if error["is_transient"] == true => later("app_unavailable"),
        0 | 3 | 10 | 102 | 190 | 200..=299 | 131_005 => Reply::Token,
        _ => Reply::Refused(named(code, error["error_subcode"].as_i64().unwrap_or_default())),
    }
}

/// The word for an error's code.
pub(super) fn named(code: i64, sub: i64) -> String {
    let word = match (code, sub) {
        (131_047, _) | (10, 2_018_278) => "window_closed",
        (131_026 | 551 | 131_030, _) | (100, 2_018_001) => "not_reachable",
        (131_050, _) => "opted_out",
        (131_051..=131_053, _) => "media_refused",
        (132_000..=132_999, _) => "template_refused",
        (131_031 | 368 | 130_497, _) => "account_blocked",
        (131_042, _) => "account_unpaid",
        (130_472, _) => "not_delivered_by_app",
        (131_045 | 133_010, _) => "number_not_registered",
        (100 | 131_008 | 131_009, _) => "request_refused",
        _ => return format!("app_{code}"),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Reply, refused};

    #[test]
    fn errors_mean_later_never_or_the_token() {
        let of = |status, code: i64| refused(status, &json!({ "error": { "code": code } }));
        assert!(matches!(of(400, 130_429), Reply::Later { .. }));
        assert!(matches!(of(500, 131_016), Reply::Later { .. }));
        assert_eq!(of(401, 190), Reply::Token);
        assert_eq!(of(400, 131_047), Reply::Refused("window_closed".into()));
        assert_eq!(of(400, 131_026), Reply::Refused("not_reachable".into()));
        assert_eq!(of(400, 132_001), Reply::Refused("template_refused".into()));
        assert_eq!(of(400, 999_999), Reply::Refused("app_999999".into()));
        assert_eq!(refused(502, &json!(null)), Reply::Unclear);
        assert!(matches!(refused(429, &json!("x")), Reply::Later { .. }));
    }
}
