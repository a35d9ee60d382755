//! Rich text: the JSON of a TipTap editor, restricted to what every mail program shows. Names of nodes
//! and attributes are TipTap's own, so that an editor's document is taken as it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Align, Colour};

/// How deeply lists and quotations may stand in each other.
pub(crate) const MAX_DEPTH: usize = 8;

/// A text: `{"type": "doc", "content": […]}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(tag = "type", rename = "doc")]
#[schema(as = RichText)]
pub struct Doc {
    /// Paragraphs, lists and quotations.
    pub content: Vec<Node>,
}

/// A part of a text that begins on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
#[schema(as = RichNode)]
pub enum Node {
    /// A paragraph.
    Paragraph {
        /// How it stands.
        #[serde(skip_serializing_if = "ParagraphAttrs::is_plain")]
        #[schema(required = false)]
        attrs: ParagraphAttrs,
        /// What it says; an empty line when empty.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[schema(required = false)]
        content: Vec<Inline>,
    },
    /// A list with bullets.
    BulletList {
        /// Its items.
        content: Vec<ListItem>,
    },
    /// A list with numbers.
    OrderedList {
        /// How it counts.
        #[serde(skip_serializing_if = "OrderedAttrs::is_plain")]
        #[schema(required = false)]
        attrs: OrderedAttrs,
        /// Its items.
        content: Vec<ListItem>,
    },
    /// A quotation.
    Blockquote {
        /// Paragraphs and lists.
        #[schema(no_recursion)]
        content: Vec<Node>,
    },
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename = "listItem")]
#[schema(as = RichListItem)]
pub struct ListItem {
    /// Paragraphs and inner lists.
    #[schema(no_recursion)]
    pub content: Vec<Node>,
}

/// How a paragraph stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichParagraphAttrs)]
pub struct ParagraphAttrs {
    /// As the block says when absent or null.
    #[serde(rename = "textAlign", default, skip_serializing_if = "Option::is_none")]
    pub text_align: Option<Align>,
}

impl ParagraphAttrs {
    pub(crate) fn is_plain(&self) -> bool {
        self.text_align.is_none()
    }
}

/// How a numbered list counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichOrderedAttrs)]
pub struct OrderedAttrs {
    /// The first number, 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
}

impl OrderedAttrs {
    pub(crate) fn is_plain(&self) -> bool {
        self.start.is_none_or(|start| start == 1)
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
#[schema(as = RichInline)]
pub enum Inline {
    /// Words; merge tags typed into them are read.
    Text(TextNode),
    /// A line break.
    HardBreak,
    /// A value of the reader.
    Merge(MergeNode),
}

/// Words that look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichTextNode)]
pub struct TextNode {
    /// The words.
    pub text: String,
    /// How they look and where they lead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// A value of the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichMerge)]
pub struct MergeNode {
    /// Which value.
    pub attrs: MergeAttrs,
    /// How it looks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Which value of the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichMergeAttrs)]
pub struct MergeAttrs {
    /// The field, such as `first_name`, or a value of the message such as `organisation`.
    #[schema(max_length = 100)]
    pub field: String,
    /// What people without the value read; personal fields but the address need one before sending.
    #[schema(max_length = 300)]
    pub fallback: String,
}

/// How words look or where they lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RichMark)]
pub enum Mark {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck through.
    Strike,
    /// A link.
    Link {
        /// Where to.
        attrs: LinkAttrs,
    },
    /// A colour.
    TextStyle {
        /// Which.
        attrs: TextStyleAttrs,
    },
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichLinkAttrs)]
pub struct LinkAttrs {
    /// An http, https, mailto or tel URL, or a merge tag.
    #[schema(max_length = 2000)]
    pub href: String,
}

/// The colour of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RichTextStyleAttrs)]
pub struct TextStyleAttrs {
    /// The colour, `#rrggbb`.
    #[schema(value_type = String)]
    pub color: Colour,
}
