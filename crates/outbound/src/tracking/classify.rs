use kernel::Timestamp;
use people::segments::conditions::EventClass;

/// What a request for a tracked link looks like.
#[derive(Debug, Clone, Copy)]
pub struct Signals<'a> {
    /// The method was HEAD.
    pub head: bool,
    /// `Purpose`, `Sec-Purpose` or `X-Moz` announced a prefetch.
    pub prefetch: bool,
    /// The user agent.
    pub user_agent: &'a str,
    /// When the next hop took the message.
    pub sent_at: Option<Timestamp>,
    /// Now.
    pub at: Timestamp,
    /// Other links of the same message that were followed within the last few seconds.
    pub links_just_followed: u32,
    /// Whether this is a click rather than an open.
    pub click: bool,
}

/// Names that programs give themselves.
const MACHINES: &[&str] = &[
    "bot",
    "crawler",
    "spider",
    "scanner",
    "preview",
    "curl",
    "wget",
    "python",
    "java/",
    "go-http",
    "httpclient",
    "barracuda",
    "mimecast",
    "proofpoint",
    "safelinks",
    "headless",
    "monitor",
    "okhttp",
    "libwww",
    "axios",
    "node-fetch",
];

/// Image proxies of mailbox providers: somebody's mail program, perhaps without anybody looking.
const PROXIES: &[&str] = &["googleimageproxy", "yahoomailproxy", "ymailproxy", "ggpht"];

/// Who caused an open or a click. An agent that says nothing but "Mozilla/5.0" is the mark of a
/// mail program that loads everything on arrival.
pub fn classify(signals: Signals<'_>) -> EventClass {
    let agent = signals.user_agent.to_ascii_lowercase();
    if signals.head || signals.prefetch || agent.is_empty() || MACHINES.iter().any(|name| agent.contains(name)) {
        return EventClass::Machine;
    }
    let age = signals.sent_at.map_or(i64::MAX, |sent| signals.at.0.saturating_sub(sent.0));
    if signals.click && signals.links_just_followed >= 2 {
        return EventClass::Machine;
    }
    let bare = agent.trim() == "mozilla/5.0";
    if bare || PROXIES.iter().any(|name| agent.contains(name)) || age < 10 * Timestamp::SECOND {
        return EventClass::ProbableMachine;
    }
    EventClass::Human
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROWSER: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";

    fn ordinary(agent: &str) -> Signals<'_> {
        Signals {
            head: false,
            prefetch: false,
            user_agent: agent,
            sent_at: Some(Timestamp(0)),
            at: Timestamp(3600 * Timestamp::SECOND),
            links_just_followed: 0,
            click: true,
        }
    }

    #[test]
    fn people_and_machines() {
        assert_eq!(classify(ordinary(BROWSER)), EventClass::Human);
        assert_eq!(classify(ordinary("")), EventClass::Machine);
        assert_eq!(classify(ordinary("curl/8.0")), EventClass::Machine);
        assert_eq!(classify(ordinary("Mozilla/5.0")), EventClass::ProbableMachine);
        assert_eq!(classify(Signals { head: true, ..ordinary(BROWSER) }), EventClass::Machine);
        assert_eq!(classify(Signals { prefetch: true, ..ordinary(BROWSER) }), EventClass::Machine);
        assert_eq!(classify(Signals { links_just_followed: 3, ..ordinary(BROWSER) }), EventClass::Machine);
        let soon = Signals { at: Timestamp(Timestamp::SECOND), ..ordinary(BROWSER) };
        assert_eq!(classify(soon), EventClass::ProbableMachine);
    }
}
