//! What authors hand in.

use std::collections::BTreeMap;

use content::design::Design;
use content::{Body, CompiledVariants, FieldCatalog, Source, Variants};
use kernel::Locale;
use store::Ctx;

use crate::v1::prelude::*;

/// The most languages of one message.
const MAX_VARIANTS: usize = 50;

/// A message: `mjml`, `html` or `design`, a subject, perhaps a text part and further languages.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::v1) struct Content {
    /// The subject, with merge tags.
    pub(in crate::v1) subject: String,
    /// The body as MJML.
    #[serde(default)]
    pub(in crate::v1) mjml: Option<String>,
    /// The body as HTML.
    #[serde(default)]
    pub(in crate::v1) html: Option<String>,
    /// The body as a document of the block editor.
    #[serde(default)]
    #[schema(value_type = Option<Design>)]
    pub(in crate::v1) design: Option<Json>,
    /// The text part; made from the body when absent.
    #[serde(default)]
    pub(in crate::v1) text: Option<String>,
    /// The line shown beside the subject.
    #[serde(default)]
    pub(in crate::v1) preheader: Option<String>,
    /// The language of the content; the workspace's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(in crate::v1) language: Option<Locale>,
    /// The same in other languages, by language tag.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Variant>)]
    pub(in crate::v1) variants: BTreeMap<Locale, Variant>,
}

/// A message in another language.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::v1) struct Variant {
    /// The subject, with merge tags; empty by SMS, where there is only `text`.
    #[serde(default)]
    subject: String,
    /// The body as MJML.
    #[serde(default)]
    mjml: Option<String>,
    /// The body as HTML.
    #[serde(default)]
    html: Option<String>,
    /// The body as a document of the block editor.
    #[serde(default)]
    #[schema(value_type = Option<Design>)]
    design: Option<Json>,
    /// The text part.
    #[serde(default)]
    text: Option<String>,
    /// The line shown beside the subject.
    #[serde(default)]
    preheader: Option<String>,
}

impl Variant {
    /// Its words, when it has nothing else: a message by SMS.
    pub(in crate::v1) fn only_text(self) -> Option<String> {
        let bare = self.subject.is_empty() && self.mjml.is_none() && self.html.is_none() && self.design.is_none();
        self.text.filter(|_| bare && self.preheader.is_none())
    }
}

/// The one body out of three fields.
pub(in crate::v1) fn body(
    at: &str,
    mjml: Option<String>,
    html: Option<String>,
    design: Option<Json>,
) -> Result<Body, Problem> {
    match (mjml, html, design) {
        (Some(mjml), None, None) => Ok(Body::Mjml(mjml)),
        (None, Some(html), None) => Ok(Body::Html(html)),
        (None, None, Some(design)) => match Design::read(design) {
            Ok(design) => Ok(Body::Design(Box::new(design))),
            Err(faults) => {
                let mut problem = content::faults_to_problem(&faults);
                for field in &mut problem.fields {
                    field.field.insert_str(0, at);
                }
                Err(problem)
            }
        },
        _ => Err(Problem::field(format!("{at}html"), "give one of mjml, html and design")),
    }
}

impl Content {
    /// The content in all its languages.
    pub(in crate::v1) async fn read(self, ctx: &Ctx) -> Result<Variants> {
        if self.variants.len() > MAX_VARIANTS {
            return Err(Failure(Problem::field("variants", "at most 50 languages")));
        }
        let body = body("", self.mjml, self.html, self.design)?;
        let language = match (self.language, &body) {
            (Some(language), _) => language,
            (None, Body::Design(design)) => design.lang.clone(),
            (None, _) => accounts::workspaces::get(ctx).await?.language,
        };
        let default = Source { body, text: self.text, subject: self.subject, preheader: self.preheader, language };
        Ok(Variants { default, by_language: sources(self.variants)? })
    }
}

/// The sources of further languages.
pub(in crate::v1) fn sources(variants: BTreeMap<Locale, Variant>) -> Result<BTreeMap<Locale, Source>, Problem> {
    let source = |(language, variant): (Locale, Variant)| {
        let body = body(&format!("variants.{language}."), variant.mjml, variant.html, variant.design)?;
        let source = Source {
            body,
            text: variant.text,
            subject: variant.subject,
            preheader: variant.preheader,
            language: language.clone(),
        };
        Ok((language, source))
    };
    variants.into_iter().map(source).collect()
}

/// The personal fields that templates of this workspace may read.
pub(in crate::v1) async fn catalog(ctx: &Ctx) -> Result<FieldCatalog> {
    let fields = people::fields::list(ctx).await?;
    Ok(fields.into_iter().fold(FieldCatalog::standard(), |catalog, (key, field)| catalog.with(key, field.label, &[])))
}

/// Compiles away from the threads that answer requests: a large MJML document takes a while.
pub(in crate::v1) async fn compiled(
    variants: Variants,
    catalog: FieldCatalog,
) -> Result<Result<CompiledVariants, Vec<content::VariantProblem>>> {
    let work = move || CompiledVariants::compile(&variants, &catalog);
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::new(Code::Internal, "the content could not be compiled"))
}
