//! The preference centre's HTML.

use axum::response::{IntoResponse, Response};
use people::contacts::Standard;
use people::segments::conditions::TopicState;
use privacy::vocabulary::ConsentState;

use super::super::layout::Page;
use super::super::markup::Html;
use super::super::words::{Language, Words};
use super::{Centre, Outcome};

/// The page; `private` when the browser sends Global Privacy Control.
pub(super) fn centre(centre: &Centre, token: &str, outcome: &Outcome, private: bool) -> Response {
    let letter = &centre.letter;
    let words = letter.words;
    let mut body = Html::new();
    for done in &outcome.done {
        body.raw("<p class=\"note good\" role=\"status\">").text(done).raw("</p>\n");
    }
    if outcome.wrong.is_some() {
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("form.wrong")).raw("</p>\n");
    }
    body.raw("<p>").add(&words.html("preferences.intro", &[("organisation", &letter.organisation)])).raw("</p>\n");
    body.add(&topics(centre)).add(&everything(centre)).add(&profile(centre, outcome)).add(&tracking(centre, private));
    body.add(&rights(words, &letter.ctx.workspace.to_string(), token));
    Page::new(words, words.get("preferences.title"), body).of(&letter.organisation).into_response()
}

fn topics(centre: &Centre) -> Html {
    let words = centre.letter.words;
    let mut out = Html::new();
    out.raw("<section aria-labelledby=\"topics\">\n<h2 id=\"topics\">").text(words.get("preferences.topics_title"));
    out.raw("</h2>\n");
    if centre.topics.is_empty() {
        out.raw("<p class=\"soft\">").text(words.get("preferences.no_topics")).raw("</p>\n</section>\n");
        return out;
    }
    out.raw("<form method=\"post\">").hidden("action", "topics");
    for (topic, state) in &centre.topics {
        let id = topic.id.to_string();
        let ticked = matches!(state, Some(TopicState::Subscribed | TopicState::Pending));
        if ticked {
            out.hidden("was", &id);
        }
        out.raw("<div class=\"choice\"><input type=\"checkbox\" name=\"topic\" id=\"").text(&id);
        out.raw("\" value=\"").text(&id).raw(if ticked { "\" checked>" } else { "\">" });
        out.raw("<label for=\"").text(&id).raw("\">").bdi(&topic.name);
        let description = match words.0 {
            Language::Arabic => &topic.description_ar,
            Language::English => &topic.description_en,
        };
        if !description.is_empty() {
            out.raw("<span class=\"soft pre\">").bdi(description).raw("</span>");
        }
        let remark = match state {
            Some(TopicState::Pending) => Some("preferences.pending"),
            Some(TopicState::Subscribed) => None,
            _ if topic.double_opt_in => Some("preferences.will_confirm"),
            _ => None,
        };
        if let Some(remark) = remark {
            out.raw("<span class=\"soft\">").text(words.get(remark)).raw("</span>");
        }
        out.raw("</label></div>\n");
    }
    out.raw("<p></p><button>").text(words.get("preferences.topics_button")).raw("</button></form>\n</section>\n");
    out
}

fn everything(centre: &Centre) -> Html {
    let words = centre.letter.words;
    let mut out = Html::new();
    out.raw("<section aria-labelledby=\"off\">\n<h2 id=\"off\">").text(words.get("unsubscribe.everything_title"));
    out.raw("</h2>\n<p>");
    out.add(&words.html("unsubscribe.everything_text", &[("organisation", &centre.letter.organisation)]));
    out.raw("</p>\n<form method=\"post\">").hidden("action", "everything").raw("<button class=\"second\">");
    out.text(words.get("unsubscribe.everything_button")).raw("</button></form>\n</section>\n");
    out
}

