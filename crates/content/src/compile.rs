//! The way from a source to a compiled message.

use std::collections::BTreeMap;

use kernel::{Direction, Locale};

use crate::compiled::{Compiled, Followed};
use crate::dates::Format;
use crate::fields::FieldCatalog;
use crate::lower::{Lower, Notice};
use crate::render::condition_reads;
use crate::scan::Scan;
use crate::source::{Body, FindingCode, MAX_BODY, MAX_LINE, Part, Source, TemplateProblem, Variants};
use crate::tags::{Origin, Tag};
use crate::{design, document, mjml, notice, plain};

/// The size above which large mail providers cut a message off, in bytes.
const CLIPPED: usize = 100 * 1024;

/// Compiles one message in one language.
///
/// # Errors
/// Every problem found, each with its place in what the author wrote.
pub fn compile(source: &Source, catalog: &FieldCatalog) -> Result<Compiled, Vec<TemplateProblem>> {
    compile_with(source, catalog, &[])
}

/// [`compile`] for a message of which other parts (the reason for writing) read fields too: these
/// stand in the lawful notice with those that the template reads.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(
    source: &Source,
    catalog: &FieldCatalog,
    also: &[String],
) -> Result<Compiled, Vec<TemplateProblem>> {
    let mut scan = Scan::new(catalog);
    check_sizes(source, &mut scan);
    if !scan.problems.is_empty() {
        return Err(scan.problems);
    }
    let subject = scan.mark(Part::Subject, &source.subject).text;
    if subject.trim().is_empty() {
        scan.problem_as(FindingCode::Empty, Part::Subject, (1, 1), "the subject is empty");
    }
    let direction = match &source.body {
        Body::Design(design) => design.dir.direction(),
        Body::Mjml(_) | Body::Html(_) => source.language.direction(),
    };
    let place = (&source.language, direction);
    let preheader = preheader(&mut scan, source);
    let preheader = document::substitute_preheader(&scan, preheader.trim(), "");
    let mut given_text = source.text.as_deref().map(|text| scan.mark(Part::Text, text).text);
    let html = match &source.body {
        Body::Html(body) => Some(scan.mark(Part::Html, body).text),
        Body::Mjml(body) => {
            let mut marked = scan.mark(Part::Mjml, body);
            mjml::to_html(&mut scan, body, &mut marked, place)
        }
        Body::Design(document) => {
            let mut parts = design::render(&mut scan, document, &source.language);
            given_text = given_text.or(Some(parts.text));
            scan.problems.is_empty().then(|| mjml::to_html(&mut scan, "", &mut parts.mjml, place)).flatten()
        }
    };
    let Some(html) = html.filter(|_| scan.problems.is_empty()) else {
        return Err(in_order(scan.problems));
    };
    let html = document::finish(&mut scan, &html, &preheader, place);
    let text = match given_text {
        Some(text) => document::substitute_preheader(&scan, &text.replace("\r\n", "\n"), &preheader),
        None => plain::from_html(&scan, &html),
    };
    lower((source, direction), scan, (&subject, &preheader, &html, &text), also)
}

/// The preview line, marked: what stands beside a design goes before what stands in it.
fn preheader(scan: &mut Scan<'_>, source: &Source) -> String {
    match (&source.preheader, &source.body) {
        (None, Body::Design(design)) => {
            scan.at = Some("/preheader".into());
            scan.mark(Part::Design, &design.preheader).text
        }
        (given, _) => scan.mark(Part::Preheader, given.as_deref().unwrap_or_default()).text,
    }
}

fn lower(
    (source, direction): (&Source, Direction),
    mut scan: Scan<'_>,
    (subject, preheader, html, text): (&str, &str, &str, &str),
    also: &[String],
) -> Result<Compiled, Vec<TemplateProblem>> {
    let (mut fields, tags) = reads(&scan);
    let follows = follows(&scan);
    for name in also {
        if !fields.contains(name) {
            fields.push(name.clone());
        }
    }
    let language = source.language.clone();
    let processing = notice::processing(&language, scan.catalog, &fields, !(tags.is_empty() && follows.is_empty()));
    let mut lower = Lower::new(&mut scan, Notice { processing, language: language.clone() });
    let subject = lower.header(subject);
    let preheader = lower.line(preheader);
    let html_ops = lower.document(html);
    // A text made from broken HTML would only repeat its problems.
    let broken = !lower.scan.problems.is_empty() && source.text.is_none();
    let text = if broken { Vec::new() } else { lower.plain(text) };
    let Lower { literals, values, conditions, links, elements, .. } = lower;
    if !scan.problems.is_empty() {
        return Err(in_order(scan.problems));
    }
    if html.len() > CLIPPED {
        scan.warning(
            FindingCode::Size,
            Part::Html,
            (1, 1),
            "more than 100 KB of HTML: some mail programs cut the end off",
        );
    }
    Ok(Compiled {
        literals,
        values,
        conditions,
        subject,
        preheader,
        html: html_ops,
        text,
        links,
        fields,
        tags,
        follows,
        elements,
        warnings: scan.warnings,
        unfinished: in_order(scan.unfinished),
        direction,
        arabic: language.language() == "ar",
        language,
        long: Format::long(),
        year: Format::php("Y"),
    })
}

