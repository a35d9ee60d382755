//! What a site loads, for its visitors to read.

use privacy::cookies::{Category, Service, Site};

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::words::{Language, Words};

/// The register of a site.
pub(super) fn page(words: Words, organisation: &str, site: &Site) -> Page {
    let mut body = Html::new();
    body.raw("<p>").add(&words.html("cookies.register_intro", &[("site", &site.name)])).raw("</p>\n");
    for (category, title, text) in [
        (Category::Necessary, "cookies.necessary", "cookies.necessary_text"),
        (Category::Preferences, "cookies.preferences", "cookies.preferences_text"),
        (Category::Statistics, "cookies.statistics", "cookies.statistics_text"),
        (Category::Marketing, "cookies.marketing", "cookies.marketing_text"),
    ] {
        body.raw("<section>\n<h2>").text(words.get(title)).raw("</h2>\n<p class=\"soft\">").text(words.get(text));
        body.raw("</p>\n<ul class=\"cards\">");
        if category == Category::Necessary {
            body.raw("<li><strong dir=\"ltr\">barid_consent</strong><br>").text(words.get("cookies.own_entry"));
            body.raw("</li>\n");
        }
        for service in site.design.services.iter().filter(|service| service.category == category) {
            body.add(&shown(words, service));
        }
        body.raw("</ul>\n</section>\n");
    }
    Page::new(words, words.get("cookies.register"), body).of(organisation)
}

fn shown(words: Words, service: &Service) -> Html {
    let (purpose, without) = match words.0 {
        Language::Arabic => (&service.purpose_ar, &service.without_ar),
        Language::English => (&service.purpose_en, &service.without_en),
    };
    let mut out = Html::new();
    out.raw("<li><strong>").bdi(&service.name).raw("</strong> · ").bdi(&service.provider).raw("<br>").text(purpose);
    if !without.trim().is_empty() {
        out.raw("<br>").add(&words.html("cookies.without", &[("effect", without)]));
    }
    out.raw("<br><span class=\"soft\">");
    if service.hosts.is_empty() {
        out.text(words.get("cookies.first_party"));
    } else {
        out.add(&words.html("cookies.third_party", &[("hosts", &service.hosts.join(", "))]));
    }
    out.raw("</span>");
    for entry in &service.entries {
        out.raw("<br><span class=\"soft\"><bdi dir=\"ltr\">").text(&entry.name).raw("</bdi>: ");
        if entry.days == 0 {
            out.text(words.get("cookies.session"));
        } else {
            out.text(&words.count("cookies.days", usize::try_from(entry.days).unwrap_or(usize::MAX)));
        }
        out.raw("</span>");
    }
    out.raw("</li>\n");
    out
}