fn profile(centre: &Centre, outcome: &Outcome) -> Html {
    let words = centre.letter.words;
    let profile = &centre.contact.loaded.profile;
    let mut out = Html::new();
    out.raw("<section aria-labelledby=\"you\">\n<h2 id=\"you\">").text(words.get("preferences.profile_title"));
    out.raw("</h2>\n<form method=\"post\">").hidden("action", "profile");
    for (field, name, complete) in
        [(Standard::FirstName, "first_name", "given-name"), (Standard::LastName, "last_name", "family-name")]
    {
        let wrong = outcome.wrong.as_ref().filter(|(wrong, _)| *wrong == name);
        let value = wrong.map_or_else(|| profile.value(field).unwrap_or_default(), |(_, typed)| typed.as_str());
        out.raw("<div class=\"field\"><label for=\"").raw(name).raw("\">").text(&words.label(name));
        out.raw("</label><input type=\"text\" dir=\"auto\" placeholder=\" \" id=\"")
            .raw(name)
            .raw("\" name=\"")
            .raw(name);
        out.raw("\" autocomplete=\"").raw(complete).raw("\" value=\"").text(value).raw("\"");
        if wrong.is_some() {
            out.raw(" aria-invalid=\"true\" aria-describedby=\"wrong\"");
        }
        out.raw(">");
        if wrong.is_some() {
            out.raw("<span class=\"wrong\" id=\"wrong\">").text(words.get("form.too_long")).raw("</span>");
        }
        out.raw("</div>\n");
    }
    out.add(&language(words, profile.value(Standard::Language)));
    out.raw("<button>").text(words.get("preferences.profile_button")).raw("</button></form>\n</section>\n");
    out
}

fn language(words: Words, known: Option<&str>) -> Html {
    let spoken = known.and_then(Language::of);
    let mut out = Html::new();
    out.raw("<div class=\"field\"><label for=\"language\">").text(words.get("preferences.language"));
    out.raw("</label><select id=\"language\" name=\"language\">");
    if spoken.is_none() {
        // Somebody whose language these pages do not speak keeps it unless they choose.
        out.raw("<option value=\"\" selected>").text(known.unwrap_or("—")).raw("</option>");
    }
    for (language, name) in [(Language::Arabic, "العربية"), (Language::English, "English")] {
        out.raw("<option lang=\"").raw(language.tag()).raw("\" value=\"").raw(language.tag());
        out.raw(if spoken == Some(language) { "\" selected>" } else { "\">" }).raw(name).raw("</option>");
    }
    out.raw("</select></div>\n");
    out
}

/// The question about opens and clicks: two buttons, neither chosen beforehand.
fn tracking(centre: &Centre, private: bool) -> Html {
    let words = centre.letter.words;
    let state = match centre.tracking {
        Some(state) if state.is_valid() => "preferences.tracking_is_on",
        Some(ConsentState::Requested) | None => "preferences.tracking_unanswered",
        Some(_) => "preferences.tracking_is_off",
    };
    let mut out = Html::new();
    out.raw("<section aria-labelledby=\"tracking\">\n<h2 id=\"tracking\">");
    out.text(words.get("preferences.tracking_title")).raw("</h2>\n<p>");
    out.add(&words.html("preferences.tracking_text", &[("organisation", &centre.letter.organisation)]));
    out.raw("</p>\n<p class=\"soft\">").text(words.get(state)).raw("</p>\n");
    if private {
        let allowed = centre.tracking.is_some_and(ConsentState::is_valid);
        let remark = if allowed { "preferences.signal_asks" } else { "preferences.signal_heeded" };
        out.raw("<p class=\"note\">").text(words.get(remark)).raw("</p>\n");
    }
    out.raw("<form method=\"post\">").hidden("action", "tracking").raw("<div class=\"row\">");
    out.raw("<button class=\"second\" name=\"tracking\" value=\"yes\">").text(words.get("preferences.tracking_yes"));
    out.raw("</button><button class=\"second\" name=\"tracking\" value=\"no\">");
    out.text(words.get("preferences.tracking_no")).raw("</button></div></form>\n</section>\n");
    out
}

fn rights(words: Words, workspace: &str, token: &str) -> Html {
    let mut out = Html::new();
    out.raw("<section aria-labelledby=\"rights\">\n<h2 id=\"rights\">").text(words.get("preferences.rights_title"));
    out.raw("</h2>\n<p>").text(words.get("preferences.rights_text")).raw("</p>\n<div class=\"row\">");
    out.raw("<a class=\"button second\" href=\"/p/").text(token).raw("/data\">").text(words.get("data.title"));
    out.raw("</a><a class=\"button second\" href=\"/p/").text(token).raw("/forget\">");
    out.text(words.get("forget.title")).raw("</a><a class=\"button second\" href=\"/privacy/").text(workspace);
    out.raw("?letter=").text(token).raw("\">").text(words.get("rights.more")).raw("</a></div>\n</section>\n");
    out
}
