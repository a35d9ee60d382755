//! HTML that cannot be injected into: markup is what the program's text says (`&'static str`),
//! everything else is escaped on its way in.

/// A piece of HTML.
#[derive(Debug, Clone, Default)]
pub(super) struct Html(String);

impl Html {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Markup of the program's own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A text from anywhere, between tags or inside a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.0);
        self
    }

    /// A text of somebody else's, kept apart from the direction of what surrounds it.
    pub(super) fn bdi(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    /// An address, number, code or name of a program: always left to right.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi dir=\"ltr\">").text(text).raw("</bdi>")
    }

    /// A hidden field of a form.
    pub(super) fn hidden(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw("<input type=\"hidden\" name=\"").raw(name).raw("\" value=\"").text(value).raw("\">")
    }

    /// Whether there is nothing yet.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Another piece.
    pub(super) fn add(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// The whole.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Escapes for text and for quoted attributes; control characters that HTML does not know vanish.
fn escape(text: &str, out: &mut String) {
    out.reserve(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(character),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let mut html = Html::new();
        html.raw("<p title=\"").text("\"><script>alert('&')</script>\u{0}").raw("\">");
        assert_eq!(html.into_string(), "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\">");
    }
}
