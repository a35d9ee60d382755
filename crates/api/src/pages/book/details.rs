//! The form: who comes, where, and what the host needs to know. Every question says what its answer is for, how
//! long it is kept and what follows without it; the newsletter is a question of its own, never ticked beforehand.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use booking::model::{Location, Question, QuestionKind};
use kernel::Timestamp;

use super::super::layout::Page;
use super::super::markup::Html;
use super::asked::Asked;
use super::picker::{framed, length, location};
use super::shop::Stall;
use super::times::{Free, answers};
use super::{TRAP, money};

/// Days for which bookings are kept where the event type says nothing.
const KEPT: u32 = 365;

/// What somebody typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    /// The text fields by name.
    pub(super) values: BTreeMap<String, String>,
    /// Options that were ticked, by question.
    pub(super) ticked: BTreeMap<String, Vec<String>>,
    /// Whether the box of the newsletter was ticked.
    pub(super) marketing: bool,
    /// The fields at fault and the words that say so.
    pub(super) wrong: BTreeMap<String, &'static str>,
}

/// The time that is to be booked.
pub(super) enum Slot {
    /// It is free, or held for the visitor.
    Chosen(Timestamp),
    /// Somebody else was faster; what is left.
    Lost(Timestamp, Vec<Free>),
}

/// The page.
pub(super) fn page(stall: &Stall, asked: &Asked, slot: &Slot, filled: &Filled) -> Page {
    let words = stall.shop.words;
    let mut body = Html::new();
    let mut status = StatusCode::OK;
    if !filled.wrong.is_empty() {
        status = StatusCode::UNPROCESSABLE_ENTITY;
        body.raw("<p class=\"note bad\" role=\"alert\">").text(words.get("form.wrong")).raw("</p>\n");
    }
    match slot {
        Slot::Chosen(start) => {
            body.add(&summary(stall, asked, *start));
        }
        Slot::Lost(_, left) => {
            status = StatusCode::CONFLICT;
            body.raw("<p class=\"note bad\" role=\"alert\">");
            body.text(words.get(if left.is_empty() { "times.taken_none" } else { "times.taken" })).raw("</p>\n");
        }
    }
    let back = asked.but(|asked| {
        asked.start = None;
        asked.hold = None;
    });
    body.raw("<p><a href=\"").text(&stall.path()).text(&back.query()).raw("\">").text(words.get("book.back"));
    body.raw("</a></p>\n<form method=\"post\" novalidate action=\"").text(&stall.path()).raw("/details");
    body.text(&asked.query()).raw("\">");
    match slot {
        Slot::Chosen(start) => {
            body.hidden("start", &start.to_string());
        }
        Slot::Lost(lost, left) if !left.is_empty() => {
            body.raw("<fieldset class=\"choices left\"><legend>").text(words.get("times.left")).raw("</legend>\n");
            body.add(&answers(&stall.clock, left, Some(*lost))).raw("</fieldset>\n");
        }
        Slot::Lost(..) => {}
    }
    body.add(&fields(stall, asked, filled)).raw("<p></p><button>");
    body.text(words.get(button(stall))).raw("</button></form>\n");
    let title = words.line("book.title", &[("event", &stall.texts().title)]);
    framed(stall, asked, &title, body).status(status).mark("page", "details")
}

const fn button(stall: &Stall) -> &'static str {
    let definition = &stall.of.definition;
    if definition.payment.is_some() {
        "book.button_pay"
    } else if definition.approval {
        "book.button_ask"
    } else {
        "book.button"
    }
}

/// When, for both sides, how long and for how much.
fn summary(stall: &Stall, asked: &Asked, start: Timestamp) -> Html {
    let words = stall.shop.words;
    let minutes = stall.duration(asked);
    let mut out = when(stall, (start, start.plus_seconds(60 * i64::from(minutes))));
    out.raw("<ul class=\"facts\"><li>").text(&length(words, minutes)).raw("</li>");
    if let Some(price) = &stall.of.definition.payment {
        out.raw("<li>").add(&words.html("times.price", &[("price", &money::text(price))])).raw("</li>");
    }
    out.raw("</ul>\n");
    if asked.hold.is_some() {
        out.raw("<p class=\"soft\">");
        let minutes = usize::try_from(stall.of.definition.hold_minutes).unwrap_or(0);
        out.text(&words.count("book.held", minutes)).raw("</p>\n");
    }
    out
}

