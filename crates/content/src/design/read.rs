//! From JSON to the document, with the JSON pointer of each fault. Members are read strictly: an unknown
//! one is a fault, so that a misspelt one is not lost in silence.

use kernel::Locale;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::text::MAX_DEPTH;
use super::{
    Block, Design, Dir, Doc, Fault, Inline, ListItem, Node, OrderedAttrs, ParagraphAttrs, Row, RowStyle, Stack, Theme,
};

/// The most faults that are told at once.
const MAX_FAULTS: usize = 50;
/// Between a pointer and a detail inside the message of a nested error; no text of serde's contains it.
const SPLIT: char = '\u{1}';

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDesign {
    v: u32,
    dir: Dir,
    lang: Locale,
    #[serde(default)]
    theme: Theme,
    #[serde(default)]
    preheader: String,
    rows: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    id: String,
    layout: Vec<u8>,
    #[serde(default)]
    stack: Stack,
    #[serde(default)]
    style: RowStyle,
    #[serde(default)]
    visible_if: Option<String>,
    #[serde(default)]
    locked: bool,
    cols: Vec<Vec<Value>>,
}

/// Reads a document of the current version.
pub(super) fn document(value: Value) -> Result<Design, Vec<Fault>> {
    let mut reader = Reader { faults: Vec::new() };
    let design = reader.design(value);
    match design {
        Some(design) if reader.faults.is_empty() => Ok(design),
        _ => Err(reader.faults),
    }
}

pub(super) struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    pub(super) fn fault(&mut self, at: String, detail: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { at, detail: detail.into() });
        }
    }

    /// Reads a value whose place is `at`.
    pub(super) fn typed<T: DeserializeOwned>(&mut self, value: Value, at: &str) -> Option<T> {
        match serde_path_to_error::deserialize(value) {
            Ok(read) => Some(read),
            Err(error) => {
                let message = error.inner().to_string();
                let (inner, detail) = match message.split_once(SPLIT) {
                    Some((inner, detail)) => (inner.to_owned(), detail.to_owned()),
                    None => told(&message),
                };
                let mut place = pointer(at, error.path());
                // A missing or unknown member is told at its own place, which serde may or may not have entered.
                if !place.ends_with(&inner) || inner.is_empty() {
                    place.push_str(&inner);
                }
                self.fault(place, detail);
                None
            }
        }
    }

    fn design(&mut self, value: Value) -> Option<Design> {
        let raw: RawDesign = self.typed(value, "")?;
        let mut rows = Vec::with_capacity(raw.rows.len());
        for (index, value) in raw.rows.into_iter().enumerate() {
            rows.extend(self.row(value, &format!("/rows/{index}")));
        }
        Some(Design { v: raw.v, dir: raw.dir, lang: raw.lang, theme: raw.theme, preheader: raw.preheader, rows })
    }

    fn row(&mut self, value: Value, at: &str) -> Option<Row> {
        let raw: RawRow = self.typed(value, at)?;
        let mut cols = Vec::with_capacity(raw.cols.len());
        for (column, values) in raw.cols.into_iter().enumerate() {
            let blocks = values.into_iter().enumerate();
            let read = blocks.filter_map(|(index, value)| self.block(value, &format!("{at}/cols/{column}/{index}")));
            cols.push(read.collect());
        }
        let RawRow { id, layout, stack, style, visible_if, locked, .. } = raw;
        Some(Row { id, layout, stack, style, visible_if, locked, cols })
    }

    fn block(&mut self, mut value: Value, at: &str) -> Option<Block> {
        let Some(members) = value.as_object_mut() else {
            self.fault(at.to_owned(), "expected a block, a JSON object");
            return None;
        };
        let Some(Value::String(kind)) = members.remove("type") else {
            self.fault(format!("{at}/type"), "is required: the type of the block");
            return None;
        };
        Block::read(self, at, &kind, value)
    }

    fn inlines(&mut self, value: Value, at: &str) -> Vec<Inline> {
        let Value::Array(values) = value else {
            self.fault(at.to_owned(), "expected a list of text, hardBreak and merge");
            return Vec::new();
        };
        let values = values.into_iter().enumerate();
        values.filter_map(|(index, value)| self.inline(value, &format!("{at}/{index}"))).collect()
    }

    fn inline(&mut self, mut value: Value, at: &str) -> Option<Inline> {
        match self.kind(&mut value, at)?.as_str() {
            "text" => self.typed(value, at).map(Inline::Text),
            "merge" => self.typed(value, at).map(Inline::Merge),
            "hardBreak" => {
                // TipTap keeps the marks of the text around a break.
                if let Some(members) = value.as_object_mut() {
                    members.remove("marks");
                }
                self.only(&value, at, &[]).then_some(Inline::HardBreak)
            }
            _ => {
                self.fault(format!("{at}/type"), "expected one of text, hardBreak, merge");
                None
            }
        }
    }

    fn doc(&mut self, mut value: Value, at: &str) -> Option<Doc> {
        if self.kind(&mut value, at)? != "doc" {
            self.fault(format!("{at}/type"), "expected doc");
            return None;
        }
        self.only(&value, at, &["content"]);
        let content = self.nodes(value["content"].take(), &format!("{at}/content"), 0);
        Some(Doc { content })
    }

    fn nodes(&mut self, value: Value, at: &str, depth: usize) -> Vec<Node> {
        if depth > MAX_DEPTH {
            self.fault(at.to_owned(), format!("lists and quotations may stand in each other {MAX_DEPTH} deep"));
            return Vec::new();
        }
        let Some(values) = self.list(value, at) else { return Vec::new() };
        let values = values.into_iter().enumerate();
        values.filter_map(|(index, value)| self.node(value, &format!("{at}/{index}"), depth)).collect()
    }

    fn node(&mut self, mut value: Value, at: &str, depth: usize) -> Option<Node> {
        let kind = self.kind(&mut value, at)?;
        let attrs = value.get_mut("attrs").map(Value::take).filter(|attrs| !attrs.is_null());
        let content = value.get_mut("content").map_or(Value::Null, Value::take);
        let (attrs_at, content_at) = (format!("{at}/attrs"), format!("{at}/content"));
        match kind.as_str() {
            "paragraph" => {
                self.only(&value, at, &["attrs", "content"]);
                let attrs = attrs.map_or(Some(ParagraphAttrs::default()), |attrs| self.typed(attrs, &attrs_at))?;
                let content = if content.is_null() { Vec::new() } else { self.inlines(content, &content_at) };
                Some(Node::Paragraph { attrs, content })
            }
            "orderedList" => {
                self.only(&value, at, &["attrs", "content"]);
                // TipTap writes `type: null` for the usual figures.
                let attrs = attrs.map(|mut attrs| {
                    if let Some(members) = attrs.as_object_mut()
                        && members.get("type").is_some_and(Value::is_null)
                    {
                        members.remove("type");
                    }
                    attrs
                });
                let attrs = attrs.map_or(Some(OrderedAttrs::default()), |attrs| self.typed(attrs, &attrs_at))?;
                Some(Node::OrderedList { attrs, content: self.items(content, &content_at, depth) })
            }
            "bulletList" => {
                self.only(&value, at, &["content"]);
                Some(Node::BulletList { content: self.items(content, &content_at, depth) })
            }
            "blockquote" => {
                self.only(&value, at, &["content"]);
                Some(Node::Blockquote { content: self.nodes(content, &content_at, depth + 1) })
            }
            _ => {
                self.fault(
                    format!("{at}/type"),
                    "expected one of paragraph, bulletList, orderedList, blockquote; a heading is a block of its own",
                );
                None
            }
        }
    }

    fn items(&mut self, value: Value, at: &str, depth: usize) -> Vec<ListItem> {
        let Some(values) = self.list(value, at) else { return Vec::new() };
        let mut items = Vec::with_capacity(values.len());
        for (index, mut value) in values.into_iter().enumerate() {
            let at = format!("{at}/{index}");
            if self.kind(&mut value, &at).is_some_and(|kind| kind == "listItem") {
                self.only(&value, &at, &["content"]);
                let content = value.get_mut("content").map_or(Value::Null, Value::take);
                items.push(ListItem { content: self.nodes(content, &format!("{at}/content"), depth + 1) });
            } else {
                self.fault(format!("{at}/type"), "expected listItem");
            }
        }
        items
    }

    fn list(&mut self, value: Value, at: &str) -> Option<Vec<Value>> {
        match value {
            Value::Array(values) => Some(values),
            Value::Null => Some(Vec::new()),
            _ => {
                self.fault(at.to_owned(), "expected a list");
                None
            }
        }
    }

    /// Takes the type out of a node.
    fn kind(&mut self, value: &mut Value, at: &str) -> Option<String> {
        match value.as_object_mut().map(|members| members.remove("type")) {
            Some(Some(Value::String(kind))) => Some(kind),
            Some(_) => {
                self.fault(format!("{at}/type"), "is required: the type of the node");
                None
            }
            None => {
                self.fault(at.to_owned(), "expected a JSON object");
                None
            }
        }
    }

    /// Whether an object has no other members than these.
    fn only(&mut self, value: &Value, at: &str, known: &[&str]) -> bool {
        let unknown = value.as_object().and_then(|members| members.keys().find(|key| !known.contains(&key.as_str())));
        if let Some(key) = unknown {
            self.fault(format!("{at}/{}", escaped(key)), "is not a member of this node");
        }
        unknown.is_none()
    }
}

