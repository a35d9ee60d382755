//! `GET /v1/forms/{id}/embed`

use kernel::FormId;
use people::forms::{self, Form, FormField};

use crate::v1::prelude::*;

/// What a site's pages need to show a form.
#[derive(Serialize, ToSchema)]
pub(super) struct FormEmbed {
    /// For pages in English.
    en: FormSnippets,
    /// For pages in Arabic.
    ar: FormSnippets,
    /// The sites that may run the script.
    origins: Vec<String>,
    /// No site may run the script yet: an origin has to be added to the form.
    needs_origins: bool,
    /// What a strict content security policy of the site has to allow.
    content_security_policy: String,
}

/// Ways to show a form, as HTML.
#[derive(Serialize, ToSchema)]
pub(super) struct FormSnippets {
    /// A script that puts the form where it stands.
    inline: String,
    /// A script that brings the form up over the page, by the form's rules.
    popup: String,
    /// A form without any script, which leads to the hosted page.
    html: String,
    /// A link to the hosted page.
    link: String,
    /// The address of the hosted page.
    hosted_url: String,
}

/// What to put on a site's pages.
#[utoipa::path(get, path = "/v1/forms/{id}/embed", params(("id" = String, Path)), security(("key" = ["forms:read"])),
    responses((status = 200, body = FormEmbed)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FormId>,
) -> Result<JsonBody<FormEmbed>> {
    let ctx = caller.require("forms:read")?;
    let form = forms::get(&ctx, id).await?;
    let base = app.toolbox.public_url();
    let place = Place { base, name: format!("{}/{}", ctx.workspace, form.id), form: &form };
    let host = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    Ok(JsonBody(FormEmbed {
        en: place.snippets("en"),
        ar: place.snippets("ar"),
        needs_origins: form.definition.origins.is_empty(),
        content_security_policy: format!("script-src {host}; connect-src {host}"),
        origins: form.definition.origins.clone(),
    }))
}

/// Where a form is found.
struct Place<'a> {
    base: &'a str,
    name: String,
    form: &'a Form,
}

impl Place<'_> {
    fn snippets(&self, language: &str) -> FormSnippets {
        let hosted_url = format!("{}/w/forms/{}?lang={language}", self.base, self.form.id);
        let title = &self.form.definition.texts(language).title;
        let link = format!("<a href=\"{}\" lang=\"{language}\">{}</a>", escape(&hosted_url), escape(title));
        // Whoever runs no script gets the link; a pop-up would not come up for them anyway.
        let inline = format!("{}\n<noscript>{link}</noscript>", self.script(language, "inline"));
        let kind = match self.form.definition.kind {
            forms::Kind::Inline | forms::Kind::Popup => "popup",
            forms::Kind::SlideIn => "slide_in",
            forms::Kind::Bar => "bar",
        };
        let popup = self.script(language, kind);
        FormSnippets { inline, popup, html: self.html(language, &hosted_url), link, hosted_url }
    }

    fn script(&self, language: &str, kind: &str) -> String {
        format!(
            "<script async src=\"{}/w/loader.js\" data-form=\"{}\" data-kind=\"{kind}\" data-lang=\"{language}\"></script>",
            escape(self.base),
            self.name
        )
    }

    /// What is typed here stands on the hosted page, where people read what they agree to and send it.
    fn html(&self, language: &str, hosted_url: &str) -> String {
        let texts = self.form.definition.texts(language);
        let direction = if language == "ar" { "rtl" } else { "ltr" };
        let mut out = format!(
            "<form method=\"post\" action=\"{}\" lang=\"{language}\" dir=\"{direction}\">\n",
            escape(hosted_url)
        );
        for field in &self.form.definition.fields {
            out.push_str(&input(field, language));
        }
        out.extend(["  <button>", &escape(&texts.button), "</button>\n</form>"]);
        out
    }
}

fn input(field: &FormField, language: &str) -> String {
    let label = if language == "ar" { &field.label_ar } else { &field.label_en };
    let (kind, complete) = match field.key.as_str() {
        "email" => ("email", " autocomplete=\"email\""),
        "phone" => ("tel", " autocomplete=\"tel\""),
        "first_name" => ("text", " autocomplete=\"given-name\""),
        "last_name" => ("text", " autocomplete=\"family-name\""),
        _ => ("text", ""),
    };
    let required = if field.required { " required" } else { "" };
    let (label, key) = (escape(label), escape(&field.key));
    format!("  <label>{label} <input type=\"{kind}\" name=\"v-{key}\"{complete}{required}></label>\n")
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