/// A time in the visitor's zone, and in the host's where that is another time.
pub(super) fn when(stall: &Stall, (start, end): (Timestamp, Timestamp)) -> Html {
    let (words, clock, home) = (stall.shop.words, &stall.clock, stall.home_clock());
    let mut out = Html::new();
    out.raw("<p class=\"when\"><strong>").text(&clock.span(start, end)).raw("</strong>");
    if stall.of.definition.hijri
        && let Some(hijri) = clock.hijri(clock.date(start))
    {
        out.raw("<br>").text(&hijri);
    }
    out.raw("<br><span class=\"soft\">").text(&clock.place(start)).raw("</span></p>\n");
    if clock.zone.to_offset(start.to_jiff()) != home.zone.to_offset(start.to_jiff()) {
        let (span, place) = (home.span(start, end), home.place(start));
        out.raw("<p class=\"soft\">")
            .add(&words.html("when.home", &[("span", &span), ("place", &place)]))
            .raw("</p>\n");
    }
    out
}

fn fields(stall: &Stall, asked: &Asked, filled: &Filled) -> Html {
    let words = stall.shop.words;
    let definition = &stall.of.definition;
    let form = Form { stall, filled };
    let mut out = Html::new();
    let value = |key: &str, prefill: &str| filled.values.get(key).map_or_else(|| prefill.to_owned(), Clone::clone);
    out.add(&form.input(&Line {
        key: "name",
        label: words.get("book.name"),
        kind: "text",
        complete: "name",
        required: true,
        left_to_right: false,
        value: &value("name", &asked.name),
        help: &Html::new(),
    }));
    let mut help = Html::new();
    help.text(words.get("book.email_help"));
    out.add(&form.input(&Line {
        key: "email",
        label: words.get("book.email"),
        kind: "email",
        complete: "email",
        required: true,
        left_to_right: true,
        value: &value("email", &asked.email),
        help: &help,
    }));
    out.add(&form.locations());
    for question in &definition.questions {
        out.add(&form.question(question));
    }
    if definition.guests > 0 {
        out.add(&form.guests(definition.guests));
    }
    out.raw("<div class=\"away\" aria-hidden=\"true\"><label for=\"website\">Website</label>");
    out.raw("<input type=\"text\" id=\"website\" name=\"")
        .raw(TRAP)
        .raw("\" tabindex=\"-1\" autocomplete=\"off\"></div>\n");
    out.add(&form.privacy());
    out
}

struct Form<'a> {
    stall: &'a Stall,
    filled: &'a Filled,
}

/// A field of one line.
struct Line<'a> {
    key: &'a str,
    label: &'a str,
    kind: &'static str,
    complete: &'static str,
    required: bool,
    left_to_right: bool,
    value: &'a str,
    help: &'a Html,
}