fn check_sizes(source: &Source, scan: &mut Scan<'_>) {
    let (part, body) = match &source.body {
        Body::Mjml(body) => (Part::Mjml, body.as_str()),
        Body::Html(body) => (Part::Html, body.as_str()),
        // Its size was looked at when it was read.
        Body::Design(_) => (Part::Design, "-"),
    };
    let limits = [
        (part, body.len(), MAX_BODY),
        (Part::Text, source.text.as_deref().unwrap_or_default().len(), MAX_BODY),
        (Part::Subject, source.subject.len(), MAX_LINE),
        (Part::Preheader, source.preheader.as_deref().unwrap_or_default().len(), MAX_LINE),
    ];
    for (part, length, limit) in limits {
        if length > limit {
            scan.problem_as(
                FindingCode::TooLarge,
                part,
                (1, 1),
                format!("{length} bytes are too many: at most {limit}"),
            );
        }
    }
    if body.trim().is_empty() {
        scan.problem_as(FindingCode::Empty, part, (1, 1), "the body is empty");
    }
}

/// The personal fields and the tags that all parts together read, in order of first use.
fn reads(scan: &Scan<'_>) -> (Vec<String>, Vec<String>) {
    let (mut fields, mut tags) = (Vec::new(), Vec::new());
    for tag in &scan.tags {
        match &tag.tag {
            Tag::Value(value) => {
                if let Origin::Field(name) = &value.origin
                    && !fields.contains(name)
                {
                    fields.push(name.clone());
                }
            }
            Tag::If(condition) | Tag::ElseIf(condition) => condition_reads(condition, &mut fields, &mut tags),
            _ => {}
        }
    }
    (fields, tags)
}

/// The segments that all parts together ask for, each at its first place.
fn follows(scan: &Scan<'_>) -> Vec<Followed> {
    let mut out: Vec<Followed> = Vec::new();
    for tag in &scan.tags {
        let (Tag::If(condition) | Tag::ElseIf(condition)) = &tag.tag else { continue };
        condition.follows(&mut |segment| {
            if !out.iter().any(|known| known.segment == segment) {
                let at = tag.at.as_deref().filter(|_| tag.part == Part::Design).map(str::to_owned);
                out.push(Followed { segment, part: tag.part, line: tag.line, column: tag.column, at });
            }
        });
    }
    out
}

fn in_order(mut problems: Vec<TemplateProblem>) -> Vec<TemplateProblem> {
    // In a design they were found in order of reading; line and column count inside one text of it.
    problems.sort_by_key(|problem| match problem.at {
        Some(_) => (problem.part.as_str(), 0, 0),
        None => (problem.part.as_str(), problem.line, problem.column),
    });
    problems.dedup();
    problems
}

/// A message compiled in all its languages.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledVariants {
    /// For everybody whose language has no variant of its own.
    pub default: Compiled,
    /// By language.
    pub by_language: BTreeMap<Locale, Compiled>,
}

/// A problem and the language of the variant it is in (`None`: the default).
pub type VariantProblem = (Option<Locale>, TemplateProblem);

impl CompiledVariants {
    /// Compiles every variant.
    ///
    /// # Errors
    /// The problems of all variants.
    pub fn compile(variants: &Variants, catalog: &FieldCatalog) -> Result<Self, Vec<VariantProblem>> {
        Self::compile_with(variants, catalog, &[])
    }

    /// Compiles every variant of a message that reads `also` besides, outside of its template.
    ///
    /// # Errors
    /// The problems of all variants.
    pub fn compile_with(
        variants: &Variants,
        catalog: &FieldCatalog,
        also: &[String],
    ) -> Result<Self, Vec<VariantProblem>> {
        let mut problems: Vec<VariantProblem> = Vec::new();
        let default = compile_with(&variants.default, catalog, also)
            .map_err(|found| problems.extend(found.into_iter().map(|problem| (None, problem))))
            .ok();
        let mut by_language = BTreeMap::new();
        for (language, source) in &variants.by_language {
            match compile_with(source, catalog, also) {
                Ok(compiled) => drop(by_language.insert(language.clone(), compiled)),
                Err(found) => problems.extend(found.into_iter().map(|problem| (Some(language.clone()), problem))),
            }
        }
        match default {
            Some(default) if problems.is_empty() => Ok(Self { default, by_language }),
            _ => Err(problems),
        }
    }

    /// The variant for a person's language: the exact tag, then the language, then the default.
    pub fn pick(&self, language: Option<&Locale>) -> &Compiled {
        let Some(wanted) = language else { return &self.default };
        if let Some(exact) = self.by_language.get(wanted) {
            return exact;
        }
        if self.default.language.language() == wanted.language() {
            return &self.default;
        }
        let same = self.by_language.iter().find(|(known, _)| known.language() == wanted.language());
        same.map_or(&self.default, |(_, compiled)| compiled)
    }

    /// Every variant, the default first.
    pub fn all(&self) -> impl Iterator<Item = &Compiled> {
        std::iter::once(&self.default).chain(self.by_language.values())
    }
}
