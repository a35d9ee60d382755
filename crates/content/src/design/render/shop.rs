//! Tables and products.

use std::fmt::Write;

use super::blocks::sides;
use super::{Writer, is_blank};
use crate::design::{Product, ProductItem, Table};
use crate::source::FindingCode;

impl Writer<'_, '_, '_> {
    pub(super) fn table(&mut self, at: &str, table: &Table) {
        let side = self.side(table.align);
        let line = self.tone.line;
        let (mut html, mut text) = (String::new(), String::new());
        for (number, row) in table.rows.iter().enumerate() {
            let head = table.header && number == 0;
            let (tag, weight) = if head { ("th", "700") } else { ("td", "400") };
            let border = if head { 2 } else { 1 };
            html.push_str("<tr>");
            let mut cells = Vec::with_capacity(row.len());
            for (cell, words) in row.iter().enumerate() {
                // Times and sums are not to be broken on a telephone.
                let wrap = if row.len() <= 4 && words.chars().count() <= 12 { ";white-space:nowrap" } else { "" };
                let words = self.words(&format!("{at}/rows/{number}/{cell}"), words);
                // A row of cells with nothing in them is as high as one with words.
                let shown =
                    if is_blank(&words.html) { "&#160;".to_owned() } else { words.html.replace('\n', "<br />") };
                let _ = write!(
                    html,
                    "<{tag} style=\"padding:9px 6px;text-align:{side};font-weight:{weight};vertical-align:top;\
                     border-bottom:{border}px solid {line}{wrap}\">{shown}</{tag}>"
                );
                cells.push(words.text.replace('\n', " "));
            }
            html.push_str("</tr>");
            text.push_str(cells.join(" | ").trim_end());
            text.push('\n');
        }
        self.component(&html, table.padding, 15);
        self.say(&text);
    }

    /// An `mj-table` around rows.
    fn component(&mut self, rows: &str, padding: Option<crate::design::Padding>, size: u16) {
        let leading = self.leading("1.5", "1.75");
        let dir = match self.dir {
            crate::design::Dir::Ltr => "ltr",
            crate::design::Dir::Rtl => "rtl",
        };
        self.open("mj-table", self.tone.text_class(None), padding);
        let _ = write!(
            self.mjml,
            " color=\"{}\" font-size=\"{size}px\" line-height=\"{leading}\" align=\"{}\">",
            self.tone.text,
            self.dir.start()
        );
        // The table itself belongs to the component; a body of its own tells the order of the cells.
        if self.own_dir().is_empty() {
            self.mjml.push_str(rows);
        } else {
            let _ = write!(
                self.mjml,
                "<tr><td><table dir=\"{dir}\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\">{rows}</table></td></tr>"
            );
        }
        self.mjml.push_str("</mj-table>");
    }

    pub(super) fn products(&mut self, at: &str, product: &Product) {
        if product.items.is_empty() {
            self.warn(FindingCode::EmptyBlock, &format!("{at}/items"), "there is no product here yet");
            return;
        }
        let columns = usize::from(product.columns.clamp(1, 3));
        let pictures = product.items.iter().any(|item| item.image.as_deref().is_some_and(|src| !is_blank(src)));
        let mut rows = String::new();
        for (row, items) in product.items.chunks(columns).enumerate() {
            rows.push_str("<tr>");
            for (column, item) in items.iter().enumerate() {
                let at = format!("{at}/items/{}", row * columns + column);
                self.item(&at, item, (columns, pictures, product.label.as_deref()), &mut rows);
            }
            for _ in items.len()..columns {
                rows.push_str("<td></td>");
            }
            rows.push_str("</tr>");
        }
        self.component(&rows, product.padding, 15);
    }

    /// `pictures` tells whether any of the products has one.
    fn item(
        &mut self,
        at: &str,
        item: &ProductItem,
        (columns, pictures, label): (usize, bool, Option<&str>),
        rows: &mut String,
    ) {
        let url = item.url.as_deref().filter(|url| !is_blank(url));
        let url = url.and_then(|url| self.url(&format!("{at}/url"), url));
        let name = self.words(&format!("{at}/name"), &item.name);
        let mut html = format!("<strong style=\"font-size:17px\">{}</strong>", name.html);
        let mut text = name.text;
        if let Some(words) = item.text.as_deref().filter(|words| !is_blank(words)) {
            let words = self.words(&format!("{at}/text"), words);
            let class = self.tone.class(" class=\"bd-n\"");
            let _ = write!(html, "<br /><span{class} style=\"color:{}\">{}</span>", self.tone.muted, words.html);
            let _ = write!(text, "\n{}", words.text);
        }
        self.price(at, item, (&mut html, &mut text));
        if let Some(url) = &url {
            if let Some(label) = label.filter(|label| !is_blank(label)) {
                let label = self.words(&format!("{at}/label"), label);
                html.push_str("<br />");
                self.anchor(url, &label.html, &mut html);
            }
            let _ = write!(text, "\n{}", url.text);
        }
        let picture = item.image.as_deref().filter(|image| !is_blank(image));
        let picture = picture.and_then(|image| self.picture(&format!("{at}/image"), image));
        let picture = picture.map(|src| {
            let alt = item.alt.as_deref().filter(|alt| !is_blank(alt)).unwrap_or(&item.name);
            let alt = self.words(&format!("{at}/alt"), alt).html;
            let (width, max) = if columns == 1 { ("112", "112px") } else { ("100%", "100%") };
            let image = format!(
                "<img src=\"{src}\" alt=\"{alt}\" width=\"{width}\" style=\"display:block;width:100%;max-width:{max};border:0;border-radius:{}px\" />",
                self.design.theme.radius
            );
            match &url {
                Some(url) => format!("<a href=\"{}\">{image}</a>", url.html),
                None => image,
            }
        });
        let side = self.dir.start();
        if columns == 1 {
            let (left, right) = sides(self.dir, 0, 18);
            // Words without a picture begin where the pictures of the others begin.
            let over = if pictures && picture.is_none() { " colspan=\"2\"" } else { "" };
            if let Some(picture) = picture {
                let _ = write!(
                    rows,
                    "<td width=\"112\" style=\"width:112px;padding:10px {right}px 10px {left}px;vertical-align:top\">{picture}</td>"
                );
            }
            let _ = write!(rows, "<td{over} style=\"padding:10px 0;vertical-align:top;text-align:{side}\">{html}</td>");
        } else {
            let width = 100 / columns;
            let picture = picture.map_or_else(String::new, |picture| format!("{picture}<br />"));
            let _ = write!(
                rows,
                "<td width=\"{width}%\" style=\"width:{width}%;padding:10px 8px;vertical-align:top;text-align:{side}\">{picture}{html}</td>"
            );
        }
        self.say(&text);
    }

    fn price(&mut self, at: &str, item: &ProductItem, (html, text): (&mut String, &mut String)) {
        let price = item.price.as_deref().filter(|price| !is_blank(price));
        let old = item.old_price.as_deref().filter(|price| !is_blank(price));
        if price.is_none() && old.is_none() {
            return;
        }
        html.push_str("<br />");
        text.push('\n');
        if let Some(price) = price {
            let price = self.words(&format!("{at}/price"), price);
            let _ = write!(html, "<strong>{}</strong> ", price.html);
            text.push_str(&price.text);
        }
        if let Some(old) = old {
            let old = self.words(&format!("{at}/old_price"), old);
            let class = self.tone.class(" class=\"bd-n\"");
            let _ = write!(html, "<s{class} style=\"color:{}\">{}</s>", self.tone.muted, old.html);
            let _ = write!(text, " ({})", old.text);
        }
    }
}