/// A text inside a block; its faults carry their pointer to the reader of the block.
pub(super) fn doc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Doc, D::Error> {
    nested(deserializer, |reader, value| reader.doc(value, "").unwrap_or_default())
}

/// A line inside a block.
pub(super) fn inline<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Inline>, D::Error> {
    nested(deserializer, |reader, value| reader.inlines(value, ""))
}

fn nested<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(&mut Reader, Value) -> T,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let mut reader = Reader { faults: Vec::new() };
    let read = read(&mut reader, value);
    match reader.faults.into_iter().next() {
        None => Ok(read),
        Some(fault) => Err(D::Error::custom(format!("{}{SPLIT}{}", fault.at, fault.detail))),
    }
}

fn pointer(at: &str, path: &Path) -> String {
    let mut out = at.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                out.push('/');
                out.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                out.push('/');
                out.push_str(&escaped(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    out
}

/// A member's name as a token of a JSON pointer, of bounded length.
pub(super) fn escaped(key: &str) -> String {
    let short: String = key.chars().take(60).collect();
    short.replace('~', "~0").replace('/', "~1")
}

/// What serde says, without the value it met: the member it is about, and the rest.
fn told(message: &str) -> (String, String) {
    let quoted = || format!("/{}", escaped(message.split('`').nth(1).unwrap_or_default()));
    if message.starts_with("missing field ") {
        return (quoted(), "is required".to_owned());
    }
    if message.starts_with("unknown field ") {
        return (quoted(), "is not a member here: remove it or correct its name".to_owned());
    }
    let quotes_value = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    let detail = if quotes_value.iter().any(|start| message.starts_with(start)) {
        match message.rsplit_once(", expected ") {
            Some((_, expected)) if expected.starts_with("struct ") => "expected an object".to_owned(),
            Some((_, expected)) => format!("expected {expected}"),
            None => "is not acceptable".to_owned(),
        }
    } else {
        message.chars().take(200).collect()
    };
    (String::new(), detail)
}