impl Form<'_> {
    fn label(&self, key: &str, label: &str, required: bool) -> Html {
        let mut out = Html::new();
        out.raw("<label for=\"f-").text(key).raw("\">").bdi(label);
        if !required {
            out.raw(" <span class=\"soft\">").text(self.stall.shop.words.get("form.optional")).raw("</span>");
        }
        out.raw("</label>");
        out
    }

    /// The rest of an input's tag, and what is said about it.
    fn described(&self, key: &str, help: &Html) -> (Html, Html) {
        let (mut tag, mut said) = (Html::new(), Html::new());
        let helped = !help.is_empty();
        let wrong = self.filled.wrong.get(key);
        if helped || wrong.is_some() {
            tag.raw(" aria-describedby=\"");
            if helped {
                tag.raw("p-").text(key).raw(" ");
            }
            if wrong.is_some() {
                tag.raw("w-").text(key).raw("\" aria-invalid=\"true");
            }
            tag.raw("\"");
        }
        if let Some(text) = wrong {
            said.raw("<span class=\"wrong\" id=\"w-").text(key).raw("\">").text(self.stall.shop.words.get(text));
            said.raw("</span>");
        }
        if helped {
            said.raw("<span class=\"soft\" id=\"p-").text(key).raw("\">").add(help).raw("</span>");
        }
        (tag, said)
    }

    fn input(&self, line: &Line<'_>) -> Html {
        let (tag, said) = self.described(line.key, line.help);
        let mut out = Html::new();
        out.raw("<div class=\"field\">").add(&self.label(line.key, line.label, line.required));
        out.raw("<input type=\"").raw(line.kind).raw("\" id=\"f-").text(line.key).raw("\" name=\"").text(line.key);
        out.raw("\" placeholder=\" \" dir=\"").raw(if line.left_to_right { "ltr" } else { "auto" });
        out.raw("\" autocomplete=\"").raw(line.complete).raw("\" value=\"").text(line.value).raw("\"").add(&tag);
        out.raw(if line.required { " required>" } else { ">" }).add(&said).raw("</div>\n");
        out
    }

    fn area(&self, key: &str, label: &str, (required, left_to_right): (bool, bool), help: &Html) -> Html {
        let (tag, said) = self.described(key, help);
        let mut out = Html::new();
        out.raw("<div class=\"field\">").add(&self.label(key, label, required));
        out.raw("<textarea rows=\"3\" id=\"f-")
            .text(key)
            .raw("\" name=\"")
            .text(key)
            .raw("\" placeholder=\" \" dir=\"");
        out.raw(if left_to_right { "ltr\"" } else { "auto\"" }).add(&tag).raw(if required {
            " required>"
        } else {
            ">"
        });
        out.raw("\n").text(self.filled.values.get(key).map_or("", String::as_str)).raw("</textarea>").add(&said);
        out.raw("</div>\n");
        out
    }

    fn locations(&self) -> Html {
        let words = self.stall.shop.words;
        let all = &self.stall.of.definition.locations;
        let mut out = Html::new();
        if all.len() > 1 {
            let chosen = self.filled.values.get("location").map_or("", String::as_str);
            out.raw("<fieldset class=\"choices\"><legend>").text(words.get("book.location")).raw("</legend>\n");
            if let Some(text) = self.filled.wrong.get("location") {
                out.raw("<span class=\"wrong\">").text(words.get(text)).raw("</span>");
            }
            for (place, one) in all.iter().enumerate() {
                let number = place.to_string();
                out.raw("<div class=\"choice\"><input type=\"radio\" name=\"location\" required id=\"l-").text(&number);
                out.raw("\" value=\"").text(&number).raw(if chosen == number { "\" checked>" } else { "\">" });
                out.raw("<label for=\"l-").text(&number).raw("\">").add(&location(words, one)).raw("</label></div>\n");
            }
            out.raw("</fieldset>\n");
        }
        let only = all.len() == 1;
        let mut help = Html::new();
        let calls = all.iter().any(|one| matches!(one, Location::WeCall {}));
        let reminds = !self.stall.of.definition.sms_reminders.is_empty();
        if calls || reminds {
            help.text(words.get(if calls { "book.phone_help" } else { "book.phone_sms_help" }));
            out.add(&self.input(&Line {
                key: "phone",
                label: words.get("book.phone"),
                kind: "tel",
                complete: "tel",
                required: only && calls,
                left_to_right: true,
                value: self.filled.values.get("phone").map_or("", String::as_str),
                help: &help,
            }));
        }
        if all.iter().any(|one| matches!(one, Location::Attendee {})) {
            out.add(&self.input(&Line {
                key: "place",
                label: words.get("book.place"),
                kind: "text",
                complete: "off",
                required: only,
                left_to_right: false,
                value: self.filled.values.get("place").map_or("", String::as_str),
                help: &Html::new(),
            }));
        }
        out
    }

    fn guests(&self, most: u32) -> Html {
        let words = self.stall.shop.words;
        let mut help = Html::new();
        help.text(&words.count("book.guests_help", usize::try_from(most).unwrap_or(0)));
        self.area("guests", words.get("book.guests"), (false, true), &help)
    }

    /// What an answer is for, how long it is kept, and what follows without it.
    fn purpose(&self, question: &Question) -> Html {
        let words = self.stall.shop.words;
        let mut out = words.html(
            "form.purpose",
            &[("purpose", &words.label(self.stall.either(&question.purpose_en, &question.purpose_ar)))],
        );
        out.raw(".");
        if let Some(days) = question.retention_days {
            out.raw(" ").text(&words.count("book.answer_kept", usize::from(days)));
        }
        let refused = self.stall.either(&question.if_refused_en, &question.if_refused_ar);
        if !refused.trim().is_empty() {
            out.raw(" <span dir=\"auto\">").text(refused).raw("</span>");
        }
        out
    }

    fn question(&self, question: &Question) -> Html {
        let key = format!("a-{}", question.key);
        let label = self.stall.either(&question.label_en, &question.label_ar);
        let help = self.purpose(question);
        let value = self.filled.values.get(&key).map_or("", String::as_str);
        let line = |kind, complete, left_to_right| Line {
            key: &key,
            label,
            kind,
            complete,
            required: question.required,
            left_to_right,
            value,
            help: &help,
        };
        match question.kind {
            QuestionKind::Text => self.input(&line("text", "off", false)),
            QuestionKind::Phone => self.input(&line("tel", "tel", true)),
            // A text field: number fields lose what they cannot read, and Arabic digits are numbers too.
            QuestionKind::Number => self.input(&line("text", "off", true)),
            QuestionKind::Paragraph => self.area(&key, label, (question.required, false), &help),
            QuestionKind::Yes => self.yes(&key, label, question.required, &help),
            QuestionKind::Choice => self.options(&key, label, question, (&help, "radio")),
            QuestionKind::Choices => self.options(&key, label, question, (&help, "checkbox")),
        }
    }

    fn yes(&self, key: &str, label: &str, required: bool, help: &Html) -> Html {
        let (tag, said) = self.described(key, help);
        let ticked = self.filled.ticked.contains_key(key);
        let mut out = Html::new();
        out.raw("<div class=\"choice\"><input type=\"checkbox\" value=\"yes\" id=\"f-").text(key).raw("\" name=\"");
        out.text(key).raw(if ticked { "\" checked" } else { "\"" }).add(&tag).raw(if required {
            " required>"
        } else {
            ">"
        });
        out.raw("<div>").add(&self.label(key, label, required)).add(&said).raw("</div></div>\n");
        out
    }

    fn options(&self, key: &str, label: &str, question: &Question, (help, kind): (&Html, &'static str)) -> Html {
        let words = self.stall.shop.words;
        let (tag, said) = self.described(key, help);
        let ticked = self.filled.ticked.get(key);
        let mut out = Html::new();
        out.raw("<fieldset class=\"choices\"").add(&tag).raw("><legend>").bdi(label);
        if !question.required {
            out.raw(" <span class=\"soft\">").text(words.get("form.optional")).raw("</span>");
        }
        out.raw("</legend>\n");
        for (place, option) in question.options.iter().enumerate() {
            let id = format!("{key}-{place}");
            let chosen = ticked.is_some_and(|all| all.contains(option));
            out.raw("<div class=\"choice\"><input type=\"")
                .raw(kind)
                .raw("\" id=\"f-")
                .text(&id)
                .raw("\" name=\"")
                .text(key);
            out.raw("\" value=\"").text(option).raw(if chosen { "\" checked>" } else { "\">" });
            out.raw("<label for=\"f-").text(&id).raw("\">").bdi(option).raw("</label></div>\n");
        }
        out.add(&said).raw("</fieldset>\n");
        out
    }

    /// What happens with what is typed, and the newsletter apart from it.
    fn privacy(&self) -> Html {
        let (stall, words) = (self.stall, self.stall.shop.words);
        let definition = &stall.of.definition;
        let mut out = Html::new();
        out.raw("<section aria-labelledby=\"privacy\">\n<h2 id=\"privacy\">").text(words.get("book.privacy"));
        let days = usize::try_from(definition.retention_days.unwrap_or(KEPT)).unwrap_or(365);
        out.raw("</h2>\n<p class=\"soft\">");
        out.add(&words.html("book.used", &[("organisation", &stall.shop.organisation)])).raw(" ");
        out.text(&words.count("book.kept", days)).raw("</p>\n");
        let own = &stall.texts().privacy;
        if !own.trim().is_empty() {
            out.raw("<p class=\"pre soft\" dir=\"auto\">").text(own).raw("</p>\n");
        }
        if let Some(notice) = &stall.notice {
            let summary = words.html("form.notice", &[("version", &notice.version.to_string())]);
            out.raw("<details><summary>").add(&summary).raw("</summary><div class=\"pre soft\" dir=\"auto\">");
            out.text(&notice.body).raw("</div></details>\n");
        }
        if let Some(offer) = &definition.marketing {
            out.raw("<div class=\"choice\"><input type=\"checkbox\" id=\"marketing\" name=\"marketing\" value=\"yes\"");
            out.raw(if self.filled.marketing { " checked>" } else { ">" });
            out.raw("<div><label for=\"marketing\" dir=\"auto\">");
            out.text(stall.either(&offer.consent_en, &offer.consent_ar)).raw("</label><span class=\"soft\">");
            out.text(words.get("book.voluntary")).raw("</span></div></div>\n");
        }
        out.raw("</section>\n");
        out
    }
}
