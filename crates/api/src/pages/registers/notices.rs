use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use http_server::Result;
use kernel::Locale;
use privacy::notices::{self, Notice, SegmentKind};
use serde::Deserialize;
use store::Ctx;

use super::super::layout::{Page, shown};
use super::super::letter::unknown;
use super::super::markup::Html;
use super::super::visitor::Visitor;
use super::super::words::{Language, Words};
use super::{say, workspace};
use crate::App;

/// Which version, and against which one.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    version: Option<i64>,
    /// An earlier version: shows what changed since.
    since: Option<i64>,
}

/// `GET /privacy/{workspace}/notices`
pub(super) async fn list(State(app): State<App>, visitor: Visitor, Path(name): Path<String>) -> Response {
    let answer = async {
        let (ctx, found) = workspace(&app, &name).await?;
        let words = visitor.words(&[], Some(&found.language));
        let heads = notices::heads(&ctx).await?;
        let mut body = Html::new();
        if heads.is_empty() {
            body.raw("<p>").text(&say(words, "page.notices.none", &[])).raw("</p>\n");
        }
        body.raw("<ul class=\"cards\">\n");
        let mut seen: Vec<&str> = Vec::new();
        for head in &heads {
            if seen.contains(&head.notice.as_str()) {
                continue;
            }
            seen.push(&head.notice);
            body.raw("<li><a href=\"notices/")
                .text(&head.notice)
                .raw("\">")
                .bdi(&head.notice)
                .raw("</a> <span class=\"soft\">");
            body.text(&in_force(words, head)).raw("</span></li>\n");
        }
        body.raw("</ul>\n");
        Ok(Page::new(words, say(words, "page.notices", &[]), body).of(&found.name).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

fn in_force(words: Words, notice: &Notice) -> String {
    let (version, day) = (notice.version.to_string(), words.day(notice.published_at));
    say(words, "page.notice.version", &[("version", &version), ("day", &day)])
}

/// Every version in the language of the page, or in whatever language there is.
async fn versions(ctx: &Ctx, notice: &str, language: Language) -> Result<Vec<Notice>> {
    let wanted = if language == Language::Arabic { Locale::ar() } else { Locale::en() };
    let found = notices::versions(ctx, notice, &wanted).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    let head = notices::heads(ctx).await?.into_iter().find(|head| head.notice == notice).ok_or_else(unknown)?;
    let language: Locale = head.language.parse().map_err(|_| unknown())?;
    Ok(notices::versions(ctx, notice, &language).await?)
}

fn pick(all: &[Notice], version: Option<i64>) -> Result<&Notice> {
    let found = match version {
        Some(version) => all.iter().find(|notice| notice.version == version),
        None => all.last(),
    };
    found.ok_or_else(|| unknown().into())
}

/// `GET /privacy/{workspace}/notices/{notice}`: the version in force, an earlier one with `version`, what
/// changed with `since`. Made to be printed.
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, notice)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Response {
    let answer = async {
        let (ctx, found) = workspace(&app, &name).await?;
        let words = visitor.words(&[], Some(&found.language));
        let all = versions(&ctx, &notice, words.0).await?;
        let (shown, current) = (pick(&all, which.version)?, pick(&all, None)?);
        let mut body = Html::new();
        if shown.version != current.version {
            let version = current.version.to_string();
            body.raw("<p class=\"note bad\" role=\"note\">").text(&say(
                words,
                "page.notice.old",
                &[("version", &version)],
            ));
            body.raw(" <a href=\"?\">").text(&say(words, "page.notice.current", &[])).raw("</a></p>\n");
        }
        body.raw("<p class=\"soft\">").text(&in_force(words, shown)).raw("</p>\n");
        match which.since {
            Some(since) => body.add(&changes(words, pick(&all, Some(since))?, shown)),
            None => body
                .raw("<div class=\"pre\" dir=\"auto\" lang=\"")
                .text(&shown.language)
                .raw("\">")
                .text(&shown.body)
                .raw("</div>\n"),
        };
        body.add(&colophon(words, &notice, shown)).add(&history(words, &all));
        let keep = [("version", which.version), ("since", which.since)];
        let keep = keep.iter().filter_map(|(name, value)| Some(format!("{name}={}&", (*value)?))).collect();
        Ok(Page::new(words, notice.clone(), body).of(&found.name).keep(keep).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}

fn changes(words: Words, before: &Notice, after: &Notice) -> Html {
    let mut out = Html::new();
    let (from, to) = (before.version.to_string(), after.version.to_string());
    let title = say(words, "page.notice.changes", &[("before", &from), ("after", &to)]);
    out.raw("<h2>").text(&title).raw("</h2>\n<div class=\"pre\" dir=\"auto\">");
    for segment in notices::diff(&before.body, &after.body) {
        let (open, key, close) = match segment.kind {
            SegmentKind::Same => {
                out.text(&segment.text);
                continue;
            }
            SegmentKind::Added => ("<ins>", "page.notice.added", "</ins>"),
            SegmentKind::Removed => ("<del>", "page.notice.removed", "</del>"),
        };
        out.raw(open).raw("<span class=\"away\">").text(&say(words, key, &[])).raw(": </span>");
        out.text(&segment.text).raw(close);
    }
    out.raw("</div>\n");
    out
}

fn colophon(words: Words, notice: &str, shown: &Notice) -> Html {
    let mut out = Html::new();
    out.raw("<section><p class=\"soft\">").text(&say(words, "page.notice.keep", &[]));
    out.raw(" <a href=\"").text(notice).raw("/text?version=").text(&shown.version.to_string()).raw("&amp;lang=");
    out.text(words.0.tag())
        .raw("\">")
        .text(&say(words, "page.notice.download", &[]))
        .raw("</a></p>\n<p class=\"soft\">");
    out.text(&say(words, "page.notice.hash", &[])).raw(": ").code(&shown.hash).raw("</p></section>\n");
    out
}

fn history(words: Words, all: &[Notice]) -> Html {
    let mut out = Html::new();
    out.raw("<section><h2>").text(&say(words, "page.notice.versions", &[])).raw("</h2>\n<ul>\n");
    for (index, notice) in all.iter().enumerate().rev() {
        let version = notice.version.to_string();
        out.raw("<li><a href=\"?version=").text(&version).raw("\">").text(&in_force(words, notice)).raw("</a>");
        if notice.material {
            out.raw(" <span class=\"soft\">(").text(&say(words, "page.notice.material", &[])).raw(")</span>");
        }
        if let Some(before) = index.checked_sub(1).and_then(|index| all.get(index)) {
            out.raw(" <a href=\"?version=")
                .text(&version)
                .raw("&amp;since=")
                .text(&before.version.to_string())
                .raw("\">");
            out.text(&say(words, "page.notice.compare", &[])).raw("</a>");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul></section>\n");
    out
}

/// `GET /privacy/{workspace}/notices/{notice}/text`: a version as a file that stays what it is.
pub(super) async fn text(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, notice)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Response {
    let answer = async {
        let (ctx, found) = workspace(&app, &name).await?;
        let words = visitor.words(&[], Some(&found.language));
        let all = versions(&ctx, &notice, words.0).await?;
        let chosen = pick(&all, which.version)?;
        let name = format!("attachment; filename=\"{}-{}-{}.txt\"", chosen.notice, chosen.language, chosen.version);
        let headers = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::ETAG, format!("\"{}\"", chosen.hash)),
        ];
        Ok((headers, chosen.body.clone()).into_response())
    };
    shown(visitor.words(&[], None), answer.await)
}
