//! The site's own part of the script: its configuration and words, in front of the built program.

use http_server::Result;
use kernel::{Code, Problem};
use privacy::cookies::{Category, Colour, Site};
use serde_json::{Map, Value as Json, json};

use super::super::words::{Language, Words};

/// The script's words, by the names under which it looks for them.
const TEXTS: [(&str, &str); 17] = [
    ("title", "cookies.title"),
    ("text", "cookies.text"),
    ("categories", "cookies.categories"),
    ("accept", "cookies.accept"),
    ("reject", "cookies.reject"),
    ("choose", "cookies.choose"),
    ("save", "cookies.save"),
    ("change", "cookies.change"),
    ("register", "cookies.register"),
    ("necessary", "cookies.necessary"),
    ("necessary_text", "cookies.necessary_text"),
    ("preferences", "cookies.preferences"),
    ("preferences_text", "cookies.preferences_text"),
    ("statistics", "cookies.statistics"),
    ("statistics_text", "cookies.statistics_text"),
    ("marketing", "cookies.marketing"),
    ("marketing_text", "cookies.marketing_text"),
];

/// The whole script of a site.
pub(super) fn script(base: &str, workspace: &str, site: &Site) -> Result<String> {
    if web_assets::CONSENT.is_empty() {
        return Err(Problem::new(Code::NotFound, "this server was built without its web parts (BARID_WEB=skip)").into());
    }
    if site.archived_at.is_some() {
        return Ok(String::new());
    }
    // `<` cannot end a script element this text might be put into.
    let config = config(base, workspace, site).to_string().replace('<', "\\u003c");
    Ok(format!("window.__barid_consent={config};\n{}", web_assets::CONSENT))
}

fn config(base: &str, workspace: &str, site: &Site) -> Json {
    let design = &site.design;
    let here = format!("{base}/w/cookies/{workspace}/{}", site.id);
    let ink = Colour::read(&design.colour).map_or("#ffffff", Colour::ink);
    let waiting = design.services.iter().filter(|service| service.category != Category::Necessary);
    let services: Vec<Json> = waiting
        .map(|service| {
            let names: Vec<&str> = service.entries.iter().map(|entry| entry.name.as_str()).collect();
            json!({ "category": service.category, "hosts": service.hosts, "names": names })
        })
        .collect();
    json!({
        "url": format!("{here}/choice"),
        "version": site.round,
        "days": design.days,
        "domain": design.shared_domain.as_deref().unwrap_or_default(),
        "register": format!("{here}/register"),
        "notice": design.notice_url.as_deref().unwrap_or_default(),
        "position": design.position,
        "colours": [design.colour, ink],
        "services": services,
        "texts": { "en": texts(Language::English, site), "ar": texts(Language::Arabic, site) },
    })
}

fn texts(language: Language, site: &Site) -> Json {
    let words = Words(language);
    let mut texts: Map<String, Json> =
        TEXTS.iter().map(|(name, key)| ((*name).to_owned(), json!(words.get(key)))).collect();
    texts.insert("notice".into(), json!(words.get("cookies.notice")));
    if let Some(own) = site.design.texts.get(language.tag()) {
        for (name, text) in [("title", &own.title), ("text", &own.text)] {
            if !text.trim().is_empty() {
                texts.insert(name.into(), json!(text));
            }
        }
    }
    Json::Object(texts)
}
